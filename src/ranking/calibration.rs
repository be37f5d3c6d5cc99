//! `learned/calibration.toml`: how signals of a search become a ranking and a confidence, and where the decisions lie.
//!
//! The numbers are data, fitted by `seventh calibrate` on questions with known answers. `search` and `answer` apply
//! them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::signals::{Feature, Mode, Signal};
use super::sketch::Sketch;
use crate::diagnostics::{self, Diagnostic};

/// The file's name in the corpus folder.
pub const FILE: &str = "learned/calibration.toml";

/// The calibration as it was when the program was built, for a corpus folder that brings none.
const BUILT_IN: &str = include_str!("../../corpus/learned/calibration.toml");

/// How much a term counts by the field that holds it, relative to the text.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Boosts {
    /// In the title.
    pub title: f32,
    /// In the headings below it.
    pub headings: f32,
    /// In the editors' plain words.
    pub plain_words: f32,
    /// If the lexicon added the term as a synonym, relative to one that was asked.
    pub synonym: f32,
    /// If it stands in a background sentence, in a message where others are questions.
    pub background: f32,
}

/// Everything that was fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// What it was fitted on and how; for editors.
    pub fitted: String,
    /// Digest of the articles, the lexicon and the taught questions that it was fitted on (`Corpus::digest`).
    pub fitted_on: String,
    /// A sketch of the passages that it was fitted on.
    pub sketch: Sketch,
    /// Weights of fields.
    pub boosts: Boosts,
    /// For words alone.
    pub lexical: RankingModel,
    /// For the embedding model alone.
    pub semantic: RankingModel,
    /// For both.
    pub both: RankingModel,
}

/// A ranking, and a logistic model of the probability that its best passage answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankingModel {
    /// From this confidence on the decision is `Answer`. Between 0 and 1.
    pub answer_threshold: f64,
    /// From here on, below `answer_threshold`, it is `Related`. Between 0 and 1.
    pub related_threshold: f64,
    /// Sentences around the best one are shown while they have at least this share of its probability.
    pub excerpt_threshold: f64,
    /// Constant of the confidence.
    pub intercept: f64,
    /// Weights of the ranking.
    pub ranking: BTreeMap<Signal, f64>,
    /// Weights of the confidence.
    pub confidence: BTreeMap<Feature, f64>,
}

impl Calibration {
    /// The model of a mode.
    pub const fn model(&self, mode: Mode) -> &RankingModel {
        match mode {
            Mode::Lexical => &self.lexical,
            Mode::Semantic => &self.semantic,
            Mode::Both => &self.both,
        }
    }

    /// The file's text.
    ///
    /// # Errors
    ///
    /// When a number can't be written as TOML.
    pub fn to_text(&self) -> Result<String, toml::ser::Error> {
        let body = toml::to_string_pretty(self)?;
        Ok(format!("# Weights and thresholds of ranking. Written by `seventh calibrate`; do not edit.\n{body}"))
    }

    /// What to say when it was fitted on another corpus.
    pub fn staleness(&self, digest: &str, passages: impl Iterator<Item = String>) -> Option<Diagnostic> {
        (self.fitted_on != digest).then(|| {
            let percent = 100.0 * self.sketch.similarity(&Sketch::of(passages));
            let message = format!(
                "stale: it was fitted on other articles, taught questions or lexicon rows (about {percent:.0} in 100 \
                 passages are the same); run `seventh calibrate` with questions on this corpus"
            );
            Diagnostic::warning(FILE, None, message)
        })
    }
}

/// Reads the calibration, or the built-in one, and reports what is wrong with it.
pub fn read(text: Option<&str>) -> (Option<Calibration>, Vec<Diagnostic>) {
    let text = text.unwrap_or(BUILT_IN);
    match diagnostics::toml::read::<Calibration>(FILE, text) {
        Ok(calibration) => {
            let models = Mode::ALL.iter().filter_map(|mode| mistake(*mode, calibration.model(*mode)));
            let diagnostic = |(keys, message): (Vec<&str>, String)| {
                Diagnostic::error(FILE, diagnostics::toml::line_of_key(text, &keys), message)
            };
            let diagnostics = calibration.boosts.mistake().into_iter().chain(models).map(diagnostic).collect();
            (Some(calibration), diagnostics)
        }
        Err(diagnostics) => (None, diagnostics),
    }
}

impl Boosts {
    /// The keys that lead to the first mistake, and what it is.
    fn mistake(&self) -> Option<(Vec<&'static str>, String)> {
        let Self { title, headings, plain_words, synonym, background } = *self;
        let all = [
            ("title", title),
            ("headings", headings),
            ("plain_words", plain_words),
            ("synonym", synonym),
            ("background", background),
        ];
        let (key, _) = all.into_iter().find(|(_, boost)| !boost.is_finite() || *boost < 0.0)?;
        Some((vec!["boosts", key], "[boosts]: every boost must be a number from 0 up".to_owned()))
    }
}

/// The keys that lead to the first mistake of a mode, and what it is.
fn mistake(mode: Mode, model: &RankingModel) -> Option<(Vec<&'static str>, String)> {
    let name = mode.name();
    let ordered = 0.0 <= model.related_threshold
        && model.related_threshold <= model.answer_threshold
        && model.answer_threshold <= 1.0;
    let (key, message) = if !ordered {
        let message = "the thresholds must be in order: 0 <= related_threshold <= answer_threshold <= 1";
        ("related_threshold", format!("[{name}]: {message}"))
    } else if !(0.0..=1.0).contains(&model.excerpt_threshold) {
        ("excerpt_threshold", format!("[{name}]: excerpt_threshold must be from 0 to 1"))
    } else if !are_numbers([&model.intercept]) {
        ("intercept", format!("[{name}]: every weight must be a number"))
    } else if !are_numbers(model.ranking.values()) {
        ("ranking", format!("[{name}]: every weight must be a number"))
    } else if !are_numbers(model.confidence.values()) {
        ("confidence", format!("[{name}]: every weight must be a number"))
    } else if model.ranking.values().any(|weight| *weight < 0.0) {
        let message = "no weight may be below 0; more of a signal must never rank a sentence lower";
        ("ranking", format!("[{name}.ranking]: {message}"))
    } else {
        return None;
    };
    Some((vec![name, key], message))
}

fn are_numbers<'a>(weights: impl IntoIterator<Item = &'a f64>) -> bool {
    weights.into_iter().all(|weight| weight.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line in which a change of the built-in calibration is named, and the changed line.
    fn named(table: &str, old: &str, new: &str) -> (Option<usize>, usize) {
        let table_at = BUILT_IN.find(table).expect("the table is there");
        let at = table_at + BUILT_IN.get(table_at..).and_then(|rest| rest.find(old)).expect("the key is there");
        let (before, after) = BUILT_IN.split_at(at);
        let changed = format!("{before}{}", after.replacen(old, new, 1));
        let found = read(Some(&changed)).1;
        assert_eq!(found.len(), 1, "{found:#?}");
        (found[0].line, before.lines().count() + 1)
    }

    #[test]
    fn a_mistake_is_named_in_the_line_of_its_key_or_of_its_table() {
        for (table, old, new) in [
            ("[boosts]", "synonym = ", "synonym = -"),
            ("[semantic]", "related_threshold = ", "related_threshold = 7"),
            ("[both]", "excerpt_threshold = ", "excerpt_threshold = 7"),
            ("[semantic]", "intercept = -", "intercept = -inf #"),
        ] {
            let (named, changed) = named(table, old, new);
            assert_eq!(named, Some(changed), "{old}");
        }
        let (named, changed) = named("[lexical.ranking]", "bm25 = ", "bm25 = -");
        assert_eq!(named, Some(changed - 1));
    }

    #[test]
    fn the_calibration_in_the_binary_is_without_mistakes() {
        assert_eq!(read(None).1, []);
    }
}
