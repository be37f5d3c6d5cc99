//! `seventh model install`: only the pinned files, whole, whatever happens on the way.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use axum::{Router, extract::State, http::HeaderMap, http::StatusCode, response::IntoResponse, routing::get};
use seventh::embedding::{InstallError, ModelFile, Source, install};
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime};

use crate::corpus_folder::{CorpusFolder, cli_output};

const WORDS: &[u8] = b"the quick brown fox jumps over the lazy dog";
/// sha256 of [`WORDS`].
const FILE: ModelFile = ModelFile {
    name: "model.safetensors",
    bytes: 43,
    sha256: "05c6e08f1d9fdafa03147fcb8f82f124c76d2f70e3d989dc8aadb5e7d7450bec",
};

/// A hub on the loopback device, and what it was asked.
#[derive(Clone, Default)]
struct Hub {
    /// What it sends as the file.
    sends: Vec<u8>,
    /// Whether it sends the rest alone when it is asked for a part.
    knows_ranges: bool,
    /// The ranges that it was asked for.
    ranges: Arc<Mutex<Vec<String>>>,
}

async fn send(State(hub): State<Hub>, headers: HeaderMap) -> impl IntoResponse {
    let range = headers.get("range").and_then(|range| range.to_str().ok()).unwrap_or_default().to_owned();
    hub.ranges.lock().expect("no test fails in it").push(range.clone());
    let from: Option<usize> = range.strip_prefix("bytes=").and_then(|range| range.trim_end_matches('-').parse().ok());
    match from.filter(|_| hub.knows_ranges) {
        Some(from) => (StatusCode::PARTIAL_CONTENT, hub.sends[from..].to_vec()),
        None => (StatusCode::OK, hub.sends),
    }
}

/// Installs from a hub into a folder, and says what the hub was asked.
fn from_hub(hub: Hub, folder: &Path) -> (Result<(), InstallError>, Vec<String>) {
    let runtime = Runtime::new().expect("a runtime");
    let ranges = Arc::clone(&hub.ranges);
    let result = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let app = Router::new().route("/model.safetensors", get(send)).with_state(hub);
        tokio::spawn(async move { axum::serve(listener, app).await });
        install(&Source::Url(format!("http://{address}")), &[FILE], folder, &|_, _, _| {}).await
    });
    let asked = ranges.lock().expect("no test fails in it").clone();
    (result, asked)
}

fn folder() -> TempDir {
    TempDir::with_prefix("seventh-model-").expect("a temporary folder can be made")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn the_pinned_file_is_fetched_once_and_kept() {
    let folder = folder();
    let hub = Hub { sends: WORDS.to_vec(), ..Hub::default() };
    let (result, asked) = from_hub(hub.clone(), folder.path());
    result.expect("it installs");
    assert_eq!(asked, [""]);
    assert_eq!(fs::read(folder.path().join(FILE.name)).expect("it is there"), WORDS);
    assert_eq!(names(folder.path()), ["SHA256SUMS", FILE.name]);

    let (again, asked) = from_hub(Hub { ranges: Arc::default(), ..hub }, folder.path());
    again.expect("it is there already");
    assert_eq!(asked, [""; 0], "nothing was fetched twice");
}

#[test]
fn a_download_that_broke_off_goes_on_where_it_stopped() {
    let folder = folder();
    let broken_off = Hub { sends: WORDS[..20].to_vec(), ..Hub::default() };
    let (result, _) = from_hub(broken_off, folder.path());
    let error = result.expect_err("half a file is no file").to_string();
    assert!(error.contains("20 of 43 bytes") && error.contains("run the command again"), "{error}");
    assert_eq!(names(folder.path()), ["model.safetensors.part"]);

    let hub = Hub { sends: WORDS.to_vec(), knows_ranges: true, ..Hub::default() };
    let (result, asked) = from_hub(hub, folder.path());
    result.expect("the rest is fetched");
    assert_eq!(asked, ["bytes=20-"]);
    assert_eq!(fs::read(folder.path().join(FILE.name)).expect("it is there"), WORDS);
}

#[test]
fn a_hub_that_knows_no_ranges_sends_everything_again() {
    let folder = folder();
    fs::write(folder.path().join("model.safetensors.part"), &WORDS[..20]).expect("it can be written");
    let (result, _) = from_hub(Hub { sends: WORDS.to_vec(), ..Hub::default() }, folder.path());
    result.expect("it installs");
    assert_eq!(fs::read(folder.path().join(FILE.name)).expect("it is there"), WORDS);
}

#[test]
fn a_file_that_is_not_the_pinned_one_is_refused_and_not_left_behind() {
    let mut other = WORDS.to_vec();
    other[0] = b'T';
    for (sends, reason) in [(other, "its sha256 is"), (vec![b'x'; 100], "sends more than 43 bytes")] {
        let folder = folder();
        let (result, _) = from_hub(Hub { sends, ..Hub::default() }, folder.path());
        let error = result.expect_err("it is another file").to_string();
        assert!(error.contains(reason) && error.contains("it was not installed"), "{error}");
        assert_eq!(names(folder.path()), [""; 0], "{error}");
    }
}

#[test]
fn a_copy_is_checked_as_a_download_is() {
    let (from, to) = (folder(), folder());
    let source = Source::Folder(from.path().to_owned());
    let run = || Runtime::new().expect("a runtime").block_on(install(&source, &[FILE], to.path(), &|_, _, _| {}));
    fs::write(from.path().join(FILE.name), "something else").expect("it can be written");
    assert!(matches!(run(), Err(InstallError::Mismatch { .. })));
    assert_eq!(names(to.path()), [""; 0]);
    fs::write(from.path().join(FILE.name), WORDS).expect("it can be written");
    run().expect("it installs");
    assert_eq!(names(to.path()), ["SHA256SUMS", FILE.name]);
}

#[test]
fn a_build_without_search_by_meaning_fetches_nothing() {
    let to = folder();
    let end = CorpusFolder::new().terminal().env("SEVENTH_SEMANTIC_MODEL_DIR", to.path()).run(["model", "install"]);
    if cfg!(not(feature = "semantic")) {
        assert_eq!(end.code, Some(1), "{}", cli_output(&end));
        assert!(end.stderr.contains("--features semantic"), "{}", cli_output(&end));
        assert_eq!(names(to.path()), [""; 0]);
    }
}

#[test]
fn the_command_says_what_is_missing() {
    let folder = CorpusFolder::new();
    let end = folder.run(&["model", "install"]);
    assert_eq!(end.code, Some(2), "{}", cli_output(&end));
    assert!(end.stderr.contains("semantic.model_dir"), "{}", cli_output(&end));
}
