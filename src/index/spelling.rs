//! The words of the corpus and of the lexicon, which slips are repaired towards before all others.

use std::collections::{BTreeSet, HashSet};

use fst::Set;

use super::analysis;
use crate::english::{self, Own};

/// Shorter words are no help.
const SHORTEST: usize = 3;

/// A word that may be asked for instead of one that was asked is at least this long.
const NEAR_SHORTEST: usize = 5;

/// The words of a corpus.
#[derive(Debug, Default)]
pub struct Speller {
    words: Set<Vec<u8>>,
    /// The terms that they become.
    terms: HashSet<String>,
}

impl Speller {
    /// A speller that knows the words of these texts.
    pub fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let (mut words, mut terms) = (BTreeSet::new(), HashSet::new());
        for token in texts.flat_map(analysis::tokens).filter(|token| token.word.chars().count() >= SHORTEST) {
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
    pub fn repair(&self, word: &str) -> Option<Vec<String>> {
        english::meant(word, &Own { words: &self.words, has_form: &|word| self.has_form(word) })
    }

    /// The corpus' word that is nearly this one. Short words are near too many others.
    pub fn nearly(&self, word: &str) -> Option<String> {
        let own = Own { words: &self.words, has_form: &|word| self.has_form(word) };
        english::nearly(word, &own).filter(|near| near.chars().count() >= NEAR_SHORTEST)
    }

    fn has_form(&self, word: &str) -> bool {
        analysis::terms(word).iter().all(|term| self.terms.contains(term))
    }
}
