//! Brings the pinned model into a folder: from its hub or from a copy, checked by size and digest before it is used.
//!
//! A download that was broken off goes on where it stopped. A file that is not what it must be is never left under its
//! own name.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::RANGE;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::SUMS;
use crate::hash::hex;

/// Where the pinned revision of sentence-transformers/all-MiniLM-L6-v2 (Apache 2.0) lies; a file's name follows.
pub const MODEL_URL: &str =
    "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2/resolve/c9745ed1d9f207416be6d2e6f8de32d1f16199bf";

/// A file that must be exactly this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFile {
    /// Its name.
    pub name: &'static str,
    /// Its length in bytes.
    pub bytes: u64,
    /// sha256 in hexadecimal digits.
    pub sha256: &'static str,
}

/// The files of the pinned revision.
pub const MODEL_FILES: [ModelFile; 3] = [
    ModelFile {
        name: "config.json",
        bytes: 612,
        sha256: "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    },
    ModelFile {
        name: "tokenizer.json",
        bytes: 466_247,
        sha256: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    },
    ModelFile {
        name: "model.safetensors",
        bytes: 90_868_376,
        sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    },
];

/// Longest wait for the hub to answer at all, and between two pieces.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the files come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// An address; a slash and the file's name are added.
    Url(String),
    /// A folder that holds them.
    Folder(PathBuf),
}

/// Why the model could not be installed.
#[derive(Debug, Error)]
pub enum InstallError {
    /// A file could not be read or written.
    #[error("{}: {what}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The download did not begin or broke off.
    #[error("{url}: {reason}; run the command again, it goes on where it stopped")]
    Download {
        /// The address.
        url: String,
        /// What happened.
        reason: String,
    },
    /// What came is not the pinned file.
    #[error("{name} is not the pinned file ({reason}); it was not installed")]
    Mismatch {
        /// The file.
        name: &'static str,
        /// What differs.
        reason: String,
    },
}

fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> InstallError {
    let path = path.to_owned();
    move |source| InstallError::Io { what, path, source }
}

/// Installs `files` into `folder`. Files that are there already and right are kept.
///
/// `progress` is called with a file's name, the bytes of it that are there, and its length.
///
/// # Errors
///
/// When a file can't be had, is not what it must be, or can't be written. Files that were finished before stay.
pub async fn install(
    source: &Source,
    files: &[ModelFile],
    folder: &Path,
    progress: &(dyn Fn(&str, u64, u64) + Sync),
) -> Result<(), InstallError> {
    fs::create_dir_all(folder).map_err(io_error("the folder can't be made", folder))?;
    for file in files {
        let target = folder.join(file.name);
        if check(file, &target).is_ok() {
            progress(file.name, file.bytes, file.bytes);
            continue;
        }
        let part = folder.join(format!("{}.part", file.name));
        match source {
            Source::Url(url) => download(&format!("{url}/{}", file.name), file, &part, progress).await?,
            Source::Folder(from) => {
                let from = from.join(file.name);
                // Read and written, not copied: a copy would be as read-only as its source.
                let bytes = fs::read(&from).map_err(io_error("the file can't be read", &from))?;
                fs::write(&part, bytes).map_err(io_error("the file can't be written", &part))?;
            }
        }
        if let Err(error) = check(file, &part) {
            // What is wrong can't be mended by going on from it.
            fs::remove_file(&part).map_err(io_error("the file can't be removed", &part))?;
            return Err(error);
        }
        File::open(&part).and_then(|part| part.sync_all()).map_err(io_error("the file can't be synced", &part))?;
        fs::rename(&part, &target).map_err(io_error("the file can't be renamed", &target))?;
        progress(file.name, file.bytes, file.bytes);
    }
    let sums: Vec<String> = files.iter().map(|file| format!("{}  {}", file.sha256, file.name)).collect();
    let path = folder.join(SUMS);
    fs::write(&path, sums.join("\n") + "\n").map_err(io_error("the file can't be written", &path))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io_error("the folder can't be synced", folder))
}

/// Whether the file at `path` is the pinned one.
fn check(file: &ModelFile, path: &Path) -> Result<(), InstallError> {
    let mismatch = |reason: String| InstallError::Mismatch { name: file.name, reason };
    let mut reader = File::open(path).map_err(io_error("the file can't be read", path))?;
    let length = reader.metadata().map_err(io_error("the file can't be read", path))?.len();
    if length != file.bytes {
        return Err(mismatch(format!("it has {length} bytes, not {}", file.bytes)));
    }
    let mut digest = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = reader.read(&mut piece).map_err(io_error("the file can't be read", path))?;
        if read == 0 {
            break;
        }
        digest.update(piece.get(..read).unwrap_or_default());
    }
    let found = hex(&digest.finalize());
    if found == file.sha256 { Ok(()) } else { Err(mismatch(format!("its sha256 is {found}, not {}", file.sha256))) }
}

/// All that is known of why a request failed, without its address, which the message names already.
fn causes(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

async fn download(
    url: &str,
    file: &ModelFile,
    part: &Path,
    progress: &(dyn Fn(&str, u64, u64) + Sync),
) -> Result<(), InstallError> {
    let failed = |reason: String| InstallError::Download { url: url.to_owned(), reason };
    let client = reqwest::Client::builder()
        .connect_timeout(PATIENCE)
        .read_timeout(PATIENCE)
        .build()
        .map_err(|error| failed(causes(error)))?;
    let mut there = fs::metadata(part).map_or(0, |part| part.len());
    if there == file.bytes {
        return Ok(());
    }
    if there > file.bytes {
        there = 0;
    }
    let mut request = client.get(url);
    if there > 0 {
        request = request.header(RANGE, format!("bytes={there}-"));
    }
    let mut response = request.send().await.map_err(|error| failed(causes(error)))?;
    // A server that ignores the range sends the whole file.
    if response.status() == StatusCode::OK {
        there = 0;
    } else if response.status() != StatusCode::PARTIAL_CONTENT {
        return Err(failed(format!("the server answered {}", response.status())));
    }
    let unwritable = "the file can't be written";
    let mut out = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(there == 0)
        .append(there > 0)
        .open(part)
        .map_err(io_error(unwritable, part))?;
    while let Some(piece) = response.chunk().await.map_err(|error| failed(causes(error)))? {
        there += piece.len() as u64;
        if there > file.bytes {
            fs::remove_file(part).map_err(io_error("the file can't be removed", part))?;
            let reason = format!("the server sends more than {} bytes", file.bytes);
            return Err(InstallError::Mismatch { name: file.name, reason });
        }
        out.write_all(&piece).map_err(io_error(unwritable, part))?;
        progress(file.name, there, file.bytes);
    }
    out.flush().map_err(io_error(unwritable, part))?;
    if there < file.bytes {
        return Err(failed(format!("the connection ended after {there} of {} bytes", file.bytes)));
    }
    Ok(())
}
