//! The Discord entrance: connect, register commands, receive, convert, send, stop.
//!
//! serenity is named only here. An event becomes a [`Request`](crate::commands::Request) before anything is decided,
//! and a [`Reply`](crate::reply::Reply) becomes a message after everything is.

mod addressed;
mod convert;
mod error;
mod handler;
mod limiter;
mod registration;
mod rest;
mod watchdog;

use std::sync::Arc;
use std::time::Duration;

use backon::Retryable as _;
use secrecy::{ExposeSecret as _, SecretString};
use serenity::all::{ApplicationId, ClientBuilder, CurrentApplicationInfo, GatewayError, GatewayIntents, Http};
use tokio_util::sync::CancellationToken;

pub use error::DiscordError;

use crate::app::App;
use crate::config::Config;
use crate::health::Health;
use handler::Handler;
use limiter::ConcurrencyLimiter;
use rest::{backoff, client, client_for_interactions, describe, status_of};

/// What the bot hears. None of them is privileged (P7, `the_bot_identifies_without_privileged_intents`).
const INTENTS: GatewayIntents =
    GatewayIntents::GUILDS.union(GatewayIntents::GUILD_MESSAGES).union(GatewayIntents::DIRECT_MESSAGES);

/// How long the shards may take to say goodbye.
const SHARDS_CLOSE_IN: Duration = Duration::from_secs(1);

/// The entrance, with a token that may be one.
pub struct Entrance<'a> {
    config: &'a Config,
    token: SecretString,
}

impl<'a> Entrance<'a> {
    /// Reads the token.
    ///
    /// # Errors
    ///
    /// When there is none, or it can't be one.
    pub fn new(config: &'a Config) -> Result<Self, DiscordError> {
        let token = config.discord.token().map_err(DiscordError::TokenFile)?.ok_or(DiscordError::NoToken)?;
        if looks_like_a_token(&token) { Ok(Self { config, token }) } else { Err(DiscordError::MalformedToken) }
    }

    /// Serves until `shutdown` is cancelled or the connection can't be held.
    ///
    /// # Errors
    ///
    /// When the token is refused or the connection can't be held.
    pub async fn serve(self, app: App, health: Health, shutdown: CancellationToken) -> Result<(), DiscordError> {
        let http = Arc::new(client(self.config, &self.token)?);
        let Some(application) = shutdown.run_until_cancelled(reach(&http)).await else { return Ok(()) };
        let application = application?;
        http.set_application_id(application.id);
        let registering = registration::register_until_done(&http, &self.config.moderation.guilds, &health);
        let connected = self.connect(application.id, app, &health, &shutdown);
        tokio::pin!(connected);
        // Registration may have to be tried again for long. Meanwhile the commands of last time are answered.
        tokio::select! {
            () = registering => {}
            result = &mut connected => return result,
        }
        connected.await
    }

    async fn connect(
        &self,
        application: ApplicationId,
        app: App,
        health: &Health,
        shutdown: &CancellationToken,
    ) -> Result<(), DiscordError> {
        let replies = client_for_interactions(self.config, &self.token)?;
        // serenity keeps the id in each client by itself.
        replies.set_application_id(application);
        let limiter = ConcurrencyLimiter::new(self.config.concurrent_requests);
        let handler = Handler::new(app, limiter.clone(), Arc::new(replies), health.clone());
        let connection = |error: serenity::Error| DiscordError::Connection(describe(&error));
        let mut client = ClientBuilder::new_with_http(client(self.config, &self.token)?, INTENTS)
            .event_handler(handler)
            .await
            .map_err(connection)?;
        let shards = Arc::clone(&client.shard_manager);
        let result = tokio::select! {
            started = client.start_autosharded() => started.map_err(|error| refused(&error)),
            hung = watchdog::watch(&shards, self.config.heartbeat_timeout, health) => Err(DiscordError::ShardHangs(hung)),
            () = shutdown.cancelled() => Ok(()),
        };
        if result.is_ok() {
            limiter.drain(self.config.shutdown_grace).await;
        }
        // serenity waits up to five seconds for each shard; what is left dies with the process.
        let _ = tokio::time::timeout(SHARDS_CLOSE_IN, shards.shutdown_all()).await;
        result
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

/// Asks Discord who we are until it answers. A refused token ends it; an unreachable Discord does not.
async fn reach(http: &Http) -> Result<CurrentApplicationInfo, DiscordError> {
    let ask = || async {
        // serenity asks for the gateway's address once and falls back to Discord's real one in silence, so be sure
        // first.
        http.get_gateway().await?;
        http.get_current_application_info().await
    };
    let is_refused = |error: &serenity::Error| status_of(error) == Some(401);
    let asked = ask.retry(backoff()).when(|error| !is_refused(error)).notify(|error, pause| {
        tracing::warn!(
            error = describe(error),
            seconds = pause.as_secs_f32(),
            "Discord can't be reached; trying again"
        );
    });
    asked.await.map_err(|_| DiscordError::TokenRefused)
}

fn refused(error: &serenity::Error) -> DiscordError {
    match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => DiscordError::TokenRefused,
        serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents) => {
            DiscordError::IntentsRefused
        }
        other if status_of(other) == Some(401) => DiscordError::TokenRefused,
        other => DiscordError::Connection(describe(other)),
    }
}
