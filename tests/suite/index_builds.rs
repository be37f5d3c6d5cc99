//! When a generation is built, what it is called, what it leaves, and how old ones go.

use std::{fs, path::Path};

use crate::{
    corpus_bench::{BUILT, Bench, GOOD, copy, fixture, transcript},
    index_on_disk::{assert_tidy, current, generations, leftovers, live, manifest, names, with_extension},
};

fn index(bench: &Bench) -> String {
    let end = bench.run(&["index"]);
    assert_eq!(end.code, Some(0), "{}", transcript(&end));
    current(&bench.index())
}

fn bytes(file: &Path) -> Vec<u8> {
    fs::read(file).unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()))
}

#[test]
fn a_published_generation_says_what_it_is_made_of() {
    let bench = Bench::new();
    let end = bench.run(&["index"]);
    let id = current(&bench.index());
    assert_eq!(end.stdout, format!("Published generation {id}: 2 articles, 6 passages.\n"));
    assert_eq!(end.stderr, "");
    let manifest = manifest(&live(&bench.index()));
    assert_eq!(manifest["id"], id);
    assert_eq!(manifest["by"], "command line");
    assert_eq!(manifest["counts"]["articles"], 2);
    assert_eq!(manifest["counts"]["passages"], 6);
    assert_eq!(manifest["counts"]["lexicon_rows"], 2);
    assert_eq!(manifest["counts"]["golden_questions"], 3);
    assert_tidy(&bench.index(), "published");
}

#[test]
fn the_index_folder_holds_generations_and_a_pointer_and_nothing_else() {
    let bench = Bench::new();
    let first = index(&bench);
    bench.add_article("teapot");
    let second = index(&bench);
    let mut expected = vec![first, second, "CURRENT".to_owned()];
    expected.sort();
    assert_eq!(names(&bench.index()), expected);
}

#[test]
fn a_generation_holds_the_corpus_as_it_was() {
    let bench = Bench::new();
    index(&bench);
    for name in ["articles/kettles.md", "articles/clocks.md", "lexicon.csv", "red_flags.toml", "questions.toml"] {
        let kept = bytes(&live(&bench.index()).join("corpus").join(name));
        assert!(kept == bytes(&fixture(GOOD).join(name)), "{name}");
    }
}

#[test]
fn a_generation_has_one_segment() {
    let bench = Bench::new();
    for number in 0..20 {
        bench.add_article(&format!("teapot-{number}"));
    }
    index(&bench);
    let stores = with_extension(&live(&bench.index()).join("tantivy"), "store");
    assert_eq!(stores.len(), 1, "{stores:?}");
}

#[test]
fn the_same_corpus_gives_the_same_generation() {
    let (one, other) = (Bench::new(), Bench::empty());
    // Another order in the folder, and other times.
    for name in ["red_flags.toml", "questions.toml", "articles/kettles.md", "lexicon.csv", "articles/clocks.md"] {
        other.write(name, bytes(&fixture(GOOD).join(name)));
    }
    assert_eq!(index(&one), index(&other));
}

#[test]
fn every_file_of_the_corpus_counts_for_the_generation() {
    let bench = Bench::new();
    let mut ids = vec![index(&bench)];
    for name in ["articles/clocks.md", "lexicon.csv", "red_flags.toml", "questions.toml"] {
        let mut text = bytes(&bench.corpus().join(name));
        text.push(b'\n');
        bench.write(name, text);
        ids.push(index(&bench));
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5);
}

#[test]
fn the_guide_beside_the_corpus_does_not_count() {
    let bench = Bench::new();
    let before = index(&bench);
    bench.write("README.md", "How to write for it.");
    assert_eq!(index(&bench), before);
}

#[test]
fn a_question_builds_the_index_once() {
    let bench = Bench::new();
    let said = bench.assert_answers("with no index");
    assert!(said.contains(BUILT), "{said}");
    let manifest = live(&bench.index()).join("manifest.json");
    let (before, time) = (bytes(&manifest), manifest.metadata().and_then(|it| it.modified()).expect("a time"));

    assert_eq!(bench.assert_answers("again"), "");
    assert_eq!(bytes(&manifest), before);
    assert_eq!(manifest.metadata().and_then(|it| it.modified()).expect("a time"), time);
}

#[test]
fn indexing_an_unchanged_corpus_keeps_its_generation() {
    let bench = Bench::new();
    index(&bench);
    let before = bytes(&live(&bench.index()).join("manifest.json"));
    index(&bench);
    assert_eq!(bytes(&live(&bench.index()).join("manifest.json")), before);
}

#[test]
fn a_changed_article_is_built_before_the_next_answer() {
    let bench = Bench::new();
    let first = index(&bench);
    bench.add_article("teapot");
    let said = bench.assert_answers("after a change");
    assert!(said.contains(BUILT), "{said}");
    assert_ne!(current(&bench.index()), first);
    assert_eq!(manifest(&live(&bench.index()))["parent"], first);
}

#[test]
fn an_article_that_was_taken_back_finds_its_old_generation() {
    let bench = Bench::new();
    let first = index(&bench);
    let before = bytes(&live(&bench.index()).join("manifest.json"));
    bench.add_article("teapot");
    index(&bench);
    fs::remove_file(bench.corpus().join("articles/teapot.md")).expect("it was just written");
    assert_eq!(index(&bench), first);
    assert_eq!(bytes(&live(&bench.index()).join("manifest.json")), before);
}

#[test]
fn old_generations_go_when_there_are_more_than_index_keep() {
    let bench = Bench::new();
    let mut ids = Vec::new();
    for number in 0..4 {
        bench.add_article(&format!("teapot-{number}"));
        let end = bench.terminal().env("SEVENTH_INDEX_KEEP", "2").run(["index"]);
        assert_eq!(end.code, Some(0), "{}", transcript(&end));
        ids.push(current(&bench.index()));
    }
    let mut newest = ids.split_off(2);
    newest.sort();
    assert_eq!(generations(&bench.index()), newest);
}

#[test]
fn a_bad_article_leaves_the_old_answers() {
    let bench = Bench::new();
    let old = index(&bench);
    bench.write("articles/bad.md", "# No front matter\n");
    let end = bench.run(&["index"]);
    assert_eq!(end.code, Some(1), "{}", transcript(&end));
    assert!(end.stderr.starts_with("articles/bad.md:1: the file must begin with front matter"), "{}", end.stderr);
    assert_eq!(current(&bench.index()), old);
    let said = bench.assert_answers("with a bad article");
    assert!(said.contains("an older generation answers"), "{said}");
    assert!(said.contains("articles/bad.md:1: "), "{said}");
    assert_tidy(&bench.index(), "with a bad article");
}

#[test]
fn a_golden_question_that_fails_leaves_the_old_answers_and_no_trace() {
    let bench = Bench::new();
    let old = index(&bench);
    bench.write(
        "questions.toml",
        "[[question]]\ntext = \"citric acid\"\nexpect = \"answer\"\nquotes = \"no such words\"\n",
    );
    let end = bench.run(&["index"]);
    assert_eq!(end.code, Some(1), "{}", transcript(&end));
    assert_eq!(current(&bench.index()), old);
    assert_eq!(generations(&bench.index()), [old]);
    assert_tidy(&bench.index(), "refused");
}

#[test]
fn checking_publishes_nothing_and_leaves_nothing() {
    let bench = Bench::new();
    let old = index(&bench);
    bench.add_article("teapot");
    let end = bench.run(&["check"]);
    assert_eq!(end.code, Some(0), "{}", transcript(&end));
    assert!(end.stdout.contains("articles/teapot.md"), "{}", end.stdout);
    assert_eq!(current(&bench.index()), old);
    assert_eq!(generations(&bench.index()), [old]);
    assert_tidy(&bench.index(), "checked");
}

#[test]
fn what_an_unfinished_build_of_the_same_corpus_left_is_replaced() {
    let bench = Bench::new();
    let id = index(&bench);
    let unfinished = bench.index().join(format!("{id}.tmp"));
    fs::rename(live(&bench.index()), &unfinished).expect("the generation can be renamed");
    fs::write(unfinished.join("corpus/articles/kettles.md"), "half").expect("the file can be written");
    bench.assert_answers("with an unfinished build");
    assert_eq!(current(&bench.index()), id);
    assert_tidy(&bench.index(), "with an unfinished build");
}

#[test]
fn what_an_unfinished_build_of_another_corpus_left_goes_with_the_next_build() {
    let bench = Bench::new();
    let old = index(&bench);
    copy(&bench.index().join(old), &bench.index().join("0123456789abcdef.tmp"));
    fs::write(bench.index().join("CURRENT.tmp"), "012").expect("the file can be written");
    bench.add_article("teapot");
    index(&bench);
    assert_eq!(leftovers(&bench.index()), Vec::<String>::new());
}

#[test]
fn a_generation_that_was_finished_but_never_pointed_to_goes_live_as_it_is() {
    let bench = Bench::new();
    let old = index(&bench);
    bench.add_article("teapot");
    let id = index(&bench);
    let before = bytes(&live(&bench.index()).join("manifest.json"));
    fs::write(bench.index().join("CURRENT"), format!("{old}\n")).expect("CURRENT can be written");
    bench.assert_answers("with a pointer to the generation before");
    assert_eq!(current(&bench.index()), id);
    assert_eq!(bytes(&live(&bench.index()).join("manifest.json")), before);
}
