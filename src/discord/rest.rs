//! Clients for Discord's REST API, retries, and errors that are safe to log.

use std::time::Duration;

use backon::ExponentialBuilder;
use secrecy::{ExposeSecret as _, SecretString};
use serenity::all::{CreateAllowedMentions, Http, HttpBuilder, HttpError};

use super::error::DiscordError;
use crate::config::Config;

/// How long one REST call may take. serenity's own client would wait for ever.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Shortest and longest pause between two attempts.
const BACKOFF_MIN: Duration = Duration::from_secs(1);
const BACKOFF_MAX: Duration = Duration::from_mins(1);

/// Attempts without end, ever further apart, with jitter so that many processes don't come at once.
pub(super) fn backoff() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(BACKOFF_MIN)
        .with_max_delay(BACKOFF_MAX)
        .with_jitter()
        .without_max_times()
}

/// A client for REST. For interaction replies serenity's rate limiter keeps one entry per interaction for ever, so
/// `handler` uses a second client without it; they are exempt from the global limit.
pub(super) fn client(config: &Config, token: &SecretString) -> Result<Http, DiscordError> {
    Ok(builder(config, token)?.build())
}

pub(super) fn client_for_interactions(config: &Config, token: &SecretString) -> Result<Http, DiscordError> {
    Ok(builder(config, token)?.ratelimiter_disabled(true).build())
}

fn builder(config: &Config, token: &SecretString) -> Result<HttpBuilder, DiscordError> {
    let client = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .build()
        .map_err(|error| DiscordError::Connection(error.without_url().to_string()))?;
    let builder =
        HttpBuilder::new(token.expose_secret()).client(client).default_allowed_mentions(CreateAllowedMentions::new());
    Ok(match &config.discord.api_url {
        // serenity ignores the address while its rate limiter is on.
        Some(url) => builder.proxy(url.trim_end_matches('/')).ratelimiter_disabled(true),
        None => builder,
    })
}

/// The HTTP status of a failed call, if it got that far.
pub(super) fn status_of(error: &serenity::Error) -> Option<u16> {
    match error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) => Some(response.status_code.as_u16()),
        _ => None,
    }
}

/// An error for the log: kind and status, without addresses, because interaction tokens stand in those.
pub(super) fn describe(error: &serenity::Error) -> String {
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
