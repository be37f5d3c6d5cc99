//! Why a question was answered as it was: `seventh ask --explain`.

use std::fmt::Write as _;

use crate::answer::Answer;
use crate::app::Answered;
use crate::index::Snapshot;
use crate::ranking::{Feature, Signal};
use crate::search::{Hit, TermMatch};

/// The reasons, a line each.
pub(super) fn explanation(answered: &Answered, attribution: &[(String, f32)]) -> String {
    let mut out = String::from("Why\n");
    if let Some(alert) = &answered.response.triage.alert {
        let also = if alert.also.is_empty() { String::new() } else { format!("; also {}", alert.also.join(", ")) };
        let _ = writeln!(out, "  red flag {} (card {}): {}{also}", alert.flag, alert.card, alert.because);
    }
    if !attribution.is_empty() {
        let words: Vec<String> = attribution.iter().map(|(word, left)| format!("{word} ({left:.2})")).collect();
        let _ = writeln!(
            out,
            "  words that it hangs on, with the probability that is left without each: {}",
            words.join(", ")
        );
    }
    let (Some(answer), Some(snapshot)) = (&answered.response.answer, answered.snapshot()) else { return out };
    decision(&mut out, answer, snapshot);
    terms(&mut out, answer);
    for hit in &answer.hits.hits {
        passage(&mut out, answer, hit, snapshot);
    }
    out
}

fn decision(out: &mut String, answer: &Answer, snapshot: &Snapshot) {
    let mode = answer.hits.mode;
    let model = snapshot.calibration().model(mode);
    let _ = writeln!(out, "  generation {}, searched by {}", snapshot.manifest.id, mode.name());
    let _ = writeln!(
        out,
        "  decision {} at confidence {:.3} (answer from {}, related from {})",
        answer.decision.name(),
        answer.confidence,
        model.answer_threshold,
        model.related_threshold
    );
    if let Some(features) = answer.features {
        let used = Feature::ALL.into_iter().filter(|feature| mode.uses_feature(*feature));
        let values: Vec<String> =
            used.map(|feature| format!("{} {:.3}", name(feature), features.get(feature))).collect();
        let _ = writeln!(out, "  {}", values.join(", "));
    }
}

fn terms(out: &mut String, answer: &Answer) {
    for (typed, read_as) in &answer.hits.query.corrected {
        let _ = writeln!(out, "  {typed} was read as {read_as}");
    }
    for term in &answer.hits.query.terms {
        let added: Vec<String> = term.synonyms.iter().map(|group| group.join(" ")).collect();
        let known = if term.known { "" } else { ", not in the corpus" };
        let background = if term.is_question { "" } else { ", background" };
        let _ = writeln!(
            out,
            "  term {} (weight {:.2}{known}{background}){}",
            term.term,
            term.weight,
            if added.is_empty() { String::new() } else { format!(" adds {}", added.join(" | ")) }
        );
    }
}

fn passage(out: &mut String, answer: &Answer, hit: &Hit, snapshot: &Snapshot) {
    let Some(passage) = snapshot.corpus.passage(hit.passage) else { return };
    let terms = answer.hits.query.terms.iter().zip(&hit.matches);
    let found = terms.filter_map(|(term, term_match)| match term_match {
        TermMatch::Exact => Some(term.term.clone()),
        TermMatch::Synonym => Some(format!("{} (synonym)", term.term)),
        TermMatch::None => None,
    });
    let found = found.collect::<Vec<_>>().join(", ");
    let _ = writeln!(out, "  {:.3} {} [{}] {found}", hit.score, passage.passage.id, passage.section().breadcrumb());
    let best = hit.sentences.iter().enumerate().max_by(|a, b| a.1.score.total_cmp(&b.1.score));
    if let Some((at, sentence)) = best {
        let used = Signal::ALL.into_iter().filter(|signal| answer.hits.mode.uses_signal(*signal));
        let values: Vec<String> =
            used.map(|signal| format!("{} {:.2}", name(signal), sentence.signals[signal as usize])).collect();
        let _ = writeln!(out, "    sentence {}: {}", at + 1, values.join(", "));
    }
}

/// The name as the calibration file writes it.
fn name(of: impl serde::Serialize) -> String {
    serde_json::to_value(of).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
