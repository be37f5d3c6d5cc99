//! A reply for a terminal: no marks of Markdown, and as long as it has to be.

use super::layout::{self, Frame};
use crate::reply::markup::Markup;
use crate::reply::view::ReplyView;

/// The text, with the author's line breaks.
pub fn terminal(view: &ReplyView) -> String {
    Frame::new(view, Markup::Terminal).around(layout::body(view, Markup::Terminal, usize::MAX))
}
