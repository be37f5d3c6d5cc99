//! Question sets to the numbers that ranking and decision rest on: `seventh calibrate`.
//!
//! Purpose: fit the weights of [`Calibration`] on labelled questions, reproducibly, and say what was chosen and why. A
//! question is always judged by weights that were fitted without it (cross-validation); only the boosts, the thresholds
//! and the length of excerpts, a few numbers, are chosen on all of them, so measure with `seventh eval` on other
//! questions. It writes nothing.
//!
//! First the boosts, one after another, by what ranks best; then for each mode the ranking of sentences, the confidence
//! in the best passage, the thresholds, and how much of a passage is quoted.

mod choose;
mod fit;
mod samples;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use thiserror::Error;

use crate::eval::LabelledQuestion;
use crate::index::Snapshot;
use crate::math;
use crate::ranking::{Boosts, Calibration, Mode, RankingModel, Signal, Sketch};
use crate::search::SearchError;
use samples::{FOLDS, Label, Sample};

/// At most this share of off-topic questions may be answered (related counts half) by the thresholds.
pub const FALSE_ANSWERS_MAX: f64 = 0.04;

/// What was fitted, and why.
#[derive(Debug, Clone)]
pub struct Calibrated {
    /// The numbers.
    pub calibration: Calibration,
    /// What was chosen and why, for a person.
    pub report: String,
}

/// Why nothing was fitted.
#[derive(Debug, Error)]
pub enum CalibrateError {
    /// A search failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The questions can't teach what they must.
    #[error(
        "the questions hold {answerable} answerable ones whose gold is in the corpus and {off_topic} off-topic ones; some of both are needed"
    )]
    TooFew {
        /// Answerable questions with their gold in the corpus.
        answerable: usize,
        /// Questions on other topics.
        off_topic: usize,
    },
}

/// Fits everything on `questions`, whose gold must lie in the snapshot's corpus. `progress` is told each step.
///
/// Without vectors in the snapshot, the numbers of the modes that need them stay as they were.
///
/// # Errors
///
/// When a search fails, or the questions can't teach anything.
pub fn calibrate(
    snapshot: &Snapshot,
    questions: &[LabelledQuestion],
    progress: &dyn Fn(&str),
) -> Result<Calibrated, CalibrateError> {
    let mut report = String::new();
    let samples = samples::collect(snapshot, questions, Mode::Lexical, &snapshot.calibration().boosts)?;
    let count = |is: &dyn Fn(&Sample) -> bool| samples.iter().filter(|sample| is(sample)).count();
    let answerable = count(&|sample| sample.label == Label::Answerable && sample.has_gold());
    let off_topic = count(&|sample| sample.label == Label::OffTopic);
    if answerable == 0 || off_topic == 0 {
        return Err(CalibrateError::TooFew { answerable, off_topic });
    }
    let lost = count(&|sample| sample.label == Label::Answerable && !sample.has_gold());
    if lost > 0 {
        let _ =
            writeln!(report, "{lost} answerable questions were left out: the corpus has no sentence of their gold\n");
    }
    let mut calibration = snapshot.calibration().clone();
    calibration.fitted_on.clone_from(&snapshot.corpus.digest);
    calibration.sketch = Sketch::of(snapshot.corpus.passages().map(|passage| passage.id().to_string()));
    calibration.boosts = choose_boosts(snapshot, questions, &mut report, progress)?;
    let modes: &[Mode] = if snapshot.semantic.is_some() { &Mode::ALL } else { &[Mode::Lexical] };
    for mode in modes {
        progress(&format!("fitting {}", mode.name()));
        let samples = samples::collect(snapshot, questions, *mode, &calibration.boosts)?;
        let fitted = fit_mode(snapshot, &samples, *mode, &mut report);
        match mode {
            Mode::Lexical => calibration.lexical = fitted,
            Mode::Semantic => calibration.semantic = fitted,
            Mode::Both => calibration.both = fitted,
        }
    }
    let names: Vec<&str> = modes.iter().map(|mode| mode.name()).collect();
    calibration.fitted = format!(
        "by seventh calibrate on {answerable} answerable and {off_topic} off-topic questions; {}",
        names.join(", ")
    );
    Ok(Calibrated { calibration, report })
}

/// Values that are tried for each boost.
const FIELDS_TRIED: &[f32] = &[0.0, 0.25, 0.5, 1.0, 1.5, 2.5];
/// The same for what is never worth more than an asked term.
const SHARES_TRIED: &[f32] = &[0.0, 0.15, 0.3, 0.5, 0.75, 1.0];

/// Sets one boost.
type Set = fn(&mut Boosts, f32);

const BOOSTS: [(&str, Set, &[f32]); 5] = [
    ("title", |boosts, value| boosts.title = value, FIELDS_TRIED),
    ("headings", |boosts, value| boosts.headings = value, FIELDS_TRIED),
    ("plain_words", |boosts, value| boosts.plain_words = value, FIELDS_TRIED),
    ("synonym", |boosts, value| boosts.synonym = value, SHARES_TRIED),
    ("background", |boosts, value| boosts.background = value, SHARES_TRIED),
];

/// One boost after another, the value with the best cross-validated likelihood of the answering sentences.
fn choose_boosts(
    snapshot: &Snapshot,
    questions: &[LabelledQuestion],
    report: &mut String,
    progress: &dyn Fn(&str),
) -> Result<Boosts, SearchError> {
    let mut best = snapshot.calibration().boosts;
    let with_gold: Vec<LabelledQuestion> =
        questions.iter().filter(|question| samples::answerable(question)).cloned().collect();
    let _ = writeln!(report, "boosts (mean log-likelihood of the answering sentences, cross-validated)");
    for (name, set, values) in BOOSTS {
        progress(&format!("trying boosts: {name}"));
        let mut tried: Vec<(f64, f32)> = Vec::new();
        for &value in values {
            let mut boosts = best;
            set(&mut boosts, value);
            let samples = samples::collect(snapshot, &with_gold, Mode::Lexical, &boosts)?;
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
    Ok(best)
}

fn ranking_likelihood(samples: &[Sample], mode: Mode) -> f64 {
    let gold: Vec<&Sample> = samples.iter().filter(|sample| sample.has_gold()).collect();
    let sums: f64 = (0..FOLDS)
        .map(|fold| {
            let fitted = fit::ranking(&finders(&without(&gold, fold)), mode);
            gold.iter()
                .filter(|sample| sample.fold == fold)
                .map(|sample| fit::log_likelihood(sample, &fitted))
                .sum::<f64>()
        })
        .sum();
    sums / math::count(gold.len().max(1))
}

fn without<'a>(samples: &[&'a Sample], fold: usize) -> Vec<&'a Sample> {
    samples.iter().filter(|sample| sample.fold != fold).copied().collect()
}

/// The questions whose gold was found, which alone can teach a ranking.
fn finders<'a>(samples: &[&'a Sample]) -> Vec<&'a Sample> {
    samples.iter().filter(|sample| sample.found_gold()).copied().collect()
}

fn fit_mode(snapshot: &Snapshot, samples: &[Sample], mode: Mode, report: &mut String) -> RankingModel {
    let gold: Vec<&Sample> = samples.iter().filter(|sample| sample.has_gold()).collect();
    let judged: Vec<&Sample> = samples.iter().filter(|sample| sample.label != Label::Unjudged).collect();
    let ranking = fit::ranking(&finders(&gold), mode);
    // Each question is ranked by weights that have not seen it, in the figures and in the features of its confidence.
    let folds: Vec<BTreeMap<Signal, f64>> =
        (0..FOLDS).map(|fold| fit::ranking(&finders(&without(&gold, fold)), mode)).collect();
    let ranked: Vec<Sample> = judged.iter().map(|sample| sample.ranked(&folds[sample.fold])).collect();
    let ranked: Vec<&Sample> = ranked.iter().collect();
    // Whether the corpus has something on the topic is learnt from what it has and what is off its topic.
    let teaching: Vec<&Sample> = ranked.iter().filter(|sample| sample.label != Label::Unanswered).copied().collect();
    let (intercept, confidence) = fit::confidence(&teaching, mode);
    let judged_out_of_fold: Vec<choose::Judged> = (0..FOLDS)
        .flat_map(|fold| {
            let (intercept, weights) = fit::confidence(&without(&teaching, fold), mode);
            let of_fold = ranked.iter().filter(move |sample| sample.fold == fold);
            of_fold.map(|sample| (sample.confidence(intercept, &weights), sample.label)).collect::<Vec<_>>()
        })
        .collect();
    let chosen = choose::thresholds(&judged_out_of_fold, FALSE_ANSWERS_MAX);
    let excerpts = choose::excerpts(snapshot, &ranked);
    let excerpt_threshold = choose::best_excerpt(&excerpts);

    let _ = writeln!(
        report,
        "\n{} ({} questions with gold, {} judged)\n  log-likelihood {:.4}, area under the curve {:.4}\n  ranking {}\n  confidence {intercept:.3}, {}",
        mode.name(),
        gold.len(),
        judged.len(),
        ranking_likelihood(samples, mode),
        choose::area(&judged_out_of_fold),
        list(&ranking),
        list(&confidence)
    );
    let _ = writeln!(report, "  at most {FALSE_ANSWERS_MAX} of the off-topic questions may be answered\n  {chosen}");
    for excerpt in &excerpts {
        let _ = writeln!(report, "  {excerpt}");
    }
    let _ = writeln!(report, "  chosen: excerpt from {excerpt_threshold:.2}, the longest that is mostly answer");
    RankingModel {
        answer_threshold: rounded(chosen.answer_threshold),
        related_threshold: rounded(chosen.related_threshold),
        excerpt_threshold,
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
