//! `examples/taught.csv`: questions that people ask, each beside the sentence that answers it ("also asked as").
//!
//! They are searched and never shown. How a question is compared with them is the matter of `search`.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::article::Article;
use super::passage_id::PassageId;
use crate::diagnostics::{self, Diagnostic};
use crate::language::spelling::nearest;

/// The file's name in the corpus folder.
pub const FILE: &str = "examples/taught.csv";

/// Longest question, in Unicode code points: longer ones are stories, in which words that ask for nothing prevail.
const QUESTION_MAX_CHARS: usize = 300;

/// A question with the place of the sentence that answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaughtQuestion {
    /// The question as people ask it.
    pub question: String,
    /// Number of the passage in the corpus.
    pub passage: usize,
    /// Number of the sentence in the passage.
    pub sentence: usize,
}

/// A row as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TaughtRow {
    question: String,
    /// Id of the article.
    article: String,
    /// Words that stand in the answering sentence and in no other of the article.
    quotes: String,
}

/// Reads the rows and finds the sentences that they name.
///
/// A sentence that was reworded must not stop a refresh: its questions are left out, with a warning.
pub(super) fn read(
    text: &str,
    articles: &[Article],
    numbers: &HashMap<PassageId, usize>,
) -> (Vec<TaughtQuestion>, Vec<Diagnostic>) {
    let (rows, mut diagnostics) = diagnostics::csv::read::<TaughtRow>(FILE, text, "question, article, quotes");
    let mut taught = Vec::new();
    let mut lines: HashMap<(String, (usize, usize)), usize> = HashMap::new();
    let mut places: HashMap<(String, String), Result<(usize, usize), String>> = HashMap::new();
    let mut unused: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (line, row) in rows {
        let length = row.question.chars().count();
        if length == 0 || length > QUESTION_MAX_CHARS || row.quotes.is_empty() {
            let message = format!(
                "a row needs quotes, and a question of at most {QUESTION_MAX_CHARS} characters; this one has {length}"
            );
            diagnostics.push(Diagnostic::error(FILE, line, message));
            continue;
        }
        let key = (row.article.clone(), row.quotes.clone());
        let place = places.entry(key).or_insert_with(|| place(articles, numbers, &row));
        match place {
            Ok(place) => {
                if let Some(first) = lines.insert((row.question.to_lowercase(), *place), line) {
                    let message = format!("the question stands in line {first} already for this sentence; remove one");
                    diagnostics.push(Diagnostic::error(FILE, line, message));
                    continue;
                }
                taught.push(TaughtQuestion { question: row.question, passage: place.0, sentence: place.1 });
            }
            Err(why) => unused.entry(why.clone()).or_insert((line, 0)).1 += 1,
        }
    }
    for (why, (line, count)) in unused {
        let left_out = if count == 1 { "1 question is".to_owned() } else { format!("{count} questions are") };
        diagnostics.push(Diagnostic::warning(FILE, Some(line), format!("{why}; {left_out} left out")));
    }
    (taught, diagnostics)
}

fn place(articles: &[Article], numbers: &HashMap<PassageId, usize>, row: &TaughtRow) -> Result<(usize, usize), String> {
    let Some(article) = articles.iter().find(|article| article.slug == row.article) else {
        let hint = nearest(&row.article, articles.iter().map(|article| article.slug.as_str()))
            .map_or_else(String::new, |name| format!("; did you mean \"{name}\"?"));
        return Err(format!("there is no article \"{}\"{hint}", row.article));
    };
    let mut found = article.passages.iter().flat_map(|passage| {
        let number = numbers.get(&passage.id).copied();
        let holds =
            |at: &usize| passage.sentences.get(*at).is_some_and(|range| article.slice(range).contains(&row.quotes));
        (0..passage.sentences.len()).filter(holds).filter_map(move |sentence| Some((number?, sentence)))
    });
    match (found.next(), found.next()) {
        (Some(place), None) => Ok(place),
        (None, _) => Err(format!("no sentence of {} holds \"{}\"", article.file, row.quotes)),
        (Some(_), Some(_)) => {
            Err(format!("more than one sentence of {} holds \"{}\"; quote more words", article.file, row.quotes))
        }
    }
}
