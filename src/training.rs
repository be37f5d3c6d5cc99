//! Training of the second reader: labelled messages to a model, its cut-offs and a report.
//!
//! It runs only by `seventh train-alerts`, never in the bot. The same files of the corpus, and the same embedding model, give the
//! same files. Vocabulary: an *example* is a labelled message of `alert_examples.csv`, or one that a rule brings along, or a
//! question or term of the corpus itself; a *fold* is a part of the examples that a model is tested on which has learned from the
//! others.

mod examples;
mod fit;
mod report;
mod validate;

use std::path::{Path, PathBuf};

use thiserror::Error;

pub use examples::Example;
pub use report::FILE as REPORT_FILE;

use crate::corpus::alert_model::{self, DEMAND, EXAMPLES_FILE, NONE};
use crate::corpus::lint::Problem;
use crate::corpus::red_flags::{self, RedFlags};
use crate::corpus::replace_file;
use crate::corpus::{LEXICON_FILE, TAUGHT_FILE};
use crate::question::{Lesson, Question};
use crate::semantic::{Embedder, ModelError};

/// Why nothing was trained.
#[derive(Debug, Error)]
pub enum TrainingError {
    /// A file can't be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The model can't be written as TOML.
    #[error("the model can't be written: {0}")]
    Model(#[from] toml::ser::Error),
    /// The embedding model failed.
    #[error(transparent)]
    Embedding(#[from] ModelError),
    /// Examples or rules have mistakes.
    #[error("the examples or the rules have {} mistakes", .0.len())]
    Refused(Vec<Problem>),
}

/// An example with what can be learned from it.
struct Taught {
    example: Example,
    asked: Question,
    label: usize,
    lesson: Lesson,
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

/// Trains on the files of a corpus folder and writes models and report beside them. Without an embedding model, the file
/// that was learned with one stays, and is not used beside the new model.
///
/// # Errors
///
/// When a file can't be read or written, or has mistakes, or the embedding model fails.
pub fn train(folder: &Path, embedder: Option<&Embedder>) -> Result<Trained, TrainingError> {
    let rules = read(&folder.join(red_flags::FILE))?;
    let written = read(&folder.join(EXAMPLES_FILE))?;
    let (flags, mut problems) = red_flags::read_rules(&rules);
    let (mut examples, found) = examples::read(&written, &flags);
    problems.extend(found);
    examples.extend(examples::of_rules(&flags));
    let questions = read_if_there(&folder.join(TAUGHT_FILE))?;
    let terms = read_if_there(&folder.join(LEXICON_FILE))?;
    let (of_corpus, found) = examples::of_corpus(&questions, &terms, &examples);
    problems.extend(found);
    if !problems.is_empty() {
        return Err(TrainingError::Refused(problems));
    }
    examples.extend(of_corpus);
    let labels = labels(&flags);
    let taught = taught(examples, &flags, &labels);
    let validated = validate::validate(&taught, &labels);
    let model = fit::fit(taught.iter(), &labels).with_cut_offs(validated.cut_offs);
    let model = model.trained_with(rules.as_bytes(), written.as_bytes(), None);
    let meaning = match embedder {
        Some(embedder) => {
            let texts: Vec<&str> = taught.iter().map(|one| one.asked.text()).collect();
            let vectors = embedder.embed(&texts)?;
            Some(validate::validate_meaning(&taught, &vectors, &validated, &model))
        }
        None => None,
    };
    let report = report::write(&taught, &validated, meaning.as_ref(), &model);
    let mut files = vec![(alert_model::FILE, model.written()?)];
    if let (Some(meaning), Some(embedder)) = (meaning, embedder) {
        let digest = Some(embedder.digest().to_owned());
        let reader = meaning.reader.trained_with(rules.as_bytes(), written.as_bytes(), digest);
        files.push((alert_model::MEANING_FILE, reader.written()?));
    }
    files.push((REPORT_FILE, report.clone()));
    for (name, text) in files {
        write(&folder.join(name), &text)?;
    }
    Ok(Trained { report })
}

fn labels(flags: &RedFlags) -> Vec<String> {
    let mut labels = vec![NONE.to_owned(), DEMAND.to_owned()];
    for rule in &flags.rules {
        if !labels.contains(&rule.flag) {
            labels.push(rule.flag.clone());
        }
    }
    labels
}

fn taught(examples: Vec<Example>, flags: &RedFlags, labels: &[String]) -> Vec<Taught> {
    let teach = |example: Example| {
        let label = labels.iter().position(|label| *label == example.flag)?;
        let asked = Question::new(&example.text)?;
        let lesson = asked.lesson(flags, fit::BUCKETS);
        Some(Taught { example, asked, label, lesson })
    };
    examples.into_iter().filter_map(teach).collect()
}

impl Taught {
    /// Whether the figures are of it: no rule was written with it in view, and somebody labelled it.
    fn is_in_figures(&self) -> bool {
        self.example.kind != examples::OF_RULES && !self.is_of_corpus()
    }

    /// Whether the corpus itself brings it along.
    fn is_of_corpus(&self) -> bool {
        self.example.kind == examples::OF_CORPUS
    }
}

fn read(path: &Path) -> Result<String, TrainingError> {
    std::fs::read_to_string(path).map_err(|error| TrainingError::File { path: path.to_owned(), error })
}

/// The text of a file that a corpus may do without.
fn read_if_there(path: &Path) -> Result<String, TrainingError> {
    match read(path) {
        Err(TrainingError::File { error, .. }) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => read,
    }
}

fn write(path: &Path, text: &str) -> Result<(), TrainingError> {
    replace_file(path, text).map_err(|error| TrainingError::File { path: path.to_owned(), error })
}
