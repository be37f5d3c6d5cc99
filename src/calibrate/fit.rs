//! Weights from samples: which sentence answers, by the likelihood of the answering sentences among all found; and whether the
//! best passage answers, by logistic regression. Both are convex but for the first one's sum over several answers, and small, so that
//! plain gradient steps with momentum find the same weights every time.

use std::collections::BTreeMap;

use super::samples::{Label, Sample};
use super::{features, signals};
use crate::math::{count, sigmoid, softmax};
use crate::ranking::{Feature, Mode, Signal};

/// Steps of a fit; the figures stand still long before.
const STEPS: usize = 800;
/// Size of a step.
const RATE: f64 = 0.1;
/// How much large weights cost, per question: some hundred questions can't tell a weight of 30 from one of 10.
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

/// A query group of listwise learning to rank: the sentences of one question as rows of signals, and which of them answer.
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
    let signals = signals(mode);
    let lists: Vec<QueryGroup> = samples.iter().map(|sample| feature_rows(sample, &signals)).collect();
    let groups = count(lists.len().max(1));
    let mut weights = vec![1.0; signals.len()];
    descend(&mut weights, true, &|weights| {
        let mut slopes: Vec<f64> = weights.iter().map(|weight| 2.0 * RIDGE * weight).collect();
        for list in &lists {
            let (all, right) = list.probabilities(weights);
            for ((row, share), answers) in list.rows.iter().zip(&all).zip(&list.answers) {
                let wanted = if *answers { share / right.max(f64::MIN_POSITIVE) } else { 0.0 };
                for (slope, value) in slopes.iter_mut().zip(row) {
                    *slope += (share - wanted) * value / groups;
                }
            }
        }
        slopes
    });
    signals.into_iter().zip(weights).collect()
}

/// Logarithm of the probability that these weights give to the answering sentences.
pub(super) fn log_likelihood(sample: &Sample, ranking: &BTreeMap<Signal, f64>) -> f64 {
    let (signals, weights): (Vec<Signal>, Vec<f64>) = ranking.iter().map(|(signal, weight)| (*signal, *weight)).unzip();
    feature_rows(sample, &signals).probabilities(&weights).1.max(MISSED).ln()
}

/// Constant and weights of the confidence.
pub(super) fn confidence(samples: &[&Sample], mode: Mode) -> (f64, BTreeMap<Feature, f64>) {
    let features = features(mode);
    let rows: Vec<Vec<f64>> = samples.iter().map(|sample| sample.row(&features)).collect();
    let examples = count(rows.len().max(1));
    let mut weights = vec![0.0; features.len() + 1];
    descend(&mut weights, false, &|weights| {
        let (last, of_features) = weights.split_last().unwrap_or((&0.0, &[]));
        let mut slopes: Vec<f64> = of_features.iter().map(|weight| RIDGE * weight).chain([0.0]).collect();
        for (row, sample) in rows.iter().zip(samples) {
            let sum = last + row.iter().zip(of_features).map(|(value, weight)| value * weight).sum::<f64>();
            let error = sigmoid(sum) - f64::from(u8::from(sample.label == Label::Answerable));
            for (slope, value) in slopes.iter_mut().zip(row.iter().chain([&1.0])) {
                *slope += error * value / examples;
            }
        }
        slopes
    });
    let intercept = weights.pop().unwrap_or_default();
    (intercept, features.into_iter().zip(weights).collect())
}
