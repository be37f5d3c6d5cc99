//! Hits: the passages that a search found, with their scores and reasons.

use thiserror::Error;

use super::terms::QueryTerms;
use crate::embedding::ModelError;
use crate::ranking::{Mode, Signal, Signals};

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
    pub query: QueryTerms,
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
    /// For each query term, in order, how the passage matches it.
    pub matches: Vec<TermMatch>,
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
    /// The highest value that a signal has in any of its sentences.
    pub fn max_signal(&self, signal: Signal) -> f64 {
        self.sentences.iter().map(|sentence| sentence.signals[signal as usize]).fold(0.0, f64::max)
    }
}

/// How a passage matches a query term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TermMatch {
    /// Not at all.
    None,
    /// By a synonym of the lexicon.
    Synonym,
    /// By the asked word.
    Exact,
}
