//! The generation that one request reads from start to end.

use tantivy::{IndexReader, Searcher};

use super::analysis::Thesaurus;
use super::manifest::Manifest;
use super::schema::Fields;
use super::spelling::Speller;
use crate::corpus::{Corpus, Direction, Entry, NoteKind};

/// An open generation: its corpus, its index and its manifest. Immutable.
pub struct Snapshot {
    /// What the generation says of itself.
    pub manifest: Manifest,
    /// The corpus, as the files in the generation say it.
    pub corpus: Corpus,
    /// Lexicon and stop words in terms.
    pub thesaurus: Thesaurus,
    /// Words of corpus and lexicon, to repair slips towards.
    pub speller: Speller,
    /// Handles of the index's fields.
    pub fields: Fields,
    reader: IndexReader,
}

impl Snapshot {
    pub(super) fn new(manifest: Manifest, corpus: Corpus, reader: IndexReader, fields: Fields) -> Self {
        let thesaurus = Thesaurus::new(&corpus.lexicon);
        let speller = Speller::new(known_texts(&corpus));
        Self { manifest, corpus, thesaurus, speller, fields, reader }
    }

    /// A searcher for one request.
    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }
}

fn known_texts(corpus: &Corpus) -> impl Iterator<Item = &str> {
    let articles =
        corpus.articles.iter().flat_map(|article| article.sections.iter().flat_map(|section| &section.trail));
    let passages = corpus.passages().flat_map(|passage| {
        let plain_words = passage.notes(NoteKind::PlainWords).map(|note| note.text.as_str());
        std::iter::once(passage.text()).chain(plain_words)
    });
    let for_search = |entry: &&Entry| !matches!(entry.direction, Direction::Block | Direction::Triage);
    let lexicon = corpus.lexicon.iter().filter(for_search).filter(|entry| entry.kind != "misspelling");
    articles
        .map(String::as_str)
        .chain(passages)
        .chain(lexicon.flat_map(|entry| [entry.canonical.as_str(), entry.variant.as_str()]))
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("id", &self.manifest.id).finish_non_exhaustive()
    }
}
