//! `questions.toml`: golden questions, asked of every generation before it may be published.

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostics::{self, Diagnostic, LineIndex};

/// The file's name in the corpus folder.
pub const FILE: &str = "questions.toml";

/// A question whose outcome is known.
#[derive(Debug, Clone)]
pub struct GoldenQuestion {
    /// The line that it begins in.
    pub line: usize,
    /// The question as a member would ask it.
    pub text: String,
    /// What must come of it.
    pub expect: Expect,
    /// Words that the best passage must hold, when an answer is expected.
    pub quotes: Option<String>,
    /// The flag that must be raised, when an alert is expected.
    pub flag: Option<String>,
}

/// What must come of a golden question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// An answer, as `Answer` or `Related`, whose best passage holds `quotes`.
    Answer,
    /// No passage.
    Abstain,
    /// A red flag.
    Alert,
}

#[derive(Deserialize)]
struct RawFile {
    #[serde(rename = "question", default)]
    questions: Vec<Spanned<RawQuestion>>,
}

#[derive(Deserialize)]
struct RawQuestion {
    text: String,
    expect: Expect,
    quotes: Option<String>,
    flag: Option<String>,
}

/// What a question needs so that not just anything passes.
fn incomplete(question: &GoldenQuestion) -> Option<Diagnostic> {
    let is_blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    let message = match question.expect {
        Expect::Answer if is_blank(&question.quotes) => "expect = \"answer\" needs quotes: words of the passage",
        Expect::Alert if is_blank(&question.flag) => "expect = \"alert\" needs flag: which red flag must be raised",
        _ => return None,
    };
    Some(Diagnostic::error(FILE, question.line, message))
}

/// Reads the golden questions and reports what is wrong with them.
pub(super) fn read(text: &str) -> (Vec<GoldenQuestion>, Vec<Diagnostic>) {
    let lines = LineIndex::new(text);
    let question = |raw: Spanned<RawQuestion>| {
        let line = lines.line_of(raw.span().start);
        let RawQuestion { text, expect, quotes, flag } = raw.into_inner();
        GoldenQuestion { line, text, expect, quotes, flag }
    };
    match diagnostics::toml::read::<RawFile>(FILE, text) {
        Ok(raw) => {
            let questions: Vec<GoldenQuestion> = raw.questions.into_iter().map(question).collect();
            let found = questions.iter().filter_map(incomplete).collect();
            (questions, found)
        }
        Err(found) => (Vec::new(), found),
    }
}
