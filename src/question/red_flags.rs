//! Red flags: signs in a question that somebody may be in danger now (P3).
//!
//! The rules are data (`corpus::red_flags`); here they are held against a message. The check only ever raises urgency:
//! a guard holds back single matches of the rules that name it, never what another rule says.

use std::cmp::Ordering;

use super::matching::{Match, Message};
use crate::corpus::red_flags::{Guard, RedFlags, Rule, Tier};

/// A red flag found in a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// What it may be.
    pub flag: String,
    /// How urgent it is.
    pub tier: Tier,
    /// Id of the card to show.
    pub card: String,
    /// The rule that fired first, and its pattern.
    pub because: Reason,
    /// Further flags that were raised.
    pub also: Vec<String>,
}

/// Why a flag was raised, in the rules' words, never in the member's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Id of the rule.
    pub rule: String,
    /// The pattern that matched.
    pub pattern: String,
}

/// Checks a cleaned text.
pub fn check(flags: &RedFlags, text: &str) -> Option<Alert> {
    // People on phones break lines in the middle of a sentence as well as at its end: read it both ways.
    let readings = [text.to_owned(), text.replace('\n', " ")].map(|text| Message::new(&text, &flags.vocabulary));
    let mut raised: Vec<(&Rule, Reason)> = Vec::new();
    for rule in &flags.rules {
        if raised.iter().any(|(other, _)| other.flag == rule.flag && other.tier >= rule.tier) {
            continue;
        }
        if let Some(pattern) = readings.iter().find_map(|message| fires(flags, rule, message)) {
            raised.push((rule, Reason { rule: rule.id.clone(), pattern: pattern.to_owned() }));
        }
    }
    // The most urgent tier decides; among equals the order of the file.
    let most_urgent = raised.iter().map(|(rule, _)| rule.tier).max()?;
    let at = raised.iter().position(|(rule, _)| rule.tier == most_urgent)?;
    let (rule, because) = raised.remove(at);
    let mut also: Vec<String> =
        raised.into_iter().map(|(other, _)| other.flag.clone()).filter(|flag| *flag != rule.flag).collect();
    also.dedup();
    Some(Alert { flag: rule.flag.clone(), tier: rule.tier, card: rule.card.clone(), because, also })
}

fn fires<'a>(flags: &RedFlags, rule: &'a Rule, message: &Message) -> Option<&'a str> {
    let company = rule.with.is_empty() || message.has_any(&rule.with);
    if !company {
        return None;
    }
    let guards: Vec<&Guard> = rule.unless.iter().filter_map(|name| flags.guards.get(name)).collect();
    rule.any.iter().find_map(|pattern| {
        let free = message.matches(pattern).any(|found| !guards.iter().any(|guard| holds_back(guard, found, message)));
        free.then_some(pattern.written.as_str())
    })
}

fn holds_back(guard: &Guard, found: Match, message: &Message) -> bool {
    let here = |patterns: &[_], near: &dyn Fn(Match) -> bool| {
        patterns.iter().any(|pattern| message.matches_in(found.sentence, pattern).any(near))
    };
    here(&guard.before, &|held| held.end <= found.start && found.start - held.end < guard.reach)
        || here(&guard.after, &|held| held.start >= found.end && held.start - found.end < guard.reach)
        || here(&guard.sentence, &|held| message.can_speak_of(held, found))
        || guard.message.iter().any(|pattern| {
            message.matches(pattern).any(|held| match held.sentence.cmp(&found.sentence) {
                Ordering::Less => true,
                Ordering::Equal => message.can_speak_of(held, found),
                Ordering::Greater => false,
            })
        })
}
