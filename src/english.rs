//! What is known of English without any corpus: which words there are, how common they are, and which of them, or of a corpus'
//! words, a misspelt one was most likely meant to be.
//!
//! The corpus alone can't tell how much a word says. In a corpus about twitching "twitch" is in every passage and "pizza" in
//! none, yet the one says that a question is on the topic and the other that it is not.

use std::sync::LazyLock;

use fst::automaton::{Automaton, Str};
use fst::{IntoStreamer as _, Map, Set, Streamer as _};
use levenshtein_automata::LevenshteinAutomatonBuilder;

/// English words with their rank by frequency, packed by `build.rs`. Words of unknown frequency come after all others.
static RANKS: LazyLock<Map<&[u8]>> = LazyLock::new(|| {
    let packed: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/english.fst"));
    #[expect(clippy::expect_used, reason = "the map is a constant; the tests of this file open it")]
    Map::new(packed).expect("what build.rs has packed")
});

/// How many of the words have a rank by frequency.
const RANKED: f64 = 40_000.0;

/// Automata for one slip and for two; two letters that changed places are one slip.
static AUTOMATA: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [1, 2].map(|slips| LevenshteinAutomatonBuilder::new(slips, true)));

/// Shorter words have too many neighbours to guess.
const SHORTEST: usize = 3;
/// Longer runs of letters are no words, and cost most to search.
const LONGEST: usize = 20;
/// Words of at least this many letters may hold two slips, shorter ones one.
const TWO_SLIPS_FROM: usize = 6;
/// Both halves of a word that is read as two must have this many letters.
const HALF_SHORTEST: usize = 2;
/// Halves that no corpus knows must be at least this common.
const HALF_RANK: f64 = 3_000.0;
/// A corpus' own word is as likely meant as a word of this rank.
const OWN_RANK: f64 = 100.0;
/// What a second slip costs: as much as a word this many times rarer.
const SECOND_SLIP: f64 = 1_000.0;

/// How much likeness of letters (Jaro-Winkler, 0 to 1) speaks for a word.
const ALIKE: f64 = 5.0;

fn rank(word: &str) -> Option<f64> {
    RANKS.get(word).and_then(|rank| u32::try_from(rank).ok()).map(f64::from)
}

/// How rare a word is in English, from 0 (the commonest) to 1 (not among the common words at all), by the logarithm of
/// its rank: word frequencies fall about as one over the rank (Zipf's law).
pub fn rarity(word: &str) -> f64 {
    rank(word).map_or(1.0, |rank| (rank.ln() / RANKED.ln()).min(1.0))
}

/// Whether a word is English.
pub fn is_word(word: &str) -> bool {
    RANKS.contains_key(word)
}

/// The words of a corpus, which are likelier meant than others.
pub struct Own<'a> {
    /// The words.
    pub words: &'a Set<Vec<u8>>,
    /// Whether a word is another form of one of them.
    pub has_form: &'a dyn Fn(&str) -> bool,
}

/// What a misspelt word was most likely meant to be: a word of `own` or of English, or two that lack the space between them.
/// `None` for nothing like it.
pub fn meant(word: &str, own: &Own<'_>) -> Option<Vec<String>> {
    if word.chars().count() > LONGEST || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let one = one_word(word, own, true);
    match (one, split(word, own.words)) {
        (Some((one, _)), Some((two, halves))) if two < one => Some(halves),
        (Some((_, one)), _) => Some(vec![one]),
        (None, halves) => halves.map(|(_, halves)| halves),
    }
}

/// The word of `own` that is nearly this one, but for one slip, though both are words.
pub fn nearly(word: &str, own: &Own<'_>) -> Option<String> {
    one_word(word, own, false).map(|(_, word)| word)
}

/// The likeliest word, with how unlikely it is. People rarely miss the first letter, so two slips are looked for behind it only.
fn one_word(word: &str, own: &Own<'_>, in_english: bool) -> Option<(f64, String)> {
    let length = word.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return None;
    }
    let mut best = Best { word, in_english, found: None };
    best.search(own, &AUTOMATA[0].build_dfa(word));
    if in_english && best.found.is_none() && length >= TWO_SLIPS_FROM {
        let start: String = word.chars().take(1).collect();
        let automaton = AUTOMATA[1].build_dfa(word);
        best.search(own, &Str::new(&start).starts_with().intersection(&automaton));
    }
    best.found
}

/// The likeliest word so far, with how unlikely it is.
struct Best<'a> {
    word: &'a str,
    in_english: bool,
    found: Option<(f64, String)>,
}

impl Best<'_> {
    fn search<A: Automaton>(&mut self, own: &Own<'_>, automaton: &A) {
        let mut known = own.words.search(automaton).into_stream();
        while let Some(word) = known.next() {
            self.offer(word, OWN_RANK);
        }
        if self.in_english {
            let mut english = RANKS.search(automaton).into_stream();
            while let Some((word, rank)) = english.next() {
                let rank = u32::try_from(rank).map_or(RANKED, f64::from);
                let is_own = std::str::from_utf8(word).is_ok_and(|word| (own.has_form)(word));
                self.offer(word, if is_own { rank.min(OWN_RANK) } else { rank });
            }
        }
    }

    fn offer(&mut self, word: &[u8], rank: f64) {
        let Some(word) = std::str::from_utf8(word).ok().filter(|word| word.chars().count() >= SHORTEST) else { return };
        let slips = strsim::osa_distance(self.word, word);
        if slips == 0 {
            return;
        }
        let penalty = if slips > 1 { SECOND_SLIP.ln() } else { 0.0 };
        // Among equally likely words, the one that looks more alike.
        let unlikely = rank.ln() + penalty - ALIKE * strsim::jaro_winkler(self.word, word);
        if self.found.as_ref().is_none_or(|(least, _)| unlikely < *least) {
            self.found = Some((unlikely, word.to_owned()));
        }
    }
}

/// The likeliest two words that stand in `word`, and how unlikely they are together.
fn split(word: &str, own: &Set<Vec<u8>>) -> Option<(f64, Vec<String>)> {
    let likely = |half: &str| {
        let rank = rank(half).filter(|rank| *rank <= HALF_RANK);
        if own.contains(half) { Some(rank.unwrap_or(OWN_RANK).min(OWN_RANK)) } else { rank }
    };
    let halves = word.char_indices().filter_map(|(at, _)| word.split_at_checked(at));
    halves
        .filter(|(first, second)| first.chars().count() >= HALF_SHORTEST && second.chars().count() >= HALF_SHORTEST)
        .filter_map(|(first, second)| {
            let unlikely = likely(first)?.ln() + likely(second)?.ln() - ALIKE;
            Some((unlikely, vec![first.to_owned(), second.to_owned()]))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(words: &str) -> Set<Vec<u8>> {
        let words: std::collections::BTreeSet<&str> = words.split_whitespace().collect();
        Set::from_iter(words).expect("sorted words")
    }

    #[test]
    fn rare_words_say_more_than_common_ones() {
        assert!(rarity("the") < 0.1);
        assert!(rarity("thing") < rarity("twitch"));
        assert!(rarity("xyzzyq") >= 1.0);
    }

    #[test]
    fn a_slip_is_read_as_the_likeliest_word() {
        let words = own("aneurysm eyelid face hemifacial spasm twitch twitching trigger");
        let own = Own { words: &words, has_form: &|word| word == "triggers" };
        for (slip, words) in [
            ("twiching", "twitching"),
            ("anuerysm", "aneurysm"),
            ("hemifacal", "hemifacial"),
            ("eyelld", "eyelid"),
            ("sapsm", "spasm"),
            ("becuase", "because"),
            ("teh", "the"),
            ("docter", "doctor"),
            ("facetwitch", "face twitch"),
            ("isit", "is it"),
            ("trigers", "triggers"),
        ] {
            assert_eq!(meant(slip, &own).map(|words| words.join(" ")).as_deref(), Some(words), "{slip}");
        }
        assert_eq!(meant("qqqqzzzz", &own), None);
    }

    #[test]
    fn a_word_of_the_corpus_may_be_meant_though_another_word_was_written() {
        let words = own("spasm");
        let own = Own { words: &words, has_form: &|_| false };
        assert_eq!(nearly("spam", &own).as_deref(), Some("spasm"));
        assert_eq!(nearly("spasm", &own), None);
        assert_eq!(nearly("pizza", &own), None);
    }

    #[test]
    fn british_and_american_words_are_words() {
        for word in ["tumour", "tumor", "neighbor", "mum", "mom", "math", "jittery", "dont"] {
            assert!(is_word(word), "{word}");
        }
    }
}
