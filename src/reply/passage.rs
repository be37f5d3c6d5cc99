//! How a passage is shown: plain words, quote, notes, care line and citation, never one without the other.
//!
//! A [`PassageView`] can only be made of a passage with all that rides on it, so a quote without its note can't be
//! written.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use toml::value::Datetime;

use super::render::Style;
use crate::answer::Excerpt;
use crate::corpus::{Article, Form, Note, NoteKind, PassageRef};

/// Everything that is shown of a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassageView {
    plain_words: Vec<String>,
    quote: Quote,
    notes: Vec<String>,
    care: Vec<String>,
    note_sources: Vec<String>,
    citation: Citation,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Quote {
    /// Pieces of the quote in order, and whether each is in bold. Joined, they are a byte-exact slice of the article.
    segments: Vec<(String, bool)>,
    form: Form,
    /// Whether the passage says more before and after.
    leaves_out: (bool, bool),
}

/// Where a quote comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Citation {
    article: String,
    section: String,
    review: String,
    link: Option<String>,
}

/// How much of a passage is shown. What must never be left out is in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    /// Quote, notes, care line, short citation.
    Least,
    /// With plain words.
    PlainWords,
    /// With the sources of the notes, and the link.
    Full,
}

impl Detail {
    pub(super) const FROM_MOST: [Self; 3] = [Self::Full, Self::PlainWords, Self::Least];
}

impl PassageView {
    /// A view of an excerpt of a passage.
    pub fn new(passage: &PassageRef<'_>, excerpt: &Excerpt) -> Self {
        let texts = |kind| passage.notes(kind).map(|note| note.text.clone()).collect();
        Self {
            plain_words: texts(NoteKind::PlainWords),
            quote: Quote {
                segments: segments(passage.article, excerpt),
                form: passage.passage.form,
                leaves_out: excerpt.leaves_out(passage),
            },
            notes: texts(NoteKind::Note),
            care: texts(NoteKind::Care),
            note_sources: note_sources(passage),
            citation: citation(passage, excerpt),
        }
    }

    /// The quoted words without any mark: a byte-exact slice of the article.
    pub fn quoted(&self) -> String {
        self.quote.segments.iter().map(|(piece, _)| piece.as_str()).collect()
    }

    /// The heading trail that the quote stands under.
    pub fn section(&self) -> &str {
        &self.citation.section
    }

    pub(super) fn render(&self, style: Style, detail: Detail) -> String {
        let mut blocks = Vec::new();
        if detail >= Detail::PlainWords {
            blocks
                .extend(self.plain_words.iter().map(|words| style.labelled("In plain words (by the editors)", words)));
        }
        blocks.push(self.quote.render(style));
        blocks.push(self.citation.render(style, detail));
        blocks.extend(self.care.iter().map(|care| style.labelled("When to seek care (by the editors)", care)));
        blocks.extend(self.notes.iter().map(|note| style.labelled("Editors' note", note)));
        if detail == Detail::Full && !self.note_sources.is_empty() {
            blocks.push(style.small(&format!("Sources of the editors' words: {}", self.note_sources.join("; "))));
        }
        blocks.join("\n\n")
    }
}

impl Quote {
    fn render(&self, style: Style) -> String {
        let text: String =
            self.segments.iter().map(|(piece, bold)| if *bold { style.bold(piece) } else { piece.clone() }).collect();
        let (before, after) = self.leaves_out;
        let mark = |left_out: bool, mark: &'static str| if left_out { mark } else { "" };
        let text = format!("{}{text}{}", mark(before, "[…] "), mark(after, " […]"));
        match self.form {
            Form::Table | Form::Code => style.fixed_width(&text),
            Form::Paragraph | Form::List => style.quoted(&text),
        }
    }
}

impl Citation {
    fn render(&self, style: Style, detail: Detail) -> String {
        let section = if self.section == self.article { String::new() } else { format!(" › {}", self.section) };
        let link = match (&self.link, detail) {
            (Some(link), Detail::Full) => format!(" {}", style.link("Read it there", link)),
            _ => String::new(),
        };
        style.small(&format!("— {}{section}. {}.{link}", self.article, self.review))
    }
}

fn segments(article: &Article, excerpt: &Excerpt) -> Vec<(String, bool)> {
    let mut segments = Vec::new();
    let mut at = excerpt.range.start;
    let mut push = |range: std::ops::Range<usize>, bold| {
        if !range.is_empty() {
            segments.push((article.slice(&range).to_owned(), bold));
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
    let ids = passage.passage.notes.iter().flat_map(|note: &Note| &note.sources);
    for id in ids {
        let source = passage.article.front.sources.iter().find(|source| source.id == *id);
        if let Some(source) = source.filter(|source| !names.contains(&source.name)) {
            names.push(source.name.clone());
        }
    }
    names
}

fn citation(passage: &PassageRef<'_>, excerpt: &Excerpt) -> Citation {
    let front = &passage.article.front;
    let article = front
        .publisher
        .as_ref()
        .map_or_else(|| front.title.clone(), |publisher| format!("{}, {publisher}", front.title));
    Citation {
        article,
        section: passage.section().breadcrumb(),
        review: review(passage.article),
        link: front.source_url.as_ref().map(|url| text_fragment(url, passage.article.slice(&excerpt.range))),
    }
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

/// A date as people write it, `23 Nov 2026`.
pub(super) fn day(date: &Datetime) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Some(date) = date.date else { return date.to_string() };
    let month = MONTHS.get(usize::from(date.month).saturating_sub(1)).copied().unwrap_or("?");
    format!("{} {month} {}", date.day, date.year)
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
