//! Rule matches: where each rule matches a message, and which modifier suppresses it.
//!
//! A modifier suppresses single matches of the rules that name it, never what another rule says.

use std::cmp::Ordering;

use super::matcher::{Message, PatternMatch};
use super::pattern::Pattern;
use super::red_flags::{Modifier, RedFlags, Rule};

/// A rule's match.
#[derive(Debug, Clone, Copy)]
pub(in crate::triage) struct RuleMatch<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// The pattern that matched.
    pub pattern: &'a Pattern,
    /// Index of the sentence that it stands in.
    pub sentence: usize,
    /// The modifier that suppresses it, if one does.
    pub suppressed_by: Option<&'a str>,
}

impl RuleMatch<'_> {
    /// Whether it raises the rule's flag by itself.
    pub(in crate::triage) const fn raises(&self) -> bool {
        self.suppressed_by.is_none() && !self.rule.weak
    }
}

/// Everything that the rules find: of each rule the first match in each sentence that nothing suppresses, or else one
/// that something does.
pub(in crate::triage) fn rule_matches<'a>(red_flags: &'a RedFlags, message: &Message) -> Vec<RuleMatch<'a>> {
    let mut found = Vec::new();
    for rule in &red_flags.rules {
        if !rule.with.is_empty() && !message.has_any(&rule.with) {
            continue;
        }
        let before = found.len();
        for pattern in &rule.any {
            for place in message.matches(pattern) {
                let suppressed_by = suppressed_by(red_flags, rule, place, message);
                let rule_match = RuleMatch { rule, pattern, sentence: place.sentence, suppressed_by };
                let known =
                    found.iter_mut().skip(before).find(|known: &&mut RuleMatch<'a>| known.sentence == place.sentence);
                match known {
                    None => found.push(rule_match),
                    Some(known) if known.suppressed_by.is_some() && suppressed_by.is_none() => *known = rule_match,
                    Some(_) => {}
                }
            }
        }
    }
    found
}

fn suppressed_by<'a>(red_flags: &RedFlags, rule: &'a Rule, found: PatternMatch, message: &Message) -> Option<&'a str> {
    let holds =
        |name: &&'a String| red_flags.modifiers.get(*name).is_some_and(|modifier| suppresses(modifier, found, message));
    rule.unless.iter().find(holds).map(String::as_str)
}

fn suppresses(modifier: &Modifier, found: PatternMatch, message: &Message) -> bool {
    let here = |patterns: &[_], near: &dyn Fn(PatternMatch) -> bool| {
        patterns.iter().any(|pattern| message.matches_in(found.sentence, pattern).any(near))
    };
    here(&modifier.before, &|held| held.end <= found.start && found.start - held.end < modifier.reach)
        || here(&modifier.after, &|held| held.start >= found.end && held.start - found.end < modifier.reach)
        || here(&modifier.sentence, &|held| message.can_speak_of(held, found))
        || modifier.message.iter().any(|pattern| {
            message.matches(pattern).any(|held| match held.sentence.cmp(&found.sentence) {
                Ordering::Less => true,
                Ordering::Equal => message.can_speak_of(held, found),
                Ordering::Greater => false,
            })
        })
}
