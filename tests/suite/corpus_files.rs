//! `seventh check` on folders and files that are no corpus: missing, too large, not text, not files at all.

use std::{
    fs::{self, File},
    os::unix::{ffi::OsStrExt as _, fs::symlink},
    process::Command,
    time::{Duration, Instant},
};

use crate::corpus_folder::{CorpusFolder, DATA_FILES, cli_output, finish};

/// An address space in KiB that the program fits in with room to spare (its own files are mapped into it), and a large
/// file does not.
const MEMORY_KIB: u64 = 512 * 1024;
/// Refusing a file must take no longer than looking at a small one; a busy machine gets some grace.
const SOON: Duration = Duration::from_secs(10);

fn refused(folder: &CorpusFolder) -> String {
    let end = folder.run(&["check"]);
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
    folder.redact(&cli_output(&end))
}

#[test]
fn a_folder_without_articles_says_what_to_add() {
    insta::assert_snapshot!(refused(&CorpusFolder::with("no-articles")));
}

#[test]
fn a_missing_corpus_folder_is_named() {
    insta::assert_snapshot!(refused(&CorpusFolder::empty()));
}

#[test]
fn a_file_in_place_of_the_articles_folder_is_refused() {
    let folder = CorpusFolder::empty();
    folder.write("articles", "# Kettles\n");
    let said = refused(&folder);
    assert!(said.contains("[folder]/corpus/articles can't be read"), "{said}");
}

#[test]
fn a_file_that_is_not_utf_8_is_refused_with_the_line() {
    insta::assert_snapshot!(refused(&CorpusFolder::with("not-utf-8")));
}

#[test]
fn a_binary_file_with_the_name_of_an_article_is_refused() {
    let folder = CorpusFolder::new();
    folder.write("articles/picture.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let said = refused(&folder);
    assert!(said.contains("articles/picture.md:1: the file is not UTF-8 text"), "{said}");
}

#[test]
fn a_file_of_50_mb_is_refused_soon() {
    let folder = CorpusFolder::new();
    folder.write("articles/large.md", "A kettle boils water. ".repeat(50_000_000 / 22));
    let started = Instant::now();
    let said = refused(&folder);
    assert!(started.elapsed() < SOON, "it took {:?}", started.elapsed());
    insta::assert_snapshot!(said);
}

#[test]
fn a_file_that_is_larger_than_the_memory_is_refused_without_being_read() {
    let folder = CorpusFolder::new();
    for name in ["articles/large.md", "lexicon.csv"] {
        folder.write(name, "");
        let file = File::options().write(true).open(folder.corpus().join(name)).expect("it was just written");
        file.set_len(4 * MEMORY_KIB * 1024).expect("a file with a hole takes no room");
    }
    let mut command = folder.command_after(&format!("ulimit -v {MEMORY_KIB}"));
    command.arg("check");
    let end = finish(command);
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
    for said in [
        "articles/large.md: the file is larger than 1024 KiB; split it",
        "lexicon.csv: the file is larger than 16384 KiB; split it",
    ] {
        assert!(end.stdout.lines().any(|line| line == said), "{}", cli_output(&end));
    }
}

#[test]
fn a_file_that_was_refused_is_not_said_to_be_missing() {
    let folder = CorpusFolder::new();
    folder.write("lexicon.csv", "a,b,lay,one-way,\n".repeat(1_100_000));
    let said = refused(&folder);
    assert!(said.contains("lexicon.csv: the file is larger than"), "{said}");
    assert!(!said.contains("the file is not there"), "{said}");
}

#[test]
fn missing_files_beside_the_articles_are_warned_about() {
    let folder = CorpusFolder::new();
    for name in DATA_FILES {
        fs::remove_file(folder.corpus().join(name)).expect("the fixture has it");
    }
    let end = folder.run(&["check"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    // What else the built-in rules and the second reader disagree about is for the shipped corpus to say.
    let warnings: Vec<&str> = end.stdout.lines().filter(|line| line.contains(": the file is not there: ")).collect();
    insta::assert_snapshot!(warnings.join("\n"));
}

#[test]
fn a_folder_with_the_name_of_an_article_is_refused() {
    let folder = CorpusFolder::new();
    fs::create_dir(folder.corpus().join("articles/folder.md")).expect("the articles folder is there");
    let said = refused(&folder);
    assert!(said.contains("articles/folder.md: the file can't be read"), "{said}");
}

#[test]
fn a_file_name_that_is_not_utf_8_is_refused() {
    let folder = CorpusFolder::new();
    let name = std::ffi::OsStr::from_bytes(b"\xff.md");
    fs::write(folder.corpus().join("articles").join(name), "").expect("Linux allows any name");
    let said = refused(&folder);
    assert!(said.contains("is not UTF-8; rename it"), "{said}");
}

#[test]
fn a_link_to_nothing_is_refused_wherever_it_stands() {
    let folder = CorpusFolder::new();
    symlink("/nowhere", folder.corpus().join("articles/link.md")).expect("a link can be made");
    let said = refused(&folder);
    assert!(said.contains("articles/link.md: the file can't be read"), "{said}");
}

#[test]
fn a_link_to_nothing_in_place_of_the_rules_is_refused() {
    let folder = CorpusFolder::new();
    for name in ["red_flags.toml", "lexicon.csv"] {
        let path = folder.corpus().join(name);
        fs::remove_file(&path).expect("the fixture has it");
        symlink("/nowhere", path).expect("a link can be made");
    }
    let said = refused(&folder);
    assert!(said.contains("red_flags.toml: the file can't be read"), "{said}");
    assert!(said.contains("lexicon.csv: the file can't be read"), "{said}");
}

#[test]
fn a_named_pipe_with_the_name_of_an_article_is_refused() {
    let folder = CorpusFolder::new();
    let pipe = folder.corpus().join("articles/pipe.md");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo can be run");
    assert!(made.success());
    let said = refused(&folder);
    assert!(said.contains("articles/pipe.md: "), "{said}");
}

#[test]
fn other_files_beside_the_articles_are_left_out_with_a_warning() {
    let folder = CorpusFolder::new();
    folder.write("articles/kettles.md~", "an editor's copy");
    folder.write("articles/.kettles.md.swp", "hidden files are nobody's business");
    let end = folder.run(&["check"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    let warnings: Vec<&str> = end.stdout.lines().filter(|line| line.starts_with("warning: ")).collect();
    assert_eq!(warnings, ["warning: articles/kettles.md~: only .md files are read; this one is left out"]);
}

#[test]
fn files_saved_on_windows_are_read_like_others() {
    let folder = CorpusFolder::new();
    for name in ["articles/kettles.md", "articles/clocks.md", "lexicon.csv", "red_flags.toml", "questions.toml"] {
        let text = fs::read_to_string(folder.corpus().join(name)).expect("the fixture has it");
        folder.write(name, format!("\u{feff}{}", text.replace('\n', "\r\n")));
    }
    let end = folder.run(&["check"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    folder.assert_answers("with Windows' line ends");
}

#[test]
fn a_file_in_the_wrong_place_is_refused_with_its_place() {
    let folder = CorpusFolder::new();
    folder.write("taught.csv", "question,article,quotes\n");
    let said = refused(&folder);
    assert!(said.contains("taught.csv: this file is read only as examples/taught.csv; move it there"), "{said}");
}

#[test]
fn a_file_that_nobody_reads_is_warned_about() {
    let folder = CorpusFolder::new();
    folder.write("learned/calibrations.toml", "");
    folder.write("examples/README.md", "A guide may lie anywhere.\n");
    let end = folder.run(&["check"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    assert!(!end.stdout.contains("README"), "{}", cli_output(&end));
    assert!(end.stdout.contains("warning: learned/calibrations.toml: nothing reads this file"), "{}", cli_output(&end));
}

#[test]
fn a_place_that_cannot_be_looked_into_is_never_taken_for_empty() {
    let folder = CorpusFolder::new();
    folder.write("learned", "a file where a folder should be");
    let said = refused(&folder);
    assert!(said.contains("learned/calibration.toml: the file can't be read"), "{said}");
}
