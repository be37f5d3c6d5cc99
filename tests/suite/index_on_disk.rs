//! What lies in an index folder, read without the program.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde_json::Value;

/// How long a test waits for a file of the running program.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long it waits between two looks; a build that a test wants to catch takes much longer.
const PAUSE: Duration = Duration::from_millis(2);

/// Names in a folder, sorted; empty if it does not exist.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("a folder can be listed").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Ids of the generations that are whole, by their names alone.
pub(crate) fn generations(index: &Path) -> Vec<String> {
    names(index).into_iter().filter(|name| name.len() == 16 && !name.contains('.')).collect()
}

/// Names in a folder with this extension.
pub(crate) fn with_extension(folder: &Path, extension: &str) -> Vec<String> {
    names(folder).into_iter().filter(|name| Path::new(name).extension().is_some_and(|it| it == extension)).collect()
}

/// What unfinished builds and writes left.
pub(crate) fn leftovers(index: &Path) -> Vec<String> {
    with_extension(index, "tmp")
}

/// The id in `CURRENT`.
pub(crate) fn current(index: &Path) -> String {
    fs::read_to_string(index.join("CURRENT")).expect("the index has CURRENT").trim_end().to_owned()
}

/// The folder of the live generation.
pub(crate) fn live(index: &Path) -> PathBuf {
    index.join(current(index))
}

pub(crate) fn manifest(generation: &Path) -> Value {
    let json = fs::read(generation.join("manifest.json")).expect("a generation has a manifest");
    serde_json::from_slice(&json).expect("the manifest is JSON")
}

/// Every file of a generation that its manifest lists, and the manifest, by its path in it.
pub(crate) fn files(generation: &Path) -> Vec<String> {
    let manifest = manifest(generation);
    let listed = manifest["files"].as_object().expect("the manifest lists files").keys().cloned();
    listed.chain(["manifest.json".to_owned()]).collect()
}

/// Turns one bit of a file over: the lowest of the byte at this share of its length.
pub(crate) fn flip_bit(file: &Path, share: f64) {
    let mut bytes = fs::read(file).unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a file"
    )]
    let at = ((bytes.len() - 1) as f64 * share) as usize;
    bytes[at] ^= 1;
    fs::write(file, bytes).expect("the file can be written");
}

/// Asserts that nothing in the folder is half done: `CURRENT` names a generation whose files are all there, and no
/// unfinished one is left.
pub(crate) fn assert_consistent(index: &Path, when: &str) {
    let live = live(index);
    let missing: Vec<String> = files(&live).into_iter().filter(|name| !live.join(name).is_file()).collect();
    assert_eq!(missing, Vec::<String>::new(), "{when}");
    assert_eq!(leftovers(index), Vec::<String>::new(), "{when}");
}

/// Waits until something is there.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}: not within {} s", PATIENCE.as_secs());
        std::thread::sleep(PAUSE);
    }
}
