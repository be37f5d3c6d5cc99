//! Files of labelled questions: JSON lines, with the answering sentences of the corpus as gold.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

/// The name of the group of all questions.
pub const ALL: &str = "all";

/// What should come of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// The corpus has the answer.
    Answer,
    /// Only something on the topic.
    Partial,
    /// Nothing.
    Abstain,
    /// A card, whatever else is shown.
    Urgent,
    /// A demand that no quotation can meet.
    Decline,
}

/// A sentence that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gold {
    /// The sentence.
    pub sentence: String,
    /// 2 for the answer, 1 for something useful on the topic.
    pub grade: u8,
}

/// A question with what should come of it.
#[derive(Debug, Clone)]
pub struct LabelledQuestion {
    /// Its id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// What sort of question it is.
    pub category: String,
    /// For off-topic questions, what sort of them.
    pub kind: Option<String>,
    /// What should come of it.
    pub expect: Expected,
    /// The flag that should be raised, for urgent ones.
    pub flag: Option<String>,
    /// Sentences that answer.
    pub gold: Vec<Gold>,
}

impl LabelledQuestion {
    /// The highest grade among its gold; 0 without gold.
    pub fn best_grade(&self) -> u8 {
        self.gold.iter().map(|gold| gold.grade).max().unwrap_or(0)
    }

    /// Whether it is off the topic: unanswerable, and not only because the corpus leaves it out.
    pub fn is_off_topic(&self) -> bool {
        self.expect == Expected::Abstain && self.category != UNANSWERED
    }

    /// The groups that it is counted in.
    pub(super) fn groups(&self) -> Vec<String> {
        let kind = self.kind.iter().filter(|kind| **kind != self.category);
        let mut groups: Vec<String> =
            [ALL.to_owned(), self.category.clone()].into_iter().chain(kind.cloned()).collect();
        groups.dedup();
        groups
    }
}

/// The category of questions on the topic that the corpus leaves unanswered.
const UNANSWERED: &str = "in-domain-unanswerable";

/// What is wrong with a question file.
#[derive(Debug, Error)]
pub enum QuestionsError {
    /// It can't be read.
    #[error("{}: the file can't be read: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// A line is no labelled question.
    #[error("{}:{line}: {reason}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it. Never the question's words.
        reason: String,
    },
    /// It holds no question.
    #[error("{}: the file holds no question", .0.display())]
    Empty(PathBuf),
}

#[derive(Deserialize)]
struct RawQuestion {
    id: String,
    text: String,
    #[serde(default)]
    category: String,
    kind: Option<String>,
    flag: Option<String>,
    expect: Expected,
    #[serde(default)]
    gold: Vec<RawGold>,
}

/// A sentence by its words, or by an id of the sentences file.
#[derive(Deserialize)]
struct RawGold {
    id: Option<String>,
    text: Option<String>,
    grade: u8,
}

#[derive(Deserialize)]
struct RawSentence {
    id: String,
    text: String,
}

/// The name of the file beside a question file that holds the sentences its gold names by id.
const SENTENCES: &str = "article_sentences.json";

/// Reads a file of labelled questions. Gold ids are looked up in `sentences`, or in `article_sentences.json` beside the
/// file.
///
/// # Errors
///
/// The first line that can't be used, without the words of its question.
pub fn read(path: &Path, sentences: Option<&Path>) -> Result<Vec<LabelledQuestion>, QuestionsError> {
    let beside = path.with_file_name(SENTENCES);
    let known = match sentences {
        Some(file) => by_id(file)?,
        None if beside.exists() => by_id(&beside)?,
        None => HashMap::new(),
    };
    let mut ids = BTreeSet::new();
    let mut questions = Vec::new();
    for (at, text) in read_text(path)?.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        let wrong = |reason: String| QuestionsError::Line { path: path.to_owned(), line: at + 1, reason };
        let raw: RawQuestion = serde_json::from_str(text).map_err(|error| wrong(explain(&error)))?;
        if !ids.insert(raw.id.clone()) {
            return Err(wrong(format!("the id {} stands above already", raw.id)));
        }
        let gold =
            raw.gold.into_iter().map(|gold| resolve(gold, &known)).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
        questions.push(LabelledQuestion {
            id: raw.id,
            text: raw.text,
            category: raw.category,
            kind: raw.kind,
            expect: raw.expect,
            flag: raw.flag.filter(|flag| flag != "none"),
            gold,
        });
    }
    if questions.is_empty() { Err(QuestionsError::Empty(path.to_owned())) } else { Ok(questions) }
}

/// serde's message may quote the text; its kind and place do not.
fn explain(error: &serde_json::Error) -> String {
    format!(
        "not a labelled question with id, text, expect and gold ({:?} error at column {})",
        error.classify(),
        error.column()
    )
}

fn resolve(gold: RawGold, known: &HashMap<String, String>) -> Result<Gold, String> {
    if !(1..=2).contains(&gold.grade) {
        return Err("a grade must be 1 or 2".to_owned());
    }
    let sentence = match (gold.text, gold.id) {
        (Some(text), _) => text,
        (None, Some(id)) => known
            .get(&id)
            .cloned()
            .ok_or_else(|| format!("the gold sentence {id} is not in {SENTENCES}; name that file with --sentences"))?,
        (None, None) => return Err("gold needs the text of a sentence, or its id".to_owned()),
    };
    Ok(Gold { sentence, grade: gold.grade })
}

fn by_id(path: &Path) -> Result<HashMap<String, String>, QuestionsError> {
    let sentences: Vec<RawSentence> =
        serde_json::from_str(&read_text(path)?).map_err(|error| QuestionsError::Line {
            path: path.to_owned(),
            line: error.line(),
            reason: "not a list of objects with id and text".to_owned(),
        })?;
    Ok(sentences.into_iter().map(|sentence| (sentence.id, sentence.text)).collect())
}

fn read_text(path: &Path) -> Result<String, QuestionsError> {
    fs::read_to_string(path)
        .map_err(|error| QuestionsError::Unreadable { path: path.to_owned(), reason: error.to_string() })
}
