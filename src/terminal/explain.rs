//! Why a question was answered as it was: `seventh ask --explain`.

use std::fmt::Write as _;

use crate::answer::Answer;
use crate::app::Asked;
use crate::corpus::{Feature, Signal};
use crate::index::Snapshot;
use crate::search::{Found, Hit};

/// The reasons, a line each.
pub(super) fn explanation(asked: &Asked, telling_words: &[(String, f32)]) -> String {
    let mut out = String::from("Why\n");
    if let Some(alert) = &asked.outcome.alert {
        let _ =
            writeln!(out, "  red flag {} (card {}): {}; also {:?}", alert.flag, alert.card, alert.because, alert.also);
    }
    if !telling_words.is_empty() {
        let words: Vec<String> = telling_words.iter().map(|(word, left)| format!("{word} ({left:.2})")).collect();
        let _ = writeln!(out, "  telling words, with the chance that is left without each: {}", words.join(", "));
    }
    let (Some(answer), Some(snapshot)) = (&asked.outcome.answer, asked.snapshot()) else { return out };
    decision(&mut out, answer, snapshot);
    terms(&mut out, answer);
    for hit in &answer.hits.hits {
        passage(&mut out, answer, hit, snapshot);
    }
    out
}

fn decision(out: &mut String, answer: &Answer, snapshot: &Snapshot) {
    let mode = answer.hits.mode;
    let model = snapshot.manifest.calibration.model(mode);
    let _ = writeln!(out, "  generation {}, searched by {}", snapshot.manifest.id, mode.name());
    let _ = writeln!(
        out,
        "  decision {} at confidence {:.3} (answer from {}, related from {})",
        answer.decision.name(),
        answer.confidence,
        model.answer_from,
        model.related_from
    );
    if let Some(features) = answer.features {
        let heard = Feature::ALL.into_iter().filter(|feature| mode.weighs(*feature));
        let values: Vec<String> =
            heard.map(|feature| format!("{} {:.3}", name(feature), features.get(feature))).collect();
        let _ = writeln!(out, "  {}", values.join(", "));
    }
}

fn terms(out: &mut String, answer: &Answer) {
    for (asked, read_as) in &answer.hits.terms.repaired {
        let _ = writeln!(out, "  {asked} was read as {read_as}");
    }
    for concept in &answer.hits.terms.concepts {
        let added: Vec<String> = concept.added.iter().map(|group| group.join(" ")).collect();
        let known = if concept.known { "" } else { ", not in the corpus" };
        let told = if concept.asks { "" } else { ", only told" };
        let _ = writeln!(
            out,
            "  term {} (weight {:.2}{known}{told}){}",
            concept.term,
            concept.weight,
            if added.is_empty() { String::new() } else { format!(" adds {}", added.join(" | ")) }
        );
    }
}

fn passage(out: &mut String, answer: &Answer, hit: &Hit, snapshot: &Snapshot) {
    let Some(passage) = snapshot.corpus.passage(hit.passage) else { return };
    let concepts = answer.hits.terms.concepts.iter().zip(&hit.found);
    let found = concepts.filter_map(|(concept, found)| match found {
        Found::Asked => Some(concept.term.clone()),
        Found::InOtherWords => Some(format!("{} (other words)", concept.term)),
        Found::Nowhere => None,
    });
    let found = found.collect::<Vec<_>>().join(", ");
    let _ = writeln!(out, "  {:.3} {} [{}] {found}", hit.score, passage.passage.id, passage.section().path());
    let best = hit.sentences.iter().enumerate().max_by(|a, b| a.1.score.total_cmp(&b.1.score));
    if let Some((at, sentence)) = best {
        let heard = Signal::ALL.into_iter().filter(|signal| answer.hits.mode.hears(*signal));
        let values: Vec<String> =
            heard.map(|signal| format!("{} {:.2}", name(signal), sentence.signals[signal as usize])).collect();
        let _ = writeln!(out, "    sentence {}: {}", at + 1, values.join(", "));
    }
}

/// The name as the calibration file writes it.
fn name(of: impl serde::Serialize) -> String {
    serde_json::to_value(of).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
