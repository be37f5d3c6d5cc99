//! The commands and their options, as the command line shows them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A Discord bot that answers questions about facial twitching by quoting a reviewed corpus.
#[derive(Parser)]
#[command(version, about)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Run the bot (needs `DISCORD_TOKEN`)
    Run,
    /// Answer a question here, as /ask does in Discord
    Ask(Ask),
    /// Check the corpus: mistakes, golden questions, what a refresh would change
    Check(Check),
    /// Build and publish a generation from the corpus
    Index,
    /// Train the alert classifier on corpus/examples; it and its report go into corpus/learned
    TrainAlerts,
    /// Measure answers on questions with known answers
    Eval(Eval),
    /// Fit the numbers that ranking and decision rest on, and write corpus/learned/calibration.toml
    Calibrate(Calibrate),
    /// The embedding model for semantic search
    Model {
        #[command(subcommand)]
        command: ModelCommand,
    },
}

#[derive(Subcommand)]
pub(super) enum ModelCommand {
    /// Fetch the model into `semantic.model_dir` and check it
    Install {
        /// Take it from a folder instead of the network
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
}

#[derive(Args)]
pub(super) struct Check {
    /// Show too what is known and need not be mended now
    #[arg(long)]
    pub(super) notes: bool,
}

#[derive(Args)]
pub(super) struct Eval {
    /// Questions: lines {"id","text","category","expect","gold":[{"id" or "text","grade"}]}
    pub(super) questions: PathBuf,
    /// The sentences that gold names by id; otherwise `article_sentences.json` beside the questions
    #[arg(long, value_name = "FILE")]
    pub(super) sentences: Option<PathBuf>,
    /// Write the report as JSON too; - prints only JSON
    #[arg(long, value_name = "FILE")]
    pub(super) json: Option<PathBuf>,
    /// Say which questions came out otherwise than in an older JSON report
    #[arg(long, value_name = "OLD.json")]
    pub(super) compare: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct Calibrate {
    /// Question files, as for eval
    #[arg(required = true)]
    pub(super) questions: Vec<PathBuf>,
    /// The sentences that gold names by id; otherwise `article_sentences.json` beside the questions
    #[arg(long, value_name = "FILE")]
    pub(super) sentences: Option<PathBuf>,
    /// Say what would be chosen and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Args)]
pub(super) struct Ask {
    /// The question; it needs no quotes
    #[arg(required_unless_present = "jsonl")]
    pub(super) question: Vec<String>,
    /// Answer from a build of the corpus folder that is thrown away, not from what is live
    #[arg(long)]
    pub(super) fresh: bool,
    /// Print one JSON object
    #[arg(long, conflicts_with = "jsonl")]
    pub(super) json: bool,
    /// Answer many: a line {"id","text"} in, a line out; - reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "question")]
    pub(super) jsonl: Option<PathBuf>,
    /// Wrap the answer to this many columns; by default to the terminal's width, and in a pipe or a file not at all
    #[arg(long, value_name = "COLUMNS", conflicts_with_all = ["json", "jsonl"])]
    #[arg(value_parser = clap::value_parser!(u16).range(20..))]
    pub(super) width: Option<u16>,
    /// Say why a passage won
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    pub(super) explain: bool,
}
