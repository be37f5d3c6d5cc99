//! The presenter: what every reply is made with. Each file of this room adds the replies of one kind to it.

use super::message::Reply;

/// Room for a list inside a reply, in Unicode code points: fits the plain form with title and disclaimer.
pub(super) const LIST_MAX_CHARS: usize = 1_500;

/// Makes replies.
#[derive(Debug, Clone)]
pub struct Presenter {
    disclaimer: String,
}

impl Presenter {
    /// Ends every reply with this disclaimer.
    pub const fn new(disclaimer: String) -> Self {
        Self { disclaimer }
    }

    pub(super) fn reply(&self, title: Option<&str>) -> Reply {
        Reply::new(&self.disclaimer, title)
    }
}

/// A number with its noun: `1 passage`, `2 passages`.
pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
