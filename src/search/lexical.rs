//! Lexical search: BM25 over title, heading trail, text and plain words.
//!
//! Terms are built by hand; a member's text never meets a query parser.

use std::collections::HashMap;

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use super::terms::{Concept, QueryTerms};
use crate::index::{Fields, Snapshot, TextField};

/// How much a term found in a field counts, relative to the text. Around these numbers the quality is flat: half or
/// twice any of them moved success@1 on the calibration questions by less than its error.
const fn boost(field: TextField) -> f32 {
    match field {
        TextField::Title => 0.25,
        TextField::Trail => 0.75,
        TextField::Text | TextField::PlainWords => 1.0,
    }
}

/// How much a term that the lexicon added counts, relative to one that was asked. Added terms must not outweigh asked
/// ones: of searches with *replaced* words, one in five got worse.
/// Source: <https://jmir.org/2004/3/e27>.
const EXPANSION_BOOST: f32 = 0.5;

/// A passage number with its score, best first.
pub(super) type Scored = (usize, f32);

/// Ranks passages.
pub(super) fn rank(
    snapshot: &Snapshot,
    searcher: &Searcher,
    terms: &QueryTerms,
    limit: usize,
) -> Result<Vec<Scored>, tantivy::TantivyError> {
    if terms.concepts.is_empty() {
        return Ok(Vec::new());
    }
    let query = BooleanQuery::new(clauses(&snapshot.fields, &terms.concepts));
    let found = searcher.search(&query, &TopDocs::with_limit(limit).order_by_score())?;
    let mut ranked = Vec::with_capacity(found.len());
    for (score, address) in found {
        let numbers = searcher.segment_reader(address.segment_ord).fast_fields().u64("passage")?;
        if let Some(number) = numbers.first(address.doc_id).and_then(|number| usize::try_from(number).ok()) {
            ranked.push((number, score));
        }
    }
    Ok(ranked)
}

fn clauses(fields: &Fields, concepts: &[Concept]) -> Vec<(Occur, Box<dyn Query>)> {
    let mut weights: HashMap<&str, f32> = HashMap::new();
    for concept in concepts {
        *weights.entry(&concept.term).or_default() = 1.0;
    }
    for concept in concepts {
        for added in concept.added.iter().flatten() {
            weights.entry(added).or_insert(EXPANSION_BOOST);
        }
    }
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    let mut weights: Vec<(&str, f32)> = weights.into_iter().collect();
    weights.sort_by(|a, b| a.0.cmp(b.0));
    for (term, weight) in weights {
        for field in TextField::ALL {
            let query = TermQuery::new(Term::from_field_text(fields.text(field), term), IndexRecordOption::WithFreqs);
            clauses.push((Occur::Should, Box::new(BoostQuery::new(Box::new(query), weight * boost(field)))));
        }
    }
    clauses
}
