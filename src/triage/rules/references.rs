//! References inside the rules' file: every source, card and modifier that is named must be there.

use std::collections::BTreeMap;

use toml::Spanned;

use super::red_flags::{RedFlags, Rule, Source};
use crate::language::spelling;
use crate::triage::cards::Tier;
use crate::triage::emergency_numbers::Country;

/// Checks that what refers to something refers to something that is there.
#[derive(Default)]
pub(super) struct References {
    /// Where in the text, in bytes, and what is wrong.
    mistakes: Vec<(usize, String)>,
}

impl References {
    pub(super) fn into_mistakes(self) -> Vec<(usize, String)> {
        self.mistakes
    }

    pub(super) fn mistake(&mut self, at: usize, message: String) {
        self.mistakes.push((at, message));
    }

    pub(super) fn source(&mut self, at: usize, id: &str, sources: &BTreeMap<String, Source>) {
        if !sources.contains_key(id) {
            let nearest = spelling::nearest(id, sources.keys().map(String::as_str));
            let hint = nearest.map_or_else(String::new, |name| format!("; did you mean \"{name}\"?"));
            self.mistake(at, format!("unknown source \"{id}\"{hint}"));
        }
    }

    pub(super) fn countries(
        &mut self,
        countries: &[Spanned<Country>],
        elsewhere: &str,
        sources: &BTreeMap<String, Source>,
    ) {
        for (number, country) in countries.iter().enumerate() {
            let (at, country) = (country.span().start, country.get_ref());
            self.source(at, &country.source, sources);
            if countries.iter().take(number).any(|other| other.get_ref().code == country.code) {
                self.mistake(at, format!("the country \"{}\" is there twice", country.code));
            }
            if elsewhere.is_empty() {
                self.mistake(at, "a country's number needs the line `elsewhere` in [numbers] after it".to_owned());
            }
        }
    }

    /// Checks a rule against the rules before it and everything else.
    pub(super) fn rule(&mut self, at: usize, rule: &Rule, red_flags: &RedFlags) {
        match red_flags.cards.get(&rule.card) {
            None => self.mistake(at, format!("the rule's card \"{}\" does not exist", rule.card)),
            Some(card) if (card.tier == Tier::Crisis) != (rule.tier == Tier::Crisis) => {
                self.mistake(at, format!("the rule and its card \"{}\" disagree about the crisis tier", rule.card));
            }
            Some(_) => {}
        }
        for modifier in rule.unless.iter().filter(|name| !red_flags.modifiers.contains_key(*name)) {
            self.mistake(at, format!("the rule's modifier \"{modifier}\" does not exist"));
        }
        if red_flags.rules.iter().any(|other| other.id == rule.id) {
            self.mistake(at, format!("the rule \"{}\" is there twice; rename one", rule.id));
        }
        if rule.any.is_empty() {
            self.mistake(at, format!("the rule \"{}\" has no pattern in `any`", rule.id));
        }
        if rule.positive_examples.is_empty() {
            let message =
                format!("the rule \"{}\" has no example in `positive_examples`; write one that it must catch", rule.id);
            self.mistake(at, message);
        }
    }
}
