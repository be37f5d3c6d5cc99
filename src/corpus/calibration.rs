//! `calibration.toml`: how features of a search become a confidence, and where the decisions lie.
//!
//! The numbers are data, fitted on questions, so that no code holds a hand-tuned one; `answer::confidence` applies them.

use serde::{Deserialize, Serialize};

use super::lint::Problem;
use crate::toml_file;

/// The file's name in the corpus folder.
pub(super) const FILE: &str = "calibration.toml";

/// The calibration as it was when the program was built, for a corpus folder that brings none.
pub(super) const BUILT_IN: &str = include_str!("../../corpus/calibration.toml");

/// A logistic model over the features of `answer::confidence`, and its cut-offs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// From here on the decision is `Answer`. Between 0 and 1.
    pub answer_from: f64,
    /// From here on, below `answer_from`, it is `Related`. Between 0 and 1.
    pub related_from: f64,
    /// Constant of the model.
    pub intercept: f64,
    /// Weights of the features.
    pub weights: Weights,
    /// What the model was fitted on and how; for editors.
    pub fitted: String,
}

/// Weights of the features, by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Share of the question's weight that no passage holds.
    pub unknown: f64,
    /// Logarithm of one plus the weight that the best passage holds.
    pub evidence: f64,
}

/// Reads the calibration and reports what is wrong with it.
pub(super) fn read(text: &str) -> (Option<Calibration>, Vec<Problem>) {
    match toml_file::parse::<Calibration>(text) {
        Ok(calibration) => {
            let ordered = 0.0 <= calibration.related_from
                && calibration.related_from <= calibration.answer_from
                && calibration.answer_from <= 1.0;
            let problems = if ordered {
                Vec::new()
            } else {
                vec![Problem::error(FILE, 1, "the cut-offs must be in order: 0 <= related_from <= answer_from <= 1")]
            };
            (Some(calibration), problems)
        }
        Err(mistakes) => (None, mistakes.iter().map(|mistake| Problem::from_mistake(FILE, 0, mistake)).collect()),
    }
}
