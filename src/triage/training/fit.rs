//! Fitting: softmax regression by stochastic gradient descent (Adagrad), in a fixed order, then int8 quantization.

use super::featurize::TrainingExample;
use crate::embedding::Vector;
use crate::triage::classifier::{LinearClassifier, Parameters, WEIGHT_MAX, per_feature, softmax};

/// How many indexes features are hashed to. Half as many cost 2 dangers of 100 in cross-validation.
pub(super) const DIMENSIONS: u32 = 1 << 15;

/// How often every example is seen: on 18,000 examples, further epochs changed no figure of cross-validation.
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
    /// How often every example is seen.
    epochs: usize,
}

const OF_WORDS: Settings = Settings { learning_rate: 0.2, weight_decay: 5e-4, epochs: EPOCHS };
/// Few numbers, none of them nothing: shorter steps.
const OF_EMBEDDINGS: Settings = Settings { learning_rate: 0.05, weight_decay: 5e-4, epochs: EPOCHS };

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

    /// The gradient of an example's loss with respect to each label's score: its probability, less 1 for the right
    /// label.
    fn errors(&self, example: &FeatureVector) -> Vec<f32> {
        let mut errors = softmax(self.scores(&example.numbers, &example.before));
        if let Some(right) = errors.get_mut(example.label) {
            *right -= 1.0;
        }
        errors
    }

    /// One step of gradient descent towards the label of one example.
    fn descend(&mut self, example: &FeatureVector, settings: &Settings) {
        let errors = self.errors(example);
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

/// A classifier without thresholds, fitted on what the embeddings of some examples say beyond their words. An example
/// is its label, its vector, and what a classifier of words that has not seen it scores for it.
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
    quantized(&fit_weights(examples, dimensions, labels.len(), settings), dimensions, labels)
}

fn fit_weights(examples: &[FeatureVector], dimensions: u32, width: usize, settings: &Settings) -> Weights {
    let size = dimensions as usize * width;
    let mut weights =
        Weights { width, of_features: vec![0.0; size], squares: vec![0.0; size], biases: vec![0.0; width] };
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut state = 0x2545_f491_4f6c_dd1d;
    let mut sums = vec![0.0_f32; size];
    for epoch in 0..settings.epochs {
        shuffle(&mut order, &mut state);
        for example in order.iter().filter_map(|at| examples.get(*at)) {
            weights.descend(example, settings);
        }
        if epoch + AVERAGED_EPOCHS >= settings.epochs {
            sums.iter_mut().zip(&weights.of_features).for_each(|(sum, weight)| *sum += weight);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a small constant")]
    let share = 1.0 / AVERAGED_EPOCHS as f32;
    weights.of_features = sums.into_iter().map(|sum| sum * share).collect();
    weights
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

#[cfg(test)]
mod tests {
    use super::*;

    const FEATURES: u32 = 4;
    const LABELS: usize = 3;

    /// Fifty examples of three labels that no line separates, the same everywhere.
    fn examples() -> Vec<FeatureVector> {
        let mut state = 12_345_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f32::from(u16::try_from(state >> 16).unwrap_or_default()) / 65_536.0
        };
        let mut example = || {
            let row = [next(), next(), next(), next()];
            // One number that this problem does not use; `oracle` was made with it.
            next();
            let scores = [2.0 * row[0] + next(), 2.0 * row[1] + next(), 2.0 * row[2] + next()];
            let label = (0..LABELS).fold(0, |best, at| if scores[at] > scores[best] { at } else { best });
            FeatureVector { numbers: (0..FEATURES).zip(row).collect(), before: Vec::new(), label }
        };
        (0..50).map(|_| example()).collect()
    }

    fn loss(weights: &Weights, example: &FeatureVector) -> f32 {
        -softmax(weights.scores(&example.numbers, &[]))[example.label].ln()
    }

    /// The same problem solved by scikit-learn 1.9.1: `LogisticRegression(C=1 / (50 * 5e-4), tol=1e-12)`.
    fn oracle() -> Weights {
        let of_features = vec![
            4.077_743, -2.140_343, -1.937_399, -0.899_98, 4.356_26, -3.456_281, -3.202_299, -2.907_266, 6.109_565,
            -0.178_990, -0.122_663, 0.301_654,
        ];
        let biases = vec![0.224_906, 0.879_658, -1.104_565];
        Weights { width: LABELS, squares: vec![0.0; of_features.len()], of_features, biases }
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        const STEP: f32 = 1e-2;
        for example in &examples() {
            let errors = oracle().errors(example);
            for (index, number) in &example.numbers {
                for (label, error) in errors.iter().enumerate() {
                    let at = *index as usize * LABELS + label;
                    let moved = |by: f32| {
                        let mut weights = oracle();
                        weights.of_features[at] += by;
                        loss(&weights, example)
                    };
                    let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
                    assert!((slope - error * number).abs() < 2e-3, "{slope} {}", error * number);
                }
            }
        }
    }

    #[test]
    fn given_time_the_fit_finds_what_an_established_library_finds() {
        let settings = Settings { epochs: 4_000, ..OF_WORDS };
        let examples = examples();
        let (fitted, oracle) = (fit_weights(&examples, FEATURES, LABELS, &settings), oracle());
        for example in &examples {
            let probabilities = |weights: &Weights| softmax(weights.scores(&example.numbers, &[]));
            let pairs = probabilities(&fitted).into_iter().zip(probabilities(&oracle));
            let furthest = pairs.map(|(ours, theirs)| (ours - theirs).abs()).fold(0.0, f32::max);
            assert!(furthest < 0.03, "a probability is off by {furthest}");
        }
    }
}
