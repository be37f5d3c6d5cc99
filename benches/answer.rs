//! Time from a question's text to its decision, in process: `cargo bench --bench answer [-- [--model DIR] [CORPUS ...]]`.
//!
//! Without arguments the shipped corpus is asked. Means hide the slow ones that a member waits for, so this prints percentiles.
//! The questions are those of `tests/questions`; "long" ones have more than 200 characters. "Worst" are messages of 6,000 characters made
//! to be slow. The red-flag check is timed alone too.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its figures and stops at the first surprise"
)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use seventh::app::{App, Opened};
use seventh::cli::JsonQuestion;
use seventh::config::Config;
use seventh::health::Health;
use seventh::question::{QUESTION_MAX_CHARS, Question};
use seventh::triage::{Detector, check};

/// How often every question is asked.
const ROUNDS: usize = 5;
/// A question with more characters is a long one.
const LONG_CHARS: usize = 200;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // cargo adds --bench by itself.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (mut model, mut corpora) = (String::new(), Vec::new());
    while let Some(argument) = arguments.next() {
        if argument == "--model" {
            model = arguments.next().expect("--model names a folder");
        } else {
            corpora.push(PathBuf::from(argument));
        }
    }
    if corpora.is_empty() {
        corpora.push(root.join("corpus"));
    }
    let questions = questions(&root.join("tests/questions"));
    let (long, short): (Vec<_>, Vec<_>) = questions.into_iter().partition(|text| text.chars().count() > LONG_CHARS);
    println!("{:<44} {:>9} {:>9} {:>9} {:>9}", "microseconds", "questions", "p50", "p99", "max");
    let detector = Detector::built_in();
    for (name, questions) in [("short", &short), ("long", &long)] {
        report(&format!("red flags alone, {name}"), questions, &|text| {
            black_box(Question::new(text).and_then(|question| check(detector, &question, None).alert));
        });
    }
    for corpus in &corpora {
        let index = tempfile::tempdir().expect("a temporary folder");
        let app = open(corpus, index.path(), &model);
        let passages = app.ask("twitch").expect("a question").snapshot().map_or(0, |it| it.corpus.passage_count());
        for (name, questions) in [("short", &short), ("long", &long), ("worst", &worst())] {
            report(&format!("{passages} passages, {name}: text to decision"), questions, &|text| {
                black_box(app.ask(text).is_ok());
            });
        }
    }
}

fn open(corpus: &Path, index: &Path, model: &str) -> App {
    let variables: BTreeMap<String, String> = [
        ("SEVENTH_CORPUS_DIR", corpus.display().to_string()),
        ("SEVENTH_INDEX_DIR", index.display().to_string()),
        ("SEVENTH_SEMANTIC_MODEL_DIR", model.to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let app = App::new(&Config::read(&variables, index).expect("a valid configuration"), Health::default());
    let started = Instant::now();
    let opened = app.open(&|_, _| {});
    assert!(matches!(opened, Opened::Built), "the corpus must build: {opened:?}");
    println!("{} built in {:.1} s", corpus.display(), started.elapsed().as_secs_f64());
    app
}

fn questions(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).expect("the questions").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|extension| extension == "jsonl")).collect();
    files.sort();
    let texts = files.iter().map(|file| std::fs::read_to_string(file).expect("the questions"));
    let parse = |line: &str| serde_json::from_str::<JsonQuestion>(line).expect("a question").text;
    texts.flat_map(|text| text.lines().map(parse).collect::<Vec<_>>()).collect()
}

/// As long as Discord allows, of what costs most: unknown words, phrases of the lexicon, sentences, marks.
fn worst() -> Vec<String> {
    let fill = |piece: &dyn Fn(usize) -> String| -> String {
        let pieces = (0..QUESTION_MAX_CHARS).map(piece);
        pieces.collect::<String>().chars().take(QUESTION_MAX_CHARS).collect()
    };
    let letters: Vec<char> = ('a'..='z').collect();
    let strange =
        |at: usize| (0..9).map(|digit| letters[(at * 31 + digit * 7 + at / 26) % letters.len()]).collect::<String>();
    vec![
        fill(&|at| format!("{} ", strange(at))),
        fill(&|_| "dysport ".to_owned()),
        fill(&|at| format!("why is {} twitching? ", strange(at))),
        fill(&|_| "my eye keeps twitching and my cheek keeps jumping and ".to_owned()),
        fill(&|at| if at < 30 { "word ".to_owned() } else { ")".to_owned() }),
        fill(&|at| if at < QUESTION_MAX_CHARS / 2 { "[".to_owned() } else { "]()".to_owned() }),
    ]
}

fn report(name: &str, questions: &[String], run: &dyn Fn(&str)) {
    for question in questions {
        run(question);
    }
    let mut times: Vec<Duration> = (0..ROUNDS)
        .flat_map(|_| questions)
        .map(|question| {
            let started = Instant::now();
            run(question);
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |percent: usize| times.get((times.len() - 1) * percent / 100).map_or(0, Duration::as_micros);
    println!("{name:<44} {:>9} {:>9} {:>9} {:>9}", questions.len(), at(50), at(99), at(100));
}
