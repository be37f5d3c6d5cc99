//! A corpus folder put together: the documents, what triage needs, and the calibration of ranking.
//!
//! Purpose: know which files there are and hand each to its reader. It reads no file format itself.

use std::fs;
use std::path::Path;

use crate::corpus::{self, Corpus, CorpusFile, GOLDEN_FILE, LEXICON_FILE, TAUGHT_FILE, text_of};
use crate::diagnostics::{Diagnostic, has_errors};
use crate::ranking::{self, Calibration};
use crate::triage::{CLASSIFIER_FILE, Detector, EMBEDDING_CLASSIFIER_FILE, rules, training};

/// The files of a corpus folder that are part of a generation, beside the articles, in order of their names.
const DATA_FILES: [&str; 7] =
    [TAUGHT_FILE, CLASSIFIER_FILE, EMBEDDING_CLASSIFIER_FILE, ranking::FILE, LEXICON_FILE, GOLDEN_FILE, rules::FILE];

/// Everything that a corpus folder says.
#[derive(Debug, Clone)]
pub struct Content {
    /// Articles, lexicon, golden and taught questions.
    pub corpus: Corpus,
    /// Rules, cards and classifiers.
    pub detector: Detector,
    /// How signals become a ranking and a confidence.
    pub calibration: Calibration,
}

/// Further files that have their place in a corpus folder and are part of no generation.
const OTHER_FILES: [&str; 2] = [training::EXAMPLES_FILE, training::REPORT_FILE];
/// What may lie in any folder of it.
const GUIDE: &str = "README.md";

/// The files of a corpus folder, and what is wrong with the folder itself.
pub fn read_files(folder: &Path) -> (Vec<CorpusFile>, Vec<Diagnostic>) {
    let (files, mut diagnostics) = corpus::read_files(folder, &DATA_FILES);
    for place in ["", "examples/", "learned/"] {
        let entries = fs::read_dir(folder.join(place)).into_iter().flatten().filter_map(Result::ok);
        let mut names: Vec<String> = entries
            .filter(|entry| !entry.path().is_dir())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .map(|name| format!("{place}{name}"))
            .collect();
        names.sort();
        diagnostics.extend(names.iter().filter_map(|name| stray_file(name)));
    }
    (files, diagnostics)
}

/// What to say of a file that nobody reads: one that lies in the wrong place would be missed.
fn stray_file(name: &str) -> Option<Diagnostic> {
    let mut known = DATA_FILES.iter().chain(&OTHER_FILES);
    if Path::new(name).ends_with(GUIDE) || known.clone().any(|known| *known == name) {
        return None;
    }
    let base = |name: &str| Path::new(name).file_name().map(ToOwned::to_owned);
    Some(match known.find(|known| base(known) == base(name)) {
        Some(place) => Diagnostic::error(name, None, format!("this file is read only as {place}; move it there")),
        None => Diagnostic::warning(name, None, "nothing reads this file; its name may be misspelt or an old one"),
    })
}

impl Content {
    /// Reads a corpus folder.
    ///
    /// # Errors
    ///
    /// All diagnostics of all files, when at least one of them stops a build. Otherwise the warnings come with the
    /// content.
    pub fn read(folder: &Path) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        let (files, diagnostics) = read_files(folder);
        Self::parse(&files, diagnostics)
    }

    /// Makes content of files that were read already.
    ///
    /// # Errors
    ///
    /// As [`Content::read`].
    pub fn parse(
        files: &[CorpusFile],
        mut diagnostics: Vec<Diagnostic>,
    ) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        missing_files(files, &mut diagnostics);
        let corpus = Corpus::parse(files, &mut diagnostics);
        let (detector, found) = Detector::read(
            text_of(files, rules::FILE),
            text_of(files, CLASSIFIER_FILE),
            text_of(files, EMBEDDING_CLASSIFIER_FILE),
        );
        diagnostics.extend(found);
        let (calibration, found) = ranking::read(text_of(files, ranking::FILE));
        diagnostics.extend(found);
        match calibration {
            Some(calibration) if !has_errors(&diagnostics) => Ok((Self { corpus, detector, calibration }, diagnostics)),
            _ => Err(diagnostics),
        }
    }
}

/// Which of the folder's own classifiers and calibration are stale, or can't use the embedding model that is at hand,
/// which is given by its digest.
pub fn staleness(
    folder: &Path,
    (corpus, detector, calibration): (&Corpus, &Detector, &Calibration),
    embedder: Option<&str>,
) -> Vec<Diagnostic> {
    let is_there = |name: &str| folder.join(name).is_file();
    let mut stale = Vec::new();
    if is_there(ranking::FILE) {
        let passages = corpus.passages().map(|passage| passage.id().to_string());
        stale.extend(calibration.staleness(&corpus.digest, passages));
    }
    if is_there(CLASSIFIER_FILE) {
        stale.extend(training::staleness(&detector.classifier, CLASSIFIER_FILE, folder));
    }
    let reads = detector.embedding_classifier.parameters().embedder.as_deref();
    if embedder.is_some_and(|embedder| reads != Some(embedder)) {
        let message = format!(
            "it was not trained together with {CLASSIFIER_FILE} and the embedding model that is installed, so it is not used; run `seventh train-alerts` with semantic.model_dir set"
        );
        stale.push(Diagnostic::warning(EMBEDDING_CLASSIFIER_FILE, None, message));
    }
    stale
}

/// Says what is lost without a file that a corpus should have.
fn missing_files(files: &[CorpusFile], diagnostics: &mut Vec<Diagnostic>) {
    for (name, lost) in [
        (LEXICON_FILE, "everyday words find nothing"),
        (GOLDEN_FILE, "nothing is asked before a generation goes live"),
        (rules::FILE, "the rules that are built into the program are used"),
    ] {
        let is_mentioned = diagnostics.iter().any(|diagnostic| diagnostic.file == name);
        if !is_mentioned && !files.iter().any(|file| file.name == name) {
            diagnostics.push(Diagnostic::warning(name, None, format!("the file is not there: {lost}")));
        }
    }
}
