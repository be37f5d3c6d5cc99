//! What the command line prints beside its answers: exit codes, messages to the person at the terminal, progress.

use std::io::{self, Write as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use seventh::refresh::RefreshError;

/// Done.
pub(super) const EXIT_OK: u8 = 0;
/// The work failed.
pub(super) const EXIT_FAILURE: u8 = 1;
/// Wrong usage or configuration.
pub(super) const EXIT_USAGE: u8 = 2;

/// What the progress bar of a build says.
pub(super) const BUILDING: &str = "building the index {bar:30} {pos}/{len} passages";

/// A message for the person at the terminal. If even that can't be written, there is nobody to tell.
pub(super) fn eprint_line(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// A failure with its causes, each said once: some errors say their cause themselves.
pub(super) fn eprint_error(error: &anyhow::Error) {
    let mut said = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !said.contains(&cause) {
            said = format!("{said}: {cause}");
        }
    }
    eprint_line(&said);
}

/// Why a build came to nothing: every diagnostic of the corpus, or the error.
pub(super) fn eprint_refusal(error: &RefreshError) {
    if error.diagnostics().is_empty() {
        eprint_line(&error.to_string());
    }
    error.diagnostics().iter().for_each(|diagnostic| eprint_line(&diagnostic.to_string()));
}

/// Whether whoever read the output went away, as `head` does when it has enough.
pub(super) fn reader_has_closed(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(is_closed)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|error| error.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
    })
}

/// The same of a single write.
pub(super) fn is_closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

/// A progress bar that appears only when work takes long enough to wonder.
pub(super) struct Progress(pub(super) ProgressBar);

impl Progress {
    pub(super) fn new(template: &str) -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self(bar)
    }

    pub(super) fn show(&self, done: u64, total: u64) {
        if self.0.length() == Some(0) {
            self.0.enable_steady_tick(Duration::from_millis(200));
        }
        self.0.set_length(total);
        self.0.set_position(done);
    }

    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
