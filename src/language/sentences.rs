//! Where sentences end: in prose that somebody edited, and in chat that somebody typed.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

/// Words after which a full stop ends no sentence.
const ABBREVIATIONS: [&str; 20] = [
    "e.g.", "i.e.", "dr.", "mr.", "mrs.", "ms.", "prof.", "st.", "vs.", "etc.", "approx.", "no.", "fig.", "vol.",
    "al.", "cf.", "ca.", "incl.", "esp.", "resp.",
];

/// The sentences of prose.
pub fn prose(text: &str) -> Vec<&str> {
    prose_ranges(text).into_iter().filter_map(|range| text.get(range)).collect()
}

/// The sentences of prose, as bytes of it: by the Unicode rules (UAX 29), mended where those split after an
/// abbreviation.
pub fn prose_ranges(text: &str) -> Vec<Range<usize>> {
    let mut sentences: Vec<Range<usize>> = Vec::new();
    let mut joins = false;
    for (start, sentence) in text.split_sentence_bound_indices() {
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

/// The sentences of a chat message: they end at a line break, or at a mark of an end with a space behind it, whatever
/// letter follows. (The Unicode rules see no end before a small letter.)
pub fn chat(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let (sentence, left) = rest.split_at_checked(first_end(rest))?;
            rest = left;
            if !sentence.trim().is_empty() {
                return Some(sentence.trim());
            }
        }
        None
    })
}

/// Where the first sentence of a chat message ends, in bytes.
fn first_end(text: &str) -> usize {
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let is_end = match c {
            '\n' => true,
            '.' | '!' | '?' | ';' | '…' => characters.peek().is_some_and(|(_, next)| next.is_whitespace()),
            _ => false,
        };
        if is_end {
            return at + c.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_ends_where_a_reader_would_end_it() {
        assert_eq!(
            prose("Tests (e.g. MRI) help. See Dr. Weiss! Is it\nMS? “Yes.” Bell's palsy is 2.5 times rarer."),
            ["Tests (e.g. MRI) help.", "See Dr. Weiss!", "Is it\nMS?", "“Yes.”", "Bell's palsy is 2.5 times rarer."]
        );
    }

    #[test]
    fn chat_ends_at_marks_and_lines_whatever_letter_follows() {
        let sentences: Vec<&str> = chat("my eye twitches... since monday! is it\nMS? 2.5 times; really").collect();
        assert_eq!(sentences, ["my eye twitches...", "since monday!", "is it", "MS?", "2.5 times;", "really"]);
        assert_eq!(chat("  \n . ").collect::<Vec<_>>(), ["."]);
    }
}
