//! The features of a message: words, character n-grams across them, the rules' word classes with their neighbours, and
//! what the rules matched. Each is a name; the classifier knows names by their hash only.
//!
//! Changing anything here, a name too, changes what the trained weights mean: train again (`seventh train-alerts`).
//! That is why some names are older than the words of the code: "held" is suppressed, "guard" a modifier.

use std::ops::Range;

use crate::triage::rules::pattern::Vocabulary;
use crate::triage::rules::{Message, RedFlags, RuleMatch, Sentence};

/// Lengths of character n-grams.
const NGRAM_CHARS: Range<usize> = 3..6;

/// A rule's match is worth more than an n-gram: it is said so often.
const TIMES: [&str; 3] = ["", " again", " and again"];

/// A window over a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    /// Its sentences.
    pub sentences: Range<usize>,
    /// Its words in each of them.
    pub words: Range<usize>,
}

/// The words of a whole sentence, however many it has.
pub(super) const ALL_WORDS: Range<usize> = 0..usize::MAX;

impl Window {
    /// Whole sentences.
    pub(super) const fn of_sentences(sentences: Range<usize>) -> Self {
        Self { sentences, words: ALL_WORDS }
    }

    /// Some words of one sentence.
    pub(super) const fn of_words(sentence: usize, words: Range<usize>) -> Self {
        Self { sentences: sentence..sentence + 1, words }
    }
}

/// Calls `see` with the name of each feature of a sentence, in parts, some of them more than once. Of its words only
/// those within the range are seen.
pub(super) fn visit(
    message: &Message,
    matches: &[RuleMatch<'_>],
    (at, within): (usize, &Range<usize>),
    red_flags: &RedFlags,
    see: &mut dyn FnMut(&[&str]),
) {
    let Some(sentence) = message.sentences().get(at) else { return };
    of_words(sentence, within, see);
    of_classes(sentence, within, &red_flags.vocabulary, see);
    for rule_match in matches.iter().filter(|rule_match| rule_match.sentence == at) {
        let (rule, flag) = (rule_match.rule.id.as_str(), rule_match.rule.flag.as_str());
        for time in TIMES {
            match rule_match.suppressed_by {
                None => {
                    see(&["rule ", rule, time]);
                    see(&["flag ", flag, time]);
                }
                Some(modifier) => {
                    see(&["held ", rule, time]);
                    see(&["guard ", modifier, time]);
                    see(&["held flag ", flag, time]);
                }
            }
        }
    }
}

fn of_words(sentence: &Sentence, within: &Range<usize>, say: &mut dyn FnMut(&[&str])) {
    let texts = sentence.texts.iter().enumerate().filter(|(at, _)| within.contains(at));
    let words: Vec<&str> = texts.map(|(_, word)| shape(word)).collect();
    for word in &words {
        say(&["word ", word]);
    }
    // Groups reach over the spaces, so that they see how words follow each other as well as how they are spelt.
    let framed = format!("^{}$", words.join(" "));
    let bounds: Vec<usize> = framed.char_indices().map(|(at, _)| at).chain([framed.len()]).collect();
    for length in NGRAM_CHARS {
        for (from, to) in bounds.iter().zip(bounds.iter().skip(length)) {
            say(&["letters ", framed.get(*from..*to).unwrap_or_default()]);
        }
    }
}

/// A word, or the kind of a number.
fn shape(word: &str) -> &str {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    match word.len() {
        4 if is_number && (word.starts_with("19") || word.starts_with("20")) => "#year",
        _ if is_number => "#",
        _ => word,
    }
}

fn of_classes(sentence: &Sentence, within: &Range<usize>, vocabulary: &Vocabulary, say: &mut dyn FnMut(&[&str])) {
    for (at, here) in sentence.phrases.iter().enumerate().filter(|(at, _)| within.contains(at)) {
        for (class, end) in here {
            let class = vocabulary.class_name(*class);
            say(&["class ", class]);
            for (other, _) in sentence.phrases.get(*end).into_iter().flatten() {
                say(&["classes ", class, " ", vocabulary.class_name(*other)]);
            }
            // A class with its neighbours as they are written: "my <face>", "<face> today".
            let before =
                at.checked_sub(1).and_then(|before| sentence.texts.get(before)).map_or("^", |word| shape(word));
            let after = sentence.texts.get(*end).map_or("$", |word| shape(word));
            say(&["before ", before, " ", class]);
            say(&["after ", class, " ", after]);
        }
    }
}
