//! A linear classifier: a weight for each label and each hashed feature of a message, or each number of its embedding
//! vector.
//!
//! Its weights are int8-quantized and stand in a file that `seventh train-alerts` writes and nobody edits. Here it is
//! read and asked; `features` knows what a feature is, `training` where weights come from.

use serde::{Deserialize, Serialize};

use crate::diagnostics::{self, Diagnostic};
use crate::hash::fnv1a;

/// The label of a message without danger; the classifier's first.
pub const NONE: &str = "none";

/// The label of a message without danger that demands what no quotation can give.
pub const DEMAND: &str = "demand";

/// The flag that has a threshold of its own.
pub const CRISIS: &str = "crisis";

/// A weight is written as one character, from `0` (lowest) over `P` (nothing) to `o` (highest).
const QUANTIZED_MIN: u8 = b'0';
const QUANTIZED_ZERO: u8 = b'P';
const QUANTIZED_MAX: u8 = b'o';
/// The largest weight before scaling.
pub const WEIGHT_MAX: i8 = 31;

/// The weights and thresholds of a classifier.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearClassifier {
    parameters: Parameters,
    /// A row of weights, one for each label, for each feature index.
    weights: Vec<i8>,
}

/// Everything but the weights.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parameters {
    /// Digest of everything that it was trained on (`training::Inputs`).
    pub trained_on: String,
    /// [`NONE`] and [`DEMAND`], then the flags, in the order of a row.
    pub labels: Vec<String>,
    /// How many feature indexes features are hashed to, or how many numbers a vector has.
    pub dimensions: u32,
    /// Digest of the embedding model whose vectors it reads; none if it reads features.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embedder: Option<String>,
    /// From this probability of any danger to the body on, the most likely one is raised.
    pub danger_threshold: f32,
    /// From this probability of a crisis on, it is raised.
    pub crisis_threshold: f32,
    /// From this probability of a demand on, the message is taken for one.
    pub demand_threshold: f32,
    /// What a message without any known feature scores, for each label.
    pub biases: Vec<f32>,
    /// What a weight of 1 counts, for each label.
    pub scales: Vec<f32>,
}

/// The probabilities from which on a classifier raises something: from 0 to 1, or infinite for never.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Any danger to the body.
    pub danger: f32,
    /// A crisis.
    pub crisis: f32,
    /// A demand.
    pub demand: f32,
}

/// The file, key by key: the [`Parameters`], then the weights. No `flatten`, through which unknown keys would go
/// unseen.
#[derive(Deserialize)]
struct RawFile {
    trained_on: String,
    labels: Vec<String>,
    dimensions: u32,
    embedder: Option<String>,
    danger_threshold: f32,
    crisis_threshold: f32,
    demand_threshold: f32,
    biases: Vec<f32>,
    scales: Vec<f32>,
    weights: String,
}

impl RawFile {
    fn into_parts(self) -> (Parameters, String) {
        let parameters = Parameters {
            trained_on: self.trained_on,
            labels: self.labels,
            dimensions: self.dimensions,
            embedder: self.embedder,
            danger_threshold: self.danger_threshold,
            crisis_threshold: self.crisis_threshold,
            demand_threshold: self.demand_threshold,
            biases: self.biases,
            scales: self.scales,
        };
        (parameters, self.weights)
    }
}

impl LinearClassifier {
    /// A classifier of weights that are quantized already, row after row.
    pub const fn new(parameters: Parameters, weights: Vec<i8>) -> Self {
        Self { parameters, weights }
    }

    /// The same weights with other thresholds.
    #[must_use]
    pub fn with_thresholds(mut self, thresholds: Thresholds) -> Self {
        let Thresholds { danger: danger_threshold, crisis: crisis_threshold, demand: demand_threshold } = thresholds;
        self.parameters = Parameters { danger_threshold, crisis_threshold, demand_threshold, ..self.parameters };
        self
    }

    /// The same classifier with its provenance: the digest of what it was trained on, and that of the embedding model.
    #[must_use]
    pub fn with_provenance(mut self, trained_on: String, embedder: Option<String>) -> Self {
        self.parameters = Parameters { trained_on, embedder, ..self.parameters };
        self
    }

    /// Whether it was trained in one run with another classifier: on the same files, for the same labels.
    pub fn is_of_same_training_run(&self, other: &Self) -> bool {
        let of = |classifier: &Self| {
            let Parameters { trained_on, labels, .. } = &classifier.parameters;
            (trained_on.clone(), labels.clone())
        };
        of(self) == of(other)
    }

    /// Everything but the weights.
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The weights of a feature index, one for each label.
    pub fn row(&self, index: u32) -> &[i8] {
        let width = self.parameters.labels.len();
        let start = usize::try_from(index).unwrap_or(usize::MAX).saturating_mul(width);
        self.weights.get(start..start.saturating_add(width)).unwrap_or_default()
    }

    /// What each label scores, in the order of [`Parameters::labels`], for a message with these feature indexes, each
    /// of them once.
    pub fn scores(&self, indexes: &[u32]) -> Vec<f32> {
        let mut sums = vec![0_i32; self.parameters.labels.len()];
        for index in indexes {
            for (sum, weight) in sums.iter_mut().zip(self.row(*index)) {
                *sum += i32::from(*weight);
            }
        }
        let share = per_feature(indexes.len());
        let scores = sums.iter().zip(&self.parameters.scales).zip(&self.parameters.biases);
        #[expect(clippy::cast_precision_loss, reason = "sums of a few thousand small weights are exact in f32")]
        let score = |((sum, scale), bias): ((&i32, &f32), &f32)| bias + *sum as f32 * scale * share;
        scores.map(score).collect()
    }

    /// What each label scores for a message with this vector.
    pub fn vector_scores(&self, vector: &[f32]) -> Vec<f32> {
        let mut sums = vec![0.0_f32; self.parameters.labels.len()];
        for (index, number) in (0..).zip(vector) {
            for (sum, weight) in sums.iter_mut().zip(self.row(index)) {
                *sum += f32::from(*weight) * number;
            }
        }
        let scores = sums.iter().zip(&self.parameters.scales).zip(&self.parameters.biases);
        scores.map(|((sum, scale), bias)| bias + sum * scale).collect()
    }

    /// The file's text.
    ///
    /// # Errors
    ///
    /// When the parameters can't be written as TOML.
    pub fn to_text(&self) -> Result<String, toml::ser::Error> {
        let parameters = toml::to_string(&self.parameters)?;
        let mut text = format!("# Written by `seventh train-alerts`; do not edit.\n{parameters}weights = '''\n");
        for row in self.weights.chunks(self.parameters.labels.len().max(1)) {
            text.extend(row.iter().map(|weight| char::from(QUANTIZED_ZERO.saturating_add_signed(*weight))));
            text.push('\n');
        }
        text.push_str("'''\n");
        Ok(text)
    }
}

/// How much one feature of a message counts: less, the more there are.
#[expect(clippy::cast_precision_loss, reason = "a message has a few thousand features at most")]
pub fn per_feature(features: usize) -> f32 {
    1.0 / (features.max(1) as f32).sqrt()
}

/// Feature hashing: the index of a feature among so many. Its name comes in parts, so that it need not be put together.
pub(super) fn feature_index(feature: &[&str], dimensions: u32) -> u32 {
    let hash = fnv1a(feature);
    // The low bits of FNV-1a are its weakest.
    (hash ^ (hash >> 15)) % dimensions.max(1)
}

/// Scores to probabilities that add up to 1.
pub fn softmax(mut scores: Vec<f32>) -> Vec<f32> {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in &mut scores {
        *score = (*score - highest).exp();
        sum += *score;
    }
    for score in &mut scores {
        *score /= sum;
    }
    scores
}

impl Default for LinearClassifier {
    /// A classifier that knows nothing and raises nothing.
    fn default() -> Self {
        let parameters = Parameters {
            trained_on: String::new(),
            labels: Vec::new(),
            dimensions: 1,
            embedder: None,
            danger_threshold: f32::INFINITY,
            crisis_threshold: f32::INFINITY,
            demand_threshold: f32::INFINITY,
            biases: Vec::new(),
            scales: Vec::new(),
        };
        Self::new(parameters, Vec::new())
    }
}

/// Reads a classifier's file.
///
/// # Errors
///
/// What is wrong with it.
pub fn read(file: &str, text: &str) -> Result<LinearClassifier, Vec<Diagnostic>> {
    let (parameters, weights) = diagnostics::toml::read::<RawFile>(file, text)?.into_parts();
    let weight = |byte: u8| match byte {
        QUANTIZED_MIN..=QUANTIZED_MAX => i8::try_from(i16::from(byte) - i16::from(QUANTIZED_ZERO)).ok(),
        _ => None,
    };
    let weights: Vec<i8> = weights.bytes().filter(|byte| !byte.is_ascii_whitespace()).map_while(weight).collect();
    let width = parameters.labels.len();
    let fits = parameters.labels.first().is_some_and(|label| label == NONE)
        && [parameters.biases.len(), parameters.scales.len()] == [width, width]
        && usize::try_from(parameters.dimensions).is_ok_and(|rows| weights.len() == rows * width);
    if fits {
        return Ok(LinearClassifier::new(parameters, weights));
    }
    Err(vec![Diagnostic::error(file, None, "the classifier is not whole; write it again with `seventh train-alerts`")])
}
