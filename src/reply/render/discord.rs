//! A reply as Discord's embeds: the card first, if there is one, then the rest.

use super::layout;
use crate::reply::limits::{
    EMBED_DESCRIPTION_MAX_CHARS, EMBED_FOOTER_MAX_CHARS, EMBED_TITLE_MAX_CHARS, EMBEDS_TOTAL_MAX_CHARS, cut, length,
};
use crate::reply::markup::Markup;
use crate::reply::view::ReplyView;
use crate::triage::Card;

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

/// The embeds of a reply, all together within Discord's limits; the disclaimer below the last one.
pub fn embeds(view: &ReplyView) -> Vec<EmbedText> {
    let mut embeds: Vec<EmbedText> = view.card.iter().map(card_embed).collect();
    if let Some(description) = layout::body(view, Markup::Discord, body_room(view)) {
        embeds.push(EmbedText { title: title(view), description, footer: None, is_card: false });
    }
    if let Some(last) = embeds.last_mut() {
        last.footer = Some(footer(view));
    }
    embeds
}

/// Room for the description of the embed below the card, in Unicode code points.
pub(super) fn body_room(view: &ReplyView) -> usize {
    let card: usize = view
        .card
        .iter()
        .map(card_embed)
        .flat_map(|card| [card.title.unwrap_or_default(), card.description])
        .map(|text| length(&text))
        .sum();
    let taken = card + length(&footer(view)) + title(view).as_deref().map_or(0, length);
    EMBEDS_TOTAL_MAX_CHARS.saturating_sub(taken).min(EMBED_DESCRIPTION_MAX_CHARS)
}

fn title(view: &ReplyView) -> Option<String> {
    view.title.as_deref().map(|title| cut(title, EMBED_TITLE_MAX_CHARS))
}

fn footer(view: &ReplyView) -> String {
    cut(view.disclaimer(), EMBED_FOOTER_MAX_CHARS)
}

fn card_embed(card: &Card) -> EmbedText {
    EmbedText {
        title: Some(cut(&card.title, EMBED_TITLE_MAX_CHARS)),
        description: card.lines.join("\n\n"),
        footer: None,
        is_card: true,
    }
}
