//! `examples/alerts.csv`: labelled messages that the classifier learns from.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::corpus::{Direction, Entry, LEXICON_FILE, TAUGHT_FILE};
use crate::diagnostics::{self, Diagnostic};
use crate::question::Question;
use crate::triage::classifier::{DEMAND, NONE};
use crate::triage::rules::{RedFlags, RuleExample};

/// The file's name in the corpus folder. It is not part of a generation: only the classifiers are.
pub const FILE: &str = "examples/alerts.csv";

/// The kind of the rules' own examples in the report.
pub(super) const OF_RULES: &str = "of a rule";
/// The kind of questions and terms that the corpus itself brings along.
pub(super) const OF_CORPUS: &str = "of the corpus";

/// A labelled message.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The line of the file that it stands in; none for what the corpus itself brings along.
    #[serde(skip)]
    pub line: Option<usize>,
    /// A flag, [`DEMAND`] or [`NONE`].
    pub flag: String,
    /// How a danger is worded, what is demanded, or what kind of hard negative it is.
    pub kind: String,
    /// The message.
    pub text: String,
}

/// The kinds that an example may have: kinds of hard negatives, what is demanded, wordings of a danger.
fn kinds(flag: &str) -> &'static [&'static str] {
    match flag {
        DEMAND => &["diagnosis", "dose", "decide", "read", "certify"],
        NONE => &[
            "figure-of-speech",
            "past",
            "denied",
            "informational",
            "fiction",
            "other-meaning",
            "stable",
            "expected",
            "twitch-only",
            "ordinary",
        ],
        _ => &["explicit", "lay", "indirect", "slang"],
    }
}

/// Reads the examples and reports what is wrong with them.
pub(super) fn read(text: &str, red_flags: &RedFlags) -> (Vec<Example>, Vec<Diagnostic>) {
    let (rows, mut diagnostics) = diagnostics::csv::read::<Example>(FILE, text, "flag, kind, text");
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (line, example) in &rows {
        if let Some(mistake) = mistake(example, red_flags, &mut seen, *line) {
            diagnostics.push(Diagnostic::error(FILE, *line, mistake));
        }
    }
    let examples: Vec<Example> =
        rows.into_iter().map(|(line, example)| Example { line: Some(line), ..example }).collect();
    if examples.is_empty() && diagnostics.is_empty() {
        diagnostics.push(Diagnostic::error(FILE, 1, "there is no example; the first line is flag,kind,text"));
    }
    (examples, diagnostics)
}

fn mistake(example: &Example, red_flags: &RedFlags, seen: &mut HashMap<String, usize>, line: usize) -> Option<String> {
    let Example { flag, kind, text, .. } = example;
    let is_known = flag == NONE || flag == DEMAND || red_flags.rules.iter().any(|rule| rule.flag == *flag);
    if !is_known {
        return Some(format!("unknown flag \"{flag}\"; use {NONE}, {DEMAND} or a flag of a rule"));
    }
    let kinds = kinds(flag);
    if !kinds.contains(&kind.as_str()) {
        return Some(format!("unknown kind \"{kind}\"; use one of {}", kinds.join(", ")));
    }
    if Question::new(text).is_none() {
        return Some("the message has no words".to_owned());
    }
    let twin = seen.insert(plain(text), line)?;
    Some(format!("the same message stands in line {twin}"))
}

/// Taught questions and the terms of the lexicon: ordinary messages, unless an example says otherwise in the same
/// words.
pub(super) fn of_corpus(taught: &str, lexicon: &str, others: &[Example]) -> (Vec<Example>, Vec<Diagnostic>) {
    #[derive(Deserialize)]
    struct Taught {
        question: String,
    }
    let (questions, mut diagnostics) =
        diagnostics::csv::read::<Taught>(TAUGHT_FILE, taught, "question, article, quotes");
    let (terms, found) =
        diagnostics::csv::read::<Entry>(LEXICON_FILE, lexicon, "canonical, variant, kind, direction, note");
    diagnostics.extend(found);
    // Words of dangers stand in the lexicon too, so that they are never searched for.
    let is_of_danger = |term: &Entry| term.direction == Direction::Triage || term.note.contains(TRIAGE);
    let (of_danger, terms): (Vec<Entry>, Vec<Entry>) = terms.into_iter().map(|(_, term)| term).partition(is_of_danger);
    let known = others.iter().map(|example| plain(&example.text));
    let mut seen: HashSet<String> = known.chain(of_danger.iter().map(|term| plain(&term.variant))).collect();
    let texts = questions.into_iter().map(|(_, row)| row.question);
    let texts = texts.chain(terms.into_iter().flat_map(|term| [term.canonical, term.variant]));
    let new = texts.filter(|text| seen.insert(plain(text)));
    let example = |text| Example { line: None, flag: NONE.to_owned(), kind: OF_CORPUS.to_owned(), text };
    (new.map(example).collect(), diagnostics)
}

/// A text without what makes no difference to a reader.
fn plain(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What marks a term in the lexicon's notes that may be a word of danger.
const TRIAGE: &str = "triage";

/// The examples that the rules bring along.
pub(super) fn of_rules(red_flags: &RedFlags) -> Vec<Example> {
    let example = |flag: &str, written: &RuleExample| Example {
        line: None,
        flag: flag.to_owned(),
        kind: OF_RULES.to_owned(),
        text: written.text.clone(),
    };
    let rules = red_flags.rules.iter();
    rules
        .flat_map(|rule| {
            let positive = rule.positive_examples.iter().map(|text| example(&rule.flag, text));
            positive.chain(rule.negative_examples.iter().map(|text| example(NONE, text)))
        })
        .collect()
}
