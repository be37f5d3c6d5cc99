//! Emergency numbers: each with its country, the worldwide line otherwise.
//!
//! The same digits mean other things elsewhere (111 is an emergency in New Zealand and none in the UK), so no number
//! stands without its country, and the worldwide line always follows a country's own.

use serde::Deserialize;

/// The numbers of `red_flags.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EmergencyNumbers {
    /// The worldwide line, a sentence of its own.
    pub default: String,
    /// The worldwide line after a country's own.
    pub elsewhere: String,
    /// Countries whose numbers are known well enough to be printed.
    pub countries: Vec<Country>,
}

/// A country's emergency number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Country {
    /// ISO 3166 code, as in the configuration; `EU` for all of the European Union.
    pub code: String,
    /// Its name after "In".
    pub name: String,
    /// What to call there.
    pub call: String,
    /// Discord's locales that are spoken there and hardly anywhere else.
    #[serde(default)]
    pub locales: Vec<String>,
    /// Id of its source.
    pub source: String,
}

impl EmergencyNumbers {
    /// The sentence for a country, by its code or by a locale; the worldwide line if it is neither.
    pub fn line(&self, country_or_locale: Option<&str>) -> String {
        let is_meant = |country: &&Country| {
            let wanted = country_or_locale.unwrap_or_default();
            country.code == wanted || country.locales.iter().any(|locale| locale == wanted)
        };
        self.countries.iter().find(is_meant).map_or_else(
            || self.default.clone(),
            |country| format!("In {}, call {} now. {}", country.name, country.call, self.elsewhere),
        )
    }

    /// Whether this is the code of a country whose number is known.
    pub fn knows(&self, code: &str) -> bool {
        self.countries.iter().any(|country| country.code == code)
    }

    /// The country that an unknown code of two letters most likely means: by its name (`UK`), by letters that changed
    /// places (`ZN`), or by a language or region of it (`DE` for the European Union). `None` for a code that says
    /// nothing.
    pub fn nearest(&self, code: &str) -> Option<&Country> {
        let reversed: String = code.chars().rev().collect();
        let named = |country: &&Country| country.name.split(' ').any(|word| word.eq_ignore_ascii_case(code));
        let turned = |country: &&Country| country.code.eq_ignore_ascii_case(&reversed);
        let spoken = |country: &&Country| {
            let mut parts = country.locales.iter().flat_map(|locale| locale.split('-'));
            parts.any(|part| part.eq_ignore_ascii_case(code))
        };
        let countries = || self.countries.iter();
        countries().find(named).or_else(|| countries().find(turned)).or_else(|| countries().find(spoken))
    }

    /// Length of the longest sentence that a card can get, in Unicode code points.
    pub fn max_chars(&self) -> usize {
        let codes = self.countries.iter().map(|country| Some(country.code.as_str())).chain([None]);
        codes.map(|code| self.line(code).chars().count()).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> EmergencyNumbers {
        let country = |code: &str, locale: &str| Country {
            code: code.to_owned(),
            name: code.to_lowercase(),
            call: "1".to_owned(),
            locales: vec![locale.to_owned()],
            source: String::new(),
        };
        EmergencyNumbers {
            default: "Call.".to_owned(),
            elsewhere: "Elsewhere, call.".to_owned(),
            countries: vec![country("GB", "en-GB"), country("JP", "ja")],
        }
    }

    #[test]
    fn a_country_is_chosen_by_its_code_or_its_locale_and_the_worldwide_line_follows() {
        assert_eq!(numbers().line(Some("GB")), "In gb, call 1 now. Elsewhere, call.");
        assert_eq!(numbers().line(Some("ja")), "In jp, call 1 now. Elsewhere, call.");
    }

    #[test]
    fn an_unknown_code_means_the_country_of_that_name_then_of_those_letters_then_of_that_language() {
        let mut numbers = numbers();
        "the UK".clone_into(&mut numbers.countries[0].name);
        numbers.countries[1].locales.push("uk".to_owned());
        for (code, meant) in
            [("UK", Some("GB")), ("BG", Some("GB")), ("PJ", Some("JP")), ("JA", Some("JP")), ("XX", None)]
        {
            assert_eq!(numbers.nearest(code).map(|country| country.code.as_str()), meant, "{code}");
        }
    }

    #[test]
    fn without_a_known_country_the_worldwide_line_stands_alone() {
        for place in [None, Some("en-US"), Some("XX"), Some("")] {
            assert_eq!(numbers().line(place), "Call.");
        }
    }
}
