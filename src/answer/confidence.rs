//! How sure a search is: features that are comparable between questions, and a calibrated probability from them.
//!
//! A raw BM25 score can't tell an answer from a coincidence, because it grows with the question. These features can, to
//! a degree; their weights and the cut-offs are data (`corpus::Calibration`).

use crate::corpus::{Calibration, Weights};
use crate::search::{Found, Hits};

/// What is known of a search without knowing the answer. Each lies between 0 and 1, `evidence` above 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Features {
    /// Share of the question's weighted terms that the best passage holds.
    pub coverage: f64,
    /// Share of the question's weighted terms that no passage holds.
    pub unknown: f64,
    /// How far the best passage is ahead of the second, as a share of its score.
    pub margin: f64,
    /// Logarithm of one plus the weight of the matched terms. Weights are how rare a word is in English.
    pub evidence: f64,
}

/// A topic found only in other words counts this much of one found by its own word.
const OTHER_WORDS: f64 = 0.8;

impl Features {
    /// Reads the features of a search. `None` if nothing was found.
    pub fn of(hits: &Hits) -> Option<Self> {
        let best = hits.hits.first()?;
        let concepts = &hits.terms.concepts;
        let total: f64 = concepts.iter().map(|concept| concept.rarity).sum();
        let matched: f64 = concepts
            .iter()
            .zip(&best.found)
            .map(|(concept, found)| match found {
                Found::Asked => concept.rarity,
                Found::InOtherWords => concept.rarity * OTHER_WORDS,
                Found::Nowhere => 0.0,
            })
            .sum();
        let unknown: f64 = concepts.iter().filter(|concept| !concept.known).map(|concept| concept.rarity).sum();
        let share = |part: f64| if total > 0.0 { part / total } else { 0.0 };
        let second = hits.hits.get(1).map_or(0.0, |hit| hit.score);
        let margin = if best.score > 0.0 { f64::from((best.score - second) / best.score) } else { 0.0 };
        Some(Self { coverage: share(matched), unknown: share(unknown), margin, evidence: matched.ln_1p() })
    }

    /// The probability, by the calibration, that the best passage answers.
    pub fn confidence(&self, calibration: &Calibration) -> f64 {
        let Weights { coverage, unknown, margin, evidence } = calibration.weights;
        let sum = calibration.intercept
            + coverage * self.coverage
            + unknown * self.unknown
            + margin * self.margin
            + evidence * self.evidence;
        1.0 / (1.0 + (-sum).exp())
    }
}
