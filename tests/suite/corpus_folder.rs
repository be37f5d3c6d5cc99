//! A corpus that a test may change, with an index of its own, and the binary that works on both.
//!
//! Corpora that tests bring along are real folders in `tests/fixtures`; each case of a mistake has one.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use regex::Regex;
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{End, Terminal, copy_what_is_served};

/// A corpus without any mistake, about kettles and clocks: two articles, a lexicon, a rule and golden questions.
pub(crate) const GOOD: &str = "kettles";
/// What the good corpus answers, with the words that the answer must quote.
pub(crate) const QUESTION: &str = "Does citric acid dissolve stubborn crusts?";
pub(crate) const QUOTE: &str = "Citric acid dissolves what vinegar leaves behind.";
/// What it says after [`CorpusFolder::change_the_answer`].
pub(crate) const CHANGED_QUOTE: &str = "Citric acid dissolves what vinegar leaves over.";

/// The files beside the articles, without which a check warns.
pub(crate) const DATA_FILES: [&str; 3] = ["lexicon.csv", "questions.toml", "red_flags.toml"];

/// What `ask` says on standard error when it had to build.
pub(crate) const BUILT: &str = "built the index, because there was none";
pub(crate) const REBUILT: &str = "built the index again, because the live generation was damaged or of another format";
/// What it says when the corpus folder is not what is live.
pub(crate) const FOLDER_IS_AHEAD: &str = "the corpus folder has changes that are not live";
/// What it says when the live generation can't be used and another one answers.
pub(crate) const OLDER_ANSWERS: &str = "the live generation can't be used, so an older one answers";

/// A folder of `tests/fixtures`.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// A temporary copy of a fixture, and an index folder beside it that does not exist yet.
pub(crate) struct CorpusFolder {
    folder: TempDir,
}

impl CorpusFolder {
    /// The corpus without mistakes.
    pub(crate) fn new() -> Self {
        Self::with(GOOD)
    }

    /// A case; the data files that it does not bring are those of the good corpus.
    pub(crate) fn with(name: &str) -> Self {
        let folder = Self::empty();
        copy(&fixture(name), &folder.corpus());
        for file in DATA_FILES.iter().filter(|file| !folder.corpus().join(file).exists()) {
            folder.write(file, fs::read(fixture(GOOD).join(file)).expect("the good corpus is complete"));
        }
        folder
    }

    /// The corpus that comes with the program, but for the messages that only training reads.
    pub(crate) fn shipped() -> Self {
        let folder = Self::empty();
        copy_what_is_served(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"), &folder.corpus());
        folder
    }

    /// Without a corpus.
    pub(crate) fn empty() -> Self {
        Self { folder: TempDir::with_prefix("seventh-folder-").expect("a temporary folder can be made") }
    }

    pub(crate) fn corpus(&self) -> PathBuf {
        self.folder.path().join("corpus")
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    /// Writes a file of the corpus, given below its folder.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.corpus().join(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(&path, bytes).unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    }

    /// Changes the corpus so that it gives another generation, with the same answers.
    pub(crate) fn add_article(&self, name: &str) {
        let article = format!("+++\ntitle = \"{name}\"\n+++\n\n# {name}\n\nA {name} stands on the shelf.\n");
        self.write(&format!("articles/{name}.md"), article);
    }

    /// Changes the words of the good corpus that answer [`QUESTION`].
    pub(crate) fn change_the_answer(&self) {
        let name = "articles/kettles.md";
        let article = fs::read_to_string(self.corpus().join(name)).expect("the good corpus has it");
        assert!(article.contains(QUOTE));
        self.write(name, article.replace(QUOTE, CHANGED_QUOTE));
    }

    pub(crate) fn terminal(&self) -> Terminal {
        Terminal::new().corpus(self.corpus()).index(self.index())
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> End {
        self.terminal().run(arguments)
    }

    /// The binary for tests that need the process itself.
    pub(crate) fn command(&self) -> Command {
        self.prepared(Command::new(env!("CARGO_BIN_EXE_seventh")))
    }

    /// The binary after a line of shell, as under a limit that the shell sets.
    pub(crate) fn command_after(&self, shell: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{shell}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_seventh")]);
        self.prepared(command)
    }

    fn prepared(&self, mut command: Command) -> Command {
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TMPDIR", self.folder.path())
            .env("SEVENTH_CORPUS_DIR", self.corpus())
            .env("SEVENTH_INDEX_DIR", self.index())
            .current_dir(self.folder.path());
        command
    }

    /// A text without the places of this run and the ids of generations and the times of log lines, for a snapshot.
    pub(crate) fn redact(&self, text: &str) -> String {
        let text = text.replace(&self.folder.path().display().to_string(), "[folder]");
        let id = Regex::new(r"\b[0-9a-f]{16}\b").expect("a valid pattern");
        let text = id.replace_all(&text, "[id]");
        let time = Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z").expect("a valid pattern");
        time.replace_all(&text, "[time]").into_owned()
    }

    /// Asserts that the good corpus' question is answered as it should be, and returns what was said on standard error.
    pub(crate) fn assert_answers(&self, when: &str) -> String {
        let end = self.run(&["ask", QUESTION, "--json"]);
        assert_eq!(end.code, Some(0), "{when}: {}{}", end.stdout, end.stderr);
        let answer: Value = serde_json::from_str(&end.stdout).expect("--json prints JSON");
        assert_eq!(answer["decision"], "answer", "{when}: {answer:#}");
        assert_eq!(answer["passages"][0]["text"], QUOTE, "{when}: {answer:#}");
        end.stderr
    }
}

/// The outcome of a run as one text: what a person sees, and the code.
pub(crate) fn cli_output(end: &End) -> String {
    let code = end.code.map_or_else(|| "killed".to_owned(), |code| code.to_string());
    let part = |name: &str, text: &str| {
        if text.is_empty() { String::new() } else { format!("--- {name}\n{}\n", text.trim_end()) }
    };
    format!("exit code {code}\n{}{}", part("stdout", &end.stdout), part("stderr", &end.stderr))
}

/// What the audit says in a log, without time and target.
pub(crate) fn audit_lines(log: &str) -> Vec<String> {
    log.lines().filter_map(|line| line.split_once("seventh::audit: audit ")).map(|(_, said)| said.to_owned()).collect()
}

/// Runs a command to its end.
pub(crate) fn finish(mut command: Command) -> End {
    let output = command.output().expect("the command can be started");
    End {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Copies a folder with everything in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap_or_else(|error| panic!("cannot make {}: {error}", to.display()));
    let entries = fs::read_dir(from).unwrap_or_else(|error| panic!("cannot read {}: {error}", from.display()));
    for entry in entries {
        let entry = entry.expect("a folder can be listed");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target)
                .unwrap_or_else(|error| panic!("cannot write {}: {error}", target.display()));
        }
    }
}
