//! How sure a search is: features that are comparable between questions, and a calibrated probability from them.
//!
//! A raw BM25 score can't tell an answer from a coincidence, because it grows with the question. These features can, to
//! a degree; their weights and the cut-offs are data (`corpus::Calibration`).

use std::collections::BTreeMap;

use crate::corpus::{Feature, Model, Signal};
use crate::search::{Found, Hits};

/// What is known of a search without knowing the answer, by [`Feature`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Features([f64; Feature::ALL.len()]);

impl Features {
    /// Reads the features of a search. `None` if nothing was found.
    pub fn of(hits: &Hits) -> Option<Self> {
        let best = hits.hits.first()?;
        let concepts = &hits.terms.concepts;
        let held = |found: &Found| match found {
            Found::Asked | Found::InOtherWords => 1.0,
            Found::Nowhere => 0.0,
        };
        let total: f64 = concepts.iter().map(|concept| concept.rarity).sum();
        let matched: f64 = concepts.iter().zip(&best.found).map(|(concept, found)| concept.rarity * held(found)).sum();
        let share = |part: f64| if total > 0.0 { part / total } else { 0.0 };
        let strongest = |signal| hits.hits.iter().map(|hit| hit.strongest(signal)).fold(0.0, f64::max);
        let value = |feature| match feature {
            Feature::Unknown => hits.terms.unknown_share,
            Feature::Evidence => matched.ln_1p(),
            Feature::Share => share(matched),
            Feature::Length => f64::from(u32::try_from(concepts.len()).unwrap_or(u32::MAX)).ln_1p(),
            Feature::Taught => strongest(Signal::Taught),
            Feature::Rank => best.score,
            Feature::Meaning => best.strongest(Signal::SentenceMeaning).max(best.strongest(Signal::PlainWordsMeaning)),
            Feature::TaughtMeaning => strongest(Signal::TaughtMeaning),
        };
        Some(Self(Feature::ALL.map(|feature| if hits.mode.weighs(feature) { value(feature) } else { 0.0 })))
    }

    /// One of them.
    pub const fn get(&self, feature: Feature) -> f64 {
        self.0[feature as usize]
    }

    /// The probability, by the calibration, that the corpus answers the question.
    pub fn confidence(&self, model: &Model) -> f64 {
        self.probability(model.intercept, &model.confidence)
    }

    /// The same by a constant and weights that are no model yet.
    pub fn probability(&self, intercept: f64, weights: &BTreeMap<Feature, f64>) -> f64 {
        let sum = intercept + weights.iter().map(|(feature, weight)| weight * self.get(*feature)).sum::<f64>();
        1.0 / (1.0 + (-sum).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_raises_confidence_and_unknown_words_lower_it() {
        let model = Model {
            answer_from: 0.7,
            related_from: 0.4,
            excerpt_from: 0.2,
            intercept: -0.5,
            ranking: BTreeMap::new(),
            confidence: BTreeMap::from([(Feature::Unknown, -4.0), (Feature::Evidence, 3.0)]),
        };
        let confidence = |unknown, evidence| {
            let mut features = [0.0; Feature::ALL.len()];
            features[Feature::Unknown as usize] = unknown;
            features[Feature::Evidence as usize] = evidence;
            Features(features).confidence(&model)
        };
        assert!(confidence(0.0, 1.0) > confidence(0.5, 1.0));
        assert!(confidence(0.5, 1.0) > confidence(0.5, 0.5));
        assert!((0.0..=1.0).contains(&confidence(1.0, 0.0)));
    }
}
