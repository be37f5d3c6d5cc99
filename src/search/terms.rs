//! A question's text to the terms that are searched for.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use tantivy::{Searcher, Term};

use crate::index::analysis::{self, Expansion, Token};
use crate::index::{Snapshot, TaughtIndex, TextField};
use crate::language::word_frequency;
use crate::question::Question;
use crate::ranking::Boosts;

/// At most this many asked terms are searched; the rarest stay. Long questions are what makes search slow.
pub const QUERY_TERMS_MAX: usize = 16;

/// At most this many words are looked up as typos.
const CORRECTIONS_MAX: usize = 24;

/// A query term: a word of the question that carries a topic, with its synonyms.
#[derive(Clone, PartialEq)]
pub struct QueryTerm {
    /// The asked term.
    pub term: String,
    /// Term groups that the lexicon adds for it; each group is one way of saying it.
    pub synonyms: Vec<Vec<String>>,
    /// The word as it was asked.
    pub word: String,
    /// How much it matters in the corpus: how rare the term is there (inverse document frequency; highest when no
    /// passage holds it), less in a background sentence.
    pub weight: f64,
    /// How much it matters in English: how rare the word is there, from 0 to 1, less in a background sentence.
    pub rarity: f64,
    /// Whether some passage or taught question holds the term or one of its groups.
    pub known: bool,
    /// Whether it stands in a sentence that is a question.
    pub is_question: bool,
}

/// The terms of a question.
#[derive(Clone, PartialEq, Default)]
pub struct QueryTerms {
    /// One for each word that carries a topic, in the order of the question.
    pub terms: Vec<QueryTerm>,
    /// Every term of the question, small words too, with whether its sentence is a question; none twice.
    pub all: Vec<(String, bool)>,
    /// The words of the sentences that are questions, typos corrected: what is embedded.
    pub question_words: Vec<String>,
    /// Typos that were corrected: the asked word, and what it was read as.
    pub corrected: Vec<(String, String)>,
    /// Whether every word of the message counts, because it is short.
    pub is_short: bool,
    /// Share of the question's weight, by rarity in English, that nothing in the corpus holds.
    pub unknown_share: f64,
    /// How many words were looked up as typos.
    tried: usize,
}

/// A word of the question, and whether its sentence is a question.
struct Word {
    token: Token,
    is_question: bool,
}

impl QueryTerms {
    /// Reads the terms of a question against a snapshot.
    pub(super) fn new(
        snapshot: &Snapshot,
        searcher: &Searcher,
        question: &Question,
        boosts: &Boosts,
    ) -> Result<Self, tantivy::TantivyError> {
        let reader = Reader { snapshot, searcher, taught: snapshot.taught.as_ref().map(TaughtIndex::searcher), boosts };
        let mut sentences = question.sentences();
        // Questions come first, so that a limit reaches it last.
        sentences.sort_by_key(|(_, is_question)| !*is_question);
        let mut terms = Self { is_short: question.is_short(), ..Self::default() };
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut seen: HashSet<String> = HashSet::new();
        for (sentence, is_question) in sentences {
            let mut words: Vec<Word> = Vec::new();
            for token in analysis::tokens(sentence) {
                words.extend(terms.correct(&reader, token)?.into_iter().map(|token| Word { token, is_question }));
            }
            for word in &words {
                if is_question {
                    terms.question_words.push(word.token.word.clone());
                }
                if seen.insert(word.token.term.clone()) {
                    terms.all.push((word.token.term.clone(), is_question));
                }
            }
            terms.take(&reader, &words, &mut places)?;
        }
        terms.weigh_unknown();
        terms.keep_the_best();
        Ok(terms)
    }

    /// Reads a typo as what was meant. The same typo is looked up once, and not more than some: each costs a search of
    /// its own.
    fn correct(&mut self, reader: &Reader<'_>, token: Token) -> Result<Vec<Token>, tantivy::TantivyError> {
        if let Some((_, read_as)) = self.corrected.iter().find(|(asked, _)| *asked == token.word) {
            return Ok(analysis::tokens(read_as));
        }
        if self.tried >= CORRECTIONS_MAX || reader.is_word(&token)? {
            return Ok(vec![token]);
        }
        self.tried += 1;
        let Some(read_as) = reader.snapshot.spell_checker.correct(&token.word) else { return Ok(vec![token]) };
        let read_as = read_as.join(" ");
        let tokens = analysis::tokens(&read_as);
        self.corrected.push((token.word, read_as));
        Ok(tokens)
    }

    /// Adds the topics of a sentence. `places` says where each term stands already.
    fn take(
        &mut self,
        reader: &Reader<'_>,
        words: &[Word],
        places: &mut HashMap<String, usize>,
    ) -> Result<(), tantivy::TantivyError> {
        let snapshot = reader.snapshot;
        let terms: Vec<String> = words.iter().map(|word| word.token.term.clone()).collect();
        let mut expansions = snapshot.synonyms.expansions(&terms);
        expansions.extend(joined(snapshot, words));
        let mut around: Vec<Vec<&Expansion>> = vec![Vec::new(); words.len()];
        for expansion in &expansions {
            for at in expansion.at.clone().filter(|at| stands_for(expansion, *at, words, snapshot)) {
                around[at].push(expansion);
            }
        }
        for (Word { token: Token { word, term }, is_question }, added) in words.iter().zip(around) {
            // A number alone is no topic, though headings may begin with one.
            let is_number = word.chars().all(char::is_numeric);
            if added.is_empty() && (is_number || snapshot.synonyms.is_stop_word(word)) {
                continue;
            }
            let at = if let Some(at) = places.get(term) {
                *at
            } else {
                self.terms.push(reader.query_term(word, term, *is_question)?);
                places.insert(term.clone(), self.terms.len() - 1);
                self.terms.len() - 1
            };
            for expansion in added {
                if self.terms[at].synonyms.contains(&expansion.adds) {
                    continue;
                }
                let all_known = expansion.adds.iter().try_fold(!expansion.adds.is_empty(), |all, term| {
                    Ok::<bool, tantivy::TantivyError>(all && reader.is_known(term)?)
                })?;
                self.terms[at].known |= all_known;
                self.terms[at].synonyms.push(expansion.adds.clone());
            }
        }
        Ok(())
    }

    /// How much of the question nothing in the corpus holds, before any limit on terms.
    fn weigh_unknown(&mut self) {
        let weigh = |sum: f64, term: &QueryTerm| sum + term.rarity;
        let total = self.terms.iter().fold(0.0, weigh);
        let unknown = self.terms.iter().filter(|term| !term.known).fold(0.0, weigh);
        self.unknown_share = if total > 0.0 { unknown / total } else { 0.0 };
    }

    /// Known terms find something; among them the rare ones say most.
    fn keep_the_best(&mut self) {
        if self.terms.len() <= QUERY_TERMS_MAX {
            return;
        }
        let mut by_use: Vec<usize> = (0..self.terms.len()).collect();
        let use_of = |at: &usize| (self.terms[*at].known, self.terms[*at].weight);
        by_use.sort_by(|a, b| use_of(b).partial_cmp(&use_of(a)).unwrap_or(std::cmp::Ordering::Equal));
        by_use.truncate(QUERY_TERMS_MAX);
        let mut at = 0;
        self.terms.retain(|_| {
            at += 1;
            by_use.contains(&(at - 1))
        });
    }

    /// Asked words that nothing in the corpus holds in any way of saying them.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter(|term| !term.known && term.is_question).map(|term| term.word.as_str())
    }
}

/// Words that the corpus writes as one: "eye lid" for "eyelid".
fn joined(snapshot: &Snapshot, words: &[Word]) -> Vec<Expansion> {
    let mut found = Vec::new();
    for (at, pair) in words.windows(2).enumerate() {
        let [first, second] = pair else { continue };
        let joined = format!("{}{}", first.token.word, second.token.word);
        if !snapshot.synonyms.is_stop_word(&first.token.word) && snapshot.spell_checker.knows(&joined) {
            found.push(Expansion { at: at..at + 2, adds: analysis::terms(&joined) });
        }
    }
    found
}

/// Whether a phrase's synonym is counted at this word of it: at each that carries a topic, and at the first of a phrase
/// in which none does ("on and off").
fn stands_for(expansion: &Expansion, at: usize, words: &[Word], snapshot: &Snapshot) -> bool {
    let is_topic = |at: usize| words.get(at).is_some_and(|word| !snapshot.synonyms.is_stop_word(&word.token.word));
    let phrase: Range<usize> = expansion.at.clone();
    is_topic(at) || (at == phrase.start && !phrase.clone().any(is_topic))
}

/// What the corpus knows of terms.
struct Reader<'a> {
    snapshot: &'a Snapshot,
    searcher: &'a Searcher,
    taught: Option<Searcher>,
    boosts: &'a Boosts,
}

impl Reader<'_> {
    /// Whether a word needs no repair: it is English, or stands in the corpus or anywhere in the lexicon.
    fn is_word(&self, token: &Token) -> Result<bool, tantivy::TantivyError> {
        Ok(word_frequency::is_word(&token.word)
            || self.snapshot.spell_checker.knows(&token.word)
            || self.snapshot.synonyms.is_stop_word(&token.word)
            || self.snapshot.synonyms.knows(&token.term)
            || self.in_passages(&token.term)? > 0)
    }

    fn query_term(&self, word: &str, term: &str, is_question: bool) -> Result<QueryTerm, tantivy::TantivyError> {
        let matters = if is_question { 1.0 } else { f64::from(self.boosts.background) };
        let weight = inverse_document_frequency(self.in_passages(term)?, self.searcher.num_docs());
        Ok(QueryTerm {
            term: term.to_owned(),
            word: word.to_owned(),
            synonyms: Vec::new(),
            weight: matters * weight,
            rarity: matters * word_frequency::rarity(word),
            known: self.is_known(term)?,
            is_question,
        })
    }

    fn is_known(&self, term: &str) -> Result<bool, tantivy::TantivyError> {
        if self.in_passages(term)? > 0 {
            return Ok(true);
        }
        let (Some(searcher), Some(taught)) = (&self.taught, &self.snapshot.taught) else { return Ok(false) };
        Ok(searcher.doc_freq(&Term::from_field_text(taught.fields.asked, term))? > 0)
    }

    /// In how many passages a term stands, in any field: at least the largest count of one field.
    fn in_passages(&self, term: &str) -> Result<u64, tantivy::TantivyError> {
        let mut most = 0;
        for field in TextField::ALL {
            most = most.max(self.searcher.doc_freq(&Term::from_field_text(self.snapshot.fields.text(field), term))?);
        }
        Ok(most)
    }
}

/// BM25's inverse document frequency, as tantivy computes it.
#[expect(clippy::cast_precision_loss, reason = "counts of passages are far below 2^52")]
pub(super) fn inverse_document_frequency(frequency: u64, documents: u64) -> f64 {
    (1.0 + (documents as f64 - frequency as f64 + 0.5) / (frequency as f64 + 0.5)).ln()
}
