//! Spelling: the word that a misspelt one was most likely meant to be, among a dictionary's or all English words, and
//! the known name that is most like an unknown one.

use std::sync::LazyLock;

use fst::automaton::{Automaton, Str};
use fst::{IntoStreamer as _, Set, Streamer as _};
use levenshtein_automata::LevenshteinAutomatonBuilder;

use super::word_frequency::{RANKED, RANKS, rank};

/// Automata for one typo and for two; two letters that changed places are one typo.
static AUTOMATA: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [1, 2].map(|typos| LevenshteinAutomatonBuilder::new(typos, true)));

// The numbers below say how words are compared. They were chosen by hand when typo correction was made, and the tests
// of this file and `search_properties` hold what they must give; ranking rests on none of them.

/// Shorter words have too many neighbours to guess.
const WORD_MIN_CHARS: usize = 3;
/// Longer runs of letters are no words, and cost most to search.
const WORD_MAX_CHARS: usize = 20;
/// Words of at least this many letters may hold two typos, shorter ones one.
const TWO_TYPOS_MIN_CHARS: usize = 6;
/// Both halves of a word that is read as two must have this many letters.
const HALF_MIN_CHARS: usize = 2;
/// Halves that no corpus knows must be at least this common.
const HALF_RANK_MAX: f64 = 3_000.0;
/// A corpus' dictionary word is as likely meant as a word of this rank.
const DICTIONARY_RANK: f64 = 100.0;
/// What a second typo costs: as much as a word this many times rarer.
const SECOND_TYPO_PENALTY: f64 = 1_000.0;

/// How much likeness of letters (Jaro-Winkler, 0 to 1) speaks for a word.
const SIMILARITY_WEIGHT: f64 = 5.0;

/// The words of a corpus, which are likelier meant than others.
pub struct Dictionary<'a> {
    /// The words.
    pub words: &'a Set<Vec<u8>>,
    /// Whether a word is another form of one of them.
    pub has_form: &'a dyn Fn(&str) -> bool,
}

/// What a misspelt word was most likely meant to be: a word of `dictionary` or of English, or two that lack the space
/// between them. `None` for nothing like it.
pub fn correct(word: &str, dictionary: &Dictionary<'_>) -> Option<Vec<String>> {
    if word.chars().count() > WORD_MAX_CHARS || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let one = one_word(word, dictionary, true);
    match (one, split(word, dictionary.words)) {
        (Some((one, _)), Some((two, halves))) if two < one => Some(halves),
        (Some((_, one)), _) => Some(vec![one]),
        (None, halves) => halves.map(|(_, halves)| halves),
    }
}

/// A near miss: the word of `dictionary` that is one typo away from this one, though this one may be a word itself.
pub fn near_miss(word: &str, dictionary: &Dictionary<'_>) -> Option<String> {
    one_word(word, dictionary, false).map(|(_, word)| word)
}

/// The likeliest word, with how unlikely it is. People rarely miss the first letter, so two typos are looked for behind
/// it only.
fn one_word(word: &str, dictionary: &Dictionary<'_>, in_english: bool) -> Option<(f64, String)> {
    let length = word.chars().count();
    if !(WORD_MIN_CHARS..=WORD_MAX_CHARS).contains(&length) {
        return None;
    }
    let mut best = Best { word, in_english, found: None };
    best.search(dictionary, &AUTOMATA[0].build_dfa(word));
    if in_english && best.found.is_none() && length >= TWO_TYPOS_MIN_CHARS {
        let start: String = word.chars().take(1).collect();
        let automaton = AUTOMATA[1].build_dfa(word);
        best.search(dictionary, &Str::new(&start).starts_with().intersection(&automaton));
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
    fn search<A: Automaton>(&mut self, dictionary: &Dictionary<'_>, automaton: &A) {
        let mut known = dictionary.words.search(automaton).into_stream();
        while let Some(word) = known.next() {
            self.offer(word, DICTIONARY_RANK);
        }
        if self.in_english {
            let mut english = RANKS.search(automaton).into_stream();
            while let Some((word, rank)) = english.next() {
                let rank = u32::try_from(rank).map_or(RANKED, f64::from);
                let is_known = std::str::from_utf8(word).is_ok_and(|word| (dictionary.has_form)(word));
                self.offer(word, if is_known { rank.min(DICTIONARY_RANK) } else { rank });
            }
        }
    }

    fn offer(&mut self, word: &[u8], rank: f64) {
        let Some(word) = std::str::from_utf8(word).ok().filter(|word| word.chars().count() >= WORD_MIN_CHARS) else {
            return;
        };
        let typos = strsim::osa_distance(self.word, word);
        if typos == 0 {
            return;
        }
        let penalty = if typos > 1 { SECOND_TYPO_PENALTY.ln() } else { 0.0 };
        // Among equally likely words, the one that looks more alike.
        let unlikely = rank.ln() + penalty - SIMILARITY_WEIGHT * strsim::jaro_winkler(self.word, word);
        if self.found.as_ref().is_none_or(|(least, _)| unlikely < *least) {
            self.found = Some((unlikely, word.to_owned()));
        }
    }
}

/// The likeliest two words that stand in `word`, and how unlikely they are together.
fn split(word: &str, dictionary: &Set<Vec<u8>>) -> Option<(f64, Vec<String>)> {
    let likely = |half: &str| {
        let rank = rank(half).filter(|rank| *rank <= HALF_RANK_MAX);
        if dictionary.contains(half) { Some(rank.unwrap_or(DICTIONARY_RANK).min(DICTIONARY_RANK)) } else { rank }
    };
    let halves = word.char_indices().filter_map(|(at, _)| word.split_at_checked(at));
    halves
        .filter(|(first, second)| first.chars().count() >= HALF_MIN_CHARS && second.chars().count() >= HALF_MIN_CHARS)
        .filter_map(|(first, second)| {
            let unlikely = likely(first)?.ln() + likely(second)?.ln() - SIMILARITY_WEIGHT;
            Some((unlikely, vec![first.to_owned(), second.to_owned()]))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
}

/// Of `known`, the name that `word` is most likely a typo of.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let likeness = |name: &str| match strsim::osa_distance(&word, name) {
        // One typo is one typo, also in a short name, of which Jaro-Winkler thinks too badly.
        0 | 1 => 1.0,
        _ => strsim::jaro_winkler(&word, name),
    };
    known
        .into_iter()
        .map(|name| (likeness(name), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// How well a word that is being typed fits a known one: more than 1 if it is that word, 1 if that word begins so, less
/// for a typo in the word or in its beginning, 0 for another word. The steps keep these four in this order.
pub fn similarity(typed: &str, known: &str) -> f64 {
    const WHOLE: f64 = 1.2;
    const BEGINNING: f64 = 1.0;
    const TYPO: f64 = 0.8;
    /// Words less alike (Jaro-Winkler, 0 to 1) are others.
    const JARO_WINKLER_MIN: f64 = 0.86;
    if known == typed {
        return WHOLE;
    }
    if known.starts_with(typed) {
        return BEGINNING;
    }
    let beginning: String = known.chars().take(typed.chars().count()).collect();
    let alike = strsim::jaro_winkler(typed, known).max(strsim::jaro_winkler(typed, &beginning));
    if typed.chars().count() >= WORD_MIN_CHARS && alike >= JARO_WINKLER_MIN { alike * TYPO } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dictionary(words: &str) -> Set<Vec<u8>> {
        let words: std::collections::BTreeSet<&str> = words.split_whitespace().collect();
        Set::from_iter(words).expect("sorted words")
    }

    #[test]
    fn a_slip_is_read_as_the_likeliest_word() {
        let words = dictionary("aneurysm eyelid face hemifacial spasm twitch twitching trigger");
        let dictionary = Dictionary { words: &words, has_form: &|word| word == "triggers" };
        for (typo, words) in [
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
            assert_eq!(correct(typo, &dictionary).map(|words| words.join(" ")).as_deref(), Some(words), "{typo}");
        }
        assert_eq!(correct("qqqqzzzz", &dictionary), None);
    }

    #[test]
    fn a_word_of_the_corpus_may_be_meant_though_another_word_was_written() {
        let words = dictionary("spasm");
        let dictionary = Dictionary { words: &words, has_form: &|_| false };
        assert_eq!(near_miss("spam", &dictionary).as_deref(), Some("spasm"));
        assert_eq!(near_miss("spasm", &dictionary), None);
        assert_eq!(near_miss("pizza", &dictionary), None);
    }
}
