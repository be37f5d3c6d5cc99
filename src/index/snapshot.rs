//! The generation that one request reads from start to end.

use std::sync::Arc;

use tantivy::{DocAddress, IndexReader, Searcher, Term};

use super::analysis::{self, SynonymMap};
use super::manifest::Manifest;
use super::schema::{Fields, TaughtFields, TextField};
use super::spelling::SpellChecker;
use super::vectors::Vectors;
use crate::content::Content;
use crate::corpus::{Corpus, Direction, Entry, NoteKind};
use crate::embedding::Embedder;
use crate::ranking::Calibration;
use crate::triage::Detector;

/// An open generation: its corpus, its index and its manifest. Immutable.
pub struct Snapshot {
    /// What the generation says of itself.
    pub manifest: Manifest,
    /// The corpus, as the files in the generation say it.
    pub corpus: Corpus,
    /// Rules, cards and classifiers, as the files in the generation say them.
    pub detector: Detector,
    /// Lexicon and stop words in terms.
    pub synonyms: SynonymMap,
    /// Words of corpus and lexicon, to correct typos to.
    pub spell_checker: SpellChecker,
    /// Handles of the index's fields.
    pub fields: Fields,
    /// Taught questions, if there are any.
    pub taught: Option<TaughtIndex>,
    /// Vectors, and the model that made them, if it is at hand.
    pub semantic: Option<Semantic>,
    /// Where the index has each passage. One segment holds them, but not always in the order of their numbers.
    addresses: Vec<DocAddress>,
    reader: IndexReader,
}

/// The index of taught questions.
pub struct TaughtIndex {
    /// Handles of its fields.
    pub fields: TaughtFields,
    pub(super) reader: IndexReader,
}

impl TaughtIndex {
    /// A searcher for one request.
    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }
}

/// What semantic search needs.
pub struct Semantic {
    /// Embeds a question.
    pub embedder: Arc<Embedder>,
    /// What it is compared with.
    pub vectors: Vectors,
}

impl Snapshot {
    pub(super) fn new(
        manifest: Manifest,
        content: Content,
        fields: Fields,
        reader: IndexReader,
        taught: Option<TaughtIndex>,
        semantic: Option<Semantic>,
    ) -> tantivy::Result<Self> {
        let Content { corpus, detector, .. } = content;
        let synonyms = SynonymMap::new(&corpus.lexicon);
        let spell_checker = SpellChecker::new(known_texts(&corpus));
        let addresses = addresses(&reader.searcher(), corpus.passage_count())?;
        Ok(Self { manifest, corpus, detector, synonyms, spell_checker, fields, taught, semantic, addresses, reader })
    }

    /// How its signals become a ranking and a confidence.
    pub const fn calibration(&self) -> &Calibration {
        &self.manifest.calibration
    }

    /// The embedding model, if it is at hand.
    pub fn embedder(&self) -> Option<&Embedder> {
        self.semantic.as_ref().map(|semantic| semantic.embedder.as_ref())
    }

    /// Where the index has a passage.
    pub fn address(&self, passage: usize) -> Option<DocAddress> {
        self.addresses.get(passage).copied()
    }

    /// A searcher for one request.
    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// Whether every word of a text stands in some passage.
    pub fn uses(&self, text: &str) -> bool {
        let searcher = self.searcher();
        let stands = |term: &String| {
            let in_field = |field| Term::from_field_text(self.fields.text(field), term);
            TextField::ALL.into_iter().any(|field| searcher.doc_freq(&in_field(field)).unwrap_or(0) > 0)
        };
        analysis::terms(text).iter().all(stands)
    }
}

fn addresses(searcher: &Searcher, passages: usize) -> tantivy::Result<Vec<DocAddress>> {
    let mut addresses = vec![DocAddress::new(0, 0); passages];
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let numbers = reader.fast_fields().u64("passage")?;
        for document in 0..reader.max_doc() {
            let number = numbers.first(document).and_then(|number| usize::try_from(number).ok());
            if let Some(address) = number.and_then(|number| addresses.get_mut(number)) {
                *address = DocAddress::new(segment, document);
            }
        }
    }
    Ok(addresses)
}

fn known_texts(corpus: &Corpus) -> impl Iterator<Item = &str> {
    let articles =
        corpus.articles.iter().flat_map(|article| article.sections.iter().flat_map(|section| &section.heading_path));
    let passages = corpus.passages().flat_map(|passage| {
        let plain_words = passage.notes(NoteKind::PlainWords).map(|note| note.text.as_str());
        std::iter::once(passage.text()).chain(plain_words)
    });
    let for_search = |entry: &&Entry| !matches!(entry.direction, Direction::Block | Direction::Triage);
    let lexicon = corpus.lexicon.iter().filter(for_search).filter(|entry| entry.kind != analysis::MISSPELLING);
    articles
        .map(String::as_str)
        .chain(passages)
        .chain(corpus.taught.iter().map(|taught| taught.question.as_str()))
        .chain(lexicon.flat_map(|entry| [entry.canonical.as_str(), entry.variant.as_str()]))
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("id", &self.manifest.id).finish_non_exhaustive()
    }
}
