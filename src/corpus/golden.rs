//! `questions.toml`: golden questions, asked of every generation before it may be published.

use serde::Deserialize;

use super::lint::Problem;
use crate::toml_file;

/// The file's name in the corpus folder.
pub const FILE: &str = "questions.toml";

/// A question whose outcome is known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldenQuestion {
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
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(rename = "question", default)]
    questions: Vec<GoldenQuestion>,
}

/// Reads the golden questions and reports what is wrong with them.
pub(super) fn read(text: &str) -> (Vec<GoldenQuestion>, Vec<Problem>) {
    match toml_file::parse::<RawFile>(text) {
        Ok(raw) => (raw.questions, Vec::new()),
        Err(mistakes) => (Vec::new(), mistakes.iter().map(|mistake| Problem::from_mistake(FILE, 0, mistake)).collect()),
    }
}
