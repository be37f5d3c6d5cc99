//! Feature attribution by occlusion: the words that an alert of the classifier hangs on.

use super::cards::Tier;
use super::check::{Alert, Reason};
use super::classifier::{Prediction, Segments};
use super::detector::Detector;
use super::rules::{Message, rule_matches};
use crate::question::Question;

/// How many words, from the beginning, are left out one by one: each of them takes a prediction.
const OCCLUDED_WORDS_MAX: usize = 200;

/// How many words are named.
const NAMED_WORDS_MAX: usize = 6;

/// The words of a question without which the classifier's prediction would be lowest, those that matter most first,
/// each with the probability that is left without it. None for an alert of a rule or of an embedding. Only for
/// explaining: it is slow.
pub fn attribution(detector: &Detector, question: &Question, alert: &Alert) -> Vec<(String, f32)> {
    match alert.because {
        Reason::Rule { .. } | Reason::Classifier { by_embedding: true, .. } => Vec::new(),
        Reason::Classifier { by_embedding: false, .. } => by_occlusion(detector, question.text(), alert.tier),
    }
}

fn by_occlusion(detector: &Detector, text: &str, tier: Tier) -> Vec<(String, f32)> {
    let Detector { red_flags, classifier, .. } = detector;
    let probability = |text: &str| {
        let message = Message::new(text, &red_flags.vocabulary);
        let matches = rule_matches(red_flags, &message);
        let segments = Segments::new(&message, &matches, red_flags, classifier.parameters().dimensions).read();
        Prediction::of_segments(classifier, &segments, &[]).probability_of(tier)
    };
    let words: Vec<&str> = text.split_whitespace().take(OCCLUDED_WORDS_MAX).collect();
    let whole = probability(&words.join(" "));
    let without = |at: usize| {
        let others = words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| *word);
        probability(&others.collect::<Vec<_>>().join(" "))
    };
    let left = words.iter().enumerate().map(|(at, word)| ((*word).to_owned(), without(at)));
    let mut named: Vec<(String, f32)> = left.filter(|(_, left)| *left < whole).collect();
    named.sort_by(|a, b| a.1.total_cmp(&b.1));
    named.truncate(NAMED_WORDS_MAX);
    named
}
