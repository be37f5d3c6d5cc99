//! Where a caller is, for the emergency number on a card.

use std::collections::BTreeMap;

use super::policy::Caller;
use crate::config::Config;

/// The countries of the configuration.
pub(super) struct Places {
    country: Option<String>,
    by_server: BTreeMap<u64, String>,
}

impl Places {
    pub(super) fn new(config: &Config) -> Self {
        Self { country: config.country.clone(), by_server: config.countries.clone() }
    }

    /// A country's code or a locale: the server's country as configured, else the bot's, else the locale of the caller.
    pub(super) fn of<'a>(&'a self, caller: &'a Caller) -> Option<&'a str> {
        let of_server = caller.guild.and_then(|guild| self.by_server.get(&guild)).map(String::as_str);
        of_server.or(self.country.as_deref()).or(caller.locale.as_deref())
    }
}
