//! `alert_model.toml` and `alert_meaning.toml`: what the second reader learned from examples, as data.
//!
//! Linear models: a weight for each flag and each hashed feature of a message, or each number of its embedding vector.
//! `seventh train-alerts` writes the files, nobody edits them. Here they are read and asked; `question::second_reader` knows what
//! a feature is, `training` where weights come from.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::lint::Problem;
use super::red_flags;
use crate::hash::{fnv1a, hex};
use crate::toml_file;

/// The file's name in the corpus folder.
pub const FILE: &str = "alert_model.toml";

/// The file of the part that reads embedding vectors, where an embedding model is installed.
pub const MEANING_FILE: &str = "alert_meaning.toml";

/// The file of the labelled messages that it learns from. It is not part of a generation: only the model is.
pub const EXAMPLES_FILE: &str = "alert_examples.csv";

/// The model as it was when the program was built: what is used while no generation can be.
pub(super) const BUILT_IN: &str = include_str!("../../corpus/alert_model.toml");

/// The same for the part that reads embedding vectors.
pub(super) const BUILT_IN_MEANING: &str = include_str!("../../corpus/alert_meaning.toml");

/// The label of a message without danger; the model's first.
pub const NONE: &str = "none";

/// The label of a message without danger that demands what no quotation can give.
pub const DEMAND: &str = "demand";

/// The flag that has a cut-off of its own.
pub const CRISIS: &str = "crisis";

/// A weight is written as one character, from `0` (lowest) over `P` (nothing) to `o` (highest).
const LOWEST: u8 = b'0';
const NOTHING: u8 = b'P';
const HIGHEST: u8 = b'o';
/// The largest weight before scaling.
pub const WEIGHT_MAX: i8 = 31;

/// The second reader's weights and cut-offs.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertModel {
    head: Head,
    /// A row of weights for each bucket.
    weights: Vec<i8>,
}

/// Everything but the weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Digest of the rules that it was trained with.
    pub rules: String,
    /// Digest of the examples that it was trained with.
    pub examples: String,
    /// [`NONE`] and [`DEMAND`], then the flags, in the order of a row.
    pub labels: Vec<String>,
    /// Into how many buckets features are hashed, or how many numbers a vector has.
    pub buckets: u32,
    /// Digest of the embedding model whose vectors it reads; none if it reads features.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embedder: Option<String>,
    /// From which chance of any danger to the body the most likely one is raised.
    pub danger_from: f32,
    /// From which chance of a crisis it is raised.
    pub crisis_from: f32,
    /// From which chance of a demand it is taken for one.
    pub demand_from: f32,
    /// What a message of which nothing is known scores, for each label.
    pub biases: Vec<f32>,
    /// What a weight of 1 counts, for each label.
    pub scales: Vec<f32>,
}

/// From which chances the model speaks; all of them from 0 to 1, or infinite for never.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CutOffs {
    /// Any danger to the body.
    pub danger: f32,
    /// A crisis.
    pub crisis: f32,
    /// A demand.
    pub demand: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(flatten)]
    head: Head,
    weights: String,
}

impl AlertModel {
    /// A model of weights that were rounded already: a row of each bucket's weights after the other.
    pub const fn new(head: Head, weights: Vec<i8>) -> Self {
        Self { head, weights }
    }

    /// The same weights with other cut-offs.
    #[must_use]
    pub fn with_cut_offs(mut self, cut_offs: CutOffs) -> Self {
        let CutOffs { danger: danger_from, crisis: crisis_from, demand: demand_from } = cut_offs;
        self.head = Head { danger_from, crisis_from, demand_from, ..self.head };
        self
    }

    /// The same model with the digests of what it was trained with.
    #[must_use]
    pub fn trained_with(mut self, rules: &[u8], examples: &[u8], embedder: Option<String>) -> Self {
        self.head = Head { rules: digest(rules), examples: digest(examples), embedder, ..self.head };
        self
    }

    /// What to say when a file that it was trained with has changed since; `None` for a file that is not there.
    pub fn outgrown(&self, rules: Option<&[u8]>, examples: Option<&[u8]>) -> Option<Problem> {
        let changed = |file: Option<&[u8]>, then: &str| file.is_some_and(|file| digest(file) != then);
        let newer = match (changed(rules, &self.head.rules), changed(examples, &self.head.examples)) {
            (true, _) => red_flags::FILE,
            (_, true) => EXAMPLES_FILE,
            _ => return None,
        };
        let message =
            format!("{newer} has changed since the second reader learned from it; run `seventh train-alerts`");
        Some(Problem::warning(FILE, None, message))
    }

    /// Whether it was trained together with another model: on the same files, for the same labels.
    pub fn is_twin_of(&self, other: &Self) -> bool {
        let of = |model: &Self| {
            let Head { rules, examples, labels, .. } = &model.head;
            (rules.clone(), examples.clone(), labels.clone())
        };
        of(self) == of(other)
    }

    /// Everything but the weights.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// What a bucket adds for each label.
    pub fn row(&self, bucket: u32) -> &[i8] {
        let width = self.head.labels.len();
        let start = usize::try_from(bucket).unwrap_or(usize::MAX).saturating_mul(width);
        self.weights.get(start..start.saturating_add(width)).unwrap_or_default()
    }

    /// What each label scores, in the order of [`Head::labels`], for a message with these buckets, each of them once.
    pub fn scores(&self, buckets: &[u32]) -> Vec<f32> {
        let mut sums = vec![0_i32; self.head.labels.len()];
        for bucket in buckets {
            for (sum, weight) in sums.iter_mut().zip(self.row(*bucket)) {
                *sum += i32::from(*weight);
            }
        }
        let share = per_feature(buckets.len());
        let scores = sums.iter().zip(&self.head.scales).zip(&self.head.biases);
        #[expect(clippy::cast_precision_loss, reason = "sums of a few thousand small weights are exact in f32")]
        let score = |((sum, scale), bias): ((&i32, &f32), &f32)| bias + *sum as f32 * scale * share;
        scores.map(score).collect()
    }

    /// What each label scores for a message with this vector.
    pub fn scores_of(&self, vector: &[f32]) -> Vec<f32> {
        let mut sums = vec![0.0_f32; self.head.labels.len()];
        for (bucket, number) in (0..).zip(vector) {
            for (sum, weight) in sums.iter_mut().zip(self.row(bucket)) {
                *sum += f32::from(*weight) * number;
            }
        }
        let scores = sums.iter().zip(&self.head.scales).zip(&self.head.biases);
        scores.map(|((sum, scale), bias)| bias + sum * scale).collect()
    }

    /// The file's text.
    ///
    /// # Errors
    ///
    /// When the head can't be written as TOML.
    pub fn written(&self) -> Result<String, toml::ser::Error> {
        let head = toml::to_string(&self.head)?;
        let mut text = format!("# Written by `seventh train-alerts`; do not edit.\n{head}weights = '''\n");
        for row in self.weights.chunks(self.head.labels.len().max(1)) {
            text.extend(row.iter().map(|weight| char::from(NOTHING.saturating_add_signed(*weight))));
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

/// The bucket of a feature among so many. Its name comes in parts, so that it need not be put together.
pub fn bucket(feature: &[&str], buckets: u32) -> u32 {
    let hash = fnv1a(feature);
    // The low bits of FNV-1a are its weakest.
    (hash ^ (hash >> 15)) % buckets.max(1)
}

/// The beginning of a file's digest: enough to see that it changed.
fn digest(file: &[u8]) -> String {
    hex(&Sha256::digest(file)[..6])
}

/// Scores to chances that add up to 1.
pub fn chances(mut scores: Vec<f32>) -> Vec<f32> {
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

impl Default for AlertModel {
    /// A model that knows nothing and raises nothing.
    fn default() -> Self {
        let head = Head {
            rules: String::new(),
            examples: String::new(),
            labels: Vec::new(),
            buckets: 1,
            embedder: None,
            danger_from: f32::INFINITY,
            crisis_from: f32::INFINITY,
            demand_from: f32::INFINITY,
            biases: Vec::new(),
            scales: Vec::new(),
        };
        Self::new(head, Vec::new())
    }
}

/// Reads a model's file.
///
/// # Errors
///
/// What is wrong with it.
pub fn read(file: &str, text: &str) -> Result<AlertModel, Vec<Problem>> {
    let raw: RawFile = toml_file::parse(text).map_err(|mistakes| {
        mistakes.iter().map(|mistake| Problem::from_mistake(file, 0, mistake)).collect::<Vec<_>>()
    })?;
    let weight = |byte: u8| match byte {
        LOWEST..=HIGHEST => i8::try_from(i16::from(byte) - i16::from(NOTHING)).ok(),
        _ => None,
    };
    let weights: Vec<i8> = raw.weights.bytes().filter(|byte| *byte != b'\n').map_while(weight).collect();
    let head = raw.head;
    let width = head.labels.len();
    let fits = head.labels.first().is_some_and(|label| label == NONE)
        && [head.biases.len(), head.scales.len()] == [width, width]
        && usize::try_from(head.buckets).is_ok_and(|buckets| weights.len() == buckets * width);
    if fits {
        return Ok(AlertModel::new(head, weights));
    }
    Err(vec![Problem::error(file, None, "the model is not whole; write it again with `seventh train-alerts`")])
}
