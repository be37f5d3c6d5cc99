//! Time from a question's text to its decision, in process: `cargo bench`.
//!
//! Criterion shows means; a member waits for the slow ones, so this prints percentiles. The questions are those of
//! `tests/questions/calibration.jsonl`; "long" ones have more than 200 characters. The red-flag check is timed alone too.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its figures and stops at the first surprise"
)]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use seventh::app::{App, Opened};
use seventh::config::Config;
use seventh::corpus::red_flags;
use seventh::question::Question;
use seventh::terminal::JsonQuestion;

/// How often every question is asked.
const ROUNDS: usize = 20;
/// A question with more characters is a long one.
const LONG_CHARS: usize = 200;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let index = tempfile::tempdir().expect("a temporary folder");
    let variables = [("SEVENTH_CORPUS_DIR", root.join("corpus")), ("SEVENTH_INDEX_DIR", index.path().to_owned())];
    let variables = variables.map(|(name, path)| (name.to_owned(), path.display().to_string())).into_iter().collect();
    let app = App::new(&Config::read(&variables, index.path()).expect("a valid configuration"));
    assert!(matches!(app.open(&|_, _| {}), Opened::Built), "the corpus must build");

    let file = std::fs::read_to_string(root.join("tests/questions/calibration.jsonl")).expect("the questions");
    let questions: Vec<JsonQuestion> =
        file.lines().map(|line| serde_json::from_str(line).expect("a question")).collect();
    let (long, short): (Vec<_>, Vec<_>) = questions.iter().partition(|one| one.text.chars().count() > LONG_CHARS);
    let flags = red_flags::built_in();

    println!("{:<28} {:>9} {:>9} {:>9} {:>9}", "microseconds", "questions", "p50", "p99", "max");
    for (name, questions) in [("short", &short), ("long", &long)] {
        report(&format!("{name}: text to decision"), questions, &|text| {
            black_box(app.ask(text).is_ok());
        });
        report(&format!("{name}: red flags alone"), questions, &|text| {
            black_box(Question::new(text).and_then(|question| question.alert(flags)));
        });
    }
}

fn report(name: &str, questions: &[&JsonQuestion], run: &dyn Fn(&str)) {
    for question in questions {
        run(&question.text);
    }
    let mut times: Vec<Duration> = (0..ROUNDS)
        .flat_map(|_| questions)
        .map(|question| {
            let started = Instant::now();
            run(&question.text);
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |percent: usize| times.get((times.len() - 1) * percent / 100).map_or(0, Duration::as_micros);
    println!("{name:<28} {:>9} {:>9} {:>9} {:>9}", questions.len(), at(50), at(99), at(100));
}
