//! Question sets with known answers to a quality report: how often the first passage is right, and how often silence
//! is.
//!
//! Purpose: measure a generation, lexically, semantically and by both, so that a change can be believed or dropped. It
//! changes nothing and fits nothing (`calibrate`). The texts of the questions stand in no report.

mod intervals;
mod metrics;
mod questions;
mod report;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use intervals::Estimate;
pub(crate) use metrics::holds;
pub use metrics::{Metric, Scores};
pub use questions::{ALL, Expected, Gold, LabelledQuestion, QuestionsError, read};
pub use report::{changes, table};

use crate::answer::{self, Response};
use crate::index::Snapshot;
use crate::question::Question;
use crate::ranking::Mode;
use crate::search::{self, SearchError};

/// What came of every question in every mode, and the figures from it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// The generation that was asked.
    pub generation: String,
    /// Figures by mode, then by group (`all`, then each category), then by metric.
    pub figures: BTreeMap<String, BTreeMap<String, BTreeMap<Metric, Estimate>>>,
    /// Scores of each question by its id, in each mode.
    pub questions: BTreeMap<String, BTreeMap<String, Scores>>,
}

/// Asks every question in every mode that the snapshot has. `progress` is called with how many are done.
///
/// # Errors
///
/// When a search fails.
pub fn evaluate(
    snapshot: &Snapshot,
    questions: &[LabelledQuestion],
    progress: &dyn Fn(usize),
) -> Result<Report, SearchError> {
    let modes: &[Mode] = if snapshot.semantic.is_some() { &Mode::ALL } else { &[Mode::Lexical] };
    let mut report =
        Report { generation: snapshot.manifest.id.to_string(), figures: BTreeMap::new(), questions: BTreeMap::new() };
    let mut done = 0;
    for mode in modes {
        let mut groups: BTreeMap<String, Vec<Scores>> = BTreeMap::new();
        for question in questions {
            let scores = metrics::score(question, snapshot, response(snapshot, question, *mode)?.as_ref());
            for group in question.groups() {
                groups.entry(group).or_default().push(scores.clone());
            }
            report.questions.entry(question.id.clone()).or_default().insert(mode.name().to_owned(), scores);
            done += 1;
            progress(done);
        }
        let figures = groups.into_iter().map(|(group, scores)| (group, metrics::summary(&scores))).collect();
        report.figures.insert(mode.name().to_owned(), figures);
    }
    Ok(report)
}

fn response(snapshot: &Snapshot, question: &LabelledQuestion, mode: Mode) -> Result<Option<Response>, SearchError> {
    let Some(asked) = Question::new(&question.text) else { return Ok(None) };
    let by_mode = |snapshot: &Snapshot, question: &Question| search::search_by(snapshot, question, mode);
    let triage = answer::check(Some(snapshot), &asked);
    Response::after(triage, Some(snapshot), &asked, by_mode).map(Some)
}
