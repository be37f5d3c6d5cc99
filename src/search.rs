//! A question and a snapshot to hits with their reasons.
//!
//! Purpose: find and rank passages. Whether the best of them answers anything is decided in `answer`.

mod lexical;
mod rarity;
mod terms;

use std::collections::HashSet;

pub use tantivy::TantivyError as SearchError;
pub use terms::{CONCEPTS_MAX, Concept, QueryTerms};

use crate::index::{Snapshot, TextField, analysis};
use crate::question::Question;

/// How many passages are ranked.
const HITS_MAX: usize = 10;

/// What a search found.
#[derive(Clone, Default)]
pub struct Hits {
    /// What was searched for.
    pub terms: QueryTerms,
    /// Passages, best first.
    pub hits: Vec<Hit>,
}

/// A passage with its score and the reasons.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Number of the passage in the snapshot's corpus.
    pub passage: usize,
    /// BM25 score; comparable only within one question.
    pub score: f32,
    /// For each topic of the question, in order, how the passage holds it.
    pub found: Vec<Found>,
}

/// How a passage holds a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// Not at all.
    Nowhere,
    /// In other words, by the lexicon.
    InOtherWords,
    /// By the asked word.
    Asked,
}

/// Searches a snapshot.
///
/// # Errors
///
/// When the index can't be read.
pub fn search(snapshot: &Snapshot, question: &Question) -> Result<Hits, SearchError> {
    let searcher = snapshot.searcher();
    let terms = QueryTerms::new(snapshot, &searcher, question.text())?;
    let ranked = lexical::rank(snapshot, &searcher, &terms, HITS_MAX)?;
    let hits = ranked
        .into_iter()
        .map(|(passage, score)| Hit { passage, score, found: found_in(snapshot, passage, &terms) })
        .collect();
    Ok(Hits { terms, hits })
}

fn found_in(snapshot: &Snapshot, number: usize, terms: &QueryTerms) -> Vec<Found> {
    let Some(passage) = snapshot.corpus.passage(number) else { return vec![Found::Nowhere; terms.concepts.len()] };
    let held: HashSet<String> =
        TextField::ALL.into_iter().flat_map(|field| analysis::terms(&field.content(&passage))).collect();
    terms.concepts.iter().map(|concept| held_by(&held, concept)).collect()
}

fn held_by(held: &HashSet<String>, concept: &Concept) -> Found {
    if held.contains(&concept.term) {
        Found::Asked
    } else if concept.added.iter().any(|group| !group.is_empty() && group.iter().all(|term| held.contains(term))) {
        Found::InOtherWords
    } else {
        Found::Nowhere
    }
}
