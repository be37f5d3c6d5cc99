//! Every form of a reply, made of its one [`ReplyView`]: Discord's embeds, a plain message, the terminal's text, JSON.
//!
//! What does not fit is left out by importance: first links and sources of notes, then plain words, then whole passages
//! from the end. Cards, notes and the disclaimer are never shortened.

mod discord;
mod json;
mod layout;
mod plain;
mod terminal;

pub use discord::{EmbedText, embeds};
pub use json::{JsonAnswer, JsonPassage};
pub use plain::plain;
pub use terminal::terminal;

use super::view::ReplyView;

/// The two forms of a message in Discord.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MessageForm {
    /// Embeds, unless Discord refuses them when the message is sent.
    #[default]
    Embeds,
    /// Plain text, where embeds are known to be forbidden. It holds less than half as much.
    Plain,
}

/// How many of a reply's passages a message can show with their plain words, which most readers need; at least one.
pub(super) fn passages_that_fit(view: &ReplyView, form: MessageForm) -> usize {
    let room = match form {
        MessageForm::Embeds => discord::body_room(view),
        MessageForm::Plain => plain::body_room(view),
    };
    (1..=view.passages.len()).rev().find(|shown| layout::fits(view, *shown, room)).unwrap_or(1)
}
