//! One Markdown file to an [`Article`]: front matter, heading stack, passages, and the notes that ride on them.
//!
//! All problems of the file are collected; an article is returned only when there is no error among them.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::BlockQuoteKind;
use serde::Deserialize;
use toml::value::Datetime;

use super::chunk::{self, PassageId};
use super::lint::{Problem, has_errors};
use super::markdown::{self, Content, Form};
use crate::toml_file;

/// Longest text of one alert, in Unicode code points, so that notes always fit beside the quote they belong to.
pub const NOTE_MAX_CHARS: usize = 600;
/// Longest text of all notes that one passage carries, plain words left out, in Unicode code points: with a quote, its
/// citation and the disclaimer they must fit into a plain message of 2,000.
pub const NOTES_MAX_CHARS: usize = 1_200;

/// One article of the corpus.
#[derive(Debug, Clone)]
pub struct Article {
    /// The file's name without `.md`: the article's id in links and buttons.
    pub slug: String,
    /// File, relative to the corpus folder.
    pub file: String,
    /// The whole file. Passages are slices of it.
    pub source: Arc<str>,
    /// What the editors say about the article.
    pub front: FrontMatter,
    /// Sections in order; the first is the article itself, under its title.
    pub sections: Vec<Section>,
    /// Passages in order.
    pub passages: Vec<Passage>,
}

/// The front matter, between `+++` lines. Unknown keys are refused.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
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
#[serde(deny_unknown_fields)]
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

/// A heading and what stands under it up to the next heading.
#[derive(Debug, Clone)]
pub struct Section {
    /// The article's title, then every heading above this section, then its own.
    pub trail: Vec<String>,
    /// Line of the heading.
    pub line: usize,
    /// The section's passages, as indexes into [`Article::passages`].
    pub passages: Range<usize>,
}

impl Section {
    /// The section's own heading.
    pub fn heading(&self) -> &str {
        self.trail.last().map_or("", String::as_str)
    }

    /// The heading trail below the title, joined for reading; the title itself for the article's first section.
    pub fn path(&self) -> String {
        match self.trail.get(1..) {
            Some(below) if !below.is_empty() => below.join(" › "),
            _ => self.heading().to_owned(),
        }
    }
}

/// The kinds of editors' text, written as GitHub alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// `[!NOTE]`: a correction or caution, shown whenever the passage is.
    Note,
    /// `[!TIP]`: the passage in plain words, shown above it and searched with it.
    PlainWords,
    /// `[!WARNING]`: when to seek care, shown with emphasis whenever the passage is.
    Care,
}

/// Editors' text that belongs to a passage. Never part of a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is for.
    pub kind: NoteKind,
    /// Its words.
    pub text: String,
    /// Ids of [`FrontMatter::sources`].
    pub sources: Vec<String>,
}

/// The unit that is retrieved and quoted; lies inside one section.
#[derive(Debug, Clone)]
pub struct Passage {
    /// Stays the same as long as article, trail, place and words do.
    pub id: PassageId,
    /// Index into [`Article::sections`].
    pub section: usize,
    /// Bytes of [`Article::source`].
    pub range: Range<usize>,
    /// Its sentences (lines, for lists and tables), as bytes of [`Article::source`].
    pub sentences: Vec<Range<usize>>,
    /// How it is laid out.
    pub form: Form,
    /// Notes of the sections around it, outermost first, then its own.
    pub notes: Vec<Note>,
}

impl Passage {
    /// Length of the notes that must be shown with it, in Unicode code points.
    fn unavoidable_chars(&self) -> usize {
        let shown = self.notes.iter().filter(|note| note.kind != NoteKind::PlainWords);
        shown.map(|note| note.text.chars().count()).sum()
    }
}

impl Article {
    /// The quoted words: exactly the bytes of the file.
    pub fn text(&self, passage: &Passage) -> &str {
        self.slice(&passage.range)
    }

    /// A slice of the file. Ranges of passages and sentences always lie on character boundaries.
    pub fn slice(&self, range: &Range<usize>) -> &str {
        self.source.get(range.clone()).unwrap_or_default()
    }

    /// The section that a passage lies in.
    ///
    /// # Panics
    ///
    /// Never for a passage of this article: `section` is set when the passage is made.
    pub fn section_of(&self, passage: &Passage) -> &Section {
        &self.sections[passage.section]
    }
}

/// Reads one article.
///
/// # Errors
///
/// All problems of the file, when at least one of them stops a build.
pub fn read(file: &str, slug: &str, source: &str) -> Result<(Article, Vec<Problem>), Vec<Problem>> {
    let mut problems = Vec::new();
    let parts = match split_front_matter(source) {
        Ok(parts) => parts,
        Err(message) => return Err(vec![Problem::error(file, 1, message)]),
    };
    let front = match toml_file::parse::<FrontMatter>(parts.front) {
        Ok(front) => {
            check_front_matter(file, &front, parts.front, &mut problems);
            Some(front)
        }
        Err(mistakes) => {
            problems.extend(mistakes.iter().map(|mistake| Problem::from_mistake(file, 1, mistake)));
            None
        }
    };
    let mut reader = Reader::new(file, slug, source, front.as_ref());
    for block in markdown::blocks(parts.body) {
        let range = block.range.start + parts.body_at..block.range.end + parts.body_at;
        reader.take(range, block.content);
    }
    let (sections, passages) = reader.finish(&mut problems);
    match front {
        Some(front) if !has_errors(&problems) => Ok((
            Article { slug: slug.to_owned(), file: file.to_owned(), source: Arc::from(source), front, sections, passages },
            problems,
        )),
        _ => Err(problems),
    }
}

struct Parts<'a> {
    front: &'a str,
    body: &'a str,
    body_at: usize,
}

fn split_front_matter(source: &str) -> Result<Parts<'_>, &'static str> {
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

fn check_front_matter(file: &str, front: &FrontMatter, text: &str, problems: &mut Vec<Problem>) {
    let line_with = |needle: &str| text.lines().position(|line| line.contains(needle)).map(|index| index + 2);
    if front.title.trim().is_empty() {
        problems.push(Problem::error(file, line_with("title"), "the title is empty; give the article a title"));
    }
    for (key, url) in [("source_url", front.source_url.as_ref())].into_iter().chain(front.sources.iter().map(|source| ("url", Some(&source.url)))) {
        if let Some(url) = url.filter(|url| !is_web_address(url)) {
            problems.push(Problem::error(file, line_with(url), format!("{key} must be a web address that begins with https:// or http://")));
        }
    }
    for (key, date) in [("published", &front.published), ("reviewed", &front.reviewed), ("review_due", &front.review_due)] {
        if date.as_ref().is_some_and(|date| date.date.is_none() || date.time.is_some()) {
            problems.push(Problem::error(file, line_with(key), format!("{key} must be a date such as 2026-11-23")));
        }
    }
    for (index, source) in front.sources.iter().enumerate() {
        if front.sources.iter().take(index).any(|other| other.id == source.id) {
            problems.push(Problem::error(file, line_with(&format!("\"{}\"", source.id)), format!("the source id \"{}\" is used twice; rename one", source.id)));
        }
    }
}

fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty()) && !url.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '(' | ')'))
}

/// Walks the blocks of one article with a stack of open headings.
struct Reader<'a> {
    file: &'a str,
    slug: &'a str,
    source: &'a str,
    front: Option<&'a FrontMatter>,
    sections: Vec<Section>,
    /// Level and own notes of each heading that is open, with its index in `sections`.
    open: Vec<OpenHeading>,
    passages: Vec<Passage>,
    /// Passages that the next alert belongs to; empty right after a heading.
    last_block: Range<usize>,
    problems: Vec<Problem>,
}

struct OpenHeading {
    level: usize,
    section: usize,
    notes: Vec<Note>,
}

impl<'a> Reader<'a> {
    const fn new(file: &'a str, slug: &'a str, source: &'a str, front: Option<&'a FrontMatter>) -> Self {
        Self { file, slug, source, front, sections: Vec::new(), open: Vec::new(), passages: Vec::new(), last_block: 0..0, problems: Vec::new() }
    }

    fn take(&mut self, range: Range<usize>, content: Content) {
        match content {
            Content::Heading(level, words) => self.heading(&range, level, words),
            Content::Quotable(form) => self.quotable(range, form),
            Content::Alert(kind, words) => self.alert(&range, kind, &words),
            Content::Unsupported(reason) => self.problem(&range, reason),
            Content::Nothing => {}
        }
    }

    fn problem(&mut self, at: &Range<usize>, message: impl Into<String>) {
        let line = toml_file::line_of(self.source, at.start);
        self.problems.push(Problem::error(self.file, line, message));
    }

    fn heading(&mut self, range: &Range<usize>, level: usize, words: String) {
        if words.is_empty() {
            return self.problem(range, "the heading has no text; write one or remove the line");
        }
        if level == 1 && !self.sections.is_empty() {
            return self.problem(range, "there is a second # heading; an article has one title, use ## below it");
        }
        if level > 1 && self.sections.is_empty() {
            return self.problem(range, "the first heading must be the title, with one #");
        }
        let title = self.front.map(|front| front.title.trim());
        if level == 1 && title.is_some_and(|title| title != words) {
            self.problem(range, format!("the # heading differs from the title in the front matter, \"{}\"; make them equal", title.unwrap_or_default()));
        }
        self.open.retain(|open| open.level < level);
        let mut trail: Vec<String> = self.open.last().map_or_else(Vec::new, |open| self.sections[open.section].trail.clone());
        trail.push(words);
        let twin = self.sections.iter().find(|section| section.trail == trail).map(|section| section.line);
        if let Some(line) = twin {
            self.problem(range, format!("the same heading stands in line {line} under the same parent; a citation could not tell them apart, rename one"));
        }
        self.close_section();
        self.open.push(OpenHeading { level, section: self.sections.len(), notes: Vec::new() });
        let line = toml_file::line_of(self.source, range.start);
        let at = self.passages.len();
        self.sections.push(Section { trail, line, passages: at..at });
        self.last_block = at..at;
    }

    fn close_section(&mut self) {
        let end = self.passages.len();
        if let Some(section) = self.sections.last_mut() {
            section.passages.end = end;
        }
    }

    fn quotable(&mut self, range: Range<usize>, form: Form) {
        let Some(section) = self.sections.len().checked_sub(1) else {
            return self.problem(&range, "there is text above the title; begin with a # heading that is equal to the title");
        };
        let notes: Vec<Note> = self.open.iter().flat_map(|open| open.notes.iter().cloned()).collect();
        let first = self.passages.len();
        let trail = self.sections[section].trail.clone();
        for piece in chunk::split(self.source, range, form) {
            let ordinal = self.passages.len() - self.sections[section].passages.start;
            let text = self.source.get(piece.range.clone()).unwrap_or_default();
            let id = PassageId::new(self.slug, &trail, ordinal, text);
            self.passages.push(Passage { id, section, range: piece.range, sentences: piece.sentences, form, notes: notes.clone() });
        }
        self.last_block = first..self.passages.len();
    }

    fn alert(&mut self, range: &Range<usize>, kind: BlockQuoteKind, words: &str) {
        let kind = match kind {
            BlockQuoteKind::Note => NoteKind::Note,
            BlockQuoteKind::Tip => NoteKind::PlainWords,
            BlockQuoteKind::Warning => NoteKind::Care,
            BlockQuoteKind::Important | BlockQuoteKind::Caution => {
                return self.problem(range, "only [!NOTE], [!TIP] and [!WARNING] are known here");
            }
        };
        let note = self.note(range, kind, words);
        if note.text.is_empty() {
            return self.problem(range, "the note has no text; write it or remove it");
        }
        let length = note.text.chars().count();
        if length > NOTE_MAX_CHARS {
            self.problem(range, format!("the note has {length} characters; shorten it to {NOTE_MAX_CHARS}, so that it always fits beside the quote"));
        }
        if self.last_block.is_empty() {
            match self.open.last_mut() {
                Some(open) => open.notes.push(note),
                None => self.problem(range, "the note stands above the title; put it after the paragraph that it belongs to"),
            }
            return;
        }
        for passage in &mut self.passages[self.last_block.clone()] {
            passage.notes.push(note.clone());
        }
    }

    fn note(&mut self, range: &Range<usize>, kind: NoteKind, words: &str) -> Note {
        let (text, sources) = match words.rsplit_once('\n') {
            Some((text, last)) if last.starts_with("Sources:") => (text, last),
            _ => (words, ""),
        };
        let sources: Vec<String> = sources
            .trim_start_matches("Sources:")
            .split(',')
            .map(|id| id.trim().to_owned())
            .filter(|id| !id.is_empty())
            .collect();
        for id in &sources {
            let Some(front) = self.front else { break };
            let known = front.sources.iter().map(|source| source.id.as_str());
            if known.clone().all(|known| known != id) {
                let hint = toml_file::nearest(id, known).map_or_else(|| "add it to sources in the front matter".to_owned(), |name| format!("did you mean \"{name}\"?"));
                self.problem(range, format!("unknown source \"{id}\"; {hint}"));
            }
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Note { kind, text, sources }
    }

    fn finish(mut self, problems: &mut Vec<Problem>) -> (Vec<Section>, Vec<Passage>) {
        self.close_section();
        if self.sections.is_empty() && self.problems.is_empty() {
            self.problem(&(0..0), "the article has no title; begin it with a # heading that is equal to the title");
        }
        let crowded: Vec<Range<usize>> = self
            .passages
            .iter()
            .filter(|passage| passage.unavoidable_chars() > NOTES_MAX_CHARS)
            .map(|passage| passage.range.clone())
            .collect();
        for range in crowded {
            self.problem(&range, format!("the notes on this paragraph have more than {NOTES_MAX_CHARS} characters together; shorten them, so that they always fit beside the quote"));
        }
        problems.append(&mut self.problems);
        (self.sections, self.passages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRONT: &str = "+++\ntitle = \"T\"\nsources = [{ id = \"nhs\", name = \"NHS\", url = \"https://nhs.example\" }]\n+++\n";

    fn article(body: &str) -> Article {
        read("articles/t.md", "t", &format!("{FRONT}{body}")).expect("a good article").0
    }

    fn problems(text: &str) -> Vec<String> {
        let found = read("articles/t.md", "t", text).expect_err("a bad article");
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_heading_stack_keeps_every_level() {
        let article = article("# T\n\nIntro.\n\n## A\n\n### B\n\nUnder B.\n\n## C\n\nUnder C.\n");
        let trails: Vec<String> = article.passages.iter().map(|passage| article.section_of(passage).trail.join("/")).collect();
        assert_eq!(trails, ["T", "T/A/B", "T/C"]);
    }

    #[test]
    fn passages_are_byte_exact_slices_of_the_file_even_with_a_byte_order_mark_and_windows_lines() {
        let text = format!("\u{feff}{FRONT}# T\n\nEiné — “quote”.\n").replace('\n', "\r\n");
        let (article, _) = read("articles/t.md", "t", &text).expect("a good article");
        assert_eq!(article.text(&article.passages[0]), "Einé — “quote”.");
        assert_eq!(&*article.source, text);
    }

    #[test]
    fn a_note_belongs_to_the_block_before_it_and_a_note_after_a_heading_to_the_whole_section() {
        let article = article("# T\n\n## A\n\n> [!NOTE]\n> All of A.\n> Sources: nhs\n\nOne.\n\n> [!WARNING]\n> Only one.\n\n### B\n\nTwo.\n\n## C\n\nThree.\n");
        let notes: Vec<Vec<&str>> = article.passages.iter().map(|passage| passage.notes.iter().map(|note| note.text.as_str()).collect()).collect();
        assert_eq!(notes, [vec!["All of A.", "Only one."], vec!["All of A."], vec![]]);
        assert_eq!(article.passages[0].notes[0].sources, ["nhs"]);
    }

    #[test]
    fn all_problems_of_a_file_are_reported_together_with_their_lines() {
        let text = "+++\ntitle = \"T\"\ntitel = 1\nreviewd = 2\n+++\n# T\n\n## \n\ntext\n\n## A\n\n## A\n\n> [!CAUTION]\n> x\n";
        assert_eq!(
            problems(text),
            [
                "articles/t.md:3: unknown key \"titel\"; did you mean \"title\"?",
                "articles/t.md:4: unknown key \"reviewd\"; did you mean \"reviewed\"?",
                "articles/t.md:8: the heading has no text; write one or remove the line",
                "articles/t.md:14: the same heading stands in line 12 under the same parent; a citation could not tell them apart, rename one",
                "articles/t.md:16: only [!NOTE], [!TIP] and [!WARNING] are known here",
            ]
        );
    }

    #[test]
    fn an_unknown_source_names_the_nearest_one() {
        let text = format!("{FRONT}# T\n\nOne.\n\n> [!NOTE]\n> A.\n> Sources: nsh\n");
        assert_eq!(problems(&text), ["articles/t.md:9: unknown source \"nsh\"; did you mean \"nhs\"?"]);
    }

    #[test]
    fn a_file_without_front_matter_says_how_to_begin() {
        assert!(problems("# T\n")[0].starts_with("articles/t.md:1: the file must begin with front matter"));
        assert!(problems("+++\ntitle = \"T\"\n# T\n")[0].contains("does not end"));
    }
}
