//! The audit: one line for everything that changes what others see, and for every attempt in Discord that was
//! refused or failed (P8).
//!
//! It says who did what, in which server, with what outcome and which generation was live then; never what anybody
//! asked.

use std::fmt;

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The program itself, as it started.
    Start,
    /// Somebody at the command line.
    CommandLine,
    /// A member of a Discord server.
    Member {
        /// Discord id of the user.
        user: u64,
        /// Discord id of the server.
        guild: Option<u64>,
    },
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// The actor may not do it.
    Refused,
    /// It failed; the reason is in the log.
    Failed,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("start"),
            Self::CommandLine => f.write_str("command line"),
            Self::Member { user, .. } => write!(f, "discord user {user}"),
        }
    }
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// Leaves a line. `generation` is the one that it was about.
pub fn record(actor: &Actor, action: &str, outcome: Outcome, generation: Option<&dyn fmt::Display>) {
    let guild = match actor {
        Actor::Member { guild, .. } => *guild,
        Actor::Start | Actor::CommandLine => None,
    };
    let generation = generation.map(ToString::to_string);
    tracing::info!(target: "seventh::audit", by = %actor, action, outcome = outcome.name(), guild, generation, "audit");
}
