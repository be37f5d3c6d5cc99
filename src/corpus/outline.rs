//! The blocks of an article under its headings: a stack that keeps every level, passages, and the notes on them.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::BlockQuoteKind;

use super::article::{Note, NoteKind, Passage, Section};
use super::chunk;
use super::front_matter::FrontMatter;
use super::markdown::{Content, Form};
use super::passage_id::PassageId;
use super::shape;
use crate::diagnostics::{Diagnostic, LineIndex};
use crate::language::spelling;

/// Longest text of one alert, in Unicode code points, so that notes always fit beside the quote they belong to.
pub const NOTE_MAX_CHARS: usize = 600;
/// Longest text of all notes that one passage carries, plain words left out, in Unicode code points: with a quote, its
/// citation and the disclaimer they must fit into a plain message of 2,000.
pub const NOTES_MAX_CHARS: usize = 1_200;

/// Longest list, table or code block, in Unicode code points: it is always quoted whole, and with its notes it must fit
/// into an embed's description of 4,096.
const BLOCK_MAX_CHARS: usize = 2_000;

/// Walks the blocks of one article with a stack of open headings.
pub(super) struct Outline<'a> {
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
    after_note: bool,
    /// Line of each heading path that was opened.
    heading_paths: HashMap<Vec<String>, usize>,
    lines: LineIndex,
    diagnostics: Vec<Diagnostic>,
}

struct OpenHeading {
    level: usize,
    section: usize,
    notes: Vec<Note>,
}

impl<'a> Outline<'a> {
    /// An outline of a file with nothing in it yet.
    pub(super) fn new(file: &'a str, slug: &'a str, source: &'a str, front: Option<&'a FrontMatter>) -> Self {
        Self {
            file,
            slug,
            source,
            front,
            sections: Vec::new(),
            open: Vec::new(),
            passages: Vec::new(),
            last_block: 0..0,
            after_note: false,
            heading_paths: HashMap::new(),
            lines: LineIndex::new(source),
            diagnostics: Vec::new(),
        }
    }

    /// Takes the next block.
    pub(super) fn take(&mut self, range: Range<usize>, content: Content) {
        let written = self.source.get(range.clone()).unwrap_or_default();
        if let Some(mistake) = shape::mistake(written, &content, self.after_note) {
            self.diagnostic(&range, mistake);
        }
        self.after_note = matches!(content, Content::Alert(..));
        let is_title = matches!(content, Content::Heading(1, _));
        if self.sections.is_empty() && !is_title && !matches!(content, Content::Nothing) {
            // An article may leave its title to the front matter.
            let title = self.front.map_or(self.slug, |front| front.title.trim()).to_owned();
            self.heading(&(range.start..range.start), 1, title);
        }
        match content {
            Content::Heading(level, words) => self.heading(&range, level, words),
            Content::Quotable(form) => self.quotable(range, form),
            Content::Alert(kind, words) => self.alert(&range, kind, &words),
            Content::Unsupported(reason) => self.diagnostic(&range, reason),
            Content::Nothing => {}
        }
    }

    fn diagnostic(&mut self, at: &Range<usize>, message: impl Into<String>) {
        let line = self.line_of(at);
        self.diagnostics.push(Diagnostic::error(self.file, line, message));
    }

    fn line_of(&self, at: &Range<usize>) -> usize {
        self.lines.line_of(at.start)
    }

    fn heading(&mut self, range: &Range<usize>, level: usize, words: String) {
        if words.is_empty() {
            return self.diagnostic(range, "the heading has no text; write one or remove the line");
        }
        if level == 1 && !self.sections.is_empty() {
            return self.diagnostic(range, "there is a second # heading; an article has one title, use ## below it");
        }
        let title = self.front.map(|front| front.title.trim());
        if level == 1 && title.is_some_and(|title| title != words) {
            self.diagnostic(
                range,
                format!(
                    "the # heading differs from the title in the front matter, \"{}\"; make them equal",
                    title.unwrap_or_default()
                ),
            );
        }
        self.open.retain(|open| open.level < level);
        let mut heading_path: Vec<String> =
            self.open.last().map_or_else(Vec::new, |open| self.sections[open.section].heading_path.clone());
        heading_path.push(words);
        let line = self.line_of(range);
        if let Some(line) = self.heading_paths.insert(heading_path.clone(), line) {
            let here = self.line_of(range);
            let message = format!(
                "the same heading stands in line {line} under the same parent; a citation can't tell them apart, rename one"
            );
            self.diagnostics.push(Diagnostic::warning(self.file, here, message));
        }
        self.close_section();
        self.open.push(OpenHeading { level, section: self.sections.len(), notes: Vec::new() });
        let at = self.passages.len();
        self.sections.push(Section { heading_path, line, passages: at..at });
        self.last_block = at..at;
    }

    fn close_section(&mut self) {
        let end = self.passages.len();
        if let Some(section) = self.sections.last_mut() {
            section.passages.end = end;
        }
    }

    fn quotable(&mut self, range: Range<usize>, form: Form) {
        // The title is open before all else.
        let section = self.sections.len().saturating_sub(1);
        let notes: Vec<Note> = self.open.iter().flat_map(|open| open.notes.iter().cloned()).collect();
        let first = self.passages.len();
        let heading_path = self.sections[section].heading_path.clone();
        let length = self.source.get(range.clone()).map_or(0, |text| text.chars().count());
        if form == Form::List && length > BLOCK_MAX_CHARS {
            let line = self.line_of(&range);
            let message = format!(
                "the list has {length} characters and is quoted in pieces; split it where a reader can stop, at most {BLOCK_MAX_CHARS} each"
            );
            self.diagnostics.push(Diagnostic::warning(self.file, line, message));
        } else if form != Form::Paragraph && length > BLOCK_MAX_CHARS {
            self.diagnostic(&range, format!("the block has {length} characters; split it, so that at most {BLOCK_MAX_CHARS} are shown in one piece with their notes"));
        }
        for piece in chunk::split(self.source, range, form, BLOCK_MAX_CHARS) {
            let ordinal = self.passages.len() - self.sections[section].passages.start;
            let text = self.source.get(piece.range.clone()).unwrap_or_default();
            let id = PassageId::new(self.slug, &heading_path, ordinal, text);
            self.passages.push(Passage {
                id,
                section,
                range: piece.range,
                sentences: piece.sentences,
                form,
                notes: notes.clone(),
            });
        }
        self.last_block = first..self.passages.len();
    }

    fn alert(&mut self, range: &Range<usize>, kind: BlockQuoteKind, words: &str) {
        let kind = match kind {
            BlockQuoteKind::Note => NoteKind::Note,
            BlockQuoteKind::Tip => NoteKind::PlainWords,
            BlockQuoteKind::Warning => NoteKind::Care,
            BlockQuoteKind::Important | BlockQuoteKind::Caution => {
                return self.diagnostic(range, "only [!NOTE], [!TIP] and [!WARNING] are known here");
            }
        };
        let note = self.note(range, kind, words);
        if note.text.is_empty() {
            return self.diagnostic(range, "the note has no text; write it or remove it");
        }
        let length = note.text.chars().count();
        if length > NOTE_MAX_CHARS {
            self.diagnostic(range, format!("the note has {length} characters; shorten it to {NOTE_MAX_CHARS}, so that it always fits beside the quote"));
        }
        if self.last_block.is_empty() {
            match self.open.last_mut() {
                Some(open) => open.notes.push(note),
                None => self.diagnostic(
                    range,
                    "the note stands above the title; put it after the paragraph that it belongs to",
                ),
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
                let hint = spelling::nearest(id, known).map_or_else(
                    || "add it to sources in the front matter".to_owned(),
                    |name| format!("did you mean \"{name}\"?"),
                );
                self.diagnostic(range, format!("unknown source \"{id}\"; {hint}"));
            }
        }
        if text.contains("Sources:") || text.contains("Source:") {
            self.diagnostic(range, "write Sources: id, id on the last line of the note, and nothing after it");
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Note { kind, text, sources }
    }

    /// Sections and passages; what is wrong is added to `diagnostics`.
    pub(super) fn finish(mut self, diagnostics: &mut Vec<Diagnostic>) -> (Vec<Section>, Vec<Passage>) {
        self.close_section();
        if self.sections.is_empty() && self.diagnostics.is_empty() {
            self.diagnostic(&(0..0), "the article has no title; begin it with a # heading that is equal to the title");
        }
        let crowded: Vec<Range<usize>> = self
            .passages
            .iter()
            .filter(|passage| passage.unavoidable_chars() > NOTES_MAX_CHARS)
            .map(|passage| passage.range.clone())
            .collect();
        for range in crowded {
            self.diagnostic(&range, format!("the notes on this paragraph have more than {NOTES_MAX_CHARS} characters together; shorten them, so that they always fit beside the quote"));
        }
        diagnostics.append(&mut self.diagnostics);
        (self.sections, self.passages)
    }
}
