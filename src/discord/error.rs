//! Why the connection to Discord can't be held.

use thiserror::Error;

use crate::config::ConfigError;

/// Why the Discord entrance can't go on.
#[derive(Debug, Error)]
pub enum DiscordError {
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

impl DiscordError {
    /// Whether the operator must change something before another start makes sense.
    pub const fn is_misuse(&self) -> bool {
        matches!(
            self,
            Self::NoToken | Self::TokenFile(_) | Self::MalformedToken | Self::TokenRefused | Self::IntentsRefused
        )
    }
}
