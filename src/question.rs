//! From what a person typed to a [`Question`]: a cleaned text and its variants, nothing else.
//!
//! A question's text lives only as long as its request. It has no `Debug` that prints it, so that no log can (P5).

mod clean;

use std::fmt;

pub use clean::QUESTION_MAX_CHARS;

use crate::language::question_detection;

/// A member's text after cleaning.
#[derive(Clone)]
pub struct Question {
    text: String,
    variants: Vec<String>,
}

impl Question {
    /// Cleans what a person typed. `None` if nothing is left that could be a question.
    pub fn new(typed: &str) -> Option<Self> {
        let cleaned = clean::clean(typed);
        let has_words = cleaned.variants.iter().any(|variant| variant.chars().any(char::is_alphanumeric));
        has_words.then_some(Self { text: cleaned.text, variants: cleaned.variants })
    }

    /// The text to search for.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The ways in which its text can be normalized, at least one: what triage reads.
    pub fn variants(&self) -> &[String] {
        &self.variants
    }

    /// Its sentences, and whether each is a question. In a short message all are.
    pub fn sentences(&self) -> Vec<(&str, bool)> {
        question_detection::questions_and_background(&self.text)
    }

    /// Whether every word of it counts, because there are few.
    pub fn is_short(&self) -> bool {
        question_detection::is_short(&self.text)
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Question({} characters)", self.text.chars().count())
    }
}
