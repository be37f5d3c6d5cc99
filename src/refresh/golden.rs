//! Golden questions and red-flag examples: what a generation must find, refuse and flag before it may be published.

use crate::answer::{Decision, Outcome};
use crate::corpus::lint::Problem;
use crate::corpus::red_flags::FILE as RED_FLAGS;
use crate::corpus::{Corpus, Expect, GOLDEN_FILE, GoldenQuestion};
use crate::index::Snapshot;
use crate::question::{Question, Reason};
use crate::semantic::Embedder;
use crate::toml_file;

/// Everything that comes out otherwise than it must.
pub(super) fn ask(snapshot: &Snapshot) -> Vec<Problem> {
    let mut problems = red_flag_examples(&snapshot.corpus, snapshot.embedder());
    for golden in &snapshot.corpus.golden {
        if let Some(wrong) = wrong(snapshot, golden) {
            problems.push(Problem::error(
                GOLDEN_FILE,
                line_with(&snapshot.corpus, GOLDEN_FILE, &golden.text),
                format!("the golden question \"{}\" {wrong}", golden.text),
            ));
        }
    }
    problems
}

fn wrong(snapshot: &Snapshot, golden: &GoldenQuestion) -> Option<String> {
    let Some(question) = Question::new(&golden.text) else { return Some("has no words".to_owned()) };
    let outcome = match Outcome::of(Some(snapshot), &snapshot.corpus.red_flags, &question) {
        Ok(outcome) => outcome,
        Err(error) => return Some(format!("can't be searched: {error}")),
    };
    if golden.expect == Expect::Alert {
        return match (outcome.alert, &golden.flag) {
            (None, _) => Some("raises no red flag; it must".to_owned()),
            (Some(alert), Some(flag)) if alert.flag != *flag => {
                Some(format!("raises the flag {}, not {flag}", alert.flag))
            }
            _ => None,
        };
    }
    if let Some(alert) = outcome.alert {
        return Some(format!("raises the flag {} ({}); it must not", alert.flag, alert.because));
    }
    let answer = outcome.answer?;
    let best = answer.passages.first().and_then(|chosen| chosen.passage(snapshot));
    match (golden.expect, answer.decision, best) {
        (Expect::Abstain, Decision::Abstain, _) => None,
        (Expect::Abstain, ..) => Some("is answered; the corpus has nothing on it".to_owned()),
        (_, _, None) => Some("finds nothing".to_owned()),
        (_, _, Some(best)) => {
            let expected = golden.quotes.as_deref().unwrap_or_default();
            (!best.text().contains(expected)).then(|| format!("finds another passage than the one with \"{expected}\""))
        }
    }
}

/// Every rule's own examples.
fn red_flag_examples(corpus: &Corpus, embedder: Option<&Embedder>) -> Vec<Problem> {
    let flags = &corpus.red_flags;
    let mut problems = Vec::new();
    let alert = |text: &str| Question::new(text).and_then(|question| question.check(flags, embedder).alert);
    for rule in &flags.rules {
        for example in &rule.fires {
            let raised = alert(example);
            let right = raised.as_ref().is_some_and(|alert| alert.flag == rule.flag || alert.also.contains(&rule.flag));
            if !right {
                let got = raised.map_or_else(|| "nothing".to_owned(), |alert| alert.flag);
                problems.push(Problem::error(
                    RED_FLAGS,
                    line_with(corpus, RED_FLAGS, example),
                    format!("rule {}: \"{example}\" must raise {}, it raises {got}", rule.id, rule.flag),
                ));
            }
        }
        for example in &rule.holds {
            let Some(alert) = alert(example) else { continue };
            // What a rule does can be mended here and now. The second reader has to learn it: that stops nothing.
            let (problem, cure): (fn(_, _, _) -> Problem, _) = match alert.because {
                Reason::Rule { .. } => (Problem::error, ""),
                Reason::SecondReader { .. } => {
                    (Problem::warning, "; add it to alert_examples.csv and run `seventh train-alerts`")
                }
            };
            problems.push(problem(
                RED_FLAGS,
                line_with(corpus, RED_FLAGS, example),
                format!(
                    "rule {}: \"{example}\" must raise nothing; it raises {} ({}){cure}",
                    rule.id, alert.flag, alert.because
                ),
            ));
        }
    }
    problems
}

/// The line of a file in which a text stands first.
fn line_with(corpus: &Corpus, file: &str, text: &str) -> Option<usize> {
    let file = corpus.files.iter().find(|other| other.name == file)?;
    let source = std::str::from_utf8(&file.bytes).ok()?;
    source.find(text).map(|at| toml_file::line_of(source, at))
}
