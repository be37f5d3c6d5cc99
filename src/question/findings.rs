//! What the rules find in a message: each rule's matches, and what holds them back.
//!
//! A guard holds back single matches of the rules that name it, never what another rule says.

use std::cmp::Ordering;

use super::matching::{Match, Message};
use crate::corpus::pattern::Pattern;
use crate::corpus::red_flags::{Guard, RedFlags, Rule};

/// A rule's match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finding<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// The pattern that matched.
    pub pattern: &'a Pattern,
    /// Index of the sentence that it stands in.
    pub sentence: usize,
    /// The guard that holds it back, if one does.
    pub held_by: Option<&'a str>,
}

impl Finding<'_> {
    /// Whether it raises the rule's flag by itself.
    pub(super) const fn fires(&self) -> bool {
        self.held_by.is_none() && !self.rule.hint
    }
}

/// Everything that the rules find: of each rule the first match in each sentence that nothing holds back, or else one
/// that something does.
pub(super) fn findings<'a>(flags: &'a RedFlags, message: &Message) -> Vec<Finding<'a>> {
    let mut found = Vec::new();
    for rule in &flags.rules {
        if !rule.with.is_empty() && !message.has_any(&rule.with) {
            continue;
        }
        let before = found.len();
        for pattern in &rule.any {
            for place in message.matches(pattern) {
                let held_by = held_by(flags, rule, place, message);
                let finding = Finding { rule, pattern, sentence: place.sentence, held_by };
                let known =
                    found.iter_mut().skip(before).find(|known: &&mut Finding<'a>| known.sentence == place.sentence);
                match known {
                    None => found.push(finding),
                    Some(known) if known.held_by.is_some() && held_by.is_none() => *known = finding,
                    Some(_) => {}
                }
            }
        }
    }
    found
}

fn held_by<'a>(flags: &RedFlags, rule: &'a Rule, found: Match, message: &Message) -> Option<&'a str> {
    let holds = |name: &&'a String| flags.guards.get(*name).is_some_and(|guard| holds_back(guard, found, message));
    rule.unless.iter().find(holds).map(String::as_str)
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
