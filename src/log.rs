//! What is logged, and what never: ids, kinds, counts and durations, never what somebody wrote (P5).

use std::io::{self, IsTerminal as _};

use tracing::Level;
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::config::LogFormat;

/// Begins to log to standard error, with `tracing_subscriber`'s directives.
///
/// Libraries are heard only from warnings on, and serenity and its connection not at all, whatever the directives say:
/// they log whole events, with the text of messages in them, serenity even in a warning when it can't read one.
/// `colors` says whether a terminal may show them; what is no terminal never gets any.
pub fn to_stderr(directives: &str, format: LogFormat, colors: bool) {
    let ours_or_grave = FilterFn::new(|metadata| {
        is_ours(metadata.target()) || (!hears_messages(metadata.target()) && *metadata.level() <= Level::WARN)
    });
    // A line that can't be written is lost: to complain about it on the same standard error would be a panic.
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).log_internal_errors(false);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(colors && io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    let subscriber =
        tracing_subscriber::registry().with(lines.with_filter(ours_or_grave).with_filter(EnvFilter::new(directives)));
    // Only a second call in one process can fail, and then the first one's log goes on.
    let _ = subscriber.try_init();
}

/// Reports a panic by its place alone: the message of a panic can quote the text that caused it.
pub fn report_panics_without_text() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "panicked");
    }));
}

fn is_ours(target: &str) -> bool {
    target.starts_with("seventh")
}

fn hears_messages(target: &str) -> bool {
    ["serenity", "tungstenite", "tokio_tungstenite"].iter().any(|library| target.starts_with(library))
}
