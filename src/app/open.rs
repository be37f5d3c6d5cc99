//! Opening: which generation answers from the start, and what is said of it.
//!
//! Opening never changes what others see (P8). It publishes only where nothing can be live: into an empty index folder,
//! after a change of the build's format, or when it builds again the very generation that was live and is damaged.

use std::sync::Arc;

use super::App;
use super::live::Live;
use crate::audit::Actor;
use crate::diagnostics::Diagnostic;
use crate::index::{IndexError, Snapshot};
use crate::refresh::{PublishPipeline, RefreshError};

/// What opening the app came to.
#[derive(Debug)]
pub enum Opened {
    /// The live generation is what the corpus folder holds.
    Current,
    /// The corpus folder has changes that are not live.
    FolderIsAhead,
    /// There was none, and one was built and published.
    Built,
    /// What was there is damaged or of another format, and one was built and published in its place.
    Rebuilt,
    /// An older generation answers, because the live one can't be used.
    Older,
    /// Nothing can answer: the index folder holds no usable generation, and the corpus folder is not what was live.
    Unusable,
    /// Nothing can answer: there is none, and none can be built.
    Failed(RefreshError),
}

impl Opened {
    /// What to tell whoever started the program; `None` if all is as it should be.
    pub fn report(&self) -> Option<String> {
        match self {
            Self::Current => None,
            Self::FolderIsAhead => Some(
                "the corpus folder has changes that are not live; `seventh check` shows them, `seventh index` or /corpus refresh publishes them".to_owned(),
            ),
            Self::Built => Some("built the index, because there was none".to_owned()),
            Self::Rebuilt => {
                Some("built the index again, because the live generation was damaged or of another format".to_owned())
            }
            Self::Older => Some(
                "the live generation can't be used, so an older one answers; `seventh index` builds from the corpus folder".to_owned(),
            ),
            Self::Unusable => Some(
                "no generation in the index folder can be used, so only safety cards are shown; `seventh check` shows what the corpus folder holds, `seventh index` publishes it".to_owned(),
            ),
            Self::Failed(error) => {
                let said = format!("{error}; only safety cards are shown until that is mended");
                let problems = error.diagnostics().iter().map(Diagnostic::to_string);
                Some(std::iter::once(said).chain(problems).collect::<Vec<_>>().join("\n"))
            }
        }
    }

    /// Whether questions can be answered.
    pub const fn can_answer(&self) -> bool {
        !matches!(self, Self::Unusable | Self::Failed(_))
    }
}

impl App {
    /// Opens the live generation.
    ///
    /// `progress` is called with passages written and their number if one is built. Whatever fails is reported; the
    /// newest usable generation answers all the same.
    pub fn open(&self, progress: &dyn Fn(usize, usize)) -> Opened {
        let (opened, snapshot) = open(&self.0.pipeline, progress);
        self.activate(snapshot);
        opened
    }

    /// Answers from a build of the corpus folder that is thrown away.
    ///
    /// # Errors
    ///
    /// When the corpus folder can't be built.
    pub fn open_scratch_build(&self, progress: &dyn Fn(usize, usize)) -> Result<(), RefreshError> {
        self.activate(Some(self.0.pipeline.scratch_build(progress)?));
        Ok(())
    }

    pub(super) fn activate(&self, snapshot: Option<Snapshot>) {
        self.0.health.set_generation(snapshot.as_ref().map(|snapshot| snapshot.manifest.id.to_string()));
        self.0.live.store(snapshot.map(|snapshot| Arc::new(Live::new(snapshot))));
    }
}

fn open(pipeline: &PublishPipeline, progress: &dyn Fn(usize, usize)) -> (Opened, Option<Snapshot>) {
    let (snapshot, skipped) = pipeline.generations().open_live();
    for error in &skipped {
        tracing::warn!(%error, "a generation was skipped");
    }
    // Without a readable note of which is live, the newest is taken for it.
    let live = || pipeline.generations().current().or_else(|| Some(snapshot.as_ref()?.manifest.id.clone()));
    let restores = !skipped.is_empty() && live().is_some_and(|live| pipeline.folder_id() == Some(live));
    match snapshot {
        Some(snapshot) if skipped.is_empty() && !pipeline.is_ahead_of(Some(&snapshot)) => {
            (Opened::Current, Some(snapshot))
        }
        Some(snapshot) if skipped.is_empty() => (Opened::FolderIsAhead, Some(snapshot)),
        Some(older) if !restores => (Opened::Older, Some(older)),
        older if may_publish(&skipped) || restores => build(pipeline, older, progress),
        _ => (Opened::Unusable, None),
    }
}

/// Whether what can't be opened leaves a start free to publish: there is nothing, or something of another format.
fn may_publish(skipped: &[IndexError]) -> bool {
    skipped.is_empty() || skipped.iter().any(|error| matches!(error, IndexError::OtherFormat { .. }))
}

/// Builds and publishes; if another process did so meanwhile, opens what it built.
fn build(
    pipeline: &PublishPipeline,
    older: Option<Snapshot>,
    progress: &dyn Fn(usize, usize),
) -> (Opened, Option<Snapshot>) {
    let lock = match pipeline.generations().lock_when_free() {
        Ok(lock) => lock,
        Err(error) => return failed(error.into(), older),
    };
    let (found, skipped) = pipeline.generations().open_live();
    if let (Some(found), true) = (found, skipped.is_empty()) {
        let opened = if pipeline.is_ahead_of(Some(&found)) { Opened::FolderIsAhead } else { Opened::Current };
        return (opened, Some(found));
    }
    let note = "there was no usable generation";
    match pipeline.build_and_publish(&lock, older.as_ref(), (&Actor::Start, note), progress) {
        Ok(built) if skipped.is_empty() => (Opened::Built, Some(built)),
        Ok(built) => (Opened::Rebuilt, Some(built)),
        Err(error) => failed(error, older),
    }
}

fn failed(error: RefreshError, older: Option<Snapshot>) -> (Opened, Option<Snapshot>) {
    match older {
        Some(older) => {
            tracing::error!(%error, "the live generation could not be built again");
            (Opened::Older, Some(older))
        }
        None => (Opened::Failed(error), None),
    }
}
