//! Front matter: what the editors say about an article, between `+++` lines above it.

use serde::Deserialize;
use toml::value::Datetime;

use crate::diagnostics::Diagnostic;

/// The front matter, between `+++` lines. Unknown keys are refused.
#[derive(Debug, Clone, Deserialize)]
pub struct FrontMatter {
    /// Title; equal to the `#` heading.
    pub title: String,
    /// Where the article was published first; quotes link to it.
    pub source_url: Option<String>,
    /// Who published it first.
    pub publisher: Option<String>,
    /// Licence of the text.
    pub license: Option<String>,
    /// Date of first publication.
    pub published: Option<Datetime>,
    /// When the editors last checked text and notes.
    pub reviewed: Option<Datetime>,
    /// The clinician who reviewed it. Without it, every citation says that no clinician has.
    pub reviewed_by: Option<String>,
    /// When it should be checked again.
    pub review_due: Option<Datetime>,
    /// BCP 47 language tag.
    #[serde(default = "english")]
    pub language: String,
    /// Words to find the article by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Where the facts of the editors' notes come from.
    #[serde(default)]
    pub sources: Vec<Source>,
}

fn english() -> String {
    "en".to_owned()
}

/// A source that notes refer to by its id.
#[derive(Debug, Clone, Deserialize)]
pub struct Source {
    /// Short id, as written after `Sources:`.
    pub id: String,
    /// Name as a reader should see it.
    pub name: String,
    /// Where it can be read.
    pub url: String,
    /// How strong it is or how it was seen; for editors.
    pub note: Option<String>,
}

/// A file in its two parts.
pub(super) struct Parts<'a> {
    /// The TOML text.
    pub(super) front: &'a str,
    /// The Markdown text.
    pub(super) body: &'a str,
    /// Where it begins in the file, in bytes.
    pub(super) body_at: usize,
}

/// Splits a file.
pub(super) fn split(source: &str) -> Result<Parts<'_>, &'static str> {
    const FENCE: &str = "+++";
    const MISSING: &str = "the file must begin with front matter: a line +++, then title = \"...\", then a line +++";
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut at = source.len() - text.len();
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if first.trim_end() != FENCE {
        return Err(MISSING);
    }
    at += first.len();
    let front_at = at;
    for line in lines {
        let line_at = at;
        at += line.len();
        if line.trim_end() == FENCE {
            let front = source.get(front_at..line_at).unwrap_or_default();
            let body = source.get(at..).unwrap_or_default();
            return Ok(Parts { front, body, body_at: at });
        }
    }
    Err("the front matter does not end; close it with a line +++")
}

/// What is wrong with front matter that could be read.
pub(super) fn check(file: &str, front: &FrontMatter, text: &str, diagnostics: &mut Vec<Diagnostic>) {
    let line_with = |needle: &str| text.lines().position(|line| line.contains(needle)).map(|index| index + 2);
    if front.title.trim().is_empty() {
        diagnostics.push(Diagnostic::error(file, line_with("title"), "the title is empty; give the article a title"));
    }
    let sources = front.sources.iter().map(|source| ("url", &source.url));
    for (key, url) in front.source_url.iter().map(|url| ("source_url", url)).chain(sources) {
        if !is_web_address(url) {
            let message = format!("{key} must be a web address that begins with https://");
            diagnostics.push(Diagnostic::error(file, line_with(url), message));
        }
    }
    for (key, date) in
        [("published", &front.published), ("reviewed", &front.reviewed), ("review_due", &front.review_due)]
    {
        if date.as_ref().is_some_and(|date| date.date.is_none() || date.time.is_some()) {
            diagnostics.push(Diagnostic::error(
                file,
                line_with(key),
                format!("{key} must be a date such as 2026-11-23"),
            ));
        }
    }
    for (index, source) in front.sources.iter().enumerate() {
        if front.sources.iter().take(index).any(|other| other.id == source.id) {
            diagnostics.push(Diagnostic::error(
                file,
                line_with(&format!("\"{}\"", source.id)),
                format!("the source id \"{}\" is used twice; rename one", source.id),
            ));
        }
    }
}

fn is_web_address(url: &str) -> bool {
    let breaks_a_link = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '(' | ')');
    url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty()) && !url.contains(breaks_a_link)
}
