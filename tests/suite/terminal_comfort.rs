//! `seventh` in a shell: words without quotes, pipes that close early, and lines that fit the terminal.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{
    corpus_bench::{Bench, GOOD, QUESTION, QUOTE, finish, fixture, transcript},
    harness::{End, Setup, Seventh},
};

/// A question with a long answer.
const LONG: &str = "Does vinegar remove limescale?";

fn bench() -> Bench {
    let bench = Bench::new();
    bench.run(&["index"]);
    bench
}

/// Runs a command whose standard output nobody reads any more.
fn without_reader(mut command: Command) -> End {
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    let child = command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped()).spawn();
    // The command holds the writing end too, and must not keep it open.
    drop(command);
    let output = child.expect("the binary can be started").wait_with_output().expect("a child can be waited for");
    End {
        code: output.status.code(),
        stdout: String::new(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().filter(|word| *word != "|").collect()
}

#[test]
fn a_question_needs_no_quotes() {
    let bench = bench();
    let expected = bench.run(&["ask", QUESTION]).stdout;
    let arguments: Vec<&str> = ["ask"].into_iter().chain(QUESTION.split(' ')).collect();
    let end = bench.run(&arguments);
    assert_eq!((end.code, &end.stdout), (Some(0), &expected), "{}", transcript(&end));
}

#[test]
fn options_may_stand_before_and_after_the_words() {
    let bench = bench();
    let unquoted: Vec<&str> = QUESTION.split(' ').collect();
    for (before, after) in [(vec!["ask", "--json"], vec![]), (vec!["ask"], vec!["--json"])] {
        let end = bench.run(&[before, unquoted.clone(), after].concat());
        let answer: Value = serde_json::from_str(&end.stdout).unwrap_or_else(|_| panic!("{}", transcript(&end)));
        assert_eq!(answer["passages"][0]["text"], QUOTE, "{answer:#}");
    }
}

#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let bench = bench();
    for arguments in [
        vec!["ask", QUESTION],
        vec!["ask", "--json", QUESTION],
        vec!["ask", "--explain", QUESTION],
        vec!["check"],
        vec!["index"],
        vec!["--help"],
    ] {
        let mut command = bench.command();
        command.args(&arguments);
        let end = without_reader(command);
        let is_silent = end.stderr.lines().all(|line| line.contains("seventh::audit"));
        assert!(end.code == Some(0) && is_silent, "{arguments:?}: {}", transcript(&end));
    }
}

#[test]
fn many_answers_end_in_order_when_the_reader_has_enough() {
    let bench = bench();
    let line = serde_json::json!({"id": "a", "text": QUESTION}).to_string();
    std::fs::write(bench.corpus().join("../many.jsonl"), [line.as_str(); 50].join("\n")).expect("it can be written");
    let mut command = bench.command();
    command.args(["ask", "--jsonl", "many.jsonl"]);
    let end = without_reader(command);
    assert_eq!((end.code, end.stderr.as_str()), (Some(0), ""), "{}", transcript(&end));
}

#[test]
fn a_check_that_finds_mistakes_fails_whoever_reads_it() {
    let bench = Bench::with("many-mistakes");
    let mut command = bench.command();
    command.arg("check");
    let end = without_reader(command);
    assert_eq!((end.code, end.stderr.as_str()), (Some(1), ""), "{}", transcript(&end));
}

#[test]
fn a_log_that_nobody_reads_stops_nothing() {
    let bench = Bench::new();
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    let mut command = bench.command();
    // It has to build first, which leaves an audit line in the log.
    command.args(["ask", QUESTION]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(writer);
    let child = command.spawn().expect("the binary can be started");
    let output = child.wait_with_output().expect("a child can be waited for");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains(QUOTE), "{said}");
}

#[tokio::test]
async fn the_audit_is_logged_at_every_level() {
    let setup = Setup::default().corpus(fixture(GOOD)).env("SEVENTH_LOG_LEVEL", "error");
    let log = Seventh::with(setup).await.stop().await.stderr;
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("seventh::audit")).collect();
    assert!(lines.len() == 1 && lines[0].contains("by=start action=\"publish\" outcome=\"done\""), "{log}");
}

#[test]
fn a_width_wraps_the_lines_and_changes_no_word() {
    const WIDTH: usize = 40;
    let bench = bench();
    let whole = bench.run(&["ask", LONG]).stdout;
    let end = bench.run(&["ask", LONG, "--width", &WIDTH.to_string()]);
    assert!(whole.lines().any(|line| line.chars().count() > WIDTH), "nothing to wrap:\n{whole}");
    for line in end.stdout.lines() {
        let fits = line.chars().count() <= WIDTH || words(line).len() == 1;
        assert!(fits, "{line}\nis too long in\n{}", end.stdout);
    }
    assert_eq!(words(&end.stdout), words(&whole));
    let quoted = |text: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix("  | "));
        lines.flat_map(|line| words(line).into_iter().map(str::to_owned).collect::<Vec<_>>()).collect()
    };
    assert_eq!(quoted(&end.stdout), quoted(&whole), "a line of a quote lost its mark");
}

#[test]
fn a_pipe_gets_the_lines_as_they_are_written() {
    let bench = bench();
    let mut command = bench.command();
    command.args(["ask", LONG]).env("COLUMNS", "30");
    let said = finish(command).stdout;
    assert!(said.lines().any(|line| line.chars().count() > 120), "{said}");
}

#[test]
fn a_width_that_no_text_fits_is_refused() {
    for arguments in [["ask", QUESTION, "--width", "3"], ["ask", QUESTION, "--width", "wide"]] {
        let end = Bench::new().run(&arguments);
        assert_eq!(end.code, Some(2), "{}", transcript(&end));
        assert!(end.stderr.contains("--width <COLUMNS>"), "{}", transcript(&end));
    }
}
