//! A question and a snapshot to hits with their reasons.
//!
//! Purpose: find and rank passages. Whether the best of them answers anything is decided in `answer`. Two searches, by words
//! and (where a model is installed) by meaning, find candidates; every sentence of a candidate gets signals, whose weighted
//! sum ranks it. The weights are data ([`crate::corpus::Calibration`]).

mod evidence;
mod fuse;
mod lexical;
mod meaning;
mod terms;

use std::collections::BTreeMap;
use std::sync::Once;

use tantivy::Searcher;
use thiserror::Error;

pub use fuse::rank;
pub use terms::{CONCEPTS_MAX, Concept, QueryTerms};

use crate::corpus::{Mode, Signal, Signals};
use crate::index::Snapshot;
use crate::question::Question;
use crate::semantic::ModelError;
use evidence::{Evidence, Scale};
use lexical::CANDIDATES_MAX;
use meaning::Meaning;

/// Why a search came to nothing.
#[derive(Debug, Error)]
pub enum SearchError {
    /// The index can't be read.
    #[error(transparent)]
    Index(#[from] tantivy::TantivyError),
    /// The embedding model failed.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// What a search found.
#[derive(Clone)]
pub struct Hits {
    /// What was searched for.
    pub terms: QueryTerms,
    /// Which searches spoke.
    pub mode: Mode,
    /// Passages, best first.
    pub hits: Vec<Hit>,
}

/// A passage with its score and the reasons.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Number of the passage in the snapshot's corpus.
    pub passage: usize,
    /// Probability that it is the one asked for, if any of the hits is; that of its sentences together.
    pub score: f64,
    /// For each topic of the question, in order, how the passage holds it.
    pub found: Vec<Found>,
    /// Its sentences, in order.
    pub sentences: Vec<SentenceHit>,
}

/// A sentence of a passage that was found.
#[derive(Debug, Clone)]
pub struct SentenceHit {
    /// What speaks for it.
    pub signals: Signals,
    /// Probability that it is the one asked for, if any is.
    pub score: f64,
}

impl Hit {
    /// The strongest that a signal is in any of its sentences.
    pub fn strongest(&self, signal: Signal) -> f64 {
        self.sentences.iter().map(|sentence| sentence.signals[signal as usize]).fold(0.0, f64::max)
    }
}

/// How a passage holds a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// Not at all.
    Nowhere,
    /// In other words, by the lexicon.
    InOtherWords,
    /// By the asked word.
    Asked,
}

/// A model that fails, fails often: once is enough for the log.
static WARNED: Once = Once::new();

/// Searches a snapshot by all that it has: by words, and by meaning if its model is at hand.
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

/// Searches a snapshot in one mode. Without vectors there is nothing to find by meaning.
///
/// # Errors
///
/// When the index can't be read or the model fails.
pub fn search_by(snapshot: &Snapshot, question: &Question, mode: Mode) -> Result<Hits, SearchError> {
    let searcher = snapshot.searcher();
    let terms = QueryTerms::new(snapshot, &searcher, question)?;
    let semantic = snapshot.semantic.as_ref().filter(|_| mode != Mode::Lexical);
    let meaning = semantic.map(|semantic| Meaning::of(semantic, &terms)).transpose()?;
    let mut hits = Candidates::find(snapshot, &searcher, &terms, meaning.as_ref(), mode)?.hits(&searcher, mode)?;
    rank(&mut hits, &snapshot.manifest.calibration.model(mode).ranking);
    Ok(Hits { terms, mode, hits })
}

/// Passages worth a close look.
struct Candidates<'a> {
    snapshot: &'a Snapshot,
    meaning: Option<&'a Meaning<'a>>,
    scale: Scale,
    /// By passage: its BM25 score; 0 for those that were found otherwise.
    passages: BTreeMap<usize, f64>,
    /// Likeness of taught questions, by the sentence that answers them.
    taught: BTreeMap<(usize, usize), Alike>,
}

/// Likeness of the taught questions of one sentence, most alike first.
#[derive(Default)]
struct Alike {
    words: Vec<f64>,
    meaning: Vec<f64>,
}

/// How many of the nearest taught questions speak for their passage.
const NEARBY: usize = 3;

impl<'a> Candidates<'a> {
    fn find(
        snapshot: &'a Snapshot,
        searcher: &Searcher,
        terms: &QueryTerms,
        meaning: Option<&'a Meaning<'a>>,
        mode: Mode,
    ) -> Result<Self, SearchError> {
        let mut passages = BTreeMap::new();
        let mut taught: BTreeMap<(usize, usize), Alike> = BTreeMap::new();
        let place = |number: usize| snapshot.corpus.taught.get(number).map(|taught| (taught.passage, taught.sentence));
        if mode != Mode::Semantic {
            for (passage, score) in lexical::passages(snapshot, searcher, terms)? {
                passages.insert(passage, score);
            }
            for (number, likeness) in lexical::taught(snapshot, terms)? {
                if let Some(place) = place(number) {
                    taught.entry(place).or_default().words.push(likeness);
                    passages.entry(place.0).or_insert(0.0);
                }
            }
        }
        if let Some(meaning) = meaning {
            for passage in meaning.nearest(snapshot.corpus.passage_count(), CANDIDATES_MAX) {
                passages.entry(passage).or_insert(0.0);
            }
            for (number, cosine) in meaning.taught.iter().enumerate() {
                if let Some(place) = place(number) {
                    taught.entry(place).or_default().meaning.push(f64::from(*cosine));
                }
            }
            for place in meaning.nearest_taught(CANDIDATES_MAX).into_iter().filter_map(place) {
                passages.entry(place.0).or_insert(0.0);
            }
        }
        for alike in taught.values_mut() {
            alike.words.sort_by(|a, b| b.total_cmp(a));
            alike.meaning.sort_by(|a, b| b.total_cmp(a));
        }
        let scale = Scale::new(terms, snapshot.manifest.calibration.boosts.added);
        Ok(Self { snapshot, meaning, scale, passages, taught })
    }

    fn hits(self, searcher: &Searcher, mode: Mode) -> Result<Vec<Hit>, SearchError> {
        let mut hits = Vec::with_capacity(self.passages.len());
        for (number, bm25) in &self.passages {
            let Some(passage) = self.snapshot.corpus.passage(*number) else { continue };
            let Some(address) = self.snapshot.address(*number) else { continue };
            let sentences = passage.passage.sentences.len();
            let evidence = self.scale.read(searcher, address, sentences)?;
            hits.push(self.hit(*number, *bm25, evidence, mode));
        }
        Ok(hits)
    }

    fn hit(&self, passage: usize, bm25: f64, evidence: Evidence, mode: Mode) -> Hit {
        let parts = self.meaning.map(|meaning| meaning.parts(passage)).unwrap_or_default();
        let parts: Vec<f64> = parts.into_iter().map(f64::from).collect();
        let (meant, plain) = parts.split_at_checked(evidence.sentences.len()).unwrap_or_default();
        let whole = self.meaning.map_or(0.0, |meaning| f64::from(meaning.passage(passage)));
        let (nearby, nearby_meaning) = self.nearby(passage);
        let sentences = evidence.sentences.iter().enumerate().map(|(at, share)| {
            let alike = self.taught.get(&(passage, at));
            let best = |of: fn(&Alike) -> &Vec<f64>| alike.and_then(|alike| of(alike).first()).copied().unwrap_or(0.0);
            let value = |signal| match signal {
                Signal::Bm25 => bm25,
                Signal::Headings => evidence.headings,
                Signal::PlainWords => evidence.plain_words,
                Signal::Sentence => *share,
                Signal::Taught => best(|alike| &alike.words),
                Signal::TaughtNearby => nearby,
                Signal::PassageMeaning => whole,
                Signal::SentenceMeaning => meant.get(at).copied().unwrap_or(0.0),
                Signal::PlainWordsMeaning => plain.iter().copied().fold(0.0, f64::max),
                Signal::TaughtMeaning => best(|alike| &alike.meaning),
                Signal::TaughtMeaningNearby => nearby_meaning,
            };
            let signals = Signal::ALL.map(|signal| if mode.hears(signal) { value(signal) } else { 0.0 });
            SentenceHit { signals, score: 0.0 }
        });
        Hit { passage, score: 0.0, sentences: sentences.collect(), found: evidence.found }
    }

    /// Mean likeness of a passage's nearest taught questions, in words and in meaning.
    fn nearby(&self, passage: usize) -> (f64, f64) {
        let of_passage = || self.taught.range((passage, 0)..(passage + 1, 0)).map(|(_, alike)| alike);
        let mean = |mut all: Vec<f64>| {
            all.sort_by(|a, b| b.total_cmp(a));
            let nearest = &all[..all.len().min(NEARBY)];
            let count = u32::try_from(nearest.len().max(1)).unwrap_or(u32::MAX);
            nearest.iter().sum::<f64>() / f64::from(count)
        };
        (
            mean(of_passage().flat_map(|alike| alike.words.iter().take(NEARBY).copied()).collect()),
            mean(of_passage().flat_map(|alike| alike.meaning.iter().take(NEARBY).copied()).collect()),
        )
    }
}
