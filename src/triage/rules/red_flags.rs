//! Red flags as data: the rules, their modifiers, the cards and the emergency numbers of `red_flags.toml`.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::pattern::{Pattern, Vocabulary};
use crate::triage::cards::{CardTemplate, Tier};
use crate::triage::emergency_numbers::EmergencyNumbers;

/// Everything that the file says, ready to be matched.
#[derive(Debug, Clone, Default)]
pub struct RedFlags {
    /// Rules, in order of precedence.
    pub rules: Vec<Rule>,
    /// Modifiers by name.
    pub modifiers: HashMap<String, Modifier>,
    /// Cards by id.
    pub cards: HashMap<String, CardTemplate>,
    /// Sources of rules and cards, by id.
    pub sources: BTreeMap<String, Source>,
    /// Emergency numbers, each with its country.
    pub emergency_numbers: EmergencyNumbers,
    /// The words and classes that the patterns are made of.
    pub vocabulary: Vocabulary,
}

/// One danger sign.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Name for `--explain` and for editors.
    pub id: String,
    /// What it may be, as the question sets name it.
    pub flag: String,
    /// How urgent it is.
    pub tier: Tier,
    /// Id of the card to show.
    pub card: String,
    /// At least one must match.
    pub any: Vec<Pattern>,
    /// If there are any, at least one of these must match too, anywhere in the message.
    pub with: Vec<Pattern>,
    /// Names of the modifiers that may suppress a match.
    pub unless: Vec<String>,
    /// Whether it raises no flag by itself: its matches are only evidence for the classifier.
    pub weak: bool,
    /// Messages that must raise this flag.
    pub positive_examples: Vec<RuleExample>,
    /// Messages that must raise no flag at all.
    pub negative_examples: Vec<RuleExample>,
}

/// A message that belongs to a rule, with the line of the file that it stands in.
#[derive(Debug, Clone)]
pub struct RuleExample {
    /// The line.
    pub line: usize,
    /// The message.
    pub text: String,
}

/// What suppresses a match: a negation, a hypothesis, somebody else. `ConText` calls these modifiers.
///
/// Source: Harkema et al. 2009, "`ConText`: an algorithm for determining negation, experiencer, and temporal status
/// from clinical reports".
#[derive(Debug, Clone, Default)]
pub struct Modifier {
    /// Ends at most `reach` words before the match.
    pub before: Vec<Pattern>,
    /// Begins at most `reach` words after the match.
    pub after: Vec<Pattern>,
    /// Stands in the same sentence.
    pub sentence: Vec<Pattern>,
    /// Stands anywhere in the message.
    pub message: Vec<Pattern>,
    /// Distance for `before` and `after`, in words.
    pub reach: usize,
}

/// Where a rule or a card comes from.
#[derive(Debug, Clone, Deserialize)]
pub struct Source {
    /// Name as a reader should see it.
    pub name: String,
    /// Where it can be read.
    pub url: String,
    /// Date of the source, as far as it is known.
    pub date: Option<String>,
    /// How it was seen and what must be checked again; for editors.
    pub note: Option<String>,
}

impl RedFlags {
    /// The flags that rules can raise, each once, in order of precedence.
    pub fn flags(&self) -> Vec<&str> {
        let mut flags: Vec<&str> = Vec::new();
        for rule in &self.rules {
            if !flags.contains(&rule.flag.as_str()) {
                flags.push(&rule.flag);
            }
        }
        flags
    }
}
