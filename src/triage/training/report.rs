//! The training report: what the classifier was trained on and how it does out of fold, by flag and by wording.
//!
//! It is committed, so it holds no message: people in crisis wrote some of them. Errors are named by their line in
//! `examples/alerts.csv`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::examples::FILE as EXAMPLES_FILE;
use super::featurize::TrainingExample;
use super::validate::{Validated, ValidatedEmbeddings};
use crate::triage::check::Reason;
use crate::triage::classifier::{CRISIS, DEMAND, LinearClassifier, NONE, Prediction};

/// The file's name in the corpus folder.
pub const FILE: &str = "learned/alert_classifier_report.md";

/// What rules and classifier together make of an example that the classifier had not seen.
pub(super) struct ValidatedExample<'a> {
    pub one: &'a TrainingExample,
    pub flag: Option<&'a str>,
    pub by_rules: bool,
    pub by_classifier: bool,
    pub danger: f32,
    pub crisis: f32,
    pub demand: f32,
    pub is_demand: bool,
}

impl ValidatedExample<'_> {
    fn has(&self, flag: &str) -> bool {
        self.one.example.flag == flag
    }

    fn is_danger(&self) -> bool {
        !self.has(NONE) && !self.has(DEMAND)
    }
}

fn validated_examples<'a>(
    examples: &'a [TrainingExample],
    validated: &'a Validated,
    classifier: &LinearClassifier,
) -> Vec<ValidatedExample<'a>> {
    let validated_example = |(one, prediction): (&'a TrainingExample, &'a Prediction)| {
        let by_rules = one.features.by_rules.as_ref().map(|alert| alert.flag.as_str());
        let by_classifier = prediction.predicted_flag(classifier);
        let flag = if by_classifier == Some(CRISIS) { by_classifier } else { by_rules.or(by_classifier) };
        ValidatedExample {
            one,
            flag,
            by_rules: by_rules.is_some(),
            by_classifier: by_classifier.is_some(),
            danger: prediction.danger,
            crisis: prediction.crisis,
            demand: prediction.demand,
            is_demand: prediction.is_demand(classifier),
        }
    };
    examples.iter().zip(&validated.predictions).filter(|(one, _)| one.is_in_figures()).map(validated_example).collect()
}

#[derive(Default)]
struct Tally {
    all: usize,
    raised: usize,
    by_rules: usize,
    right: usize,
}

impl Tally {
    fn add(&mut self, validated_example: &ValidatedExample<'_>) {
        self.all += 1;
        self.raised += usize::from(validated_example.flag.is_some());
        self.by_rules += usize::from(validated_example.by_rules);
        self.right += usize::from(validated_example.flag == Some(validated_example.one.example.flag.as_str()));
    }

    fn row(&self, name: &str) -> String {
        format!(
            "| {name} | {} | {} | {} | {} |\n",
            self.all,
            share(self.by_rules, self.all),
            share(self.raised, self.all),
            share(self.right, self.raised)
        )
    }
}

fn table<'a>(
    title: &str,
    validated_examples: &'a [ValidatedExample<'a>],
    group: impl Fn(&'a ValidatedExample<'a>) -> Option<String>,
) -> String {
    let mut groups: BTreeMap<String, Tally> = BTreeMap::new();
    for validated_example in validated_examples {
        if let Some(name) = group(validated_example) {
            groups.entry(name).or_default().add(validated_example);
        }
    }
    let rows: String = groups.iter().map(|(name, count)| count.row(name)).collect();
    format!("| {title} | messages | raised by rules | raised by both | right flag |\n|---|---|---|---|---|\n{rows}\n")
}

/// How many messages of each kind the classifier takes for demands.
fn demands(validated_examples: &[ValidatedExample<'_>]) -> String {
    let mut kinds: BTreeMap<(bool, &str), [usize; 2]> = BTreeMap::new();
    for validated_example in validated_examples.iter().filter(|validated_example| !validated_example.is_danger()) {
        let example = &validated_example.one.example;
        let [all, taken] = kinds.entry((example.flag == NONE, &example.kind)).or_default();
        *all += 1;
        *taken += usize::from(validated_example.is_demand);
    }
    let mut text = String::from("| demand or not | messages | taken for a demand |\n|---|---|---|\n");
    for ((is_none, kind), [all, taken]) in kinds {
        let flag = if is_none { NONE } else { DEMAND };
        let _ = writeln!(text, "| {flag}: {kind} | {all} | {} |", share(taken, all));
    }
    text.push('\n');
    text
}

/// What the classifier alone would catch and raise at other thresholds.
fn sweep(validated_examples: &[ValidatedExample<'_>]) -> String {
    let mut text =
        String::from("| threshold | dangers that the classifier alone reaches | hard negatives |\n|---|---|---|\n");
    for hundredths in (20_u8..=90).step_by(5) {
        let from = f32::from(hundredths) / 100.0;
        let mut counts = [Tally::default(), Tally::default()];
        for validated_example in validated_examples {
            let count = &mut counts[usize::from(!validated_example.is_danger())];
            count.all += 1;
            count.raised += usize::from(validated_example.danger >= from);
        }
        let [dangers, others] = counts.map(|count| share(count.raised, count.all));
        let _ = writeln!(text, "| {from:.2} | {dangers} | {others} |");
    }
    text.push('\n');
    text
}

/// How often each rule was right: what to mend first.
#[derive(Default)]
struct RuleCount {
    right: usize,
    other: usize,
    wrong: usize,
    /// Messages that were raised because of it alone: dangers, hard negatives.
    alone: [usize; 2],
}

fn by_rule(validated_examples: &[ValidatedExample<'_>]) -> String {
    let mut rules: BTreeMap<&str, RuleCount> = BTreeMap::new();
    for validated_example in validated_examples {
        for (rule, flag) in &validated_example.one.features.all_by_rules {
            let count = rules.entry(rule).or_default();
            match (validated_example.has(flag), validated_example.is_danger()) {
                (true, _) => count.right += 1,
                (false, true) => count.other += 1,
                (false, false) => count.wrong += 1,
            }
        }
        if let Some(Reason::Rule { rule, .. }) =
            validated_example.one.features.by_rules.as_ref().map(|alert| &alert.because)
            && !validated_example.by_classifier
        {
            rules.entry(rule).or_default().alone[usize::from(!validated_example.is_danger())] += 1;
        }
    }
    let mut text = String::from(
        "| rule | right flag | another danger | hard negative | dangers raised by it alone | hard negatives raised by it alone |\n\
         |---|---|---|---|---|---|\n",
    );
    for (rule, RuleCount { right, other, wrong, alone: [dangers, negatives] }) in rules {
        let _ = writeln!(text, "| {rule} | {right} | {other} | {wrong} | {dangers} | {negatives} |");
    }
    text.push('\n');
    text
}

#[expect(clippy::cast_precision_loss, reason = "counts of messages")]
fn share(part: usize, of: usize) -> String {
    if of == 0 { "-".to_owned() } else { format!("{:.3}", part as f64 / of as f64) }
}

/// What embeddings add, where an embedding model is installed.
fn by_embedding(
    examples: &[TrainingExample],
    validated_examples: &[ValidatedExample<'_>],
    embeddings: &ValidatedEmbeddings,
) -> String {
    let mut counts = [[0_usize; 4]; 2];
    let predictions = examples
        .iter()
        .zip(&embeddings.predictions)
        .filter(|(one, _)| one.is_in_figures())
        .map(|(_, prediction)| prediction);
    for (validated_example, prediction) in validated_examples.iter().zip(predictions) {
        let [all, asked, raised, more] = &mut counts[usize::from(!validated_example.is_danger())];
        *all += 1;
        *asked += usize::from(prediction.is_some() && validated_example.flag.is_none());
        *raised += usize::from(validated_example.flag.is_some());
        let is_raised =
            prediction.as_ref().is_some_and(|prediction| prediction.predicted_flag(&embeddings.classifier).is_some());
        *more += usize::from(is_raised && validated_example.flag.is_none());
    }
    let mut text = String::from(
        "| with the embedding model | messages | raised by words | embedded | raised by it too |\n\
         |---|---|---|---|---|\n",
    );
    for (name, [all, asked, raised, more]) in ["dangers", "hard negatives"].iter().zip(counts) {
        let shares = [raised, asked, more].map(|part| share(part, all)).join(" | ");
        let _ = writeln!(text, "| {name} | {all} | {shares} |");
    }
    text.push('\n');
    text
}

pub(super) fn write(
    examples: &[TrainingExample],
    validated: &Validated,
    embeddings: Option<&ValidatedEmbeddings>,
    classifier: &LinearClassifier,
) -> String {
    let validated_examples = validated_examples(examples, validated, classifier);
    let mut text = String::from(
        "# Training report of the alert classifier\n\nWritten by `seventh train-alerts`; do not edit.\n\n",
    );
    let parameters = classifier.parameters();
    let predictions = examples.iter().zip(&validated.predictions);
    let of_corpus: Vec<&Prediction> =
        predictions.filter(|(one, _)| one.is_of_corpus()).map(|(_, prediction)| prediction).collect();
    let _ = writeln!(
        text,
        "{} messages of `{}`, {} of the rules and {} questions and terms of the corpus itself; {} feature indexes; trained on {}.\n\
         Thresholds: any danger {:.3}, a crisis {:.3}, a demand {:.3}. \
         All figures are out of fold (five-fold cross-validation): each message was read by a classifier that had not seen it. \
         The thresholds are chosen on these same predictions, so the classifier's share of false alarms is met by construction.\n\
         Share of what the corpus itself brings along that the classifier raised: {}; that it took for a demand: {}.\n",
        validated_examples.len(),
        EXAMPLES_FILE,
        examples.len() - validated_examples.len() - of_corpus.len(),
        of_corpus.len(),
        parameters.dimensions,
        parameters.trained_on,
        parameters.danger_threshold,
        parameters.crisis_threshold,
        parameters.demand_threshold,
        share(
            of_corpus.iter().filter(|prediction| prediction.predicted_flag(classifier).is_some()).count(),
            of_corpus.len()
        ),
        share(of_corpus.iter().filter(|prediction| prediction.is_demand(classifier)).count(), of_corpus.len()),
    );
    text.push_str(&table("all", &validated_examples, |validated_example| {
        Some(if validated_example.is_danger() { "dangers" } else { "hard negatives" }.to_owned())
    }));
    if let Some(embeddings) = embeddings {
        text.push_str(&by_embedding(examples, &validated_examples, embeddings));
    }
    text.push_str(&table("flag", &validated_examples, |validated_example| {
        validated_example.is_danger().then(|| validated_example.one.example.flag.clone())
    }));
    text.push_str(&table("wording", &validated_examples, |validated_example| {
        validated_example.is_danger().then(|| validated_example.one.example.kind.clone())
    }));
    text.push_str(&table("hard negative", &validated_examples, |validated_example| {
        (!validated_example.is_danger()).then(|| validated_example.one.example.kind.clone())
    }));
    text.push_str(&demands(&validated_examples));
    text.push_str(&sweep(&validated_examples));
    text.push_str(&by_rule(&validated_examples));
    let of_danger = |one: &ValidatedExample<'_>| one.danger.max(one.crisis);
    let of_demand = |one: &ValidatedExample<'_>| one.demand;
    list("Missed", &validated_examples, &mut text, |one| one.is_danger() && one.flag.is_none(), |one| of_danger(one));
    list(
        "False alarms",
        &validated_examples,
        &mut text,
        |one| !one.is_danger() && one.flag.is_some(),
        |one| -of_danger(one),
    );
    list(
        "Missed demands",
        &validated_examples,
        &mut text,
        |one| one.has(DEMAND) && !one.is_demand,
        |one| of_demand(one),
    );
    list(
        "Taken for a demand",
        &validated_examples,
        &mut text,
        |one| one.has(NONE) && one.is_demand,
        |one| -of_demand(one),
    );
    text
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
    let mut meant: Vec<&ValidatedExample<'_>> =
        validated_examples.iter().filter(|validated_example| is_meant(validated_example)).collect();
    meant.sort_by(|one, other| order(one).total_cmp(&order(other)));
    let listed = meant.len().min(LISTED_MAX);
    let _ = writeln!(text, "## {title}\n\n{} messages; the {listed} clearest, by their line:\n", meant.len());
    for validated_example in meant.into_iter().take(LISTED_MAX) {
        let example = &validated_example.one.example;
        let by_rules = validated_example
            .one
            .features
            .by_rules
            .as_ref()
            .filter(|alert| validated_example.flag == Some(alert.flag.as_str()));
        let by = by_rules.map_or_else(|| "classifier".to_owned(), |alert| alert.because.to_string());
        let raised = validated_example.flag.map_or_else(String::new, |flag| format!(", {flag} by {by}"));
        let _ = writeln!(
            text,
            "* line {}: {} ({}, danger {:.2}, crisis {:.2}, demand {:.2}{raised})",
            example.line.unwrap_or_default(),
            example.flag,
            example.kind,
            validated_example.danger,
            validated_example.crisis,
            validated_example.demand,
        );
    }
    text.push('\n');
}
