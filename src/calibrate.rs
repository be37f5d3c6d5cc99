//! Question sets to the numbers that ranking and decision rest on: `seventh calibrate`.
//!
//! Purpose: fit the weights of [`Calibration`] on labelled questions, reproducibly, and say what was chosen and why. Every figure
//! that it prints is cross-validated: a question is judged by weights that were fitted without it. It writes nothing.
//!
//! First the boosts, one after another, by what ranks best; then for each mode the ranking of sentences, the confidence in
//! the best passage, the cut-offs, and how much of a passage is quoted.

mod choose;
mod fit;
mod samples;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use time::OffsetDateTime;

use crate::corpus::{Boosts, Calibration, Feature, Mode, Model, Signal};
use crate::eval::LabelledQuestion;
use crate::index::Snapshot;
use crate::search::SearchError;
use samples::Sample;

/// Parts that the questions are split into for cross-validation.
const FOLDS: usize = 5;

/// At most this share of unanswerable questions may be answered (related counts half) by the cut-offs.
pub const FALSE_ANSWERS_MAX: f64 = 0.04;

/// What was fitted, and why.
#[derive(Debug, Clone)]
pub struct Calibrated {
    /// The numbers.
    pub calibration: Calibration,
    /// What was chosen and why, for a person.
    pub report: String,
}

/// Fits everything on `questions`, whose gold must lie in the snapshot's corpus. `progress` is told each step.
///
/// Without vectors in the snapshot, the numbers of the modes that need them stay as they were.
///
/// # Errors
///
/// When a search fails.
pub fn calibrate(
    mut snapshot: Snapshot,
    questions: &[LabelledQuestion],
    progress: &dyn Fn(&str),
) -> Result<Calibrated, SearchError> {
    let mut report = String::new();
    let mut calibration = snapshot.manifest.calibration.clone();
    calibration.corpus = Calibration::sketch(&snapshot.corpus);
    calibration.boosts = choose_boosts(&mut snapshot, questions, &mut report, progress)?;
    let modes: &[Mode] = if snapshot.semantic.is_some() { &Mode::ALL } else { &[Mode::Lexical] };
    for mode in modes {
        progress(&format!("fitting {}", mode.name()));
        let samples = samples::collect(&snapshot, questions, *mode)?;
        let model = fit_mode(&snapshot, &samples, *mode, &mut report);
        match mode {
            Mode::Lexical => calibration.lexical = model,
            Mode::Semantic => calibration.semantic = model,
            Mode::Both => calibration.both = model,
        }
    }
    calibration.fitted = fitted(questions, modes);
    Ok(Calibrated { calibration, report })
}

fn fitted(questions: &[LabelledQuestion], modes: &[Mode]) -> String {
    let names: Vec<&str> = modes.iter().map(|mode| mode.name()).collect();
    let with_gold = questions.iter().filter(|question| samples::answerable(question)).count();
    let without = questions.iter().filter(|question| samples::unanswerable(question)).count();
    format!(
        "{}, by seventh calibrate on {with_gold} answerable and {without} unanswerable questions; modes {}",
        OffsetDateTime::now_utc().date(),
        names.join(", ")
    )
}

/// Values that are tried for each boost.
const TRIED: [f32; 6] = [0.0, 0.25, 0.5, 1.0, 1.5, 2.5];

/// Sets one boost.
type Set = fn(&mut Boosts, f32);

const BOOSTS: [(&str, Set); 5] = [
    ("title", |boosts, value| boosts.title = value),
    ("trail", |boosts, value| boosts.trail = value),
    ("plain_words", |boosts, value| boosts.plain_words = value),
    ("added", |boosts, value| boosts.added = value.min(1.0)),
    ("told", |boosts, value| boosts.told = value.min(1.0)),
];

/// One boost after another, the value with the best cross-validated likelihood of the answering sentences.
fn choose_boosts(
    snapshot: &mut Snapshot,
    questions: &[LabelledQuestion],
    report: &mut String,
    progress: &dyn Fn(&str),
) -> Result<Boosts, SearchError> {
    let mut best = snapshot.manifest.calibration.boosts;
    let with_gold: Vec<LabelledQuestion> =
        questions.iter().filter(|question| samples::answerable(question)).cloned().collect();
    let _ = writeln!(report, "boosts (mean log-likelihood of the answering sentences, cross-validated)");
    for (name, set) in BOOSTS {
        progress(&format!("trying boosts: {name}"));
        let mut tried: Vec<(f64, f32)> = Vec::new();
        for value in TRIED {
            let mut boosts = best;
            set(&mut boosts, value);
            snapshot.manifest.calibration.boosts = boosts;
            let samples = samples::collect(snapshot, &with_gold, Mode::Lexical)?;
            tried.push((ranking_likelihood(&samples, Mode::Lexical), value));
        }
        let chosen = tried.iter().fold(None, |best: Option<&(f64, f32)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        });
        if let Some((_, value)) = chosen {
            set(&mut best, *value);
        }
        let list: Vec<String> = tried.iter().map(|(fit, value)| format!("{value} {fit:.4}")).collect();
        let _ = writeln!(report, "  {name:<12} {} -> {}", list.join(", "), chosen.map_or(0.0, |chosen| chosen.1));
    }
    snapshot.manifest.calibration.boosts = best;
    Ok(best)
}

fn ranking_likelihood(samples: &[Sample], mode: Mode) -> f64 {
    let gold: Vec<&Sample> = samples.iter().filter(|sample| sample.has_gold()).collect();
    let sums: f64 = (0..FOLDS)
        .map(|fold| {
            let fitted = fit::ranking(&without(&gold, fold), mode);
            gold.iter().filter(|sample| sample.fold == fold).map(|sample| fit::log_likelihood(sample, &fitted)).sum::<f64>()
        })
        .sum();
    sums / gold.len().max(1) as f64
}

fn without<'a>(samples: &[&'a Sample], fold: usize) -> Vec<&'a Sample> {
    samples.iter().filter(|sample| sample.fold != fold).copied().collect()
}

fn fit_mode(snapshot: &Snapshot, samples: &[Sample], mode: Mode, report: &mut String) -> Model {
    let gold: Vec<&Sample> = samples.iter().filter(|sample| sample.has_gold()).collect();
    let judged: Vec<&Sample> = samples.iter().filter(|sample| sample.is_judged()).collect();
    let ranking = fit::ranking(&gold, mode);
    // Each question is ranked by weights that have not seen it, in the figures and in the features of its confidence.
    let folds: Vec<BTreeMap<Signal, f64>> =
        (0..FOLDS).map(|fold| fit::ranking(&without(&gold, fold), mode)).collect();
    let ranked: Vec<Sample> = judged.iter().map(|sample| sample.ranked(&folds[sample.fold])).collect();
    let ranked: Vec<&Sample> = ranked.iter().collect();
    let (intercept, confidence) = fit::confidence(&ranked, mode);
    let sure: Vec<(f64, bool)> = (0..FOLDS)
        .flat_map(|fold| {
            let (intercept, weights) = fit::confidence(&without(&ranked, fold), mode);
            let of_fold = ranked.iter().filter(move |sample| sample.fold == fold);
            of_fold.map(|sample| (sample.confidence(intercept, &weights), sample.answerable)).collect::<Vec<_>>()
        })
        .collect();
    let cuts = choose::cut_offs(&sure, FALSE_ANSWERS_MAX);
    let excerpts = choose::excerpts(snapshot, &ranked);
    let excerpt_from = choose::best_excerpt(&excerpts);

    let likelihood = ranking_likelihood(samples, mode);
    let _ = writeln!(report, "\n{} ({} questions with gold, {} judged)", mode.name(), gold.len(), judged.len());
    let _ = writeln!(report, "  log-likelihood {likelihood:.4}, area under the curve {:.4}", choose::area(&sure));
    let _ = writeln!(report, "  ranking {}", list(&ranking));
    let _ = writeln!(report, "  confidence {intercept:.3}, {}", list(&confidence));
    let _ = writeln!(
        report,
        "  answer from {:.3}, related from {:.3}: unanswerable answered {:.3} (related counts half; at most {FALSE_ANSWERS_MAX} was asked), answerable but abstained {:.3}, only related {:.3}",
        cuts.answer_from, cuts.related_from, cuts.false_answers, cuts.false_abstains, cuts.only_related
    );
    for excerpt in &excerpts {
        let _ = writeln!(
            report,
            "  excerpt from {:.2}: rank success@1 {:.3}, @3 {:.3}, gold share {:.3}{}",
            excerpt.from,
            excerpt.success,
            excerpt.success_3,
            excerpt.gold_share,
            if excerpt.from.to_bits() == excerpt_from.to_bits() { " <- chosen, the best harmonic mean" } else { "" }
        );
    }
    Model {
        answer_from: rounded(cuts.answer_from),
        related_from: rounded(cuts.related_from),
        excerpt_from,
        intercept: rounded(intercept),
        ranking: ranking.into_iter().map(|(signal, weight)| (signal, rounded(weight))).collect(),
        confidence: confidence.into_iter().map(|(feature, weight)| (feature, rounded(weight))).collect(),
    }
}

/// Three digits say all that some hundred questions can tell, and keep the file readable.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn list<N: std::fmt::Debug>(weights: &BTreeMap<N, f64>) -> String {
    weights.iter().map(|(name, weight)| format!("{name:?} {weight:.2}")).collect::<Vec<_>>().join(", ")
}

/// The features that a mode weighs.
fn features(mode: Mode) -> Vec<Feature> {
    Feature::ALL.into_iter().filter(|feature| mode.weighs(*feature)).collect()
}

/// The signals that a mode hears.
fn signals(mode: Mode) -> Vec<Signal> {
    Signal::ALL.into_iter().filter(|signal| mode.hears(*signal)).collect()
}
