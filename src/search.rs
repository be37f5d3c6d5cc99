//! A question and a snapshot to hits with their reasons.
//!
//! Purpose: find and rank passages. Whether the best of them answers anything is decided in `answer`. Lexical search
//! and (where a model is installed) semantic search find candidates; every sentence of a candidate gets signals, whose
//! weighted sum ranks it. The weights are data ([`crate::ranking::Calibration`]).

mod evidence;
mod hits;
mod lexical;
mod rank;
mod semantic;
mod terms;

use std::collections::BTreeMap;
use std::sync::Once;

use tantivy::Searcher;

pub use hits::{Hit, Hits, SearchError, SentenceHit, TermMatch};
pub use rank::rank;
pub use terms::{QUERY_TERMS_MAX, QueryTerm, QueryTerms};

use crate::index::Snapshot;
use crate::math;
use crate::question::Question;
use crate::ranking::{Boosts, Mode, Signal};
use evidence::{Evidence, TermMatcher};
use lexical::CANDIDATES_MAX;
use semantic::QuestionEmbedding;

/// A model that fails, fails often: once is enough for the log.
static WARNED: Once = Once::new();

/// Searches a snapshot by all that it has: by words, and by embedding if its model is at hand.
///
/// # Errors
///
/// When the index can't be read. A model that fails is left out.
pub fn search(snapshot: &Snapshot, question: &Question) -> Result<Hits, SearchError> {
    if snapshot.semantic.is_some() {
        match search_by(snapshot, question, Mode::Both) {
            Err(SearchError::Model(error)) => {
                WARNED.call_once(|| tracing::warn!(%error, "the model fails; questions are searched by words alone"));
            }
            result => return result,
        }
    }
    search_by(snapshot, question, Mode::Lexical)
}

/// Searches a snapshot in one mode. Without vectors there is nothing to find by embedding.
///
/// # Errors
///
/// When the index can't be read or the model fails.
pub fn search_by(snapshot: &Snapshot, question: &Question, mode: Mode) -> Result<Hits, SearchError> {
    search_with(snapshot, question, mode, &snapshot.calibration().boosts)
}

/// The same with other boosts than the snapshot's: for fitting them.
///
/// # Errors
///
/// As [`search_by`].
pub fn search_with(snapshot: &Snapshot, question: &Question, mode: Mode, boosts: &Boosts) -> Result<Hits, SearchError> {
    let searcher = snapshot.searcher();
    let query = QueryTerms::new(snapshot, &searcher, question, boosts)?;
    let semantic = snapshot.semantic.as_ref().filter(|_| mode != Mode::Lexical);
    let embedding = semantic.map(|semantic| QuestionEmbedding::new(semantic, &query)).transpose()?;
    let mut hits =
        Candidates::find(snapshot, &searcher, (&query, boosts), embedding.as_ref(), mode)?.hits(&searcher, mode)?;
    rank(&mut hits, &snapshot.calibration().model(mode).ranking);
    Ok(Hits { query, mode, hits })
}

/// Passages worth a close look.
struct Candidates<'a> {
    snapshot: &'a Snapshot,
    embedding: Option<&'a QuestionEmbedding<'a>>,
    matcher: TermMatcher,
    /// By passage: its BM25 score; 0 for those that were found otherwise.
    passages: BTreeMap<usize, f64>,
    /// Likeness of taught questions, by the sentence that answers them.
    taught: BTreeMap<(usize, usize), Similarities>,
}

/// Likeness of the taught questions of one sentence, most similarities first.
#[derive(Default)]
struct Similarities {
    words: Vec<f64>,
    embedding: Vec<f64>,
}

/// How many of the nearest taught questions speak for their passage.
const NEARBY: usize = 3;

impl<'a> Candidates<'a> {
    fn find(
        snapshot: &'a Snapshot,
        searcher: &Searcher,
        (query, boosts): (&QueryTerms, &Boosts),
        embedding: Option<&'a QuestionEmbedding<'a>>,
        mode: Mode,
    ) -> Result<Self, SearchError> {
        let mut passages = BTreeMap::new();
        let mut taught: BTreeMap<(usize, usize), Similarities> = BTreeMap::new();
        let place = |number: usize| snapshot.corpus.taught.get(number).map(|taught| (taught.passage, taught.sentence));
        if mode != Mode::Semantic {
            for (passage, score) in lexical::passages(snapshot, searcher, query, boosts)? {
                passages.insert(passage, score);
            }
            for (number, likeness) in lexical::taught(snapshot, query, boosts)? {
                if let Some(place) = place(number) {
                    taught.entry(place).or_default().words.push(likeness);
                    passages.entry(place.0).or_insert(0.0);
                }
            }
        }
        if let Some(embedding) = embedding {
            for passage in embedding.nearest(snapshot.corpus.passage_count(), CANDIDATES_MAX) {
                passages.entry(passage).or_insert(0.0);
            }
            for (number, cosine) in embedding.taught.iter().enumerate() {
                if let Some(place) = place(number) {
                    taught.entry(place).or_default().embedding.push(f64::from(*cosine));
                }
            }
            for place in embedding.nearest_taught(CANDIDATES_MAX).into_iter().filter_map(place) {
                passages.entry(place.0).or_insert(0.0);
            }
        }
        for similarities in taught.values_mut() {
            similarities.words.sort_by(|a, b| b.total_cmp(a));
            similarities.embedding.sort_by(|a, b| b.total_cmp(a));
        }
        let matcher = TermMatcher::new(query, boosts.synonym);
        Ok(Self { snapshot, embedding, matcher, passages, taught })
    }

    fn hits(self, searcher: &Searcher, mode: Mode) -> Result<Vec<Hit>, SearchError> {
        let mut hits = Vec::with_capacity(self.passages.len());
        for (number, bm25) in &self.passages {
            let Some(passage) = self.snapshot.corpus.passage(*number) else { continue };
            let Some(address) = self.snapshot.address(*number) else { continue };
            let sentences = passage.passage.sentences.len();
            let evidence = self.matcher.read(searcher, address, sentences)?;
            hits.push(self.hit(*number, *bm25, evidence, mode));
        }
        Ok(hits)
    }

    fn hit(&self, passage: usize, bm25: f64, evidence: Evidence, mode: Mode) -> Hit {
        let parts = self.embedding.map(|embedding| embedding.parts(passage)).unwrap_or_default();
        let parts: Vec<f64> = parts.into_iter().map(f64::from).collect();
        let (meant, plain) = parts.split_at_checked(evidence.sentences.len()).unwrap_or_default();
        let whole = self.embedding.map_or(0.0, |embedding| f64::from(embedding.passage(passage)));
        let (nearby, nearby_embedding) = self.nearby(passage);
        let sentences = evidence.sentences.iter().enumerate().map(|(at, share)| {
            let similarities = self.taught.get(&(passage, at));
            let best = |of: fn(&Similarities) -> &Vec<f64>| {
                similarities.and_then(|similarities| of(similarities).first()).copied().unwrap_or(0.0)
            };
            let value = |signal| match signal {
                Signal::Bm25 => bm25,
                Signal::Headings => evidence.headings,
                Signal::PlainWords => evidence.plain_words,
                Signal::Sentence => *share,
                Signal::Taught => best(|similarities| &similarities.words),
                Signal::TaughtNearby => nearby,
                Signal::PassageEmbedding => whole,
                Signal::SentenceEmbedding => meant.get(at).copied().unwrap_or(0.0),
                Signal::PlainWordsEmbedding => plain.iter().copied().fold(0.0, f64::max),
                Signal::TaughtEmbedding => best(|similarities| &similarities.embedding),
                Signal::TaughtEmbeddingNearby => nearby_embedding,
            };
            let signals = Signal::ALL.map(|signal| if mode.uses_signal(signal) { value(signal) } else { 0.0 });
            SentenceHit { signals, score: 0.0 }
        });
        Hit { passage, score: 0.0, sentences: sentences.collect(), matches: evidence.matches }
    }

    /// Mean likeness of a passage's nearest taught questions, in words and in embedding.
    fn nearby(&self, passage: usize) -> (f64, f64) {
        let of_passage = || self.taught.range((passage, 0)..(passage + 1, 0)).map(|(_, similarities)| similarities);
        let mean = |mut all: Vec<f64>| {
            all.sort_by(|a, b| b.total_cmp(a));
            let nearest = &all[..all.len().min(NEARBY)];
            nearest.iter().sum::<f64>() / math::count(nearest.len().max(1))
        };
        (
            mean(of_passage().flat_map(|similarities| similarities.words.iter().take(NEARBY).copied()).collect()),
            mean(of_passage().flat_map(|similarities| similarities.embedding.iter().take(NEARBY).copied()).collect()),
        )
    }
}
