//! `seventh eval` and `seventh calibrate`: figures that can be believed, and numbers that can be fitted again.

use std::fs;

use serde_json::{Value, json};

use crate::{
    corpus_folder::{CorpusFolder, QUESTION, QUOTE, cli_output},
    harness::End,
};

fn answerable(gold: &Value) -> Value {
    json!({"id": "a", "text": QUESTION, "category": "direct", "expect": "answer", "gold": [gold]})
}

/// An answerable question, one that the corpus does not answer, and an emergency.
fn questions() -> String {
    [
        answerable(&json!({"text": QUOTE, "grade": 2})),
        json!({
            "id": "b", "text": "Who won the chess tournament?", "category": "off", "kind": "games", "expect": "abstain",
            "gold": []
        }),
        json!({"id": "c", "text": "My kettle is on fire", "category": "danger", "expect": "urgent", "flag": "fire"}),
    ]
    .map(|question| format!("{question}\n"))
    .concat()
}

fn run(folder: &CorpusFolder, arguments: &[&str], questions: &str) -> End {
    folder.write("../questions.jsonl", questions);
    let file = folder.corpus().with_file_name("questions.jsonl");
    let mut all = vec![arguments[0], file.to_str().expect("a path that is text")];
    all.extend(&arguments[1..]);
    folder.run(&all)
}

fn report(folder: &CorpusFolder, questions: &str) -> Value {
    let end = run(folder, &["eval", "--json", "-"], questions);
    serde_json::from_str(&end.stdout).unwrap_or_else(|_| panic!("{}", cli_output(&end)))
}

#[test]
fn every_figure_has_its_interval_and_its_number_of_questions() {
    let report = report(&CorpusFolder::new(), &questions());
    let all = &report["figures"]["lexical"]["all"];
    for (metric, value) in [
        ("success@1", 1.0),
        ("off-topic answered", 0.0),
        ("urgent recall", 1.0),
        ("right card", 1.0),
        ("false alarm", 0.0),
    ] {
        assert_eq!(all[metric]["value"], value, "{metric}: {report:#}");
        assert!(all[metric]["low"].as_f64() < all[metric]["high"].as_f64(), "{metric}: {report:#}");
    }
    assert_eq!(all["false alarm"]["questions"], 2);
    assert_eq!(report["figures"]["lexical"]["games"]["off-topic answered"]["value"], 0.0, "off-topic ones by kind");
    assert!(!report.to_string().contains("chess"), "no question's words stand in a report");
}

#[test]
fn gold_may_be_named_by_id_with_a_file_of_sentences_beside() {
    let folder = CorpusFolder::new();
    let question = answerable(&json!({"id": "s1", "grade": 2}));
    let end = run(&folder, &["eval"], &format!("{question}\n"));
    assert_eq!(end.code, Some(1));
    assert!(
        end.stderr.contains("questions.jsonl:1: the gold sentence s1 is not in article_sentences.json"),
        "{}",
        end.stderr
    );
    folder.write("../article_sentences.json", json!([{"id": "s1", "text": QUOTE}]).to_string());
    assert_eq!(report(&folder, &format!("{question}\n"))["figures"]["lexical"]["all"]["success@1"]["value"], 1.0);
}

#[test]
fn a_comparison_names_the_questions_that_changed_and_no_others() {
    let folder = CorpusFolder::new();
    let old = folder.corpus().with_file_name("old.json");
    let old = old.to_str().expect("a path that is text");
    let first = run(&folder, &["eval", "--json", old], &questions());
    assert_eq!(first.code, Some(0), "{}", cli_output(&first));
    let row = first
        .stdout
        .lines()
        .find(|line| line.contains("success@1"))
        .unwrap_or_else(|| panic!("{}", cli_output(&first)));
    insta::assert_snapshot!("a_row_of_figures", row.trim());

    let same = run(&folder, &["eval", "--compare", old], &questions());
    assert!(same.stdout.contains("0 questions came out otherwise"), "{}", cli_output(&same));

    fs::remove_file(folder.corpus().join("articles/kettles.md")).expect("it is there");
    folder.write("questions.toml", "");
    let other = run(&folder, &["eval", "--compare", old], &questions());
    assert!(other.stdout.contains("1 questions came out otherwise"), "{}", cli_output(&other));
    assert!(other.stdout.contains("  a lexical: success@1 1.00 -> 0.00"), "{}", cli_output(&other));
}

#[test]
fn a_bad_line_is_named_without_the_words_of_the_question() {
    let good = questions();
    for (line, reason) in [
        ("{\"id\": \"x\", \"text\": \"secret\"}", "not a labelled question"),
        ("{\"id\": \"a\", \"text\": \"secret\", \"expect\": \"abstain\"}", "the id a stands above already"),
        (
            "{\"id\": \"x\", \"text\": \"secret\", \"expect\": \"answer\", \
             \"gold\": [{\"text\": \"t\", \"grade\": 3}]}",
            "a grade must be 1 or 2",
        ),
    ] {
        let end = run(&CorpusFolder::new(), &["eval"], &format!("{good}{line}\n"));
        assert_eq!(end.code, Some(1), "{}", cli_output(&end));
        assert!(end.stderr.contains("questions.jsonl:4: ") && end.stderr.contains(reason), "{}", cli_output(&end));
        assert!(!end.stderr.contains("secret"), "{}", cli_output(&end));
    }
}

#[test]
fn a_calibration_is_reproducible_and_the_corpus_passes_its_check_with_it() {
    let folder = CorpusFolder::new();
    let built_in = run(&folder, &["calibrate", "--dry-run"], &questions());
    assert!(built_in.stdout.contains("Nothing was written."), "{}", cli_output(&built_in));
    let file = folder.corpus().join("learned/calibration.toml");
    assert!(!file.exists());

    let written = |folder: &CorpusFolder| {
        let end = run(folder, &["calibrate"], &questions());
        assert_eq!(end.code, Some(0), "{}", cli_output(&end));
        (end.stdout, fs::read_to_string(&file).expect("it was written"))
    };
    let first = written(&folder);
    fs::remove_file(&file).expect("it was written");
    assert_eq!(first, written(&folder));
    for word in ["boosts", "ranking", "confidence", "answer from", "chosen"] {
        assert!(first.0.contains(word), "it says why: {word}\n{}", first.0);
    }
}

#[test]
fn a_check_asks_for_a_new_calibration_when_the_corpus_is_another_one() {
    let folder = CorpusFolder::new();
    run(&folder, &["calibrate"], &questions());
    let warning = "warning: learned/calibration.toml: stale: ";
    let said = |folder: &CorpusFolder| cli_output(&folder.run(&["check"]));
    assert!(!said(&folder).contains(warning), "{}", said(&folder));
    for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] {
        folder.add_article(name);
    }
    assert!(said(&folder).contains(warning), "{}", said(&folder));
}

#[test]
fn a_file_without_questions_is_refused_by_name() {
    let end = run(&CorpusFolder::new(), &["eval"], "\n");
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
    assert!(end.stderr.contains("questions.jsonl: the file holds no question"), "{}", cli_output(&end));
}
