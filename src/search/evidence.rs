//! Evidence: what the parts of a passage hold of a question, read from the forward index.

use std::collections::HashMap;

use tantivy::{DocAddress, Searcher};

use super::hits::{SearchError, TermMatch};
use super::terms::QueryTerms;
use crate::index::{PartKind, PassageParts};

/// More different terms than this are not told apart; a question has at most 16 topics with a few additions each.
const TERMS_MAX: usize = 128;

/// A mask over the question's terms, one bit each.
type TermMask = u128;

/// A question's terms, ready to be compared with parts of passages.
pub(super) struct TermMatcher {
    /// The bit of a term, by its hash.
    bits: HashMap<u32, TermMask>,
    /// For each query term its weight, its own bit and the bits of its groups.
    terms: Vec<(f64, TermMask, Vec<TermMask>)>,
    total: f64,
    synonym: f64,
}

/// What a passage holds of a question.
pub(super) struct Evidence {
    /// For each query term, in order, how the passage holds it.
    pub matches: Vec<TermMatch>,
    /// Share of the question's weight in title and headings.
    pub headings: f64,
    /// Share in the best sentence of the plain words.
    pub plain_words: f64,
    /// Share in each sentence.
    pub sentences: Vec<f64>,
}

impl TermMatcher {
    /// `synonym` is what a term that the lexicon added counts.
    pub(super) fn new(query: &QueryTerms, synonym: f32) -> Self {
        let mut bits: HashMap<u32, TermMask> = HashMap::new();
        let mut bit = |term: &str| {
            let next = bits.len();
            let fresh = if next < TERMS_MAX { 1 << next } else { 0 };
            *bits.entry(PassageParts::hash(term)).or_insert(fresh)
        };
        // Asked terms come first, so that they have a bit for certain.
        let own: Vec<TermMask> = query.terms.iter().map(|term| bit(&term.term)).collect();
        let mut terms = Vec::with_capacity(own.len());
        for (term, own) in query.terms.iter().zip(own) {
            let groups =
                term.synonyms.iter().map(|group| group.iter().map(|term| bit(term)).collect::<Vec<TermMask>>());
            // A group of which a term has no bit would be found too easily.
            let whole = groups.filter(|group| !group.is_empty() && group.iter().all(|bit| *bit != 0));
            terms.push((term.weight, own, whole.map(|group| group.iter().fold(0, |held, bit| held | bit)).collect()));
        }
        let total = query.terms.iter().map(|term| term.weight).sum::<f64>().max(f64::MIN_POSITIVE);
        Self { bits, terms, total, synonym: f64::from(synonym) }
    }

    /// Reads what a passage with this many sentences holds.
    pub(super) fn read(
        &self,
        searcher: &Searcher,
        address: DocAddress,
        sentences: usize,
    ) -> Result<Evidence, SearchError> {
        let column = searcher.segment_reader(address.segment_ord).fast_fields().u64("parts")?;
        let (mut headings, mut plain): (TermMask, Vec<TermMask>) = (0, Vec::new());
        let mut parts: Vec<TermMask> = vec![0; sentences];
        for written in column.values_for_doc(address.doc_id) {
            let (kind, place, hash) = PassageParts::read(written);
            let Some(bit) = self.bits.get(&hash) else { continue };
            match kind {
                PartKind::Headings => headings |= bit,
                PartKind::Sentence => {
                    if let Some(part) = parts.get_mut(place) {
                        *part |= bit;
                    }
                }
                PartKind::PlainWords => {
                    plain.resize(plain.len().max(place + 1), 0);
                    plain[place] |= bit;
                }
            }
        }
        let all = parts.iter().chain(&plain).fold(headings, |all, part| all | part);
        Ok(Evidence {
            matches: self.terms.iter().map(|(_, own, groups)| term_match(all, *own, groups)).collect(),
            headings: self.share(headings),
            plain_words: plain.iter().map(|part| self.share(*part)).fold(0.0, f64::max),
            sentences: parts.iter().map(|part| self.share(*part)).collect(),
        })
    }

    fn share(&self, held: TermMask) -> f64 {
        let gains = self.terms.iter().map(|(weight, own, groups)| {
            if held & own != 0 {
                return *weight;
            }
            let part = |group: &TermMask| f64::from((held & group).count_ones()) / f64::from(group.count_ones());
            weight * self.synonym * groups.iter().map(part).fold(0.0, f64::max)
        });
        gains.sum::<f64>() / self.total
    }
}

fn term_match(all: TermMask, own: TermMask, groups: &[TermMask]) -> TermMatch {
    if all & own != 0 {
        TermMatch::Exact
    } else if groups.iter().any(|group| all & group == *group) {
        TermMatch::Synonym
    } else {
        TermMatch::None
    }
}
