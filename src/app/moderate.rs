//! What moderators do: refresh, publish, cancel, look at the status. Every call is checked and leaves an audit line (P8).

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use time::OffsetDateTime;

use super::{App, Caller, log};
use crate::error::{CorpusRefused, UserError};
use crate::index::{GenerationId, IndexError, Provenance, Snapshot};
use crate::refresh::RefreshError;
use crate::reply::{Reply, Status};

impl App {
    /// Runs a moderator's command if the caller is one, and leaves an audit line either way (P8).
    pub(super) fn as_moderator(
        &self,
        caller: &Caller,
        command: &str,
        run: impl FnOnce(String) -> Result<Reply, UserError>,
    ) -> Result<Reply, UserError> {
        let result = if self.is_moderator(caller) {
            run(format!("discord user {}", caller.user))
        } else {
            Err(UserError::NotModerator)
        };
        let generation = self.0.live.load().as_ref().map(|live| live.snapshot.manifest.id.to_string());
        let outcome = match &result {
            Ok(_) => "done",
            Err(UserError::NotModerator) => "refused",
            Err(_) => "failed",
        };
        tracing::info!(target: "seventh::audit", command, outcome, user = caller.user, guild = caller.guild, generation, "corpus command");
        result
    }

    pub(super) fn refresh(&self, live: Option<&Snapshot>, by: String) -> Result<Reply, UserError> {
        let provenance = Provenance { by, note: "refresh".to_owned() };
        let preview = self.0.refresher.prepare(live, provenance, &|_, _| {}).map_err(refresh_error)?;
        Ok(self.0.speaker.preview(&preview.changes, &preview.warnings))
    }

    pub(super) fn publish(&self, id: &GenerationId, from: Option<&GenerationId>) -> Result<Reply, UserError> {
        // One at a time, from reading what is live to replacing it, so that memory and CURRENT name the same one.
        let _publishing = self.0.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        let live = self.0.live.load_full();
        let live = live.as_deref().map(|live| &live.snapshot);
        let snapshot = self.0.refresher.publish_staged(id, from, live).map_err(refresh_error)?;
        let reply = self.0.speaker.published(&snapshot);
        self.go_live(Some(snapshot));
        Ok(reply)
    }

    pub(super) fn cancel(&self, id: &GenerationId) -> Result<Reply, UserError> {
        self.0.refresher.cancel(id).map_err(refresh_error)?;
        Ok(self.0.speaker.cancelled())
    }

    pub(super) fn status(&self, snapshot: Option<&Snapshot>) -> Reply {
        self.0.speaker.status(&Status {
            snapshot,
            semantic: &self.semantic_state(snapshot),
            corpus_changed: self.0.refresher.differs_from(snapshot),
            uptime: self.0.started.elapsed(),
            asked: self.0.asked.load(Ordering::Relaxed),
            today: OffsetDateTime::now_utc().date(),
        })
    }
}

fn refresh_error(error: RefreshError) -> UserError {
    match error {
        RefreshError::Running | RefreshError::Index(IndexError::Busy(_)) => UserError::RefreshRunning,
        RefreshError::Refused(problems) => UserError::Corpus(CorpusRefused { problems }),
        RefreshError::Gone => UserError::PreviewGone,
        RefreshError::Outdated => UserError::PreviewOutdated,
        RefreshError::Temporary(error) => UserError::RefreshFailed(log("no temporary folder", &error)),
        RefreshError::Index(error) => UserError::RefreshFailed(log("the index folder failed", &error)),
    }
}
