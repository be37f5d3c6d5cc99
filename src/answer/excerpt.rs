//! Which sentences of a passage to show, and which of them answer.

use std::ops::Range;

use crate::corpus::{Form, PassageRef};
use crate::search::Hit;

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

/// Chooses the excerpt of a passage for a question: the most probable sentence, and its neighbours while they have at
/// least the share `from` of its probability.
///
/// Lists, tables and code are never cut: half an instruction can say the opposite.
pub fn excerpt(passage: &PassageRef<'_>, hit: &Hit, from: f64) -> Excerpt {
    let sentences = &passage.passage.sentences;
    let score = |at: usize| hit.sentences.get(at).map_or(0.0, |sentence| sentence.score);
    let best = (0..sentences.len()).reduce(|best, at| if score(at) > score(best) { at } else { best });
    let Some(best) = best.filter(|_| passage.passage.form == Form::Paragraph) else { return whole(passage) };
    let answers = |at: usize| score(at) >= from * score(best);
    let (first, last) = window(passage, best, &answers);
    let range = sentences[first].start..sentences[last].end;
    let bold: Vec<Range<usize>> = (first..=last).filter(|at| answers(*at)).map(|at| sentences[at].clone()).collect();
    // Bold marks around all there is say nothing.
    let says_something = bold.len() < last + 1 - first;
    Excerpt { range, bold: if says_something { bold } else { Vec::new() } }
}

/// The whole passage, nothing in bold: for browsing.
pub fn whole(passage: &PassageRef<'_>) -> Excerpt {
    Excerpt { range: passage.passage.range.clone(), bold: Vec::new() }
}

/// The run of sentences from the first to the last one that answers, shortened from its far end until it fits.
fn window(passage: &PassageRef<'_>, best: usize, answers: &dyn Fn(usize) -> bool) -> (usize, usize) {
    let sentences = &passage.passage.sentences;
    let mut first = (0..best).find(|at| answers(*at)).unwrap_or(best);
    let mut last = (best..sentences.len()).rev().find(|at| answers(*at)).unwrap_or(best);
    let length = |first: usize, last: usize| {
        passage.article.slice(&(sentences[first].start..sentences[last].end)).chars().count()
    };
    while first < last && length(first, last) > EXCERPT_MAX_CHARS {
        if last - best > best - first { last -= 1 } else { first += 1 }
    }
    (first, last)
}
