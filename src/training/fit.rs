//! Fitting: softmax regression by stochastic gradient descent (Adagrad), in a fixed order, rounded to small weights.

use super::Taught;
use crate::corpus::alert_model::{AlertModel, Head, WEIGHT_MAX, chances, per_feature};
use crate::semantic::Vector;

/// Into how many buckets features are hashed. Half as many cost 2 dangers of 100 in cross-validation.
pub(super) const BUCKETS: u32 = 1 << 15;

/// How often every example is seen.
const ROUNDS: usize = 25;
/// Of how many of the last rounds the weights are averaged, so that the order of the examples matters less.
const AVERAGED: usize = 12;
/// Length of a step for what a message scores without anything known of it.
const BIAS_STEP: f32 = 0.02;

/// How weights are fitted.
struct Settings {
    /// Length of a step.
    step: f32,
    /// How strongly weights are drawn to zero at each step.
    decay: f32,
}

const OF_WORDS: Settings = Settings { step: 0.2, decay: 5e-4 };
/// Few numbers, none of them nothing: shorter steps.
const OF_MEANING: Settings = Settings { step: 0.05, decay: 5e-4 };

/// Weights before rounding.
struct Weights {
    width: usize,
    of_buckets: Vec<f32>,
    squares: Vec<f32>,
    biases: Vec<f32>,
}

impl Weights {
    fn range(&self, bucket: u32) -> std::ops::Range<usize> {
        let start = bucket as usize * self.width;
        start..start + self.width
    }

    fn scores(&self, seen: &[(u32, f32)], before: &[f32]) -> Vec<f32> {
        let mut scores = self.biases.clone();
        scores.iter_mut().zip(before).for_each(|(score, before)| *score += before);
        for (bucket, number) in seen {
            for (score, weight) in scores.iter_mut().zip(self.of_buckets.get(self.range(*bucket)).unwrap_or_default()) {
                *score += weight * number;
            }
        }
        scores
    }

    /// One step towards the label of one example.
    fn learn(&mut self, example: &Seen, settings: &Settings) {
        let mut errors = chances(self.scores(&example.numbers, &example.before));
        if let Some(right) = errors.get_mut(example.label) {
            *right -= 1.0;
        }
        for (bias, error) in self.biases.iter_mut().zip(&errors) {
            *bias -= BIAS_STEP * error;
        }
        for (bucket, number) in &example.numbers {
            let range = self.range(*bucket);
            let (Some(weights), Some(squares)) = (self.of_buckets.get_mut(range.clone()), self.squares.get_mut(range))
            else {
                continue;
            };
            for ((weight, square), error) in weights.iter_mut().zip(squares).zip(&errors) {
                let slope = error * number + settings.decay * *weight;
                *square += slope * slope;
                *weight -= settings.step * slope / (square.sqrt() + 1e-3);
            }
        }
    }
}

/// An example as fitting sees it.
struct Seen {
    /// Buckets, or places in a vector, with what stands there.
    numbers: Vec<(u32, f32)>,
    /// What each label scores before anything is learned from it.
    before: Vec<f32>,
    label: usize,
}

/// A model without cut-offs that has learned from the words of some examples.
pub(super) fn fit<'a>(taught: impl Iterator<Item = &'a Taught>, labels: &[String]) -> AlertModel {
    let seen = |one: &Taught| {
        let buckets = &one.lesson.whole;
        let share = per_feature(buckets.len());
        Seen { numbers: buckets.iter().map(|bucket| (*bucket, share)).collect(), before: Vec::new(), label: one.label }
    };
    let examples: Vec<Seen> = taught.map(seen).collect();
    fitted(&examples, BUCKETS, labels, &OF_WORDS)
}

/// A model without cut-offs that has learned from the vectors of some examples what their words do not say. An example is its
/// label, its vector, and what a model of words that has not seen it scores for it.
pub(super) fn fit_meaning<'a>(
    examples: impl Iterator<Item = (usize, &'a Vector, Vec<f32>)>,
    dimensions: usize,
    labels: &[String],
) -> AlertModel {
    let seen = |(label, vector, before): (usize, &Vector, Vec<f32>)| Seen {
        numbers: (0..).zip(vector.iter().copied()).collect(),
        before,
        label,
    };
    let examples: Vec<Seen> = examples.map(seen).collect();
    fitted(&examples, u32::try_from(dimensions).unwrap_or_default(), labels, &OF_MEANING)
}

fn fitted(examples: &[Seen], buckets: u32, labels: &[String], settings: &Settings) -> AlertModel {
    let size = buckets as usize * labels.len();
    let mut weights = Weights {
        width: labels.len(),
        of_buckets: vec![0.0; size],
        squares: vec![0.0; size],
        biases: vec![0.0; labels.len()],
    };
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut state = 0x2545_f491_4f6c_dd1d;
    let mut sums = vec![0.0_f32; size];
    for round in 0..ROUNDS {
        shuffle(&mut order, &mut state);
        for example in order.iter().filter_map(|at| examples.get(*at)) {
            weights.learn(example, settings);
        }
        if round + AVERAGED >= ROUNDS {
            sums.iter_mut().zip(&weights.of_buckets).for_each(|(sum, weight)| *sum += weight);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a small constant")]
    let share = 1.0 / AVERAGED as f32;
    weights.of_buckets = sums.into_iter().map(|sum| sum * share).collect();
    rounded(&weights, buckets, labels)
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
fn rounded(weights: &Weights, buckets: u32, labels: &[String]) -> AlertModel {
    let of_label = |label: usize| weights.of_buckets.iter().skip(label).step_by(weights.width);
    let largest = |label: usize| of_label(label).fold(1e-6_f32, |largest, weight| largest.max(weight.abs()));
    let scales: Vec<f32> = (0..labels.len()).map(|label| largest(label) / f32::from(WEIGHT_MAX)).collect();
    let small = weights.of_buckets.chunks(weights.width).flat_map(|row| {
        row.iter().zip(&scales).map(|(weight, scale)| (weight / scale).round() as i8).collect::<Vec<i8>>()
    });
    let head = Head {
        rules: String::new(),
        examples: String::new(),
        labels: labels.to_vec(),
        buckets,
        embedder: None,
        danger_from: f32::INFINITY,
        crisis_from: f32::INFINITY,
        demand_from: f32::INFINITY,
        biases: weights.biases.clone(),
        scales: scales.clone(),
    };
    AlertModel::new(head, small.collect())
}
