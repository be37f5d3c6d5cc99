//! What came of a question, and what is sent because of it.

use std::sync::Arc;

use super::live::Live;
use crate::answer::{self, Response};
use crate::index::Snapshot;
use crate::question::Question;
use crate::reply::Reply;
use crate::triage;

/// A response, and the generation that it was made from.
pub struct Answered {
    /// The response.
    pub response: Response,
    pub(super) live: Option<Arc<Live>>,
}

/// What is to be sent.
pub struct Delivery {
    /// What the caller gets.
    pub reply: Reply,
    /// What moderators are told before, if they are.
    pub notice: Option<Notice>,
}

/// A note to moderators.
pub struct Notice {
    /// Discord id of the channel that it goes to.
    pub channel: u64,
    /// The note.
    pub text: Reply,
    /// What the caller gets instead once moderators were told: it says so, then and only then.
    pub reply_once_told: Reply,
}

impl Delivery {
    /// A reply of which moderators are told nothing.
    pub const fn of(reply: Reply) -> Self {
        Self { reply, notice: None }
    }
}

impl Answered {
    /// The generation that it was made from.
    pub fn snapshot(&self) -> Option<&Snapshot> {
        self.live.as_deref().map(|live| &live.snapshot)
    }

    /// The words of the question's text that an alert of the classifier hangs on most, each with the probability that
    /// is left without it: for explaining.
    pub fn attribution(&self, text: &str) -> Vec<(String, f32)> {
        let question = Question::new(text).zip(self.response.triage.alert.as_ref());
        question.map_or_else(Vec::new, |(question, alert)| {
            triage::attribution(answer::detector(self.snapshot()), &question, alert)
        })
    }
}
