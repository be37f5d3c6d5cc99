//! Files that a power cut leaves either old or new: written beside, synced, and put in place at once.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// What the name of a file begins with that has not taken its place yet.
pub const UNFINISHED_PREFIX: &str = ".new-";

/// Replaces a file whole: whatever fails, the old one stays. Its folder is made if it is not there.
///
/// # Errors
///
/// When the new file can't be written beside the old one, or can't take its place.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut beside = new_file(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    beside.persist(path)?;
    sync_folder(folder)
}

/// A file that only its owner can see until it is in place gets the modes that any new file of its folder would.
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    // The umask takes away what the system's user does not want to give.
    let modes = std::fs::Permissions::from_mode(0o666);
    tempfile::Builder::new().prefix(UNFINISHED_PREFIX).permissions(modes).tempfile_in(folder)
}

/// Makes a folder's list of names as lasting as its files.
///
/// # Errors
///
/// When the folder can't be opened or synced.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A path from the root of the file system, for a message: what a relative one means depends on where the program was
/// started.
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("below/file.txt");
        for text in ["old", "new"] {
            replace(&path, text.as_bytes()).expect("it can be written");
            assert_eq!(std::fs::read_to_string(&path).expect("it is there"), text);
        }
        assert_eq!(std::fs::read_dir(folder.path().join("below")).expect("a folder").count(), 1);
    }
}
