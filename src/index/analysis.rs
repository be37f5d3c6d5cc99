//! How text becomes terms, the same for passages and for questions, and how the lexicon adds terms to a question.

use std::collections::{HashMap, HashSet};

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer,
};

use crate::corpus::{Direction, Entry};
use crate::language::{stop_words, words};

/// Longest word that becomes a term, in bytes; longer runs are noise.
const TERM_MAX_BYTES: usize = 40;

/// The analyzer of every text field: words, lower case, without accents, stemmed.
pub fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(TERM_MAX_BYTES))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(Stemmer::new(Language::English))
        .build()
}

/// A word of a text and the term that it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The word, in lower case.
    pub word: String,
    /// What is indexed and searched.
    pub term: String,
}

/// The words of a text with their terms, stop words included, in order.
pub fn tokens(text: &str) -> Vec<Token> {
    // Building an analyzer costs less than a microsecond and keeps this a function of its argument.
    let mut analyzer = analyzer();
    let text = words::fold(text);
    let mut stream = analyzer.token_stream(&text);
    let mut tokens = Vec::new();
    while stream.advance() {
        let token = stream.token();
        let word = text.get(token.offset_from..token.offset_to).unwrap_or_default().to_lowercase();
        tokens.push(Token { word, term: token.text.clone() });
    }
    tokens
}

/// The terms of a text, stop words included, in order.
pub fn terms(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|token| token.term).collect()
}

/// Terms that another way of saying a thing stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Synonym {
    /// The rest of the phrase after its first term.
    rest: Vec<String>,
    /// What is added when the whole phrase is found.
    adds: Vec<String>,
}

/// The kind of a row whose variant is no word but a typo.
pub(super) const MISSPELLING: &str = "misspelling";

/// The lexicon and the stop words in terms, ready to expand a question.
#[derive(Debug, Default)]
pub struct SynonymMap {
    by_first_term: HashMap<String, Vec<Synonym>>,
    /// Every term of every row but misspellings, of those too that are not for search: none of them is a typo of
    /// another.
    terms: HashSet<String>,
    stop_words: HashSet<&'static str>,
}

/// A phrase of a question that the lexicon knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expansion {
    /// Where it begins in the question's terms, and how many it spans.
    pub at: std::ops::Range<usize>,
    /// The terms that it adds.
    pub adds: Vec<String>,
}

impl SynonymMap {
    /// Compiles the rows that are for search.
    pub fn new(lexicon: &[Entry]) -> Self {
        let mut synonyms = Self { stop_words: stop_words::all(), ..Self::default() };
        let pair = |entry: &Entry| (terms(&entry.canonical), terms(&entry.variant));
        let with = |direction| lexicon.iter().filter(move |entry| entry.direction == direction);
        let blocked: HashSet<(Vec<String>, Vec<String>)> = with(Direction::Block).map(pair).collect();
        let mut ways: HashMap<Vec<String>, Vec<&Entry>> = HashMap::new();
        for entry in with(Direction::TwoWay) {
            ways.entry(terms(&entry.canonical)).or_default().push(entry);
        }
        for entry in lexicon {
            let (canonical, variant) = pair(entry);
            let never = matches!(entry.direction, Direction::Block | Direction::Triage);
            if never || blocked.contains(&(canonical.clone(), variant.clone())) {
                continue;
            }
            synonyms.add(&variant, &entry.canonical);
            // Another name of the same thing may be the one that the corpus uses.
            for other in ways.get(&canonical).into_iter().flatten().filter(|other| other.variant != entry.variant) {
                synonyms.add(&variant, &other.variant);
            }
            if entry.direction == Direction::TwoWay {
                synonyms.add(&canonical, &entry.variant);
            }
        }
        let spelt = lexicon.iter().filter(|entry| entry.kind != MISSPELLING);
        synonyms.terms = spelt.flat_map(|entry| [pair(entry).0, pair(entry).1].concat()).collect();
        for synonyms in synonyms.by_first_term.values_mut() {
            synonyms.sort_by_key(|synonym| std::cmp::Reverse(synonym.rest.len()));
        }
        synonyms
    }

    fn add(&mut self, phrase: &[String], adds: &str) {
        let Some((first, rest)) = phrase.split_first() else { return };
        let adds =
            tokens(adds).into_iter().filter(|token| !self.is_stop_word(&token.word)).map(|token| token.term).collect();
        let synonym = Synonym { rest: rest.to_vec(), adds };
        let known = self.by_first_term.entry(first.clone()).or_default();
        if !known.contains(&synonym) {
            known.push(synonym);
        }
    }

    /// Whether the lexicon has this term.
    pub fn knows(&self, term: &str) -> bool {
        self.terms.contains(term)
    }

    /// Whether a word carries no topic.
    pub fn is_stop_word(&self, word: &str) -> bool {
        self.stop_words.contains(word)
    }

    /// Every phrase of the question that the lexicon knows. A phrase inside a longer known one is left out, because the
    /// longer one says what is meant.
    pub fn expansions(&self, terms: &[String]) -> Vec<Expansion> {
        let mut found: Vec<Expansion> = Vec::new();
        for (at, term) in terms.iter().enumerate() {
            let Some(synonyms) = self.by_first_term.get(term) else { continue };
            let mut longest = 0;
            for synonym in synonyms {
                let end = at + 1 + synonym.rest.len();
                let matches = terms.get(at + 1..end).is_some_and(|rest| rest == synonym.rest);
                if matches && synonym.rest.len() >= longest {
                    longest = synonym.rest.len();
                    found.push(Expansion { at: at..end, adds: synonym.adds.clone() });
                }
            }
        }
        // They come in order of their beginnings, and of one beginning only the longest: a phrase lies inside another
        // if one that began before ends no earlier.
        let (mut reached, mut before) = (0, 0..0);
        found.retain(|one| {
            if one.at != before {
                reached = reached.max(before.end);
                before = one.at.clone();
            }
            one.at.end > reached
        });
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(canonical: &str, variant: &str, direction: Direction) -> Entry {
        Entry {
            canonical: canonical.into(),
            variant: variant.into(),
            kind: "lay".into(),
            direction,
            note: String::new(),
        }
    }

    fn added(lexicon: &[Entry], question: &str) -> Vec<String> {
        SynonymMap::new(lexicon)
            .expansions(&terms(question))
            .into_iter()
            .map(|expansion| expansion.adds.join(" "))
            .collect()
    }

    #[test]
    fn terms_are_folded_and_stemmed_and_apostrophes_join() {
        assert_eq!(terms("Bell's Palsies — twitching NAÏVE can’t"), ["bell", "palsi", "twitch", "naiv", "cant"]);
    }

    #[test]
    fn the_direction_column_is_obeyed() {
        let lexicon = [
            entry("magnetic resonance imaging", "MRI", Direction::TwoWay),
            entry("dystonia", "jerking", Direction::OneWay),
            entry("facial twitching", "stroke", Direction::Block),
            entry("facial twitching", "stroke", Direction::OneWay),
            entry("stroke", "droop", Direction::Triage),
        ];
        assert_eq!(added(&lexicon, "an mri"), ["magnet reson imag"]);
        assert_eq!(added(&lexicon, "magnetic resonance imaging"), ["mri"]);
        assert_eq!(added(&lexicon, "my jerking"), ["dystonia"]);
        assert_eq!(added(&lexicon, "dystonia stroke droop"), [""; 0]);
    }

    #[test]
    fn the_longest_known_phrase_wins() {
        let lexicon = [entry("lid", "eye", Direction::OneWay), entry("myokymia", "eye twitch", Direction::OneWay)];
        assert_eq!(added(&lexicon, "eye twitching"), ["myokymia"]);
        assert_eq!(added(&lexicon, "eye"), ["lid"]);
    }
}
