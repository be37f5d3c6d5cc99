//! A corpus: its articles with their passages numbered, its lexicon, and the questions that editors keep.

use std::collections::HashMap;

use super::article::{Article, Note, NoteKind, Passage, Section};
use super::files::{CorpusFile, text_of};
use super::golden::{self, GoldenQuestion};
use super::lexicon::{self, Entry};
use super::lint;
use super::parse;
use super::passage_id::PassageId;
use super::taught::{self, TaughtQuestion};
use crate::diagnostics::{Diagnostic, has_errors};
use crate::hash::digest_of_files;

/// Everything that editors write, but for what triage and ranking read.
#[derive(Debug, Clone, Default)]
pub struct Corpus {
    /// Articles by file name.
    pub articles: Vec<Article>,
    /// Rows of the lexicon.
    pub lexicon: Vec<Entry>,
    /// Questions with known outcome.
    pub golden: Vec<GoldenQuestion>,
    /// Questions with the sentence that answers them.
    pub taught: Vec<TaughtQuestion>,
    /// Digest of articles, lexicon and taught questions: everything of a corpus that fitting reads.
    pub digest: String,
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
    /// Its identity.
    pub const fn id(&self) -> PassageId {
        self.passage.id
    }

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
    /// Makes a corpus of files that were read already, and adds what is wrong with them to `diagnostics`.
    pub fn parse(files: &[CorpusFile], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let is_fitted = |name: &str| name.starts_with("articles/") || [lexicon::FILE, taught::FILE].contains(&name);
        let fitted = files.iter().filter(|file| is_fitted(&file.name));
        let digest = digest_of_files(fitted.map(|file| (file.name.as_str(), file.bytes.as_slice())));
        let mut corpus = Self { articles: articles(files, diagnostics), digest, ..Self::default() };
        if corpus.articles.is_empty() && !has_errors(diagnostics) {
            let message = "there is no article; add a .md file (README.md beside this folder shows how)";
            diagnostics.push(Diagnostic::error("articles", None, message));
        }
        let (lexicon, found) = text_of(files, lexicon::FILE).map_or_else(Default::default, lexicon::read);
        corpus.lexicon = lexicon;
        diagnostics.extend(found);
        let (golden, found) = text_of(files, golden::FILE).map_or_else(Default::default, golden::read);
        corpus.golden = golden;
        diagnostics.extend(found);
        corpus.number_passages();
        if let Some(text) = text_of(files, taught::FILE) {
            let (taught, found) = taught::read(text, &corpus.articles, &corpus.by_id);
            corpus.taught = taught;
            diagnostics.extend(found);
        }
        lint::across_files(&corpus.articles, diagnostics);
        corpus
    }

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

/// The articles among the files; what is no UTF-8 text becomes a diagnostic, whichever file it is.
fn articles(files: &[CorpusFile], diagnostics: &mut Vec<Diagnostic>) -> Vec<Article> {
    let mut articles = Vec::new();
    for file in files {
        let text = match std::str::from_utf8(&file.bytes) {
            Ok(text) => text,
            Err(error) => {
                let before = file.bytes.iter().take(error.valid_up_to());
                let line = before.filter(|byte| **byte == b'\n').count() + 1;
                let message = "the file is not UTF-8 text; save it as UTF-8";
                diagnostics.push(Diagnostic::error(&file.name, line, message));
                continue;
            }
        };
        let Some(slug) = file.name.strip_prefix("articles/").and_then(|name| name.strip_suffix(".md")) else {
            continue;
        };
        match parse::read(&file.name, slug, text) {
            Ok((article, warnings)) => {
                articles.push(article);
                diagnostics.extend(warnings);
            }
            Err(found) => diagnostics.extend(found),
        }
    }
    articles
}
