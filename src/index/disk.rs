//! Writing so that a power cut leaves either the old or the new: sync what was written before anything points to it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::manifest::FORMAT;
use crate::disk;

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
    #[error("the search index failed: {0}{hint}", hint = hint(.0))]
    Tantivy(#[from] tantivy::TantivyError),
    /// A generation is not what its manifest says.
    #[error("generation {id} can't be used: {reason}")]
    Damaged {
        /// The folder's name.
        id: String,
        /// What is wrong.
        reason: String,
    },
    /// A generation was built in another format than this program reads.
    #[error("generation {id} was built in format {format}, this program reads {FORMAT}")]
    OtherFormat {
        /// The folder's name.
        id: String,
        /// The format.
        format: u64,
    },
    /// Another process builds or publishes in the same folder.
    #[error("another process is building in {}; try again when it is done", disk::absolute(.0).display())]
    Busy(PathBuf),
}

fn hint(error: &tantivy::TantivyError) -> &'static str {
    match error {
        tantivy::TantivyError::LockFailure(..) => "; Seventh must be able to write to the index folder (index.dir)",
        _ => "",
    }
}

pub(super) fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> IndexError {
    let path = disk::absolute(path);
    move |source| IndexError::Io { what, path, source }
}

pub(super) fn make_folder(folder: &Path) -> Result<(), IndexError> {
    fs::create_dir_all(folder).map_err(io_error("the folder can't be made", folder))
}

pub(super) fn remove_folder(folder: &Path) -> Result<(), IndexError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(io_error("the folder can't be removed", folder)(error))
        }
        _ => Ok(()),
    }
}

/// Writes a file of a generation that nobody reads yet.
pub(super) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), IndexError> {
    let write = || -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(io_error("the file can't be written", path))
}

pub(super) fn sync_folder(folder: &Path) -> Result<(), IndexError> {
    disk::sync_folder(folder).map_err(io_error("the folder can't be synced", folder))
}
