//! `seventh check` and `seventh index`.

use std::io::{self, Write as _};

use seventh::app::publish_pipeline;
use seventh::audit::Actor;
use seventh::config::Config;
use seventh::diagnostics::{Diagnostic, Severity};
use seventh::index::Snapshot;
use seventh::refresh::{PublishPipeline, RefreshError};
use seventh::reply::change_lines;

use super::arguments::Check;
use super::output::{BUILDING, EXIT_FAILURE, EXIT_OK, EXIT_USAGE, Progress, eprint_line, eprint_refusal, is_closed};

/// Lints the corpus folder, asks the golden questions, and says what a refresh would change.
pub(super) fn check(config: &Config, arguments: &Check) -> anyhow::Result<u8> {
    let pipeline = pipeline(config);
    let live = open_live(&pipeline);
    let mut out = io::stdout().lock();
    match pipeline.check(live.as_ref()) {
        Ok(checked) => {
            if let Err(error) = config.check_countries(checked.emergency_numbers()) {
                eprint_line(&error.to_string());
                return Ok(EXIT_USAGE);
            }
            let notes = checked.notes.iter().filter(|_| arguments.notes);
            for diagnostic in checked.warnings.iter().chain(notes) {
                writeln!(out, "{diagnostic}")?;
            }
            if !arguments.notes && !checked.notes.is_empty() {
                writeln!(out, "Notes: {}; seventh check --notes shows them.", checked.notes.len())?;
            }
            if checked.changes.is_unchanged() {
                writeln!(out, "No mistakes. A refresh would change nothing.")?;
                return Ok(EXIT_OK);
            }
            for line in change_lines(&checked.changes) {
                writeln!(out, "{}", line.replace('`', ""))?;
            }
            writeln!(out, "No mistakes.")?;
            Ok(EXIT_OK)
        }
        Err(RefreshError::Refused(diagnostics)) => {
            // The mistakes are there even if nobody reads all of them.
            list(&diagnostics, &mut out).or_else(|error| if is_closed(&error) { Ok(()) } else { Err(error) })?;
            Ok(EXIT_FAILURE)
        }
        Err(error) => Err(error.into()),
    }
}

/// The publish pipeline of the configured folders. A model that can't be used is told.
pub(super) fn pipeline(config: &Config) -> PublishPipeline {
    let (pipeline, semantic) = publish_pipeline(config);
    semantic.problem().inspect(|problem| eprint_line(problem));
    pipeline
}

/// The live generation. What can't be used is told.
fn open_live(pipeline: &PublishPipeline) -> Option<Snapshot> {
    let (live, skipped) = pipeline.generations().open_live();
    for error in skipped {
        eprint_line(&format!("skipped: {error}"));
    }
    live
}

fn list(diagnostics: &[Diagnostic], out: &mut impl io::Write) -> io::Result<()> {
    for diagnostic in diagnostics {
        writeln!(out, "{diagnostic}")?;
    }
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    writeln!(out, "{errors} to mend.")
}

/// Builds and publishes a generation from the corpus folder.
pub(super) fn index(config: &Config) -> anyhow::Result<u8> {
    let pipeline = pipeline(config);
    let lock = pipeline.generations().lock()?;
    let live = open_live(&pipeline);
    let bar = Progress::new(BUILDING);
    let progress = |done, total| bar.show(done as u64, total as u64);
    let by = (&Actor::CommandLine, "seventh index");
    let published = pipeline.build_and_publish(&lock, live.as_ref(), by, &progress);
    bar.finish();
    match published {
        Ok(snapshot) => {
            let counts = &snapshot.manifest.counts;
            writeln!(
                io::stdout(),
                "Published generation {}: {} articles, {} passages.",
                snapshot.manifest.id,
                counts.articles,
                counts.passages
            )?;
            Ok(EXIT_OK)
        }
        Err(error) => {
            eprint_refusal(&error);
            Ok(EXIT_FAILURE)
        }
    }
}
