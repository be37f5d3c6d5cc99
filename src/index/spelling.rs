//! The words of the corpus and of the lexicon, which slips are repaired towards before all others.

use std::collections::BTreeSet;

use fst::Set;

use crate::english;

/// Shorter words are no help.
const SHORTEST: usize = 3;

/// The words of a corpus.
#[derive(Debug, Default)]
pub struct Speller {
    words: Set<Vec<u8>>,
}

impl Speller {
    /// A speller that knows the words of these texts.
    pub fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let words: BTreeSet<String> = texts
            .flat_map(super::analysis::tokens)
            .map(|token| token.word)
            .filter(|word| word.chars().count() >= SHORTEST)
            .collect();
        // A set takes sorted words only, and these are.
        Self { words: Set::from_iter(words).unwrap_or_default() }
    }

    /// Whether a word stands in the corpus or the lexicon.
    pub fn knows(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// What a word that is none was most likely meant to be: a word, or two without the space between them.
    pub fn repair(&self, word: &str) -> Option<Vec<String>> {
        english::meant(word, &self.words)
    }

    /// The corpus' word that is nearly this one.
    pub fn nearly(&self, word: &str) -> Option<String> {
        english::nearly(word, &self.words)
    }
}
