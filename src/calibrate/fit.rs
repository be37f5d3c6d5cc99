//! Weights from samples: which sentence answers, by the likelihood of the answering sentences among all found; and
//! whether the best passage answers, by logistic regression. Both are convex but for the first one's sum over several
//! answers, and small, so that plain gradient steps with momentum find the same weights every time.

use std::collections::BTreeMap;

use super::samples::{Label, Sample};
use crate::math::{count, sigmoid, softmax};
use crate::ranking::{Feature, Mode, Signal};

/// Steps of a fit: at their end the gradient is flat
/// (`every_gradient_is_the_slope_of_its_loss_and_is_flat_where_the_fit_ends`).
const STEPS: usize = 800;
/// Size of a step.
const RATE: f64 = 0.1;
/// The ridge (L2 penalty) of a weight, per question: some hundred questions can't tell a weight of 30 from one of 10.
const RIDGE: f64 = 0.001;

/// The probability that a sentence is given which was not found at all.
const MISSED: f64 = 1e-4;

/// Adam, which scales each weight's step by its own gradients. Source: <https://arxiv.org/abs/1412.6980>.
fn descend(weights: &mut [f64], never_negative: bool, gradient: &dyn Fn(&[f64]) -> Vec<f64>) {
    const FIRST: f64 = 0.9;
    const SECOND: f64 = 0.999;
    const TINY: f64 = 1e-8;
    let (mut mean, mut spread) = (vec![0.0; weights.len()], vec![0.0; weights.len()]);
    let (mut first, mut second) = (1.0, 1.0);
    for _ in 0..STEPS {
        let slopes = gradient(weights);
        first *= FIRST;
        second *= SECOND;
        for (at, slope) in slopes.iter().enumerate() {
            mean[at] = FIRST * mean[at] + (1.0 - FIRST) * slope;
            spread[at] = SECOND * spread[at] + (1.0 - SECOND) * slope * slope;
            let step = mean[at] / (1.0 - first) / ((spread[at] / (1.0 - second)).sqrt() + TINY);
            weights[at] -= RATE * step;
            if never_negative {
                weights[at] = weights[at].max(0.0);
            }
        }
    }
}

/// A query group of listwise learning to rank: the sentences of one question as rows of signals, and which of them
/// answer.
struct QueryGroup {
    rows: Vec<Vec<f64>>,
    answers: Vec<bool>,
}

fn feature_rows(sample: &Sample, signals: &[Signal]) -> QueryGroup {
    let sentences = sample.hits.hits.iter().flat_map(|hit| {
        hit.sentences.iter().enumerate().map(move |(at, sentence)| {
            let row = signals.iter().map(|signal| sentence.signals[*signal as usize]).collect();
            (row, sample.gold.contains(&(hit.passage, at)))
        })
    });
    let (rows, answers) = sentences.unzip();
    QueryGroup { rows, answers }
}

impl QueryGroup {
    /// Probability of each sentence, and that of all that answer.
    fn probabilities(&self, weights: &[f64]) -> (Vec<f64>, f64) {
        let sum = |row: &Vec<f64>| row.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f64>();
        let all = softmax(&self.rows.iter().map(sum).collect::<Vec<f64>>());
        let right = all.iter().zip(&self.answers).filter(|(_, answers)| **answers).map(|(share, _)| share).sum();
        (all, right)
    }
}

/// Weights of the ranking; none is below zero.
pub(super) fn ranking(samples: &[&Sample], mode: Mode) -> BTreeMap<Signal, f64> {
    let signals = mode.signals();
    let groups: Vec<QueryGroup> = samples.iter().map(|sample| feature_rows(sample, &signals)).collect();
    let mut weights = vec![1.0; signals.len()];
    descend(&mut weights, true, &|weights| listwise_gradient(&groups, weights));
    signals.into_iter().zip(weights).collect()
}

/// The gradient of the mean negative log-likelihood of the answering sentences, with the ridge.
fn listwise_gradient(groups: &[QueryGroup], weights: &[f64]) -> Vec<f64> {
    let count = count(groups.len().max(1));
    let mut slopes: Vec<f64> = weights.iter().map(|weight| 2.0 * RIDGE * weight).collect();
    for group in groups {
        let (all, right) = group.probabilities(weights);
        for ((row, share), answers) in group.rows.iter().zip(&all).zip(&group.answers) {
            let wanted = if *answers { share / right.max(f64::MIN_POSITIVE) } else { 0.0 };
            for (slope, value) in slopes.iter_mut().zip(row) {
                *slope += (share - wanted) * value / count;
            }
        }
    }
    slopes
}

/// Logarithm of the probability that these weights give to the answering sentences.
pub(super) fn log_likelihood(sample: &Sample, ranking: &BTreeMap<Signal, f64>) -> f64 {
    let (signals, weights): (Vec<Signal>, Vec<f64>) = ranking.iter().map(|(signal, weight)| (*signal, *weight)).unzip();
    feature_rows(sample, &signals).probabilities(&weights).1.max(MISSED).ln()
}

/// Constant and weights of the confidence.
pub(super) fn confidence(samples: &[&Sample], mode: Mode) -> (f64, BTreeMap<Feature, f64>) {
    let features = mode.features();
    let rows: Vec<Vec<f64>> = samples.iter().map(|sample| sample.row(&features)).collect();
    let labels: Vec<bool> = samples.iter().map(|sample| sample.label == Label::Answerable).collect();
    let mut weights = logistic_regression(&rows, &labels, features.len());
    let intercept = weights.pop().unwrap_or_default();
    (intercept, features.into_iter().zip(weights).collect())
}

/// Weights of `width` features, then the constant, which no ridge draws to zero.
fn logistic_regression(rows: &[Vec<f64>], labels: &[bool], width: usize) -> Vec<f64> {
    let mut weights = vec![0.0; width + 1];
    descend(&mut weights, false, &|weights| logistic_gradient(rows, labels, weights));
    weights
}

fn logistic_gradient(rows: &[Vec<f64>], labels: &[bool], weights: &[f64]) -> Vec<f64> {
    let count = count(rows.len().max(1));
    let (last, of_features) = weights.split_last().unwrap_or((&0.0, &[]));
    let mut slopes: Vec<f64> = of_features.iter().map(|weight| RIDGE * weight).chain([0.0]).collect();
    for (row, label) in rows.iter().zip(labels) {
        let sum = last + row.iter().zip(of_features).map(|(value, weight)| value * weight).sum::<f64>();
        let error = sigmoid(sum) - f64::from(u8::from(*label));
        for (slope, value) in slopes.iter_mut().zip(row.iter().chain([&1.0])) {
            *slope += error * value / count;
        }
    }
    slopes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fifty rows of four numbers and a label that no line separates, the same everywhere.
    fn problem() -> (Vec<Vec<f64>>, Vec<bool>) {
        let mut state = 12_345_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 16) / 65_536.0
        };
        let mut example = || {
            let row: Vec<f64> = (0..4).map(|_| next()).collect();
            let score = 3.0 * row[0] - 2.0 * row[1] + 0.5 * row[2] - 0.7 + (next() - 0.5) * 2.0;
            // Three numbers that this problem does not use; the oracle was made with them.
            (0..3).for_each(|_| {
                next();
            });
            (row, score > 0.0)
        };
        (0..50).map(|_| example()).unzip()
    }

    fn groups() -> Vec<QueryGroup> {
        let (rows, labels) = problem();
        let group = |(rows, labels): (&[Vec<f64>], &[bool])| {
            let mut answers = labels.to_vec();
            answers[0] = true;
            QueryGroup { rows: rows.to_vec(), answers }
        };
        rows.chunks(5).zip(labels.chunks(5)).map(group).collect()
    }

    /// What scikit-learn 1.9.1 finds: `LogisticRegression(C=1 / (50 * 0.001), tol=1e-12)`.
    #[test]
    fn logistic_regression_finds_what_an_established_library_finds() {
        let (rows, labels) = problem();
        let fitted = logistic_regression(&rows, &labels, 4);
        let oracle = [8.149_100, -4.854_824, -0.437_836, -1.079_316, -0.215_045];
        for (ours, theirs) in fitted.iter().zip(oracle) {
            assert!((ours - theirs).abs() < 0.05, "{fitted:?}");
        }
    }

    #[test]
    fn every_gradient_is_the_slope_of_its_loss_and_is_flat_where_the_fit_ends() {
        const STEP: f64 = 1e-5;
        let groups = groups();
        let loss = |weights: &[f64]| {
            let likelihood = groups.iter().map(|group| group.probabilities(weights).1.ln()).sum::<f64>();
            let ridge: f64 = weights.iter().map(|weight| RIDGE * weight * weight).sum();
            ridge - likelihood / count(groups.len())
        };
        let weights = [0.5, 1.5, 0.2, 1.0];
        let gradient = listwise_gradient(&groups, &weights);
        for (at, slope) in gradient.iter().enumerate() {
            let moved = |by: f64| {
                let mut weights = weights;
                weights[at] += by;
                loss(&weights)
            };
            let measured = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
            assert!((measured - slope).abs() < 1e-6, "{measured} {slope}");
        }
        let mut fitted = weights.to_vec();
        descend(&mut fitted, true, &|weights| listwise_gradient(&groups, weights));
        for (slope, weight) in listwise_gradient(&groups, &fitted).iter().zip(&fitted) {
            // At zero a weight may want to fall further, and may not.
            assert!(slope.abs() < 1e-3 || (*weight <= 0.0 && *slope > 0.0), "{slope} at {weight}");
        }
    }
}
