//! The command line's output: the same answers as in Discord, as text or JSON.

mod explain;
mod wrap;

use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::answer::{Decision, Response};
use crate::app::{App, Caller};
use crate::corpus::NoteKind;
use crate::error::UserError;
use crate::index::Snapshot;
use crate::reply::render;

pub use wrap::wrap;

/// A line of `--jsonl` input.
#[derive(Debug, Deserialize)]
pub struct JsonQuestion {
    /// Comes back with the answer.
    pub id: String,
    /// The question. Further keys are allowed, so that question sets can be given as they are.
    pub text: String,
}

/// A line of `--jsonl` output; stable.
#[derive(Debug, Serialize)]
pub struct JsonAnswer {
    /// The question's id; empty for a single question.
    pub id: String,
    /// `answer`, `related` or `abstain`.
    pub decision: &'static str,
    /// Whether a red flag was raised.
    pub urgent: bool,
    /// Which one.
    pub flag: Option<String>,
    /// Whether the question demands what no quotation can give.
    pub scope: bool,
    /// Quotes, best first.
    pub passages: Vec<JsonPassage>,
    /// Time from text to decision, in microseconds.
    pub elapsed_us: u128,
}

/// A quote.
#[derive(Debug, Serialize)]
pub struct JsonPassage {
    /// The quoted words, byte-exact.
    pub text: String,
    /// Title of the article.
    pub article: String,
    /// Headings below the title.
    pub section: String,
    /// Probability that it is the passage asked for, if any is.
    pub score: f64,
    /// Editors' notes and care lines that belong to it.
    pub notes: Vec<String>,
}

/// Answers one question as text.
///
/// # Errors
///
/// When there is no question in the text, or nothing to answer from.
pub fn as_text(app: &App, question: &str, explain: bool) -> Result<String, UserError> {
    let asked = app.ask(question)?;
    if asked.snapshot().is_none() && asked.response.triage.alert.is_none() {
        return Err(UserError::NoIndex);
    }
    let mut out = render::terminal(&app.reply_to(&asked, &Caller::default()));
    if explain {
        out.push_str("\n\n");
        out.push_str(&explain::explanation(&asked, &asked.attribution(question)));
    }
    Ok(out)
}

/// Answers one question as a JSON object. A text without a question is answered by abstaining.
///
/// # Errors
///
/// When the index fails.
pub fn as_json(app: &App, id: &str, question: &str) -> Result<JsonAnswer, UserError> {
    let started = Instant::now();
    let asked = match app.ask(question) {
        Ok(asked) if asked.snapshot().is_none() && asked.response.triage.alert.is_none() => {
            return Err(UserError::NoIndex);
        }
        Ok(asked) => Some(asked),
        Err(UserError::NoQuestion) => None,
        Err(error) => return Err(error),
    };
    let elapsed_us = started.elapsed().as_micros();
    let mut answer = JsonAnswer {
        id: id.to_owned(),
        decision: Decision::Abstain.name(),
        urgent: false,
        flag: None,
        scope: false,
        passages: Vec::new(),
        elapsed_us,
    };
    if let Some(asked) = &asked {
        fill(&mut answer, &asked.response, asked.snapshot());
    }
    Ok(answer)
}

fn fill(json: &mut JsonAnswer, response: &Response, snapshot: Option<&Snapshot>) {
    json.urgent = response.triage.alert.is_some();
    json.flag = response.triage.alert.as_ref().map(|alert| alert.flag.clone());
    json.scope = response.triage.is_demand;
    let (Some(answer), Some(snapshot)) = (response.offered(), snapshot) else { return };
    json.decision = answer.decision.name();
    for chosen in &answer.passages {
        let Some(passage) = chosen.passage(snapshot) else { continue };
        json.passages.push(JsonPassage {
            text: passage.article.slice(&chosen.excerpt.range).to_owned(),
            article: passage.article.front.title.clone(),
            section: passage.section().breadcrumb(),
            score: chosen.score,
            notes: passage
                .passage
                .notes
                .iter()
                .filter(|note| note.kind != NoteKind::PlainWords)
                .map(|note| note.text.clone())
                .collect(),
        });
    }
}
