//! Slips of the keyboard, repaired against the words of the corpus and of the lexicon.
//!
//! Only words that are no English word are repaired, so that a correct word outside the corpus never becomes one inside
//! it; who knows which words are English is `search`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use fst::{IntoStreamer as _, Set, Streamer as _};
use levenshtein_automata::LevenshteinAutomatonBuilder;

/// Shorter words have too many neighbours to guess.
const SHORTEST: usize = 4;
/// Words of at least this many letters may hold two slips, shorter ones one.
const TWO_SLIPS_FROM: usize = 8;
/// Both halves of a word that is read as two must have this many letters.
const HALF_SHORTEST: usize = 3;

/// Automata for one slip and for two; two letters that changed places are one slip.
static AUTOMATA: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [1, 2].map(|slips| LevenshteinAutomatonBuilder::new(slips, true)));

/// The words to repair towards.
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
            .filter(|word| word.chars().count() >= HALF_SHORTEST)
            .collect();
        // A set takes sorted words only, and these are.
        Self { words: Set::from_iter(words).unwrap_or_default() }
    }

    /// Whether a word stands in the corpus or the lexicon.
    pub fn knows(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// The known word that `word` is most likely a slip of. People rarely miss the first letter.
    pub fn repair(&self, word: &str) -> Option<String> {
        let length = word.chars().count();
        if length < SHORTEST || !word.chars().all(char::is_alphabetic) {
            return None;
        }
        let automaton = AUTOMATA[usize::from(length >= TWO_SLIPS_FROM)].build_dfa(word);
        let mut near = self.words.search(&automaton).into_stream();
        let mut best: Option<(usize, f64, String)> = None;
        while let Some(known) = near.next() {
            let Ok(known) = std::str::from_utf8(known) else { continue };
            if known.chars().next() != word.chars().next() || known.chars().count() < SHORTEST {
                continue;
            }
            let (slips, likeness) = (strsim::osa_distance(word, known), strsim::jaro_winkler(word, known));
            let nearer = best.as_ref().is_none_or(|(fewest, most, _)| slips < *fewest || (slips == *fewest && likeness > *most));
            if nearer {
                best = Some((slips, likeness, known.to_owned()));
            }
        }
        best.map(|(.., known)| known)
    }

    /// The two known words that stand in `word` without the space between them.
    pub fn split<'a>(&self, word: &'a str) -> Option<(&'a str, &'a str)> {
        let halves = word.char_indices().filter_map(|(at, _)| word.split_at_checked(at));
        halves
            .filter(|(first, second)| first.chars().count() >= HALF_SHORTEST && second.chars().count() >= HALF_SHORTEST)
            .filter(|(first, second)| self.knows(first) && self.knows(second))
            .max_by_key(|(first, second)| first.len().min(second.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speller() -> Speller {
        Speller::new(["Hemifacial spasm twitching aneurysm eyelid face twitch"].into_iter())
    }

    #[test]
    fn slips_are_repaired_towards_known_words_only() {
        let speller = speller();
        let repaired = |word| speller.repair(word);
        assert_eq!(repaired("twiching").as_deref(), Some("twitching"));
        assert_eq!(repaired("anuerism").as_deref(), Some("aneurysm"));
        assert_eq!(repaired("hemifacal").as_deref(), Some("hemifacial"));
        assert_eq!(repaired("eyelld").as_deref(), Some("eyelid"));
        assert_eq!(repaired("sapsm").as_deref(), Some("spasm"));
        assert_eq!(repaired("spa"), None);
        assert_eq!(repaired("pizza"), None);
    }

    #[test]
    fn a_missing_space_is_found_between_known_words() {
        assert_eq!(speller().split("facetwitch"), Some(("face", "twitch")));
        assert_eq!(speller().split("facebook"), None);
    }
}
