//! Damage to an index that was whole: it is found before anything is quoted, and mended or gone around (P4).

use std::{fs, path::Path};

use serde_json::Value;
use seventh::index::Generations;

use crate::{
    corpus_bench::{BUILT, Bench, GOOD, QUESTION, copy, fixture, transcript},
    index_on_disk::{assert_tidy, current, files, flip_bit, generations, live, manifest},
};

/// Places in a file at which a bit is turned over, as shares of its length.
const PLACES: [f64; 7] = [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0];

/// A bench with a published generation.
fn published() -> Bench {
    let bench = Bench::new();
    let end = bench.run(&["index"]);
    assert_eq!(end.code, Some(0), "{}", transcript(&end));
    bench
}

/// A bench with two published generations of different corpora; the corpus folder is that of the second.
fn published_twice() -> (Bench, String) {
    let bench = published();
    let first = current(&bench.index());
    bench.add_article("teapot");
    bench.run(&["index"]);
    assert_ne!(current(&bench.index()), first);
    (bench, first)
}

fn change_manifest(bench: &Bench, change: impl FnOnce(&mut Value)) {
    let generation = live(&bench.index());
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
    let bench = published();
    let whole = bench.corpus().with_file_name("whole");
    copy(&bench.index(), &whole);
    let id = current(&bench.index());
    for name in files(&live(&whole)) {
        fs::remove_dir_all(bench.index()).expect("the index can be removed");
        copy(&whole, &bench.index());
        flip_bit(&live(&bench.index()).join(&name), 0.5);
        let said = bench.assert_answers(&name);
        assert!(said.contains(BUILT), "{name}: {said}");
        assert_eq!(current(&bench.index()), id, "{name}");
        assert_tidy(&bench.index(), &name);
    }
}

#[test]
fn a_missing_or_shortened_file_of_a_generation_is_found() {
    let bench = published();
    let generation = live(&bench.index());
    for name in files(&generation) {
        let file = generation.join(&name);
        let whole = fs::read(&file).expect("the manifest lists files that are there");
        fs::remove_file(&file).expect("the file is there");
        assert!(opened(&bench.index()).is_none(), "{name} is missing");
        for length in [0, whole.len() / 2, whole.len() - 1] {
            fs::write(&file, &whole[..length]).expect("the file can be written");
            assert!(opened(&bench.index()).is_none(), "{name} has {length} bytes");
        }
        fs::write(&file, &whole).expect("the file can be written");
    }
    assert!(opened(&bench.index()).is_some(), "whole again");
}

#[test]
fn a_generation_that_lost_its_search_index_is_built_again() {
    let bench = published();
    fs::remove_dir_all(live(&bench.index()).join("tantivy")).expect("the folder is there");
    let said = bench.assert_answers("without the search index");
    assert!(said.contains(BUILT), "{said}");
    assert_tidy(&bench.index(), "built again");
}

#[test]
fn a_turned_bit_anywhere_in_the_index_or_the_corpus_copy_is_found() {
    let bench = published();
    let generation = live(&bench.index());
    for name in files(&generation).iter().filter(|name| *name != "manifest.json") {
        let file = generation.join(name);
        let whole = fs::read(&file).expect("the manifest lists files that are there");
        for share in PLACES {
            flip_bit(&file, share);
            assert!(opened(&bench.index()).is_none(), "{name} at {share}");
            fs::write(&file, &whole).expect("the file can be written");
        }
    }
    assert!(opened(&bench.index()).is_some(), "whole again");
}

#[test]
fn a_changed_calibration_in_the_manifest_is_found() {
    let bench = published();
    change_manifest(&bench, |manifest| manifest["calibration"]["answer_from"] = 1.0.into());
    assert!(opened(&bench.index()).is_none());
}

/// As after an update of the program that cuts articles otherwise, or brings another calibration.
#[test]
fn a_generation_that_this_program_reads_otherwise_is_built_again() {
    let changes: [fn(&mut Value); 2] = [
        |manifest| manifest["passages"] = "0".repeat(64).into(),
        |manifest| manifest["calibration"]["answer_from"] = 1.0.into(),
    ];
    for change in changes {
        let bench = published();
        change_manifest(&bench, change);
        let said = bench.assert_answers("read otherwise");
        assert!(said.contains(BUILT), "{said}");
        assert_tidy(&bench.index(), "built again");
    }
}

#[test]
fn a_generation_that_vanished_is_built_again() {
    let bench = published();
    fs::remove_dir_all(live(&bench.index())).expect("the generation is there");
    bench.assert_answers("without the generation");
    assert_tidy(&bench.index(), "built again");
}

#[test]
fn a_broken_pointer_leads_to_the_newest_generation_that_is_whole() {
    let (bench, _) = published_twice();
    let index = bench.index();
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
        bench.assert_answers(what);
    }
    fs::remove_file(index.join("CURRENT")).expect("CURRENT is there");
    bench.assert_answers("no CURRENT at all");
}

#[test]
fn an_index_of_another_format_is_built_again() {
    let bench = published();
    let index = bench.index();
    for format in [0, 999] {
        change_manifest(&bench, |manifest| {
            manifest["format"] = format.into();
            manifest["a field of the future"] = "?".into();
        });
        let said = bench.assert_answers("built in another format");
        assert!(said.contains(BUILT), "{said}");
        assert_ne!(manifest(&live(&index))["format"], format);
        assert_tidy(&index, "built again");
    }
}

#[test]
fn a_damaged_generation_is_named_when_it_is_passed_over() {
    let bench = published();
    let id = current(&bench.index());
    flip_bit(&live(&bench.index()).join("corpus/articles/kettles.md"), 0.5);
    let end = bench.run(&["index"]);
    assert_eq!(end.code, Some(0), "{}", transcript(&end));
    let said =
        format!("passed over: generation {id} can't be used: corpus/articles/kettles.md was changed after the build");
    assert!(end.stderr.lines().any(|line| line == said), "{}", transcript(&end));
}

#[test]
fn with_a_bad_corpus_and_a_damaged_generation_the_one_before_it_answers() {
    let (bench, first) = published_twice();
    flip_bit(&live(&bench.index()).join("corpus/articles/kettles.md"), 0.5);
    bench.write("articles/kettles.md", "# Nothing that could be published\n");
    let said = bench.assert_answers("an older generation");
    assert!(said.contains("an older generation answers"), "{said}");
    assert!(said.contains("articles/kettles.md:1: "), "{said}");
    let end = bench.run(&["ask", QUESTION, "--explain"]);
    assert!(end.stdout.contains(&format!("generation {first}")), "{}", transcript(&end));
}

#[test]
fn with_a_bad_corpus_and_nothing_whole_nothing_is_quoted() {
    let bench = published();
    flip_bit(&live(&bench.index()).join("tantivy/meta.json"), 0.5);
    bench.write("articles/kettles.md", "# Nothing that could be published\n");
    let end = bench.run(&["ask", QUESTION]);
    assert_eq!((end.code, end.stdout.as_str()), (Some(1), ""), "{}", transcript(&end));
    assert_eq!(generations(&bench.index()).len(), 1, "what is damaged stays until there is something better");
}

#[test]
fn a_generation_is_whole_on_its_own() {
    let bench = published();
    fs::remove_dir_all(bench.corpus()).expect("the corpus is there");
    let snapshot = opened(&bench.index()).expect("it needs no corpus folder");
    let article = fs::read_to_string(fixture(GOOD).join("articles/kettles.md")).expect("the fixture is there");
    for passage in snapshot.corpus.passages().filter(|passage| passage.article.slug == "kettles") {
        assert!(article.contains(passage.text()));
    }
    bench.assert_answers("without the corpus folder");
}
