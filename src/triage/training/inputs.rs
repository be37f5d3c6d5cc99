//! Everything that training reads, and the digest by which a classifier says what it was trained on.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::examples::FILE as EXAMPLES_FILE;
use crate::corpus::{LEXICON_FILE, TAUGHT_FILE, read_text};
use crate::diagnostics::Diagnostic;
use crate::disk::absolute;
use crate::hash::digest_of_files;
use crate::triage::classifier::LinearClassifier;
use crate::triage::rules::FILE as RULES_FILE;

/// The texts that training reads.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// `red_flags.toml`.
    pub rules: String,
    /// The labelled messages.
    pub examples: String,
    /// The taught questions; empty where a corpus does without.
    pub taught: String,
    /// The lexicon; empty where a corpus does without.
    pub lexicon: String,
}

/// A file that training needs can't be read.
#[derive(Debug, Error)]
#[error("{}: {error}; the corpus folder is what corpus.dir or SEVENTH_CORPUS_DIR names", absolute(path).display())]
pub struct InputError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub error: std::io::Error,
}

impl Inputs {
    /// Reads them from a corpus folder.
    ///
    /// # Errors
    ///
    /// When rules or labelled messages can't be read, or another file is there and can't be.
    pub fn read(folder: &Path) -> Result<Self, InputError> {
        let read = |name: &str| {
            let path = folder.join(name);
            read_text(&path).map_err(|error| InputError { path, error })
        };
        let read_if_there = |name: &str| match read(name) {
            Err(InputError { error, .. }) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            read => read,
        };
        Ok(Self {
            rules: read(RULES_FILE)?,
            examples: read(EXAMPLES_FILE)?,
            taught: read_if_there(TAUGHT_FILE)?,
            lexicon: read_if_there(LEXICON_FILE)?,
        })
    }

    /// The digest of all of them. It does not depend on line ends.
    pub fn digest(&self) -> String {
        digest_of_files([
            (RULES_FILE, self.rules.as_bytes()),
            (EXAMPLES_FILE, self.examples.as_bytes()),
            (TAUGHT_FILE, self.taught.as_bytes()),
            (LEXICON_FILE, self.lexicon.as_bytes()),
        ])
    }
}

/// What to say when a classifier was trained on other files than a corpus folder holds now. A folder that can't be
/// trained on says so when it is.
pub fn staleness(classifier: &LinearClassifier, file: &str, folder: &Path) -> Option<Diagnostic> {
    let inputs = Inputs::read(folder).ok()?;
    (classifier.parameters().trained_on != inputs.digest()).then(|| {
        let message = format!(
            "stale: it was trained on other versions of {RULES_FILE}, {EXAMPLES_FILE}, {TAUGHT_FILE} or {LEXICON_FILE}; run `seventh train-alerts`"
        );
        Diagnostic::warning(file, None, message)
    })
}
