//! Markdown to the blocks that an article is made of: headings, quotable blocks, and the editors' alerts.
//!
//! Offsets are bytes of the text that was given. It does not decide what a passage is (`chunk`) or which note belongs
//! to what (`article`).

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde::Serialize;

/// One top-level piece of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// Where it stands in the text, without surrounding white space.
    pub range: Range<usize>,
    /// What it is.
    pub content: Content,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// A heading with its level, 1 to 6, and its words without marks.
    Heading(usize, String),
    /// Something that can be quoted.
    Quotable(Form),
    /// A GitHub alert: the editors' own words.
    Alert(BlockQuoteKind, String),
    /// Something that has no place in an article, with the reason.
    Unsupported(&'static str),
    /// A rule or the like: nothing to read.
    Nothing,
}

/// How a quotable block is laid out, which decides how it may be cut and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Running sentences.
    Paragraph,
    /// A list: cut only between lines.
    List,
    /// A table: shown in a fixed-width block, because Discord draws none.
    Table,
    /// Preformatted text.
    Code,
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_GFM
}

/// The top-level blocks of `text`, in order.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut depth = 0_usize;
    let mut words = String::new();
    let mut opened: Option<Content> = None;
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    opened = Some(content_of(&tag));
                    words.clear();
                } else if matches!(tag, Tag::BlockQuote(Some(_))) {
                    opened = Some(Content::Unsupported("a note must stand on its own, not inside a list or a quote"));
                }
                depth += 1;
            }
            Event::End(end) => {
                depth -= 1;
                if depth == 0 {
                    let content = fill(opened.take().unwrap_or(Content::Nothing), &words);
                    blocks.push(Block { range: trimmed(text, range), content });
                } else {
                    push_space(&mut words, end);
                }
            }
            Event::Text(piece) | Event::Code(piece) => words.push_str(&piece),
            Event::SoftBreak | Event::HardBreak => words.push('\n'),
            Event::Rule if depth == 0 => {}
            Event::Html(_) | Event::InlineHtml(_) => opened = Some(Content::Unsupported(HTML)),
            _ => {}
        }
    }
    blocks
}

const HTML: &str = "HTML can't be quoted in Discord; write it in Markdown";

fn content_of(tag: &Tag<'_>) -> Content {
    match tag {
        Tag::Heading { level, .. } => Content::Heading(number(*level), String::new()),
        Tag::Paragraph | Tag::BlockQuote(None) => Content::Quotable(Form::Paragraph),
        Tag::List(_) => Content::Quotable(Form::List),
        Tag::Table(_) => Content::Quotable(Form::Table),
        Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => Content::Quotable(Form::Code),
        Tag::BlockQuote(Some(kind)) => Content::Alert(*kind, String::new()),
        Tag::HtmlBlock => Content::Unsupported(HTML),
        _ => Content::Unsupported("this kind of Markdown can't be quoted; use paragraphs, lists and tables"),
    }
}

fn fill(content: Content, words: &str) -> Content {
    let words = words.trim().to_owned();
    match content {
        Content::Heading(level, _) => Content::Heading(level, words),
        Content::Alert(kind, _) => Content::Alert(kind, words),
        other => other,
    }
}

fn push_space(words: &mut String, end: TagEnd) {
    if matches!(end, TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell | TagEnd::TableRow | TagEnd::TableHead) {
        words.push('\n');
    }
}

const fn number(level: HeadingLevel) -> usize {
    level as usize
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let Some(slice) = text.get(range.clone()) else { return range };
    let start = range.start + (slice.len() - slice.trim_start_matches(['\n', '\r']).len());
    start..start + slice.trim_matches(['\n', '\r']).trim_end().len()
}

/// The words of a piece of Markdown without its marks, for indexing.
pub fn words(markdown: &str) -> String {
    let mut words = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Text(piece) | Event::Code(piece) => words.push_str(&piece),
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            Event::End(end) => push_space(&mut words, end),
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(String, Content)> {
        let slice = |block: &Block| text.get(block.range.clone()).unwrap_or("?").to_owned();
        blocks(text).into_iter().map(|block| (slice(&block), block.content)).collect()
    }

    #[test]
    fn blocks_are_exact_slices_with_their_kind() {
        let text =
            "# A *b*\n\nOne.\nTwo.\n\n- x\n- y\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> [!NOTE]\n> Mind\n> this.\n";
        let expected = [
            ("# A *b*", Content::Heading(1, "A b".to_owned())),
            ("One.\nTwo.", Content::Quotable(Form::Paragraph)),
            ("- x\n- y", Content::Quotable(Form::List)),
            ("| a | b |\n|---|---|\n| 1 | 2 |", Content::Quotable(Form::Table)),
            ("> [!NOTE]\n> Mind\n> this.", Content::Alert(BlockQuoteKind::Note, "Mind\nthis.".to_owned())),
        ];
        assert_eq!(kinds(text), expected.map(|(slice, content)| (slice.to_owned(), content)));
    }

    #[test]
    fn html_is_refused_with_a_reason() {
        assert_eq!(blocks("<b>x</b>\n\n<div>\nx\n</div>\n").len(), 2);
        assert!(blocks("a <b>x</b>").iter().all(|block| block.content == Content::Unsupported(HTML)));
    }

    #[test]
    fn a_note_inside_a_list_is_refused_because_it_would_be_quoted_as_the_articles_words() {
        let found = blocks("- item\n\n  > [!NOTE]\n  > text\n");
        assert!(matches!(found[0].content, Content::Unsupported(_)), "{found:?}");
    }

    #[test]
    fn words_leave_out_marks_and_link_targets() {
        assert_eq!(words("A **b** [c](https://d.example/e)").trim(), "A b c");
    }
}
