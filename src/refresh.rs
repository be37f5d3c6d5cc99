//! Refresh: read the corpus folder, lint, build beside, ask the golden questions, say what changes, publish.
//!
//! Single flight: one at a time in this process (and, by a lock on the index folder, among processes). Whatever fails,
//! the old generation stays live (P4).

mod changes;
mod golden;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard};

use thiserror::Error;

pub use changes::{Changes, FileChange};

use crate::corpus::lint::{Problem, has_errors};
use crate::corpus::{self, Corpus};
use crate::index::{GenerationId, Generations, IndexError, Provenance, Snapshot, Staged};
use crate::semantic::Embedder;

/// How many passages pass between two reports of progress.
const PROGRESS_EVERY: usize = 256;

/// Why a refresh came to nothing.
#[derive(Debug, Error)]
pub enum RefreshError {
    /// Another one is running in this process.
    #[error("a refresh is running already")]
    Running,
    /// The corpus has mistakes.
    #[error("the corpus has {} problems", .0.len())]
    Refused(Vec<Problem>),
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

/// Reads, builds and publishes.
#[derive(Debug)]
pub struct Refresher {
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
    pub warnings: Vec<Problem>,
    staged: Staged,
}

impl Refresher {
    /// Reads from the folder `corpus`, builds in `generations` and keeps `keep` of them.
    pub const fn new(corpus: PathBuf, generations: Generations, keep: usize) -> Self {
        Self { corpus, generations, keep, running: Mutex::new(()) }
    }

    /// The index folder.
    pub const fn generations(&self) -> &Generations {
        &self.generations
    }

    /// Whether the corpus folder would give another generation than this one. A folder that can't be read would.
    pub fn differs_from(&self, live: Option<&Snapshot>) -> bool {
        let (files, problems) = corpus::read_files(&self.corpus);
        has_errors(&problems) || live.is_none_or(|live| live.manifest.id != self.generations.id_of(&files))
    }

    /// Reads and checks the corpus folder without building anything.
    ///
    /// # Errors
    ///
    /// All problems, if one of them stops a build.
    pub fn read(&self) -> Result<(Corpus, Vec<Problem>), RefreshError> {
        corpus::read(&self.corpus).map_err(RefreshError::Refused)
    }

    /// Builds beside the live generation what the corpus folder holds, and asks it the golden questions.
    ///
    /// # Errors
    ///
    /// Every problem of the corpus with file and line; or that the folder can't be written; or that another refresh runs.
    pub fn prepare(
        &self,
        live: Option<&Snapshot>,
        provenance: Provenance,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Preview, RefreshError> {
        let _running = self.single_flight()?;
        let (corpus, mut warnings) = self.read()?;
        let total = corpus.passage_count();
        let report = |done: usize| {
            if done.is_multiple_of(PROGRESS_EVERY) || done == total {
                progress(done, total);
            }
        };
        let parent = live.map(|live| &live.manifest.id);
        let staged = self.generations.stage(&corpus, parent, provenance, &report)?;
        let checked = self.generations.preview(&staged).map(|snapshot| {
            let mut problems = golden::ask(&snapshot);
            problems.extend(snapshot.corpus.outgrown(&self.corpus, snapshot.embedder().map(Embedder::digest)));
            problems.extend(corpus::unused_terms(&snapshot.corpus.lexicon, &|term| snapshot.uses(term)));
            (Changes::between(live, &snapshot), problems)
        });
        let (changes, problems) = match checked {
            Ok(checked) => checked,
            Err(error) => return Err(self.drop_staged(&staged, error.into())),
        };
        warnings.extend(problems);
        if has_errors(&warnings) {
            return Err(self.drop_staged(&staged, RefreshError::Refused(warnings)));
        }
        Ok(Preview { changes, warnings, staged })
    }

    /// What a refresh would say. It builds in a temporary folder, so that nothing changes in the index folder.
    ///
    /// # Errors
    ///
    /// As [`Refresher::prepare`], and when there is no room for temporary files.
    pub fn check(&self, live: Option<&Snapshot>) -> Result<Preview, RefreshError> {
        let folder = tempfile::tempdir().map_err(RefreshError::Temporary)?;
        let aside = Self::new(self.corpus.clone(), self.generations.at(folder.path().to_owned()), self.keep);
        let provenance = Provenance { by: "command line".to_owned(), note: "check".to_owned() };
        aside.prepare(live, provenance, &|_, _| {})
    }

    /// Builds what the corpus folder holds in a temporary place and opens it, without asking it the golden questions: for
    /// measuring and for fitting. Nothing changes in the index folder.
    ///
    /// # Errors
    ///
    /// As [`Refresher::check`].
    pub fn build_aside(&self, progress: &dyn Fn(usize, usize)) -> Result<Snapshot, RefreshError> {
        let folder = tempfile::tempdir().map_err(RefreshError::Temporary)?;
        let (corpus, _) = self.read()?;
        let total = corpus.passage_count();
        let generations = self.generations.at(folder.path().to_owned());
        let provenance = Provenance { by: "command line".to_owned(), note: "measured".to_owned() };
        let staged = generations.stage(&corpus, None, provenance, &|done| progress(done, total))?;
        // An open index keeps its files as long as it needs them, after the folder is gone too.
        Ok(generations.preview(&staged)?)
    }

    fn drop_staged(&self, staged: &Staged, error: RefreshError) -> RefreshError {
        if let Err(left) = self.generations.discard(staged) {
            tracing::warn!(error = %left, "an unfinished generation could not be removed; the next build removes it");
        }
        error
    }

    /// Makes a preview's generation the live one.
    ///
    /// # Errors
    ///
    /// When a step fails; the old generation is live then.
    pub fn publish(&self, preview: &Preview) -> Result<Snapshot, RefreshError> {
        let _running = self.single_flight()?;
        self.go_live(&preview.staged)
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
    ) -> Result<Snapshot, RefreshError> {
        let _running = self.single_flight()?;
        if compared_with != live.map(|live| &live.manifest.id) {
            return Err(RefreshError::Outdated);
        }
        let staged = self.generations.staged(id).ok_or(RefreshError::Gone)?;
        self.go_live(&staged)
    }

    /// Throws a preview away.
    ///
    /// # Errors
    ///
    /// When the folder can't be removed.
    pub fn cancel(&self, id: &GenerationId) -> Result<(), RefreshError> {
        let _running = self.single_flight()?;
        match self.generations.staged(id) {
            Some(staged) => Ok(self.generations.discard(&staged)?),
            None => Ok(()),
        }
    }

    fn go_live(&self, staged: &Staged) -> Result<Snapshot, RefreshError> {
        let snapshot = self.generations.publish(staged)?;
        if let Err(error) = self.generations.prune(self.keep, &snapshot.manifest.id) {
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
