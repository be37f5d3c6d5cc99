//! Semantic search: cosines of a question and the parts of the corpus.

use super::terms::QueryTerms;
use crate::embedding::ModelError;
use crate::index::{Semantic, quantize};

/// At most this many words are embedded: about as many as the model reads.
const WORDS_MAX: usize = 80;

/// A question as the model reads it.
pub(super) struct QuestionEmbedding<'a> {
    semantic: &'a Semantic,
    vector: Vec<i8>,
    /// Cosine with each taught question.
    pub taught: Vec<f32>,
}

impl<'a> QuestionEmbedding<'a> {
    /// Embeds the sentences of a message that are questions, typos corrected. Of a very long one the end counts: there
    /// people ask.
    pub(super) fn new(semantic: &'a Semantic, query: &QueryTerms) -> Result<Self, ModelError> {
        let from = query.question_words.len().saturating_sub(WORDS_MAX);
        let text = query.question_words.get(from..).unwrap_or_default().join(" ");
        let vector = semantic.embedder.embed(&[&text])?.into_iter().next().unwrap_or_default();
        let vector = quantize(&vector);
        let taught = semantic.vectors.taught(&vector);
        Ok(Self { semantic, vector, taught })
    }

    /// The passages nearest by embedding, best first.
    pub(super) fn nearest(&self, passages: usize, limit: usize) -> Vec<usize> {
        let mut near: Vec<(f32, usize)> = (0..passages).map(|passage| (self.passage(passage), passage)).collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        near.into_iter().take(limit).map(|(_, passage)| passage).collect()
    }

    /// The taught questions nearest by embedding.
    pub(super) fn nearest_taught(&self, limit: usize) -> Vec<usize> {
        let mut near: Vec<usize> = (0..self.taught.len()).collect();
        near.sort_by(|a, b| self.taught[*b].total_cmp(&self.taught[*a]).then(a.cmp(b)));
        near.truncate(limit);
        near
    }

    /// Cosine with a passage.
    pub(super) fn passage(&self, passage: usize) -> f32 {
        self.semantic.vectors.passage(&self.vector, passage)
    }

    /// Cosines with a passage's parts: its sentences, then its plain words.
    pub(super) fn parts(&self, passage: usize) -> Vec<f32> {
        self.semantic.vectors.parts(&self.vector, passage)
    }
}
