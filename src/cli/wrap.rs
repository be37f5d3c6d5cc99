//! Word wrap for a terminal: long lines of a finished answer become lines that fit.
//!
//! It changes where lines end and nothing else. What it gives is for reading; `--json` gives quotes byte for byte.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// What stands before every line of a quote.
const QUOTE_PREFIX: &str = "  | ";
/// Marks of list items, and of the line that names the source: the lines that follow stand below the text, not the mark.
const ITEM_MARKS: [&str; 5] = ["- ", "* ", "+ ", "• ", "— "];

/// The text in lines of at most `width` columns.
///
/// A word that is longer, such as a link, gets a line of its own and is never broken. The lines of a quote keep their
/// prefix. Rows of tables and blocks of code keep their lines, because their columns are their meaning.
pub fn wrap(text: &str, width: usize) -> String {
    let mut in_code = false;
    let lines = text.lines().map(|line| {
        let (prefix, words) = line.strip_prefix(QUOTE_PREFIX).map_or(("", line), |words| (QUOTE_PREFIX, words));
        let is_fence = !prefix.is_empty() && words.trim_start().starts_with("```");
        in_code = !prefix.is_empty() && (in_code != is_fence);
        let keeps_columns = in_code || is_fence || (!prefix.is_empty() && words.trim_start().starts_with('|'));
        if keeps_columns { line.to_owned() } else { wrap_line(prefix, words, width) }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn wrap_line(prefix: &str, words: &str, width: usize) -> String {
    let text = words.trim_start();
    let indent = words.strip_suffix(text).unwrap_or_default();
    let mark = ITEM_MARKS.into_iter().find(|mark| text.starts_with(mark)).map_or(0, |mark| mark.chars().count());
    let (first, further) = (format!("{prefix}{indent}"), format!("{prefix}{indent}{}", " ".repeat(mark)));
    let options = Options::new(width)
        .initial_indent(&first)
        .subsequent_indent(&further)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::fill(text, options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_fit_stay_as_they_are() {
        let text = "One.\n\n  | Two  spaces.\n  | \n  three\n\n— Four.";
        assert_eq!(wrap(text, 80), text);
        assert_eq!(wrap("", 80), "");
    }

    #[test]
    fn every_line_of_a_quote_keeps_its_prefix() {
        assert_eq!(wrap("  | one two three four", 12), "  | one two\n  | three\n  | four");
    }

    #[test]
    fn items_and_sources_hang_below_their_text() {
        assert_eq!(wrap("— one two three", 11), "— one two\n  three");
        assert_eq!(wrap("  | - one two three", 13), "  | - one two\n  |   three");
        assert_eq!(wrap("    one two three", 11), "    one two\n    three");
    }

    #[test]
    fn a_link_is_never_broken() {
        let link = "https://example.org/a-long-way/to#:~:text=the%20words,and-hyphens";
        assert_eq!(wrap(&format!("Read it at {link} today."), 20), format!("Read it at\n{link}\ntoday."));
    }

    #[test]
    fn tables_and_code_keep_their_columns() {
        let text = "  | | a long first column | b |\n  | ```\n  | let a = many  words;\n  | ```";
        assert_eq!(wrap(text, 12), text);
        assert_eq!(wrap("  | ```\n  | ```\n  | one two three", 12), "  | ```\n  | ```\n  | one two\n  | three");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(wrap("顔面 顔面 顔面", 9), "顔面 顔面\n顔面");
    }
}
