//! `red_flags.toml` to compiled rules, with everything that is wrong in it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::pattern::Compiler;
use super::red_flags::{Modifier, RedFlags, Rule, RuleExample, Source};
use super::references::References;
use crate::diagnostics::{self, Diagnostic, LineIndex};
use crate::triage::cards::{CardTemplate, Tier};
use crate::triage::emergency_numbers::{Country, EmergencyNumbers};

/// The file's name in the corpus folder.
pub const FILE: &str = "red_flags.toml";

/// The rules as they were when the program was built: what is used while no generation can be.
pub const BUILT_IN: &str = include_str!("../../../corpus/red_flags.toml");

/// Longest card, in Unicode code points, emergency numbers included: a phone's screen, and room in a plain message.
const CARD_MAX_CHARS: usize = 1_000;

/// How near a modifier must stand to a match when it names no reach, in words.
const DEFAULT_REACH: usize = 4;

#[derive(Deserialize)]
struct RawFile {
    #[serde(default)]
    classes: BTreeMap<String, Vec<Spanned<String>>>,
    #[serde(default)]
    modifiers: BTreeMap<String, RawModifier>,
    #[serde(rename = "rule", default)]
    rules: Vec<Spanned<RawRule>>,
    #[serde(rename = "card", default)]
    cards: Vec<Spanned<CardTemplate>>,
    numbers: Spanned<RawNumbers>,
    #[serde(default)]
    sources: BTreeMap<String, Source>,
}

#[derive(Deserialize)]
struct RawNumbers {
    default: String,
    #[serde(default)]
    elsewhere: String,
    source: String,
    #[serde(rename = "country", default)]
    countries: Vec<Spanned<Country>>,
}

#[derive(Deserialize)]
struct RawModifier {
    #[serde(default)]
    before: Vec<Spanned<String>>,
    #[serde(default)]
    after: Vec<Spanned<String>>,
    #[serde(default)]
    sentence: Vec<Spanned<String>>,
    #[serde(default)]
    message: Vec<Spanned<String>>,
    reach: Option<usize>,
}

#[derive(Deserialize)]
struct RawRule {
    id: String,
    flag: String,
    tier: Tier,
    card: String,
    any: Vec<Spanned<String>>,
    #[serde(default)]
    with: Vec<Spanned<String>>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    weak: bool,
    source: String,
    #[expect(dead_code, reason = "the date is for editors; that it is a date is checked by reading it")]
    checked: Datetime,
    #[serde(default)]
    positive_examples: Vec<Spanned<String>>,
    #[serde(default)]
    negative_examples: Vec<Spanned<String>>,
}

/// Reads the rules and reports what is wrong with them.
pub fn read(rules: &str) -> (RedFlags, Vec<Diagnostic>) {
    match diagnostics::toml::read::<RawFile>(FILE, rules) {
        Ok(raw) => {
            let lines = LineIndex::new(rules);
            let (red_flags, mistakes) = compile(&lines, raw);
            let diagnostic = |(at, message)| Diagnostic::error(FILE, lines.line_of(at), message);
            (red_flags, mistakes.into_iter().map(diagnostic).collect())
        }
        Err(diagnostics) => (RedFlags::default(), diagnostics),
    }
}

/// The compiled file, and each mistake with its place in the text, in bytes.
fn compile(lines: &LineIndex, raw: RawFile) -> (RedFlags, Vec<(usize, String)>) {
    let mut patterns = Compiler::new(&raw.classes);
    let mut references = References::default();
    let numbers_at = raw.numbers.span().start;
    let RawNumbers { default, elsewhere, source, countries } = raw.numbers.into_inner();
    references.source(numbers_at, &source, &raw.sources);
    references.countries(&countries, &elsewhere, &raw.sources);
    let countries = countries.into_iter().map(Spanned::into_inner).collect();
    let emergency_numbers = EmergencyNumbers { default, elsewhere, countries };
    let mut red_flags = RedFlags { emergency_numbers, sources: raw.sources, ..RedFlags::default() };
    for (name, modifier) in raw.modifiers {
        let compiled = Modifier {
            before: patterns.patterns(&modifier.before),
            after: patterns.patterns(&modifier.after),
            sentence: patterns.patterns(&modifier.sentence),
            message: patterns.patterns(&modifier.message),
            reach: modifier.reach.unwrap_or(DEFAULT_REACH),
        };
        red_flags.modifiers.insert(name, compiled);
    }
    for card in raw.cards {
        add_card(card, &mut red_flags, &mut references);
    }
    for rule in raw.rules {
        let at = rule.span().start;
        let rule = rule.into_inner();
        references.source(at, &rule.source, &red_flags.sources);
        let rule = Rule {
            any: patterns.patterns(&rule.any),
            with: patterns.patterns(&rule.with),
            id: rule.id,
            flag: rule.flag,
            tier: rule.tier,
            card: rule.card,
            unless: rule.unless,
            weak: rule.weak,
            positive_examples: examples(lines, rule.positive_examples),
            negative_examples: examples(lines, rule.negative_examples),
        };
        references.rule(at, &rule, &red_flags);
        red_flags.rules.push(rule);
    }
    if red_flags.rules.is_empty() {
        references.mistake(0, "there is no [[rule]]; without rules no danger would be seen".to_owned());
    }
    let (vocabulary, mut mistakes) = patterns.finish();
    red_flags.vocabulary = vocabulary;
    mistakes.extend(references.into_mistakes());
    mistakes.sort_by_key(|(at, _)| *at);
    (red_flags, mistakes)
}

fn add_card(card: Spanned<CardTemplate>, red_flags: &mut RedFlags, references: &mut References) {
    let at = card.span().start;
    let card = card.into_inner();
    let length = card.max_chars(&red_flags.emergency_numbers);
    if length > CARD_MAX_CHARS {
        let message = format!("the card \"{}\" has {length} characters; shorten it to {CARD_MAX_CHARS}", card.id);
        references.mistake(at, message);
    }
    references.source(at, &card.source, &red_flags.sources);
    if let Some(twin) = red_flags.cards.insert(card.id.clone(), card) {
        references.mistake(at, format!("the card \"{}\" is there twice; rename one", twin.id));
    }
}

fn examples(lines: &LineIndex, written: Vec<Spanned<String>>) -> Vec<RuleExample> {
    let example = |example: Spanned<String>| RuleExample {
        line: lines.line_of(example.span().start),
        text: example.into_inner(),
    };
    written.into_iter().map(example).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[numbers]\ndefault = \"Call 112 (EU).\"\nsource = \"s\"\n\
        [sources]\ns = { name = \"S\", url = \"https://s.example\" }\n\
        [[card]]\nid = \"stroke\"\ntier = \"emergency\"\ntitle = \"This could be an emergency\"\n\
        lines = [\"{numbers}\"]\nsource = \"s\"\n";

    fn lines(text: &str) -> Vec<usize> {
        let found = read(&format!("{HEAD}{text}")).1;
        assert!(found.iter().all(|diagnostic| diagnostic.file == FILE), "{found:#?}");
        found.iter().filter_map(|diagnostic| diagnostic.line).collect()
    }

    #[test]
    fn mistakes_in_rules_are_named_with_their_line() {
        let rule = "[classes]\nface = [\"face\", \"<fase>\",\n \"Can't\"]\n\
            [[rule]]\nid = \"r\"\nflag = \"stroke\"\ntier = \"emergency\"\ncard = \"strok\"\nany = [\"a\",\n\
            \"<face> ...x droop*\"]\nunless = [\"negated\"]\n\
            source = \"t\"\nchecked = 2026-11-23\npositive_examples = [\"a\"]\n";
        assert_eq!(lines(rule), [13, 14, 15, 15, 15, 21]);
    }

    #[test]
    fn of_two_rules_with_one_id_the_second_is_named() {
        let rule = |id: &str| {
            format!(
                "[[rule]]\nid = \"{id}\"\nflag = \"stroke\"\ntier = \"emergency\"\ncard = \"stroke\"\n\
                 any = [\"droop*\"]\nsource = \"s\"\nchecked = 2026-11-23\npositive_examples = [\"a\"]\n"
            )
        };
        assert_eq!(lines(&[rule("a"), rule("b"), rule("a")].concat()), [30]);
    }

    #[test]
    fn the_rules_in_the_binary_are_without_mistakes() {
        assert_eq!(read(BUILT_IN).1, []);
    }
}
