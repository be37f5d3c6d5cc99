//! How sure a search is: features that are comparable between questions, and a calibrated probability from them.
//!
//! A raw BM25 score can't tell an answer from a coincidence, because it grows with the question. These features can, to
//! a degree; their weights and the cut-offs are data (`corpus::Calibration`).

use crate::corpus::Calibration;
use crate::search::{Found, Hits};

/// What is known of a search without knowing the answer. Words weigh by how rare they are in English.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Features {
    /// Share of the question's weight that no passage holds, from 0 to 1.
    pub unknown: f64,
    /// Logarithm of one plus the weight that the best passage holds.
    pub evidence: f64,
}

/// A topic found only in other words counts this much of one found by its own word.
const OTHER_WORDS: f64 = 0.8;

impl Features {
    /// Reads the features of a search. `None` if nothing was found.
    pub fn of(hits: &Hits) -> Option<Self> {
        let best = hits.hits.first()?;
        let concepts = &hits.terms.concepts;
        let held = |found: &Found| match found {
            Found::Asked => 1.0,
            Found::InOtherWords => OTHER_WORDS,
            Found::Nowhere => 0.0,
        };
        let total: f64 = concepts.iter().map(|concept| concept.rarity).sum();
        let matched: f64 = concepts.iter().zip(&best.found).map(|(concept, found)| concept.rarity * held(found)).sum();
        let unknown: f64 = concepts.iter().filter(|concept| !concept.known).map(|concept| concept.rarity).sum();
        let unknown = if total > 0.0 { unknown / total } else { 0.0 };
        Some(Self { unknown, evidence: matched.ln_1p() })
    }

    /// The probability, by the calibration, that the corpus answers the question.
    pub fn confidence(&self, calibration: &Calibration) -> f64 {
        let weights = &calibration.weights;
        let sum = calibration.intercept + weights.unknown * self.unknown + weights.evidence * self.evidence;
        1.0 / (1.0 + (-sum).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Weights;

    #[test]
    fn evidence_raises_confidence_and_unknown_words_lower_it() {
        let weights = Weights { unknown: -4.0, evidence: 3.0 };
        let calibration =
            Calibration { answer_from: 0.7, related_from: 0.4, intercept: -0.5, weights, fitted: String::new() };
        let confidence = |unknown, evidence| Features { unknown, evidence }.confidence(&calibration);
        assert!(confidence(0.0, 1.0) > confidence(0.5, 1.0));
        assert!(confidence(0.5, 1.0) > confidence(0.5, 0.5));
        assert!((0.0..=1.0).contains(&confidence(1.0, 0.0)));
    }
}
