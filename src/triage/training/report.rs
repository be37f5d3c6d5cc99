//! The training report: what the classifier was trained on and how it does out of fold, by flag and by wording.
//!
//! It is committed, so it holds no message: people in crisis wrote some of them. Errors are named by their line in
//! `examples/alerts.csv`.

mod outcome;
mod tables;

use std::fmt::Write as _;

use super::examples::{FILE as EXAMPLES_FILE, OF_RULES};
use super::featurize::TrainingExample;
use super::validate::{Validated, ValidatedEmbeddings};
use crate::triage::classifier::{DEMAND, LinearClassifier, NONE, Prediction};
use outcome::{ValidatedExample, validated_examples};
use tables::{by_embedding, by_rule, demands, share, sweep, table};

/// The file's name in the corpus folder.
pub const FILE: &str = "learned/alert_classifier_report.md";

/// The report's text.
pub(super) fn write(
    examples: &[TrainingExample],
    validated: &Validated,
    embeddings: Option<&ValidatedEmbeddings>,
    classifier: &LinearClassifier,
) -> String {
    let validated_examples = validated_examples(examples, validated, classifier);
    let mut text = head(examples, validated, validated_examples.len(), classifier);
    text.push_str(&table("all", &validated_examples, |one| {
        Some(if one.is_danger() { "dangers" } else { "hard negatives" }.to_owned())
    }));
    if let Some(embeddings) = embeddings {
        text.push_str(&by_embedding(examples, &validated_examples, embeddings));
    }
    text.push_str(&table("flag", &validated_examples, |one| {
        one.is_danger().then(|| one.training.example.flag.clone())
    }));
    text.push_str(&table("wording", &validated_examples, |one| {
        one.is_danger().then(|| one.training.example.kind.clone())
    }));
    text.push_str(&table("hard negative", &validated_examples, |one| {
        (!one.is_danger()).then(|| one.training.example.kind.clone())
    }));
    text.push_str(&demands(&validated_examples));
    text.push_str(&sweep(&validated_examples));
    text.push_str(&by_rule(&validated_examples));
    list_errors(&validated_examples, &mut text);
    text
}

/// What it was trained on, the thresholds, and what holds of all figures.
fn head(examples: &[TrainingExample], validated: &Validated, messages: usize, classifier: &LinearClassifier) -> String {
    let parameters = classifier.parameters();
    let predictions = examples.iter().zip(&validated.predictions);
    let of_corpus: Vec<&Prediction> =
        predictions.filter(|(one, _)| one.is_of_corpus()).map(|(_, prediction)| prediction).collect();
    let raised = of_corpus.iter().filter(|prediction| prediction.predicted_flag(classifier).is_some()).count();
    let demands = of_corpus.iter().filter(|prediction| prediction.is_demand(classifier)).count();
    format!(
        "# Training report of the alert classifier\n\nWritten by `seventh train-alerts`; do not edit.\n\n\
         {messages} messages of `{EXAMPLES_FILE}`, {} of the rules and {} questions and terms of the corpus itself; {} feature indexes; trained on {}.\n\
         Thresholds: any danger {:.3}, a crisis {:.3}, a demand {:.3}. \
         All figures are out of fold (five-fold cross-validation): each message was read by a classifier that had not seen it. \
         The thresholds are chosen on these same predictions, so the classifier's share of false alarms is met by construction.\n\
         Share of what the corpus itself brings along that the classifier raised: {}; that it took for a demand: {}.\n\n\
         Negative examples of rules that the finished classifier raises, though it has learned them: {} of {}.\n\n",
        examples.len() - messages - of_corpus.len(),
        of_corpus.len(),
        parameters.dimensions,
        parameters.trained_on,
        parameters.danger_threshold,
        parameters.crisis_threshold,
        parameters.demand_threshold,
        share(raised, of_corpus.len()),
        share(demands, of_corpus.len()),
        raised_negatives(examples, classifier),
        examples.iter().filter(|one| is_negative_of_rule(one)).count(),
    )
}

/// Whether it is an example of a rule that must raise nothing.
fn is_negative_of_rule(one: &TrainingExample) -> bool {
    one.example.kind == OF_RULES && one.example.flag == NONE
}

fn raised_negatives(examples: &[TrainingExample], classifier: &LinearClassifier) -> usize {
    let is_raised = |one: &&TrainingExample| {
        let prediction = Prediction::of_segments(classifier, &one.features.segments, &[]);
        prediction.predicted_flag(classifier).is_some()
    };
    examples.iter().filter(|one| is_negative_of_rule(one)).filter(is_raised).count()
}

/// Names the errors, the clearest first.
fn list_errors(validated_examples: &[ValidatedExample<'_>], text: &mut String) {
    let of_danger = |one: &ValidatedExample<'_>| one.danger.max(one.crisis);
    list("Missed", validated_examples, text, |one| one.is_danger() && one.flag.is_none(), of_danger);
    list("False alarms", validated_examples, text, |one| !one.is_danger() && one.flag.is_some(), |one| -of_danger(one));
    list("Missed demands", validated_examples, text, |one| one.has(DEMAND) && !one.is_demand, |one| one.demand);
    list("Taken for a demand", validated_examples, text, |one| one.has(NONE) && one.is_demand, |one| -one.demand);
}

/// How many messages a list names at most: those with the clearest errors.
const LISTED_MAX: usize = 150;

/// Names the messages that are meant, those with the lowest `order` first.
fn list(
    title: &str,
    validated_examples: &[ValidatedExample<'_>],
    text: &mut String,
    is_meant: impl Fn(&ValidatedExample<'_>) -> bool,
    order: impl Fn(&ValidatedExample<'_>) -> f32,
) {
    let mut meant: Vec<&ValidatedExample<'_>> = validated_examples.iter().filter(|one| is_meant(one)).collect();
    meant.sort_by(|one, other| order(one).total_cmp(&order(other)));
    let listed = meant.len().min(LISTED_MAX);
    let _ = writeln!(text, "## {title}\n\n{} messages; the {listed} clearest, by their line:\n", meant.len());
    for one in meant.into_iter().take(LISTED_MAX) {
        let example = &one.training.example;
        let by_rules = one.training.features.by_rules.as_ref().filter(|alert| one.flag == Some(alert.flag.as_str()));
        let by = by_rules.map_or_else(|| "classifier".to_owned(), |alert| alert.because.to_string());
        let raised = one.flag.map_or_else(String::new, |flag| format!(", {flag} by {by}"));
        let _ = writeln!(
            text,
            "* line {}: {} ({}, danger {:.2}, crisis {:.2}, demand {:.2}{raised})",
            example.line.unwrap_or_default(),
            example.flag,
            example.kind,
            one.danger,
            one.crisis,
            one.demand,
        );
    }
    text.push('\n');
}
