//! The ranker: a weighted sum of each sentence's signals, turned into probabilities.
//!
//! No weight is below zero, so that more of a signal never ranks a sentence lower
//! (`more_of_a_signal_never_ranks_lower`).

use std::collections::BTreeMap;

use super::hits::Hit;
use crate::math::softmax;
use crate::ranking::{Signal, Signals};

/// Scores the sentences of all hits against each other, and puts the passages in order, best first.
pub fn rank(hits: &mut [Hit], ranking: &BTreeMap<Signal, f64>) {
    let score =
        |signals: &Signals| -> f64 { ranking.iter().map(|(signal, weight)| weight * signals[*signal as usize]).sum() };
    let scores: Vec<f64> =
        hits.iter().flat_map(|hit| &hit.sentences).map(|sentence| score(&sentence.signals)).collect();
    let mut probabilities = softmax(&scores).into_iter();
    for hit in hits.iter_mut() {
        for (sentence, probability) in hit.sentences.iter_mut().zip(probabilities.by_ref()) {
            sentence.score = probability;
        }
        hit.score = hit.sentences.iter().map(|sentence| sentence.score).sum();
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.passage.cmp(&b.passage)));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::hits::SentenceHit;

    fn hits(signals: &[Signals]) -> Vec<Hit> {
        let sentence = |signals: &Signals| vec![SentenceHit { signals: *signals, score: 0.0 }];
        let hit = |(passage, signals)| Hit { passage, score: 0.0, matches: Vec::new(), sentences: sentence(signals) };
        signals.iter().enumerate().map(hit).collect()
    }

    fn score_of(hits: &[Hit], passage: usize) -> f64 {
        hits.iter().find(|hit| hit.passage == passage).map_or(0.0, |hit| hit.score)
    }

    proptest! {
        #[test]
        fn more_of_a_signal_never_ranks_lower(
            signals in proptest::collection::vec(proptest::array::uniform11(0.0..1.0_f64), 2..6),
            weights in proptest::array::uniform11(0.0..20.0_f64),
            raised in 0..Signal::ALL.len(),
            by in 0.0..1.0_f64,
        ) {
            let ranking: BTreeMap<Signal, f64> = Signal::ALL.into_iter().zip(weights).collect();
            let mut before = hits(&signals);
            rank(&mut before, &ranking);
            let mut more = signals.clone();
            more[0][raised] += by;
            let mut after = hits(&more);
            rank(&mut after, &ranking);
            prop_assert!(score_of(&after, 0) >= score_of(&before, 0) - 1e-12);
            let place = |hits: &[Hit]| hits.iter().position(|hit| hit.passage == 0);
            prop_assert!(place(&after) <= place(&before));
            let total: f64 = after.iter().map(|hit| hit.score).sum();
            prop_assert!((total - 1.0).abs() < 1e-9, "probabilities of all sentences make 1: {}", total);
        }
    }
}
