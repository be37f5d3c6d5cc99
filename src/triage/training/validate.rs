//! Cross-validation: out-of-fold predictions, and the thresholds from them.

use super::featurize::TrainingExample;
use super::fit;
use crate::embedding::Vector;
use crate::triage::classifier::{DEMAND, LinearClassifier, NONE, Prediction, Thresholds};

/// Into how many parts the examples are divided.
const FOLDS: usize = 5;

/// Of a thousand harmless examples, how many may raise a danger to the body. Most of them are hard negatives: of the
/// questions and terms of the corpus itself, one in a hundred does (see the training report).
const FALSE_DANGERS_MAX: usize = 46;
/// For how many of a thousand it may raise a crisis.
const FALSE_CRISES_MAX: usize = 34;
/// How many of a thousand that demand nothing it may take for a demand. That costs a sentence too many, not a card.
const FALSE_DEMANDS_MAX: usize = 25;

/// For how many more of a thousand the embedding of a message may raise a danger to the body, or a crisis.
const MORE_FALSE_DANGERS_MAX: usize = 8;
const MORE_FALSE_CRISES_MAX: usize = 4;

/// What cross-validation came to.
#[derive(Debug)]
pub(super) struct Validated {
    /// For each example its out-of-fold prediction: by a classifier that has not seen it.
    pub predictions: Vec<Prediction>,
    /// The thresholds that follow from them.
    pub thresholds: Thresholds,
    /// The classifier of each fold, which has not seen the fold's examples.
    classifiers: Vec<LinearClassifier>,
}

/// What the same came to for embeddings.
#[derive(Debug)]
pub(super) struct ValidatedEmbeddings {
    /// The classifier, fitted on all examples.
    pub classifier: LinearClassifier,
    /// For each example that its words leave uncertain, its out-of-fold prediction.
    pub predictions: Vec<Option<Prediction>>,
}

/// The examples of a fold, and all others.
fn fold<T>(all: &[T], fold: usize) -> (impl Iterator<Item = &T>, impl Iterator<Item = &T>) {
    let others = all.iter().enumerate().filter(move |(at, _)| at % FOLDS != fold).map(|(_, one)| one);
    (all.iter().skip(fold).step_by(FOLDS), others)
}

/// Fits on all folds but one and predicts that one, for each fold.
pub(super) fn validate(examples: &[TrainingExample], labels: &[String]) -> Validated {
    let mut predictions = vec![Prediction::default(); examples.len()];
    let mut classifiers = Vec::with_capacity(FOLDS);
    for at in 0..FOLDS {
        let (held_out, others) = fold(examples, at);
        let classifier = fit::fit(others, labels);
        for (prediction, one) in predictions.iter_mut().skip(at).step_by(FOLDS).zip(held_out) {
            *prediction = Prediction::of_segments(&classifier, &one.features.segments, &[]);
        }
        classifiers.push(classifier);
    }
    let of_harmless = |probability: fn(&Prediction) -> f32, labels: &[&str]| -> Vec<f32> {
        let is_meant = |one: &TrainingExample| one.is_in_figures() && labels.contains(&one.example.flag.as_str());
        examples
            .iter()
            .zip(&predictions)
            .filter(|(one, _)| is_meant(one))
            .map(|(_, prediction)| probability(prediction))
            .collect()
    };
    let dangers = of_harmless(|prediction| prediction.danger, &[NONE, DEMAND]);
    let crises = of_harmless(|prediction| prediction.crisis, &[NONE, DEMAND]);
    let demands = of_harmless(|prediction| prediction.demand, &[NONE]);
    let allowed = |probabilities: &[f32], of_a_thousand: usize| probabilities.len() * of_a_thousand / 1_000;
    let thresholds = Thresholds {
        danger: threshold(&dangers, allowed(&dangers, FALSE_DANGERS_MAX)),
        crisis: threshold(&crises, allowed(&crises, FALSE_CRISES_MAX)),
        demand: threshold(&demands, allowed(&demands, FALSE_DEMANDS_MAX)),
    };
    Validated { predictions, thresholds, classifiers }
}

/// The same for what embeddings say beyond words. `classifier` is the finished one of words.
pub(super) fn validate_embeddings(
    examples: &[TrainingExample],
    embeddings: &[Vector],
    validated: &Validated,
    classifier: &LinearClassifier,
) -> ValidatedEmbeddings {
    let labels = &classifier.parameters().labels;
    let dimensions = embeddings.first().map_or(0, Vec::len);
    let before = |at: usize, one: &TrainingExample| {
        validated.classifiers.get(at % FOLDS).map_or_else(Vec::new, |classifier| classifier.scores(&one.features.whole))
    };
    let vectors: Vec<(usize, &Vector, Vec<f32>)> = examples
        .iter()
        .zip(embeddings)
        .enumerate()
        .map(|(at, (one, vector))| (one.label, vector, before(at, one)))
        .collect();
    let mut predictions: Vec<Option<Prediction>> = vec![None; examples.len()];
    for (at, classifier_of_words) in validated.classifiers.iter().enumerate() {
        let (_, others) = fold(&vectors, at);
        let classifier_of_embeddings = fit::fit_embeddings(others.cloned(), dimensions, labels);
        let held_out = examples.iter().zip(embeddings).zip(&validated.predictions).skip(at).step_by(FOLDS);
        for (prediction, ((one, vector), of_words)) in predictions.iter_mut().skip(at).step_by(FOLDS).zip(held_out) {
            if of_words.is_uncertain(classifier) {
                *prediction = Some(Prediction::of_segments(
                    classifier_of_words,
                    &one.features.segments,
                    &classifier_of_embeddings.vector_scores(vector),
                ));
            }
        }
    }
    // Only what nothing has raised so far can be raised by the embedding.
    let is_harmless =
        |one: &TrainingExample| one.is_in_figures() && [NONE, DEMAND].contains(&one.example.flag.as_str());
    let is_quiet = |one: &TrainingExample, of_words: &Prediction| {
        one.features.by_rules.is_none() && of_words.predicted_flag(classifier).is_none()
    };
    let quiet: Vec<&Prediction> = examples
        .iter()
        .zip(&validated.predictions)
        .zip(&predictions)
        .filter(|((one, of_words), _)| is_harmless(one) && is_quiet(one, of_words))
        .filter_map(|(_, prediction)| prediction.as_ref())
        .collect();
    let harmless = examples.iter().filter(|one| is_harmless(one)).count();
    let of_quiet = |probability: fn(&Prediction) -> f32, of_a_thousand: usize| {
        let probabilities: Vec<f32> = quiet.iter().map(|prediction| probability(prediction)).collect();
        threshold(&probabilities, harmless * of_a_thousand / 1_000)
    };
    let thresholds = Thresholds {
        danger: of_quiet(|prediction| prediction.danger, MORE_FALSE_DANGERS_MAX),
        crisis: of_quiet(|prediction| prediction.crisis, MORE_FALSE_CRISES_MAX),
        demand: f32::INFINITY,
    };
    let classifier = fit::fit_embeddings(vectors.into_iter(), dimensions, labels).with_thresholds(thresholds);
    ValidatedEmbeddings { classifier, predictions }
}

/// The lowest threshold that at most so many of these reach; infinite, if there is none to go by.
fn threshold(probabilities: &[f32], allowed: usize) -> f32 {
    let mut probabilities = probabilities.to_vec();
    probabilities.sort_by(|a, b| b.total_cmp(a));
    let first_kept_out = match probabilities.get(allowed) {
        Some(probability) => *probability,
        None if probabilities.is_empty() => return f32::INFINITY,
        None => 0.0,
    };
    // Written with few digits, so that the file reads well; rounded up, so that the bound holds.
    ((first_kept_out * 1_000.0).floor() + 1.0) / 1_000.0
}
