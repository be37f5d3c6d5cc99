//! The checks of a corpus that need more than one file.

use std::collections::HashMap;

use super::article::Article;
use crate::diagnostics::Diagnostic;

/// The checks that need more than one file.
pub(super) fn across_files(articles: &[Article], diagnostics: &mut Vec<Diagnostic>) {
    equal_titles(articles, diagnostics);
    for article in articles {
        if article.passages.is_empty() {
            diagnostics.push(Diagnostic::error(
                &article.file,
                None,
                "the article has no text to quote; write a paragraph or remove the file",
            ));
        }
    }
}

fn equal_titles(articles: &[Article], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for article in articles {
        let title = article.front.title.to_lowercase();
        if let Some(other) = seen.insert(title, &article.file) {
            diagnostics.push(Diagnostic::warning(
                &article.file,
                1,
                format!("the title is the same as that of {other}; give each article a title of its own"),
            ));
        }
    }
}
