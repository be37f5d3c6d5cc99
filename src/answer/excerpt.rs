//! Which sentences of a passage to show, and which of them answer.

use std::collections::HashMap;
use std::ops::Range;

use crate::corpus::{Form, PassageRef, words};
use crate::index::analysis;
use crate::search::{Concept, QueryTerms};

/// An excerpt is at most this long, in Unicode code points: with notes and citation about a phone's screen.
pub const EXCERPT_MAX_CHARS: usize = 700;

/// A run of whole sentences of one passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Bytes of the article's file.
    pub range: Range<usize>,
    /// The sentences that answer, as bytes of the article's file.
    pub bold: Vec<Range<usize>>,
}

impl Excerpt {
    /// Whether the passage says more before and after the excerpt.
    pub const fn leaves_out(&self, passage: &PassageRef<'_>) -> (bool, bool) {
        let whole = &passage.passage.range;
        (self.range.start > whole.start, self.range.end < whole.end)
    }
}

/// Chooses the excerpt of a passage for a question.
pub fn excerpt(passage: &PassageRef<'_>, terms: &QueryTerms) -> Excerpt {
    let sentences = &passage.passage.sentences;
    let scores: Vec<f64> = sentences.iter().map(|range| score(passage.article.slice(range), terms)).collect();
    let best = scores.iter().copied().fold(0.0_f64, f64::max);
    let answers: Vec<usize> = (0..sentences.len()).filter(|at| best > 0.0 && scores[*at] >= best * BOLD_FROM).collect();
    let range = window(passage, answers.first().copied().unwrap_or(0));
    // Bold marks around a whole list or table, or around all there is, say nothing.
    let marks = passage.passage.form == Form::Paragraph && answers.len() < sentences.len();
    let bold = if marks {
        answers
            .into_iter()
            .filter_map(|at| sentences.get(at).cloned())
            .filter(|sentence| range.start <= sentence.start && sentence.end <= range.end)
            .collect()
    } else {
        Vec::new()
    };
    Excerpt { range, bold }
}

/// The whole passage, nothing in bold: for browsing.
pub fn whole(passage: &PassageRef<'_>) -> Excerpt {
    Excerpt { range: passage.passage.range.clone(), bold: Vec::new() }
}

/// Sentences that score at least this share of the best one answer too.
const BOLD_FROM: f64 = 0.999;

/// The longest run of whole sentences around `center` that fits. Lists, tables and code are never cut: half an instruction can
/// say the opposite.
fn window(passage: &PassageRef<'_>, center: usize) -> Range<usize> {
    let sentences = &passage.passage.sentences;
    let length = |range: &Range<usize>| passage.article.slice(range).chars().count();
    let all = passage.passage.range.clone();
    if length(&all) <= EXCERPT_MAX_CHARS || sentences.is_empty() || passage.passage.form != Form::Paragraph {
        return all;
    }
    let (mut first, mut last) = (center, center);
    loop {
        let after = (last + 1 < sentences.len()).then(|| sentences[first].start..sentences[last + 1].end);
        let before = (first > 0).then(|| sentences[first - 1].start..sentences[last].end);
        if after.as_ref().is_some_and(|range| length(range) <= EXCERPT_MAX_CHARS) {
            last += 1;
        } else if before.as_ref().is_some_and(|range| length(range) <= EXCERPT_MAX_CHARS) {
            first -= 1;
        } else {
            return sentences[first].start..sentences[last].end;
        }
    }
}

fn score(sentence: &str, terms: &QueryTerms) -> f64 {
    let mut held: HashMap<String, usize> = HashMap::new();
    for term in analysis::terms(&words(sentence)) {
        *held.entry(term).or_default() += 1;
    }
    terms.concepts.iter().map(|concept| gain(&held, concept)).sum()
}

fn gain(held: &HashMap<String, usize>, concept: &Concept) -> f64 {
    if held.contains_key(&concept.term) {
        return concept.weight;
    }
    let share = |group: &Vec<String>| {
        let found = u32::try_from(group.iter().filter(|term| held.contains_key(*term)).count()).unwrap_or(0);
        f64::from(found) / f64::from(u32::try_from(group.len().max(1)).unwrap_or(1))
    };
    concept.weight / 2.0 * concept.added.iter().map(share).fold(0.0, f64::max)
}
