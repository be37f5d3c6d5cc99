//! The corpus folder: files to articles to passages.
//!
//! Purpose: read everything that editors write, say everything that is wrong with it, and hand out values. It builds no
//! index and answers no question. Vocabulary: an *article* is one Markdown file; a *section* is a heading with its
//! trail; a *passage* is what is retrieved and quoted; a *note* is editors' text that rides on a passage.

pub mod alert_model;
mod article;
mod calibration;
mod chunk;
mod front_matter;
mod golden;
mod lexicon;
pub mod lint;
mod markdown;
pub mod numbers;
mod outline;
pub mod pattern;
pub mod red_flags;
mod shape;

use std::collections::HashMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

pub use article::{Article, Note, NoteKind, Passage, Section};
pub use calibration::{Calibration, Weights};
pub use chunk::PassageId;
pub use front_matter::{FrontMatter, Source};
pub use golden::{Expect, FILE as GOLDEN_FILE, GoldenQuestion};
pub use lexicon::{Direction, Entry};
pub use markdown::{Form, words};
pub use outline::{NOTE_MAX_CHARS, NOTES_MAX_CHARS};

use lint::{Problem, has_errors};
use red_flags::RedFlags;

/// Largest article, in bytes: 1 MiB, some 150,000 words. A larger file is a mistake, not an article.
pub const ARTICLE_MAX_BYTES: u64 = 1 << 20;
/// Largest data file (lexicon, rules, questions), in bytes.
pub const DATA_MAX_BYTES: u64 = 16 << 20;

/// Everything that the corpus folder says.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// Articles by file name.
    pub articles: Vec<Article>,
    /// Rows of the lexicon.
    pub lexicon: Vec<Entry>,
    /// Danger signs and cards.
    pub red_flags: RedFlags,
    /// Questions with known outcome.
    pub golden: Vec<GoldenQuestion>,
    /// How confidence is computed.
    pub calibration: Calibration,
    /// The files that were read, as they were.
    pub files: Vec<CorpusFile>,
    /// Where each passage stands: index of the article and of the passage in it.
    places: Vec<(usize, usize)>,
    by_id: HashMap<PassageId, usize>,
}

/// A file that belongs to a generation.
#[derive(Debug, Clone)]
pub struct CorpusFile {
    /// Name relative to the corpus folder, with forward slashes.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A passage with the article that it stands in.
#[derive(Debug, Clone, Copy)]
pub struct PassageRef<'a> {
    /// The article.
    pub article: &'a Article,
    /// The passage.
    pub passage: &'a Passage,
    /// Its number in the corpus, as the index stores it.
    pub number: usize,
}

impl<'a> PassageRef<'a> {
    /// The quoted words, byte-exact.
    pub fn text(&self) -> &'a str {
        self.article.text(self.passage)
    }

    /// The section that it lies in.
    pub fn section(&self) -> &'a Section {
        self.article.section_of(self.passage)
    }

    /// Notes of one kind, outermost first.
    pub fn notes(&self, kind: NoteKind) -> impl Iterator<Item = &'a Note> + use<'a> {
        self.passage.notes.iter().filter(move |note| note.kind == kind)
    }
}

impl Corpus {
    /// The passage with this number.
    pub fn passage(&self, number: usize) -> Option<PassageRef<'_>> {
        let (article, passage) = *self.places.get(number)?;
        let article = self.articles.get(article)?;
        Some(PassageRef { article, passage: article.passages.get(passage)?, number })
    }

    /// The passage with this id.
    pub fn passage_by_id(&self, id: PassageId) -> Option<PassageRef<'_>> {
        self.passage(*self.by_id.get(&id)?)
    }

    /// All passages in order of their numbers.
    pub fn passages(&self) -> impl Iterator<Item = PassageRef<'_>> {
        (0..self.places.len()).filter_map(|number| self.passage(number))
    }

    /// How many passages there are.
    pub fn passage_count(&self) -> usize {
        self.places.len()
    }

    /// The article with this slug.
    pub fn article(&self, slug: &str) -> Option<&Article> {
        self.articles.iter().find(|article| article.slug == slug)
    }

    fn number_passages(&mut self) {
        for (article_at, article) in self.articles.iter().enumerate() {
            for (passage_at, passage) in article.passages.iter().enumerate() {
                self.by_id.insert(passage.id, self.places.len());
                self.places.push((article_at, passage_at));
            }
        }
    }
}

/// Reads a corpus folder.
///
/// # Errors
///
/// All problems of all files, when at least one of them stops a build. Otherwise the warnings come with the corpus.
pub fn read(folder: &Path) -> Result<(Corpus, Vec<Problem>), Vec<Problem>> {
    let (files, problems) = read_files(folder);
    parse(files, problems)
}

/// Makes a corpus of files that were read already.
///
/// # Errors
///
/// As [`read`].
pub fn parse(files: Vec<CorpusFile>, mut problems: Vec<Problem>) -> Result<(Corpus, Vec<Problem>), Vec<Problem>> {
    let mut articles = Vec::new();
    for (file, text) in texts(&files, &mut problems) {
        let Some(slug) = file.strip_prefix("articles/").and_then(|name| name.strip_suffix(".md")) else { continue };
        match article::read(file, slug, text) {
            Ok((article, warnings)) => {
                articles.push(article);
                problems.extend(warnings);
            }
            Err(found) => problems.extend(found),
        }
    }
    if articles.is_empty() && !has_errors(&problems) {
        problems.push(Problem::error(
            "articles",
            None,
            "there is no article; add a .md file (README.md beside this folder shows how)",
        ));
    }
    for (name, lost) in [
        (lexicon::FILE, "everyday words find nothing"),
        (golden::FILE, "nothing is asked before a generation goes live"),
        (red_flags::FILE, "the rules that are built into the program are used"),
    ] {
        let is_mentioned = problems.iter().any(|problem| problem.file == name);
        if !is_mentioned && !files.iter().any(|file| file.name == name) {
            problems.push(Problem::warning(name, None, format!("the file is not there: {lost}")));
        }
    }
    let (lexicon, found) = data(&files, lexicon::FILE).map_or_else(Default::default, lexicon::read);
    problems.extend(found);
    let (red_flags, found) = red_flags::read(
        data(&files, red_flags::FILE).unwrap_or(red_flags::BUILT_IN),
        data(&files, alert_model::FILE).unwrap_or(alert_model::BUILT_IN),
    );
    problems.extend(found);
    let (golden, found) = data(&files, golden::FILE).map_or_else(Default::default, golden::read);
    problems.extend(found);
    let (calibration, found) = calibration::read(data(&files, calibration::FILE).unwrap_or(calibration::BUILT_IN));
    problems.extend(found);
    let Some(calibration) = calibration else { return Err(problems) };
    let mut corpus =
        Corpus { articles, lexicon, red_flags, golden, calibration, files, places: Vec::new(), by_id: HashMap::new() };
    corpus.number_passages();
    lint::across_files(&corpus, &mut problems);
    if has_errors(&problems) { Err(problems) } else { Ok((corpus, problems)) }
}

/// The files that are text, by name; those that are not UTF-8 become problems.
fn texts<'a>(files: &'a [CorpusFile], problems: &mut Vec<Problem>) -> Vec<(&'a str, &'a str)> {
    let mut texts = Vec::with_capacity(files.len());
    for file in files {
        match std::str::from_utf8(&file.bytes) {
            Ok(text) => texts.push((file.name.as_str(), text)),
            Err(error) => {
                let before = file.bytes.iter().take(error.valid_up_to());
                let line = before.filter(|byte| **byte == b'\n').count() + 1;
                problems.push(Problem::error(&file.name, line, "the file is not UTF-8 text; save it as UTF-8"));
            }
        }
    }
    texts
}

fn data<'a>(files: &'a [CorpusFile], name: &str) -> Option<&'a str> {
    let file = files.iter().find(|file| file.name == name)?;
    std::str::from_utf8(&file.bytes).ok()
}

/// The files of a corpus folder as they are, in order of their names, so that equal folders give equal generations, and
/// what is wrong with the folder itself.
pub fn read_files(folder: &Path) -> (Vec<CorpusFile>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    let articles = folder.join("articles");
    let mut names = Vec::new();
    match fs::read_dir(&articles) {
        Ok(entries) => {
            for entry in entries.filter_map(Result::ok) {
                article_name(&entry, &mut names, &mut problems);
            }
        }
        Err(error) => problems.push(Problem::error(
            "articles",
            None,
            format!(
                "{} can't be read ({error}); the corpus folder needs a folder articles with .md files",
                articles.display()
            ),
        )),
    }
    names.sort();
    for name in names {
        read_file(folder, format!("articles/{name}"), ARTICLE_MAX_BYTES, &mut files, &mut problems);
    }
    for name in [alert_model::FILE, calibration::FILE, lexicon::FILE, golden::FILE, red_flags::FILE] {
        if folder.join(name).symlink_metadata().is_ok() {
            read_file(folder, name.to_owned(), DATA_MAX_BYTES, &mut files, &mut problems);
        }
    }
    (files, problems)
}

fn article_name(entry: &fs::DirEntry, names: &mut Vec<String>, problems: &mut Vec<Problem>) {
    let name = entry.file_name();
    let Some(name) = name.to_str() else {
        problems.push(Problem::error(
            "articles",
            None,
            format!("the file name {} is not UTF-8; rename it", name.display()),
        ));
        return;
    };
    if name.starts_with('.') {
        return;
    }
    let Some(slug) = name.strip_suffix(".md") else {
        problems.push(Problem::warning(
            &format!("articles/{name}"),
            None,
            "only .md files are read; this one is left out",
        ));
        return;
    };
    let kebab = !slug.is_empty() && slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !kebab || slug.len() > SLUG_MAX_BYTES {
        let message = format!(
            "the file name becomes the article's id: use at most {SLUG_MAX_BYTES} lower-case letters, digits and hyphens, then .md"
        );
        problems.push(Problem::error(&format!("articles/{name}"), None, message));
        return;
    }
    names.push(name.to_owned());
}

/// Longest article id, in bytes, so that a button or a menu can name an article and a section (100 characters).
const SLUG_MAX_BYTES: usize = 60;

fn read_file(folder: &Path, name: String, limit: u64, files: &mut Vec<CorpusFile>, problems: &mut Vec<Problem>) {
    let path: PathBuf = folder.join(&name);
    let read = || -> std::io::Result<Vec<u8>> {
        // A pipe would be waited for until somebody writes to it.
        if !fs::metadata(&path)?.is_file() {
            return Err(std::io::Error::other("it is no regular file"));
        }
        let mut bytes = Vec::new();
        fs::File::open(&path)?.take(limit + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) if bytes.len() as u64 > limit => {
            problems.push(Problem::error(
                &name,
                None,
                format!("the file is larger than {} KiB; split it", limit >> 10),
            ));
        }
        Ok(bytes) => files.push(CorpusFile { name, bytes }),
        Err(error) => problems.push(Problem::error(&name, None, format!("the file can't be read: {error}"))),
    }
}
