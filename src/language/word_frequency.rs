//! Word frequency: which English words there are, and how common they are.
//!
//! The corpus alone can't tell how much a word says. In a corpus about twitching "twitch" is in every passage and
//! "pizza" in none, yet the one says that a question is on the topic and the other that it is not.

use std::sync::LazyLock;

use fst::Map;

/// English words with their rank by frequency, packed by `en/build.rs`. Words of unknown frequency come last.
pub(super) static RANKS: LazyLock<Map<&[u8]>> = LazyLock::new(|| {
    let packed: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/english.fst"));
    #[expect(clippy::expect_used, reason = "the map is a constant; the tests of this file open it")]
    Map::new(packed).expect("what en/build.rs has packed")
});

/// How many of the words have a rank by frequency. Source: the length of `en/words_by_frequency.txt`.
pub(super) const RANKED: f64 = 40_000.0;

/// A word's rank by frequency, 1 for the commonest.
pub(super) fn rank(word: &str) -> Option<f64> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_say_more_than_common_ones() {
        assert!(rarity("the") < 0.1);
        assert!(rarity("thing") < rarity("twitch"));
        assert!(rarity("xyzzyq") >= 1.0);
    }

    #[test]
    fn british_and_american_words_are_words() {
        for word in ["tumour", "tumor", "neighbor", "mum", "mom", "math", "jittery", "dont"] {
            assert!(is_word(word), "{word}");
        }
    }
}
