//! A passage to its view: the quote with all that rides on it, never one without the other.
//!
//! A [`PassageView`] can only be made of a passage with its notes, so a quote without its note can't be written.

use std::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::dates::day;
use super::view::{NoteView, PassageView, QuoteView, Segment};
use crate::answer::{self, Excerpt};
use crate::corpus::{Article, PassageRef};

impl PassageView {
    /// An excerpt of a passage that was found with this score.
    pub(super) fn found(passage: &PassageRef<'_>, excerpt: &Excerpt, score: f64) -> Self {
        Self { score: Some(score), ..Self::new(passage, excerpt) }
    }

    /// A whole passage, for browsing.
    pub(super) fn whole(passage: &PassageRef<'_>) -> Self {
        Self::new(passage, &answer::whole(passage))
    }

    fn new(passage: &PassageRef<'_>, excerpt: &Excerpt) -> Self {
        let front = &passage.article.front;
        let quoted = passage.article.slice(&excerpt.range);
        let (omits_before, omits_after) = excerpt.leaves_out(passage);
        let notes = passage.passage.notes.iter();
        Self {
            article: front.title.clone(),
            publisher: front.publisher.clone(),
            section: passage.section().breadcrumb(),
            score: None,
            quote: QuoteView {
                segments: segments(passage.article, excerpt),
                form: passage.passage.form,
                omits_before,
                omits_after,
            },
            notes: notes.map(|note| NoteView { kind: note.kind, text: note.text.clone() }).collect(),
            note_sources: note_sources(passage),
            review: review(passage.article),
            link: front.source_url.as_ref().map(|url| text_fragment(url, quoted)),
        }
    }
}

/// The pieces of an excerpt: what answers in bold, the rest not.
fn segments(article: &Article, excerpt: &Excerpt) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut at = excerpt.range.start;
    let mut push = |range: Range<usize>, bold| {
        if !range.is_empty() {
            segments.push(Segment { text: article.slice(&range).to_owned(), bold });
        }
    };
    for sentence in &excerpt.bold {
        push(at..sentence.start, false);
        // A sentence with marks of its own would lose them inside ours.
        let marked = article.slice(sentence).contains(['*', '_', '`', '~', '|']);
        push(sentence.clone(), !marked);
        at = sentence.end;
    }
    push(at..excerpt.range.end, false);
    segments
}

fn note_sources(passage: &PassageRef<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let ids = passage.passage.notes.iter().flat_map(|note| &note.sources);
    for id in ids {
        let source = passage.article.front.sources.iter().find(|source| source.id == *id);
        if let Some(source) = source.filter(|source| !names.contains(&source.name)) {
            names.push(source.name.clone());
        }
    }
    names
}

/// Who checked an article, and when.
pub(super) fn review(article: &Article) -> String {
    let checked = article.front.reviewed.as_ref().map_or_else(
        || "Not yet checked by the editors".to_owned(),
        |date| format!("Checked by the editors on {}", day(date)),
    );
    match &article.front.reviewed_by {
        Some(clinician) => format!("{checked}; reviewed by {clinician}"),
        None => format!("{checked}; no clinician has reviewed it"),
    }
}

/// Everything but letters, digits and a few harmless marks is encoded; `-` and `,` have a meaning in text fragments.
const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'~');

/// A link that leads a browser to the quoted words: `url#:~:text=first%20words,last%20words`.
/// Source: <https://wicg.github.io/scroll-to-text-fragment/>.
fn text_fragment(url: &str, quote: &str) -> String {
    const WORDS: usize = 5;
    let words: Vec<&str> = quote.split_whitespace().collect();
    let encode = |words: &[&str]| utf8_percent_encode(&words.join(" "), FRAGMENT).to_string();
    let text = match (words.get(..WORDS), words.len().checked_sub(WORDS).and_then(|at| words.get(at..))) {
        (Some(first), Some(last)) if words.len() >= 2 * WORDS => format!("{},{}", encode(first), encode(last)),
        _ => encode(&words),
    };
    let (page, _) = url.split_once('#').unwrap_or((url, ""));
    format!("{page}#:~:text={text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_first_and_last_words_of_the_quote() {
        assert_eq!(
            text_fragment("https://a.example/b#c", "One two, three four five six seven eight nine ten-x."),
            "https://a.example/b#:~:text=One%20two%2C%20three%20four%20five,six%20seven%20eight%20nine%20ten%2Dx."
        );
        assert_eq!(text_fragment("https://a.example", "Short (one)"), "https://a.example#:~:text=Short%20%28one%29");
    }
}
