//! Damage to an index that was whole: it is found before anything is quoted, and mended or gone around (P4).

use std::{fs, path::Path};

use serde_json::Value;
use seventh::index::Generations;

use crate::{
    corpus_folder::{
        CHANGED_QUOTE, CorpusFolder, GOOD, OLDER_ANSWERS, QUESTION, REBUILT, audit_lines, cli_output, copy, fixture,
    },
    index_on_disk::{assert_consistent, current, files, flip_bit, generations, live, manifest},
};

/// Places in a file at which a bit is turned over, as shares of its length.
const PLACES: [f64; 7] = [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0];

/// A folder with a published generation.
fn published() -> CorpusFolder {
    let folder = CorpusFolder::new();
    let end = folder.run(&["index"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    folder
}

/// A folder with two published generations of different corpora; the corpus folder is that of the second.
fn published_twice() -> (CorpusFolder, String) {
    let folder = published();
    let first = current(&folder.index());
    folder.add_article("teapot");
    folder.run(&["index"]);
    assert_ne!(current(&folder.index()), first);
    (folder, first)
}

fn change_manifest(folder: &CorpusFolder, change: impl FnOnce(&mut Value)) {
    let generation = live(&folder.index());
    let mut manifest = manifest(&generation);
    change(&mut manifest);
    fs::write(generation.join("manifest.json"), manifest.to_string()).expect("the manifest can be written");
}

/// What the program takes for the live generation of an index folder.
fn opened(index: &Path) -> Option<seventh::index::Snapshot> {
    Generations::new(index.to_owned(), None).open_live().0
}

#[test]
fn a_turned_bit_in_any_file_of_a_generation_is_mended_and_never_quoted() {
    let folder = published();
    let whole = folder.corpus().with_file_name("whole");
    copy(&folder.index(), &whole);
    let id = current(&folder.index());
    for name in files(&live(&whole)) {
        fs::remove_dir_all(folder.index()).expect("the index can be removed");
        copy(&whole, &folder.index());
        flip_bit(&live(&folder.index()).join(&name), 0.5);
        let said = folder.assert_answers(&name);
        assert!(said.contains(REBUILT), "{name}: {said}");
        assert_eq!(current(&folder.index()), id, "{name}");
        assert_consistent(&folder.index(), &name);
    }
}

#[test]
fn a_missing_or_shortened_file_of_a_generation_is_found() {
    let folder = published();
    let generation = live(&folder.index());
    for name in files(&generation) {
        let file = generation.join(&name);
        let whole = fs::read(&file).expect("the manifest lists files that are there");
        fs::remove_file(&file).expect("the file is there");
        assert!(opened(&folder.index()).is_none(), "{name} is missing");
        for length in [0, whole.len() / 2, whole.len() - 1] {
            fs::write(&file, &whole[..length]).expect("the file can be written");
            assert!(opened(&folder.index()).is_none(), "{name} has {length} bytes");
        }
        fs::write(&file, &whole).expect("the file can be written");
    }
    assert!(opened(&folder.index()).is_some(), "whole again");
}

#[test]
fn a_generation_that_lost_its_search_index_is_built_again() {
    let folder = published();
    fs::remove_dir_all(live(&folder.index()).join("tantivy")).expect("the folder is there");
    let said = folder.assert_answers("without the search index");
    assert!(said.contains(REBUILT), "{said}");
    assert_consistent(&folder.index(), "built again");
}

#[test]
fn a_turned_bit_anywhere_in_the_index_or_the_corpus_copy_is_found() {
    let folder = published();
    let generation = live(&folder.index());
    for name in files(&generation).iter().filter(|name| *name != "manifest.json") {
        let file = generation.join(name);
        let whole = fs::read(&file).expect("the manifest lists files that are there");
        for share in PLACES {
            flip_bit(&file, share);
            assert!(opened(&folder.index()).is_none(), "{name} at {share}");
            fs::write(&file, &whole).expect("the file can be written");
        }
    }
    assert!(opened(&folder.index()).is_some(), "whole again");
}

#[test]
fn a_changed_calibration_in_the_manifest_is_found() {
    let folder = published();
    change_manifest(&folder, |manifest| manifest["calibration"]["lexical"]["answer_threshold"] = 1.0.into());
    assert!(opened(&folder.index()).is_none());
}

/// As after an update of the program that cuts articles otherwise, or brings another calibration.
#[test]
fn a_generation_that_this_program_reads_otherwise_is_built_again() {
    let changes: [fn(&mut Value); 2] = [
        |manifest| manifest["passages"] = "0".repeat(64).into(),
        |manifest| manifest["calibration"]["lexical"]["answer_threshold"] = 1.0.into(),
    ];
    for change in changes {
        let folder = published();
        change_manifest(&folder, change);
        let said = folder.assert_answers("read otherwise");
        assert!(said.contains(REBUILT), "{said}");
        assert_consistent(&folder.index(), "built again");
    }
}

#[test]
fn a_generation_that_vanished_is_built_again() {
    let folder = published();
    fs::remove_dir_all(live(&folder.index())).expect("the generation is there");
    folder.assert_answers("without the generation");
    assert_consistent(&folder.index(), "built again");
}

#[test]
fn a_broken_pointer_leads_to_the_newest_generation_that_is_whole() {
    let (folder, _) = published_twice();
    let index = folder.index();
    let id = current(&index);
    for (what, bytes) in [
        ("empty", b"".as_slice()),
        ("truncated", &id.as_bytes()[..7]),
        ("garbage", b"\xff\0\x01 not an id \n"),
        ("a path", b"../../../etc\n"),
        ("a generation that never was", b"0123456789abcdef\n"),
        ("two ids", format!("{id}\n{id}\n").as_bytes()),
    ] {
        fs::write(index.join("CURRENT"), bytes).expect("CURRENT can be written");
        let snapshot = opened(&index).unwrap_or_else(|| panic!("{what}: nothing is live"));
        assert_eq!(snapshot.manifest.id.as_str(), id, "{what}");
        folder.assert_answers(what);
    }
    fs::remove_file(index.join("CURRENT")).expect("CURRENT is there");
    folder.assert_answers("no CURRENT at all");
}

#[test]
fn an_index_of_another_format_is_built_again() {
    let folder = published();
    let index = folder.index();
    for format in [0, 999] {
        change_manifest(&folder, |manifest| {
            manifest["format"] = format.into();
            manifest["a field of the future"] = "?".into();
        });
        let said = folder.assert_answers("built in another format");
        assert!(said.contains(REBUILT), "{said}");
        assert_ne!(manifest(&live(&index))["format"], format);
        assert_consistent(&index, "built again");
    }
}

#[test]
fn a_damaged_generation_is_named_once_when_it_is_skipped() {
    let folder = published();
    let id = current(&folder.index());
    flip_bit(&live(&folder.index()).join("corpus/articles/kettles.md"), 0.5);
    let end = folder.run(&["index"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    let said =
        format!("skipped: generation {id} can't be used: corpus/articles/kettles.md was changed after the build");
    assert_eq!(end.stderr.lines().filter(|line| *line == said).count(), 1, "{}", cli_output(&end));
}

#[test]
fn with_a_bad_corpus_and_a_damaged_generation_the_one_before_it_answers() {
    let (folder, first) = published_twice();
    flip_bit(&live(&folder.index()).join("corpus/articles/kettles.md"), 0.5);
    folder.write("articles/kettles.md", "# Nothing that could be published\n");
    let said = folder.assert_answers("an older generation");
    assert!(said.contains(OLDER_ANSWERS), "{said}");
    let end = folder.run(&["ask", QUESTION, "--explain"]);
    assert!(end.stdout.contains(&format!("generation {first}")), "{}", cli_output(&end));
}

#[test]
fn a_damaged_generation_is_not_replaced_by_what_nobody_published() {
    let (folder, first) = published_twice();
    let second = current(&folder.index());
    flip_bit(&live(&folder.index()).join("corpus/articles/kettles.md"), 0.5);
    folder.change_the_answer();
    let said = folder.assert_answers("an older generation, though the folder could be built");
    assert!(said.contains(OLDER_ANSWERS), "{said}");
    assert_eq!((current(&folder.index()), generations(&folder.index()).len()), (second, 2));

    fs::remove_dir_all(folder.index().join(first)).expect("the older generation is there");
    let end = folder.run(&["ask", QUESTION]);
    assert_eq!((end.code, end.stdout.as_str()), (Some(1), ""), "{}", cli_output(&end));
    insta::assert_snapshot!(end.stderr);
    let danger = folder.run(&["ask", "--json", "half my face suddenly dropped an hour ago"]);
    assert!(
        danger.stdout.contains("\"flag\": \"stroke\""),
        "a danger sign still gets its card: {}",
        cli_output(&danger)
    );
    assert_eq!(audit_lines(&danger.stderr), Vec::<String>::new());

    let end = folder.run(&["index"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    assert!(folder.run(&["ask", QUESTION]).stdout.contains(CHANGED_QUOTE));
}

#[test]
fn with_a_bad_corpus_and_nothing_whole_nothing_is_quoted() {
    let folder = published();
    flip_bit(&live(&folder.index()).join("tantivy/meta.json"), 0.5);
    folder.write("articles/kettles.md", "# Nothing that could be published\n");
    let end = folder.run(&["ask", QUESTION]);
    assert_eq!((end.code, end.stdout.as_str()), (Some(1), ""), "{}", cli_output(&end));
    assert_eq!(generations(&folder.index()).len(), 1, "what is damaged stays until there is something better");
}

#[test]
fn a_generation_is_whole_on_its_own() {
    let folder = published();
    fs::remove_dir_all(folder.corpus()).expect("the corpus is there");
    let snapshot = opened(&folder.index()).expect("it needs no corpus folder");
    let article = fs::read_to_string(fixture(GOOD).join("articles/kettles.md")).expect("the fixture is there");
    for passage in snapshot.corpus.passages().filter(|passage| passage.article.slug == "kettles") {
        assert!(article.contains(passage.text()));
    }
    folder.assert_answers("without the corpus folder");
}
