//! The command line: arguments to library calls to an exit code.

#[path = "main/arguments.rs"]
mod arguments;
#[path = "main/ask.rs"]
mod ask;
#[path = "main/corpus.rs"]
mod corpus;
#[path = "main/measure.rs"]
mod measure;
#[path = "main/model.rs"]
mod model;
#[path = "main/output.rs"]
mod output;

use std::process::ExitCode;

use anyhow::Context as _;
use arguments::{Arguments, Command, ModelCommand};
use clap::Parser as _;
use output::{EXIT_FAILURE, EXIT_OK, EXIT_USAGE, eprint_line, reader_has_closed};
use seventh::config::Config;
use seventh::{log, server};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let config = match Config::from_process() {
        Ok(config) => config,
        Err(error) => {
            eprint_line(&error.to_string());
            return ExitCode::from(EXIT_USAGE);
        }
    };
    // Somebody who asks a question at a terminal wants the answer; a service's log wants everything. The audit is for
    // both, whatever the configuration says (P8).
    let directives = match arguments.command {
        Command::Run => config.log_level.as_str(),
        _ => "error",
    };
    log::to_stderr(&format!("{directives},seventh::audit=info"), config.log_format, config.colors);
    log::report_panics_without_text();
    let result = match arguments.command {
        Command::Run => run(&config),
        Command::Ask(ask) => ask::ask(&config, &ask),
        Command::Check(check) => corpus::check(&config, &check),
        Command::Index => corpus::index(&config),
        Command::TrainAlerts => measure::train_alerts(&config),
        Command::Eval(eval) => measure::eval(&config, &eval),
        Command::Calibrate(calibrate) => measure::calibrate(&config, &calibrate),
        Command::Model { command: ModelCommand::Install { from } } => model::install(&config, from),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) if reader_has_closed(&error) => ExitCode::from(EXIT_OK),
        Err(error) => {
            eprint_line(&format!("{error:#}"));
            ExitCode::from(EXIT_FAILURE)
        }
    }
}

fn run(config: &Config) -> anyhow::Result<u8> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the runtime can't be started")?;
    match runtime.block_on(server::run(config, server::stop_signal())) {
        Ok(()) => Ok(EXIT_OK),
        Err(error) => {
            eprint_line(&format!("seventh: {error}"));
            Ok(if error.is_misuse() { EXIT_USAGE } else { EXIT_FAILURE })
        }
    }
}
