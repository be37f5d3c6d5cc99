//! Stop words: words that carry no topic.

use std::collections::HashSet;

/// One a line; `#` begins a comment.
const STOP_WORDS: &str = include_str!("en/stop_words.txt");

/// All of them.
pub fn all() -> HashSet<&'static str> {
    STOP_WORDS.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}
