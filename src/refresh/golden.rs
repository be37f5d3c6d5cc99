//! Golden questions and red-flag examples: what a generation must find, refuse and flag before it may be published.

use crate::answer::{Decision, Response};
use crate::corpus::{Expect, GOLDEN_FILE, GoldenQuestion};
use crate::diagnostics::Diagnostic;
use crate::embedding::Embedder;
use crate::index::Snapshot;
use crate::question::Question;
use crate::triage::rules::{FILE as RULES_FILE, RuleExample};
use crate::triage::{Detector, Reason, check};

/// Everything that comes out otherwise than it must.
pub(super) fn ask(snapshot: &Snapshot) -> Vec<Diagnostic> {
    let mut diagnostics = rule_examples(&snapshot.detector, snapshot.embedder());
    for golden in &snapshot.corpus.golden {
        if let Some(wrong) = wrong(snapshot, golden) {
            diagnostics.push(Diagnostic::error(
                GOLDEN_FILE,
                golden.line,
                format!("the golden question \"{}\" {wrong}", golden.text),
            ));
        }
    }
    diagnostics
}

fn wrong(snapshot: &Snapshot, golden: &GoldenQuestion) -> Option<String> {
    let Some(question) = Question::new(&golden.text) else { return Some("has no words".to_owned()) };
    let response = match Response::of(Some(snapshot), &question) {
        Ok(response) => response,
        Err(error) => return Some(format!("can't be searched: {error}")),
    };
    if golden.expect == Expect::Alert {
        return match (response.triage.alert, &golden.flag) {
            (None, _) => Some("raises no red flag; it must".to_owned()),
            (Some(alert), Some(flag)) if alert.flag != *flag => {
                Some(format!("raises the flag {}, not {flag}", alert.flag))
            }
            _ => None,
        };
    }
    if let Some(alert) = response.triage.alert {
        return Some(format!("raises the flag {} ({}); it must not", alert.flag, alert.because));
    }
    let answer = response.answer?;
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
fn rule_examples(detector: &Detector, embedder: Option<&Embedder>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let alert = |text: &str| Question::new(text).and_then(|question| check(detector, &question, embedder).alert);
    for rule in &detector.red_flags.rules {
        for RuleExample { line, text } in &rule.positive_examples {
            let raised = alert(text);
            let right = raised.as_ref().is_some_and(|alert| alert.flag == rule.flag || alert.also.contains(&rule.flag));
            if !right {
                let got = raised.map_or_else(|| "nothing".to_owned(), |alert| alert.flag);
                let message = format!("rule {}: \"{text}\" must raise {}, it raises {got}", rule.id, rule.flag);
                diagnostics.push(Diagnostic::error(RULES_FILE, *line, message));
            }
        }
        for RuleExample { line, text } in &rule.negative_examples {
            let Some(alert) = alert(text) else { continue };
            let message = format!(
                "rule {}: \"{text}\" must raise nothing; it raises {} ({})",
                rule.id, alert.flag, alert.because
            );
            // What a rule does can be mended here and now. The classifier has learned every example and may still err:
            // its training report counts that.
            diagnostics.push(match alert.because {
                Reason::Rule { .. } => Diagnostic::error(RULES_FILE, *line, message),
                Reason::Classifier { .. } => Diagnostic::note(RULES_FILE, *line, message),
            });
        }
    }
    diagnostics
}
