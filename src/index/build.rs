//! One generation's folder: write it, validate it, open it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use tantivy::{Index, ReloadPolicy};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::disk::{IndexError, io_error, make_folder, sync_folder, write_synced};
use super::manifest::{Counts, FORMAT, GenerationId, Manifest, Provenance, passages_digest, sha256};
use super::schema;
use super::snapshot::Snapshot;
use crate::corpus::{self, Corpus, CorpusFile};

const MANIFEST: &str = "manifest.json";
const TANTIVY: &str = "tantivy";
const CORPUS: &str = "corpus";

/// Memory that tantivy may use while it writes, in bytes. One thread with this much makes one segment for any corpus
/// that fits a Discord bot.
const WRITER_MEMORY_BYTES: usize = 50_000_000;

/// Writes a generation into `folder`, synced, its manifest last.
pub(super) fn write(
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
        File::open(tantivy.join(&name))
            .and_then(|file| file.sync_all())
            .map_err(io_error("the file can't be synced", &tantivy.join(&name)))?;
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
    let json = serde_json::to_vec_pretty(&manifest)
        .map_err(|error| damaged(id.as_str(), format!("the manifest can't be written: {error}")))?;
    write_synced(&folder.join(MANIFEST), &json)?;
    sync_folder(folder)
}

fn write_corpus(
    folder: &Path,
    corpus_files: &[CorpusFile],
    files: &mut BTreeMap<String, String>,
) -> Result<(), IndexError> {
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
    match index.validate_checksum()?.into_iter().next() {
        Some(file) => Err(damaged("being built", format!("{} was not written as it should be", file.display()))),
        None => Ok(()),
    }
}

fn damaged(id: &str, reason: impl Into<String>) -> IndexError {
    IndexError::Damaged { id: id.to_owned(), reason: reason.into() }
}

/// Reads a generation's manifest, if it is of this program's format.
pub(super) fn read_manifest(folder: &Path) -> Result<Manifest, IndexError> {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let path = folder.join(MANIFEST);
    let json = fs::read(&path).map_err(|error| damaged(name, format!("its {MANIFEST} can't be read ({error})")))?;
    // A manifest of another format may have other fields: look at the format before all else.
    let format =
        serde_json::from_slice::<serde_json::Value>(&json).ok().and_then(|value| value.get("format")?.as_u64());
    match format {
        Some(format) if format == u64::from(FORMAT) => {}
        Some(format) => {
            return Err(damaged(name, format!("it was built in format {format}, this program reads {FORMAT}")));
        }
        None => return Err(damaged(name, format!("its {MANIFEST} is not whole"))),
    }
    serde_json::from_slice(&json).map_err(|error| damaged(name, format!("its {MANIFEST} is not whole ({error})")))
}

/// Compares every file with the manifest. tantivy itself checks nothing when it opens an index.
pub(super) fn validate(folder: &Path, id: &str) -> Result<Manifest, IndexError> {
    let manifest = read_manifest(folder)?;
    if manifest.id.as_str() != id {
        return Err(damaged(id, format!("its {MANIFEST} belongs to {}", manifest.id)));
    }
    for (name, expected) in &manifest.files {
        let bytes =
            fs::read(folder.join(name)).map_err(|error| damaged(id, format!("{name} can't be read ({error})")))?;
        if sha256(&bytes) != *expected {
            return Err(damaged(id, format!("{name} was changed after the build")));
        }
    }
    Ok(manifest)
}

/// Opens a validated generation.
pub(super) fn open(folder: &Path) -> Result<Snapshot, IndexError> {
    let manifest = read_manifest(folder)?;
    let id = manifest.id.as_str().to_owned();
    let mut files = Vec::new();
    for name in manifest.files.keys().filter_map(|name| name.strip_prefix("corpus/")) {
        let path = folder.join(CORPUS).join(name);
        let bytes = fs::read(&path).map_err(io_error("the file can't be read", &path))?;
        files.push(CorpusFile { name: name.to_owned(), bytes });
    }
    let (corpus, _) = corpus::parse(files, Vec::new())
        .map_err(|problems| damaged(&id, problems.first().map_or_else(String::new, ToString::to_string)))?;
    if passages_digest(&corpus) != manifest.passages {
        return Err(damaged(&id, "this program reads other passages from it than the one that built it"));
    }
    if corpus.calibration != manifest.calibration {
        return Err(damaged(&id, "its manifest and its corpus disagree about the calibration"));
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

/// The files of a generation's index that a reader needs, with their bytes. Locks are left out.
fn read_folder(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, IndexError> {
    let unreadable = |error| io_error("the folder can't be read", folder)(error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let name = entry.map_err(|error| io_error("the folder can't be read", folder)(error))?.file_name();
        let Some(name) =
            name.to_str().filter(|name| Path::new(name).extension().is_none_or(|extension| extension != "lock"))
        else {
            continue;
        };
        let path = folder.join(name);
        files.push((name.to_owned(), fs::read(&path).map_err(io_error("the file can't be read", &path))?));
    }
    Ok(files)
}
