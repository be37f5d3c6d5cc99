//! Chunking: blocks to passages, and where a long one is cut.

use std::ops::Range;

use super::markdown::Form;
use crate::language::sentences::prose_ranges;

/// A paragraph longer than this, in Unicode code points, is cut into runs of whole sentences: about what fits on a
/// phone's screen above the notes.
const PASSAGE_MAX_CHARS: usize = 900;

/// A run of whole sentences of one block.
pub(super) struct Piece {
    pub(super) range: Range<usize>,
    pub(super) sentences: Vec<Range<usize>>,
}

/// Cuts a block into passages. Tables and code are never cut, and lists only between lines where they have more than
/// `list_max` Unicode code points.
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
    let mut segments: Vec<Piece> = Vec::new();
    for sentence in sentences {
        match segments.last_mut() {
            Some(piece) if length(&(piece.range.start..sentence.end)) <= most => {
                piece.range.end = sentence.end;
                piece.sentences.push(sentence);
            }
            _ => segments.push(Piece { range: sentence.clone(), sentences: vec![sentence] }),
        }
    }
    segments
}

fn sentences(source: &str, block: &Range<usize>) -> Vec<Range<usize>> {
    let text = source.get(block.clone()).unwrap_or_default();
    let in_source = |range: Range<usize>| block.start + range.start..block.start + range.end;
    prose_ranges(text).into_iter().map(in_source).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_paragraph_becomes_runs_of_whole_sentences_that_lose_nothing() {
        let text = "Ein Satz mit Umlauten: äöü. ".repeat(80);
        let text = text.trim_end();
        let segments = split(text, 0..text.len(), Form::Paragraph, 2_000);
        assert!(segments.len() > 1);
        assert!(
            segments
                .iter()
                .all(|piece| text.get(piece.range.clone()).expect("a boundary").chars().count() <= PASSAGE_MAX_CHARS)
        );
        let joined: Vec<&str> =
            segments.iter().map(|piece| text.get(piece.range.clone()).expect("a boundary")).collect();
        assert_eq!(joined.join(" "), text);
    }

    #[test]
    fn lists_are_cut_between_lines_and_only_where_they_are_too_long_to_show() {
        let text = "- a long item\n".repeat(200);
        let segments = |form, most| split(&text, 0..text.len(), form, most);
        assert_eq!(segments(Form::List, 10_000).len(), 1);
        assert_eq!(segments(Form::Table, 100).len(), 1);
        let cut = segments(Form::List, 1_000);
        assert!(cut.len() > 1);
        assert!(
            cut.iter().all(|piece| text
                .get(piece.range.clone())
                .is_some_and(|it| it.starts_with("- ") && it.ends_with("item")))
        );
    }
}
