//! Front matter: what the editors say about an article, between `+++` lines above it.

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::diagnostics::{Diagnostic, LineIndex, toml as reader};

/// The front matter, between `+++` lines.
#[derive(Debug, Clone)]
pub struct FrontMatter {
    /// Title; equal to the `#` heading.
    pub title: String,
    /// Where the article was published first; quotes link to it.
    pub source_url: Option<String>,
    /// Who published it first.
    pub publisher: Option<String>,
    /// Licence of the text; `/about` names it.
    pub license: Option<String>,
    /// Date of first publication; `/about` names it.
    pub published: Option<Datetime>,
    /// When the editors last checked text and notes.
    pub reviewed: Option<Datetime>,
    /// The clinician who reviewed it. Without it, every citation says that no clinician has.
    pub reviewed_by: Option<String>,
    /// When it should be checked again.
    pub review_due: Option<Datetime>,
    /// Words to find the article by in `/lookup`.
    pub tags: Vec<String>,
    /// Where the facts of the editors' notes come from.
    pub sources: Vec<Source>,
}

/// A source that notes refer to by its id.
#[derive(Debug, Clone)]
pub struct Source {
    /// Short id, as written after `Sources:`.
    pub id: String,
    /// Name as a reader should see it.
    pub name: String,
    /// Where it can be read.
    pub url: String,
}

/// The only language that articles can be read in: sentences, stop words and stems are English.
const LANGUAGE: &str = "en";

/// Front matter as it is written, each value with its place.
#[derive(Deserialize)]
struct RawFrontMatter {
    title: Spanned<String>,
    source_url: Option<Spanned<String>>,
    publisher: Option<String>,
    license: Option<String>,
    published: Option<Spanned<Datetime>>,
    reviewed: Option<Spanned<Datetime>>,
    reviewed_by: Option<String>,
    review_due: Option<Spanned<Datetime>>,
    language: Option<Spanned<String>>,
    #[serde(default)]
    tags: Vec<Spanned<String>>,
    #[serde(default)]
    sources: Vec<RawSource>,
}

#[derive(Deserialize)]
struct RawSource {
    id: Spanned<String>,
    name: String,
    url: Spanned<String>,
    #[expect(dead_code, reason = "how strong it is or how it was seen, for editors")]
    note: Option<String>,
}

/// Reads the front matter of `file`, whose text begins in the second line, and reports what is wrong with it. `None` if
/// it can't be read at all.
pub(super) fn read(file: &str, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<FrontMatter> {
    const LINES_BEFORE: usize = 1;
    match reader::read_part::<RawFrontMatter>(file, text, LINES_BEFORE) {
        Ok(raw) => {
            let mut mistakes = raw.mistakes();
            mistakes.sort_by_key(|(at, _)| *at);
            let lines = LineIndex::new(text);
            let line = |at| LINES_BEFORE + lines.line_of(at);
            diagnostics.extend(mistakes.into_iter().map(|(at, message)| Diagnostic::error(file, line(at), message)));
            Some(raw.into_front_matter())
        }
        Err(found) => {
            diagnostics.extend(found);
            None
        }
    }
}

impl RawFrontMatter {
    /// What is wrong, each with its place in the text, in bytes.
    fn mistakes(&self) -> Vec<(usize, String)> {
        let mut mistakes = self.wrong_words();
        let sources = self.sources.iter().map(|source| ("url", &source.url));
        for (key, url) in self.source_url.iter().map(|url| ("source_url", url)).chain(sources) {
            if !is_web_address(url.get_ref()) {
                mistakes.push((url.span().start, format!("{key} must be a web address that begins with https://")));
            }
        }
        for (key, date) in
            [("published", &self.published), ("reviewed", &self.reviewed), ("review_due", &self.review_due)]
        {
            for date in date.iter().filter(|date| date.get_ref().date.is_none() || date.get_ref().time.is_some()) {
                mistakes.push((date.span().start, format!("{key} must be a date such as 2026-11-23")));
            }
        }
        for (number, RawSource { id, .. }) in self.sources.iter().enumerate() {
            if self.sources.iter().take(number).any(|other| other.id == *id) {
                let message = format!("the source id \"{}\" is used twice; rename one", id.get_ref());
                mistakes.push((id.span().start, message));
            }
        }
        mistakes
    }

    fn wrong_words(&self) -> Vec<(usize, String)> {
        let mut mistakes = Vec::new();
        if self.title.get_ref().trim().is_empty() {
            mistakes.push((self.title.span().start, "the title is empty; give the article a title".to_owned()));
        }
        for language in self.language.iter().filter(|language| language.get_ref() != LANGUAGE) {
            let message = format!(
                "the language is \"{}\"; only English articles can be read so far, so write \"{LANGUAGE}\" \
                 or leave it out",
                language.get_ref()
            );
            mistakes.push((language.span().start, message));
        }
        for tag in self.tags.iter().filter(|tag| !tag.get_ref().contains(char::is_alphanumeric)) {
            mistakes.push((tag.span().start, "a tag is empty; write a word in it or remove it".to_owned()));
        }
        mistakes
    }

    fn into_front_matter(self) -> FrontMatter {
        let source =
            |source: RawSource| Source { id: source.id.into_inner(), name: source.name, url: source.url.into_inner() };
        FrontMatter {
            title: self.title.into_inner(),
            source_url: self.source_url.map(Spanned::into_inner),
            publisher: self.publisher,
            license: self.license,
            published: self.published.map(Spanned::into_inner),
            reviewed: self.reviewed.map(Spanned::into_inner),
            reviewed_by: self.reviewed_by,
            review_due: self.review_due.map(Spanned::into_inner),
            tags: self.tags.into_iter().map(Spanned::into_inner).collect(),
            sources: self.sources.into_iter().map(source).collect(),
        }
    }
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

fn is_web_address(url: &str) -> bool {
    let breaks_a_link = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '(' | ')');
    url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty()) && !url.contains(breaks_a_link)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        read("articles/a.md", text, &mut found);
        found.into_iter().map(|found| (found.line.expect("a line"), found.message)).collect()
    }

    #[test]
    fn each_mistake_is_named_in_its_own_line_though_another_line_holds_the_same_words() {
        let text = "title = \" \"\nsource_url = \"http://a.example\"\nsources = [\n\
            { id = \"a\", name = \"title\", url = \"https://a.example\" },\n\
            { id = \"b\", name = \"http://a.example\", url = \"http://a.example\" },\n\
            { id = \"a\", name = \"published\", url = \"https://b.example\" },\n\
            ]\npublished = 2026-11-23T10:00:00Z\n";
        let found: Vec<usize> = lines(text).into_iter().map(|(line, _)| line).collect();
        assert_eq!(found, [2, 3, 6, 7, 9]);
    }

    #[test]
    fn an_article_in_another_language_is_refused() {
        assert_eq!(
            lines("title = \"T\"\nlanguage = \"de\"\n"),
            [(
                3,
                "the language is \"de\"; only English articles can be read so far, so write \"en\" or leave it out"
                    .to_owned()
            )]
        );
        assert_eq!(lines("title = \"T\"\nlanguage = \"en\"\n"), []);
    }

    #[test]
    fn a_date_in_quotes_and_an_empty_tag_are_refused() {
        let found = lines("title = \"T\"\nreviewed = \"2026-11-23\"\n");
        assert_eq!(found, [(3, "must be a date such as 2026-11-23, without quotes".to_owned())]);
        let found = lines("title = \"T\"\ntags = [\"eyelid\",\n\" \"]\n");
        assert_eq!(found, [(4, "a tag is empty; write a word in it or remove it".to_owned())]);
    }
}
