//! Confidence: features that are comparable between questions, and a calibrated probability from them.
//!
//! A raw BM25 score can't tell an answer from a coincidence, because it grows with the question. These features can, to
//! a degree; their weights and thresholds are data (`ranking::Calibration`).

use std::collections::BTreeMap;

use crate::math;
use crate::ranking::{Feature, RankingModel, Signal};
use crate::search::{Hits, TermMatch};

/// What is known of a search without knowing the answer, by [`Feature`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Features([f64; Feature::ALL.len()]);

impl Features {
    /// Reads the features of a search. `None` if nothing was found.
    pub fn of(hits: &Hits) -> Option<Self> {
        let best = hits.hits.first()?;
        let terms = &hits.query.terms;
        let held = |term_match: &TermMatch| match term_match {
            TermMatch::Exact | TermMatch::Synonym => 1.0,
            TermMatch::None => 0.0,
        };
        let total: f64 = terms.iter().map(|term| term.rarity).sum();
        let matched: f64 =
            terms.iter().zip(&best.matches).map(|(term, term_match)| term.rarity * held(term_match)).sum();
        let share = |part: f64| if total > 0.0 { part / total } else { 0.0 };
        let strongest = |signal| hits.hits.iter().map(|hit| hit.max_signal(signal)).fold(0.0, f64::max);
        let value = |feature| match feature {
            Feature::Unknown => hits.query.unknown_share,
            Feature::Evidence => matched.ln_1p(),
            Feature::Share => share(matched),
            Feature::Length => math::count(terms.len()).ln_1p(),
            Feature::Taught => strongest(Signal::Taught),
            Feature::Rank => best.score,
            Feature::Embedding => {
                best.max_signal(Signal::SentenceEmbedding).max(best.max_signal(Signal::PlainWordsEmbedding))
            }
            Feature::TaughtEmbedding => strongest(Signal::TaughtEmbedding),
        };
        Some(Self(Feature::ALL.map(|feature| if hits.mode.uses_feature(feature) { value(feature) } else { 0.0 })))
    }

    /// One of them.
    pub const fn get(&self, feature: Feature) -> f64 {
        self.0[feature as usize]
    }

    /// The probability, by the calibration, that the corpus answers the question.
    pub fn confidence(&self, model: &RankingModel) -> f64 {
        self.probability(model.intercept, &model.confidence)
    }

    /// The same by a constant and weights that are no model yet.
    pub fn probability(&self, intercept: f64, weights: &BTreeMap<Feature, f64>) -> f64 {
        let sum = intercept + weights.iter().map(|(feature, weight)| weight * self.get(*feature)).sum::<f64>();
        math::sigmoid(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_raises_confidence_and_unknown_words_lower_it() {
        let model = RankingModel {
            answer_threshold: 0.7,
            related_threshold: 0.4,
            excerpt_threshold: 0.2,
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
