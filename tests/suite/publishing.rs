//! Publishing is an act, opening is not (P8): what a start and a question may change, and what they leave in the audit.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use crate::{
    corpus_folder::{
        BUILT, CHANGED_QUOTE, CorpusFolder, FOLDER_IS_AHEAD, QUESTION, QUOTE, audit_lines, cli_output, copy,
    },
    index_on_disk::{assert_consistent, current, generations, live, manifest},
};

/// How many ask at once.
const CROWD: usize = 4;

fn published() -> CorpusFolder {
    let folder = CorpusFolder::new();
    let end = folder.run(&["index"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    folder
}

/// Every file below a folder, with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            let bytes = fs::read(&path).expect("a file can be read");
            found.insert(path, bytes);
        }
    }
    found
}

fn published_by_start(id: &str) -> [String; 1] {
    [format!("by=start action=\"publish\" outcome=\"done\" generation=\"{id}\"")]
}

#[test]
fn a_fresh_answer_comes_from_the_folder_and_changes_nothing() {
    let folder = published();
    folder.change_the_answer();
    let before = contents(&folder.index());
    let end = folder.run(&["ask", "--fresh", QUESTION]);
    assert_eq!((end.code, end.stderr.as_str()), (Some(0), ""), "{}", cli_output(&end));
    assert!(end.stdout.contains(CHANGED_QUOTE), "{}", cli_output(&end));
    assert_eq!(contents(&folder.index()), before);

    let end = folder.run(&["ask", QUESTION]);
    assert!(end.stdout.contains(QUOTE) && end.stderr.contains(FOLDER_IS_AHEAD), "{}", cli_output(&end));
    assert_eq!(contents(&folder.index()), before);
}

#[test]
fn a_fresh_answer_needs_no_index_folder_and_makes_none() {
    let folder = CorpusFolder::new();
    let end = folder.run(&["ask", "--fresh", QUESTION]);
    assert!(end.stdout.contains(QUOTE), "{}", cli_output(&end));
    assert!(!folder.index().exists());
}

#[test]
fn a_fresh_answer_from_a_broken_folder_is_refused_with_every_mistake() {
    let folder = published();
    folder.write("articles/bad.md", "# No front matter\n");
    let end = folder.run(&["ask", "--fresh", QUESTION]);
    assert_eq!((end.code, end.stdout.as_str()), (Some(1), ""), "{}", cli_output(&end));
    assert!(end.stderr.starts_with("articles/bad.md:1: "), "{}", cli_output(&end));
}

#[test]
fn into_an_empty_folder_a_question_publishes_and_the_audit_says_so() {
    let folder = CorpusFolder::new();
    let said = folder.assert_answers("with no index");
    let id = current(&folder.index());
    assert!(said.contains(BUILT), "{said}");
    assert_eq!(audit_lines(&said), published_by_start(&id));
    assert_eq!(manifest(&live(&folder.index()))["by"], "start");
}

#[test]
fn after_a_change_of_the_format_a_question_publishes_and_the_audit_says_so() {
    let folder = published();
    let old = live(&folder.index()).join("manifest.json");
    let mut of_another_format: Value = manifest(&live(&folder.index()));
    of_another_format["format"] = 0.into();
    fs::write(old, of_another_format.to_string()).expect("the manifest can be written");
    // A newer program has newer articles, too.
    folder.change_the_answer();
    let end = folder.run(&["ask", QUESTION]);
    assert!(end.stdout.contains(CHANGED_QUOTE), "{}", cli_output(&end));
    assert_eq!(audit_lines(&end.stderr), published_by_start(&current(&folder.index())));
    assert_consistent(&folder.index(), "after a change of the format");
}

#[test]
fn several_first_questions_at_once_are_all_answered_from_one_build() {
    let folder = CorpusFolder::new();
    let ask = |_| {
        let mut command: Command = folder.command();
        command.args(["ask", QUESTION]).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the binary can be started")
    };
    let asked: Vec<Child> = (0..CROWD).map(ask).collect();
    let mut published = Vec::new();
    for child in asked {
        let output = child.wait_with_output().expect("a child can be waited for");
        let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{stdout}{stderr}");
        assert!(stdout.contains(QUOTE), "{stdout}{stderr}");
        published.extend(audit_lines(&stderr));
    }
    assert_eq!(published, published_by_start(&current(&folder.index())), "one builds, the others wait for it");
    assert_eq!(generations(&folder.index()).len(), 1);
    assert_consistent(&folder.index(), "after a crowd");
}

/// Writes every file of a folder with the line ends that a checkout on Windows gives them.
fn with_windows_line_ends(folder: &Path) {
    for (path, bytes) in contents(folder) {
        let text = String::from_utf8(bytes).expect("the corpus is text");
        assert!(!text.contains('\r'), "{} has such line ends already", path.display());
        fs::write(path, text.replace('\n', "\r\n")).expect("a file can be written");
    }
}

#[test]
fn a_clone_with_other_line_ends_is_the_same_corpus() {
    let (unix, windows) = (CorpusFolder::empty(), CorpusFolder::empty());
    for folder in [&unix, &windows] {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"), &folder.corpus());
    }
    with_windows_line_ends(&windows.corpus());
    let outcomes = [&unix, &windows].map(|folder| {
        let check = folder.run(&["check"]);
        let index = folder.run(&["index"]);
        assert_eq!((check.code, index.code), (Some(0), Some(0)), "{}{}", cli_output(&check), cli_output(&index));
        let end = folder.run(&["ask", "--json", "What is an EMG for?"]);
        let mut answer: Value = serde_json::from_str(&end.stdout).unwrap_or_else(|_| panic!("{}", cli_output(&end)));
        answer["elapsed_us"] = Value::Null;
        assert_eq!(answer["decision"], "answer", "{answer:#}");
        (check.stdout, current(&folder.index()), answer)
    });
    assert_eq!(outcomes[0], outcomes[1]);
}
