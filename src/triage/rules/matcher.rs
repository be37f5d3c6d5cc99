//! The matcher: where patterns match the words of a message.

use super::clauses::{Clause, PlacedWord, sentences_of};
use super::pattern::{ClassId, Item, Pattern, Vocabulary, WordId};

/// Words of a message, sentence by sentence, with what each may stand for in a vocabulary.
pub(in crate::triage) struct Message {
    sentences: Vec<Sentence>,
    /// Which words of patterns occur at all, by number: most patterns are ruled out by that alone.
    words: Vec<bool>,
    /// Which classes occur at all.
    classes: Vec<bool>,
}

/// A sentence: for each word the pattern words that it stands for, and the ends of the class phrases that begin there.
pub(in crate::triage) struct Sentence {
    /// The words as they are.
    pub texts: Vec<String>,
    words: Vec<Vec<WordId>>,
    /// For each word, in which clause and in which side of a contrast ("but") it stands.
    clauses: Vec<Clause>,
    /// For each word: class, and index after the phrase's last word.
    pub phrases: Vec<Vec<(ClassId, usize)>>,
}

/// Where a pattern matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PatternMatch {
    /// Index of the sentence.
    pub sentence: usize,
    /// Index of the first word.
    pub start: usize,
    /// Index after the last word.
    pub end: usize,
}

impl Message {
    /// Reads a cleaned text for use with patterns of one vocabulary.
    pub(in crate::triage) fn new(text: &str, vocabulary: &Vocabulary) -> Self {
        let sentences: Vec<Sentence> =
            sentences_of(text).into_iter().map(|words| Sentence::new(words, vocabulary)).collect();
        let mut words = vec![false; vocabulary.word_count()];
        let mut classes = vec![false; vocabulary.class_count()];
        for sentence in &sentences {
            let stands_for = sentence.words.iter().flatten().filter_map(|word| usize::try_from(*word).ok());
            mark(&mut words, stands_for);
            mark(&mut classes, sentence.phrases.iter().flatten().map(|(class, _)| *class));
        }
        Self { sentences, words, classes }
    }

    /// The sentences in order.
    pub(in crate::triage) fn sentences(&self) -> &[Sentence] {
        &self.sentences
    }

    /// Whether everything that a pattern is made of occurs somewhere.
    fn may_match(&self, pattern: &Pattern) -> bool {
        let has = |seen: &[bool], at: usize| seen.get(at).copied().unwrap_or_default();
        pattern.items.iter().all(|item| match item {
            Item::Word(any) => any.iter().any(|word| usize::try_from(*word).is_ok_and(|word| has(&self.words, word))),
            Item::Class(class) => has(&self.classes, *class),
            Item::Gap(_) => true,
        })
    }

    /// All places where a pattern matches, one for each first word, with the nearest end.
    pub(super) fn matches<'a>(&'a self, pattern: &'a Pattern) -> impl Iterator<Item = PatternMatch> + 'a {
        let sentences = if self.may_match(pattern) { self.sentences.len() } else { 0 };
        (0..sentences).flat_map(move |sentence| self.matches_in(sentence, pattern))
    }

    /// The places in one sentence.
    pub(super) fn matches_in<'a>(
        &'a self,
        sentence: usize,
        pattern: &'a Pattern,
    ) -> impl Iterator<Item = PatternMatch> + 'a {
        let sentence_read = self.sentences.get(sentence).filter(|_| self.may_match(pattern));
        sentence_read.into_iter().flat_map(move |words| {
            (0..words.words.len()).filter_map(move |start| {
                let end = words.end_of(&pattern.items, start)?;
                Some(PatternMatch { sentence, start, end })
            })
        })
    }

    /// Whether what `held` says can speak of `found`, both in one sentence: not from the other side of a "but", and not
    /// from a clause that follows it. "My face is drooping, can stress cause that?" asks nothing about drooping faces.
    pub(super) fn can_speak_of(&self, held: PatternMatch, found: PatternMatch) -> bool {
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
    pub(in crate::triage) fn has_any(&self, patterns: &[Pattern]) -> bool {
        patterns.iter().any(|pattern| self.matches(pattern).next().is_some())
    }
}

impl Sentence {
    fn new(placed: Vec<PlacedWord>, vocabulary: &Vocabulary) -> Self {
        let mut sentence = Self {
            texts: Vec::new(),
            words: Vec::new(),
            clauses: Vec::new(),
            phrases: Vec::with_capacity(placed.len()),
        };
        for PlacedWord { text, clause } in placed {
            let stands_for = vocabulary.lookup(&text);
            // "myface": two words that somebody typed as one.
            match vocabulary.split(&text).filter(|_| stands_for.is_empty()) {
                Some((first, second)) => {
                    sentence.push(first, vocabulary.lookup(first), clause);
                    sentence.push(second, vocabulary.lookup(second), clause);
                }
                None => sentence.push(&text, stands_for, clause),
            }
        }
        sentence.phrases = (0..sentence.words.len()).map(|at| phrases_at(&sentence.words, at, vocabulary)).collect();
        sentence
    }

    fn push(&mut self, text: &str, stands_for: Vec<WordId>, clause: Clause) {
        self.texts.push(text.to_owned());
        self.words.push(stands_for);
        self.clauses.push(clause);
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

fn mark(seen: &mut [bool], at: impl Iterator<Item = usize>) {
    for at in at {
        if let Some(seen) = seen.get_mut(at) {
            *seen = true;
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::triage::rules::pattern::Compiler;
    use toml::Spanned;

    fn matches(pattern: &str, text: &str) -> Vec<(usize, usize, usize)> {
        let face = ["face", "corner of mouth"].map(|phrase| Spanned::new(0..0, phrase.to_owned()));
        let classes = BTreeMap::from([("face".to_owned(), face.to_vec())]);
        let mut compiler = Compiler::new(&classes);
        let patterns = compiler.patterns(&[Spanned::new(0..0, pattern.to_owned())]);
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
    fn stretched_letters_count_twice_at_most() {
        assert_eq!(matches("help face", "heeeelp, FACE").len(), 0);
        assert_eq!(matches("heelp face", "heeeelp, FACE").len(), 1);
    }
}
