//! The process: it makes the [`App`] once, runs the entrances beside each other, and stops them in order.
//!
//! Discord is one entrance. Another one is a further future in [`run`]: it gets the same app, health and shutdown.

use thiserror::Error;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Opened};
use crate::config::{Config, ConfigError};
use crate::discord::{DiscordError, Entrance};
use crate::health::Health;

/// Why the process stopped.
#[derive(Debug, Error)]
pub enum RunError {
    /// The configuration does not fit the corpus.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The Discord entrance can't go on.
    #[error(transparent)]
    Discord(#[from] DiscordError),
}

impl RunError {
    /// Whether the operator must change something before another start makes sense.
    pub const fn is_misuse(&self) -> bool {
        match self {
            Self::Config(_) => true,
            Self::Discord(error) => error.is_misuse(),
        }
    }
}

/// Runs the bot until `stop` resolves or an entrance can't go on.
///
/// # Errors
///
/// When the token is missing, malformed or refused, a configured country has no emergency number, or the connection to
/// Discord can't be held.
pub async fn run(config: &Config, stop: impl Future<Output = ()>) -> Result<(), RunError> {
    // Whoever gave no token should know before an index is built.
    let discord = Entrance::new(config)?;
    let health = Health::default();
    let app = App::new(config, health.clone());
    open(&app).await;
    app.check_countries(config)?;
    let shutdown = CancellationToken::new();
    let entrance = discord.serve(app, health.clone(), shutdown.clone());
    tokio::pin!(entrance, stop);
    tokio::select! {
        ended = &mut entrance => return Ok(ended?),
        () = &mut stop => {}
    }
    tracing::info!("stopping: no new requests, running ones may finish");
    health.refuse("new requests", "the process is stopping");
    shutdown.cancel();
    Ok(entrance.await?)
}

async fn open(app: &App) {
    let opening = app.clone();
    let open = move || opening.open(&|done, total| tracing::info!(done, total, "building the index"));
    match tokio::task::spawn_blocking(open).await {
        Ok(opened) => log_opened(&opened),
        Err(error) => tracing::error!(%error, "opening the index failed"),
    }
}

fn log_opened(opened: &Opened) {
    match opened.report() {
        None => tracing::info!("the live generation is what the corpus folder holds"),
        Some(report) if opened.can_answer() => tracing::warn!("{report}"),
        Some(report) => report.lines().for_each(|line| tracing::error!("{line}")),
    }
}

/// Resolves when the process is told to stop: SIGTERM or SIGINT.
pub async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM can't be caught; only Ctrl-C stops the bot in order");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
