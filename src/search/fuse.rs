//! Signals to a ranking: a weighted sum of each sentence's signals, turned into probabilities.
//!
//! No weight is below zero, so that more of a signal never ranks a sentence lower (`more_of_a_signal_never_ranks_lower`).

use std::collections::BTreeMap;

use super::Hit;
use crate::corpus::{Signal, Signals};

/// Scores the sentences of all hits against each other, and puts the passages in order, best first.
pub fn rank(hits: &mut [Hit], ranking: &BTreeMap<Signal, f64>) {
    let score = |signals: &Signals| -> f64 { ranking.iter().map(|(signal, weight)| weight * signals[*signal as usize]).sum() };
    let sums: Vec<Vec<f64>> =
        hits.iter().map(|hit| hit.sentences.iter().map(|it| score(&it.signals)).collect()).collect();
    let most = sums.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
    // Differences count, not heights; without the shift a large sum would overflow.
    let weight = |sum: &f64| (sum - most).exp();
    let total: f64 = sums.iter().flatten().map(weight).sum::<f64>().max(f64::MIN_POSITIVE);
    for (hit, sums) in hits.iter_mut().zip(&sums) {
        for (sentence, sum) in hit.sentences.iter_mut().zip(sums) {
            sentence.score = weight(sum) / total;
        }
        hit.score = hit.sentences.iter().map(|sentence| sentence.score).sum();
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.passage.cmp(&b.passage)));
}
