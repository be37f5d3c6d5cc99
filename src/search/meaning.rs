//! Semantic search: cosines of a question and the parts of the corpus.

use super::terms::QueryTerms;
use crate::index::{Row, Semantic, row};
use crate::semantic::ModelError;

/// At most this many words are embedded: about as many as the model reads.
const WORDS_MAX: usize = 80;

/// A question as the model reads it.
pub(super) struct Meaning<'a> {
    semantic: &'a Semantic,
    asked: Row,
    /// Cosine with each taught question.
    pub taught: Vec<f32>,
}

impl<'a> Meaning<'a> {
    /// Embeds the sentences of a question that ask, slips repaired. Of a very long one the end counts: there people ask.
    pub(super) fn of(semantic: &'a Semantic, terms: &QueryTerms) -> Result<Self, ModelError> {
        let from = terms.asking.len().saturating_sub(WORDS_MAX);
        let asking = terms.asking.get(from..).unwrap_or_default().join(" ");
        let vector = semantic.embedder.embed(&[&asking])?.into_iter().next().unwrap_or_default();
        let asked = row(&vector);
        let taught = semantic.vectors.taught(&asked);
        Ok(Self { semantic, asked, taught })
    }

    /// The passages nearest in meaning, best first.
    pub(super) fn nearest(&self, passages: usize, limit: usize) -> Vec<usize> {
        let mut near: Vec<(f32, usize)> = (0..passages).map(|passage| (self.passage(passage), passage)).collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        near.into_iter().take(limit).map(|(_, passage)| passage).collect()
    }

    /// The taught questions nearest in meaning.
    pub(super) fn nearest_taught(&self, limit: usize) -> Vec<usize> {
        let mut near: Vec<usize> = (0..self.taught.len()).collect();
        near.sort_by(|a, b| self.taught[*b].total_cmp(&self.taught[*a]).then(a.cmp(b)));
        near.truncate(limit);
        near
    }

    /// Cosine with a passage.
    pub(super) fn passage(&self, passage: usize) -> f32 {
        self.semantic.vectors.passage(&self.asked, passage)
    }

    /// Cosines with a passage's parts: its sentences, then its plain words.
    pub(super) fn parts(&self, passage: usize) -> Vec<f32> {
        self.semantic.vectors.parts(&self.asked, passage)
    }
}
