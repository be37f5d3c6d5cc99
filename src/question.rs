//! From what a person typed to a [`Question`], and the checks that come before any search.
//!
//! A question's text lives only as long as its request. It has no `Debug` that prints it, so that no log can (P5).

mod asking;
mod clean;
mod features;
mod findings;
mod matching;
pub mod red_flags;
mod scope;
pub mod second_reader;
mod words;

use std::cell::LazyCell;
use std::fmt;

pub use clean::QUESTION_MAX_CHARS;
pub use red_flags::{Alert, Checked, Lesson, Reason};

use crate::corpus::red_flags::RedFlags;
use crate::semantic::Embedder;

/// A member's text after cleaning.
#[derive(Clone)]
pub struct Question {
    text: String,
    readings: Vec<String>,
}

impl Question {
    /// Cleans what a person typed. `None` if nothing is left that could be a question.
    pub fn new(typed: &str) -> Option<Self> {
        let cleaned = clean::clean(typed);
        let has_words = cleaned.readings.iter().any(|reading| reading.chars().any(char::is_alphanumeric));
        has_words.then_some(Self { text: cleaned.asked, readings: cleaned.readings })
    }

    /// The text to search for.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its sentences, and whether each asks something. In a short question all do.
    pub fn sentences(&self) -> Vec<(&str, bool)> {
        asking::sentences(&self.text)
    }

    /// Whether every word of it counts, because there are few.
    pub fn is_short(&self) -> bool {
        asking::is_short(&self.text)
    }

    /// The red flag in it, if there is one, and whether it demands what no quotation can give. Code blocks are read too.
    /// With an embedding model, what the words leave in doubt is read by its meaning too: that of the question's text, without
    /// code and as far as the model reads.
    pub fn check(&self, flags: &RedFlags, embedder: Option<&Embedder>) -> Checked {
        let meaning = LazyCell::new(|| {
            let embedder =
                embedder.filter(|it| flags.meaning_reader.head().embedder.as_deref() == Some(it.digest()))?;
            // A model that fails is no reason to be silent: the words have been read.
            let vector = embedder.embed(&[&self.text]).ok()?.pop()?;
            Some(flags.meaning_reader.scores_of(&vector))
        });
        let checked = red_flags::check(flags, &self.readings, &|| meaning.clone());
        Checked { is_demand: checked.is_demand || scope::is_demand(&self.text), ..checked }
    }

    /// The words that an alert of the second reader hangs on most, if it goes by words, each with the chance that is left without it. It takes a check
    /// for each word: only for explaining.
    pub fn telling_words(&self, flags: &RedFlags, alert: &Alert) -> Vec<(String, f32)> {
        match alert.because {
            Reason::Rule { .. } | Reason::SecondReader { by_meaning: true, .. } => Vec::new(),
            Reason::SecondReader { by_meaning: false, .. } => red_flags::telling_words(flags, &self.text, alert.tier),
        }
    }

    /// What the second reader can learn from it.
    pub fn lesson(&self, flags: &RedFlags, buckets: u32) -> Lesson {
        red_flags::lesson(flags, &self.readings, buckets)
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Question({} characters)", self.text.chars().count())
    }
}
