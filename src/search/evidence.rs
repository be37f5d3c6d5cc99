//! What the parts of a passage hold of a question, read from the index's column of terms.

use std::collections::HashMap;

use tantivy::{DocAddress, Searcher};

use super::terms::QueryTerms;
use super::{Found, SearchError};
use crate::index::{UnitKind, Units};

/// More different terms than this are not told apart; a question has at most 16 topics with a few additions each.
const TERMS_MAX: usize = 128;

/// A set of the question's terms, one bit each.
type Held = u128;

/// A question's terms, ready to be held against parts of passages.
pub(super) struct Scale {
    /// The bit of a term, by its hash.
    bits: HashMap<u32, Held>,
    /// For each concept its weight, its own bit and the bits of its groups.
    concepts: Vec<(f64, Held, Vec<Held>)>,
    total: f64,
    added: f64,
}

/// What a passage holds of a question.
pub(super) struct Evidence {
    /// For each concept, in order, how the passage holds it.
    pub found: Vec<Found>,
    /// Share of the question's weight in title and headings.
    pub headings: f64,
    /// Share in the best sentence of the plain words.
    pub plain_words: f64,
    /// Share in each sentence.
    pub sentences: Vec<f64>,
}

impl Scale {
    /// `added` is what a term that the lexicon added counts.
    pub(super) fn new(terms: &QueryTerms, added: f32) -> Self {
        let mut bits: HashMap<u32, Held> = HashMap::new();
        let mut bit = |term: &str| {
            let next = bits.len();
            let fresh = if next < TERMS_MAX { 1 << next } else { 0 };
            *bits.entry(Units::hash(term)).or_insert(fresh)
        };
        // Asked terms come first, so that they have a bit for certain.
        let own: Vec<Held> = terms.concepts.iter().map(|concept| bit(&concept.term)).collect();
        let mut concepts = Vec::with_capacity(own.len());
        for (concept, own) in terms.concepts.iter().zip(own) {
            let groups = concept.added.iter().map(|group| group.iter().map(|term| bit(term)).collect::<Vec<Held>>());
            // A group of which a term has no bit would be found too easily.
            let whole = groups.filter(|group| !group.is_empty() && group.iter().all(|bit| *bit != 0));
            concepts.push((
                concept.weight,
                own,
                whole.map(|group| group.iter().fold(0, |held, bit| held | bit)).collect(),
            ));
        }
        let total = terms.concepts.iter().map(|concept| concept.weight).sum::<f64>().max(f64::MIN_POSITIVE);
        Self { bits, concepts, total, added: f64::from(added) }
    }

    /// Reads what a passage with this many sentences holds.
    pub(super) fn read(
        &self,
        searcher: &Searcher,
        address: DocAddress,
        sentences: usize,
    ) -> Result<Evidence, SearchError> {
        let column = searcher.segment_reader(address.segment_ord).fast_fields().u64("units")?;
        let (mut headings, mut plain): (Held, Vec<Held>) = (0, Vec::new());
        let mut parts: Vec<Held> = vec![0; sentences];
        for written in column.values_for_doc(address.doc_id) {
            let (kind, place, hash) = Units::read(written);
            let Some(bit) = self.bits.get(&hash) else { continue };
            match kind {
                UnitKind::Headings => headings |= bit,
                UnitKind::Sentence => {
                    if let Some(part) = parts.get_mut(place) {
                        *part |= bit;
                    }
                }
                UnitKind::PlainWords => {
                    plain.resize(plain.len().max(place + 1), 0);
                    plain[place] |= bit;
                }
            }
        }
        let all = parts.iter().chain(&plain).fold(headings, |all, part| all | part);
        Ok(Evidence {
            found: self.concepts.iter().map(|(_, own, groups)| found(all, *own, groups)).collect(),
            headings: self.share(headings),
            plain_words: plain.iter().map(|part| self.share(*part)).fold(0.0, f64::max),
            sentences: parts.iter().map(|part| self.share(*part)).collect(),
        })
    }

    fn share(&self, held: Held) -> f64 {
        let gains = self.concepts.iter().map(|(weight, own, groups)| {
            if held & own != 0 {
                return *weight;
            }
            let part = |group: &Held| f64::from((held & group).count_ones()) / f64::from(group.count_ones());
            weight * self.added * groups.iter().map(part).fold(0.0, f64::max)
        });
        gains.sum::<f64>() / self.total
    }
}

fn found(all: Held, own: Held, groups: &[Held]) -> Found {
    if all & own != 0 {
        Found::Asked
    } else if groups.iter().any(|group| all & group == *group) {
        Found::InOtherWords
    } else {
        Found::Nowhere
    }
}
