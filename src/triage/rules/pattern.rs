//! Patterns over the words of a message: how editors write down what people say.
//!
//! A pattern is a row of items inside one sentence: `word`, `begin*`, `this|that`, `<class>`, and `...` or `...3` for a
//! gap. There are no regular expressions of editors' making, so matching takes linear time. Compiling is here, matching
//! in `matcher`.

use std::collections::{BTreeMap, HashMap};

use toml::Spanned;

use crate::language::spelling;

/// How many other words `...` spans when it names no number.
const DEFAULT_GAP: usize = 5;
/// Words of at least this many letters may be misspelt by one edit.
const ONE_TYPO_MIN_CHARS: usize = 6;
/// Words of at least this many letters may be misspelt by two.
const TWO_TYPOS_MIN_CHARS: usize = 9;

/// Parts of at least this many bytes may be taken for words that were typed without a space.
const SPLIT_MIN_BYTES: usize = 4;
/// Shorter parts that may be, too.
const SHORT_BUT_COMMON: [&str; 8] = ["my", "im", "ive", "is", "his", "her", "the", "and"];

/// A word of some pattern, by number.
pub type WordId = u32;
/// A class of phrases, by number.
pub type ClassId = usize;

/// A row of items, matched in order inside one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The items.
    pub items: Vec<Item>,
    /// As it was written, for `--explain`.
    pub written: String,
}

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// One word out of some.
    Word(Vec<WordId>),
    /// Any phrase of a class.
    Class(ClassId),
    /// From no word up to this many words.
    Gap(usize),
}

/// A phrase of a class: what may follow its first word.
#[derive(Debug, Clone)]
pub struct Phrase {
    /// The class it belongs to.
    pub class: ClassId,
    /// Alternatives for each further word.
    pub rest: Vec<Vec<WordId>>,
}

/// The words and classes that patterns are made of.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    exact: HashMap<String, WordId>,
    prefixes: HashMap<String, WordId>,
    /// Words long enough to be misspelt, by their first letter.
    typos: HashMap<char, Vec<LongWord>>,
    phrases: HashMap<WordId, Vec<Phrase>>,
    next_word: WordId,
    class_names: Vec<String>,
}

/// A word of a pattern that is long enough to be misspelt.
#[derive(Debug, Clone)]
struct LongWord {
    stem: Box<str>,
    length: usize,
    /// Whether any word that begins so is meant.
    prefix: bool,
    id: WordId,
    letters: Letters,
}

/// The letters that a word has, a bit each.
#[derive(Debug, Clone, Copy)]
struct Letters(u32);

impl Letters {
    fn of(word: &str) -> Self {
        Self(word.bytes().fold(0, |letters, byte| letters | 1 << (byte & 31)))
    }

    /// How many of these letters the other word does not have.
    const fn missing_in(self, other: Self) -> u32 {
        (self.0 & !other.0).count_ones()
    }
}

impl LongWord {
    fn is_near(&self, word: &str, length: usize, letters: Letters) -> bool {
        let allowed: usize = if self.length >= TWO_TYPOS_MIN_CHARS { 2 } else { 1 };
        // Each typo loses one letter at most: this rules out nearly all words before they are compared.
        if self.letters.missing_in(letters) as usize > allowed || length + allowed < self.length {
            return false;
        }
        let near = |word: &str| strsim::osa_distance(&self.stem, word) <= allowed;
        if !self.prefix {
            return self.length.abs_diff(length) <= allowed && near(word);
        }
        let ends = word.char_indices().map(|(at, _)| at).chain([word.len()]);
        let beginnings = ends.skip(self.length.saturating_sub(allowed)).take(2 * allowed + 1);
        beginnings.filter_map(|end| word.get(..end)).any(near)
    }
}

impl Vocabulary {
    /// How many words of patterns there are.
    pub const fn word_count(&self) -> usize {
        self.next_word as usize
    }

    /// How many classes there are.
    pub const fn class_count(&self) -> usize {
        self.class_names.len()
    }

    /// The name of a class.
    pub fn class_name(&self, class: ClassId) -> &str {
        self.class_names.get(class).map_or("", String::as_str)
    }

    /// The phrases of classes that begin with this word.
    pub fn phrases_from(&self, word: WordId) -> &[Phrase] {
        self.phrases.get(&word).map_or(&[], Vec::as_slice)
    }

    /// The words of patterns that a word of a message stands for.
    ///
    /// A word that is itself written in some pattern is never read as a typo of another: "blurred" is not "slurred".
    pub fn lookup(&self, word: &str) -> Vec<WordId> {
        let mut found: Vec<WordId> = self.exact.get(word).copied().into_iter().collect();
        for (end, _) in word.char_indices().skip(1).chain(std::iter::once((word.len(), ' '))) {
            found.extend(word.get(..end).and_then(|prefix| self.prefixes.get(prefix)));
        }
        if found.is_empty() {
            found.extend(self.typos_of(word));
        }
        found
    }

    /// The two words of patterns that a word consists of: "myface" was meant as two.
    pub fn split<'a>(&self, word: &'a str) -> Option<(&'a str, &'a str)> {
        let is_word = |part: &str| {
            let long_enough = part.len() >= SPLIT_MIN_BYTES || SHORT_BUT_COMMON.contains(&part);
            long_enough && self.exact.contains_key(part)
        };
        let borders = word.char_indices().map(|(at, _)| at).skip(1);
        borders.filter_map(|at| word.split_at_checked(at)).find(|(first, second)| is_word(first) && is_word(second))
    }

    fn typos_of(&self, word: &str) -> impl Iterator<Item = WordId> {
        let length = word.chars().count();
        let letters = Letters::of(word);
        let candidates = word.chars().next().and_then(|first| self.typos.get(&first));
        let near = move |candidate: &&LongWord| candidate.is_near(word, length, letters);
        candidates.into_iter().flatten().filter(near).map(|candidate| candidate.id)
    }

    fn intern(&mut self, stem: &str, prefix: bool) -> WordId {
        let known = if prefix { &mut self.prefixes } else { &mut self.exact };
        if let Some(id) = known.get(stem) {
            return *id;
        }
        let id = self.next_word;
        self.next_word += 1;
        known.insert(stem.to_owned(), id);
        let length = stem.chars().count();
        if let Some(first) = stem.chars().next().filter(|_| length >= ONE_TYPO_MIN_CHARS) {
            let long = LongWord { stem: stem.into(), length, prefix, id, letters: Letters::of(stem) };
            self.typos.entry(first).or_default().push(long);
        }
        id
    }
}

/// Compiles the patterns of one file and collects what is wrong with them.
pub struct Compiler<'a> {
    classes: &'a BTreeMap<String, Vec<Spanned<String>>>,
    class_ids: HashMap<String, ClassId>,
    vocabulary: Vocabulary,
    /// Where in the text, in bytes, and what is wrong.
    mistakes: Vec<(usize, String)>,
}

impl<'a> Compiler<'a> {
    /// A compiler that knows these classes.
    pub fn new(classes: &'a BTreeMap<String, Vec<Spanned<String>>>) -> Self {
        let mut compiler =
            Self { classes, class_ids: HashMap::new(), vocabulary: Vocabulary::default(), mistakes: Vec::new() };
        for name in classes.keys() {
            let id = compiler.vocabulary.class_names.len();
            compiler.vocabulary.class_names.push(name.clone());
            compiler.class_ids.insert(name.clone(), id);
            compiler.fill_class(id, name, &mut Vec::new());
        }
        compiler
    }

    /// The vocabulary of everything compiled, and the mistakes: where in the text, in bytes, and what.
    pub fn finish(self) -> (Vocabulary, Vec<(usize, String)>) {
        (self.vocabulary, self.mistakes)
    }

    /// Compiles some patterns.
    pub fn patterns(&mut self, written: &[Spanned<String>]) -> Vec<Pattern> {
        written.iter().map(|pattern| self.pattern(pattern)).collect()
    }

    fn mistake(&mut self, at: usize, message: String) {
        self.mistakes.push((at, message));
    }

    fn pattern(&mut self, pattern: &Spanned<String>) -> Pattern {
        let (at, written) = (pattern.span().start, pattern.get_ref());
        let items: Vec<Item> = written.split_whitespace().filter_map(|item| self.item(at, item)).collect();
        if items.iter().all(|item| matches!(item, Item::Gap(_))) {
            self.mistake(at, format!("the pattern \"{written}\" has no word"));
        }
        Pattern { items, written: written.clone() }
    }

    fn item(&mut self, at: usize, item: &str) -> Option<Item> {
        if let Some(number) = item.strip_prefix("...") {
            return match number.parse() {
                Ok(words) => Some(Item::Gap(words)),
                Err(_) if number.is_empty() => Some(Item::Gap(DEFAULT_GAP)),
                Err(_) => {
                    self.mistake(at, format!("\"{item}\" is no gap; write ... or ...3"));
                    None
                }
            };
        }
        if let Some(name) = class_name(item) {
            let id = self.class_ids.get(name).copied();
            if id.is_none() {
                self.unknown_class(at, name);
            }
            return id.map(Item::Class);
        }
        Some(Item::Word(self.alternatives(at, item)))
    }

    fn unknown_class(&mut self, at: usize, name: &str) {
        let nearest = spelling::nearest(name, self.classes.keys().map(String::as_str));
        let hint = nearest.map_or_else(String::new, |name| format!("; did you mean <{name}>?"));
        self.mistake(at, format!("unknown class <{name}>{hint}"));
    }

    /// Adds the phrases of the class `name`, and of the classes in it, to the class `id`.
    fn fill_class(&mut self, id: ClassId, name: &'a str, open: &mut Vec<&'a str>) {
        open.push(name);
        for phrase in self.classes.get(name).into_iter().flatten() {
            let at = phrase.span().start;
            match class_name(phrase.get_ref()) {
                Some(inner) if open.contains(&inner) => {
                    self.mistake(at, format!("the class <{inner}> contains itself"));
                }
                Some(inner) if self.classes.contains_key(inner) => self.fill_class(id, inner, open),
                Some(inner) => self.unknown_class(at, inner),
                None => self.add_phrase(id, at, phrase.get_ref()),
            }
        }
        open.pop();
    }

    fn add_phrase(&mut self, class: ClassId, at: usize, phrase: &str) {
        let mut words: Vec<Vec<WordId>> = phrase.split_whitespace().map(|item| self.alternatives(at, item)).collect();
        if words.is_empty() {
            return;
        }
        let first = words.remove(0);
        for word in first {
            self.vocabulary.phrases.entry(word).or_default().push(Phrase { class, rest: words.clone() });
        }
    }

    fn alternatives(&mut self, at: usize, item: &str) -> Vec<WordId> {
        item.split('|').filter_map(|word| self.word(at, word)).collect()
    }

    fn word(&mut self, at: usize, word: &str) -> Option<WordId> {
        let stem = word.strip_suffix('*').unwrap_or(word);
        if stem.is_empty() || !stem.chars().all(|c| c.is_alphanumeric() && c.to_lowercase().eq([c])) {
            let message = format!("\"{word}\" can never match; words are lower case, without apostrophes or marks");
            self.mistake(at, message);
            return None;
        }
        Some(self.vocabulary.intern(stem, stem.len() < word.len()))
    }
}

fn class_name(item: &str) -> Option<&str> {
    item.strip_prefix('<')?.strip_suffix('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(texts: &[&str]) -> Vec<Spanned<String>> {
        texts.iter().map(|text| Spanned::new(0..0, (*text).to_owned())).collect()
    }

    #[test]
    fn a_word_matches_exactly_by_its_beginning_or_with_a_typo() {
        let classes = BTreeMap::new();
        let mut compiler = Compiler::new(&classes);
        compiler.patterns(&written(&["slurred droopi* droop* face blurred"]));
        let (vocabulary, mistakes) = compiler.finish();
        assert_eq!(mistakes, []);
        assert_eq!(vocabulary.lookup("slurred"), vocabulary.lookup("slured"));
        assert_ne!(vocabulary.lookup("slurred"), vocabulary.lookup("blurred"));
        assert_eq!(vocabulary.lookup("drooped").len(), 1);
        assert_eq!(vocabulary.lookup("dropoing").len(), 1);
        assert!(vocabulary.lookup("faces").is_empty());
    }

    #[test]
    fn mistakes_say_what_can_never_match() {
        let classes = BTreeMap::from([("face".to_owned(), written(&["face", "<face>", "<fase>"]))]);
        let mut compiler = Compiler::new(&classes);
        compiler.patterns(&written(&["<fce> ...x Can't", "..."]));
        let messages: Vec<String> = compiler.finish().1.into_iter().map(|(_, message)| message).collect();
        assert_eq!(messages.len(), 6, "{messages:#?}");
    }
}
