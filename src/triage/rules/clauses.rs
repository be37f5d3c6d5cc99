//! A cleaned text in sentences, clauses and words, as patterns and the classifier see it.

use crate::language::{sentences, words};

/// Where in its sentence a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Clause {
    /// Commas, colons, dashes and brackets before it.
    pub part: usize,
    /// Words of contrast before it, itself included.
    pub side: usize,
}

/// A word with its place in the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlacedWord {
    pub text: String,
    pub clause: Clause,
}

/// Words that set what follows against what came before.
const CONTRAST: [&str; 4] = ["but", "however", "although", "though"];

/// The words of a cleaned text, stretched letters shortened, sentence by sentence.
pub(super) fn sentences_of(text: &str) -> Vec<Vec<PlacedWord>> {
    let folded = words::fold(text);
    sentences::chat(&folded).map(words_of).filter(|words| !words.is_empty()).collect()
}

fn words_of(sentence: &str) -> Vec<PlacedWord> {
    let mut placed = Vec::new();
    let mut clause = Clause::default();
    let mut rest = sentence;
    for word in words::split(sentence) {
        // What stands between this word and the one before it says where a clause ends.
        let (before, after) = rest.split_once(word).unwrap_or_default();
        rest = after;
        clause.part += before.matches([',', ':', '(', ')', '–', '—']).count();
        if CONTRAST.contains(&word) {
            clause.side += 1;
            clause.part += 1;
        }
        placed.push(PlacedWord { text: shortened(word), clause });
    }
    placed
}

/// A word without more than two of one letter in a row: "heeelp" is "heelp". Digits stay.
fn shortened(word: &str) -> String {
    let mut shortened = String::with_capacity(word.len());
    for c in word.chars() {
        let is_stretched = shortened.chars().rev().take(2).filter(|before| *before == c).count() == 2;
        if !is_stretched || c.is_numeric() {
            shortened.push(c);
        }
    }
    shortened
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<Vec<String>> {
        sentences_of(text).into_iter().map(|words| words.into_iter().map(|word| word.text).collect()).collect()
    }

    #[test]
    fn a_text_is_read_by_sentence_without_marks_and_stretched_letters() {
        assert_eq!(
            texts("I can’t. Ok?! 3.5 mg\nno heeeelp"),
            [vec!["i", "cant"], vec!["ok"], vec!["3", "5", "mg"], vec!["no", "heelp"]]
        );
    }

    #[test]
    fn marks_and_words_of_contrast_begin_a_clause() {
        let words = sentences_of("one, two (three) but four").remove(0);
        let places: Vec<(usize, usize)> = words.iter().map(|word| (word.clause.part, word.clause.side)).collect();
        assert_eq!(places, [(0, 0), (1, 0), (2, 0), (4, 1), (4, 1)]);
    }
}
