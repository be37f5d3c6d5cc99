//! `red_flags.toml`: danger signs as data, with the cards that answer them.
//!
//! Patterns are compiled and linted here; `question::red_flags` holds a message against them. A rule that cannot be
//! compiled refuses the corpus: a danger sign must not go missing in silence.

mod links;

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;
use toml::value::Datetime;

use super::alert_model::{self, AlertModel};
use super::lint::Problem;
use super::numbers::{Country, Numbers};
use super::pattern::{Compiler, Pattern, Vocabulary};
use crate::toml_file;
use links::Links;

/// The file's name in the corpus folder.
pub const FILE: &str = "red_flags.toml";

/// The rules as they were when the program was built: what is used while no generation can be.
pub const BUILT_IN: &str = include_str!("../../corpus/red_flags.toml");

/// Words that stand for the emergency numbers in a card's line.
pub const NUMBERS: &str = "{numbers}";

/// Longest card, in Unicode code points, emergency numbers included: a phone's screen, and room in a plain message.
const CARD_MAX_CHARS: usize = 1_000;

/// How near a guard must stand to a match when it names no reach, in words.
const DEFAULT_REACH: usize = 4;

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

/// Everything that the file says, ready to be matched.
#[derive(Debug, Clone, Default)]
pub struct RedFlags {
    /// Rules, in order of precedence.
    pub rules: Vec<Rule>,
    /// Guards by name.
    pub guards: HashMap<String, Guard>,
    /// Cards by id.
    pub cards: HashMap<String, Card>,
    /// Sources of rules and cards, by id.
    pub sources: BTreeMap<String, Source>,
    /// Emergency numbers, each with its country.
    pub numbers: Numbers,
    /// The words and classes that the patterns are made of.
    pub vocabulary: Vocabulary,
    /// The model that reads beside the rules.
    pub second_reader: AlertModel,
    /// Its part that reads embedding vectors, where an embedding model is installed.
    pub meaning_reader: AlertModel,
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
    /// Names of the guards that may hold a match back.
    pub unless: Vec<String>,
    /// Whether it raises no flag by itself: what it finds is only a hint for the second reader.
    pub hint: bool,
    /// Messages that must raise this flag.
    pub fires: Vec<String>,
    /// Messages that must raise no flag at all.
    pub holds: Vec<String>,
}

/// What holds a match back.
#[derive(Debug, Clone, Default)]
pub struct Guard {
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

/// A fixed safety text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
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

/// Where a rule or a card comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    classes: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    guards: BTreeMap<String, RawGuard>,
    #[serde(rename = "rule", default)]
    rules: Vec<RawRule>,
    #[serde(rename = "card", default)]
    cards: Vec<Card>,
    numbers: RawNumbers,
    #[serde(default)]
    sources: BTreeMap<String, Source>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNumbers {
    default: String,
    #[serde(default)]
    elsewhere: String,
    source: String,
    #[serde(rename = "country", default)]
    countries: Vec<Country>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGuard {
    #[serde(default)]
    before: Vec<String>,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    sentence: Vec<String>,
    #[serde(default)]
    message: Vec<String>,
    reach: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    id: String,
    flag: String,
    tier: Tier,
    card: String,
    any: Vec<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    hint: bool,
    source: String,
    #[expect(dead_code, reason = "the date is for editors; that it is a date is checked by reading it")]
    checked: Datetime,
    #[serde(default)]
    fires: Vec<String>,
    #[serde(default)]
    holds: Vec<String>,
}

/// The rules that were built into the program, compiled when they are needed first.
pub fn built_in() -> &'static RedFlags {
    static BUILT_IN_FLAGS: LazyLock<RedFlags> = LazyLock::new(|| read(BUILT_IN, None, None).0);
    &BUILT_IN_FLAGS
}

/// Reads the rules and the second reader's two models, and reports what is wrong with them. A model that is not there is the
/// built-in one.
pub fn read(rules: &str, model: Option<&str>, meaning: Option<&str>) -> (RedFlags, Vec<Problem>) {
    let (mut flags, mut problems) = read_rules(rules);
    match alert_model::read(alert_model::FILE, model.unwrap_or(alert_model::BUILT_IN)) {
        Ok(model) => flags.second_reader = model,
        Err(found) => problems.extend(found),
    }
    match alert_model::read(alert_model::MEANING_FILE, meaning.unwrap_or(alert_model::BUILT_IN_MEANING)) {
        Ok(meaning) if meaning.is_twin_of(&flags.second_reader) => flags.meaning_reader = meaning,
        // What was learned beside another model says nothing beside this one. A check says so where it matters.
        Ok(_) => {}
        Err(found) => problems.extend(found),
    }
    (flags, problems)
}

/// Reads the rules alone and reports what is wrong with them.
pub fn read_rules(rules: &str) -> (RedFlags, Vec<Problem>) {
    match toml_file::parse::<RawFile>(rules) {
        Ok(raw) => compile(rules, raw),
        Err(mistakes) => {
            let problems = mistakes.iter().map(|mistake| Problem::from_mistake(FILE, 0, mistake)).collect();
            (RedFlags::default(), problems)
        }
    }
}

fn compile(text: &str, raw: RawFile) -> (RedFlags, Vec<Problem>) {
    let mut patterns = Compiler::new(&raw.classes);
    let RawNumbers { default, elsewhere, source, countries } = raw.numbers;
    let numbers = Numbers { default, elsewhere, countries };
    let mut flags = RedFlags { numbers, sources: raw.sources, ..RedFlags::default() };
    let mut links = Links::default();
    links.source("[numbers]", &source, &flags.sources);
    links.countries(&flags);
    for (name, guard) in raw.guards {
        let compiled = Guard {
            before: patterns.patterns(&guard.before),
            after: patterns.patterns(&guard.after),
            sentence: patterns.patterns(&guard.sentence),
            message: patterns.patterns(&guard.message),
            reach: guard.reach.unwrap_or(DEFAULT_REACH),
        };
        flags.guards.insert(name, compiled);
    }
    for card in raw.cards {
        let at = format!("id = \"{}\"", card.id);
        let of_line = |line: &String| match line.matches(NUMBERS).count() {
            0 => line.chars().count(),
            times => line.replace(NUMBERS, "").chars().count() + times * flags.numbers.longest(),
        };
        let length = card.lines.iter().map(of_line).sum::<usize>();
        if length > CARD_MAX_CHARS {
            links.mistake(
                &at,
                format!("the card \"{}\" has {length} characters; shorten it to {CARD_MAX_CHARS}", card.id),
            );
        }
        links.source(&at, &card.source, &flags.sources);
        if let Some(twin) = flags.cards.insert(card.id.clone(), card) {
            links.mistake(&at, format!("the card \"{}\" is there twice; rename one", twin.id));
        }
    }
    for rule in raw.rules {
        links.rule(&rule, &flags);
        flags.rules.push(Rule {
            any: patterns.patterns(&rule.any),
            with: patterns.patterns(&rule.with),
            id: rule.id,
            flag: rule.flag,
            tier: rule.tier,
            card: rule.card,
            unless: rule.unless,
            hint: rule.hint,
            fires: rule.fires,
            holds: rule.holds,
        });
    }
    if flags.rules.is_empty() {
        links.mistake("", "there is no [[rule]]; without rules no danger would be seen".to_owned());
    }
    let (vocabulary, mistakes) = patterns.finish();
    flags.vocabulary = vocabulary;
    let line = |needle: &str| text.find(needle).map(|at| toml_file::line_of(text, at));
    let problems = mistakes
        .into_iter()
        .chain(links.mistakes)
        .map(|(at, message)| Problem::error(FILE, line(&at), message))
        .collect();
    (flags, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[numbers]\ndefault = \"Call 112 (EU).\"\nsource = \"s\"\n[sources]\ns = { name = \"S\", url = \"https://s.example\" }\n[[card]]\nid = \"stroke\"\ntier = \"emergency\"\ntitle = \"This could be an emergency\"\nlines = [\"{numbers}\"]\nsource = \"s\"\n";

    fn problems(text: &str) -> Vec<String> {
        read(&format!("{HEAD}{text}"), None, None).1.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn mistakes_in_rules_are_named_with_their_line() {
        let rule = "[classes]\nface = [\"face\", \"<fase>\", \"Can't\"]\n[[rule]]\nid = \"r\"\nflag = \"stroke\"\ntier = \"emergency\"\ncard = \"strok\"\nany = [\"<face> ...x droop*\"]\nunless = [\"negated\"]\nsource = \"t\"\nchecked = 2026-11-23\nfires = [\"a\"]\n";
        let found = problems(rule);
        assert_eq!(found.len(), 6, "{found:#?}");
        assert!(found.iter().all(|problem| problem.starts_with("red_flags.toml:")), "{found:#?}");
    }

    #[test]
    fn the_rules_in_the_binary_are_without_problems() {
        assert_eq!(read(BUILT_IN, None, None).1, []);
    }
}
