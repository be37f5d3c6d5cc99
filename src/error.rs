//! What can't be done for a user: the only error that reaches one, by the words of [`crate::reply::sentence`].
//!
//! Everything else is logged once, at the boundary, and shown as [`UserError::Internal`] with a reference.

use std::fmt;

use thiserror::Error;

use crate::diagnostics::{Diagnostic, mistakes};

/// What can't be done. `Display` is for logs and causes; users read [`crate::reply::sentence`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UserError {
    /// Nothing is left after cleaning.
    #[error("no question in the text")]
    NoQuestion,
    /// There is no generation to answer from.
    #[error("no live generation")]
    NoIndex,
    /// A button points at a passage or section that is no longer there.
    #[error("button of a passage that is gone")]
    Outdated,
    /// A button of another version of the bot.
    #[error("unknown button")]
    UnknownButton,
    /// A command of another version of the bot.
    #[error("unknown command")]
    UnknownCommand,
    /// A topic that nothing matches.
    #[error("unknown topic")]
    UnknownTopic,
    /// Only somebody who may manage the corpus can do this.
    #[error("not a moderator")]
    NotModerator,
    /// Only the asker or a moderator may remove an answer.
    #[error("neither the asker nor a moderator")]
    NotAsker,
    /// Too much at once.
    #[error("too many requests at once")]
    Busy,
    /// A refresh is running.
    #[error("a refresh is running")]
    RefreshRunning,
    /// The preview that a button belongs to is gone.
    #[error("the preview is gone")]
    PreviewGone,
    /// Another generation went live after the preview was made.
    #[error("another generation went live since the preview")]
    PreviewOutdated,
    /// The corpus can't be published, for these reasons.
    #[error("the corpus has {}", mistakes(.0))]
    Corpus(Vec<Diagnostic>),
    /// A failure whose reason is in the log.
    #[error("internal error {0}")]
    Internal(Reference),
    /// A refresh failed for a reason that is in the log.
    #[error("the refresh failed, reference {0}")]
    RefreshFailed(Reference),
}

/// A short reference that stands in a message and in the log line with the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference(u32);

impl Reference {
    /// A reference that no earlier message of this process had, and that is unlikely in another's.
    pub fn next() -> Self {
        use std::sync::atomic::{AtomicU32, Ordering};
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let started = std::process::id().wrapping_mul(0x9e37_79b9);
        Self(COUNT.fetch_add(1, Ordering::Relaxed).wrapping_add(started) & 0x00ff_ffff)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06x}", self.0)
    }
}
