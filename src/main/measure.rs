//! `seventh eval`, `seventh calibrate` and `seventh train-alerts`.

use std::fs::{self, File};
use std::io::{self, BufReader, Write as _};
use std::path::Path;

use anyhow::Context as _;
use seventh::calibrate;
use seventh::config::Config;
use seventh::disk;
use seventh::embedding::Embedder;
use seventh::eval::{self, LabelledQuestion};
use seventh::index::Snapshot;
use seventh::ranking;
use seventh::refresh::RefreshError;
use seventh::triage::training::{self, TrainingError};
use seventh::triage::{CLASSIFIER_FILE, EMBEDDING_CLASSIFIER_FILE};

use super::arguments::{Calibrate, Eval};
use super::corpus::pipeline;
use super::output::{BUILDING, EXIT_FAILURE, EXIT_OK, Progress, eprint_line, eprint_refusal};

/// Asks every question of a fresh build of the corpus folder; nothing is published.
pub(super) fn eval(config: &Config, arguments: &Eval) -> anyhow::Result<u8> {
    let questions = eval::read(&arguments.questions, arguments.sentences.as_deref())?;
    let old: Option<eval::Report> = arguments.compare.as_deref().map(read_report).transpose()?;
    let Some(snapshot) = built(config)? else { return Ok(EXIT_FAILURE) };
    let bar = Progress::new("asking {bar:30} {pos}/{len}");
    let modes = if snapshot.semantic.is_some() { 3 } else { 1 };
    let total = (questions.len() * modes) as u64;
    let report = eval::evaluate(&snapshot, &questions, &|done| bar.show(done as u64, total));
    bar.finish();
    let report = report?;
    let mut out = io::stdout().lock();
    let json = serde_json::to_string_pretty(&report)?;
    match arguments.json.as_deref() {
        Some(file) if file == Path::new("-") => {
            writeln!(out, "{json}")?;
            return Ok(EXIT_OK);
        }
        Some(file) => fs::write(file, json + "\n").with_context(|| format!("{} can't be written", file.display()))?,
        None => {}
    }
    write!(out, "{}", eval::table(&report))?;
    if let Some(old) = old {
        let changes = eval::changes(&old, &report);
        writeln!(out, "\n{} questions came out otherwise than in the older report", changes.len())?;
        for line in changes {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(EXIT_OK)
}

fn read_report(file: &Path) -> anyhow::Result<eval::Report> {
    let open = File::open(file).with_context(|| format!("{} can't be opened", file.display()))?;
    serde_json::from_reader(BufReader::new(open))
        .with_context(|| format!("{} is no report of seventh eval", file.display()))
}

/// Fits the calibration, says what it chose, and writes it into the corpus folder.
pub(super) fn calibrate(config: &Config, arguments: &Calibrate) -> anyhow::Result<u8> {
    let mut questions: Vec<LabelledQuestion> = Vec::new();
    for file in &arguments.questions {
        questions.extend(eval::read(file, arguments.sentences.as_deref())?);
    }
    let Some(snapshot) = built(config)? else { return Ok(EXIT_FAILURE) };
    let bar = Progress::new("{spinner} {msg}");
    let fitted = calibrate::calibrate(&snapshot, &questions, &|step| bar.0.set_message(step.to_owned()));
    bar.finish();
    let fitted = fitted?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}", fitted.report)?;
    if arguments.dry_run {
        writeln!(out, "Nothing was written.")?;
        return Ok(EXIT_OK);
    }
    let file = config.corpus_dir.join(ranking::FILE);
    disk::replace(&file, fitted.calibration.to_text()?.as_bytes())
        .with_context(|| format!("{} can't be written", file.display()))?;
    writeln!(out, "Wrote {}. Run seventh check, then seventh index.", file.display())?;
    Ok(EXIT_OK)
}

/// The corpus folder, built in a temporary place. `None` if it has mistakes, which are said.
fn built(config: &Config) -> anyhow::Result<Option<Snapshot>> {
    let pipeline = pipeline(config);
    let bar = Progress::new(BUILDING);
    let built = pipeline.scratch_build(&|done, total| bar.show(done as u64, total as u64));
    bar.finish();
    match built {
        Ok(snapshot) => Ok(Some(snapshot)),
        Err(error @ RefreshError::Refused(_)) => {
            eprint_refusal(&error);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Trains the classifiers of red flags and demands, and says how well they do.
pub(super) fn train_alerts(config: &Config) -> anyhow::Result<u8> {
    let embedder = config.model_dir.as_deref().map(Embedder::open).transpose()?;
    match training::train(&config.corpus_dir, embedder.as_ref()) {
        Ok(trained) => {
            let mut written = vec![CLASSIFIER_FILE, training::REPORT_FILE];
            let mut left = String::new();
            if embedder.is_some() {
                written.push(EMBEDDING_CLASSIFIER_FILE);
            } else {
                left = format!(
                    "\n{EMBEDDING_CLASSIFIER_FILE} was not trained: that takes semantic.model_dir. An older one is used \
                     only if it was trained on the same files."
                );
            }
            let (summary, folder) = (trained.summary(), config.corpus_dir.display());
            writeln!(io::stdout(), "{summary}\nWritten: {} in {folder}.{left}", written.join(", "))?;
            Ok(EXIT_OK)
        }
        Err(TrainingError::Refused(diagnostics)) => {
            for diagnostic in &diagnostics {
                eprint_line(&diagnostic.to_string());
            }
            Ok(EXIT_FAILURE)
        }
        Err(error) => Err(error.into()),
    }
}
