//! What the program can rely on: the settings, typed and checked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::SecretString;

use super::error::ConfigError;
use crate::disk::absolute;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What the program can rely on.
#[derive(Debug, Clone)]
pub struct Config {
    /// Folder of the corpus.
    pub corpus_dir: PathBuf,
    /// Folder of the generations.
    pub index_dir: PathBuf,
    /// How many generations are kept, at least 1.
    pub generations_kept: usize,
    /// The sentence that every reply ends with.
    pub disclaimer: String,
    /// Where the operator's privacy policy stands.
    pub privacy_policy_url: Option<String>,
    /// Code of the country whose emergency number cards show; otherwise the locale decides.
    pub country: Option<String>,
    /// The same for single servers, by their ids.
    pub countries: BTreeMap<u64, String>,
    /// Who may change what others see.
    pub moderation: Moderation,
    /// Requests that are worked on at the same time; more are shed with a sentence.
    pub concurrent_requests: usize,
    /// Within this time a shard must show a new heartbeat, or it is restarted.
    pub heartbeat_timeout: std::time::Duration,
    /// How long running requests may take to finish when the process is told to stop.
    pub shutdown_grace: std::time::Duration,
    /// Which log lines are written, by `tracing_subscriber`'s directives.
    pub log_level: String,
    /// How they look.
    pub log_format: LogFormat,
    /// Whether a terminal may show colours: `NO_COLOR` is absent or empty. Source: <https://no-color.org>.
    pub colors: bool,
    /// Folder of the embedding model; `None` for search by words alone.
    pub model_dir: Option<PathBuf>,
    /// Where `seventh model install` fetches the model from.
    pub model_url: String,
    /// What `run` needs besides.
    pub discord: Discord,
}

/// Connection to Discord.
#[derive(Debug, Clone)]
pub struct Discord {
    /// The bot's token from the environment, if it is there. Its `Debug` shows nothing.
    pub(super) token: Option<SecretString>,
    /// The file that holds it otherwise. Only the bot needs to be able to read it.
    pub(super) token_file: Option<PathBuf>,
    /// Address of a stand-in for Discord's REST API, for tests.
    pub api_url: Option<String>,
}

/// Who may change what others see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moderation {
    /// Guilds in which `/corpus` exists.
    pub guilds: Vec<u64>,
    /// Roles that may use it besides those with *Manage Server*.
    pub roles: Vec<u64>,
    /// The channel that is told when a crisis card was shown in one of the guilds, if any is.
    pub crisis_channel: Option<u64>,
}

impl Discord {
    /// The token, from the environment or else from its file.
    ///
    /// # Errors
    ///
    /// When the file can't be read.
    pub fn token(&self) -> Result<Option<SecretString>, ConfigError> {
        let (None, Some(file)) = (&self.token, &self.token_file) else { return Ok(self.token.clone()) };
        let written = std::fs::read_to_string(file).map_err(|error| {
            ConfigError(format!("discord.token_file: {} can't be read: {error}", absolute(file).display()))
        })?;
        Ok(non_empty(&written).as_deref().map(secret))
    }
}

/// A text without the space around it, if there is one.
pub(super) fn non_empty(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A token as a type that does not print itself.
pub(super) fn secret(token: &str) -> SecretString {
    SecretString::from(token.trim_start_matches("Bot ").to_owned())
}
