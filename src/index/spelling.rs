//! Slips of the keyboard, repaired against the words of the corpus and of the lexicon.
//!
//! Only words that are no English word are repaired, so that a correct word outside the corpus never becomes one inside
//! it; who knows which words are English is `search`.

use std::collections::{BTreeMap, BTreeSet};

/// Shorter words have too many neighbours to guess.
const SHORTEST: usize = 4;
/// Words of at least this many letters may hold two slips, shorter ones one.
const TWO_SLIPS_FROM: usize = 8;

/// The words to repair towards, by their first letter: people rarely miss that one.
#[derive(Debug, Default)]
pub struct Speller {
    words: BTreeMap<char, BTreeSet<String>>,
}

impl Speller {
    /// A speller that knows the words of these texts.
    pub fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut speller = Self::default();
        for text in texts {
            for token in super::analysis::tokens(text) {
                if let Some(first) = token.word.chars().next().filter(|_| token.word.chars().count() >= SHORTEST) {
                    speller.words.entry(first).or_default().insert(token.word);
                }
            }
        }
        speller
    }

    /// The known word that `word` is most likely a slip of.
    pub fn repair(&self, word: &str) -> Option<&str> {
        let length = word.chars().count();
        if length < SHORTEST || !word.chars().all(char::is_alphabetic) {
            return None;
        }
        let allowed = if length >= TWO_SLIPS_FROM { 2 } else { 1 };
        let near = self.words.get(&word.chars().next()?)?.iter().filter_map(|known| {
            let plausible = known.chars().count().abs_diff(length) <= allowed;
            let slips = if plausible { strsim::osa_distance(word, known) } else { usize::MAX };
            (slips <= allowed).then(|| (slips, -strsim::jaro_winkler(word, known), known))
        });
        near.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))).map(|(_, _, known)| known.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_repaired_towards_known_words_only() {
        let speller = Speller::new(["Hemifacial spasm twitching aneurysm eyelid"].into_iter());
        let repaired = |word| speller.repair(word);
        assert_eq!(repaired("twiching"), Some("twitching"));
        assert_eq!(repaired("anuerism"), Some("aneurysm"));
        assert_eq!(repaired("hemifacal"), Some("hemifacial"));
        assert_eq!(repaired("eyelld"), Some("eyelid"));
        assert_eq!(repaired("spa"), None);
        assert_eq!(repaired("pizza"), None);
    }
}
