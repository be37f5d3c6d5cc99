//! The tables of the training report.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::outcome::ValidatedExample;
use crate::triage::check::Reason;
use crate::triage::classifier::{DEMAND, NONE};
use crate::triage::training::featurize::TrainingExample;
use crate::triage::training::validate::ValidatedEmbeddings;

#[derive(Default)]
struct Tally {
    all: usize,
    raised: usize,
    by_rules: usize,
    right: usize,
}

impl Tally {
    fn add(&mut self, one: &ValidatedExample<'_>) {
        self.all += 1;
        self.raised += usize::from(one.flag.is_some());
        self.by_rules += usize::from(one.by_rules);
        self.right += usize::from(one.flag == Some(one.training.example.flag.as_str()));
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

pub(super) fn table<'a>(
    title: &str,
    validated_examples: &'a [ValidatedExample<'a>],
    group: impl Fn(&'a ValidatedExample<'a>) -> Option<String>,
) -> String {
    let mut groups: BTreeMap<String, Tally> = BTreeMap::new();
    for one in validated_examples {
        if let Some(name) = group(one) {
            groups.entry(name).or_default().add(one);
        }
    }
    let rows: String = groups.iter().map(|(name, count)| count.row(name)).collect();
    format!("| {title} | messages | raised by rules | raised by both | right flag |\n|---|---|---|---|---|\n{rows}\n")
}

/// How many messages of each kind the classifier takes for demands.
pub(super) fn demands(validated_examples: &[ValidatedExample<'_>]) -> String {
    let mut kinds: BTreeMap<(bool, &str), [usize; 2]> = BTreeMap::new();
    for one in validated_examples.iter().filter(|one| !one.is_danger()) {
        let example = &one.training.example;
        let [all, taken] = kinds.entry((example.flag == NONE, &example.kind)).or_default();
        *all += 1;
        *taken += usize::from(one.is_demand);
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
pub(super) fn sweep(validated_examples: &[ValidatedExample<'_>]) -> String {
    let mut text =
        String::from("| threshold | dangers that the classifier alone reaches | hard negatives |\n|---|---|---|\n");
    for hundredths in (20_u8..=90).step_by(5) {
        let from = f32::from(hundredths) / 100.0;
        let mut counts = [Tally::default(), Tally::default()];
        for one in validated_examples {
            let count = &mut counts[usize::from(!one.is_danger())];
            count.all += 1;
            count.raised += usize::from(one.danger >= from);
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

pub(super) fn by_rule(validated_examples: &[ValidatedExample<'_>]) -> String {
    let mut rules: BTreeMap<&str, RuleCount> = BTreeMap::new();
    for one in validated_examples {
        for (rule, flag) in &one.training.features.all_by_rules {
            let count = rules.entry(rule).or_default();
            match (one.has(flag), one.is_danger()) {
                (true, _) => count.right += 1,
                (false, true) => count.other += 1,
                (false, false) => count.wrong += 1,
            }
        }
        if let Some(Reason::Rule { rule, .. }) = one.training.features.by_rules.as_ref().map(|alert| &alert.because)
            && !one.by_classifier
        {
            rules.entry(rule).or_default().alone[usize::from(!one.is_danger())] += 1;
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
pub(super) fn share(part: usize, of: usize) -> String {
    if of == 0 { "-".to_owned() } else { format!("{:.3}", part as f64 / of as f64) }
}

/// What embeddings add, where an embedding model is installed.
pub(super) fn by_embedding(
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
    for (one, prediction) in validated_examples.iter().zip(predictions) {
        let [all, asked, raised, more] = &mut counts[usize::from(!one.is_danger())];
        *all += 1;
        *asked += usize::from(prediction.is_some() && one.flag.is_none());
        *raised += usize::from(one.flag.is_some());
        let is_raised =
            prediction.as_ref().is_some_and(|prediction| prediction.predicted_flag(&embeddings.classifier).is_some());
        *more += usize::from(is_raised && one.flag.is_none());
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
