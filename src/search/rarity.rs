//! How much a word says: rare words of English say more than common ones.
//!
//! The corpus alone can't tell. In a corpus about twitching "twitch" is in every passage and "pizza" in none, yet the
//! one says that a question is on the topic and the other that it is not.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Common English words, most common first.
const WORDS: &str = include_str!("english_words.txt");

static RANKS: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    let words = WORDS.lines().filter(|line| !line.starts_with('#'));
    words.zip(1..).collect()
});

/// How rare a word is in English, from 0 (the commonest) to 1 (not among the common words at all), by the logarithm of
/// its rank: word frequencies fall about as one over the rank (Zipf's law).
pub(super) fn rarity(word: &str) -> f64 {
    let last = f64::from(u32::try_from(RANKS.len()).unwrap_or(u32::MAX));
    RANKS.get(word).map_or(1.0, |rank| f64::from(*rank).ln() / last.ln())
}

/// Whether a word is among the common words of English.
pub(super) fn is_english(word: &str) -> bool {
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
}
