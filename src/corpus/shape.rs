//! Markdown that does not mean what its author most likely meant, found before it misleads a reader: a note that would
//! be quoted as the article's words, a sentence that would vanish into a note.

use super::markdown::Content;

const LOOKS_LIKE_A_NOTE: &str = "this looks like a note but is not one; write > [!NOTE], > [!TIP] or > [!WARNING] alone on a line, and the text below it";

/// What is wrong with the shape of a block, if anything. `after_note` says whether a note stands right before it.
pub(super) fn mistake(written: &str, content: &Content, after_note: bool) -> Option<&'static str> {
    match content {
        Content::Heading(..) if !written.starts_with('#') => {
            Some("a line of --- or === right below text makes the text a heading; put an empty line between them")
        }
        Content::Quotable(_) => quotable(written, after_note),
        Content::Alert(..) if !written.lines().all(|line| line.trim_start().starts_with('>')) => Some(
            "every line of a note must begin with >, and an empty line must follow it; else the article's next words become part of the note",
        ),
        _ => None,
    }
}

fn quotable(written: &str, after_note: bool) -> Option<&'static str> {
    let is_quote = written.starts_with('>');
    let words = written.trim_start_matches(['>', ' ', '*', '_']).to_lowercase();
    let is_labelled = ["note", "tip", "warning", "editor"].iter().any(|label| words.starts_with(label));
    if written.contains("[!") || (is_quote && is_labelled) {
        return Some(LOOKS_LIKE_A_NOTE);
    }
    if is_quote && after_note {
        return Some(
            "a quote right after a note would be shown as the article's words; join it to the note with a line >, or put a paragraph between them",
        );
    }
    if written.starts_with('#') {
        return Some("this is no heading; a heading needs a space after one to six #");
    }
    if written.contains("![") {
        return Some("a picture can't be quoted; say in words what it shows");
    }
    written.contains("[^").then_some("a footnote can't be quoted; put its words into the text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::markdown::blocks;

    fn mistakes(text: &str) -> usize {
        let mut after_note = false;
        let mut found = 0;
        for block in blocks(text) {
            let written = text.get(block.range.clone()).expect("a boundary");
            found += usize::from(mistake(written, &block.content, after_note).is_some());
            after_note = matches!(block.content, Content::Alert(..));
        }
        found
    }

    #[test]
    fn what_would_mislead_a_reader_is_a_mistake() {
        for text in [
            "One.\n\n> [!NOTE]\n> a\n\n> second paragraph",
            "> [!NOTE]\n> a\nThe article goes on.",
            "> [!NOTE] on the same line",
            "> [!INFO]\n> a",
            "> **Note:** a",
            "A paragraph\n---",
            "#NoSpace",
            "####### seven",
            "![alt](https://a.example/x.png)",
            "text[^1]",
        ] {
            assert_eq!(mistakes(text), 1, "{text}");
        }
    }

    #[test]
    fn ordinary_blocks_are_none() {
        assert_eq!(mistakes("# T\n\nOne.\n\n> [!NOTE]\n> a\n>\n> b\n\n- x\n- y\n\n> a plain quote\n"), 0);
    }
}
