//! Reading the environment and the file, and checking what they say.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::countries;
use super::error::ConfigError;
use super::ids;
use super::raw::{FILE_VARIABLE, PREFIX, RawConfig};
use super::settings::{Config, Discord, LogFormat, Moderation, non_empty, secret};
use crate::disk::absolute;

/// The file that is read when `SEVENTH_CONFIG` names no other and it exists.
const DEFAULT_FILE: &str = "config.toml";
const TOKEN_VARIABLE: &str = "DISCORD_TOKEN";
const NO_COLOR_VARIABLE: &str = "NO_COLOR";

impl Config {
    /// Reads the process' environment and the configuration file.
    ///
    /// # Errors
    ///
    /// Every mistake, a line each.
    pub fn from_process() -> Result<Self, ConfigError> {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, _)| {
                name.starts_with(PREFIX) || [TOKEN_VARIABLE, NO_COLOR_VARIABLE].contains(&name.as_str())
            })
            .map(|(name, value)| match value.into_string() {
                Ok(value) => Ok((name, value)),
                // Any value but an empty one says no; it is not for us, so it need not be text.
                Err(value) if name == NO_COLOR_VARIABLE => Ok((name, value.to_string_lossy().into_owned())),
                Err(_) => Err(ConfigError(format!("{name}: the value is not UTF-8 text"))),
            })
            .collect::<Result<_, _>>()?;
        Self::read(&variables, Path::new("."))
    }

    /// Reads the file that `variables` name, or `config.toml` in `folder`, and the variables over it.
    ///
    /// # Errors
    ///
    /// Every mistake, a line each.
    pub fn read(variables: &BTreeMap<String, String>, folder: &Path) -> Result<Self, ConfigError> {
        refuse_quotation_marks(variables)?;
        let mut raw = read_file(variables.get(FILE_VARIABLE).filter(|file| !file.is_empty()).map(Path::new), folder)?;
        raw.override_with(variables)?;
        let token = variables.get(TOKEN_VARIABLE).and_then(|token| non_empty(token)).as_deref().map(secret);
        let colors = variables.get(NO_COLOR_VARIABLE).is_none_or(String::is_empty);
        Ok(Self { colors, ..raw.checked(token)? })
    }
}

/// A shell takes the marks around a value away; a file of variables for systemd or a container may not. As part of a
/// path or of the token they would be looked for in vain.
fn refuse_quotation_marks(variables: &BTreeMap<String, String>) -> Result<(), ConfigError> {
    let is_quoted = |value: &str| {
        ['"', '\''].iter().any(|mark| value.len() > 1 && value.starts_with(*mark) && value.ends_with(*mark))
    };
    let mistakes: Vec<String> = variables
        .iter()
        .filter(|(name, value)| (name.starts_with(PREFIX) || *name == TOKEN_VARIABLE) && is_quoted(value.trim()))
        .map(|(name, _)| format!("{name}: the value has quotation marks around it; leave them out"))
        .collect();
    if mistakes.is_empty() { Ok(()) } else { Err(ConfigError(mistakes.join("\n"))) }
}

fn read_file(named: Option<&Path>, folder: &Path) -> Result<RawConfig, ConfigError> {
    let path = named.map_or_else(|| folder.join(DEFAULT_FILE), Path::to_owned);
    if named.is_none() && !path.exists() {
        return Ok(RawConfig::default());
    }
    let path = absolute(&path);
    let text = std::fs::read_to_string(&path)
        .map_err(|error| ConfigError(format!("{}: the configuration can't be read: {error}", path.display())))?;
    RawConfig::parse(&text).map_err(|mistakes| {
        let lines: Vec<String> = mistakes
            .iter()
            .map(|mistake| format!("{}:{}: {}", path.display(), mistake.line, mistake.message))
            .collect();
        ConfigError(lines.join("\n"))
    })
}

impl RawConfig {
    fn checked(self, token: Option<SecretString>) -> Result<Config, ConfigError> {
        let mut mistakes = Vec::new();
        let config = Config {
            corpus_dir: PathBuf::from(&self.corpus.dir),
            index_dir: PathBuf::from(&self.index.dir),
            generations_kept: within("index.keep", self.index.keep, 1..=1_000, &mut mistakes),
            model_dir: non_empty(&self.semantic.model_dir).map(PathBuf::from),
            model_url: self.semantic.model_url.trim_end_matches('/').to_owned(),
            disclaimer: self.answers.disclaimer.trim().to_owned(),
            privacy_policy_url: non_empty(&self.answers.privacy_policy_url),
            country: countries::country("answers.country", &self.answers.country, &mut mistakes),
            countries: countries::by_server(&self.answers.countries, &mut mistakes),
            moderation: Moderation {
                guilds: ids::ids("moderation.guilds", &self.moderation.guilds, &mut mistakes),
                roles: ids::ids("moderation.roles", &self.moderation.roles, &mut mistakes),
                crisis_channel: ids::channel(&self.moderation.crisis_channel, &mut mistakes),
            },
            concurrent_requests: within(
                "limits.concurrent_requests",
                self.limits.concurrent_requests,
                1..=10_000,
                &mut mistakes,
            ),
            shutdown_grace: seconds("limits.shutdown_seconds", self.limits.shutdown_seconds, 0..=600, &mut mistakes),
            heartbeat_timeout: seconds(
                "discord.heartbeat_timeout_seconds",
                self.discord.heartbeat_timeout_seconds,
                2..=3_600,
                &mut mistakes,
            ),
            log_level: self.log.level,
            log_format: log_format(&self.log.format, &mut mistakes),
            colors: true,
            discord: Discord {
                token,
                token_file: non_empty(&self.discord.token_file).map(PathBuf::from),
                api_url: non_empty(&self.discord.api_url),
            },
        };
        if config.corpus_dir.as_os_str().is_empty() || config.index_dir.as_os_str().is_empty() {
            mistakes.push("corpus.dir and index.dir must name a folder".to_owned());
        }
        mistakes.extend(disclaimer_mistake(&config.disclaimer));
        mistakes.extend(url_mistakes(&config));
        mistakes.extend(log_level_mistake(&config.log_level));
        if mistakes.is_empty() { Ok(config) } else { Err(ConfigError(mistakes.join("\n"))) }
    }
}

/// What any wording of the disclaimer must still say, by a word of each statement: not a doctor; quotes articles; ask
/// one.
const DISCLAIMER_MUST_SAY: [&str; 3] = ["not a doctor", "article", "ask a doctor"];
/// Longest disclaimer, in Unicode code points, so that it always fits below an answer.
const DISCLAIMER_MAX_CHARS: usize = 300;

fn disclaimer_mistake(disclaimer: &str) -> Option<String> {
    let lower = disclaimer.to_lowercase();
    if let Some(missing) = DISCLAIMER_MUST_SAY.iter().find(|words| !lower.contains(*words)) {
        return Some(format!(
            "answers.disclaimer must say that the bot is not a doctor, that it quotes articles, and to ask a doctor; \"{missing}\" is missing"
        ));
    }
    let length = disclaimer.chars().count();
    (length > DISCLAIMER_MAX_CHARS)
        .then(|| format!("answers.disclaimer has {length} characters; shorten it to {DISCLAIMER_MAX_CHARS}"))
}

fn url_mistakes(config: &Config) -> impl Iterator<Item = String> {
    let urls = [
        ("answers.privacy_policy_url", config.privacy_policy_url.as_deref()),
        ("discord.api_url", config.discord.api_url.as_deref()),
        ("semantic.model_url", Some(&*config.model_url)),
    ];
    let is_web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
    let wrong = urls.into_iter().filter(move |(_, url)| url.is_some_and(|url| !is_web(url)));
    wrong.map(|(key, _)| format!("{key} must begin with https:// or http://"))
}

fn log_level_mistake(level: &str) -> Option<String> {
    // A single word is taken for the name of a module, so a misspelt level would silence everything.
    let is_word = level.chars().all(char::is_alphanumeric);
    let is_misspelt = is_word && level.parse::<LevelFilter>().is_err();
    let mistake = "log.level must be error, warn, info, debug, trace, or directives";
    (is_misspelt || level.parse::<EnvFilter>().is_err()).then(|| mistake.to_owned())
}

fn seconds(key: &str, number: i64, range: RangeInclusive<i64>, mistakes: &mut Vec<String>) -> Duration {
    Duration::from_secs(within(key, number, range, mistakes) as u64)
}

fn within(key: &str, number: i64, range: RangeInclusive<i64>, mistakes: &mut Vec<String>) -> usize {
    if !range.contains(&number) {
        mistakes.push(format!("{key} must be from {} to {}; it is {number}", range.start(), range.end()));
    }
    usize::try_from(number).unwrap_or_default()
}

fn log_format(name: &str, mistakes: &mut Vec<String>) -> LogFormat {
    match name {
        "json" => LogFormat::Json,
        "text" => LogFormat::Text,
        other => {
            mistakes.push(format!("log.format (SEVENTH_LOG_FORMAT) must be text or json; it is \"{other}\""));
            LogFormat::Text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn read(pairs: &[(&str, &str)]) -> Result<Config, String> {
        Config::read(&variables(pairs), Path::new("/nowhere")).map_err(|error| error.to_string())
    }

    #[test]
    fn without_a_file_the_defaults_hold() {
        let config = read(&[]).expect("defaults");
        assert_eq!(config.corpus_dir, Path::new("corpus"));
        assert!(config.discord.token().expect("no file").is_none());
    }

    #[test]
    fn variables_set_single_keys_and_lists_have_commas() {
        let config =
            read(&[("SEVENTH_INDEX_DIR", "/x"), ("SEVENTH_MODERATION_GUILDS", "1, 2"), ("SEVENTH_INDEX_KEEP", "3")])
                .expect("valid");
        assert_eq!(
            (config.index_dir.as_path(), config.moderation.guilds, config.generations_kept),
            (Path::new("/x"), vec![1, 2], 3)
        );
    }

    #[test]
    fn a_misspelt_variable_is_refused_with_the_nearest_one() {
        assert_eq!(
            read(&[("SEVENTH_INDX_DIR", "/x")]).unwrap_err(),
            "SEVENTH_INDX_DIR: unknown variable; did you mean SEVENTH_INDEX_DIR?"
        );
        assert_eq!(read(&[("SEVENTH_INDEX_KEEP", "many")]).unwrap_err(), "SEVENTH_INDEX_KEEP: must be a number");
        assert_eq!(read(&[("SEVENTH_INDEX_KEEP", "0")]).unwrap_err(), "index.keep must be from 1 to 1000; it is 0");
    }

    #[test]
    fn ids_may_be_quoted_and_what_is_none_is_named() {
        let parsed =
            |text: &str| RawConfig::parse(text).expect("valid TOML").checked(None).map_err(|error| error.to_string());
        let config =
            parsed("[moderation]\nguilds = [\"123\", 456]\nroles = [\" 7 \"]\ncrisis_channel = \"8\"\n").expect("ids");
        let expected = Moderation { guilds: vec![123, 456], roles: vec![7], crisis_channel: Some(8) };
        assert_eq!(config.moderation, expected);
        assert_eq!(parsed("[moderation]\ncrisis_channel = \"\"\n").expect("none").moderation, Moderation::default());
        assert_eq!(
            parsed("[moderation]\nguilds = [\"12a\", -1]\ncrisis_channel = \"#help\"\n").unwrap_err(),
            "moderation.guilds must hold Discord ids, which are positive numbers; \"12a\" is none\n\
             moderation.guilds must hold Discord ids, which are positive numbers; \"-1\" is none\n\
             moderation.crisis_channel must be a channel's id, or 0 for none; it is \"#help\""
        );
        let found = RawConfig::parse("[moderation]\nroles = [true]\n").expect_err("no id");
        assert!(found[0].message.contains("expected a Discord id such as"), "{found:?}");
    }

    #[test]
    fn quotation_marks_around_a_variable_are_named_and_the_token_is_not() {
        assert_eq!(
            read(&[("SEVENTH_INDEX_DIR", "\"/x\""), ("DISCORD_TOKEN", "'abc.def.ghi'"), ("SEVENTH_CONFIG", " \"\" ")])
                .unwrap_err(),
            "DISCORD_TOKEN: the value has quotation marks around it; leave them out\n\
             SEVENTH_CONFIG: the value has quotation marks around it; leave them out\n\
             SEVENTH_INDEX_DIR: the value has quotation marks around it; leave them out"
        );
        assert!(read(&[("SEVENTH_INDEX_DIR", "/o'clock"), ("SEVENTH_LOG_LEVEL", "info")]).is_ok());
    }

    #[test]
    fn a_mistake_in_the_file_names_its_absolute_path() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join(DEFAULT_FILE);
        std::fs::write(&file, "[index]\nkep = 3\n").expect("it can be written");
        let relative = folder.path().join(".").join("..").join(folder.path().file_name().expect("a name"));
        let error = Config::read(&BTreeMap::new(), &relative).expect_err("a mistake").to_string();
        assert!(
            error.starts_with('/') && error.ends_with("/config.toml:2: unknown key \"kep\"; did you mean \"keep\"?"),
            "{error}"
        );
    }

    #[test]
    fn the_disclaimer_can_be_reworded_but_not_emptied() {
        assert!(read(&[("SEVENTH_ANSWERS_DISCLAIMER", "")]).unwrap_err().contains("not a doctor"));
        assert!(read(&[("SEVENTH_ANSWERS_DISCLAIMER", "I am not a doctor; I quote articles. Ask a doctor.")]).is_ok());
    }

    #[test]
    fn no_color_takes_colours_away_unless_it_is_empty() {
        let colors = |pairs: &[(&str, &str)]| read(pairs).expect("valid").colors;
        assert!(colors(&[]));
        assert!(colors(&[("NO_COLOR", "")]));
        assert!(!colors(&[("NO_COLOR", "1")]));
    }

    #[test]
    fn the_token_never_shows() {
        let config = read(&[("DISCORD_TOKEN", "Bot abc.def.ghi")]).expect("valid");
        assert!(!format!("{config:?}").contains("abc"));
    }

    #[test]
    fn the_example_names_every_key_with_its_default() {
        let example = RawConfig::parse(include_str!("../../config.example.toml")).expect("the example is valid");
        assert_eq!(example, RawConfig::default());
        let text = include_str!("../../config.example.toml");
        let table = toml::Table::try_from(RawConfig::default()).expect("a table");
        for (section, keys) in &table {
            assert!(text.contains(&format!("[{section}]")), "{section}");
            for key in keys.as_table().expect("a section").keys() {
                assert!(text.contains(&format!("\n{key} = ")), "{section}.{key}");
            }
        }
    }
}
