//! The Discord entrance: connect, register commands, receive, convert, send, stop.
//!
//! serenity is named only here. An event becomes a [`Request`](crate::app::Request) before anything is decided, and a
//! [`Reply`](crate::reply::Reply) becomes a message after everything is.

mod commands;
mod convert;
mod guard;
mod handler;
mod watchdog;

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serenity::all::{
    ApplicationId, ClientBuilder, CreateAllowedMentions, CurrentApplicationInfo, GatewayError, GatewayIntents, Http,
    HttpBuilder, HttpError,
};
use thiserror::Error;

use crate::app::{App, Opened};
use crate::config::{Config, ConfigError};
use crate::refresh::RefreshError;
use guard::Gate;
use handler::Handler;

/// What the bot hears. None of them is privileged (P7, `the_bot_identifies_without_privileged_intents`).
const INTENTS: GatewayIntents =
    GatewayIntents::GUILDS.union(GatewayIntents::GUILD_MESSAGES).union(GatewayIntents::DIRECT_MESSAGES);

/// How long one REST call may take. serenity's own client would wait for ever.
const REST_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest pause between two attempts to reach Discord at start.
const RETRY_MAX: Duration = Duration::from_mins(1);

/// Why the bot stopped.
#[derive(Debug, Error)]
pub enum RunError {
    /// There is no token.
    #[error(
        "there is no bot token. Set DISCORD_TOKEN, or discord.token_file in the configuration. The README says how to get one."
    )]
    NoToken,
    /// The token's file can't be read.
    #[error("{0}")]
    TokenFile(ConfigError),
    /// The token can't be one.
    #[error(
        "the bot token does not look like one: three parts with dots between them. Copy it again from the Bot page of your application in Discord's developer portal (Reset Token)."
    )]
    MalformedToken,
    /// Discord does not know the token.
    #[error(
        "Discord refused the bot token. It may have been reset. Copy a new one from the Bot page of your application in Discord's developer portal (Reset Token)."
    )]
    TokenRefused,
    /// Discord does not grant the intents.
    #[error(
        "Discord refused the gateway intents. Seventh needs no privileged one; check that the application was not disabled."
    )]
    IntentsRefused,
    /// The connection broke in a way that can't be mended from here.
    #[error("the connection to Discord ended: {0}")]
    Connection(String),
    /// A shard hung and a restart did not help.
    #[error("shard {0} hangs, and restarting it did not help; a supervisor should start the process again")]
    ShardHangs(u32),
}

impl RunError {
    /// Whether the operator must change something before another start makes sense.
    pub const fn is_misuse(&self) -> bool {
        matches!(
            self,
            Self::NoToken | Self::TokenFile(_) | Self::MalformedToken | Self::TokenRefused | Self::IntentsRefused
        )
    }
}

/// Runs the bot until `stop` resolves or the connection can't be held.
///
/// # Errors
///
/// When the token is missing, malformed or refused, or the connection to Discord can't be held.
pub async fn run(config: &Config, stop: impl Future<Output = ()>) -> Result<(), RunError> {
    let token = config.discord.token().map_err(RunError::TokenFile)?.ok_or(RunError::NoToken)?;
    if !looks_like_a_token(&token) {
        return Err(RunError::MalformedToken);
    }
    let app = App::new(config);
    open(&app).await;
    let http = Arc::new(http(config, &token)?);
    let gate = Gate::new(config.concurrent_requests);
    tokio::pin!(stop);
    let application = tokio::select! {
        application = reach(&http) => application?,
        () = &mut stop => return Ok(()),
    };
    http.set_application_id(application.id);
    commands::register(&http, &config.moderation.guilds).await;
    serve(config, &token, application.id, app, gate, stop).await
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

/// Three parts of URL-safe base64. Source: Discord, Authentication, example tokens.
fn looks_like_a_token(token: &SecretString) -> bool {
    let parts: Vec<&str> = token.expose_secret().split('.').collect();
    let is_base64 = |part: &&str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    parts.len() == 3 && parts.iter().all(is_base64)
}

async fn open(app: &App) {
    let opening = app.clone();
    let opened = tokio::task::spawn_blocking(move || {
        opening.open(&|done, total| tracing::info!(done, total, "building the index"))
    })
    .await;
    match opened {
        Ok(Opened::Existing) => tracing::info!("the index fits the corpus"),
        Ok(Opened::Built) => tracing::info!("the index was built from the corpus"),
        Ok(Opened::Old(error)) => {
            log_problems(&error);
            tracing::error!(%error, "the corpus could not be built; an older generation answers");
        }
        Ok(Opened::Nothing(error)) => {
            log_problems(&error);
            tracing::error!(%error, "there is no index; only safety cards are shown until the corpus is mended");
        }
        Err(error) => tracing::error!(%error, "opening the index failed"),
    }
    for country in app.countries_without_number() {
        tracing::warn!(%country, "no emergency number is known for a configured country; cards show the worldwide line there");
    }
}

fn log_problems(error: &RefreshError) {
    if let RefreshError::Refused(problems) = error {
        for problem in problems {
            tracing::error!("{problem}");
        }
    }
}

/// A client for REST. For interaction replies serenity's rate limiter keeps one entry per interaction for ever, so
/// `handler` uses a second client without it; they are exempt from the global limit.
fn http(config: &Config, token: &SecretString) -> Result<Http, RunError> {
    Ok(http_builder(config, token)?.build())
}

fn http_for_interactions(config: &Config, token: &SecretString) -> Result<Http, RunError> {
    Ok(http_builder(config, token)?.ratelimiter_disabled(true).build())
}

fn http_builder(config: &Config, token: &SecretString) -> Result<HttpBuilder, RunError> {
    let client = reqwest::Client::builder()
        .timeout(REST_TIMEOUT)
        .build()
        .map_err(|error| RunError::Connection(error.without_url().to_string()))?;
    let builder =
        HttpBuilder::new(token.expose_secret()).client(client).default_allowed_mentions(CreateAllowedMentions::new());
    Ok(match &config.discord.api_url {
        // serenity ignores the address while its rate limiter is on.
        Some(url) => builder.proxy(url.trim_end_matches('/')).ratelimiter_disabled(true),
        None => builder,
    })
}

/// Asks Discord who we are until it answers. A refused token ends it; an unreachable Discord does not.
async fn reach(http: &Http) -> Result<CurrentApplicationInfo, RunError> {
    let mut pause = Duration::from_secs(1);
    loop {
        // serenity asks for the gateway's address once and falls back to Discord's real one in silence, so be sure first.
        let reached = match http.get_gateway().await {
            Ok(_) => http.get_current_application_info().await,
            Err(error) => Err(error),
        };
        match reached {
            Ok(application) => return Ok(application),
            Err(error) if status_of(&error) == Some(401) => return Err(RunError::TokenRefused),
            Err(error) => tracing::warn!(
                error = describe(&error),
                seconds = pause.as_secs(),
                "Discord can't be reached; trying again"
            ),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(RETRY_MAX);
    }
}

/// The HTTP status of a failed call, if it got that far.
fn status_of(error: &serenity::Error) -> Option<u16> {
    match error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) => Some(response.status_code.as_u16()),
        _ => None,
    }
}

/// An error for the log: kind and status, without addresses, because interaction tokens stand in those.
fn describe(error: &serenity::Error) -> String {
    match error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) => {
            format!("HTTP {} (code {})", response.status_code.as_u16(), response.error.code)
        }
        serenity::Error::Http(HttpError::Request(request)) if request.is_timeout() => "no answer in time".to_owned(),
        serenity::Error::Http(HttpError::Request(request)) if request.is_connect() => "no connection".to_owned(),
        serenity::Error::Http(_) => "the request failed".to_owned(),
        serenity::Error::Json(error) => format!("unreadable answer ({:?})", error.classify()),
        serenity::Error::Gateway(error) => format!("gateway: {error}"),
        serenity::Error::Tungstenite(_) => "the gateway's connection failed".to_owned(),
        _ => "serenity failed".to_owned(),
    }
}

async fn serve(
    config: &Config,
    token: &SecretString,
    application: ApplicationId,
    app: App,
    gate: Gate,
    mut stop: std::pin::Pin<&mut impl Future<Output = ()>>,
) -> Result<(), RunError> {
    let replies = http_for_interactions(config, token)?;
    // serenity keeps the id in each client by itself.
    replies.set_application_id(application);
    let handler = Handler::new(app, gate.clone(), Arc::new(replies));
    let connection = |error: serenity::Error| RunError::Connection(describe(&error));
    let mut client =
        ClientBuilder::new_with_http(http(config, token)?, INTENTS).event_handler(handler).await.map_err(connection)?;
    let shards = Arc::clone(&client.shard_manager);
    let result = tokio::select! {
        started = client.start_autosharded() => started.map_err(|error| refused(&error)),
        hung = watchdog::watch(&shards) => Err(RunError::ShardHangs(hung)),
        () = &mut stop => {
            tracing::info!("stopping: no new requests, running ones may finish");
            Ok(())
        }
    };
    if result.is_ok() {
        gate.drain(config.shutdown_grace).await;
    }
    // serenity waits up to five seconds for each shard; what is left dies with the process.
    let _ = tokio::time::timeout(SHARDS_CLOSE_IN, shards.shutdown_all()).await;
    result
}

/// How long the shards may take to say goodbye.
const SHARDS_CLOSE_IN: Duration = Duration::from_secs(1);

fn refused(error: &serenity::Error) -> RunError {
    match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => RunError::TokenRefused,
        serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents) => {
            RunError::IntentsRefused
        }
        other if status_of(other) == Some(401) => RunError::TokenRefused,
        other => RunError::Connection(describe(other)),
    }
}
