//! A [`Reply`] as text: for an embed, for a plain message, and for a terminal.
//!
//! What does not fit is left out by importance: first links and sources of notes, then plain words, then whole
//! passages from the end. Cards, notes and the disclaimer are never shortened.

use super::limits::{
    CONTENT_MAX_CHARS, EMBED_DESCRIPTION_MAX_CHARS, EMBED_FOOTER_MAX_CHARS, EMBED_TITLE_MAX_CHARS,
    EMBEDS_TOTAL_MAX_CHARS, cut, cut_lines, length,
};
use super::passage::Detail;
use super::{Card, Reply};

/// The marks that a place of display understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Discord's Markdown.
    Discord,
    /// A terminal, without colours.
    Terminal,
}

impl Style {
    pub(super) fn bold(self, text: &str) -> String {
        match self {
            Self::Discord => format!("**{text}**"),
            Self::Terminal => text.to_owned(),
        }
    }

    pub(super) fn small(self, text: &str) -> String {
        match self {
            Self::Discord => format!("-# {text}"),
            Self::Terminal => text.to_owned(),
        }
    }

    pub(super) fn labelled(self, label: &str, text: &str) -> String {
        format!("{} {text}", self.bold(&format!("{label}:")))
    }

    pub(super) fn link(self, label: &str, address: &str) -> String {
        match self {
            Self::Discord => format!("[{label}]({address})"),
            Self::Terminal => address.to_owned(),
        }
    }

    /// A block quote. Discord wraps lines itself; a terminal shows the author's lines.
    pub(super) fn quoted(self, text: &str) -> String {
        let mark = match self {
            Self::Discord => "> ",
            Self::Terminal => "  | ",
        };
        text.lines().map(|line| format!("{mark}{line}")).collect::<Vec<_>>().join("\n")
    }

    /// Text in columns. A fence in the text itself would end ours, so it gets a longer one in no style: it is quoted.
    pub(super) fn fixed_width(self, text: &str) -> String {
        if self == Self::Terminal || text.contains("```") { self.quoted(text) } else { format!("```\n{text}\n```") }
    }
}

/// An embed's texts, each within its limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedText {
    /// Title, if there is one.
    pub title: Option<String>,
    /// Body.
    pub description: String,
    /// Disclaimer; only on the last embed of a message.
    pub footer: Option<String>,
    /// Whether it is a card, which is coloured.
    pub is_card: bool,
}

/// The embeds of a reply: the card first, if there is one, then the rest.
pub fn embeds(reply: &Reply) -> Vec<EmbedText> {
    let footer = cut(&reply.disclaimer, EMBED_FOOTER_MAX_CHARS);
    let mut embeds: Vec<EmbedText> = reply.card.iter().map(card_embed).collect();
    let taken: usize =
        embeds.iter().map(|embed| length(&embed.description) + embed.title.as_deref().map_or(0, length)).sum();
    if reply.has_body() {
        let title = reply.title.as_deref().map(|title| cut(title, EMBED_TITLE_MAX_CHARS));
        let taken = taken + length(&footer) + title.as_deref().map_or(0, length);
        let room = EMBEDS_TOTAL_MAX_CHARS.saturating_sub(taken);
        let description = body(reply, Style::Discord, room.min(EMBED_DESCRIPTION_MAX_CHARS));
        embeds.push(EmbedText { title, description, footer: None, is_card: false });
    }
    if let Some(last) = embeds.last_mut() {
        last.footer = Some(footer);
    }
    embeds
}

/// The reply as one plain message, for places where embeds are not allowed.
pub fn plain(reply: &Reply) -> String {
    one_text(reply, Style::Discord, CONTENT_MAX_CHARS)
}

/// The reply for a terminal.
pub fn terminal(reply: &Reply) -> String {
    one_text(reply, Style::Terminal, usize::MAX)
}

/// How many of a reply's passages an embed can show with their plain words, which most readers need; at least one.
pub(super) fn passages_that_fit(reply: &Reply) -> usize {
    let text = |shown: &usize| render(reply, Style::Discord, Detail::PlainWords, *shown);
    let fits = |shown: &usize| length(&text(shown)) <= EMBED_DESCRIPTION_MAX_CHARS;
    (1..=reply.passages.len()).rev().find(fits).unwrap_or(1)
}

fn one_text(reply: &Reply, style: Style, max: usize) -> String {
    let mut head: Vec<String> = reply.card.iter().map(|card| card_text(card, style)).collect();
    if let Some(title) = reply.title.as_ref().filter(|_| reply.has_body()) {
        head.push(style.bold(&cut(title, EMBED_TITLE_MAX_CHARS)));
    }
    let foot = style.small(&reply.disclaimer);
    let taken: usize = head.iter().map(|text| length(text) + 2).sum::<usize>() + length(&foot) + 2;
    if reply.has_body() {
        head.push(body(reply, style, max.saturating_sub(taken)));
    }
    head.push(foot);
    head.join("\n\n")
}

fn card_embed(card: &Card) -> EmbedText {
    EmbedText {
        title: Some(cut(&card.title, EMBED_TITLE_MAX_CHARS)),
        description: card.lines.join("\n\n"),
        footer: None,
        is_card: true,
    }
}

fn card_text(card: &Card, style: Style) -> String {
    format!("{}\n\n{}", style.bold(&card.title), card.lines.join("\n\n"))
}

/// What stands between title and footer, in at most `max` code points.
fn body(reply: &Reply, style: Style, max: usize) -> String {
    for detail in Detail::FROM_MOST {
        let text = render(reply, style, detail, reply.passages.len());
        if length(&text) <= max {
            return text;
        }
    }
    for shown in (1..reply.passages.len()).rev() {
        let text = render(reply, style, Detail::Least, shown);
        if length(&text) <= max {
            return text;
        }
    }
    let mut lines = reply.lead.clone();
    if let Some(passage) = reply.passages.first() {
        lines.push(format!(
            "My articles have a passage on this under “{}”. It does not fit here; a moderator can allow me to send embeds.",
            cut(passage.section(), 200)
        ));
    }
    lines.extend(reply.tail.iter().cloned());
    cut_lines(&lines.iter().flat_map(|text| text.lines()).map(str::to_owned).collect::<Vec<_>>(), max)
}

fn render(reply: &Reply, style: Style, detail: Detail, passages: usize) -> String {
    let lead = reply.lead.iter().cloned();
    let shown = reply.passages.iter().take(passages).map(|passage| passage.render(style, detail));
    lead.chain(shown).chain(reply.tail.iter().cloned()).collect::<Vec<_>>().join("\n\n")
}
