//! What all texts share: what stands in which order, and what is left out where room is short.

use crate::corpus::{Form, NoteKind};
use crate::reply::limits::{EMBED_TITLE_MAX_CHARS, cut, cut_lines, length};
use crate::reply::markup::Markup;
use crate::reply::view::{PassageView, QuoteView, ReplyView};
use crate::triage::Card;

/// How much of a passage is shown. What must never be left out is in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    /// Quote, notes, care line, short citation.
    Least,
    /// With plain words.
    PlainWords,
    /// With the sources of the notes, and the link.
    Full,
}

/// Longest heading that is named in place of a passage, in Unicode code points.
const SECTION_MAX_CHARS: usize = 200;

/// Above the body: the card and the title. Below it: the disclaimer.
pub(super) struct Frame {
    head: Vec<String>,
    foot: String,
}

impl Frame {
    pub(super) fn new(view: &ReplyView, markup: Markup) -> Self {
        let mut head: Vec<String> = view.card.iter().map(|card| card_text(card, markup)).collect();
        if let Some(title) = view.title.as_ref().filter(|_| view.has_body()) {
            head.push(markup.bold(&cut(title, EMBED_TITLE_MAX_CHARS)));
        }
        Self { head, foot: markup.small(view.disclaimer()) }
    }

    /// Its length with the empty lines, in Unicode code points.
    pub(super) fn length(&self) -> usize {
        self.head.iter().chain([&self.foot]).map(|text| length(text) + 2).sum()
    }

    /// The whole text.
    pub(super) fn around(self, body: Option<String>) -> String {
        let mut parts = self.head;
        parts.extend(body);
        parts.push(self.foot);
        parts.join("\n\n")
    }
}

fn card_text(card: &Card, markup: Markup) -> String {
    format!("{}\n\n{}", markup.bold(&card.title), card.lines.join("\n\n"))
}

/// Whether this many passages fit into `max` code points with their plain words.
pub(super) fn fits(view: &ReplyView, passages: usize, max: usize) -> bool {
    length(&body_with(view, Markup::Discord, Detail::PlainWords, passages)) <= max
}

/// What stands between title and disclaimer, in at most `max` code points; none if there is nothing.
pub(super) fn body(view: &ReplyView, markup: Markup, max: usize) -> Option<String> {
    if !view.has_body() {
        return None;
    }
    let all = view.passages.len();
    let with_all = [Detail::Full, Detail::PlainWords, Detail::Least].map(|detail| (detail, all));
    let with_fewer = (1..all).rev().map(|passages| (Detail::Least, passages));
    let texts = with_all.into_iter().chain(with_fewer);
    let mut texts = texts.map(|(detail, passages)| body_with(view, markup, detail, passages));
    Some(texts.find(|text| length(text) <= max).unwrap_or_else(|| without_passages(view, max)))
}

fn body_with(view: &ReplyView, markup: Markup, detail: Detail, passages: usize) -> String {
    let shown = view.passages.iter().take(passages).map(|passage| passage_text(passage, markup, detail));
    let parts = view.lead.iter().cloned().chain(shown).chain(view.tail.iter().cloned());
    parts.collect::<Vec<_>>().join("\n\n")
}

/// The last resort, where not even the first passage fits.
fn without_passages(view: &ReplyView, max: usize) -> String {
    let instead = view.passages.first().map(|passage| {
        format!(
            "My articles have a passage on this under “{}”. It does not fit here; a moderator can allow me to send \
             embeds.",
            cut(&passage.section, SECTION_MAX_CHARS)
        )
    });
    let texts = view.lead.iter().chain(&instead).chain(&view.tail);
    cut_lines(&texts.flat_map(|text| text.lines()).map(str::to_owned).collect::<Vec<_>>(), max)
}

fn passage_text(passage: &PassageView, markup: Markup, detail: Detail) -> String {
    let labelled = |kind, label: &'static str| passage.notes_of(kind).map(move |text| markup.labelled(label, text));
    let mut blocks = Vec::new();
    if detail >= Detail::PlainWords {
        blocks.extend(labelled(NoteKind::PlainWords, "In plain words (by the editors)"));
    }
    blocks.push(quote_text(&passage.quote, markup));
    blocks.push(citation_text(passage, markup, detail));
    blocks.extend(labelled(NoteKind::Care, "When to seek care (by the editors)"));
    blocks.extend(labelled(NoteKind::Note, "Editors' note"));
    if detail == Detail::Full && !passage.note_sources.is_empty() {
        blocks.push(markup.small(&format!("Sources of the editors' words: {}", passage.note_sources.join("; "))));
    }
    blocks.join("\n\n")
}

fn quote_text(quote: &QuoteView, markup: Markup) -> String {
    let segments = quote.segments.iter();
    let words: String =
        segments.map(|segment| if segment.bold { markup.bold(&segment.text) } else { segment.text.clone() }).collect();
    let before = if quote.omits_before { "[…] " } else { "" };
    let after = if quote.omits_after { " […]" } else { "" };
    let text = format!("{before}{words}{after}");
    match quote.form {
        Form::Table | Form::Code => markup.fixed_width(&text),
        Form::Paragraph | Form::List => markup.block_quote(&text),
    }
}

fn citation_text(passage: &PassageView, markup: Markup, detail: Detail) -> String {
    let article = match &passage.publisher {
        Some(publisher) => format!("{}, {publisher}", passage.article),
        None => passage.article.clone(),
    };
    let section = if passage.section == passage.article { String::new() } else { format!(" › {}", passage.section) };
    let link = match (&passage.link, detail) {
        (Some(link), Detail::Full) => format!(" {}", markup.link("Read it there", link)),
        _ => String::new(),
    };
    markup.small(&format!("— {article}{section}. {}.{link}", passage.review))
}
