//! The command line's output: the same answers as in Discord, as text or JSON.

mod explain;
mod wrap;

use std::time::Instant;

use serde::Deserialize;

use crate::app::{Answered, App, Caller};
use crate::error::UserError;
use crate::reply::render::{self, JsonAnswer};

pub use wrap::wrap;

/// A line of `--jsonl` input.
#[derive(Debug, Deserialize)]
pub struct JsonQuestion {
    /// Comes back with the answer.
    pub id: String,
    /// The question. Further keys are allowed, so that question sets can be given as they are.
    pub text: String,
}

/// Answers one question as text.
///
/// # Errors
///
/// When there is no question in the text, or nothing to answer from.
pub fn as_text(app: &App, question: &str, explain: bool) -> Result<String, UserError> {
    let answered = answered(app, question)?;
    let mut out = render::terminal(app.reply_to(&answered, &Caller::default()).view());
    if explain {
        out.push_str("\n\n");
        out.push_str(&explain::explanation(&answered, &answered.attribution(question)));
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
    let answered = answered(app, question);
    let elapsed = started.elapsed();
    let reply = match answered {
        Ok(answered) => app.reply_to(&answered, &Caller::default()),
        Err(UserError::NoQuestion) => app.say(&UserError::NoQuestion),
        Err(error) => return Err(error),
    };
    Ok(JsonAnswer::new(reply.view(), id, elapsed))
}

/// What a question comes to; an error where there is neither a card nor a generation to answer from.
fn answered(app: &App, question: &str) -> Result<Answered, UserError> {
    let answered = app.ask(question)?;
    if answered.snapshot().is_none() && answered.response.triage.alert.is_none() {
        return Err(UserError::NoIndex);
    }
    Ok(answered)
}
