//! `seventh ask --jsonl`: a line in, a line out, and mistakes named without the words of the question (P5).

use std::fs;

use serde_json::{Value, json};

use crate::{
    corpus_folder::{CorpusFolder, QUESTION, QUOTE, cli_output},
    harness::End,
};

fn folder() -> CorpusFolder {
    let folder = CorpusFolder::new();
    folder.run(&["index"]);
    folder
}

fn piped(input: &str) -> End {
    pipe(&folder(), input)
}

fn pipe(folder: &CorpusFolder, input: &str) -> End {
    folder.terminal().run_with_input(["ask", "--jsonl", "-"], input)
}

fn answers(end: &End) -> Vec<Value> {
    end.stdout.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

fn line(id: &str, text: &str) -> String {
    format!("{}\n", json!({"id": id, "text": text}))
}

/// Asserts that a run named the line of a mistake, without what was asked.
fn assert_names_only_the_place(end: &End, place: &str) {
    assert_eq!(end.code, Some(1), "{}", cli_output(end));
    assert!(end.stderr.starts_with(place), "{}", cli_output(end));
    assert!(!end.stderr.contains("secret"), "{}", cli_output(end));
}

#[test]
fn each_line_of_standard_input_gets_a_line_in_its_order() {
    let end = piped(&format!("{}{}{}", line("a", QUESTION), line("b", "chess?"), line("c", "My kettle is on fire")));
    assert_eq!((end.code, end.stderr.as_str()), (Some(0), ""), "{}", cli_output(&end));
    let answers = answers(&end);
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(answers[0]["passages"][0]["text"], QUOTE);
    assert_eq!(answers[1]["decision"], "abstain");
    assert_eq!(answers[2]["flag"], "fire");
}

#[test]
fn a_file_gives_the_same_as_standard_input() {
    let folder = folder();
    let questions = line("a", QUESTION) + &line("b", "chess?");
    let file = folder.corpus().with_file_name("questions.jsonl");
    fs::write(&file, &questions).expect("the file can be written");
    let from_file = folder.run(&["ask", "--jsonl", file.to_str().expect("a path that is text")]);
    let from_input = pipe(&folder, &questions);
    let without_time = |end: &End| {
        let mut answers = answers(end);
        for answer in &mut answers {
            answer["elapsed_us"] = Value::Null;
        }
        answers
    };
    assert_eq!(without_time(&from_file).len(), 2);
    assert_eq!(without_time(&from_file), without_time(&from_input));
}

#[test]
fn further_keys_are_allowed() {
    let end = piped("{\"kind\": [1, {}], \"text\": \"chess?\", \"expect\": null, \"id\": \"a\"}\n");
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    assert_eq!(answers(&end)[0]["id"], "a");
}

#[test]
fn empty_lines_windows_lines_and_a_last_line_without_an_end_are_fine() {
    let end = piped(&format!("\n{}\r\n  \n{}", line("a", "chess?").trim_end(), line("b", "chess?").trim_end()));
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    assert_eq!(answers(&end).len(), 2);
}

#[test]
fn no_lines_give_no_lines() {
    let end = piped("");
    assert_eq!((end.code, end.stdout.as_str(), end.stderr.as_str()), (Some(0), "", ""));
}

#[test]
fn a_text_without_a_question_is_abstained_from() {
    let end = piped(&(line("a", "") + &line("b", "😀") + &line("c", "\0\u{200b}")));
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    assert!(answers(&end).iter().all(|answer| answer["decision"] == "abstain"), "{}", end.stdout);
}

#[test]
fn a_bad_line_is_named_without_the_words_of_the_question() {
    let folder = folder();
    for bad in [
        "{\"id\": \"b\", \"text\": \"secret\"",
        "{\"id\": 2, \"text\": \"secret\"}",
        "{\"id\": \"b\", \"txt\": \"secret\"}",
        "{\"id\": \"b\", \"text\": [\"secret\"]}",
        "{\"text\": \"secret\"}",
        "[\"secret\", \"secret\"",
        "secret",
    ] {
        let end = pipe(&folder, &format!("{}{bad}\n", line("a", "chess?")));
        assert_names_only_the_place(&end, "-:2: ");
        insta::allow_duplicates! {
            let sentence = end.stderr.split(" (").next();
            insta::assert_snapshot!(sentence.unwrap_or_default());
        }
    }
}

#[test]
fn a_bad_line_of_a_file_is_named_with_the_file() {
    let folder = folder();
    let file = folder.corpus().with_file_name("questions.jsonl");
    fs::write(&file, b"\n{\"id\": \"a\", \"text\": \"secret\xff\"}\n").expect("a file");
    let end = folder.run(&["ask", "--jsonl", &file.to_string_lossy()]);
    assert_names_only_the_place(&end, &format!("{}:2: ", file.display()));
}

#[test]
fn answers_before_a_bad_line_are_kept() {
    let end = piped(&format!("{}nonsense\n", line("a", QUESTION)));
    assert_eq!(answers(&end).len(), 1);
    assert_eq!(answers(&end)[0]["passages"][0]["text"], QUOTE);
}

#[test]
fn a_missing_file_is_named() {
    let end = folder().run(&["ask", "--jsonl", "/nowhere/questions.jsonl"]);
    insta::assert_snapshot!(cli_output(&end));
}

#[test]
fn a_folder_in_place_of_the_file_is_named() {
    let end = folder().run(&["ask", "--jsonl", "/"]);
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
    assert!(end.stderr.starts_with("/:1: "), "{}", cli_output(&end));
}
