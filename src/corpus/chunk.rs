//! Blocks to passages: where a long paragraph is cut, where a sentence ends, and what a passage is called.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_segmentation::UnicodeSegmentation;

use super::markdown::Form;
use crate::hash::hex;

/// A paragraph longer than this, in Unicode code points, is cut into runs of whole sentences: about what fits on a
/// phone's screen above the notes.
const PASSAGE_MAX_CHARS: usize = 900;

/// Identity of a passage: the first 48 bits of a digest over article, trail, place in the section and words.
///
/// It is short because buttons carry several of them in the 100 characters of a `custom_id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PassageId([u8; 6]);

impl PassageId {
    pub(super) fn new(slug: &str, trail: &[String], ordinal: usize, text: &str) -> Self {
        let mut digest = Sha256::new();
        for part in std::iter::once(slug).chain(trail.iter().map(String::as_str)) {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        digest.update(ordinal.to_le_bytes());
        digest.update(text.as_bytes());
        let mut id = [0; 6];
        id.copy_from_slice(&digest.finalize()[..6]);
        Self(id)
    }
}

impl fmt::Display for PassageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl TryFrom<String> for PassageId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map_err(|()| "a passage id has 12 hexadecimal digits")
    }
}

impl From<PassageId> for String {
    fn from(id: PassageId) -> Self {
        id.to_string()
    }
}

impl FromStr for PassageId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(());
        }
        let number = u64::from_str_radix(text, 16).map_err(|_| ())?;
        let mut id = [0; 6];
        id.copy_from_slice(&number.to_be_bytes()[2..]);
        Ok(Self(id))
    }
}

/// A run of whole sentences of one block.
pub(super) struct Piece {
    pub(super) range: Range<usize>,
    pub(super) sentences: Vec<Range<usize>>,
}

/// Cuts a block into passages. Tables and code are never cut, and lists only between lines where they have more than `list_max`
/// Unicode code points.
pub(super) fn split(source: &str, block: Range<usize>, form: Form, list_max: usize) -> Vec<Piece> {
    let sentences = match form {
        Form::Paragraph => sentences(source, &block),
        Form::List | Form::Table | Form::Code => lines(source, &block),
    };
    let length = |range: &Range<usize>| source.get(range.clone()).map_or(0, |text| text.chars().count());
    let most = match form {
        Form::Paragraph => PASSAGE_MAX_CHARS,
        Form::List => list_max,
        Form::Table | Form::Code => usize::MAX,
    };
    if length(&block) <= most {
        return vec![Piece { range: block, sentences }];
    }
    let mut pieces: Vec<Piece> = Vec::new();
    for sentence in sentences {
        match pieces.last_mut() {
            Some(piece) if length(&(piece.range.start..sentence.end)) <= most => {
                piece.range.end = sentence.end;
                piece.sentences.push(sentence);
            }
            _ => pieces.push(Piece { range: sentence.clone(), sentences: vec![sentence] }),
        }
    }
    pieces
}

fn lines(source: &str, block: &Range<usize>) -> Vec<Range<usize>> {
    let mut at = block.start;
    let mut lines = Vec::new();
    for line in source.get(block.clone()).unwrap_or_default().split_inclusive('\n') {
        let end = at + line.trim_end().len();
        if end > at {
            lines.push(at..end);
        }
        at += line.len();
    }
    lines
}

/// Words after which a full stop ends no sentence.
const ABBREVIATIONS: [&str; 20] = [
    "e.g.", "i.e.", "dr.", "mr.", "mrs.", "ms.", "prof.", "st.", "vs.", "etc.", "approx.", "no.", "fig.", "vol.",
    "al.", "cf.", "ca.", "incl.", "esp.", "resp.",
];

/// The sentences of a text.
pub fn sentences_of(text: &str) -> Vec<&str> {
    sentences(text, &(0..text.len())).into_iter().filter_map(|range| text.get(range)).collect()
}

/// Sentences by the Unicode rules (UAX 29), mended where those rules split after an abbreviation.
pub(super) fn sentences(source: &str, block: &Range<usize>) -> Vec<Range<usize>> {
    let text = source.get(block.clone()).unwrap_or_default();
    let mut sentences: Vec<Range<usize>> = Vec::new();
    let mut joins = false;
    for (at, sentence) in text.split_sentence_bound_indices() {
        let start = block.start + at;
        let end = start + sentence.trim_end().len();
        if end == start {
            continue;
        }
        match sentences.last_mut() {
            Some(last) if joins => last.end = end,
            _ => sentences.push(start..end),
        }
        let last_word = sentence.split_whitespace().last().unwrap_or_default().trim_start_matches(['(', '[', '"', '“']);
        // A line break inside a paragraph is only a soft wrap, though the Unicode rules take it for a border.
        let wrapped = sentence.ends_with('\n') && !last_word.ends_with(['.', '!', '?', '…', '"', '”', ')', ':']);
        joins = wrapped || ABBREVIATIONS.contains(&last_word.to_lowercase().as_str());
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split_sentences(text: &str) -> Vec<&str> {
        sentences(text, &(0..text.len())).into_iter().map(|range| text.get(range).expect("a boundary")).collect()
    }

    #[test]
    fn sentences_end_where_a_reader_would_end_them() {
        assert_eq!(
            split_sentences("Tests (e.g. MRI) help. See Dr. Weiss! Is it\nMS? “Yes.” Bell's palsy is 2.5 times rarer."),
            ["Tests (e.g. MRI) help.", "See Dr. Weiss!", "Is it\nMS?", "“Yes.”", "Bell's palsy is 2.5 times rarer."]
        );
    }

    #[test]
    fn a_long_paragraph_becomes_runs_of_whole_sentences_that_lose_nothing() {
        let text = "Ein Satz mit Umlauten: äöü. ".repeat(80);
        let text = text.trim_end();
        let pieces = split(text, 0..text.len(), Form::Paragraph, 2_000);
        assert!(pieces.len() > 1);
        assert!(
            pieces
                .iter()
                .all(|piece| text.get(piece.range.clone()).expect("a boundary").chars().count() <= PASSAGE_MAX_CHARS)
        );
        let joined: Vec<&str> = pieces.iter().map(|piece| text.get(piece.range.clone()).expect("a boundary")).collect();
        assert_eq!(joined.join(" "), text);
    }

    #[test]
    fn lists_are_cut_between_lines_and_only_where_they_are_too_long_to_show() {
        let text = "- a long item\n".repeat(200);
        let pieces = |form, most| split(&text, 0..text.len(), form, most);
        assert_eq!(pieces(Form::List, 10_000).len(), 1);
        assert_eq!(pieces(Form::Table, 100).len(), 1);
        let cut = pieces(Form::List, 1_000);
        assert!(cut.len() > 1);
        assert!(
            cut.iter().all(|piece| text
                .get(piece.range.clone())
                .is_some_and(|it| it.starts_with("- ") && it.ends_with("item")))
        );
    }

    #[test]
    fn an_id_survives_being_written_and_read() {
        let id = PassageId::new("slug", &["Title".to_owned()], 3, "words");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("xyz".parse::<PassageId>(), Err(()));
    }
}
