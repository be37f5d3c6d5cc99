//! The words of the corpus and of the lexicon, which typos are corrected to before all others.

use std::collections::{BTreeSet, HashSet};

use fst::Set;

use super::analysis;
use crate::language::spelling::{self, Dictionary};

/// Shorter words are no help.
const WORD_MIN_CHARS: usize = 3;

/// A word that may be asked for instead of one that was asked is at least this long.
const NEAR_MISS_MIN_CHARS: usize = 5;

/// The words of a corpus.
#[derive(Debug, Default)]
pub struct SpellChecker {
    words: Set<Vec<u8>>,
    /// The terms that they become.
    terms: HashSet<String>,
}

impl SpellChecker {
    /// A spell checker that knows the words of these texts.
    pub fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let (mut words, mut terms) = (BTreeSet::new(), HashSet::new());
        for token in texts.flat_map(analysis::tokens).filter(|token| token.word.chars().count() >= WORD_MIN_CHARS) {
            words.insert(token.word);
            terms.insert(token.term);
        }
        // A set takes sorted words only, and these are.
        Self { words: Set::from_iter(words).unwrap_or_default(), terms }
    }

    /// Whether a word stands in the corpus or the lexicon.
    pub fn knows(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// What a word that is none was most likely meant to be: a word, or two without the space between them.
    pub fn correct(&self, word: &str) -> Option<Vec<String>> {
        spelling::correct(word, &Dictionary { words: &self.words, has_form: &|word| self.has_form(word) })
    }

    /// The corpus' word that is nearly this one. Short words are near too many others.
    pub fn near_miss(&self, word: &str) -> Option<String> {
        let own = Dictionary { words: &self.words, has_form: &|word| self.has_form(word) };
        spelling::near_miss(word, &own).filter(|near| near.chars().count() >= NEAR_MISS_MIN_CHARS)
    }

    fn has_form(&self, word: &str) -> bool {
        analysis::terms(word).iter().all(|term| self.terms.contains(term))
    }
}
