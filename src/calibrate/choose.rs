//! Thresholds and the length of excerpts, from out-of-fold confidences: by weights that had not seen the question.

use std::fmt;

use super::samples::{Label, Sample};
use crate::answer::{excerpt, whole};
use crate::eval::holds;
use crate::index::Snapshot;
use crate::language::words::words;
use crate::math;

/// A question's out-of-fold confidence, and what should come of it.
pub(super) type Judged = (f64, Label);

/// Where the decisions lie, and what they cost.
pub(super) struct Thresholds {
    pub answer_threshold: f64,
    pub related_threshold: f64,
    /// Share of off-topic questions that are answered; related counts half.
    pub off_topic: f64,
    /// The same of questions on the topic that the corpus leaves out.
    pub unanswered: f64,
    /// Share of answerable questions for which nothing is shown.
    pub abstained: f64,
    /// Share of answerable questions that get no plain answer.
    pub only_related: f64,
}

impl fmt::Display for Thresholds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "answer from {:.3}, related from {:.3}: off-topic answered {:.3} (related counts half), on the topic but not in the corpus {:.3}; answerable but abstained {:.3}, only related {:.3}",
            self.answer_threshold,
            self.related_threshold,
            self.off_topic,
            self.unanswered,
            self.abstained,
            self.only_related
        )
    }
}

/// Chooses both thresholds. At most the share `most` of the off-topic questions gets through (related counts half).
///
/// The answer threshold lies where the fewest on-topic questions are treated wrongly: answerable ones hedged, or others
/// plainly answered. It is never so low that more than half of `most` is answered. The related threshold is the lowest
/// that then is left.
pub(super) fn thresholds(judged: &[Judged], most: f64) -> Thresholds {
    let of = |label: Label| judged.iter().filter(move |(_, it)| *it == label).map(|(judged, _)| *judged);
    let share = |label: Label, low: f64, high: f64| {
        let all = math::count(of(label).count().max(1));
        math::count(of(label).filter(|judged| (low..high).contains(judged)).count()) / all
    };
    let above = |label: Label, from: f64| share(label, from, f64::INFINITY);
    let mut levels: Vec<f64> = judged.iter().map(|(judged, _)| *judged).chain([0.0, 1.0]).collect();
    levels.sort_by(f64::total_cmp);
    let allowed = levels.iter().copied().filter(|from| above(Label::OffTopic, *from) <= most / 2.0);
    let wrong = |from: f64| {
        of(Label::Answerable).filter(|judged| *judged < from).count()
            + of(Label::Unanswered).filter(|judged| *judged >= from).count()
    };
    let answer_threshold =
        allowed.reduce(|best, from| if wrong(from) < wrong(best) { from } else { best }).unwrap_or(1.0);
    let half = |label: Label, from: f64| above(label, answer_threshold) + share(label, from, answer_threshold) / 2.0;
    let related_threshold = levels
        .iter()
        .copied()
        .find(|from| half(Label::OffTopic, *from) <= most)
        .unwrap_or(answer_threshold)
        .min(answer_threshold);
    Thresholds {
        answer_threshold,
        related_threshold,
        off_topic: half(Label::OffTopic, related_threshold),
        unanswered: half(Label::Unanswered, related_threshold),
        abstained: share(Label::Answerable, f64::NEG_INFINITY, related_threshold),
        only_related: share(Label::Answerable, related_threshold, answer_threshold),
    }
}

/// Probability that an answerable question is surer than an off-topic one.
pub(super) fn area(judged: &[Judged]) -> f64 {
    let of = |label: Label| judged.iter().filter(move |(_, it)| *it == label).map(|(judged, _)| *judged);
    let (mut wins, mut pairs) = (0.0, 0.0);
    for right in of(Label::Answerable) {
        for wrong in of(Label::OffTopic) {
            pairs += 1.0;
            wins += if right > wrong {
                1.0
            } else if right < wrong {
                0.0
            } else {
                0.5
            };
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
    /// Share of the first quote's words that belongs to gold sentences.
    pub gold_share: f64,
}

impl fmt::Display for ExcerptTrial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, success, success_3, gold_share } = self;
        write!(f, "excerpt from {from:.2}: rank success@1 {success:.3}, @3 {success_3:.3}, gold share {gold_share:.3}")
    }
}

const TRIED: [f64; 9] = [0.0, 0.02, 0.05, 0.1, 0.15, 0.25, 0.4, 0.6, 1.0];

/// Tries lengths of excerpts.
pub(super) fn excerpts(snapshot: &Snapshot, samples: &[&Sample]) -> Vec<ExcerptTrial> {
    TRIED.iter().map(|from| trial(snapshot, samples, *from)).collect()
}

fn trial(snapshot: &Snapshot, samples: &[&Sample], from: f64) -> ExcerptTrial {
    let (mut right, mut right_3, mut share, mut count) = (0.0, 0.0, 0.0, 0.0);
    for sample in samples.iter().filter(|sample| sample.label == Label::Answerable) {
        count += 1.0;
        let quotes = sample.hits.hits.iter().take(3).enumerate().filter_map(|(at, hit)| {
            let passage = snapshot.corpus.passage(hit.passage)?;
            let shown = if at == 0 { excerpt(&passage, hit, from) } else { whole(&passage) };
            Some(words(passage.article.slice(&shown.range)))
        });
        let quotes: Vec<Vec<String>> = quotes.collect();
        let is_right = |quote: &Vec<String>| sample.best_words.iter().any(|gold| holds(quote, gold));
        right += f64::from(u8::from(quotes.first().is_some_and(is_right)));
        right_3 += f64::from(u8::from(quotes.iter().any(is_right)));
        if let Some(first) = quotes.first().filter(|quote| !quote.is_empty()) {
            let held: usize = sample.gold_words.iter().filter(|gold| holds(first, gold)).map(Vec::len).sum();
            share += (math::count(held) / math::count(first.len())).min(1.0);
        }
    }
    let mean = |sum: f64| if count > 0.0 { sum / count } else { 0.0 };
    ExcerptTrial { from, success: mean(right), success_3: mean(right_3), gold_share: mean(share) }
}

/// The share of a quote that should answer, at least: more around it hides the answer on a phone.
const GOLD_SHARE_MIN: f64 = 0.55;

/// The longest excerpts of which the answer is enough; if none are, the shortest.
pub(super) fn best_excerpt(trials: &[ExcerptTrial]) -> f64 {
    let enough = trials.iter().find(|trial| trial.gold_share >= GOLD_SHARE_MIN);
    enough.or(trials.last()).map_or(1.0, |trial| trial.from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged() -> Vec<Judged> {
        let wrong = (0..100).map(|at| (f64::from(at) / 100.0, Label::OffTopic));
        let left_out = (0..50).map(|at| (f64::from(at) / 100.0 + 0.4, Label::Unanswered));
        let right = (0..100).map(|at| (f64::from(at) / 200.0 + 0.5, Label::Answerable));
        wrong.chain(left_out).chain(right).collect()
    }

    #[test]
    fn thresholds_let_no_more_off_topic_questions_through_than_asked() {
        for most in [0.0, 0.04, 0.2] {
            let chosen = thresholds(&judged(), most);
            assert!(chosen.off_topic <= most + 1e-9, "{most}: {}", chosen.off_topic);
            assert!(chosen.related_threshold <= chosen.answer_threshold);
        }
        assert!(
            thresholds(&judged(), 0.2).abstained < thresholds(&judged(), 0.04).abstained,
            "who allows more loses less"
        );
        assert!((area(&judged()) - 0.75).abs() < 0.01, "{}", area(&judged()));
    }

    #[test]
    fn excerpts_are_as_long_as_the_answer_allows() {
        let trial = |from, gold_share| ExcerptTrial { from, success: 1.0, success_3: 1.0, gold_share };
        assert!((best_excerpt(&[trial(0.0, 0.3), trial(0.1, 0.6), trial(1.0, 0.9)]) - 0.1).abs() < 1e-9);
        assert!((best_excerpt(&[trial(0.0, 0.3), trial(1.0, 0.4)]) - 1.0).abs() < 1e-9);
    }
}
