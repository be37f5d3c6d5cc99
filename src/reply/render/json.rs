//! The answer to a question as JSON: `seventh ask --json` and `--jsonl`. Its keys are stable.

use std::time::Duration;

use serde::Serialize;

use crate::answer::Decision;
use crate::corpus::NoteKind;
use crate::reply::view::{PassageView, ReplyView};

/// An answer; in `--jsonl` output a line.
#[derive(Debug, Serialize)]
pub struct JsonAnswer {
    /// The question's id; empty for a single question.
    id: String,
    /// `answer`, `related` or `abstain`.
    decision: &'static str,
    /// Whether a red flag was raised.
    urgent: bool,
    /// Which one.
    flag: Option<String>,
    /// Whether the question demands what no quotation can give.
    scope: bool,
    /// Quotes, best first: what is shown, then what waits behind buttons.
    passages: Vec<JsonPassage>,
    /// Time from text to decision, in microseconds.
    elapsed_us: u128,
}

/// A quote.
#[derive(Debug, Serialize)]
pub struct JsonPassage {
    /// The quoted words, byte-exact.
    text: String,
    /// Title of the article.
    article: String,
    /// Headings below the title.
    section: String,
    /// Probability, from 0 to 1, that it is the passage asked for, if any is.
    score: Option<f64>,
    /// Editors' notes and care lines that belong to it.
    notes: Vec<String>,
}

impl JsonAnswer {
    /// The answer to the question with this id, decided in this time. A reply that answers no question abstains.
    pub fn new(view: &ReplyView, id: &str, elapsed: Duration) -> Self {
        let assessment = view.assessment.as_ref();
        Self {
            id: id.to_owned(),
            decision: assessment.map_or(Decision::Abstain.name(), |assessment| assessment.decision),
            urgent: view.card.is_some(),
            flag: assessment.and_then(|assessment| assessment.flag.clone()),
            scope: assessment.is_some_and(|assessment| assessment.is_demand),
            passages: view.passages.iter().chain(&view.further).map(JsonPassage::new).collect(),
            elapsed_us: elapsed.as_micros(),
        }
    }
}

impl JsonPassage {
    fn new(passage: &PassageView) -> Self {
        let notes = passage.notes.iter().filter(|note| note.kind != NoteKind::PlainWords);
        Self {
            text: passage.quoted(),
            article: passage.article.clone(),
            section: passage.section.clone(),
            score: passage.score,
            notes: notes.map(|note| note.text.clone()).collect(),
        }
    }
}
