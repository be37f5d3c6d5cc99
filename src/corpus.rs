//! The corpus folder: files to articles to passages.
//!
//! Purpose: read everything that editors write, say everything that is wrong with it, and hand out values. It builds no
//! index and answers no question. Vocabulary: an *article* is one Markdown file; a *section* is a heading with its
//! trail; a *passage* is what is retrieved and quoted; a *note* is editors' text that rides on a passage.

pub mod alert_model;
mod article;
mod calibration;
mod chunk;
mod files;
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
pub mod table;
mod taught;

use std::collections::HashMap;
use std::path::Path;

pub use article::{Article, Note, NoteKind, Passage, Section};
pub use calibration::{Boosts, Calibration, FILE as CALIBRATION_FILE, Feature, Mode, Model, Signal, Signals};
pub use chunk::{PassageId, sentences_of};
pub use files::{ARTICLE_MAX_BYTES, CorpusFile, DATA_MAX_BYTES, read_files, replace_file};
pub use front_matter::{FrontMatter, Source};
pub use golden::{Expect, FILE as GOLDEN_FILE, GoldenQuestion};
pub use lexicon::{Direction, Entry, FILE as LEXICON_FILE, unused as unused_terms};
pub use markdown::{Form, words};
pub use outline::{NOTE_MAX_CHARS, NOTES_MAX_CHARS};
pub use taught::{FILE as TAUGHT_FILE, TaughtQuestion};

use lint::{Problem, has_errors};
use red_flags::RedFlags;

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
    /// Questions with the sentence that answers them.
    pub taught: Vec<TaughtQuestion>,
    /// How confidence is computed.
    pub calibration: Calibration,
    /// The files that were read, as they were.
    pub files: Vec<CorpusFile>,
    /// Where each passage stands: index of the article and of the passage in it.
    places: Vec<(usize, usize)>,
    by_id: HashMap<PassageId, usize>,
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

    /// What to say when the folder's own calibration or second reader was made from other files than it holds now, or can't use
    /// the embedding model that is at hand, which is given by its digest.
    pub fn outgrown(&self, folder: &Path, embedder: Option<&str>) -> impl Iterator<Item = Problem> + use<> {
        let calibration = data(&self.files, calibration::FILE).and_then(|_| self.calibration.outgrown(self));
        let rules = data(&self.files, red_flags::FILE).map(str::as_bytes);
        // A folder without examples can't be trained on, and one whose examples can't be read says so when it is.
        let examples = std::fs::read(folder.join(alert_model::EXAMPLES_FILE)).ok();
        let red_flags = &self.red_flags;
        let of_words = data(&self.files, alert_model::FILE)
            .and_then(|_| red_flags.second_reader.outgrown(rules, examples.as_deref()));
        let reads = red_flags.meaning_reader.head().embedder.as_deref();
        let of_meaning = embedder.filter(|embedder| reads != Some(embedder)).map(|_| {
            let message = "it was not learned together with alert_model.toml and from the embedding model that is installed, so it \
                           is not used; run `seventh train-alerts` with semantic.model_dir set";
            Problem::warning(alert_model::MEANING_FILE, None, message)
        });
        calibration.into_iter().chain(of_words).chain(of_meaning)
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
        data(&files, alert_model::FILE),
        data(&files, alert_model::MEANING_FILE),
    );
    problems.extend(found);
    let (golden, found) = data(&files, golden::FILE).map_or_else(Default::default, golden::read);
    problems.extend(found);
    let (calibration, found) = calibration::read(data(&files, calibration::FILE).unwrap_or(calibration::BUILT_IN));
    problems.extend(found);
    let Some(calibration) = calibration else { return Err(problems) };
    let mut corpus = Corpus {
        articles,
        lexicon,
        red_flags,
        golden,
        taught: Vec::new(),
        calibration,
        files,
        places: Vec::new(),
        by_id: HashMap::new(),
    };
    corpus.number_passages();
    let (taught, found) =
        data(&corpus.files, taught::FILE).map_or_else(Default::default, |text| taught::read(text, &corpus));
    corpus.taught = taught;
    problems.extend(found);
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
