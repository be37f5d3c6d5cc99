//! Red flags: signs in a question that somebody may be in danger now (P3).
//!
//! Two readers: the rules, which are data (`corpus::red_flags`), and a small model that was trained on examples
//! (`corpus::alert_model`). The check only ever raises urgency: neither reader can silence the other.

use std::collections::BTreeSet;
use std::fmt;

use super::findings::{Finding, findings};
use super::matching::Message;
use super::second_reader::{Opinion, Piece, Pieces};
use crate::corpus::alert_model::AlertModel;
use crate::corpus::red_flags::{RedFlags, Tier};

/// A red flag found in a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// What it may be.
    pub flag: String,
    /// How urgent it is.
    pub tier: Tier,
    /// Id of the card to show.
    pub card: String,
    /// Who raised it.
    pub because: Reason,
    /// Further flags that were raised.
    pub also: Vec<String>,
}

/// Why a flag was raised, in the rules' words, never in the member's.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// A rule fired.
    Rule {
        /// Its id.
        rule: String,
        /// The pattern that matched.
        pattern: String,
    },
    /// The second reader thinks so.
    SecondReader {
        /// How likely it thinks that it is.
        chance: f32,
        /// Whether the meaning of the message decided, where its words left a doubt.
        by_meaning: bool,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule { rule, pattern } => write!(f, "rule {rule}, pattern \"{pattern}\""),
            Self::SecondReader { chance, by_meaning: false } => write!(f, "second reader, chance {chance:.2}"),
            Self::SecondReader { chance, by_meaning: true } => {
                write!(f, "second reader by meaning, chance {chance:.2}")
            }
        }
    }
}

/// What comes of reading a text before anything is searched for it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checked {
    /// The red flag in it, if there is one.
    pub alert: Option<Alert>,
    /// Whether it is a demand that no quotation can meet.
    pub is_demand: bool,
}

/// Checks a cleaned text in its readings. `meaning` gives what the meaning reader scores for it, where there is one; it is
/// asked only when the words leave a doubt.
pub fn check(flags: &RedFlags, readings: &[String], meaning: &dyn Fn() -> Option<Vec<f32>>) -> Checked {
    let mut raised: Vec<Alert> = Vec::new();
    let mut is_demand = false;
    for reading in readings {
        let message = Message::new(reading, &flags.vocabulary);
        let found = findings(flags, &message);
        raised.extend(found.iter().filter(|finding| finding.fires()).map(Alert::by_rule));
        let model = &flags.second_reader;
        let pieces = Pieces::new(&message, &found, flags, model.head().buckets).read();
        let opinion = Opinion::on_pieces(model, &pieces, &[]);
        raised.extend(Alert::by_opinion(flags, &opinion, model));
        if raised.is_empty() && opinion.is_in_doubt(model) {
            let with_meaning = meaning().map(|added| Opinion::on_pieces(model, &pieces, &added));
            raised.extend(with_meaning.and_then(|opinion| Alert::by_opinion(flags, &opinion, &flags.meaning_reader)));
        }
        is_demand |= opinion.is_demand(&flags.second_reader);
    }
    Checked { alert: most_urgent(raised), is_demand }
}

/// The words of a cleaned text without which the second reader would be least sure of an alert, those that matter most first,
/// each with the chance that is left without it.
pub(super) fn telling_words(flags: &RedFlags, text: &str, tier: Tier) -> Vec<(String, f32)> {
    let model = &flags.second_reader;
    let chance = |text: &str| {
        let message = Message::new(text, &flags.vocabulary);
        let found = findings(flags, &message);
        let opinion =
            Opinion::on_pieces(model, &Pieces::new(&message, &found, flags, model.head().buckets).read(), &[]);
        if tier == Tier::Crisis { opinion.crisis } else { opinion.danger }
    };
    let words: Vec<&str> = text.split_whitespace().take(TELLING_FROM).collect();
    let whole = chance(&words.join(" "));
    let without = |at: usize| {
        let others = words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| *word);
        chance(&others.collect::<Vec<_>>().join(" "))
    };
    let left = words.iter().enumerate().map(|(at, word)| ((*word).to_owned(), without(at)));
    let mut telling: Vec<(String, f32)> = left.filter(|(_, left)| *left < whole).collect();
    telling.sort_by(|a, b| a.1.total_cmp(&b.1));
    telling.truncate(TELLING_MAX);
    telling
}

/// Of how many words, from the beginning, the telling ones are looked for: each of them takes a check.
const TELLING_FROM: usize = 200;

/// How many words are named as the telling ones.
const TELLING_MAX: usize = 6;

fn most_urgent(mut raised: Vec<Alert>) -> Option<Alert> {
    // The most urgent tier decides; among equals the rules come before the second reader, in the order of their file.
    let most_urgent = raised.iter().map(|alert| alert.tier).max()?;
    let at = raised.iter().position(|alert| alert.tier == most_urgent)?;
    let mut first = raised.remove(at);
    for other in raised {
        if other.flag != first.flag && !first.also.contains(&other.flag) {
            first.also.push(other.flag);
        }
    }
    Some(first)
}

/// A message as the second reader's training sees it.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// The buckets of the whole message, to learn from.
    pub whole: Vec<u32>,
    /// Each piece that is read when a member asks.
    pub pieces: Vec<Piece>,
    /// What the rules raise.
    pub by_rules: Option<Alert>,
    /// Every rule that finds something that nothing holds back, hints too, with its flag.
    pub all_by_rules: BTreeSet<(String, String)>,
}

/// What there is to learn from a cleaned text, with features hashed into so many buckets.
pub fn lesson(flags: &RedFlags, readings: &[String], number: u32) -> Lesson {
    let mut lesson = Lesson { whole: Vec::new(), pieces: Vec::new(), by_rules: None, all_by_rules: BTreeSet::new() };
    let mut raised: Vec<Alert> = Vec::new();
    for reading in readings {
        let message = Message::new(reading, &flags.vocabulary);
        let found = findings(flags, &message);
        let pieces = Pieces::new(&message, &found, flags, number);
        if lesson.pieces.is_empty() {
            lesson.whole = pieces.whole().buckets;
        }
        lesson.pieces.extend(pieces.read());
        let free = found.iter().filter(|finding| finding.held_by.is_none()).map(|finding| finding.rule);
        lesson.all_by_rules.extend(free.map(|rule| (rule.id.clone(), rule.flag.clone())));
        raised.extend(found.iter().filter(|finding| finding.fires()).map(Alert::by_rule));
    }
    lesson.by_rules = most_urgent(raised);
    lesson
}

impl Alert {
    fn by_rule(finding: &Finding<'_>) -> Self {
        let rule = finding.rule;
        Self {
            flag: rule.flag.clone(),
            tier: rule.tier,
            card: rule.card.clone(),
            because: Reason::Rule { rule: rule.id.clone(), pattern: finding.pattern.written.clone() },
            also: Vec::new(),
        }
    }

    /// The second reader knows flags only; tier and card are those of the flag's first rule.
    fn by_opinion(flags: &RedFlags, opinion: &Opinion, cut_offs: &AlertModel) -> Option<Self> {
        let flag = opinion.raises(cut_offs)?;
        let rule = flags.rules.iter().find(|rule| rule.flag == flag)?;
        let chance = if rule.tier == Tier::Crisis { opinion.crisis } else { opinion.danger };
        Some(Self {
            flag: flag.to_owned(),
            tier: rule.tier,
            card: rule.card.clone(),
            because: Reason::SecondReader { chance, by_meaning: cut_offs.head().embedder.is_some() },
            also: Vec::new(),
        })
    }
}
