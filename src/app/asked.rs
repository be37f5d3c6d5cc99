//! A question that was asked, with the generation that it was asked of.

use std::sync::Arc;

use super::Live;
use crate::answer::Outcome;
use crate::corpus::red_flags::{self, RedFlags};
use crate::index::Snapshot;
use crate::question::Question;

/// What came of a question, and the generation that it was asked of.
pub struct Asked {
    /// What came of it.
    pub outcome: Outcome,
    pub(super) live: Option<Arc<Live>>,
}

impl Asked {
    /// The generation that it was asked of.
    pub fn snapshot(&self) -> Option<&Snapshot> {
        self.live.as_deref().map(|live| &live.snapshot)
    }

    /// The words of the question's text that an alert of the second reader hangs on most, each with the chance that is left
    /// without it: for explaining.
    pub fn telling_words(&self, text: &str) -> Vec<(String, f32)> {
        let question = Question::new(text).zip(self.outcome.alert.as_ref());
        question.map_or_else(Vec::new, |(it, alert)| it.telling_words(flags(self.snapshot()), alert))
    }
}

/// The red flags of a generation, or those that are built into the program.
pub(super) fn flags(snapshot: Option<&Snapshot>) -> &RedFlags {
    match snapshot {
        Some(snapshot) => &snapshot.corpus.red_flags,
        None => red_flags::built_in(),
    }
}
