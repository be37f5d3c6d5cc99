//! The forward index: the parts of a passage that a question is compared with one by one: its headings, its sentences,
//! its plain words.
//!
//! Their terms are kept in a column of the index, so that ranking reads no text. A written term is a number: kind of
//! the part, its place among its kind, and a hash of the term.

use std::collections::BTreeSet;

use super::analysis;
use crate::corpus::{NoteKind, PassageRef, words};
use crate::hash::fnv1a;
use crate::language::sentences;

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// Title and headings, as one.
    Headings,
    /// A sentence of the quoted words.
    Sentence,
    /// A sentence of the editors' plain words.
    PlainWords,
}

impl PartKind {
    const ALL: [Self; 3] = [Self::Headings, Self::Sentence, Self::PlainWords];
}

/// Reads and writes the parts of passages.
#[derive(Debug, Clone, Copy)]
pub struct PassageParts;

const KIND_SHIFT: u32 = 62;
const PLACE_SHIFT: u32 = 32;
const PLACE_MASK: u64 = (1 << (KIND_SHIFT - PLACE_SHIFT)) - 1;

impl PassageParts {
    /// The texts of a passage's parts of one kind, in order.
    pub fn texts(passage: &PassageRef<'_>, kind: PartKind) -> Vec<String> {
        match kind {
            PartKind::Headings => vec![passage.section().heading_path.join(". ")],
            PartKind::Sentence => {
                passage.passage.sentences.iter().map(|range| words(passage.article.slice(range))).collect()
            }
            PartKind::PlainWords => passage
                .notes(NoteKind::PlainWords)
                .flat_map(|note| sentences::prose(&note.text))
                .map(str::to_owned)
                .collect(),
        }
    }

    /// Every term of every part, as numbers, part by part.
    pub(super) fn written(passage: &PassageRef<'_>) -> Vec<u64> {
        let mut written = Vec::new();
        for kind in PartKind::ALL {
            for (place, text) in (0..).zip(Self::texts(passage, kind)) {
                let hashes: BTreeSet<u32> = analysis::terms(&text).iter().map(|term| Self::hash(term)).collect();
                let part = (kind as u64) << KIND_SHIFT | (place & PLACE_MASK) << PLACE_SHIFT;
                written.extend(hashes.into_iter().map(|hash| part | u64::from(hash)));
            }
        }
        written
    }

    /// The kind, place and hash of a written term.
    pub const fn read(written: u64) -> (PartKind, usize, u32) {
        let kind = match written >> KIND_SHIFT {
            0 => PartKind::Headings,
            1 => PartKind::Sentence,
            _ => PartKind::PlainWords,
        };
        let place = (written >> PLACE_SHIFT) & PLACE_MASK;
        (kind, place as usize, (written & 0xffff_ffff) as u32)
    }

    /// The hash of a term.
    pub fn hash(term: &str) -> u32 {
        fnv1a(&[term])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        for (kind, place, hash) in
            [(PartKind::Headings, 0, 7), (PartKind::Sentence, 3, u32::MAX), (PartKind::PlainWords, 1 << 20, 0)]
        {
            let written = (kind as u64) << KIND_SHIFT | (place as u64) << PLACE_SHIFT | u64::from(hash);
            assert_eq!(PassageParts::read(written), (kind, place, hash));
        }
    }

    #[test]
    fn hashes_are_those_of_the_standard() {
        assert_eq!(PassageParts::hash(""), 0x811c_9dc5);
        assert_eq!(PassageParts::hash("foobar"), 0xbf9c_f968);
    }
}
