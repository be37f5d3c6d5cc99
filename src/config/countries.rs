//! The countries of the configuration, whose emergency numbers stand first on safety cards.
//!
//! That a code looks like one is checked when the configuration is read. Whether its number is known is checked against
//! the numbers that the cards will show, by `run` before it connects, by `ask` and by `check`.

use std::collections::BTreeMap;

use super::error::ConfigError;
use super::ids::discord_id;
use super::settings::{Config, non_empty};
use crate::triage::emergency_numbers::EmergencyNumbers;

/// A country's code, in capitals.
pub(super) fn country(key: &str, code: &str, mistakes: &mut Vec<String>) -> Option<String> {
    let code = non_empty(code)?.to_uppercase();
    if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        mistakes.push(format!("{key} must be a code of two letters such as GB; it is \"{code}\""));
    }
    Some(code)
}

/// The same for each server.
pub(super) fn by_server(table: &BTreeMap<String, String>, mistakes: &mut Vec<String>) -> BTreeMap<u64, String> {
    let mut countries = BTreeMap::new();
    for (server, code) in table {
        let key = key_of(server);
        let Some(id) = discord_id(server) else {
            mistakes.push(format!("{key}: \"{server}\" is not the id of a server"));
            continue;
        };
        match country(&key, code, mistakes) {
            Some(code) => {
                countries.insert(id, code);
            }
            None => mistakes.push(format!("{key} has no country; write a code of two letters such as GB")),
        }
    }
    countries
}

fn key_of(server: impl std::fmt::Display) -> String {
    format!("answers.countries.{server}")
}

impl Config {
    /// Checks that an emergency number is known for every configured country.
    ///
    /// # Errors
    ///
    /// Every country without one, a line each, with the one that was most likely meant.
    pub fn check_countries(&self, numbers: &EmergencyNumbers) -> Result<(), ConfigError> {
        let of_bot = self
            .country
            .iter()
            .map(|code| ("answers.country".to_owned(), code, "Leave it empty for the worldwide line."));
        let of_servers = self
            .countries
            .iter()
            .map(|(server, code)| (key_of(server), code, "Leave the server out for what answers.country says."));
        let mistakes: Vec<String> = of_bot
            .chain(of_servers)
            .filter(|(_, code, _)| !numbers.knows(code))
            .map(|(key, code, instead)| format!("{key}: {} {instead}", unknown(code, numbers)))
            .collect();
        if mistakes.is_empty() { Ok(()) } else { Err(ConfigError(mistakes.join("\n"))) }
    }
}

fn unknown(code: &str, numbers: &EmergencyNumbers) -> String {
    let unknown = format!("no emergency number is known for \"{code}\"");
    let known: Vec<&str> = numbers.countries.iter().map(|country| country.code.as_str()).collect();
    match numbers.nearest(code) {
        Some(country) => format!("{unknown}; did you mean {} ({})?", country.code, country.name),
        None if known.is_empty() => format!("{unknown}."),
        None => format!("{unknown}, only for {}.", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::triage::Detector;

    fn mistakes(variables: &[(&str, &str)]) -> String {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let config = Config::read(&variables, Path::new("/nowhere")).expect("codes of two letters");
        let numbers = &Detector::built_in().red_flags.emergency_numbers;
        config.check_countries(numbers).err().map_or_else(String::new, |error| error.to_string())
    }

    #[test]
    fn a_country_without_a_number_is_refused_with_the_one_that_was_meant() {
        assert_eq!(
            mistakes(&[("SEVENTH_ANSWERS_COUNTRY", "uk"), ("SEVENTH_ANSWERS_COUNTRIES", "7=DE, 8=US, 9=XX")]),
            "answers.country: no emergency number is known for \"UK\"; did you mean GB (the UK)? \
             Leave it empty for the worldwide line.\n\
             answers.countries.7: no emergency number is known for \"DE\"; did you mean EU (the European Union)? \
             Leave the server out for what answers.country says.\n\
             answers.countries.9: no emergency number is known for \"XX\", only for GB, EU, IE, US, CA, AU, NZ, \
             IN, JP, BR, NO, TR, UA, CN, TW, TH, VN, IL, SG, CH, ZA. Leave the server out for what answers.country says."
        );
    }

    #[test]
    fn a_country_with_a_number_and_none_at_all_are_fine() {
        assert_eq!(mistakes(&[]), "");
        assert_eq!(mistakes(&[("SEVENTH_ANSWERS_COUNTRY", "nz"), ("SEVENTH_ANSWERS_COUNTRIES", "7=GB")]), "");
    }
}
