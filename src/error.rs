//! The only error whose text may reach a user.
//!
//! Everything else is logged once, at the boundary, and shown as [`UserError::Internal`] with a reference.

use std::fmt;

use thiserror::Error;

use crate::diagnostics::Diagnostic;

/// What a user is told when something can't be done. `Display` is the message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UserError {
    /// Nothing is left after cleaning.
    #[error("I could not find a question in that. Please write it in words, for example: Why does my eyelid twitch?")]
    NoQuestion,
    /// There is no generation to answer from.
    #[error("I can't read my articles right now. Please try again later. If you are worried, ask a doctor.")]
    NoIndex,
    /// A button points at a passage or section that is no longer there.
    #[error("My articles have changed since that message. Please ask again.")]
    Outdated,
    /// A button of another version of the bot.
    #[error("I no longer understand that button. Please ask again.")]
    UnknownButton,
    /// A command of another version of the bot.
    #[error("I no longer know that command. Please type `/` again to see the commands that I know, or use `/help`.")]
    UnknownCommand,
    /// A topic that nothing matches.
    #[error("I found no topic by that name. `/topics` shows all of them.")]
    UnknownTopic,
    /// Only somebody who may manage the corpus can do this.
    #[error("Only moderators of this bot can do that.")]
    NotModerator,
    /// Only the asker or a moderator may remove an answer.
    #[error("Only the person who asked, or a moderator, can remove this answer.")]
    NotAsker,
    /// Too much at once.
    #[error("I am getting more questions than I can answer right now. Please try again in a minute.")]
    Busy,
    /// A refresh is running.
    #[error("A refresh is running already. Please wait until it is done.")]
    RefreshRunning,
    /// The preview that a button belongs to is gone.
    #[error("That preview is gone. Run `/corpus refresh` again.")]
    PreviewGone,
    /// Another generation went live after the preview was made.
    #[error("The corpus was published by somebody else since that preview. Run `/corpus refresh` again.")]
    PreviewOutdated,
    /// The corpus can't be published.
    #[error("{0}")]
    Corpus(CorpusRefused),
    /// A failure whose reason is in the log.
    #[error(
        "Something went wrong on my side. Please try again. If it happens again, tell a moderator this reference: {0}"
    )]
    Internal(Reference),
    /// A refresh failed for a reason that is in the log.
    #[error(
        "The refresh failed on my side. The old answers stay. The reason is in the log; look for this reference: {0}"
    )]
    RefreshFailed(Reference),
}

/// Why a corpus was refused: every problem, with file and line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusRefused {
    /// All problems.
    pub diagnostics: Vec<Diagnostic>,
}

impl fmt::Display for CorpusRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The corpus was not published. The old answers stay. Please mend this and try again:")?;
        self.diagnostics.iter().try_for_each(|diagnostic| write!(f, "\n{diagnostic}"))
    }
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
