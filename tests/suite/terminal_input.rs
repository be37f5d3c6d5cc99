//! Whatever somebody types gets an answer or a sentence, and no input stops the program (P9).

use std::time::Duration;

use serde_json::{Value, json};

use crate::corpus_folder::{CorpusFolder, QUESTION, QUOTE, cli_output};

/// How long Discord waits for a first response; a debug build must keep to it too.
const LIMIT: Duration = Duration::from_secs(3);
const NO_QUESTION: &str =
    "I could not find a question in that. Please write it in words, for example: Why does my eyelid twitch?\n";

fn folder() -> CorpusFolder {
    let folder = CorpusFolder::new();
    folder.run(&["index"]);
    folder
}

/// What each text comes to, in one run of the program.
fn answers(texts: &[impl AsRef<str>]) -> Vec<Value> {
    let lines: Vec<String> = texts.iter().map(|text| json!({"id": "a", "text": text.as_ref()}).to_string()).collect();
    let end = CorpusFolder::new().terminal().run_with_input(["ask", "--jsonl", "-"], &lines.join("\n"));
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    let answers: Vec<Value> =
        end.stdout.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert_eq!(answers.len(), texts.len());
    answers
}

fn answer(text: &str) -> Value {
    answers(&[text]).remove(0)
}

fn assert_quoted(texts: &[impl AsRef<str>]) {
    for (text, answer) in texts.iter().zip(answers(texts)) {
        assert_eq!(answer["passages"][0]["text"], QUOTE, "{:?}: {answer:#}", text.as_ref());
    }
}

/// Asserts that each text gets its answer before Discord stops waiting.
fn assert_soon(texts: &[impl AsRef<str>]) {
    for (text, answer) in texts.iter().zip(answers(texts)) {
        let taken = Duration::from_micros(answer["elapsed_us"].as_u64().expect("a time"));
        let beginning: String = text.as_ref().chars().take(12).collect();
        assert!(taken < LIMIT, "{taken:?} for {beginning}…");
    }
}

/// Every letter with far more marks than any script uses.
fn zalgo(text: &str) -> String {
    let marks: String = ('\u{300}'..'\u{330}').collect();
    text.chars().map(|letter| if letter == ' ' { " ".to_owned() } else { format!("{letter}{marks}") }).collect()
}

#[test]
fn a_text_without_a_question_is_refused_with_a_sentence() {
    let folder = folder();
    for text in [
        "",
        " \n\t ",
        "😀😀",
        "<:smile:1234>",
        "<@1100000000000000001>",
        "\u{200b}\u{2060}",
        "\"",
        "https://example.org",
    ] {
        let end = folder.run(&["ask", text]);
        assert_eq!(end.code, Some(1), "{text:?}: {}", cli_output(&end));
        assert_eq!((end.stdout.as_str(), end.stderr.as_str()), ("", NO_QUESTION), "{text:?}");
    }
}

#[test]
fn signs_of_a_query_language_are_only_signs() {
    assert_quoted(&["\"citric acid\"", "+citric +acid", "citric^2 acid~", "(citric) [acid] {dissolve}: stubborn*"]);
    for answer in
        answers(&["title:* AND NOT (", "text:[* TO *]", "/.*/", "^2~", "\\", "((((((((((", "%s%n $(x) `x` ; --"])
    {
        assert_eq!(answer["decision"], "abstain", "{answer:#}");
    }
}

#[test]
fn signs_of_a_query_language_as_an_argument_get_an_answer() {
    let folder = folder();
    for text in ["title:* AND NOT (", "^2~", "\"kettle"] {
        let end = folder.run(&["ask", text]);
        assert_eq!((end.code, end.stderr.as_str()), (Some(0), ""), "{text:?}: {}", cli_output(&end));
    }
}

#[test]
fn invisible_characters_between_the_letters_hide_nothing() {
    let hidden: String = QUESTION.chars().flat_map(|letter| [letter, '\u{200b}', '\0']).collect();
    assert_quoted(&[hidden]);
    let danger: String = "my kettle is on fire".chars().flat_map(|letter| ['\u{2063}', letter, '\u{ad}']).collect();
    assert_eq!(answer(&danger)["flag"], "fire");
}

#[test]
fn stacked_marks_get_an_answer() {
    answers(&[zalgo(QUESTION), zalgo("my kettle is on fire"), zalgo("😀"), zalgo(&"a".repeat(200))]);
}

#[test]
fn stacked_marks_hide_nothing() {
    assert_eq!(answer(&zalgo("my kettle is on fire"))["flag"], "fire");
    assert_quoted(&[zalgo(QUESTION)]);
}

#[test]
fn look_alike_letters_of_another_width_are_the_same_letters() {
    let wide = |letter: char| char::from_u32(letter as u32 + 0xfee0).filter(|_| letter.is_ascii_graphic());
    assert_quoted(&[QUESTION.chars().map(|letter| wide(letter).unwrap_or(letter)).collect::<String>()]);
}

#[test]
fn text_from_right_to_left_and_direction_marks_are_answered() {
    for answer in answers(&["لماذا ترتعش عيني؟", "מדוע העין שלי רועדת"]) {
        assert_eq!(answer["decision"], "abstain", "{answer:#}");
    }
    assert_quoted(&[format!("\u{202e}{QUESTION}\u{202c}\u{200f}")]);
}

#[test]
fn a_question_of_many_lines_is_one_question() {
    assert_quoted(&["Hello!\n\nDoes citric acid\ndissolve stubborn\r\ncrusts?\n"]);
}

#[test]
fn a_very_long_text_is_read_to_the_limit_of_discord_and_no_further() {
    let long = |before: usize| format!("{}{QUESTION}", "é ".repeat(before / 2));
    assert_quoted(&[long(5_000)]);
    assert_eq!(answer(&long(6_000))["decision"], "abstain");
    let end = folder().run(&["ask", &long(7_000)]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
}

#[test]
fn a_megabyte_on_one_line_is_answered_soon() {
    assert_soon(&[
        "a".repeat(1_000_000),
        "twitch ".repeat(150_000),
        "https://a.b/ ".repeat(80_000),
        "`[](".repeat(250_000),
    ]);
}

#[test]
fn thousands_of_different_words_are_answered_soon() {
    let letters = || 'a'..='z';
    let words = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}x"))).chain(letters().map(String::from));
    assert_soon(&[words.cycle().take(1_500).collect::<Vec<_>>().join(" ")]);
}

#[test]
fn a_question_that_begins_with_a_hyphen_needs_two_before_it() {
    let folder = folder();
    let end = folder.run(&["ask", "-does citric acid dissolve crusts"]);
    assert_eq!(end.code, Some(2), "{}", cli_output(&end));
    assert!(end.stderr.contains("use '-- "), "{}", cli_output(&end));
    let end = folder.run(&["ask", "--", "-does citric acid dissolve crusts"]);
    assert!(end.stdout.contains(QUOTE), "{}", cli_output(&end));
}
