//! A question's text to the terms that are searched for.

use tantivy::{Searcher, Term};

use super::rarity::{is_english, rarity};
use crate::index::analysis::{self, Expansion, Token};
use crate::index::{Snapshot, TextField};

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
    /// How rare the term is in the corpus (inverse document frequency); highest when no passage holds it.
    pub weight: f64,
    /// How rare the word is in English, from 0 to 1.
    pub rarity: f64,
    /// Whether some passage holds the term or one of its groups.
    pub known: bool,
}

/// The terms of a question.
#[derive(Clone, PartialEq, Default)]
pub struct QueryTerms {
    /// Topics in the order of the question.
    pub concepts: Vec<Concept>,
    /// Slips that were repaired: the asked word, and what it was read as.
    pub repaired: Vec<(String, String)>,
}

impl QueryTerms {
    /// Reads the terms of a question against a snapshot.
    pub(super) fn new(snapshot: &Snapshot, searcher: &Searcher, text: &str) -> Result<Self, tantivy::TantivyError> {
        let mut tokens = analysis::tokens(text);
        let mut repaired = Vec::new();
        for token in &mut tokens {
            repaired.extend(repair(snapshot, searcher, token)?);
        }
        let terms: Vec<String> = tokens.iter().map(|token| token.term.clone()).collect();
        let expansions = snapshot.thesaurus.expansions(&terms);
        let mut concepts: Vec<Concept> = Vec::new();
        for (at, Token { word, term }) in tokens.iter().enumerate() {
            let around = expansions.iter().filter(|expansion| expansion.at.contains(&at));
            let added: Vec<&Expansion> =
                around.filter(|expansion| stands_for(expansion, at, &tokens, snapshot)).collect();
            // A number alone is no topic, though headings may begin with one.
            let is_number = word.chars().all(char::is_numeric);
            if added.is_empty() && (is_number || snapshot.thesaurus.is_stop_word(word)) {
                continue;
            }
            let groups: Vec<Vec<String>> = added.into_iter().map(|expansion| expansion.adds.clone()).collect();
            match concepts.iter_mut().find(|concept| concept.term == *term) {
                Some(concept) => concept.added.extend(groups),
                None => concepts.push(concept(snapshot, searcher, word, term, groups)?),
            }
        }
        if concepts.len() > CONCEPTS_MAX {
            // Known terms find something; among them the rare ones say most.
            let mut by_use: Vec<usize> = (0..concepts.len()).collect();
            by_use.sort_by(|a, b| {
                (concepts[*b].known, concepts[*b].weight)
                    .partial_cmp(&(concepts[*a].known, concepts[*a].weight))
                    .unwrap_or(std::cmp::Ordering::Equal)
            });
            by_use.truncate(CONCEPTS_MAX);
            let mut at = 0;
            concepts.retain(|_| {
                at += 1;
                by_use.contains(&(at - 1))
            });
        }
        Ok(Self { concepts, repaired })
    }

    /// Asked terms that no passage holds in any way of saying them.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.concepts.iter().filter(|concept| !concept.known).map(|concept| concept.term.as_str())
    }
}

/// Reads a word that is neither English nor in the corpus nor in the lexicon as the known word next to it.
fn repair(
    snapshot: &Snapshot,
    searcher: &Searcher,
    token: &mut Token,
) -> Result<Option<(String, String)>, tantivy::TantivyError> {
    let is_known = is_english(&token.word)
        || snapshot.thesaurus.is_stop_word(&token.word)
        || snapshot.thesaurus.knows(&token.term)
        || document_frequency(snapshot, searcher, &token.term)? > 0;
    let Some(read_as) = snapshot.speller.repair(&token.word).filter(|_| !is_known) else { return Ok(None) };
    let asked = std::mem::replace(&mut token.word, read_as.to_owned());
    token.term = analysis::terms(read_as).concat();
    Ok(Some((asked, token.word.clone())))
}

/// Whether a phrase's meaning is counted at this word of it: at each that carries a topic, and at the first of a phrase
/// in which none does ("on and off").
fn stands_for(expansion: &Expansion, at: usize, tokens: &[Token], snapshot: &Snapshot) -> bool {
    let is_topic = |at: usize| tokens.get(at).is_some_and(|token| !snapshot.thesaurus.is_stop_word(&token.word));
    is_topic(at) || (at == expansion.at.start && !expansion.at.clone().any(is_topic))
}

fn concept(
    snapshot: &Snapshot,
    searcher: &Searcher,
    word: &str,
    term: &str,
    added: Vec<Vec<String>>,
) -> Result<Concept, tantivy::TantivyError> {
    let frequency = document_frequency(snapshot, searcher, term)?;
    let mut known = frequency > 0;
    for group in &added {
        let mut all = !group.is_empty();
        for term in group {
            all &= document_frequency(snapshot, searcher, term)? > 0;
        }
        known |= all;
    }
    let weight = inverse_document_frequency(frequency, searcher.num_docs());
    Ok(Concept { term: term.to_owned(), word: word.to_owned(), added, weight, rarity: rarity(word), known })
}

/// In how many passages a term stands, in any field: at least the largest count of one field.
fn document_frequency(snapshot: &Snapshot, searcher: &Searcher, term: &str) -> Result<u64, tantivy::TantivyError> {
    let mut most = 0;
    for field in TextField::ALL {
        most = most.max(searcher.doc_freq(&Term::from_field_text(snapshot.fields.text(field), term))?);
    }
    Ok(most)
}

/// BM25's inverse document frequency, as tantivy computes it.
#[expect(clippy::cast_precision_loss, reason = "counts of passages are far below 2^52")]
fn inverse_document_frequency(frequency: u64, passages: u64) -> f64 {
    (1.0 + (passages as f64 - frequency as f64 + 0.5) / (frequency as f64 + 0.5)).ln()
}
