//! One Markdown file to an [`Article`].
//!
//! All problems of the file are collected; an article is returned only when there is no error among them.

use std::ops::Range;
use std::sync::Arc;

use super::chunk::PassageId;
use super::front_matter::{self, FrontMatter};
use super::lint::{Problem, has_errors};
use super::markdown::{self, Form};
use super::outline::Outline;
use crate::toml_file;

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
    pub(super) fn unavoidable_chars(&self) -> usize {
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
pub(super) fn read(file: &str, slug: &str, source: &str) -> Result<(Article, Vec<Problem>), Vec<Problem>> {
    let mut problems = Vec::new();
    let parts = match front_matter::split(source) {
        Ok(parts) => parts,
        Err(message) => return Err(vec![Problem::error(file, 1, message)]),
    };
    let front = match toml_file::parse::<FrontMatter>(parts.front) {
        Ok(front) => {
            front_matter::check(file, &front, parts.front, &mut problems);
            Some(front)
        }
        Err(mistakes) => {
            problems.extend(mistakes.iter().map(|mistake| Problem::from_mistake(file, 1, mistake)));
            None
        }
    };
    let mut outline = Outline::new(file, slug, source, front.as_ref());
    for block in markdown::blocks(parts.body) {
        let range = block.range.start + parts.body_at..block.range.end + parts.body_at;
        outline.take(range, block.content);
    }
    let (sections, passages) = outline.finish(&mut problems);
    match front {
        Some(front) if !has_errors(&problems) => Ok((
            Article {
                slug: slug.to_owned(),
                file: file.to_owned(),
                source: Arc::from(source),
                front,
                sections,
                passages,
            },
            problems,
        )),
        _ => Err(problems),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRONT: &str =
        "+++\ntitle = \"T\"\nsources = [{ id = \"nhs\", name = \"NHS\", url = \"https://nhs.example\" }]\n+++\n";

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
        let trails: Vec<String> =
            article.passages.iter().map(|passage| article.section_of(passage).trail.join("/")).collect();
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
        let article = article(
            "# T\n\n## A\n\n> [!NOTE]\n> All of A.\n> Sources: nhs\n\nOne.\n\n> [!WARNING]\n> Only one.\n\n### B\n\nTwo.\n\n## C\n\nThree.\n",
        );
        let notes: Vec<Vec<&str>> = article
            .passages
            .iter()
            .map(|passage| passage.notes.iter().map(|note| note.text.as_str()).collect())
            .collect();
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
                "warning: articles/t.md:14: the same heading stands in line 12 under the same parent; a citation can't tell them apart, rename one",
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
