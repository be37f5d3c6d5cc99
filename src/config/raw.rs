//! The configuration as it is written: a file, then environment variables over it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::ConfigError;
use super::ids::RawId;
use crate::diagnostics::toml::{Mistake, parse};
use crate::embedding::MODEL_URL;
use crate::language::spelling;

/// What variables begin with that set a key of the configuration.
pub(super) const PREFIX: &str = "SEVENTH_";
/// The variable that names the file.
pub(super) const FILE_VARIABLE: &str = "SEVENTH_CONFIG";

/// What every message ends with unless the configuration says it in other words.
pub const DISCLAIMER: &str = "I'm a bot, not a doctor. I quote articles that the editors have checked; I can't examine you or tell you what you have. If you are worried, ask a doctor. In an emergency, call your local emergency number.";

/// The file as written. Every key has a default, so that an empty file is a valid one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RawConfig {
    pub(super) discord: RawDiscord,
    pub(super) corpus: RawCorpus,
    pub(super) index: RawIndex,
    pub(super) answers: RawAnswers,
    pub(super) semantic: RawSemantic,
    pub(super) moderation: RawModeration,
    pub(super) limits: RawLimits,
    pub(super) log: RawLog,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct RawDiscord {
    pub(super) token_file: String,
    pub(super) api_url: String,
    pub(super) heartbeat_timeout_seconds: i64,
}

impl Default for RawDiscord {
    fn default() -> Self {
        // About 2.5 of Discord's heartbeat intervals (41.25 s), and time to connect anew.
        Self { token_file: String::new(), api_url: String::new(), heartbeat_timeout_seconds: 120 }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct RawCorpus {
    pub(super) dir: String,
}

impl Default for RawCorpus {
    fn default() -> Self {
        Self { dir: "corpus".to_owned() }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct RawIndex {
    pub(super) dir: String,
    pub(super) keep: i64,
}

impl Default for RawIndex {
    fn default() -> Self {
        Self { dir: "index".to_owned(), keep: 5 }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct RawAnswers {
    pub(super) disclaimer: String,
    pub(super) privacy_policy_url: String,
    pub(super) country: String,
    /// By server id. A table's keys are strings.
    pub(super) countries: BTreeMap<String, String>,
}

impl Default for RawAnswers {
    fn default() -> Self {
        Self {
            disclaimer: DISCLAIMER.to_owned(),
            privacy_policy_url: String::new(),
            country: String::new(),
            countries: BTreeMap::new(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct RawSemantic {
    pub(super) model_dir: String,
    pub(super) model_url: String,
}

impl Default for RawSemantic {
    fn default() -> Self {
        Self { model_dir: String::new(), model_url: MODEL_URL.to_owned() }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct RawModeration {
    pub(super) guilds: Vec<RawId>,
    pub(super) roles: Vec<RawId>,
    pub(super) crisis_channel: RawId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct RawLimits {
    pub(super) concurrent_requests: i64,
    pub(super) shutdown_seconds: i64,
}

impl Default for RawLimits {
    fn default() -> Self {
        Self { concurrent_requests: 64, shutdown_seconds: 8 }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct RawLog {
    pub(super) level: String,
    pub(super) format: String,
}

impl Default for RawLog {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: "text".to_owned() }
    }
}

impl RawConfig {
    /// Reads a configuration file's text.
    ///
    /// # Errors
    ///
    /// Every mistake with its line.
    pub fn parse(text: &str) -> Result<Self, Vec<Mistake>> {
        parse(text)
    }

    /// Sets the keys that variables `SEVENTH_<SECTION>_<KEY>` name.
    pub(super) fn override_with(&mut self, variables: &BTreeMap<String, String>) -> Result<(), ConfigError> {
        let mut table = toml::Table::try_from(&*self).map_err(|error| ConfigError(error.to_string()))?;
        let mut mistakes = Vec::new();
        for (variable, value) in variables {
            let Some(name) = variable.strip_prefix(PREFIX).filter(|_| variable != FILE_VARIABLE) else { continue };
            match entry(&mut table, name) {
                Some(old) => match typed(old, value) {
                    Ok(new) => *old = new,
                    Err(expected) => mistakes.push(format!("{variable}: must be {expected}")),
                },
                None => mistakes.push(unknown_variable(variable, &table)),
            }
        }
        if !mistakes.is_empty() {
            return Err(ConfigError(mistakes.join("\n")));
        }
        *self = table.try_into().map_err(|error: toml::de::Error| ConfigError(error.message().to_owned()))?;
        Ok(())
    }
}

fn entry<'a>(table: &'a mut toml::Table, name: &str) -> Option<&'a mut toml::Value> {
    let (section, key) = name.split_once('_')?;
    table.get_mut(&section.to_lowercase())?.as_table_mut()?.get_mut(&key.to_lowercase())
}

/// `value` in the type that `like` has.
fn typed(like: &toml::Value, value: &str) -> Result<toml::Value, &'static str> {
    let number = |text: &str| text.trim().parse::<i64>().map(toml::Value::Integer);
    match like {
        toml::Value::Integer(_) => number(value).map_err(|_| "a number"),
        toml::Value::Array(_) => {
            let parts = value.split(',').filter(|part| !part.trim().is_empty());
            parts
                .map(number)
                .collect::<Result<Vec<_>, _>>()
                .map(toml::Value::Array)
                .map_err(|_| "numbers with commas between them")
        }
        toml::Value::Table(_) => {
            let parts = value.split(',').filter(|part| !part.trim().is_empty());
            let pair = |part: &str| {
                let (key, value) = part.split_once('=')?;
                Some((key.trim().to_owned(), toml::Value::String(value.trim().to_owned())))
            };
            let table: Option<toml::Table> = parts.map(pair).collect();
            table.map(toml::Value::Table).ok_or("pairs such as 123456789=GB with commas between them")
        }
        _ => Ok(toml::Value::String(value.to_owned())),
    }
}

fn unknown_variable(variable: &str, table: &toml::Table) -> String {
    let sections = table.iter().filter_map(|(section, keys)| Some((section, keys.as_table()?)));
    let known: Vec<String> =
        sections.flat_map(|(section, keys)| keys.keys().map(move |key| format!("{section}_{key}"))).collect();
    let name = variable.trim_start_matches(PREFIX).to_lowercase();
    match spelling::nearest(&name, known.iter().map(String::as_str)) {
        Some(near) => format!("{variable}: unknown variable; did you mean {PREFIX}{}?", near.to_uppercase()),
        None => format!("{variable}: unknown variable; config.example.toml lists all keys"),
    }
}
