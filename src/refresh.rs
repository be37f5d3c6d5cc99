//! The publish pipeline: read the corpus folder, lint, build beside, ask the golden questions, say what changes,
//! publish.
//!
//! Single flight: one at a time in this process (and, by a lock on the index folder, among processes). Whatever fails,
//! the old generation stays live (P4).

mod changes;
mod golden;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard};

use thiserror::Error;

pub use changes::{ChangedPassage, Changes, FileChange};

use crate::audit::{self, Actor, Outcome};
use crate::content::{self, Content};
use crate::corpus::{self, CorpusFile};
use crate::diagnostics::{Diagnostic, Severity, has_errors, mistakes};
use crate::embedding::Embedder;
use crate::index::{FolderLock, GenerationId, Generations, IndexError, Provenance, Snapshot, Staged};
use crate::triage::emergency_numbers::EmergencyNumbers;

/// How many passages pass between two reports of progress.
const PROGRESS_EVERY: usize = 256;

/// Why a refresh came to nothing.
#[derive(Debug, Error)]
pub enum RefreshError {
    /// Another one is running in this process.
    #[error("a refresh is running already")]
    Running,
    /// The corpus has mistakes.
    #[error("the corpus has {}", mistakes(.0))]
    Refused(Vec<Diagnostic>),
    /// The staged generation is gone.
    #[error("the preview is gone")]
    Gone,
    /// Another generation went live after the preview.
    #[error("another generation was published since the preview")]
    Outdated,
    /// There is no room for temporary files.
    #[error("a temporary folder can't be made: {0}")]
    Temporary(std::io::Error),
    /// The index folder failed.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl RefreshError {
    /// What is wrong in the corpus, if that is why.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Refused(diagnostics) => diagnostics,
            _ => &[],
        }
    }
}

/// The publish pipeline: reads, builds and publishes.
#[derive(Debug)]
pub struct PublishPipeline {
    corpus: PathBuf,
    generations: Generations,
    keep: usize,
    running: Mutex<()>,
}

/// A generation that could be published.
#[derive(Debug)]
pub struct Preview {
    /// What it would change.
    pub changes: Changes,
    /// What somebody should look at.
    pub warnings: Vec<Diagnostic>,
    /// What is known and need not be mended now.
    pub notes: Vec<Diagnostic>,
    staged: Staged,
}

impl Preview {
    /// The emergency numbers that its cards would show.
    pub const fn emergency_numbers(&self) -> &EmergencyNumbers {
        &self.staged.snapshot.detector.red_flags.emergency_numbers
    }
}

impl PublishPipeline {
    /// Reads from the folder `corpus`, builds in `generations` and keeps `keep` of them.
    pub const fn new(corpus: PathBuf, generations: Generations, keep: usize) -> Self {
        Self { corpus, generations, keep, running: Mutex::new(()) }
    }

    /// The index folder.
    pub const fn generations(&self) -> &Generations {
        &self.generations
    }

    /// The id of the generation that the corpus folder would give. `None` for a folder that can't be read.
    pub fn folder_id(&self) -> Option<GenerationId> {
        let (files, diagnostics) = content::read_files(&self.corpus);
        (!has_errors(&diagnostics)).then(|| self.generations.id_of(&files))
    }

    /// Whether the corpus folder would give another generation than this one. A folder that can't be read would.
    pub fn is_ahead_of(&self, live: Option<&Snapshot>) -> bool {
        live.is_none_or(|live| self.folder_id().as_ref() != Some(&live.manifest.id))
    }

    /// Builds beside the live generation what the corpus folder holds, and asks it the golden questions.
    ///
    /// # Errors
    ///
    /// Every diagnostic of the corpus with file and line; or that the folder can't be written; or that another refresh
    /// runs.
    pub fn prepare(
        &self,
        live: Option<&Snapshot>,
        provenance: Provenance,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Preview, RefreshError> {
        let _running = self.single_flight()?;
        self.build(&self.generations.lock()?, live, provenance, progress)
    }

    /// The same, and publishes it. `lock` keeps every other builder out from beginning to end.
    ///
    /// # Errors
    ///
    /// As [`PublishPipeline::prepare`], and when a step of publishing fails; the old generation is live then.
    pub fn build_and_publish(
        &self,
        lock: &FolderLock,
        live: Option<&Snapshot>,
        (actor, note): (&Actor, &str),
        progress: &dyn Fn(usize, usize),
    ) -> Result<Snapshot, RefreshError> {
        let _running = self.single_flight()?;
        let provenance = Provenance { by: actor.to_string(), note: note.to_owned() };
        let preview = self.build(lock, live, provenance, progress)?;
        self.activate(lock, preview.staged, actor)
    }

    fn build(
        &self,
        lock: &FolderLock,
        live: Option<&Snapshot>,
        provenance: Provenance,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Preview, RefreshError> {
        let (files, content, mut diagnostics) = self.read()?;
        let total = content.corpus.passage_count();
        let report = |done: usize| {
            if done.is_multiple_of(PROGRESS_EVERY) || done == total {
                progress(done, total);
            }
        };
        let parent = live.map(|live| &live.manifest.id);
        let staged = self.generations.stage(lock, &files, content, parent, provenance, &report)?;
        diagnostics.extend(self.checks(&staged.snapshot));
        let (notes, warnings): (Vec<_>, Vec<_>) =
            diagnostics.into_iter().partition(|found| found.severity == Severity::Note);
        if has_errors(&warnings) {
            return Err(self.discard(&staged, RefreshError::Refused(warnings)));
        }
        Ok(Preview { changes: Changes::between(live, &staged.snapshot), warnings, notes, staged })
    }

    /// What only a built generation can show: golden questions, rule examples, staleness, terms that find nothing.
    fn checks(&self, snapshot: &Snapshot) -> Vec<Diagnostic> {
        let mut diagnostics = golden::ask(snapshot);
        let parts = (&snapshot.corpus, &snapshot.detector, snapshot.calibration());
        diagnostics.extend(content::staleness(&self.corpus, parts, snapshot.embedder().map(Embedder::digest)));
        diagnostics.extend(corpus::unused_terms(&snapshot.corpus.lexicon, &|term| snapshot.uses(term)));
        diagnostics
    }

    /// What a refresh would say. It builds in a temporary folder, so that nothing changes in the index folder.
    ///
    /// # Errors
    ///
    /// As [`PublishPipeline::prepare`], and when there is no room for temporary files.
    pub fn check(&self, live: Option<&Snapshot>) -> Result<Preview, RefreshError> {
        let folder = tempfile::tempdir().map_err(RefreshError::Temporary)?;
        let scratch = Self::new(self.corpus.clone(), self.generations.at(folder.path().to_owned()), self.keep);
        let provenance = Provenance { by: Actor::CommandLine.to_string(), note: "check".to_owned() };
        scratch.prepare(live, provenance, &|_, _| {})
    }

    /// Builds what the corpus folder holds in a temporary place and opens it, without asking it the golden questions:
    /// for trying, measuring and fitting. Nothing changes in the index folder.
    ///
    /// # Errors
    ///
    /// As [`PublishPipeline::check`].
    pub fn scratch_build(&self, progress: &dyn Fn(usize, usize)) -> Result<Snapshot, RefreshError> {
        let folder = tempfile::tempdir().map_err(RefreshError::Temporary)?;
        let (files, content, _) = self.read()?;
        let total = content.corpus.passage_count();
        let generations = self.generations.at(folder.path().to_owned());
        let provenance = Provenance { by: Actor::CommandLine.to_string(), note: "scratch build".to_owned() };
        let report = |done| progress(done, total);
        // An open index keeps its files as long as it needs them, after the folder is gone too.
        Ok(generations.stage(&generations.lock()?, &files, content, None, provenance, &report)?.snapshot)
    }

    fn read(&self) -> Result<(Vec<CorpusFile>, Content, Vec<Diagnostic>), RefreshError> {
        let (files, diagnostics) = content::read_files(&self.corpus);
        let (content, warnings) = Content::parse(&files, diagnostics).map_err(RefreshError::Refused)?;
        Ok((files, content, warnings))
    }

    fn discard(&self, staged: &Staged, error: RefreshError) -> RefreshError {
        if let Err(left) = self.generations.discard(staged) {
            tracing::warn!(error = %left, "an unfinished generation could not be removed; the next build removes it");
        }
        error
    }

    /// Makes a generation live that was previewed before, if `live` is still what it was compared with.
    ///
    /// # Errors
    ///
    /// When the preview is gone or outdated, or a step fails; the old generation is live then.
    pub fn publish_staged(
        &self,
        id: &GenerationId,
        compared_with: Option<&GenerationId>,
        live: Option<&Snapshot>,
        actor: &Actor,
    ) -> Result<Snapshot, RefreshError> {
        let _running = self.single_flight()?;
        if compared_with != live.map(|live| &live.manifest.id) {
            return Err(RefreshError::Outdated);
        }
        let lock = self.generations.lock()?;
        let staged = self.generations.staged(id).ok_or(RefreshError::Gone)?;
        self.activate(&lock, staged, actor)
    }

    /// Throws a preview away.
    ///
    /// # Errors
    ///
    /// When the folder can't be removed.
    pub fn cancel(&self, id: &GenerationId) -> Result<(), RefreshError> {
        let _running = self.single_flight()?;
        Ok(self.generations.discard_id(id)?)
    }

    /// The one place where what is live changes, which leaves the audit's line.
    fn activate(&self, lock: &FolderLock, staged: Staged, actor: &Actor) -> Result<Snapshot, RefreshError> {
        let snapshot = self.generations.publish(lock, staged)?;
        audit::record(actor, "publish", Outcome::Done, Some(&snapshot.manifest.id));
        if let Err(error) = self.generations.prune(lock, self.keep, &snapshot.manifest.id) {
            tracing::warn!(%error, "old generations could not be removed");
        }
        Ok(snapshot)
    }

    fn single_flight(&self) -> Result<MutexGuard<'_, ()>, RefreshError> {
        match self.running.try_lock() {
            Ok(guard) => Ok(guard),
            Err(std::sync::TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(std::sync::TryLockError::WouldBlock) => Err(RefreshError::Running),
        }
    }
}
