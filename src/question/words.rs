//! A cleaned text in sentences, clauses and words, as patterns and the second reader see it.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

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

/// The words of a cleaned text, lower case, apostrophes and marks on letters dropped, stretched letters shortened, sentence
/// by sentence.
pub(super) fn sentences(text: &str) -> Vec<Vec<PlacedWord>> {
    let plain = text.nfd().filter(|c| !is_combining_mark(*c));
    let text: String =
        plain.filter(|c| !matches!(c, '\'' | '’' | '‘' | 'ʼ' | '´' | '`')).flat_map(char::to_lowercase).collect();
    let mut sentences = vec![Vec::new()];
    let mut word = String::new();
    let mut clause = Clause::default();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c.is_alphanumeric() {
            let stretched = word.chars().rev().take(2).filter(|before| *before == c).count() == 2;
            if !stretched || c.is_numeric() {
                word.push(c);
            }
            continue;
        }
        push_word(&mut sentences, &mut word, &mut clause);
        if matches!(c, ',' | ':' | '(' | ')' | '–' | '—') {
            clause.part += 1;
        }
        let ends = c == '\n'
            || matches!(c, '.' | '!' | '?' | ';' | '…') && characters.peek().is_none_or(|next| next.is_whitespace());
        if ends && sentences.last().is_some_and(|last| !last.is_empty()) {
            sentences.push(Vec::new());
            clause = Clause::default();
        }
    }
    push_word(&mut sentences, &mut word, &mut clause);
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

fn push_word(sentences: &mut [Vec<PlacedWord>], word: &mut String, clause: &mut Clause) {
    if let Some(last) = sentences.last_mut().filter(|_| !word.is_empty()) {
        let text = std::mem::take(word);
        if CONTRAST.contains(&text.as_str()) {
            clause.side += 1;
            clause.part += 1;
        }
        last.push(PlacedWord { text, clause: *clause });
    }
}
