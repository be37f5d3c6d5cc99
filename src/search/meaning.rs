//! Semantic search: cosines of a question and the parts of the corpus.

use crate::index::{Row, Semantic, row};
use crate::question::Question;
use crate::semantic::ModelError;

/// A question as the model reads it.
pub(super) struct Meaning<'a> {
    semantic: &'a Semantic,
    asked: Row,
    /// Cosine with each taught question.
    pub taught: Vec<f32>,
}

impl<'a> Meaning<'a> {
    /// Embeds the sentences of a question that ask.
    pub(super) fn of(semantic: &'a Semantic, question: &Question) -> Result<Self, ModelError> {
        let asking: Vec<&str> =
            question.sentences().into_iter().filter(|(_, asks)| *asks).map(|(sentence, _)| sentence).collect();
        let vector = semantic.embedder.embed(&[&asking.join(" ")])?.into_iter().next().unwrap_or_default();
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

    /// Cosine with a passage.
    pub(super) fn passage(&self, passage: usize) -> f32 {
        self.semantic.vectors.passage(&self.asked, passage)
    }

    /// Cosines with a passage's parts: its sentences, then its plain words.
    pub(super) fn parts(&self, passage: usize) -> Vec<f32> {
        self.semantic.vectors.parts(&self.asked, passage)
    }
}
