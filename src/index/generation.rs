//! The index folder: build a generation beside the others, validate it, publish it, open it, clear old ones away.
//!
//! The folder holds one folder per generation, `CURRENT` with the id of the live one, and nothing else. A generation is
//! written to `<id>.tmp`, synced, and renamed only when it is whole; `CURRENT` is replaced by rename. So a killed
//! process, a full disk or a bad article leaves the old answers (P4).

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tantivy::{Index, ReloadPolicy};
use thiserror::Error;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::manifest::{Counts, FORMAT, GenerationId, Manifest, Provenance, passages_digest, sha256};
use super::schema;
use super::snapshot::Snapshot;
use crate::corpus::{self, Corpus, CorpusFile};

const CURRENT: &str = "CURRENT";
const MANIFEST: &str = "manifest.json";
const TANTIVY: &str = "tantivy";
const CORPUS: &str = "corpus";
const UNFINISHED: &str = "tmp";

/// Memory that tantivy may use while it writes, in bytes. One thread with this much makes one segment for any corpus
/// that fits a Discord bot.
const WRITER_MEMORY_BYTES: usize = 50_000_000;

/// What can go wrong with the index folder.
#[derive(Debug, Error)]
pub enum IndexError {
    /// A file or folder could not be read or written.
    #[error("{}: {what}: {source}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// tantivy could not build or open an index.
    #[error("the search index failed: {0}")]
    Tantivy(#[from] tantivy::TantivyError),
    /// A generation is not what its manifest says.
    #[error("generation {id} can't be used: {reason}")]
    Damaged {
        /// The folder's name.
        id: String,
        /// What is wrong.
        reason: String,
    },
    /// Another process builds or publishes in the same folder.
    #[error("another process is building in {}; try again when it is done", .0.display())]
    Busy(PathBuf),
}

fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> IndexError {
    let path = path.to_owned();
    move |source| IndexError::Io { what, path, source }
}

/// The index folder.
#[derive(Debug, Clone)]
pub struct Generations {
    folder: PathBuf,
}

/// A generation that is whole and valid but not live.
#[derive(Debug)]
pub struct Staged {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Where it lies.
    folder: PathBuf,
}

impl Generations {
    /// The index folder at `folder`, which need not exist yet.
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Builds a generation beside the live one and validates it. Nothing changes for readers.
    ///
    /// `progress` is called with the number of passages written so far.
    ///
    /// # Errors
    ///
    /// When the folder can't be written, another process builds in it, or what was written does not validate. The
    /// unfinished folder is removed then.
    pub fn stage(
        &self,
        corpus: &Corpus,
        parent: Option<&GenerationId>,
        provenance: Provenance,
        progress: &dyn Fn(usize),
    ) -> Result<Staged, IndexError> {
        let _lock = self.lock()?;
        let id = GenerationId::of(&corpus.files);
        let finished = self.folder.join(id.as_str());
        if let Ok(manifest) = validate(&finished, id.as_str()) {
            return Ok(Staged { manifest, folder: finished });
        }
        let folder = self.folder.join(format!("{id}.{UNFINISHED}"));
        remove_folder(&folder)?;
        let staged = write(&folder, &id, corpus, parent, provenance, progress).and_then(|()| validate(&folder, id.as_str()));
        match staged {
            Ok(manifest) => Ok(Staged { manifest, folder }),
            Err(error) => {
                // The reason for the failure matters more than a folder left over, which the next build removes.
                let _ = remove_folder(&folder);
                Err(error)
            }
        }
    }

    /// Makes a staged generation the live one and opens it.
    ///
    /// # Errors
    ///
    /// When a step fails; then the old generation is still the live one.
    pub fn publish(&self, staged: &Staged) -> Result<Snapshot, IndexError> {
        let _lock = self.lock()?;
        let id = &staged.manifest.id;
        let finished = self.folder.join(id.as_str());
        if staged.folder != finished {
            remove_folder(&finished)?;
            fs::rename(&staged.folder, &finished).map_err(io_error("the generation can't be renamed", &finished))?;
            sync_folder(&self.folder)?;
        }
        let snapshot = open(&finished)?;
        self.point_to(id)?;
        Ok(snapshot)
    }

    /// Opens a staged generation without publishing it, to ask it the golden questions.
    ///
    /// # Errors
    ///
    /// When it can't be opened.
    pub fn preview(&self, staged: &Staged) -> Result<Snapshot, IndexError> {
        open(&staged.folder)
    }

    /// A generation that was staged before, perhaps by an earlier run, if it is still there and valid.
    pub fn staged(&self, id: &GenerationId) -> Option<Staged> {
        let unfinished = self.folder.join(format!("{id}.{UNFINISHED}"));
        [self.folder.join(id.as_str()), unfinished].into_iter().find_map(|folder| {
            let manifest = validate(&folder, id.as_str()).ok()?;
            Some(Staged { manifest, folder })
        })
    }

    /// Whether this generation was published before and is still there.
    pub fn is_finished(&self, id: &GenerationId) -> bool {
        self.folder.join(id.as_str()).is_dir()
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

    /// Opens the live generation: the one that `CURRENT` names, else the newest valid one. `None` if there is none.
    ///
    /// Reasons why generations were passed over are returned too.
    pub fn open_live(&self) -> (Option<Snapshot>, Vec<IndexError>) {
        let mut passed_over = Vec::new();
        let named = self.current();
        for id in named.into_iter().chain(self.newest_first()) {
            let folder = self.folder.join(id.as_str());
            match validate(&folder, id.as_str()).and_then(|_| open(&folder)) {
                Ok(snapshot) => return (Some(snapshot), passed_over),
                Err(error) => passed_over.push(error),
            }
        }
        (None, passed_over)
    }

    /// The id in `CURRENT`, if it can be read.
    pub fn current(&self) -> Option<GenerationId> {
        fs::read_to_string(self.folder.join(CURRENT)).ok()?.trim().parse().ok()
    }

    /// Removes all but the `keep` newest generations, the live one and the one in `CURRENT`, and what unfinished builds left.
    ///
    /// # Errors
    ///
    /// When a folder can't be removed.
    pub fn prune(&self, keep: usize, live: &GenerationId) -> Result<(), IndexError> {
        let _lock = self.lock()?;
        let current = self.current();
        for id in self.newest_first().into_iter().skip(keep) {
            if id != *live && Some(&id) != current.as_ref() {
                remove_folder(&self.folder.join(id.as_str()))?;
            }
        }
        Ok(())
    }

    fn newest_first(&self) -> Vec<GenerationId> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let mut found: Vec<(String, GenerationId)> = entries
            .filter_map(|entry| {
                let id: GenerationId = entry.ok()?.file_name().to_str()?.parse().ok()?;
                let created = read_manifest(&self.folder.join(id.as_str())).map_or_else(|_| String::new(), |manifest| manifest.created_at);
                Some((created, id))
            })
            .collect();
        found.sort();
        found.into_iter().rev().map(|(_, id)| id).collect()
    }

    /// One builder at a time, across processes: a lock on the folder itself, so that it holds nothing but generations.
    fn lock(&self) -> Result<File, IndexError> {
        fs::create_dir_all(&self.folder).map_err(io_error("the index folder can't be made", &self.folder))?;
        let folder = File::open(&self.folder).map_err(io_error("the index folder can't be opened", &self.folder))?;
        match folder.try_lock() {
            Ok(()) => Ok(folder),
            Err(fs::TryLockError::WouldBlock) => Err(IndexError::Busy(self.folder.clone())),
            Err(fs::TryLockError::Error(error)) => Err(io_error("the index folder can't be locked", &self.folder)(error)),
        }
    }

    fn point_to(&self, id: &GenerationId) -> Result<(), IndexError> {
        let beside = self.folder.join(format!("{CURRENT}.{UNFINISHED}"));
        write_synced(&beside, format!("{id}\n").as_bytes())?;
        let current = self.folder.join(CURRENT);
        fs::rename(&beside, &current).map_err(io_error("CURRENT can't be replaced", &current))?;
        sync_folder(&self.folder)
    }
}

fn write(
    folder: &Path,
    id: &GenerationId,
    corpus: &Corpus,
    parent: Option<&GenerationId>,
    provenance: Provenance,
    progress: &dyn Fn(usize),
) -> Result<(), IndexError> {
    let mut files = BTreeMap::new();
    write_corpus(&folder.join(CORPUS), &corpus.files, &mut files)?;
    let tantivy = folder.join(TANTIVY);
    make_folder(&tantivy)?;
    write_index(&tantivy, corpus, progress)?;
    for (name, bytes) in read_folder(&tantivy)? {
        File::open(tantivy.join(&name)).and_then(|file| file.sync_all()).map_err(io_error("the file can't be synced", &tantivy.join(&name)))?;
        files.insert(format!("{TANTIVY}/{name}"), sha256(&bytes));
    }
    sync_folder(&tantivy)?;
    let manifest = Manifest {
        format: FORMAT,
        id: id.clone(),
        parent: parent.cloned(),
        created_at: now(),
        provenance,
        counts: Counts::of(corpus),
        passages: passages_digest(corpus),
        calibration: corpus.calibration.clone(),
        files,
    };
    let json = serde_json::to_vec_pretty(&manifest).map_err(|error| damaged(id.as_str(), format!("the manifest can't be written: {error}")))?;
    write_synced(&folder.join(MANIFEST), &json)?;
    sync_folder(folder)
}

fn write_corpus(folder: &Path, corpus_files: &[CorpusFile], files: &mut BTreeMap<String, String>) -> Result<(), IndexError> {
    let articles = folder.join("articles");
    make_folder(&articles)?;
    for file in corpus_files {
        write_synced(&folder.join(&file.name), &file.bytes)?;
        files.insert(format!("{CORPUS}/{}", file.name), sha256(&file.bytes));
    }
    sync_folder(&articles)?;
    sync_folder(folder)
}

fn write_index(folder: &Path, corpus: &Corpus, progress: &dyn Fn(usize)) -> Result<(), IndexError> {
    let (schema, fields) = schema::schema();
    let index = Index::create_in_dir(folder, schema)?;
    schema::register_analyzer(&index);
    // One thread gives one segment and a deterministic order of documents.
    let mut writer = index.writer_with_num_threads(1, WRITER_MEMORY_BYTES)?;
    for passage in corpus.passages() {
        writer.add_document(fields.document(&passage))?;
        progress(passage.number + 1);
    }
    writer.commit()?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.garbage_collect_files().wait()?;
    writer.wait_merging_threads()?;
    Ok(())
}

fn damaged(id: &str, reason: impl Into<String>) -> IndexError {
    IndexError::Damaged { id: id.to_owned(), reason: reason.into() }
}

fn read_manifest(folder: &Path) -> Result<Manifest, IndexError> {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let path = folder.join(MANIFEST);
    let json = fs::read(&path).map_err(|error| damaged(name, format!("its {MANIFEST} can't be read ({error})")))?;
    // A manifest of another format may have other fields: look at the format before all else.
    let format = serde_json::from_slice::<serde_json::Value>(&json).ok().and_then(|value| value.get("format")?.as_u64());
    match format {
        Some(format) if format == u64::from(FORMAT) => {}
        Some(format) => return Err(damaged(name, format!("it was built in format {format}, this program reads {FORMAT}"))),
        None => return Err(damaged(name, format!("its {MANIFEST} is not whole"))),
    }
    serde_json::from_slice(&json).map_err(|error| damaged(name, format!("its {MANIFEST} is not whole ({error})")))
}

/// Compares every file with the manifest, and the index with its own checksums.
fn validate(folder: &Path, id: &str) -> Result<Manifest, IndexError> {
    let manifest = read_manifest(folder)?;
    if manifest.id.as_str() != id {
        return Err(damaged(id, format!("its {MANIFEST} belongs to {}", manifest.id)));
    }
    for (name, expected) in &manifest.files {
        let bytes = fs::read(folder.join(name)).map_err(|error| damaged(id, format!("{name} can't be read ({error})")))?;
        if sha256(&bytes) != *expected {
            return Err(damaged(id, format!("{name} was changed after the build")));
        }
    }
    Ok(manifest)
}

/// Opens a validated generation.
fn open(folder: &Path) -> Result<Snapshot, IndexError> {
    let manifest = read_manifest(folder)?;
    let id = manifest.id.as_str().to_owned();
    let mut files = Vec::new();
    for name in manifest.files.keys().filter_map(|name| name.strip_prefix("corpus/")) {
        let path = folder.join(CORPUS).join(name);
        let bytes = fs::read(&path).map_err(io_error("the file can't be read", &path))?;
        files.push(CorpusFile { name: name.to_owned(), bytes });
    }
    let (corpus, _) = corpus::parse(files, Vec::new()).map_err(|problems| {
        damaged(&id, problems.first().map_or_else(String::new, ToString::to_string))
    })?;
    if passages_digest(&corpus) != manifest.passages {
        return Err(damaged(&id, "this program reads other passages from it than the one that built it"));
    }
    let index = Index::open_in_dir(folder.join(TANTIVY))?;
    schema::register_analyzer(&index);
    let (schema, fields) = schema::schema();
    if index.schema() != schema {
        return Err(damaged(&id, "its index has other fields than this program reads"));
    }
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok(Snapshot::new(manifest, corpus, reader, fields))
}

fn now() -> String {
    OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default()
}

fn make_folder(folder: &Path) -> Result<(), IndexError> {
    fs::create_dir_all(folder).map_err(io_error("the folder can't be made", folder))
}

fn remove_folder(folder: &Path) -> Result<(), IndexError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error("the folder can't be removed", folder)(error)),
        _ => Ok(()),
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), IndexError> {
    let write = || -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(io_error("the file can't be written", path))
}

fn sync_folder(folder: &Path) -> Result<(), IndexError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io_error("the folder can't be synced", folder))
}

/// The files of a generation's index that a reader needs, with their bytes. Locks are left out.
fn read_folder(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, IndexError> {
    let unreadable = |error| io_error("the folder can't be read", folder)(error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let name = entry.map_err(|error| io_error("the folder can't be read", folder)(error))?.file_name();
        let Some(name) = name.to_str().filter(|name| !name.ends_with(".lock")) else { continue };
        let path = folder.join(name);
        files.push((name.to_owned(), fs::read(&path).map_err(io_error("the file can't be read", &path))?));
    }
    Ok(files)
}
