//! One generation's folder: write it, validate it, open it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use tantivy::indexer::NoMergePolicy;
use tantivy::schema::Schema;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::disk::{IndexError, io_error, make_folder, sync_folder, write_synced};
use super::manifest::{Counts, FORMAT, GenerationId, Manifest, ModelStamp, Provenance, passages_digest, sha256};
use super::schema;
use super::snapshot::{Semantic, Snapshot, TaughtIndex};
use super::vectors::{self, Vectors};
use crate::content::Content;
use crate::corpus::CorpusFile;
use crate::diagnostics::Diagnostic;
use crate::embedding::Embedder;

const MANIFEST: &str = "manifest.json";
const PASSAGES: &str = "tantivy";
const TAUGHT: &str = "taught";
const CORPUS: &str = "corpus";

/// Memory that tantivy may use while it writes, in bytes. One thread with this much makes one segment for any corpus
/// that fits a Discord bot.
const WRITER_MEMORY_BYTES: usize = 50_000_000;

/// Writes a generation into `folder`, synced, its manifest last.
pub(super) fn write(
    folder: &Path,
    id: &GenerationId,
    (files, content): (&[CorpusFile], &Content),
    embedder: Option<&Embedder>,
    parent: Option<&GenerationId>,
    provenance: Provenance,
    progress: &dyn Fn(usize),
) -> Result<(), IndexError> {
    let corpus = &content.corpus;
    let mut sums = BTreeMap::new();
    write_corpus(&folder.join(CORPUS), files, &mut sums)?;
    // Embedding takes far longer than indexing: where there is a model, its progress is the one to show.
    let (indexing, embedding): (&dyn Fn(usize), &dyn Fn(usize)) =
        if embedder.is_some() { (&|_| {}, progress) } else { (progress, &|_| {}) };
    let (schema, fields) = schema::schema();
    let passages = corpus.passages().map(|passage| {
        indexing(passage.number + 1);
        fields.document(&passage)
    });
    write_index(folder, PASSAGES, schema, passages, &mut sums)?;
    if !corpus.taught.is_empty() {
        let (schema, fields) = schema::taught_schema();
        let taught = corpus.taught.iter().enumerate().map(|(number, taught)| fields.document(number, taught));
        write_index(folder, TAUGHT, schema, taught, &mut sums)?;
    }
    let mut model = None;
    match embedder.map(|embedder| (embedder, vectors::embed_corpus(corpus, embedder, embedding))) {
        Some((embedder, Ok(bytes))) => {
            write_synced(&folder.join(vectors::FILE), &bytes)?;
            sums.insert(vectors::FILE.to_owned(), sha256(&bytes));
            model = Some(ModelStamp { digest: embedder.digest().to_owned(), dimensions: embedder.dimensions() });
        }
        // A generation without vectors answers; none at all does not.
        Some((_, Err(error))) => tracing::warn!(%error, "the generation is built without vectors"),
        None => {}
    }
    let manifest = Manifest {
        format: FORMAT,
        id: id.clone(),
        parent: parent.cloned(),
        created_at: now(),
        provenance,
        counts: Counts::of(content),
        passages: passages_digest(corpus),
        calibration: content.calibration.clone(),
        model,
        files: sums,
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
    let mut folders = BTreeSet::from([folder.to_owned()]);
    for file in corpus_files {
        let path = folder.join(&file.name);
        if let Some(parent) = path.parent() {
            make_folder(parent)?;
            folders.insert(parent.to_owned());
        }
        write_synced(&path, &file.bytes)?;
        files.insert(format!("{CORPUS}/{}", file.name), sha256(&file.bytes));
    }
    folders.iter().try_for_each(|folder| sync_folder(folder))
}

/// Writes a tantivy index of one segment into the generation's folder `name`, synced.
fn write_index(
    generation: &Path,
    name: &str,
    schema: Schema,
    documents: impl Iterator<Item = TantivyDocument>,
    files: &mut BTreeMap<String, String>,
) -> Result<(), IndexError> {
    let folder = generation.join(name);
    make_folder(&folder)?;
    let index = Index::create_in_dir(&folder, schema)?;
    schema::register_analyzer(&index);
    // One thread gives one segment and a deterministic order of documents.
    let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_MEMORY_BYTES)?;
    // Segments are merged below, once, and by nobody else.
    writer.set_merge_policy(Box::new(NoMergePolicy));
    for document in documents {
        writer.add_document(document)?;
    }
    writer.commit()?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.garbage_collect_files().wait()?;
    writer.wait_merging_threads()?;
    if let Some(file) = index.validate_checksum()?.into_iter().next() {
        return Err(damaged("being built", format!("{} was not written as it should be", file.display())));
    }
    for (file, bytes) in read_folder(&folder)? {
        let path = folder.join(&file);
        File::open(&path).and_then(|file| file.sync_all()).map_err(io_error("the file can't be synced", &path))?;
        files.insert(format!("{name}/{file}"), sha256(&bytes));
    }
    sync_folder(&folder)
}

/// Opens a tantivy index of a generation, if it has the fields that this program reads.
fn open_index(generation: &Path, name: &str, id: &str, schema: &Schema) -> Result<IndexReader, IndexError> {
    let index = Index::open_in_dir(generation.join(name))?;
    schema::register_analyzer(&index);
    if index.schema() != *schema {
        return Err(damaged(id, format!("its index {name} has other fields than this program reads")));
    }
    Ok(index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?)
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
            return Err(IndexError::OtherFormat { id: name.to_owned(), format });
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

/// Reads the content of a validated generation.
pub(super) fn read_content(folder: &Path, manifest: &Manifest) -> Result<Content, IndexError> {
    let mut files = Vec::new();
    for name in manifest.files.keys().filter_map(|name| name.strip_prefix("corpus/")) {
        let path = folder.join(CORPUS).join(name);
        let bytes = fs::read(&path).map_err(io_error("the file can't be read", &path))?;
        files.push(CorpusFile { name: name.to_owned(), bytes });
    }
    let reason = |diagnostics: Vec<Diagnostic>| diagnostics.first().map_or_else(String::new, ToString::to_string);
    let parsed = Content::parse(&files, Vec::new());
    Ok(parsed.map_err(|diagnostics| damaged(manifest.id.as_str(), reason(diagnostics)))?.0)
}

/// Gives the manifest back if this program reads from the generation's files what the one that built it did.
pub(super) fn agree(manifest: Manifest, content: &Content) -> Result<Manifest, IndexError> {
    let id = manifest.id.as_str();
    if passages_digest(&content.corpus) != manifest.passages {
        return Err(damaged(id, "this program reads other passages from it than the one that built it"));
    }
    if content.calibration != manifest.calibration {
        return Err(damaged(id, "its manifest and its corpus disagree about the calibration"));
    }
    Ok(manifest)
}

/// Opens a validated generation, whose content was read already. Without the model that made its vectors it is searched
/// by words alone.
pub(super) fn open(
    folder: &Path,
    manifest: Manifest,
    content: Content,
    embedder: Option<&Arc<Embedder>>,
) -> Result<Snapshot, IndexError> {
    let manifest = agree(manifest, &content)?;
    let id = manifest.id.as_str().to_owned();
    let corpus = &content.corpus;
    let (schema, fields) = schema::schema();
    let reader = open_index(folder, PASSAGES, &id, &schema)?;
    let taught = if corpus.taught.is_empty() {
        None
    } else {
        let (schema, fields) = schema::taught_schema();
        Some(TaughtIndex { fields, reader: open_index(folder, TAUGHT, &id, &schema)? })
    };
    let semantic = embedder
        .zip(manifest.model.as_ref())
        .filter(|(embedder, stamp)| embedder.digest() == stamp.digest)
        .and_then(|(embedder, stamp)| {
            let vectors = Vectors::open(folder, corpus, stamp.dimensions)?;
            Some(Semantic { embedder: Arc::clone(embedder), vectors })
        });
    Ok(Snapshot::new(manifest, content, fields, reader, taught, semantic)?)
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
