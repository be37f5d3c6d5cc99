//! A reply as one plain message, for places where embeds are not allowed.

use super::layout::{self, Frame};
use crate::reply::limits::CONTENT_MAX_CHARS;
use crate::reply::markup::Markup;
use crate::reply::view::ReplyView;

/// The content of a message, within Discord's limit.
pub fn plain(view: &ReplyView) -> String {
    Frame::new(view, Markup::Discord).around(layout::body(view, Markup::Discord, body_room(view)))
}

/// Room for what stands between title and disclaimer, in Unicode code points.
pub(super) fn body_room(view: &ReplyView) -> usize {
    CONTENT_MAX_CHARS.saturating_sub(Frame::new(view, Markup::Discord).length())
}
