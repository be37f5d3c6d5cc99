//! The document model: an article with its sections, passages and notes.

use std::ops::Range;
use std::sync::Arc;

use super::front_matter::FrontMatter;
use super::markdown::Form;
use super::passage_id::PassageId;

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
    pub heading_path: Vec<String>,
    /// Line of the heading.
    pub line: usize,
    /// The section's passages, as indexes into [`Article::passages`].
    pub passages: Range<usize>,
}

impl Section {
    /// The section's own heading.
    pub fn heading(&self) -> &str {
        self.heading_path.last().map_or("", String::as_str)
    }

    /// The heading path below the title, joined for reading; the title itself for the article's first section.
    pub fn breadcrumb(&self) -> String {
        match self.heading_path.get(1..) {
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
    /// Stays the same as long as article, heading path, place and words do.
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

    /// The first passage of a section, if it has any.
    pub fn first_passage(&self, section: &Section) -> Option<&Passage> {
        self.passages.get(section.passages.clone())?.first()
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
