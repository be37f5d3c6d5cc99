//! What a test may want to be different before the bot starts, and the folders and environment that follow from it.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use tempfile::TempDir;

use super::{
    faults::Fault,
    world::{Guild, TOKEN},
};

/// Discord's default.
const HEARTBEAT: Duration = Duration::from_millis(41_250);
const FIRST_RESPONSE: Duration = Duration::from_secs(3);
/// What only `seventh train-alerts` reads, below the corpus folder.
const TRAINING_MESSAGES: &str = "examples/alerts.csv";

/// The wishes of a test; by default the real corpus and a Discord in good health.
#[derive(Default)]
pub(crate) struct Setup {
    pub(super) terms: Terms,
    pub(super) surroundings: Surroundings,
}

/// How the stand-in behaves.
#[derive(Clone)]
pub(crate) struct Terms {
    pub(super) heartbeat: Duration,
    pub(super) first_response: Duration,
    pub(super) token_refused: bool,
    pub(super) faults: Vec<Fault>,
}

impl Default for Terms {
    fn default() -> Self {
        Self { heartbeat: HEARTBEAT, first_response: FIRST_RESPONSE, token_refused: false, faults: Vec::new() }
    }
}

impl Setup {
    /// For a stand-in without the real binary.
    pub(crate) fn terms(self) -> Terms {
        self.terms
    }

    /// A copy of this folder instead of the real corpus.
    pub(crate) fn corpus(mut self, folder: impl Into<PathBuf>) -> Self {
        self.surroundings.corpus = Some(folder.into());
        self
    }

    /// A variable for the bot; instead of the harness's own value if it has one.
    pub(crate) fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.surroundings.env.push((name.into(), Some(value.into())));
        self
    }

    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.surroundings.env.push((name.into(), None));
        self
    }

    /// Under 500 ms is no faster: serenity looks at its clock that often.
    pub(crate) fn heartbeat_ms(mut self, ms: u64) -> Self {
        self.terms.heartbeat = Duration::from_millis(ms);
        self
    }

    /// How long an interaction may wait for its first response, for tests on purpose slow.
    pub(crate) fn first_response(mut self, patience: Duration) -> Self {
        self.terms.first_response = patience;
        self
    }

    /// Discord does not know the token: 401 wherever one is needed, and the gateway closes with 4004.
    pub(crate) fn token_refused(mut self) -> Self {
        self.terms.token_refused = true;
        self
    }

    /// A fault from the first request on.
    pub(crate) fn fault(mut self, fault: Fault) -> Self {
        self.terms.faults.push(fault);
        self
    }
}

/// Folders and variables for a run of the binary.
#[derive(Clone, Default)]
pub(crate) struct Surroundings {
    pub(super) corpus: Option<PathBuf>,
    pub(super) env: Vec<(String, Option<OsString>)>,
}

/// A temporary folder with everything that a run may touch. It vanishes with this value.
pub(crate) struct Home {
    folder: TempDir,
    env: Vec<(String, Option<OsString>)>,
}

impl Home {
    pub(super) fn new(surroundings: Surroundings) -> Self {
        let folder = TempDir::with_prefix("seventh-").expect("a temporary folder can be made");
        let real = || Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        let corpus = surroundings.corpus.unwrap_or_else(real);
        let home = Self { folder, env: surroundings.env };
        copy_what_is_served(&corpus, &home.corpus());
        std::fs::create_dir(home.path("tmp")).expect("a new folder has no tmp yet");
        home
    }

    pub(super) fn corpus(&self) -> PathBuf {
        self.path("corpus")
    }

    pub(super) fn index(&self) -> PathBuf {
        self.path("index")
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The real binary with nothing of this machine's environment but `PATH`.
    pub(super) fn command(&self, discord_url: Option<&str>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seventh"));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("TMPDIR", self.path("tmp"))
            .env("SEVENTH_CORPUS_DIR", self.corpus())
            .env("SEVENTH_INDEX_DIR", self.index())
            .current_dir(self.folder.path());
        if let Some(url) = discord_url {
            command
                .env("DISCORD_TOKEN", TOKEN)
                .env("SEVENTH_DISCORD_API_URL", url)
                .env("SEVENTH_MODERATION_GUILDS", Guild::Home.id());
        }
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }
}

/// Copies a folder, but for the messages that only training reads: they are as large as everything else together.
pub(crate) fn copy_what_is_served(from: &Path, to: &Path) {
    let name = from.display();
    std::fs::create_dir_all(to).expect("a folder in a temporary folder can be made");
    let entries = std::fs::read_dir(from).unwrap_or_else(|error| panic!("cannot read {name}: {error}"));
    for entry in entries {
        let entry = entry.unwrap_or_else(|error| panic!("cannot read {name}: {error}"));
        let target = to.join(entry.file_name());
        if entry.path().ends_with(TRAINING_MESSAGES) {
            continue;
        }
        if entry.path().is_dir() {
            copy_what_is_served(&entry.path(), &target);
        } else {
            let copied = std::fs::copy(entry.path(), target);
            copied.unwrap_or_else(|error| panic!("cannot copy {}: {error}", entry.path().display()));
        }
    }
}
