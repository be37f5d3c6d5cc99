//! What holds of a search whatever is asked: added words take nothing away, a slip costs nothing, and anything gets a
//! decision.

use std::{collections::BTreeSet, fs, path::PathBuf};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use seventh::{
    answer::{Decision, Response},
    index::{Generations, Snapshot},
    question::Question,
    ranking::Mode,
    refresh::PublishPipeline,
    search,
};
use tempfile::TempDir;

use crate::harness::copy_what_is_served;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The real corpus, with its lexicon or without.
fn snapshot(with_lexicon: bool) -> Snapshot {
    let folder = TempDir::with_prefix("seventh-search-").expect("a temporary folder can be made");
    copy_what_is_served(&PathBuf::from(format!("{ROOT}/corpus")), folder.path());
    if !with_lexicon {
        fs::remove_file(folder.path().join("lexicon.csv")).expect("it is there");
    }
    let generations = Generations::new(folder.path().join("index"), None);
    let pipeline = PublishPipeline::new(folder.path().to_owned(), generations, 1);
    pipeline.scratch_build(&|_, _| {}).expect("the corpus builds")
}

fn terms(snapshot: &Snapshot, text: &str) -> BTreeSet<String> {
    let question = Question::new(text).expect("a question");
    let hits = search::search_by(snapshot, &question, Mode::Lexical).expect("the index can be read");
    hits.query.terms.into_iter().map(|term| term.term).collect()
}

fn best_section(snapshot: &Snapshot, text: &str) -> String {
    let question = Question::new(text).expect("a question");
    let hits = search::search(snapshot, &question).expect("the index can be read");
    let best = hits.hits.first().and_then(|hit| snapshot.corpus.passage(hit.passage));
    best.map(|passage| passage.section().breadcrumb()).unwrap_or_default()
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

#[test]
fn an_addition_of_the_lexicon_never_takes_away_a_term_that_was_asked() {
    let (with, without) = (snapshot(true), snapshot(false));
    let words =
        ["eye", "lid", "jumping", "blood", "vessel", "jab", "stress", "tumour", "scan", "kettle", "one", "side", "mri"];
    let question = prop::collection::vec(prop::sample::select(words.to_vec()), 1..8);
    runner(64)
        .run(&question, |words| {
            let text = words.join(" ");
            prop_assert!(terms(&with, &text).is_superset(&terms(&without, &text)), "{}", text);
            Ok(())
        })
        .expect("it holds");
}

#[test]
fn any_text_gets_a_decision() {
    let snapshot = snapshot(true);
    runner(128)
        .run(&"\\PC{0,200}|(?s:.{0,80})|([a-z]{1,12}[ ?.!\n]){0,60}", |text| {
            let Some(question) = Question::new(&text) else { return Ok(()) };
            let response = Response::of(Some(&snapshot), &question).expect("the index can be read");
            let answer = response.answer.expect("there is a generation");
            prop_assert!((0.0..=1.0).contains(&answer.confidence));
            prop_assert_eq!(answer.decision == Decision::Abstain, answer.passages.is_empty());
            Ok(())
        })
        .expect("it holds");
}

#[test]
fn spacing_hyphens_apostrophes_plurals_and_slips_lead_to_the_same_section() {
    let snapshot = snapshot(true);
    for (plain, others) in [
        (
            "hemifacial spasm and botox injections",
            ["hemi facial spasms an botox injectons", "hemi-facial spasm's + botox injection"],
        ),
        (
            "can an aneurysm press on the nerve",
            ["can an anuerysm press on teh nerv", "can aneurysms press on the nerves"],
        ),
        ("what does electromyography show", ["what does electromyografy show", "whatdoes electro-myography show"]),
    ] {
        for other in others {
            assert_eq!(best_section(&snapshot, other), best_section(&snapshot, plain), "{other}");
        }
    }
}

#[test]
fn a_story_does_not_drown_its_question() {
    let snapshot = snapshot(true);
    let story = "My sister got married in June and we drove four hundred miles with three kids and a dog. \
                 The car broke down twice, the hotel had lost our booking, and my husband forgot his shoes. \
                 We laughed about it afterwards. Work has been busy since, my boss left and I do the job of two people, \
                 and the garden is a jungle.";
    let question = "what does an EMG show?";
    let expected = best_section(&snapshot, question);
    for text in [format!("{story} {question}"), format!("{question} {story}"), format!("{story} {question} {story}")] {
        assert_eq!(best_section(&snapshot, &text), expected, "{text}");
    }
}

#[test]
fn an_english_word_is_never_read_as_another() {
    let snapshot = snapshot(true);
    for text in ["is a convulsion dangerous", "math homework tumor neighbor", "does a match burn", "hypercalcaemia"] {
        let question = Question::new(text).expect("a question");
        let hits = search::search(&snapshot, &question).expect("the index can be read");
        assert_eq!(hits.query.corrected, [], "{text}");
    }
}
