//! References inside the rules' file: every source, card and guard that is named must be there.

use std::collections::BTreeMap;

use super::{RawRule, RedFlags, Source, Tier};
use crate::toml_file;

/// Checks that what refers to something refers to something that is there.
#[derive(Default)]
pub(super) struct Links {
    /// A piece of text that stands in the faulty line, and what is wrong.
    pub mistakes: Vec<(String, String)>,
}

impl Links {
    pub(super) fn mistake(&mut self, at: &str, message: String) {
        self.mistakes.push((at.to_owned(), message));
    }

    pub(super) fn source(&mut self, at: &str, id: &str, sources: &BTreeMap<String, Source>) {
        if !sources.contains_key(id) {
            let nearest = toml_file::nearest(id, sources.keys().map(String::as_str));
            let hint = nearest.map_or_else(String::new, |name| format!("; did you mean \"{name}\"?"));
            self.mistake(at, format!("unknown source \"{id}\"{hint}"));
        }
    }

    pub(super) fn countries(&mut self, flags: &RedFlags) {
        for country in &flags.numbers.countries {
            let at = format!("code = \"{}\"", country.code);
            self.source(&at, &country.source, &flags.sources);
            if flags.numbers.countries.iter().filter(|other| other.code == country.code).count() > 1 {
                self.mistake(&at, format!("the country \"{}\" is there twice", country.code));
            }
            if flags.numbers.elsewhere.is_empty() {
                self.mistake(&at, "a country's number needs the line `elsewhere` in [numbers] after it".to_owned());
            }
        }
    }

    pub(super) fn rule(&mut self, rule: &RawRule, flags: &RedFlags) {
        let at = format!("id = \"{}\"", rule.id);
        self.source(&at, &rule.source, &flags.sources);
        match flags.cards.get(&rule.card) {
            None => self.mistake(&at, format!("the rule's card \"{}\" does not exist", rule.card)),
            Some(card) if (card.tier == Tier::Crisis) != (rule.tier == Tier::Crisis) => {
                self.mistake(&at, format!("the rule and its card \"{}\" disagree about the crisis tier", rule.card));
            }
            Some(_) => {}
        }
        for guard in rule.unless.iter().filter(|guard| !flags.guards.contains_key(*guard)) {
            self.mistake(&at, format!("the rule's guard \"{guard}\" does not exist"));
        }
        if flags.rules.iter().any(|other| other.id == rule.id) {
            self.mistake(&at, format!("the rule \"{}\" is there twice; rename one", rule.id));
        }
        if rule.any.is_empty() {
            self.mistake(&at, format!("the rule \"{}\" has no pattern in `any`", rule.id));
        }
        if rule.fires.is_empty() {
            self.mistake(
                &at,
                format!("the rule \"{}\" has no example in `fires`; write one that it must catch", rule.id),
            );
        }
    }
}
