//! Index folders that can't be written: the sentence names folder and reason, and what was there before stays (P4).
//!
//! The tests may run as root, whom no permission stops: what stops root too is a path that cannot exist, and a limit on
//! the size of files, which fails a write as a full disk does.

use std::fs;

use crate::{
    corpus_folder::{CorpusFolder, FOLDER_IS_AHEAD, OLDER_ANSWERS, QUESTION, REBUILT, audit_lines, cli_output, finish},
    index_on_disk::{assert_consistent, current, flip_bit, generations, leftovers, live},
};

/// A path that cannot be made, even by root: nothing can be added to `/proc`.
const NOWHERE: &str = "/proc/nope";
/// A danger sign of the rules that the program brings along.
const DANGER: &str = "half my face suddenly dropped an hour ago and my speech is slurred";

#[test]
fn an_index_folder_that_cannot_be_made_is_named() {
    let folder = CorpusFolder::new();
    let end = folder.terminal().index(NOWHERE).run(["index"]);
    insta::assert_snapshot!(cli_output(&end));
}

#[test]
fn an_index_folder_below_a_file_is_named() {
    let folder = CorpusFolder::new();
    let file = folder.corpus().join("lexicon.csv");
    let end = folder.terminal().index(file.join("index")).run(["index"]);
    insta::assert_snapshot!(folder.redact(&cli_output(&end)));
}

#[test]
fn an_index_folder_that_is_a_file_is_named() {
    let folder = CorpusFolder::new();
    let end = folder.terminal().index(folder.corpus().join("lexicon.csv")).run(["index"]);
    insta::assert_snapshot!(folder.redact(&cli_output(&end)));
}

#[test]
fn check_says_once_why_it_has_no_room_to_build() {
    let end = CorpusFolder::new().terminal().env("TMPDIR", NOWHERE).run(["check"]);
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
    assert!(end.stderr.contains(NOWHERE), "{}", cli_output(&end));
    assert_eq!(end.stderr.matches("No such file or directory").count(), 1, "{}", cli_output(&end));
}

#[test]
fn a_good_corpus_can_be_checked_without_an_index_folder() {
    let end = CorpusFolder::new().terminal().index(NOWHERE).run(["check"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
}

#[test]
fn a_question_that_cannot_be_looked_up_fails() {
    let end = CorpusFolder::new().terminal().index(NOWHERE).run(["ask", QUESTION]);
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
}

#[test]
fn a_missing_index_is_not_told_as_an_answer_to_scripts() {
    let end = CorpusFolder::new().terminal().index(NOWHERE).run(["ask", QUESTION, "--json"]);
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
    assert!(!end.stdout.contains("abstain"), "{}", cli_output(&end));
}

#[test]
fn without_an_index_a_question_is_told_why() {
    let end = CorpusFolder::new().terminal().index(NOWHERE).run(["ask", QUESTION]);
    let expected = "seventh: /proc/nope: the index folder (index.dir or SEVENTH_INDEX_DIR) can't be made: No such file or directory (os error 2); \
                    only safety cards are shown until that is mended\n\
                    I can't read my articles right now. Please try again later. If you are worried, ask a doctor.\n";
    assert_eq!(end.stderr, expected);
    assert_eq!(end.stdout, "");
}

#[test]
fn without_an_index_a_danger_sign_still_gets_its_card() {
    let end = CorpusFolder::new().terminal().index(NOWHERE).run(["ask", DANGER, "--json"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    let answer: serde_json::Value = serde_json::from_str(&end.stdout).expect("--json prints JSON");
    assert_eq!(answer["urgent"], true, "{answer:#}");
    assert_eq!(answer["flag"], "stroke", "{answer:#}");
}

/// Every limit stops the build at a later file, until one lets it pass.
#[test]
fn a_full_disk_leaves_the_old_answers_at_whatever_step_it_comes() {
    let folder = CorpusFolder::new();
    folder.run(&["index"]);
    let old = current(&folder.index());
    folder.add_article("teapot");
    let mut failures = Vec::new();
    for blocks in 0.. {
        let mut command = folder.command_after(&format!("trap '' XFSZ; ulimit -f {blocks}"));
        command.arg("index");
        let end = finish(command);
        if end.code == Some(0) {
            break;
        }
        let when = format!("with files of at most {blocks} blocks: {}", cli_output(&end));
        assert_eq!(end.code, Some(1), "{when}");
        assert!(!end.stderr.contains("panicked"), "{when}");
        assert_eq!(current(&folder.index()), old, "{when}");
        assert_eq!(generations(&folder.index()), [old.as_str()], "{when}");
        failures.push(end.stderr);
    }
    assert!(failures.len() >= 3, "the limit stopped only {failures:#?}");
    let named = |said: &String| said.contains("File too large") && said.contains("index");
    assert!(failures.iter().all(named), "{failures:#?}");
    assert_ne!(current(&folder.index()), old, "with room enough it is published");
    assert_consistent(&folder.index(), "after the build that passed");
}

#[test]
fn while_the_disk_is_full_a_damaged_generation_leaves_the_answers_of_the_one_before() {
    let folder = CorpusFolder::new();
    folder.run(&["index"]);
    folder.add_article("teapot");
    folder.run(&["index"]);
    let damaged = current(&folder.index());
    flip_bit(&live(&folder.index()).join("corpus/articles/kettles.md"), 0.5);
    let mut command = folder.command_after("trap '' XFSZ; ulimit -f 1");
    command.args(["ask", QUESTION]);
    let end = finish(command);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    assert!(end.stdout.contains("Citric acid dissolves"), "{}", cli_output(&end));
    assert!(end.stderr.contains(OLDER_ANSWERS), "{}", cli_output(&end));
    assert_eq!(current(&folder.index()), damaged);

    let said = folder.assert_answers("with room again");
    assert!(said.contains(REBUILT), "{said}");
    assert_consistent(&folder.index(), "with room again");
}

#[test]
fn a_pointer_that_cannot_be_replaced_leaves_the_old_answers() {
    let folder = CorpusFolder::new();
    folder.run(&["index"]);
    let old = current(&folder.index());
    folder.add_article("teapot");
    let pointer = folder.index().join("CURRENT");
    fs::remove_file(&pointer).expect("there is a pointer");
    fs::create_dir(&pointer).expect("nothing of that name is left");
    let end = folder.run(&["index"]);
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
    assert!(end.stderr.contains("CURRENT: CURRENT can't be replaced"), "{}", cli_output(&end));
    assert_eq!(audit_lines(&end.stderr), Vec::<String>::new(), "what failed was not published");
    folder.assert_answers("the pointer can't be replaced");

    fs::remove_dir(&pointer).expect("it is still there");
    fs::write(&pointer, format!("{old}\n")).expect("the pointer can be written");
    let said = folder.assert_answers("with the pointer that was there before");
    assert!(said.contains(FOLDER_IS_AHEAD), "{said}");
    assert_eq!(folder.run(&["index"]).code, Some(0));
    assert_ne!(current(&folder.index()), old);
    assert_eq!(leftovers(&folder.index()), Vec::<String>::new());
}

#[test]
fn without_the_note_of_which_is_live_the_newest_answers_and_that_is_said() {
    let folder = CorpusFolder::new();
    folder.run(&["index"]);
    let first = current(&folder.index());
    folder.add_article("teapots");
    folder.run(&["index"]);
    folder.add_article("cups");
    for written in [None, Some("no id")] {
        let note = folder.index().join("CURRENT");
        match written {
            None => fs::remove_file(&note).expect("it is there"),
            Some(text) => fs::write(&note, text).expect("it can be written"),
        }
        let said = folder.assert_answers("without a note");
        assert!(said.contains(OLDER_ANSWERS), "{said}");
        let check = cli_output(&folder.run(&["check"]));
        assert!(check.contains("skipped: generation CURRENT can't be used"), "{check}");
    }
    fs::write(folder.index().join("CURRENT"), first).expect("it can be written");
    assert!(folder.assert_answers("with the note").contains(FOLDER_IS_AHEAD));
}

#[test]
fn a_lost_note_is_written_again_when_the_folder_holds_what_was_live() {
    let folder = CorpusFolder::new();
    folder.run(&["index"]);
    let live = current(&folder.index());
    fs::remove_file(folder.index().join("CURRENT")).expect("it is there");
    assert!(folder.assert_answers("without a note").contains(REBUILT));
    assert_eq!(current(&folder.index()), live);
}
