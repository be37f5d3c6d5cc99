//! `seventh ask`: what a person sees, what a script reads, and that both are the same answer.

use std::{collections::BTreeSet, fs::OpenOptions};

use regex::Regex;
use serde_json::Value;

use crate::{
    corpus_folder::{CorpusFolder, QUESTION, QUOTE, cli_output, finish},
    index_on_disk::{current, live},
};

const DANGER: &str = "My kettle is on fire, does citric acid help?";

fn folder() -> CorpusFolder {
    let folder = CorpusFolder::new();
    folder.run(&["index"]);
    folder
}

fn text(folder: &CorpusFolder, question: &str) -> String {
    cli_output(&folder.run(&["ask", question]))
}

fn json(folder: &CorpusFolder, question: &str) -> Value {
    let end = folder.run(&["ask", question, "--json"]);
    assert_eq!((end.code, end.stderr.as_str()), (Some(0), ""), "{}", cli_output(&end));
    serde_json::from_str(&end.stdout).expect("--json prints JSON")
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn an_answer_is_a_quote_with_its_notes_its_source_and_the_disclaimer() {
    insta::assert_snapshot!(text(&folder(), "Does vinegar remove limescale?"));
}

#[test]
fn a_question_that_the_corpus_cannot_answer_is_told_so() {
    insta::assert_snapshot!(text(&folder(), "Who won the chess tournament?"));
}

#[test]
fn a_danger_sign_gets_its_card_and_no_quote_beside_it() {
    let said = text(&folder(), DANGER);
    assert!(!said.contains(QUOTE), "{said}");
    insta::assert_snapshot!(said);
}

#[test]
fn a_demand_that_no_quotation_can_meet_is_told_so() {
    insta::assert_snapshot!(text(&folder(), "How many drops of citric acid should I take?"));
}

#[test]
fn json_is_one_object_with_the_stable_keys() {
    let answer = json(&folder(), QUESTION);
    let stable = ["id", "decision", "urgent", "flag", "scope", "passages", "elapsed_us"];
    assert!(keys(&answer).is_superset(&BTreeSet::from(stable)), "{answer:#}");
    assert_eq!(answer["decision"], "answer");
    assert_eq!(answer["urgent"], false);
    assert_eq!(answer["flag"], Value::Null);
    assert_eq!(answer["scope"], false);
    assert!(answer["elapsed_us"].is_u64());

    let best = &answer["passages"][0];
    assert!(keys(best).is_superset(&BTreeSet::from(["text", "article", "section", "score"])), "{best:#}");
    assert_eq!(best["text"], QUOTE);
    assert_eq!(best["article"], "Looking after a kettle");
    assert_eq!(best["section"], "Removing limescale › Stubborn crusts");
    assert!(best["score"].as_f64().is_some_and(|score| score > 0.0), "{best:#}");
}

#[test]
fn json_names_the_danger_sign() {
    let answer = json(&folder(), DANGER);
    assert_eq!(answer["urgent"], true, "{answer:#}");
    assert_eq!(answer["flag"], "fire", "{answer:#}");
}

#[test]
fn json_says_when_no_quotation_can_meet_a_demand() {
    let answer = json(&folder(), "How many drops of citric acid should I take?");
    assert_eq!(answer["scope"], true, "{answer:#}");
}

#[test]
fn json_holds_no_passage_when_abstaining() {
    let answer = json(&folder(), "Who won the chess tournament?");
    assert_eq!(answer["decision"], "abstain", "{answer:#}");
    assert_eq!(answer["passages"], Value::Array(vec![]), "{answer:#}");
}

#[test]
fn the_best_passage_comes_first() {
    let answer = json(&folder(), "kettle limescale vinegar citric acid");
    let scores: Vec<f64> =
        answer["passages"].as_array().expect("passages").iter().filter_map(|it| it["score"].as_f64()).collect();
    assert!(scores.len() > 1 && scores.is_sorted_by(|a, b| a >= b), "{answer:#}");
}

#[test]
fn a_crisis_gets_its_card_alone() {
    let folder = CorpusFolder::new();
    let rules = std::fs::read_to_string(folder.corpus().join("red_flags.toml")).expect("the fixture has it");
    folder.write("red_flags.toml", rules.replace("\"emergency\"", "\"crisis\""));
    folder.run(&["index"]);
    let answer = json(&folder, DANGER);
    assert_eq!(answer["urgent"], true, "{answer:#}");
    assert_eq!(answer["passages"], Value::Array(vec![]), "{answer:#}");
}

#[test]
fn text_and_json_are_the_same_answer() {
    let folder = folder();
    for question in [QUESTION, "Does vinegar remove limescale?", "When is a mantel clock wound?"] {
        let answer = json(&folder, question);
        let quote = answer["passages"][0]["text"].as_str().expect("a quote");
        let said = text(&folder, question);
        assert!(said.contains(quote), "{quote}\nis not in\n{said}");
    }
}

#[test]
fn the_explanation_names_generation_decision_terms_and_places() {
    let folder = folder();
    let end = folder.run(&["ask", QUESTION, "--explain"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    let (answer, why) = end.stdout.split_once("\nWhy\n").expect("the reasons follow the answer");
    assert!(answer.contains(QUOTE), "{answer}");
    let said = |words: &str| assert!(why.contains(words), "{words}\nis not in\n{why}");
    said(&format!("generation {}", current(&folder.index())));
    said("decision answer");
    said("term citric");
    said("[Removing limescale › Stubborn crusts]");
}

#[test]
fn the_explanation_of_a_danger_sign_names_rule_and_pattern() {
    let end = folder().run(&["ask", DANGER, "--explain"]);
    assert!(end.stdout.contains("red flag fire (card fire): rule burning-kettle"), "{}", cli_output(&end));
}

#[test]
fn a_question_with_no_index_builds_one_and_says_so_beside_the_answer() {
    let folder = CorpusFolder::new();
    let end = folder.run(&["ask", QUESTION, "--json"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    insta::assert_snapshot!(folder.redact(&end.stderr));
    serde_json::from_str::<Value>(&end.stdout).expect("standard output holds nothing but the answer");
    assert!(live(&folder.index()).is_dir());
}

#[test]
fn a_full_standard_output_is_a_failure_with_a_sentence() {
    let folder = folder();
    let mut command = folder.command_after("exec >/dev/full");
    command.args(["ask", QUESTION]);
    let end = finish(command);
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
    assert!(end.stderr.contains("No space left on device"), "{}", cli_output(&end));
}

#[test]
fn a_reader_that_goes_away_causes_no_panic() {
    let folder = folder();
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    let mut command = folder.command();
    let status = command.args(["ask", QUESTION]).stdout(writer).stderr(
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.index().join("../stderr"))
            .expect("a file can be made"),
    );
    let status = status.status().expect("the binary can be started");
    assert_ne!(status.code(), Some(101));
    let said = std::fs::read_to_string(folder.index().join("../stderr")).expect("the file is there");
    assert!(!said.contains("panicked"), "{said}");
}

/// Questions of all kinds on the real corpus: why each was answered as it was, without the numbers of trained models. A
/// change of corpus or calibration that changes a decision, a section or a term changes these files; read the
/// difference before you accept it.
#[test]
fn the_reasons_of_answers_are_on_record() {
    let folder = CorpusFolder::shipped();
    let learned = [(r"-?\b\d+\.\d+\b", "[n]"), (r"(words that it hangs on[^:]*: ).*", "${1}[words]")];
    let learned = learned.map(|(pattern, put)| (Regex::new(pattern).expect("a valid pattern"), put));
    for (name, question) in [
        ("direct", "What is an EMG for?"),
        ("lay", "is there a jab for a jumpy face"),
        ("typo", "wat trigers a facail spazm"),
        ("missing_space", "does stressmake it worse"),
        ("keyword", "microvascular decompression"),
        (
            "story",
            "I teach the violin and my left eyelid has been fluttering since the concert in March. \
             My pupils giggle, my wife says I wink at the waiter, and the coffee does not help. \
             My father had the same for years and never saw anybody about it. Can it spread to the mouth if I leave it?",
        ),
        ("near_miss", "why does my calf twitch after running"),
        ("off_topic", "best pizza dough recipe"),
        ("unanswered", "is hemifacial spasm more common in women"),
        ("danger", "one side of my face has just dropped and my speech is slurred"),
        ("implied_danger", "coffee keeps running out the corner of my mouth since i got up"),
    ] {
        let end = folder.run(&["ask", question, "--explain"]);
        let (_, why) = end.stdout.split_once("\nWhy\n").unwrap_or_else(|| panic!("{}", cli_output(&end)));
        let why = learned.iter().fold(why.to_owned(), |why, (it, put)| it.replace_all(&why, *put).into_owned());
        insta::assert_snapshot!(format!("explain_{name}"), folder.redact(&format!("{question}\n{why}")));
    }
}

#[test]
fn a_model_that_cannot_be_used_is_named_and_words_are_searched() {
    let folder = CorpusFolder::new();
    for command in [["ask", QUESTION].as_slice(), &["check"], &["index"]] {
        let end = folder.terminal().env("SEVENTH_SEMANTIC_MODEL_DIR", "/no/such/model").run(command);
        assert_eq!(end.code, Some(0), "{}", cli_output(&end));
        assert!(end.stderr.contains("semantic.model_dir can't be used"), "{}", cli_output(&end));
    }
}

#[test]
fn a_citation_names_a_title_once_and_the_publisher() {
    let folder = CorpusFolder::new();
    let article =
        "+++\ntitle = \"Descaling\"\npublisher = \"The maker\"\n+++\n\n# Descaling\n\nCitric acid dissolves it.\n";
    folder.write("articles/kettles.md", article);
    folder.write("questions.toml", "");
    let end = folder.run(&["ask", "Does citric acid dissolve it?"]);
    assert!(end.stdout.contains("— Descaling, The maker. "), "{}", cli_output(&end));
    assert!(!end.stdout.contains('›'), "{}", cli_output(&end));
}
