//! Patterns held against the words of a message.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::corpus::pattern::{Item, Pattern, Vocabulary, WordId};

/// Words of a message, sentence by sentence, with what each may stand for in a vocabulary.
pub(super) struct Message {
    sentences: Vec<Sentence>,
}

/// A sentence: for each word the pattern words that it stands for, and the ends of the class phrases that begin there.
struct Sentence {
    words: Vec<Vec<WordId>>,
    /// For each word, in which clause and in which side of a contrast ("but") it stands.
    clauses: Vec<Clause>,
    /// For each word: class, and index after the phrase's last word.
    phrases: Vec<Vec<(usize, usize)>>,
}

/// Where in its sentence a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Clause {
    /// Commas, colons, dashes and brackets before it.
    part: usize,
    /// Words of contrast before it, itself included.
    side: usize,
}

/// A word with its place in the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PlacedWord {
    text: String,
    clause: Clause,
}

/// Where a pattern matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    /// Index of the sentence.
    pub sentence: usize,
    /// Index of the first word.
    pub start: usize,
    /// Index after the last word.
    pub end: usize,
}

impl Message {
    /// Reads a cleaned text for use with patterns of one vocabulary.
    pub(super) fn new(text: &str, vocabulary: &Vocabulary) -> Self {
        let sentences = sentences(text).iter().map(|words| Sentence::new(words, vocabulary)).collect();
        Self { sentences }
    }

    /// All places where a pattern matches, one for each first word, with the nearest end.
    pub(super) fn matches<'a>(&'a self, pattern: &'a Pattern) -> impl Iterator<Item = Match> + 'a {
        self.sentences.iter().enumerate().flat_map(move |(sentence, _)| self.matches_in(sentence, pattern))
    }

    /// The places in one sentence.
    pub(super) fn matches_in<'a>(&'a self, sentence: usize, pattern: &'a Pattern) -> impl Iterator<Item = Match> + 'a {
        self.sentences.get(sentence).into_iter().flat_map(move |words| {
            (0..words.words.len()).filter_map(move |start| {
                let end = words.end_of(&pattern.items, start)?;
                Some(Match { sentence, start, end })
            })
        })
    }

    /// Whether what `held` says can speak of `found`, both in one sentence: not from the other side of a "but", and not
    /// from a clause that follows it. "My face is drooping, can stress cause that?" asks nothing about drooping faces.
    pub(super) fn can_speak_of(&self, held: Match, found: Match) -> bool {
        let clause = |word: usize| {
            self.sentences
                .get(found.sentence)
                .and_then(|sentence| sentence.clauses.get(word))
                .copied()
                .unwrap_or_default()
        };
        let (from, to) = (clause(held.start), clause(found.end.saturating_sub(1)));
        let same_side = from.side == to.side || clause(held.end.saturating_sub(1)).side == clause(found.start).side;
        same_side && from.part <= to.part
    }

    /// Whether any of the patterns matches somewhere.
    pub(super) fn has_any(&self, patterns: &[Pattern]) -> bool {
        patterns.iter().any(|pattern| self.matches(pattern).next().is_some())
    }
}

impl Sentence {
    fn new(text: &[PlacedWord], vocabulary: &Vocabulary) -> Self {
        let words: Vec<Vec<WordId>> = text.iter().map(|word| vocabulary.lookup(&word.text)).collect();
        let phrases = (0..words.len()).map(|at| phrases_at(&words, at, vocabulary)).collect();
        Self { clauses: text.iter().map(|word| word.clause).collect(), words, phrases }
    }

    /// The nearest end of a match that begins at `at`.
    fn end_of(&self, items: &[Item], at: usize) -> Option<usize> {
        let Some((item, rest)) = items.split_first() else { return Some(at) };
        match item {
            Item::Word(any) => {
                let stands_for = self.words.get(at)?;
                if any.iter().any(|word| stands_for.contains(word)) { self.end_of(rest, at + 1) } else { None }
            }
            Item::Class(class) => {
                let ends = self.phrases.get(at)?.iter().filter(|(of, _)| of == class);
                ends.filter_map(|(_, end)| self.end_of(rest, *end)).min()
            }
            Item::Gap(words) => (at..=(at + words).min(self.words.len())).find_map(|next| self.end_of(rest, next)),
        }
    }
}

fn phrases_at(words: &[Vec<WordId>], at: usize, vocabulary: &Vocabulary) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for first in words.get(at).into_iter().flatten() {
        for phrase in vocabulary.phrases_from(*first) {
            let matches = phrase.rest.iter().enumerate().all(|(offset, any)| {
                words.get(at + 1 + offset).is_some_and(|stands_for| any.iter().any(|word| stands_for.contains(word)))
            });
            let entry = (phrase.class, at + 1 + phrase.rest.len());
            if matches && !found.contains(&entry) {
                found.push(entry);
            }
        }
    }
    found
}

/// Words that set what follows against what came before.
const CONTRAST: [&str; 4] = ["but", "however", "although", "though"];

/// The words of a cleaned text, lower case, apostrophes and marks on letters dropped, stretched letters shortened, sentence
/// by sentence.
fn sentences(text: &str) -> Vec<Vec<PlacedWord>> {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::corpus::pattern::Compiler;

    fn matches(pattern: &str, text: &str) -> Vec<(usize, usize, usize)> {
        let classes = BTreeMap::from([("face".to_owned(), vec!["face".to_owned(), "corner of mouth".to_owned()])]);
        let mut compiler = Compiler::new(&classes);
        let patterns = compiler.patterns(&[pattern.to_owned()]);
        let (vocabulary, mistakes) = compiler.finish();
        assert_eq!(mistakes, []);
        let message = Message::new(text, &vocabulary);
        message.matches(&patterns[0]).map(|found| (found.sentence, found.start, found.end)).collect()
    }

    #[test]
    fn items_match_in_order_inside_one_sentence_with_gaps() {
        assert_eq!(matches("<face> ...2 droop*", "My FACE is drooping!"), [(0, 1, 4)]);
        assert_eq!(matches("<face> ...2 droop*", "the corner of mouth drooped"), [(0, 1, 5)]);
        assert_eq!(matches("<face> ...2 droop*", "face one two three drooped"), []);
        assert_eq!(matches("<face> ...2 droop*", "my face. droop"), []);
        assert_eq!(matches("cant|cannot smile", "Hello. I can't smile"), [(1, 1, 3)]);
    }

    #[test]
    fn stretched_letters_and_marks_change_nothing() {
        assert_eq!(matches("help face", "heeeelp, FACE").len(), 0);
        assert_eq!(matches("heelp face", "heeeelp, FACE").len(), 1);
        let texts = |text: &str| -> Vec<Vec<String>> {
            sentences(text).into_iter().map(|words| words.into_iter().map(|word| word.text).collect()).collect()
        };
        assert_eq!(
            texts("I can’t. Ok?! 3.5 mg\nno"),
            [vec!["i", "cant"], vec!["ok"], vec!["3", "5", "mg"], vec!["no"]]
        );
    }
}
