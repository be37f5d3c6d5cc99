//! Segments: the sliding windows in which the classifier reads a message.
//!
//! A long message is read in segments, so that one sign in the middle of a story is seen as clearly as alone.

use std::cell::OnceCell;
use std::ops::Range;

use super::features::{self, ALL_WORDS, Window};
use super::linear::feature_index;
use crate::triage::rules::{Message, RedFlags, RuleMatch};

/// Longest segment that is read at once, in words.
const WINDOW_MAX_WORDS: usize = 50;

/// What the classifier sees of a segment of a message.
#[derive(Debug, Clone)]
pub struct Segment {
    /// The indexes of its features, each once.
    pub features: Vec<u32>,
    /// The flags of the rules that match in it, unsuppressed.
    pub flags: Vec<String>,
}

/// A message that is read in segments. They overlap, so the features of a sentence are kept.
pub(in crate::triage) struct Segments<'a> {
    message: &'a Message,
    matches: &'a [RuleMatch<'a>],
    red_flags: &'a RedFlags,
    /// How many feature indexes there are.
    dimensions: u32,
    of_sentences: Vec<OnceCell<Vec<u32>>>,
}

impl<'a> Segments<'a> {
    pub(in crate::triage) fn new(
        message: &'a Message,
        matches: &'a [RuleMatch<'a>],
        red_flags: &'a RedFlags,
        dimensions: u32,
    ) -> Self {
        let of_sentences = vec![OnceCell::new(); message.sentences().len()];
        Self { message, matches, red_flags, dimensions, of_sentences }
    }

    /// The segments that are read.
    pub(in crate::triage) fn read(&self) -> Vec<Segment> {
        windows(self.message, self.matches).iter().map(|window| self.segment(window)).collect()
    }

    /// The whole message as one segment.
    pub(in crate::triage) fn whole(&self) -> Segment {
        self.segment(&Window::of_sentences(0..self.of_sentences.len()))
    }

    fn segment(&self, window: &Window) -> Segment {
        let mut features = Vec::with_capacity(1_024);
        for sentence in window.sentences.clone() {
            match self.of_sentences.get(sentence) {
                Some(kept) if window.words == ALL_WORDS => {
                    features.extend(kept.get_or_init(|| self.features(sentence, &ALL_WORDS)));
                }
                _ => features.extend(self.features(sentence, &window.words)),
            }
        }
        features.sort_unstable();
        features.dedup();
        let here = |rule_match: &&RuleMatch<'_>| {
            rule_match.suppressed_by.is_none() && window.sentences.contains(&rule_match.sentence)
        };
        let flags = self.matches.iter().filter(here).map(|rule_match| rule_match.rule.flag.clone()).collect();
        Segment { features, flags }
    }

    fn features(&self, sentence: usize, words: &Range<usize>) -> Vec<u32> {
        let mut indexes = Vec::with_capacity(512);
        let see = &mut |name: &[&str]| indexes.push(feature_index(name, self.dimensions));
        features::visit(self.message, self.matches, (sentence, words), self.red_flags, see);
        indexes
    }
}

/// The windows in which a message is read: all of it if it is short, else every run of sentences that is, and
/// overlapping parts of a sentence that is too long by itself.
///
/// A sentence in which a rule matched is read alone too, so that a harmless sentence beside it cannot hide it
/// (`a_question_beside_a_plain_sign_never_hides_it`).
fn windows(message: &Message, matches: &[RuleMatch<'_>]) -> Vec<Window> {
    let mut windows = sliding_windows(message);
    for rule_match in matches.iter().filter(|rule_match| rule_match.suppressed_by.is_none()) {
        let alone = Window::of_sentences(rule_match.sentence..rule_match.sentence + 1);
        if message.sentences().len() > 1 && !windows.contains(&alone) {
            windows.push(alone);
        }
    }
    windows
}

fn sliding_windows(message: &Message) -> Vec<Window> {
    let lengths: Vec<usize> = message.sentences().iter().map(|sentence| sentence.texts.len()).collect();
    if lengths.iter().sum::<usize>() <= WINDOW_MAX_WORDS {
        return vec![Window::of_sentences(0..lengths.len())];
    }
    let mut windows: Vec<Window> = Vec::new();
    for (start, length) in lengths.iter().enumerate() {
        if *length > WINDOW_MAX_WORDS {
            let step = WINDOW_MAX_WORDS / 2;
            windows.extend(
                (0..length - step).step_by(step).map(|from| Window::of_words(start, from..from + WINDOW_MAX_WORDS)),
            );
            continue;
        }
        let mut words = 0;
        let fits = |length: &&usize| {
            words += **length;
            words <= WINDOW_MAX_WORDS
        };
        let end = start + lengths.iter().skip(start).take_while(fits).count();
        if windows.last().is_none_or(|last| last.sentences.end < end) {
            windows.push(Window::of_sentences(start..end));
        }
    }
    windows
}
