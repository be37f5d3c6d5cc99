//! Runs the binary as a person in a terminal does: arguments, perhaps standard input, then code and output.

use std::{
    cell::OnceCell,
    ffi::{OsStr, OsString},
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::mpsc,
    time::Duration,
};

use super::{
    process::End,
    setup::{Home, Surroundings},
};

/// A command may have to build an index first, unoptimized and on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A shell in a temporary folder; several runs share its corpus and its index.
#[derive(Default)]
pub(crate) struct Terminal {
    surroundings: Surroundings,
    corpus: Option<PathBuf>,
    index: Option<PathBuf>,
    home: OnceCell<Home>,
}

impl Terminal {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Works on this very folder, not on a copy; without it, on a copy of the real corpus.
    pub(crate) fn corpus(mut self, folder: impl Into<PathBuf>) -> Self {
        self.corpus = Some(folder.into());
        self
    }

    /// Works on this very folder; without it, on a new one.
    pub(crate) fn index(mut self, folder: impl Into<PathBuf>) -> Self {
        self.index = Some(folder.into());
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.surroundings.env.push((name.into(), Some(value.into())));
        self
    }

    pub(crate) fn run<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> End {
        self.run_with_input(arguments, "")
    }

    /// Runs the binary with a text on standard input.
    pub(crate) fn run_with_input<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>, input: &str) -> End {
        let (corpus, index) = (self.corpus.clone(), self.index.clone());
        let home = self.home();
        let mut command = home.command(None);
        corpus.map(|folder| command.env("SEVENTH_CORPUS_DIR", folder));
        index.map(|folder| command.env("SEVENTH_INDEX_DIR", folder));
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        finish(command.spawn().expect("the binary can be started"), input)
    }

    /// The folder in which it runs, with `corpus` and `index` in it.
    pub(crate) fn folder(&self) -> &Path {
        self.home().folder()
    }

    fn home(&self) -> &Home {
        self.home.get_or_init(|| Home::new(self.surroundings.clone()))
    }
}

fn finish(mut child: Child, input: &str) -> End {
    let id = child.id().to_string();
    let mut stdin = child.stdin.take().expect("standard input is piped");
    let input = input.to_owned();
    // It may end without reading everything, which is its right.
    std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || done.send(child.wait_with_output()));
    let Ok(output) = ended.recv_timeout(PATIENCE) else {
        drop(std::process::Command::new("kill").arg("-KILL").arg(id).status());
        panic!("the command did not end within {} s", PATIENCE.as_secs());
    };
    let output = output.expect("a child can be waited for");
    End {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
