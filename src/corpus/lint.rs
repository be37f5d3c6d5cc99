//! What can be wrong with a corpus: one type for all problems, and the checks that need more than one file.
//!
//! A problem names file and line, says what is wrong and what to do. Reading collects all problems of all files before
//! anything is refused.

use std::collections::HashMap;
use std::fmt;

use super::{Article, Corpus};
use crate::toml_file::Mistake;

/// Whether a corpus with this problem may be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The corpus is refused.
    Error,
    /// The corpus can be published; somebody should look.
    Warning,
}

/// Something wrong in the corpus folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whether it stops a build.
    pub severity: Severity,
    /// File, relative to the corpus folder, with forward slashes.
    pub file: String,
    /// Line, counted from 1, where one can be named.
    pub line: Option<usize>,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl Problem {
    /// A problem that stops a build.
    pub fn error(file: &str, line: impl Into<Option<usize>>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, file: file.to_owned(), line: line.into(), message: message.into() }
    }

    /// A problem that stops nothing.
    pub fn warning(file: &str, line: impl Into<Option<usize>>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(file, line, message) }
    }

    /// A mistake of a TOML text that begins after `lines_before` lines of its file.
    pub fn from_mistake(file: &str, lines_before: usize, mistake: &Mistake) -> Self {
        Self::error(file, lines_before + mistake.line, mistake.message.clone())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.severity == Severity::Warning {
            f.write_str("warning: ")?;
        }
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// Whether any of `problems` stops a build.
pub fn has_errors(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}

/// The checks that need more than one file.
pub(super) fn across_files(corpus: &Corpus, problems: &mut Vec<Problem>) {
    equal_titles(&corpus.articles, problems);
    for article in &corpus.articles {
        if article.passages.is_empty() {
            problems.push(Problem::error(
                &article.file,
                None,
                "the article has no text to quote; write a paragraph or remove the file",
            ));
        }
    }
}

fn equal_titles(articles: &[Article], problems: &mut Vec<Problem>) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for article in articles {
        let title = article.front.title.to_lowercase();
        if let Some(other) = seen.insert(title, &article.file) {
            problems.push(Problem::warning(
                &article.file,
                1,
                format!("the title is the same as that of {other}; give each article a title of its own"),
            ));
        }
    }
}
