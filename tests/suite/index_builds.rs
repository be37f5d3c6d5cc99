//! When a generation is built, what it is called, what it leaves, and how old ones go.

use std::{fs, path::Path};

use crate::{
    corpus_folder::{
        BUILT, CHANGED_QUOTE, CorpusFolder, FOLDER_IS_AHEAD, GOOD, QUESTION, audit_lines, cli_output, copy, fixture,
    },
    index_on_disk::{assert_consistent, current, generations, leftovers, live, manifest, names, with_extension},
};

fn index(folder: &CorpusFolder) -> String {
    let end = folder.run(&["index"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    current(&folder.index())
}

fn bytes(file: &Path) -> Vec<u8> {
    fs::read(file).unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()))
}

#[test]
fn a_published_generation_says_what_it_is_made_of() {
    let folder = CorpusFolder::new();
    let end = folder.run(&["index"]);
    let id = current(&folder.index());
    assert_eq!(end.stdout, format!("Published generation {id}: 2 articles, 6 passages.\n"));
    assert_eq!(
        audit_lines(&end.stderr),
        [format!("by=command line action=\"publish\" outcome=\"done\" generation=\"{id}\"")]
    );
    let manifest = manifest(&live(&folder.index()));
    assert_eq!(manifest["id"], id);
    assert_eq!(manifest["by"], "command line");
    assert_eq!(manifest["counts"]["articles"], 2);
    assert_eq!(manifest["counts"]["passages"], 6);
    assert_eq!(manifest["counts"]["lexicon_rows"], 2);
    assert_eq!(manifest["counts"]["golden_questions"], 3);
    assert_consistent(&folder.index(), "published");
}

#[test]
fn the_index_folder_holds_generations_and_a_pointer_and_nothing_else() {
    let folder = CorpusFolder::new();
    let first = index(&folder);
    folder.add_article("teapot");
    let second = index(&folder);
    let mut expected = vec![first, second, "CURRENT".to_owned()];
    expected.sort();
    assert_eq!(names(&folder.index()), expected);
}

#[test]
fn a_generation_holds_the_corpus_as_it_was() {
    let folder = CorpusFolder::new();
    index(&folder);
    for name in ["articles/kettles.md", "articles/clocks.md", "lexicon.csv", "red_flags.toml", "questions.toml"] {
        let kept = bytes(&live(&folder.index()).join("corpus").join(name));
        assert!(kept == bytes(&fixture(GOOD).join(name)), "{name}");
    }
}

#[test]
fn a_generation_has_one_segment() {
    let folder = CorpusFolder::new();
    for number in 0..20 {
        folder.add_article(&format!("teapot-{number}"));
    }
    index(&folder);
    let stores = with_extension(&live(&folder.index()).join("tantivy"), "store");
    assert_eq!(stores.len(), 1, "{stores:?}");
}

#[test]
fn the_same_corpus_gives_the_same_generation() {
    let (one, other) = (CorpusFolder::new(), CorpusFolder::empty());
    // Another order in the folder, and other times.
    for name in ["red_flags.toml", "questions.toml", "articles/kettles.md", "lexicon.csv", "articles/clocks.md"] {
        other.write(name, bytes(&fixture(GOOD).join(name)));
    }
    assert_eq!(index(&one), index(&other));
}

#[test]
fn every_file_of_the_corpus_counts_for_the_generation() {
    let folder = CorpusFolder::new();
    let mut ids = vec![index(&folder)];
    for name in ["articles/clocks.md", "lexicon.csv", "red_flags.toml", "questions.toml"] {
        let mut text = bytes(&folder.corpus().join(name));
        text.push(b'\n');
        folder.write(name, text);
        ids.push(index(&folder));
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5);
}

#[test]
fn the_guide_beside_the_corpus_does_not_count() {
    let folder = CorpusFolder::new();
    let before = index(&folder);
    folder.write("README.md", "How to write for it.");
    assert_eq!(index(&folder), before);
}

#[test]
fn a_question_builds_the_index_once() {
    let folder = CorpusFolder::new();
    let said = folder.assert_answers("with no index");
    assert!(said.contains(BUILT), "{said}");
    let manifest = live(&folder.index()).join("manifest.json");
    let (before, time) = (bytes(&manifest), manifest.metadata().and_then(|it| it.modified()).expect("a time"));

    assert_eq!(folder.assert_answers("again"), "");
    assert_eq!(bytes(&manifest), before);
    assert_eq!(manifest.metadata().and_then(|it| it.modified()).expect("a time"), time);
}

#[test]
fn indexing_an_unchanged_corpus_keeps_its_generation() {
    let folder = CorpusFolder::new();
    index(&folder);
    let before = bytes(&live(&folder.index()).join("manifest.json"));
    index(&folder);
    assert_eq!(bytes(&live(&folder.index()).join("manifest.json")), before);
}

#[test]
fn a_changed_article_is_not_quoted_before_somebody_publishes_it() {
    let folder = CorpusFolder::new();
    let first = index(&folder);
    folder.change_the_answer();
    let said = folder.assert_answers("after a change");
    assert!(said.contains(FOLDER_IS_AHEAD), "{said}");
    assert_eq!(audit_lines(&said), Vec::<String>::new());
    assert_eq!(generations(&folder.index()), [first.as_str()]);
    assert_eq!(current(&folder.index()), first);
    assert_consistent(&folder.index(), "after a question");

    let second = index(&folder);
    assert_ne!(second, first);
    assert_eq!(manifest(&live(&folder.index()))["parent"], first);
    let end = folder.run(&["ask", QUESTION]);
    assert!(end.stdout.contains(CHANGED_QUOTE) && end.stderr.is_empty(), "{}", cli_output(&end));
}

#[test]
fn an_article_that_was_taken_back_finds_its_old_generation() {
    let folder = CorpusFolder::new();
    let first = index(&folder);
    let before = bytes(&live(&folder.index()).join("manifest.json"));
    folder.add_article("teapot");
    index(&folder);
    fs::remove_file(folder.corpus().join("articles/teapot.md")).expect("it was just written");
    assert_eq!(index(&folder), first);
    assert_eq!(bytes(&live(&folder.index()).join("manifest.json")), before);
}

#[test]
fn old_generations_go_when_there_are_more_than_index_keep() {
    let folder = CorpusFolder::new();
    let mut ids = Vec::new();
    for number in 0..4 {
        folder.add_article(&format!("teapot-{number}"));
        let end = folder.terminal().env("SEVENTH_INDEX_KEEP", "2").run(["index"]);
        assert_eq!(end.code, Some(0), "{}", cli_output(&end));
        ids.push(current(&folder.index()));
    }
    let mut newest = ids.split_off(2);
    newest.sort();
    assert_eq!(generations(&folder.index()), newest);
}

#[test]
fn a_bad_article_leaves_the_old_answers() {
    let folder = CorpusFolder::new();
    let old = index(&folder);
    folder.write("articles/bad.md", "# No front matter\n");
    let end = folder.run(&["index"]);
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
    assert!(end.stderr.starts_with("articles/bad.md:1: the file must begin with front matter"), "{}", end.stderr);
    assert_eq!(current(&folder.index()), old);
    let said = folder.assert_answers("with a bad article");
    assert!(said.contains(FOLDER_IS_AHEAD), "{said}");
    assert_consistent(&folder.index(), "with a bad article");
}

#[test]
fn a_golden_question_that_fails_leaves_the_old_answers_and_no_trace() {
    let folder = CorpusFolder::new();
    let old = index(&folder);
    folder.write(
        "questions.toml",
        "[[question]]\ntext = \"citric acid\"\nexpect = \"answer\"\nquotes = \"no such words\"\n",
    );
    let end = folder.run(&["index"]);
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
    assert_eq!(current(&folder.index()), old);
    assert_eq!(generations(&folder.index()), [old]);
    assert_consistent(&folder.index(), "refused");
}

#[test]
fn checking_publishes_nothing_and_leaves_nothing() {
    let folder = CorpusFolder::new();
    let old = index(&folder);
    folder.add_article("teapot");
    let end = folder.run(&["check"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    assert!(end.stdout.contains("articles/teapot.md"), "{}", end.stdout);
    assert_eq!(current(&folder.index()), old);
    assert_eq!(generations(&folder.index()), [old]);
    assert_consistent(&folder.index(), "checked");
}

#[test]
fn what_an_unfinished_build_of_the_same_corpus_left_is_replaced() {
    let folder = CorpusFolder::new();
    let id = index(&folder);
    let unfinished = folder.index().join(format!("{id}.tmp"));
    fs::rename(live(&folder.index()), &unfinished).expect("the generation can be renamed");
    fs::write(unfinished.join("corpus/articles/kettles.md"), "half").expect("the file can be written");
    folder.assert_answers("with an unfinished build");
    assert_eq!(current(&folder.index()), id);
    assert_consistent(&folder.index(), "with an unfinished build");
}

#[test]
fn what_an_unfinished_build_of_another_corpus_left_goes_with_the_next_build() {
    let folder = CorpusFolder::new();
    let old = index(&folder);
    copy(&folder.index().join(old), &folder.index().join("0123456789abcdef.tmp"));
    fs::write(folder.index().join(".new-CURRENT"), "012").expect("the file can be written");
    folder.add_article("teapot");
    index(&folder);
    assert_eq!(leftovers(&folder.index()), Vec::<String>::new());
    assert!(!folder.index().join(".new-CURRENT").exists());
}

#[test]
fn a_generation_that_was_finished_but_never_pointed_to_is_published_as_it_is_and_only_by_somebody() {
    let folder = CorpusFolder::new();
    let old = index(&folder);
    folder.add_article("teapot");
    let id = index(&folder);
    let before = bytes(&live(&folder.index()).join("manifest.json"));
    fs::write(folder.index().join("CURRENT"), format!("{old}\n")).expect("CURRENT can be written");
    let said = folder.assert_answers("with a pointer to the generation before");
    assert!(said.contains(FOLDER_IS_AHEAD), "{said}");
    assert_eq!(current(&folder.index()), old);
    assert_eq!(index(&folder), id);
    assert_eq!(bytes(&live(&folder.index()).join("manifest.json")), before);
}
