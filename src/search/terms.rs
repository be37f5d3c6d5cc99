//! A question's text to the terms that are searched for.

use std::ops::Range;

use tantivy::{Searcher, Term};

use super::rarity::{is_english, rarity};
use crate::index::analysis::{self, Expansion, Token};
use crate::index::{Snapshot, TextField};
use crate::question::Question;

/// At most this many asked terms are searched; the rarest stay. Long questions are what makes search slow.
pub const CONCEPTS_MAX: usize = 16;

/// What a question asks about, one entry for each word that carries a topic.
#[derive(Clone, PartialEq)]
pub struct Concept {
    /// The asked term.
    pub term: String,
    /// Term groups that the lexicon adds for it; each group is one way of saying it.
    pub added: Vec<Vec<String>>,
    /// The word as it was asked.
    pub word: String,
    /// How much it matters in the corpus: how rare the term is there (inverse document frequency; highest when no passage holds
    /// it), less where the message only tells of it.
    pub weight: f64,
    /// How much it matters in English: how rare the word is there, from 0 to 1, less where the message only tells of it.
    pub rarity: f64,
    /// Whether some passage or taught question holds the term or one of its groups.
    pub known: bool,
    /// Whether it stands in a sentence that asks.
    pub asks: bool,
}

/// The terms of a question.
#[derive(Clone, PartialEq, Default)]
pub struct QueryTerms {
    /// Topics in the order of the question.
    pub concepts: Vec<Concept>,
    /// Every term of the question, small words too, with whether it stands in a sentence that asks; none twice.
    pub all: Vec<(String, bool)>,
    /// Slips that were repaired: the asked word, and what it was read as.
    pub repaired: Vec<(String, String)>,
}

/// A word of the question, and whether its sentence asks.
struct Word {
    token: Token,
    asks: bool,
}

impl QueryTerms {
    /// Reads the terms of a question against a snapshot.
    pub(super) fn new(
        snapshot: &Snapshot,
        searcher: &Searcher,
        question: &Question,
    ) -> Result<Self, tantivy::TantivyError> {
        let reader = Reader { snapshot, searcher, taught: snapshot.taught.as_ref().map(|taught| taught.searcher()) };
        let mut terms = Self::default();
        for (sentence, asks) in question.sentences() {
            let mut words: Vec<Word> =
                analysis::tokens(sentence).into_iter().map(|token| Word { token, asks }).collect();
            for word in &mut words {
                terms.repaired.extend(reader.repair(&mut word.token)?);
            }
            for word in &words {
                match terms.all.iter_mut().find(|(term, _)| *term == word.token.term) {
                    Some((_, asked)) => *asked |= asks,
                    None => terms.all.push((word.token.term.clone(), asks)),
                }
            }
            terms.take(&reader, &words)?;
        }
        terms.keep_the_best();
        Ok(terms)
    }

    fn take(&mut self, reader: &Reader<'_>, words: &[Word]) -> Result<(), tantivy::TantivyError> {
        let snapshot = reader.snapshot;
        let terms: Vec<String> = words.iter().map(|word| word.token.term.clone()).collect();
        let mut expansions = snapshot.thesaurus.expansions(&terms);
        expansions.extend(spacing(snapshot, words));
        for (at, Word { token: Token { word, term }, asks }) in words.iter().enumerate() {
            let around = expansions.iter().filter(|expansion| expansion.at.contains(&at));
            let added: Vec<&Expansion> =
                around.filter(|expansion| stands_for(expansion, at, words, snapshot)).collect();
            // A number alone is no topic, though headings may begin with one.
            let is_number = word.chars().all(char::is_numeric);
            if added.is_empty() && (is_number || snapshot.thesaurus.is_stop_word(word)) {
                continue;
            }
            let groups: Vec<Vec<String>> = added.into_iter().map(|expansion| expansion.adds.clone()).collect();
            let new = reader.concept(word, term, groups, *asks)?;
            match self.concepts.iter_mut().find(|concept| concept.term == *term) {
                Some(concept) => {
                    concept.added.extend(new.added);
                    concept.known |= new.known;
                    concept.asks |= new.asks;
                    concept.weight = concept.weight.max(new.weight);
                    concept.rarity = concept.rarity.max(new.rarity);
                }
                None => self.concepts.push(new),
            }
        }
        Ok(())
    }

    /// Known terms find something; among them the rare ones say most.
    fn keep_the_best(&mut self) {
        if self.concepts.len() <= CONCEPTS_MAX {
            return;
        }
        let mut by_use: Vec<usize> = (0..self.concepts.len()).collect();
        let use_of = |at: &usize| (self.concepts[*at].known, self.concepts[*at].weight);
        by_use.sort_by(|a, b| use_of(b).partial_cmp(&use_of(a)).unwrap_or(std::cmp::Ordering::Equal));
        by_use.truncate(CONCEPTS_MAX);
        let mut at = 0;
        self.concepts.retain(|_| {
            at += 1;
            by_use.contains(&(at - 1))
        });
    }

    /// Asked words that nothing in the corpus holds in any way of saying them.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.concepts.iter().filter(|concept| !concept.known && concept.asks).map(|concept| concept.word.as_str())
    }
}

/// Words that the corpus writes with another spacing: "eye lid" for "eyelid", "facetwitch" for "face twitch".
fn spacing(snapshot: &Snapshot, words: &[Word]) -> Vec<Expansion> {
    let speller = &snapshot.speller;
    let mut found = Vec::new();
    for (at, pair) in words.windows(2).enumerate() {
        let [first, second] = pair else { continue };
        let joined = format!("{}{}", first.token.word, second.token.word);
        if !snapshot.thesaurus.is_stop_word(&first.token.word) && speller.knows(&joined) {
            found.push(Expansion { at: at..at + 2, adds: analysis::terms(&joined) });
        }
    }
    for (at, Word { token, .. }) in words.iter().enumerate() {
        if speller.knows(&token.word) || is_english(&token.word) {
            continue;
        }
        if let Some((first, second)) = speller.split(&token.word) {
            found.push(Expansion { at: at..at + 1, adds: analysis::terms(&format!("{first} {second}")) });
        }
    }
    found
}

/// Whether a phrase's meaning is counted at this word of it: at each that carries a topic, and at the first of a phrase
/// in which none does ("on and off").
fn stands_for(expansion: &Expansion, at: usize, words: &[Word], snapshot: &Snapshot) -> bool {
    let is_topic =
        |at: usize| words.get(at).is_some_and(|word| !snapshot.thesaurus.is_stop_word(&word.token.word));
    let phrase: Range<usize> = expansion.at.clone();
    is_topic(at) || (at == phrase.start && !phrase.clone().any(is_topic))
}

/// What the corpus knows of terms.
struct Reader<'a> {
    snapshot: &'a Snapshot,
    searcher: &'a Searcher,
    taught: Option<Searcher>,
}

impl Reader<'_> {
    /// Reads a word that is neither English nor in the corpus nor in the lexicon as the known word next to it.
    fn repair(&self, token: &mut Token) -> Result<Option<(String, String)>, tantivy::TantivyError> {
        let is_known = is_english(&token.word)
            || self.snapshot.speller.knows(&token.word)
            || self.snapshot.thesaurus.is_stop_word(&token.word)
            || self.snapshot.thesaurus.knows(&token.term)
            || self.in_passages(&token.term)? > 0;
        if is_known || self.snapshot.speller.split(&token.word).is_some() {
            return Ok(None);
        }
        let Some(read_as) = self.snapshot.speller.repair(&token.word) else { return Ok(None) };
        let asked = std::mem::replace(&mut token.word, read_as);
        token.term = analysis::terms(&token.word).concat();
        Ok(Some((asked, token.word.clone())))
    }

    fn concept(
        &self,
        word: &str,
        term: &str,
        added: Vec<Vec<String>>,
        asks: bool,
    ) -> Result<Concept, tantivy::TantivyError> {
        let mut known = self.is_known(term)?;
        for group in &added {
            let mut all = !group.is_empty();
            for term in group {
                all &= self.is_known(term)?;
            }
            known |= all;
        }
        let matters = if asks { 1.0 } else { f64::from(self.snapshot.manifest.calibration.boosts.told) };
        let weight = inverse_document_frequency(self.in_passages(term)?, self.searcher.num_docs());
        Ok(Concept {
            term: term.to_owned(),
            word: word.to_owned(),
            added,
            weight: matters * weight,
            rarity: matters * rarity(word),
            known,
            asks,
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
