//! Safety cards: fixed texts that stand above everything else.

use serde::{Deserialize, Serialize};
use toml::value::Datetime;

use super::emergency_numbers::EmergencyNumbers;

/// Words that stand for the emergency numbers in a card's line.
pub const NUMBERS: &str = "{numbers}";

/// How soon somebody must act. Later variants are more urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// See a doctor today.
    SameDay,
    /// Call the emergency number now.
    Emergency,
    /// Somebody may want to die. The card stands alone.
    Crisis,
}

/// A card as editors write it.
#[derive(Debug, Clone, Deserialize)]
pub struct CardTemplate {
    /// Id that rules refer to.
    pub id: String,
    /// How urgent it is.
    pub tier: Tier,
    /// First line.
    pub title: String,
    /// Further lines; [`NUMBERS`] stands for the emergency numbers.
    pub lines: Vec<String>,
    /// Id of its source.
    pub source: String,
    /// When its facts were last checked.
    pub checked: Option<Datetime>,
}

/// A card, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// First line.
    pub title: String,
    /// Further lines.
    pub lines: Vec<String>,
}

impl CardTemplate {
    /// The card with the emergency number of a country or a locale.
    pub fn filled(&self, numbers: &EmergencyNumbers, country_or_locale: Option<&str>) -> Card {
        let line = numbers.line(country_or_locale);
        let lines = self.lines.iter().map(|written| written.replace(NUMBERS, &line)).collect();
        Card { title: self.title.clone(), lines }
    }

    /// The longest text that its lines can have, in Unicode code points.
    pub(super) fn max_chars(&self, numbers: &EmergencyNumbers) -> usize {
        let chars = |line: &String| match line.matches(NUMBERS).count() {
            0 => line.chars().count(),
            times => line.replace(NUMBERS, "").chars().count() + times * numbers.max_chars(),
        };
        self.lines.iter().map(chars).sum()
    }
}

impl Card {
    /// What is shown where no card can be found, which no test has seen happen.
    pub(super) fn last_resort() -> Self {
        Self {
            title: "This could be an emergency".to_owned(),
            lines: vec!["Call your local emergency number now, or ask somebody near you to call.".to_owned()],
        }
    }
}
