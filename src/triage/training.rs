//! Training: labelled messages to the classifiers of red flags and demands (`seventh train-alerts`).
//!
//! Purpose: fit the weights, choose the thresholds by cross-validation, and report how well the result does. Equal
//! files give equal classifiers, byte for byte. Nothing here runs when a member asks.

mod examples;
mod featurize;
mod fit;
mod inputs;
mod report;
mod validate;

use std::path::{Path, PathBuf};

use thiserror::Error;

pub use examples::{Example, FILE as EXAMPLES_FILE};
pub use inputs::{InputError, Inputs, staleness};
pub use report::FILE as REPORT_FILE;

use super::classifier::{DEMAND, NONE};
use super::detector::{CLASSIFIER_FILE, EMBEDDING_CLASSIFIER_FILE};
use super::rules::{self, RedFlags};
use crate::diagnostics::Diagnostic;
use crate::disk;
use crate::embedding::{Embedder, ModelError};
use featurize::TrainingExample;

/// Why nothing was trained.
#[derive(Debug, Error)]
pub enum TrainingError {
    /// A file can't be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A file can't be written.
    #[error("{}: {error}", path.display())]
    Output {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The classifier can't be written as TOML.
    #[error("the classifier can't be written: {0}")]
    Toml(#[from] toml::ser::Error),
    /// The embedding model failed.
    #[error(transparent)]
    Embedding(#[from] ModelError),
    /// Examples or rules have mistakes.
    #[error("the examples or the rules have {} mistakes", .0.len())]
    Refused(Vec<Diagnostic>),
}

/// What training came to.
#[derive(Debug)]
pub struct Trained {
    /// The report, as it was written to [`REPORT_FILE`].
    pub report: String,
}

impl Trained {
    /// The report's first figures.
    pub fn summary(&self) -> String {
        self.report
            .lines()
            .skip(4)
            .take_while(|line| !line.starts_with("| flag |"))
            .collect::<Vec<_>>()
            .join("\n")
            .trim_end()
            .to_owned()
    }
}

/// Trains on the files of a corpus folder and writes classifiers and report into it. Without an embedding model, the
/// classifier of embeddings stays as it was, and is used only if it was trained on the same files.
///
/// # Errors
///
/// When a file can't be read or written, or has mistakes, or the embedding model fails.
pub fn train(folder: &Path, embedder: Option<&Embedder>) -> Result<Trained, TrainingError> {
    let inputs = Inputs::read(folder)?;
    let (red_flags, mut diagnostics) = rules::read(&inputs.rules);
    let (mut examples, found) = examples::read(&inputs.examples, &red_flags);
    diagnostics.extend(found);
    examples.extend(examples::of_rules(&red_flags));
    let (of_corpus, found) = examples::of_corpus(&inputs.taught, &inputs.lexicon, &examples);
    diagnostics.extend(found);
    if !diagnostics.is_empty() {
        return Err(TrainingError::Refused(diagnostics));
    }
    examples.extend(of_corpus);
    let labels = labels(&red_flags);
    let examples: Vec<TrainingExample> = examples
        .into_iter()
        .filter_map(|example| TrainingExample::new(example, &red_flags, &labels, fit::DIMENSIONS))
        .collect();
    let validated = validate::validate(&examples, &labels);
    let classifier = fit::fit(examples.iter(), &labels).with_thresholds(validated.thresholds);
    let classifier = classifier.with_provenance(inputs.digest(), None);
    let embeddings = match embedder {
        Some(embedder) => {
            let texts: Vec<&str> = examples.iter().map(|example| example.question.text()).collect();
            let vectors = embedder.embed(&texts)?;
            Some(validate::validate_embeddings(&examples, &vectors, &validated, &classifier))
        }
        None => None,
    };
    let report = report::write(&examples, &validated, embeddings.as_ref(), &classifier);
    let mut files = vec![(CLASSIFIER_FILE, classifier.to_text()?)];
    if let (Some(embeddings), Some(embedder)) = (embeddings, embedder) {
        let digest = Some(embedder.digest().to_owned());
        let classifier = embeddings.classifier.with_provenance(inputs.digest(), digest);
        files.push((EMBEDDING_CLASSIFIER_FILE, classifier.to_text()?));
    }
    files.push((REPORT_FILE, report.clone()));
    for (name, text) in files {
        let path = folder.join(name);
        disk::replace(&path, text.as_bytes()).map_err(|error| TrainingError::Output { path, error })?;
    }
    Ok(Trained { report })
}

fn labels(red_flags: &RedFlags) -> Vec<String> {
    [NONE, DEMAND].into_iter().chain(red_flags.flags()).map(str::to_owned).collect()
}
