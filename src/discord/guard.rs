//! At the door: which messages are for us, how many requests may be inside, and how to wait for them at the end.

use std::sync::Arc;
use std::time::Duration;

use serenity::all::{Message, MessageType, UserId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// Counts the requests inside, and closes at shutdown.
#[derive(Clone)]
pub(super) struct Gate {
    permits: Arc<Semaphore>,
    tracker: TaskTracker,
}

/// One request inside.
pub(super) struct Pass {
    _permit: OwnedSemaphorePermit,
    _tracked: TaskTrackerToken,
}

impl Gate {
    /// A gate that lets `at_once` requests in.
    pub(super) fn new(at_once: usize) -> Self {
        Self { permits: Arc::new(Semaphore::new(at_once)), tracker: TaskTracker::new() }
    }

    /// A pass, unless too many are inside or the gate is closed.
    pub(super) fn enter(&self) -> Option<Pass> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        Some(Pass { _permit: permit, _tracked: self.tracker.token() })
    }

    /// Whether the process is stopping.
    pub(super) fn is_closed(&self) -> bool {
        self.permits.is_closed()
    }

    /// Lets nobody in any more and waits for those inside, at most `grace`.
    pub(super) async fn drain(&self, grace: Duration) {
        self.permits.close();
        self.tracker.close();
        if tokio::time::timeout(grace, self.tracker.wait()).await.is_err() {
            tracing::warn!(left = self.tracker.len(), "requests were still running at the end of the grace period");
        }
    }
}

/// Whether a message asks the bot: a direct message, or one that mentions it by name.
///
/// Bots, webhooks, our own messages, system messages and `@everyone` are never answered.
pub(super) fn is_for_us(message: &Message, us: UserId) -> bool {
    let from_a_person =
        !message.author.bot && !message.author.system && message.webhook_id.is_none() && message.author.id != us;
    let written = matches!(message.kind, MessageType::Regular | MessageType::InlineReply);
    let addressed = message.guild_id.is_none() || message.mentions.iter().any(|user| user.id == us);
    from_a_person && written && addressed && !message.mention_everyone
}
