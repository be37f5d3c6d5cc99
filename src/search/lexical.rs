//! Lexical search: BM25 over title, heading path, text and plain words, and over taught questions.
//!
//! Terms are built by hand; a member's text never meets a query parser.

use std::collections::BTreeMap;

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::hits::SearchError;
use super::terms::{QueryTerms, inverse_document_frequency};
use crate::index::{Snapshot, TextField};
use crate::ranking::Boosts;

/// How many passages are looked at closely.
pub(super) const CANDIDATES_MAX: usize = 32;

/// How many taught questions are looked at.
const TAUGHT_MAX: usize = 64;

/// At most this many terms are compared with taught questions; those that say most stay.
const TAUGHT_TERMS_MAX: usize = 24;

/// BM25's constant for the most that a term can score, over its inverse document frequency: 1 + k1, with k1 = 1.2 as in
/// tantivy.
const BM25_MOST: f64 = 2.2;

const fn boost(boosts: &Boosts, field: TextField) -> f32 {
    match field {
        TextField::Title => boosts.title,
        TextField::Headings => boosts.headings,
        TextField::Text => 1.0,
        TextField::PlainWords => boosts.plain_words,
    }
}

/// Finds passages, best first: for each its number, and its BM25 score as a share of the weight of the question's
/// terms.
pub(super) fn passages(
    snapshot: &Snapshot,
    searcher: &Searcher,
    query_terms: &QueryTerms,
    boosts: &Boosts,
) -> Result<Vec<(usize, f64)>, SearchError> {
    if query_terms.terms.is_empty() {
        return Ok(Vec::new());
    }
    let weights = weights(query_terms, boosts);
    let fields = TextField::ALL.map(|field| (snapshot.fields.text(field), boost(boosts, field)));
    let query = BooleanQuery::new(clauses(&fields, &weights));
    let found = searcher.search(&query, &TopDocs::with_limit(CANDIDATES_MAX).order_by_score())?;
    let total: f64 = query_terms.terms.iter().map(|term| term.weight).sum::<f64>() * BM25_MOST;
    let mut ranked = Vec::with_capacity(found.len());
    for (score, address) in found {
        let numbers = searcher.segment_reader(address.segment_ord).fast_fields().u64("passage")?;
        if let Some(passage) = numbers.first(address.doc_id).and_then(|number| usize::try_from(number).ok()) {
            ranked.push((passage, f64::from(score) / total.max(f64::MIN_POSITIVE)));
        }
    }
    Ok(ranked)
}

/// Finds taught questions: for each its number, and how like the question it is, from 0 to 1.
pub(super) fn taught(
    snapshot: &Snapshot,
    query_terms: &QueryTerms,
    boosts: &Boosts,
) -> Result<Vec<(usize, f64)>, SearchError> {
    let Some(index) = &snapshot.taught else { return Ok(Vec::new()) };
    let searcher = index.searcher();
    let mut weights: Vec<(&str, f32, f64)> = Vec::new();
    for (term, is_question) in &query_terms.all {
        let frequency = searcher.doc_freq(&Term::from_field_text(index.fields.asked, term))?;
        // Words that nobody was taught make a message no less like the others.
        if frequency == 0 {
            continue;
        }
        let share = if *is_question { 1.0 } else { boosts.background };
        let weight = f64::from(share) * inverse_document_frequency(frequency, searcher.num_docs());
        weights.push((term, share, weight));
    }
    weights.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(b.0)));
    weights.truncate(TAUGHT_TERMS_MAX);
    let total: f64 = weights.iter().map(|(.., weight)| weight).sum::<f64>() * BM25_MOST;
    let mut asked: BTreeMap<&str, f32> = weights.into_iter().map(|(term, share, _)| (term, share)).collect();
    for (term, weight) in self::weights(query_terms, boosts) {
        asked.entry(term).or_insert(weight);
    }
    let query = BooleanQuery::new(clauses(&[(index.fields.asked, 1.0)], &asked));
    let found = searcher.search(&query, &TopDocs::with_limit(TAUGHT_MAX).order_by_score())?;
    let mut alike = Vec::with_capacity(found.len());
    for (score, address) in found {
        let numbers = searcher.segment_reader(address.segment_ord).fast_fields().u64("number")?;
        if let Some(number) = numbers.first(address.doc_id).and_then(|number| usize::try_from(number).ok()) {
            alike.push((number, (f64::from(score) / total.max(f64::MIN_POSITIVE)).min(1.0)));
        }
    }
    Ok(alike)
}

/// How much each term counts. Added terms must not outweigh asked ones: of searches with *replaced* words, one in five
/// got worse. Source: <https://jmir.org/2004/3/e27>.
fn weights<'a>(query_terms: &'a QueryTerms, boosts: &Boosts) -> BTreeMap<&'a str, f32> {
    let share = |is_question: bool| if is_question { 1.0 } else { boosts.background };
    let mut weights: BTreeMap<&str, f32> = BTreeMap::new();
    for term in &query_terms.terms {
        weights.insert(&term.term, share(term.is_question));
    }
    for term in &query_terms.terms {
        for added in term.synonyms.iter().flatten() {
            weights.entry(added).or_insert(boosts.synonym * share(term.is_question));
        }
    }
    weights
}

fn clauses(fields: &[(Field, f32)], weights: &BTreeMap<&str, f32>) -> Vec<(Occur, Box<dyn Query>)> {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for (term, weight) in weights {
        for (field, boost) in fields {
            let query = TermQuery::new(Term::from_field_text(*field, term), IndexRecordOption::WithFreqs);
            clauses.push((Occur::Should, Box::new(BoostQuery::new(Box::new(query), weight * boost))));
        }
    }
    clauses
}
