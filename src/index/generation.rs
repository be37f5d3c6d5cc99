//! The index folder: build a generation beside the others, validate it, publish it, open it, clear old ones away.
//!
//! The folder holds one folder per generation, `CURRENT` with the id of the live one, and nothing else. A generation is
//! written to `<id>.tmp`, synced, and renamed only when it is whole; `CURRENT` is replaced by rename. So a killed
//! process, a full disk or a bad article leaves the old answers (P4).

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::build::{agree, open, read_content, read_manifest, validate, write};
use super::disk::{IndexError, io_error, remove_folder, sync_folder};
use super::manifest::{GenerationId, Manifest, Provenance};
use super::snapshot::Snapshot;
use crate::content::Content;
use crate::corpus::CorpusFile;
use crate::disk;
use crate::embedding::Embedder;

const CURRENT: &str = "CURRENT";
const UNFINISHED: &str = "tmp";

/// The index folder.
#[derive(Debug, Clone)]
pub struct Generations {
    folder: PathBuf,
    embedder: Option<Arc<Embedder>>,
}

/// The right to build and publish in an index folder, for as long as it is held.
#[derive(Debug)]
pub struct FolderLock {
    _folder: File,
}

/// A generation that is whole, valid and open, but not live.
#[derive(Debug)]
pub struct Staged {
    /// The generation.
    pub snapshot: Snapshot,
    /// Where it lies.
    folder: PathBuf,
}

impl Generations {
    /// The index folder at `folder`, which need not exist yet. With an embedding model, generations get vectors.
    pub const fn new(folder: PathBuf, embedder: Option<Arc<Embedder>>) -> Self {
        Self { folder, embedder }
    }

    /// The same builder at another folder.
    #[must_use]
    pub fn at(&self, folder: PathBuf) -> Self {
        Self { folder, embedder: self.embedder.clone() }
    }

    /// The id that a build of these files has.
    pub fn id_of(&self, files: &[CorpusFile]) -> GenerationId {
        GenerationId::of(files, self.embedder.as_ref().map(|embedder| embedder.digest()))
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Builds a generation beside the live one, validates it and opens it. Nothing changes for readers.
    ///
    /// `progress` is called with the number of passages written so far.
    ///
    /// # Errors
    ///
    /// When the folder can't be written or what was written does not validate. The unfinished folder is removed then.
    pub fn stage(
        &self,
        _lock: &FolderLock,
        files: &[CorpusFile],
        content: Content,
        parent: Option<&GenerationId>,
        provenance: Provenance,
        progress: &dyn Fn(usize),
    ) -> Result<Staged, IndexError> {
        let id = self.id_of(files);
        let finished = self.folder.join(id.as_str());
        // The files are the same, so the content is, too; only another program may have read it otherwise.
        if let Ok(manifest) = validate(&finished, id.as_str()).and_then(|manifest| agree(manifest, &content)) {
            let snapshot = open(&finished, manifest, content, self.embedder.as_ref())?;
            return Ok(Staged { snapshot, folder: finished });
        }
        let folder = self.unfinished(&id);
        remove_folder(&folder)?;
        let staged = write(&folder, &id, (files, &content), self.embedder.as_deref(), parent, provenance, progress)
            .and_then(|()| validate(&folder, id.as_str()))
            .and_then(|manifest| open(&folder, manifest, content, self.embedder.as_ref()));
        match staged {
            Ok(snapshot) => Ok(Staged { snapshot, folder }),
            Err(error) => {
                // The reason for the failure matters more than a folder left over, which the next build removes.
                let _ = remove_folder(&folder);
                Err(error)
            }
        }
    }

    /// Makes a staged generation the live one.
    ///
    /// Between staging and publishing another process may have published the same generation, or replaced or removed
    /// the staged one: what is found under the lock counts, and a valid generation is never removed.
    ///
    /// # Errors
    ///
    /// When a step fails; then `CURRENT` names the old generation still.
    pub fn publish(&self, _lock: &FolderLock, staged: Staged) -> Result<Snapshot, IndexError> {
        let id = staged.snapshot.manifest.id.clone();
        let finished = self.folder.join(id.as_str());
        let unfinished = self.unfinished(&id);
        if !is_same(&finished, &staged.snapshot.manifest) {
            validate(&unfinished, id.as_str())?;
            remove_folder(&finished)?;
            fs::rename(&unfinished, &finished).map_err(io_error("the generation can't be renamed", &finished))?;
            sync_folder(&self.folder)?;
        }
        self.point_to(&id)?;
        // What was opened before the folder got its name stays open: equal ids are equal files.
        Ok(staged.snapshot)
    }

    fn unfinished(&self, id: &GenerationId) -> PathBuf {
        self.folder.join(format!("{id}.{UNFINISHED}"))
    }

    /// A generation that was staged before, perhaps by an earlier run, if it is still there and valid.
    pub fn staged(&self, id: &GenerationId) -> Option<Staged> {
        [self.folder.join(id.as_str()), self.unfinished(id)].into_iter().find_map(|folder| {
            let snapshot = self.open_at(&folder, id).ok()?;
            Some(Staged { snapshot, folder })
        })
    }

    /// Removes a staged generation that shall not be published. A published one stays.
    ///
    /// # Errors
    ///
    /// When the folder can't be removed.
    pub fn discard(&self, staged: &Staged) -> Result<(), IndexError> {
        let unfinished = staged.folder.extension().is_some_and(|extension| extension == UNFINISHED);
        if unfinished { remove_folder(&staged.folder) } else { Ok(()) }
    }

    /// Removes a staged generation by its id, if it is there.
    ///
    /// # Errors
    ///
    /// When the folder can't be removed.
    pub fn discard_id(&self, id: &GenerationId) -> Result<(), IndexError> {
        remove_folder(&self.unfinished(id))
    }

    /// Opens the live generation: the one that `CURRENT` names, else the newest valid one. `None` if there is none.
    ///
    /// Reasons why generations were skipped are returned too.
    pub fn open_live(&self) -> (Option<Snapshot>, Vec<IndexError>) {
        let mut skipped = Vec::new();
        let named = self.current();
        if named.is_none() && (self.folder.join(CURRENT).exists() || !self.newest_first().is_empty()) {
            skipped.push(IndexError::Damaged {
                id: CURRENT.to_owned(),
                reason: "the file that names the live one is gone or unreadable".to_owned(),
            });
        }
        let others = self.newest_first().into_iter().filter(|id| Some(id) != named.as_ref());
        for id in named.iter().cloned().chain(others) {
            let folder = self.folder.join(id.as_str());
            match self.open_at(&folder, &id) {
                Ok(snapshot) => return (Some(snapshot), skipped),
                Err(error) => skipped.push(error),
            }
        }
        (None, skipped)
    }

    /// The id in `CURRENT`, if it can be read.
    pub fn current(&self) -> Option<GenerationId> {
        fs::read_to_string(self.folder.join(CURRENT)).ok()?.trim().parse().ok()
    }

    /// Removes all but the `keep` newest generations, the live one and the one in `CURRENT`, and every staged one: what
    /// it was compared with is no longer live.
    ///
    /// # Errors
    ///
    /// When a folder can't be removed.
    pub fn prune(&self, _lock: &FolderLock, keep: usize, live: &GenerationId) -> Result<(), IndexError> {
        let current = self.current();
        for id in self.newest_first().into_iter().skip(keep) {
            if id != *live && Some(&id) != current.as_ref() {
                remove_folder(&self.folder.join(id.as_str()))?;
            }
        }
        for entry in fs::read_dir(&self.folder).into_iter().flatten().filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() && path.extension().is_some_and(|extension| extension == UNFINISHED) {
                remove_folder(&path)?;
            } else if entry.file_name().to_str().is_some_and(|name| name.starts_with(disk::UNFINISHED_PREFIX)) {
                fs::remove_file(&path).map_err(io_error("the file can't be removed", &path))?;
            }
        }
        Ok(())
    }

    fn newest_first(&self) -> Vec<GenerationId> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let mut found: Vec<(String, GenerationId)> = entries
            .filter_map(|entry| {
                let id: GenerationId = entry.ok()?.file_name().to_str()?.parse().ok()?;
                let created = read_manifest(&self.folder.join(id.as_str()))
                    .map_or_else(|_| String::new(), |manifest| manifest.created_at);
                Some((created, id))
            })
            .collect();
        found.sort();
        found.into_iter().rev().map(|(_, id)| id).collect()
    }

    /// Locks the folder for building and publishing: one at a time, across processes. The lock is on the folder itself,
    /// so that it holds nothing but generations.
    ///
    /// # Errors
    ///
    /// When another process holds it, or the folder can't be made.
    pub fn lock(&self) -> Result<FolderLock, IndexError> {
        let folder = self.lockable()?;
        match folder.try_lock() {
            Ok(()) => Ok(FolderLock { _folder: folder }),
            Err(fs::TryLockError::WouldBlock) => Err(IndexError::Busy(self.folder.clone())),
            Err(fs::TryLockError::Error(error)) => {
                Err(io_error("the index folder (index.dir or SEVENTH_INDEX_DIR) can't be locked", &self.folder)(error))
            }
        }
    }

    /// The same, after waiting for whoever holds it.
    ///
    /// # Errors
    ///
    /// When the folder can't be made or locked.
    pub fn lock_when_free(&self) -> Result<FolderLock, IndexError> {
        let folder = self.lockable()?;
        folder
            .lock()
            .map_err(io_error("the index folder (index.dir or SEVENTH_INDEX_DIR) can't be locked", &self.folder))?;
        Ok(FolderLock { _folder: folder })
    }

    fn lockable(&self) -> Result<File, IndexError> {
        fs::create_dir_all(&self.folder)
            .map_err(io_error("the index folder (index.dir or SEVENTH_INDEX_DIR) can't be made", &self.folder))?;
        File::open(&self.folder)
            .map_err(io_error("the index folder (index.dir or SEVENTH_INDEX_DIR) can't be opened", &self.folder))
    }

    fn point_to(&self, id: &GenerationId) -> Result<(), IndexError> {
        let current = self.folder.join(CURRENT);
        disk::replace(&current, format!("{id}\n").as_bytes()).map_err(io_error("CURRENT can't be replaced", &current))
    }

    /// Opens a generation that is whole and that this program can read.
    fn open_at(&self, folder: &Path, id: &GenerationId) -> Result<Snapshot, IndexError> {
        let manifest = validate(folder, id.as_str())?;
        let content = read_content(folder, &manifest)?;
        open(folder, manifest, content, self.embedder.as_ref())
    }
}

/// Whether a folder holds a generation that is whole and read as this manifest's is.
fn is_same(folder: &Path, manifest: &Manifest) -> bool {
    validate(folder, manifest.id.as_str())
        .is_ok_and(|found| found.passages == manifest.passages && found.calibration == manifest.calibration)
}
