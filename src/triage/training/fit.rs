//! Fitting: softmax regression by stochastic gradient descent (Adagrad), in a fixed order, then int8 quantization.

use super::featurize::TrainingExample;
use crate::embedding::Vector;
use crate::triage::classifier::{LinearClassifier, Parameters, WEIGHT_MAX, per_feature, softmax};

/// How many indexes features are hashed to. Half as many cost 2 dangers of 100 in cross-validation.
pub(super) const DIMENSIONS: u32 = 1 << 15;

/// How often every example is seen.
const EPOCHS: usize = 25;
/// Of how many of the last epochs the weights are averaged, so that the order of the examples matters less.
const AVERAGED_EPOCHS: usize = 12;
/// Learning rate of the biases.
const BIAS_LEARNING_RATE: f32 = 0.02;

/// How weights are fitted.
struct Settings {
    /// Length of a step.
    learning_rate: f32,
    /// How strongly weights are drawn to zero at each step.
    weight_decay: f32,
}

const OF_WORDS: Settings = Settings { learning_rate: 0.2, weight_decay: 5e-4 };
/// Few numbers, none of them nothing: shorter steps.
const OF_EMBEDDINGS: Settings = Settings { learning_rate: 0.05, weight_decay: 5e-4 };

/// Weights before rounding.
struct Weights {
    width: usize,
    of_features: Vec<f32>,
    squares: Vec<f32>,
    biases: Vec<f32>,
}

impl Weights {
    fn range(&self, index: u32) -> std::ops::Range<usize> {
        let start = index as usize * self.width;
        start..start + self.width
    }

    fn scores(&self, seen: &[(u32, f32)], before: &[f32]) -> Vec<f32> {
        let mut scores = self.biases.clone();
        scores.iter_mut().zip(before).for_each(|(score, before)| *score += before);
        for (index, number) in seen {
            for (score, weight) in scores.iter_mut().zip(self.of_features.get(self.range(*index)).unwrap_or_default()) {
                *score += weight * number;
            }
        }
        scores
    }

    /// One step of gradient descent towards the label of one example.
    fn descend(&mut self, example: &FeatureVector, settings: &Settings) {
        let mut errors = softmax(self.scores(&example.numbers, &example.before));
        if let Some(right) = errors.get_mut(example.label) {
            *right -= 1.0;
        }
        for (bias, error) in self.biases.iter_mut().zip(&errors) {
            *bias -= BIAS_LEARNING_RATE * error;
        }
        for (index, number) in &example.numbers {
            let range = self.range(*index);
            let (Some(weights), Some(squares)) = (self.of_features.get_mut(range.clone()), self.squares.get_mut(range))
            else {
                continue;
            };
            for ((weight, square), error) in weights.iter_mut().zip(squares).zip(&errors) {
                let slope = error * number + settings.weight_decay * *weight;
                *square += slope * slope;
                *weight -= settings.learning_rate * slope / (square.sqrt() + 1e-3);
            }
        }
    }
}

/// An example as fitting sees it.
struct FeatureVector {
    /// Feature indexes, or places in a vector, with what stands there.
    numbers: Vec<(u32, f32)>,
    /// What each label scores before anything is learned from it.
    before: Vec<f32>,
    label: usize,
}

/// A classifier without thresholds, fitted on the features of some examples.
pub(super) fn fit<'a>(examples: impl Iterator<Item = &'a TrainingExample>, labels: &[String]) -> LinearClassifier {
    let seen = |one: &TrainingExample| {
        let indexes = &one.features.whole;
        let share = per_feature(indexes.len());
        let numbers = indexes.iter().map(|index| (*index, share)).collect();
        FeatureVector { numbers, before: Vec::new(), label: one.label }
    };
    let examples: Vec<FeatureVector> = examples.map(seen).collect();
    fit_vectors(&examples, DIMENSIONS, labels, &OF_WORDS)
}

/// A classifier without thresholds, fitted on what the embeddings of some examples say beyond their words. An example is its
/// label, its vector, and what a classifier of words that has not seen it scores for it.
pub(super) fn fit_embeddings<'a>(
    examples: impl Iterator<Item = (usize, &'a Vector, Vec<f32>)>,
    dimensions: usize,
    labels: &[String],
) -> LinearClassifier {
    let seen = |(label, vector, before): (usize, &Vector, Vec<f32>)| FeatureVector {
        numbers: (0..).zip(vector.iter().copied()).collect(),
        before,
        label,
    };
    let examples: Vec<FeatureVector> = examples.map(seen).collect();
    fit_vectors(&examples, u32::try_from(dimensions).unwrap_or_default(), labels, &OF_EMBEDDINGS)
}

fn fit_vectors(
    examples: &[FeatureVector],
    dimensions: u32,
    labels: &[String],
    settings: &Settings,
) -> LinearClassifier {
    let size = dimensions as usize * labels.len();
    let mut weights = Weights {
        width: labels.len(),
        of_features: vec![0.0; size],
        squares: vec![0.0; size],
        biases: vec![0.0; labels.len()],
    };
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut state = 0x2545_f491_4f6c_dd1d;
    let mut sums = vec![0.0_f32; size];
    for epoch in 0..EPOCHS {
        shuffle(&mut order, &mut state);
        for example in order.iter().filter_map(|at| examples.get(*at)) {
            weights.descend(example, settings);
        }
        if epoch + AVERAGED_EPOCHS >= EPOCHS {
            sums.iter_mut().zip(&weights.of_features).for_each(|(sum, weight)| *sum += weight);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a small constant")]
    let share = 1.0 / AVERAGED_EPOCHS as f32;
    weights.of_features = sums.into_iter().map(|sum| sum * share).collect();
    quantized(&weights, dimensions, labels)
}

/// Fisher-Yates with xorshift64: the same order everywhere.
fn shuffle(order: &mut [usize], state: &mut u64) {
    for last in (1..order.len()).rev() {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        let other = usize::try_from(*state % (last as u64 + 1)).unwrap_or_default();
        order.swap(last, other);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a rounded weight is between -31 and 31")]
fn quantized(weights: &Weights, dimensions: u32, labels: &[String]) -> LinearClassifier {
    let of_label = |label: usize| weights.of_features.iter().skip(label).step_by(weights.width);
    let largest = |label: usize| of_label(label).fold(1e-6_f32, |largest, weight| largest.max(weight.abs()));
    let scales: Vec<f32> = (0..labels.len()).map(|label| largest(label) / f32::from(WEIGHT_MAX)).collect();
    let small = weights.of_features.chunks(weights.width).flat_map(|row| {
        row.iter().zip(&scales).map(|(weight, scale)| (weight / scale).round() as i8).collect::<Vec<i8>>()
    });
    let parameters = Parameters {
        trained_on: String::new(),
        labels: labels.to_vec(),
        dimensions,
        embedder: None,
        danger_threshold: f32::INFINITY,
        crisis_threshold: f32::INFINITY,
        demand_threshold: f32::INFINITY,
        biases: weights.biases.clone(),
        scales: scales.clone(),
    };
    LinearClassifier::new(parameters, small.collect())
}
