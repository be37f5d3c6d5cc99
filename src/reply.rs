//! Everything that the bot says: an answer or an error to a [`Reply`], and its one view to every form in which it is
//! shown.
//!
//! ```text
//! Response, Snapshot, UserError ... --Presenter--> Reply --view--> ReplyView --render--> embeds | plain | terminal |
//! JSON
//! ```
//!
//! Every sentence for a user stands in this room, under snapshot tests (errors: `every_error_has_its_sentence`). A
//! reply can't be made without the disclaimer: the one constructor of [`ReplyView`] asks for it (P2,
//! `every_kind_of_reply_ends_with_the_disclaimer_in_every_form`). No other room shortens text: that is for [`limits`].

mod answers;
mod browse;
mod dates;
mod errors;
mod information;
pub mod limits;
mod markup;
mod message;
mod moderation;
mod passage;
mod presenter;
pub mod render;
mod view;

pub use errors::sentence;
pub use message::Reply;
pub use moderation::{SemanticState, Status, change_lines};
pub use presenter::Presenter;
pub use view::{
    Assessment, Button, ButtonStyle, Choice, ControlRow, NoteView, PassageView, QuoteView, ReplyView, Segment,
    Visibility,
};
