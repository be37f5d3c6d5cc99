//! Cut-offs and the length of excerpts, from questions that were judged by weights which had not seen them.

use super::samples::Sample;
use crate::answer::excerpt;
use crate::eval::{holds, words};
use crate::index::Snapshot;

/// Where the decisions lie, and what they cost.
pub(super) struct CutOffs {
    pub answer_from: f64,
    pub related_from: f64,
    /// Share of unanswerable questions that are answered; related counts half.
    pub false_answers: f64,
    /// Share of answerable questions for which nothing is shown.
    pub false_abstains: f64,
    /// Share of answerable questions that get no plain answer.
    pub only_related: f64,
}

/// The lowest cut-offs that let at most `most` of the unanswerable questions through, half of that as answers and, because each
/// counts half, as much again as related.
pub(super) fn cut_offs(sure: &[(f64, bool)], most: f64) -> CutOffs {
    let of = |answerable: bool| sure.iter().filter(move |(_, label)| *label == answerable).map(|(sure, _)| *sure);
    let mut wrong: Vec<f64> = of(false).collect();
    wrong.sort_by(|a, b| b.total_cmp(a));
    let count = wrong.len() as f64;
    // The confidence of the first question that must not get through.
    let above = |share: f64| {
        let at = wrong.iter().enumerate().find(|(at, _)| (*at as f64) >= (share * count).floor());
        at.map_or(0.0, |(_, sure)| (sure + 0.001).min(1.0))
    };
    let answer_from = above(most / 2.0);
    let related_from = above(most * 1.5).min(answer_from);
    let share = |answerable: bool, low: f64, high: f64| {
        let all = of(answerable).count().max(1) as f64;
        of(answerable).filter(|sure| (low..high).contains(sure)).count() as f64 / all
    };
    CutOffs {
        answer_from,
        related_from,
        false_answers: share(false, answer_from, f64::INFINITY) + share(false, related_from, answer_from) / 2.0,
        false_abstains: share(true, f64::NEG_INFINITY, related_from),
        only_related: share(true, related_from, answer_from),
    }
}

/// Probability that an answerable question is surer than an unanswerable one.
pub(super) fn area(sure: &[(f64, bool)]) -> f64 {
    let of = |answerable: bool| sure.iter().filter(move |(_, label)| *label == answerable).map(|(sure, _)| *sure);
    let (mut wins, mut pairs) = (0.0, 0.0);
    for right in of(true) {
        for wrong in of(false) {
            pairs += 1.0;
            wins += if right > wrong { 1.0 } else if right < wrong { 0.0 } else { 0.5 };
        }
    }
    if pairs > 0.0 { wins / pairs } else { 0.0 }
}

/// What a length of excerpts comes to.
pub(super) struct ExcerptTrial {
    pub from: f64,
    /// Share of answerable questions whose first quote holds an answering sentence.
    pub success: f64,
    /// The same for the first three.
    pub success_3: f64,
    /// Share of the first quote's words that belongs to answering sentences.
    pub gold_share: f64,
}

const TRIED: [f64; 9] = [0.0, 0.02, 0.05, 0.1, 0.15, 0.25, 0.4, 0.6, 1.0];

/// Tries lengths of excerpts.
pub(super) fn excerpts(snapshot: &Snapshot, samples: &[&Sample]) -> Vec<ExcerptTrial> {
    TRIED.iter().map(|from| trial(snapshot, samples, *from)).collect()
}

fn trial(snapshot: &Snapshot, samples: &[&Sample], from: f64) -> ExcerptTrial {
    let (mut right, mut right_3, mut share, mut count) = (0.0, 0.0, 0.0, 0.0);
    for sample in samples.iter().filter(|sample| sample.answerable) {
        count += 1.0;
        let quotes = sample.hits.hits.iter().take(3).filter_map(|hit| {
            let passage = snapshot.corpus.passage(hit.passage)?;
            Some(words(passage.article.slice(&excerpt(&passage, hit, from).range)))
        });
        let quotes: Vec<Vec<String>> = quotes.collect();
        let is_right = |quote: &Vec<String>| sample.gold_words.iter().any(|gold| holds(quote, gold));
        right += f64::from(u8::from(quotes.first().is_some_and(is_right)));
        right_3 += f64::from(u8::from(quotes.iter().any(is_right)));
        if let Some(first) = quotes.first().filter(|quote| !quote.is_empty()) {
            let held: usize = sample.gold_words.iter().filter(|gold| holds(first, gold)).map(Vec::len).sum();
            share += (held as f64 / first.len() as f64).min(1.0);
        }
    }
    let mean = |sum: f64| if count > 0.0 { sum / count } else { 0.0 };
    ExcerptTrial { from, success: mean(right), success_3: mean(right_3), gold_share: mean(share) }
}

/// A long quote holds the answer and hides it; a short one may miss it. The harmonic mean of both wants neither.
pub(super) fn best_excerpt(trials: &[ExcerptTrial]) -> f64 {
    let worth = |trial: &ExcerptTrial| {
        let sum = trial.success + trial.gold_share;
        if sum > 0.0 { 2.0 * trial.success * trial.gold_share / sum } else { 0.0 }
    };
    trials.iter().max_by(|a, b| worth(a).total_cmp(&worth(b))).map_or(0.0, |trial| trial.from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_offs_let_no_more_unanswerable_questions_through_than_asked() {
        let wrong = (0..100).map(|at| (f64::from(at) / 100.0, false));
        let right = (0..100).map(|at| (f64::from(at) / 200.0 + 0.5, true));
        let sure: Vec<(f64, bool)> = wrong.chain(right).collect();
        let cuts = cut_offs(&sure, 0.04);
        assert!(cuts.false_answers <= 0.04 && cuts.false_answers > 0.02, "{}", cuts.false_answers);
        assert!(cuts.related_from < cuts.answer_from);
        assert!((area(&sure) - 0.75).abs() < 0.01, "{}", area(&sure));
    }
}
