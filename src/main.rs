//! The command line: arguments to library calls to an exit code.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use seventh::app::{App, Opened};
use seventh::config::Config;
use seventh::corpus::alert_model;
use seventh::corpus::lint::Severity;
use seventh::index::Provenance;
use seventh::refresh::{Preview, RefreshError};
use seventh::training::{self, TrainingError};
use seventh::{discord, log, terminal};

/// Done.
const DONE: u8 = 0;
/// The work failed.
const FAILED: u8 = 1;
/// Wrong usage or configuration.
const MISUSED: u8 = 2;

/// A Discord bot that answers questions about facial twitching by quoting a reviewed corpus.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the bot (needs `DISCORD_TOKEN`)
    Run,
    /// Answer a question here, as /ask does in Discord
    Ask(Ask),
    /// Check the corpus: mistakes, golden questions, what a refresh would change
    Check,
    /// Build and publish a generation from the corpus
    Index,
    /// Train the second reader of danger signs on the corpus' examples; writes model and report beside them
    TrainAlerts,
}

#[derive(Args)]
struct Ask {
    /// The question
    #[arg(required_unless_present = "jsonl")]
    question: Option<String>,
    /// Print one JSON object
    #[arg(long, conflicts_with = "jsonl")]
    json: bool,
    /// Answer many: a line {"id","text"} in, a line out; - reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "question")]
    jsonl: Option<PathBuf>,
    /// Say why a passage won
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    explain: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let config = match Config::from_process() {
        Ok(config) => config,
        Err(error) => {
            complain(&error.to_string());
            return ExitCode::from(MISUSED);
        }
    };
    // Somebody who asks a question at a terminal wants the answer; a service's log wants everything.
    let directives = if matches!(arguments.command, Command::Run) { config.log_level.as_str() } else { "error" };
    log::to_stderr(directives, config.log_format);
    log::report_panics_without_text();
    let result = match arguments.command {
        Command::Run => run(&config),
        Command::Ask(ask) => self::ask(&config, &ask),
        Command::Check => check(&config),
        Command::Index => index(&config),
        Command::TrainAlerts => train_alerts(&config),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::from(FAILED)
        }
    }
}

/// A message for the person at the terminal. If even that can't be written, there is nobody to tell.
fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

fn run(config: &Config) -> anyhow::Result<u8> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the runtime can't be started")?;
    match runtime.block_on(discord::run(config, discord::stop_signal())) {
        Ok(()) => Ok(DONE),
        Err(error) => {
            complain(&format!("seventh: {error}"));
            Ok(if error.is_misuse() { MISUSED } else { FAILED })
        }
    }
}

fn ask(config: &Config, arguments: &Ask) -> anyhow::Result<u8> {
    let app = App::new(config);
    let bar = Progress::new();
    let opened = app.open(&|done, total| bar.show(done, total));
    bar.finish();
    match opened {
        Opened::Existing => {}
        Opened::Built => {
            complain(&format!("Built the index in {} (there was none for this corpus).", config.index_dir.display()));
        }
        Opened::Old(error) => {
            complain("The corpus could not be built; an older generation answers. The reason:");
            complain_about(&error);
        }
        Opened::Nothing(error) => {
            complain_about(&error);
        }
    }
    let mut out = io::stdout().lock();
    if let Some(file) = &arguments.jsonl {
        return many(&app, file, &mut out);
    }
    let question = arguments.question.as_deref().unwrap_or_default();
    let text = if arguments.json {
        terminal::as_json(&app, "", question).map(|answer| serde_json::to_string_pretty(&answer).unwrap_or_default())
    } else {
        terminal::as_text(&app, question, arguments.explain)
    };
    match text {
        Ok(text) => {
            writeln!(out, "{text}")?;
            Ok(DONE)
        }
        Err(error) => {
            complain(&error.to_string());
            Ok(FAILED)
        }
    }
}

fn many(app: &App, file: &Path, out: &mut impl io::Write) -> anyhow::Result<u8> {
    let input: Box<dyn io::BufRead> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(file).with_context(|| format!("{} can't be opened", file.display()))?))
    };
    let mut out = io::BufWriter::new(out);
    for (number, line) in input.lines().enumerate() {
        let line = line.with_context(|| format!("{}:{}: the line can't be read", file.display(), number + 1))?;
        if line.trim().is_empty() {
            continue;
        }
        let question: terminal::JsonQuestion = serde_json::from_str(&line).map_err(|error| {
            anyhow::anyhow!(
                "{}:{}: not an object with \"id\" and \"text\" ({:?} error at column {})",
                file.display(),
                number + 1,
                error.classify(),
                error.column()
            )
        })?;
        let answer = terminal::as_json(app, &question.id, &question.text)?;
        serde_json::to_writer(&mut out, &answer)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(DONE)
}

fn check(config: &Config) -> anyhow::Result<u8> {
    let app = App::new(config);
    let (live, _) = app.refresher().generations().open_live();
    let mut out = io::stdout().lock();
    match app.refresher().check(live.as_ref()) {
        Ok(checked) => {
            for warning in &checked.warnings {
                writeln!(out, "{warning}")?;
            }
            if checked.changes.is_empty() {
                writeln!(out, "No mistakes. A refresh would change nothing.")?;
                return Ok(DONE);
            }
            for line in seventh::reply::change_lines(&checked.changes) {
                writeln!(out, "{}", line.replace('`', ""))?;
            }
            writeln!(out, "No mistakes.")?;
            Ok(DONE)
        }
        Err(RefreshError::Refused(problems)) => {
            for problem in &problems {
                writeln!(out, "{problem}")?;
            }
            let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
            writeln!(out, "{errors} to mend.")?;
            Ok(FAILED)
        }
        Err(error) => Err(error.into()),
    }
}

fn index(config: &Config) -> anyhow::Result<u8> {
    let app = App::new(config);
    let (live, passed_over) = app.refresher().generations().open_live();
    for error in passed_over {
        complain(&format!("passed over: {error}"));
    }
    let bar = Progress::new();
    let provenance = Provenance { by: "command line".to_owned(), note: "seventh index".to_owned() };
    let published = app
        .refresher()
        .prepare(live.as_ref(), provenance, &|done, total| bar.show(done, total))
        .and_then(|preview: Preview| app.refresher().publish(&preview));
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
            Ok(DONE)
        }
        Err(error) => {
            complain_about(&error);
            Ok(FAILED)
        }
    }
}

fn train_alerts(config: &Config) -> anyhow::Result<u8> {
    match training::train(&config.corpus_dir) {
        Ok(trained) => {
            writeln!(
                io::stdout(),
                "{}\nWritten: {} and {} in {}.",
                trained.summary(),
                alert_model::FILE,
                training::REPORT_FILE,
                config.corpus_dir.display()
            )?;
            Ok(DONE)
        }
        Err(TrainingError::Refused(problems)) => {
            for problem in &problems {
                complain(&problem.to_string());
            }
            Ok(FAILED)
        }
        Err(error) => Err(error.into()),
    }
}

fn complain_about(error: &RefreshError) {
    match error {
        RefreshError::Refused(problems) => problems.iter().for_each(|problem| complain(&problem.to_string())),
        other => complain(&other.to_string()),
    }
}

/// A progress bar that appears only when building takes long enough to wonder.
struct Progress(ProgressBar);

impl Progress {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("building the index {bar:30} {pos}/{len} passages") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    fn show(&self, done: usize, total: usize) {
        self.0.set_length(total as u64);
        self.0.set_position(done as u64);
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}
