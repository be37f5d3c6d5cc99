//! What moderators do: refresh, publish, cancel, remove, look at the status. Every call is checked and audited (P8).

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use time::OffsetDateTime;

use super::policy::{self, Permission};
use super::{App, Caller, log_failure};
use crate::audit::{self, Actor, Outcome};
use crate::error::{CorpusRefused, UserError};
use crate::index::{GenerationId, IndexError, Provenance, Snapshot};
use crate::refresh::RefreshError;
use crate::reply::{Reply, SemanticState, Status};

impl App {
    /// Whether somebody may change what others see.
    pub(super) fn is_moderator(&self, caller: &Caller) -> bool {
        policy::moderator(&self.0.moderation, caller) == Permission::Allowed
    }

    /// Runs a moderator's command if the caller is one, and audits it either way. A publication that is done leaves its line where
    /// it happens.
    pub(super) fn as_moderator(
        &self,
        caller: &Caller,
        command: &str,
        run: impl FnOnce(&Actor) -> Result<Reply, UserError>,
    ) -> Result<Reply, UserError> {
        let actor = caller.actor();
        let result = if self.is_moderator(caller) { run(&actor) } else { Err(UserError::NotModerator) };
        let outcome = match &result {
            Ok(_) => Outcome::Done,
            Err(UserError::NotModerator) => Outcome::Refused,
            Err(_) => Outcome::Failed,
        };
        if (command, outcome) != ("publish", Outcome::Done) {
            self.audit(&actor, command, outcome);
        }
        result
    }

    /// Whether the caller may remove an answer that `asker` got. It is audited unless the asker does it.
    pub(super) fn may_remove(&self, asker: u64, caller: &Caller) -> Result<(), UserError> {
        let permission = policy::remover(&self.0.moderation, asker, caller);
        if caller.user != asker {
            let outcome = if permission == Permission::Allowed { Outcome::Done } else { Outcome::Refused };
            self.audit(&caller.actor(), "remove", outcome);
        }
        match permission {
            Permission::Allowed => Ok(()),
            Permission::Denied => Err(UserError::NotAsker),
        }
    }

    fn audit(&self, actor: &Actor, action: &str, outcome: Outcome) {
        let live = self.0.live.load();
        let generation = live.as_ref().map(|live| &live.snapshot.manifest.id);
        audit::record(actor, action, outcome, generation.map(|id| id as &dyn std::fmt::Display));
    }

    pub(super) fn refresh(&self, live: Option<&Snapshot>, actor: &Actor) -> Result<Reply, UserError> {
        let provenance = Provenance { by: actor.to_string(), note: "refresh".to_owned() };
        let preview = self.0.pipeline.prepare(live, provenance, &|_, _| {})?;
        Ok(self.0.presenter.preview(&preview.changes, &preview.warnings))
    }

    pub(super) fn publish(
        &self,
        id: &GenerationId,
        from: Option<&GenerationId>,
        actor: &Actor,
    ) -> Result<Reply, UserError> {
        // One at a time, from reading what is live to replacing it, so that memory and CURRENT name the same one.
        let _publishing = self.0.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        let live = self.0.live.load_full();
        let live = live.as_deref().map(|live| &live.snapshot);
        let snapshot = self.0.pipeline.publish_staged(id, from, live, actor)?;
        let reply = self.0.presenter.published(&snapshot);
        self.activate(Some(snapshot));
        Ok(reply)
    }

    pub(super) fn cancel(&self, id: &GenerationId) -> Result<Reply, UserError> {
        self.0.pipeline.cancel(id)?;
        Ok(self.0.presenter.cancelled())
    }

    pub(super) fn status(&self, snapshot: Option<&Snapshot>) -> Reply {
        self.0.presenter.status(&Status {
            snapshot,
            semantic: &self.semantic_state(snapshot),
            corpus_changed: self.0.pipeline.is_ahead_of(snapshot),
            uptime: self.0.started.elapsed(),
            asked: self.0.questions.load(Ordering::Relaxed),
            today: OffsetDateTime::now_utc().date(),
        })
    }
}

impl App {
    /// Whether questions to this generation are searched by embedding too.
    pub(super) fn semantic_state(&self, snapshot: Option<&Snapshot>) -> SemanticState {
        let has_vectors = snapshot.is_some_and(|snapshot| snapshot.semantic.is_some());
        match &self.0.semantic {
            SemanticState::On(_) if !has_vectors => SemanticState::Failed(
                "The live generation has no vectors of the model; a new one gets them.".to_owned(),
            ),
            state => state.clone(),
        }
    }
}

impl From<RefreshError> for UserError {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::Running | RefreshError::Index(IndexError::Busy(_)) => Self::RefreshRunning,
            RefreshError::Refused(diagnostics) => Self::Corpus(CorpusRefused { diagnostics }),
            RefreshError::Gone => Self::PreviewGone,
            RefreshError::Outdated => Self::PreviewOutdated,
            RefreshError::Temporary(error) => Self::RefreshFailed(log_failure("no temporary folder", &error)),
            RefreshError::Index(error) => Self::RefreshFailed(log_failure("the index folder failed", &error)),
        }
    }
}
