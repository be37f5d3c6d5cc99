//! The concurrency limiter: how many requests may run at once, and how to wait for them at the end.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// Counts the running requests, and closes at shutdown.
#[derive(Clone)]
pub(super) struct ConcurrencyLimiter {
    permits: Arc<Semaphore>,
    tracker: TaskTracker,
}

/// The permit of one request, given back when it is dropped.
pub(super) struct Permit {
    _permit: OwnedSemaphorePermit,
    _tracked: TaskTrackerToken,
}

impl ConcurrencyLimiter {
    /// Lets `at_once` requests run.
    pub(super) fn new(at_once: usize) -> Self {
        Self { permits: Arc::new(Semaphore::new(at_once)), tracker: TaskTracker::new() }
    }

    /// A permit, unless too many run or the process is stopping.
    pub(super) fn try_acquire(&self) -> Option<Permit> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        Some(Permit { _permit: permit, _tracked: self.tracker.token() })
    }

    /// Whether the process is stopping.
    pub(super) fn is_closed(&self) -> bool {
        self.permits.is_closed()
    }

    /// Gives no more permits and waits for the running requests, at most `grace`.
    pub(super) async fn drain(&self, grace: Duration) {
        self.permits.close();
        self.tracker.close();
        tracing::info!(running = self.tracker.len(), "new requests are no longer taken");
        if tokio::time::timeout(grace, self.tracker.wait()).await.is_err() {
            tracing::warn!(left = self.tracker.len(), "requests were still running at the end of the grace period");
        }
    }
}
