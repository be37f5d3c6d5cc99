//! `seventh model install`.

use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;
use seventh::config::Config;
use seventh::embedding::{self, Embedder, ModelError, Source};

use super::output::{EXIT_FAILURE, EXIT_OK, EXIT_USAGE, Progress, eprint_line};

/// Fetches the model into the configured folder, or copies it from another, and tries it.
pub(super) fn install(config: &Config, from: Option<PathBuf>) -> anyhow::Result<u8> {
    let Some(folder) = &config.model_dir else {
        eprint_line(
            "semantic.model_dir names no folder for the model; set it in the configuration, or SEVENTH_SEMANTIC_MODEL_DIR",
        );
        return Ok(EXIT_USAGE);
    };
    if let Err(error @ ModelError::NotBuilt) = Embedder::open(folder) {
        eprint_line(&error.to_string());
        return Ok(EXIT_FAILURE);
    }
    let source = from.map_or_else(|| Source::Url(config.model_url.clone()), Source::Folder);
    let bar = Progress::new("{msg} {bar:30} {bytes}/{total_bytes}");
    let report = |name: &str, done, total| {
        bar.0.set_message(name.to_owned());
        bar.show(done, total);
    };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("the runtime can't be started")?;
    let installed = runtime.block_on(embedding::install(&source, &embedding::MODEL_FILES, folder, &report));
    bar.finish();
    installed?;
    writeln!(io::stdout(), "The model is in {}.", folder.display())?;
    Embedder::open(folder)?;
    Ok(EXIT_OK)
}
