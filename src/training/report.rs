//! The report: what the model was trained on and how it does, by flag and by wording, misses and false alarms included.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Taught;
use super::validate::{Validated, ValidatedMeaning};
use crate::corpus::alert_model::{AlertModel, CRISIS, DEMAND, NONE};
use crate::question::Reason;
use crate::question::second_reader::Opinion;

/// The file's name in the corpus folder.
pub const FILE: &str = "alert_report.md";

/// What both readers together say of an example that the second had not seen.
pub(super) struct Verdict<'a> {
    pub one: &'a Taught,
    pub flag: Option<&'a str>,
    pub by_rules: bool,
    pub by_second_reader: bool,
    pub danger: f32,
    pub crisis: f32,
    pub demand: f32,
    pub is_demand: bool,
}

impl Verdict<'_> {
    fn has(&self, flag: &str) -> bool {
        self.one.example.flag == flag
    }

    fn is_danger(&self) -> bool {
        !self.has(NONE) && !self.has(DEMAND)
    }
}

fn verdicts<'a>(taught: &'a [Taught], validated: &'a Validated, model: &AlertModel) -> Vec<Verdict<'a>> {
    let verdict = |(one, opinion): (&'a Taught, &'a Opinion)| {
        let by_rules = one.lesson.by_rules.as_ref().map(|alert| alert.flag.as_str());
        let by_model = opinion.raises(model);
        let flag = if by_model == Some(CRISIS) { by_model } else { by_rules.or(by_model) };
        Verdict {
            one,
            flag,
            by_rules: by_rules.is_some(),
            by_second_reader: by_model.is_some(),
            danger: opinion.danger,
            crisis: opinion.crisis,
            demand: opinion.demand,
            is_demand: opinion.is_demand(model),
        }
    };
    taught.iter().zip(&validated.opinions).filter(|(one, _)| one.is_in_figures()).map(verdict).collect()
}

#[derive(Default)]
struct Count {
    all: usize,
    raised: usize,
    by_rules: usize,
    right: usize,
}

impl Count {
    fn add(&mut self, verdict: &Verdict<'_>) {
        self.all += 1;
        self.raised += usize::from(verdict.flag.is_some());
        self.by_rules += usize::from(verdict.by_rules);
        self.right += usize::from(verdict.flag == Some(verdict.one.example.flag.as_str()));
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

fn table<'a>(title: &str, verdicts: &'a [Verdict<'a>], group: impl Fn(&'a Verdict<'a>) -> Option<String>) -> String {
    let mut groups: BTreeMap<String, Count> = BTreeMap::new();
    for verdict in verdicts {
        if let Some(name) = group(verdict) {
            groups.entry(name).or_default().add(verdict);
        }
    }
    let rows: String = groups.iter().map(|(name, count)| count.row(name)).collect();
    format!(
        "| {title} | messages | raised by rules | raised by both readers | right flag |\n|---|---|---|---|---|\n{rows}\n"
    )
}

/// How many messages of each kind the second reader takes for demands.
fn demands(verdicts: &[Verdict<'_>]) -> String {
    let mut kinds: BTreeMap<(bool, &str), [usize; 2]> = BTreeMap::new();
    for verdict in verdicts.iter().filter(|verdict| !verdict.is_danger()) {
        let example = &verdict.one.example;
        let [all, taken] = kinds.entry((example.flag == NONE, &example.kind)).or_default();
        *all += 1;
        *taken += usize::from(verdict.is_demand);
    }
    let mut text = String::from("| demand or not | messages | taken for a demand |\n|---|---|---|\n");
    for ((is_none, kind), [all, taken]) in kinds {
        let flag = if is_none { NONE } else { DEMAND };
        let _ = writeln!(text, "| {flag}: {kind} | {all} | {} |", share(taken, all));
    }
    text.push('\n');
    text
}

/// What the second reader alone would catch and raise at other cut-offs.
fn sweep(verdicts: &[Verdict<'_>]) -> String {
    let mut text =
        String::from("| cut-off | dangers that the second reader alone reaches | look-alikes |\n|---|---|---|\n");
    for hundredths in (20_u8..=90).step_by(5) {
        let from = f32::from(hundredths) / 100.0;
        let mut counts = [Count::default(), Count::default()];
        for verdict in verdicts {
            let count = &mut counts[usize::from(!verdict.is_danger())];
            count.all += 1;
            count.raised += usize::from(verdict.danger >= from);
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
    /// Messages that were raised because of it alone: dangers, look-alikes.
    alone: [usize; 2],
}

fn by_rule(verdicts: &[Verdict<'_>]) -> String {
    let mut rules: BTreeMap<&str, RuleCount> = BTreeMap::new();
    for verdict in verdicts {
        for (rule, flag) in &verdict.one.lesson.all_by_rules {
            let count = rules.entry(rule).or_default();
            match (verdict.has(flag), verdict.is_danger()) {
                (true, _) => count.right += 1,
                (false, true) => count.other += 1,
                (false, false) => count.wrong += 1,
            }
        }
        if let Some(Reason::Rule { rule, .. }) = verdict.one.lesson.by_rules.as_ref().map(|alert| &alert.because)
            && !verdict.by_second_reader
        {
            rules.entry(rule).or_default().alone[usize::from(!verdict.is_danger())] += 1;
        }
    }
    let mut text = String::from(
        "| rule | right flag | another danger | look-alike | dangers raised by it alone | look-alikes raised by it alone |\n\
         |---|---|---|---|---|---|\n",
    );
    for (rule, RuleCount { right, other, wrong, alone: [dangers, look_alikes] }) in rules {
        let _ = writeln!(text, "| {rule} | {right} | {other} | {wrong} | {dangers} | {look_alikes} |");
    }
    text.push('\n');
    text
}

#[expect(clippy::cast_precision_loss, reason = "counts of messages")]
fn share(part: usize, of: usize) -> String {
    if of == 0 { "-".to_owned() } else { format!("{:.3}", part as f64 / of as f64) }
}

/// What the meaning of messages adds, where an embedding model is installed.
fn by_meaning(taught: &[Taught], verdicts: &[Verdict<'_>], meaning: &ValidatedMeaning) -> String {
    let mut counts = [[0_usize; 4]; 2];
    let opinions =
        taught.iter().zip(&meaning.opinions).filter(|(one, _)| one.is_in_figures()).map(|(_, opinion)| opinion);
    for (verdict, opinion) in verdicts.iter().zip(opinions) {
        let [all, asked, raised, more] = &mut counts[usize::from(!verdict.is_danger())];
        *all += 1;
        *asked += usize::from(opinion.is_some() && verdict.flag.is_none());
        *raised += usize::from(verdict.flag.is_some());
        let is_raised = opinion.as_ref().is_some_and(|opinion| opinion.raises(&meaning.reader).is_some());
        *more += usize::from(is_raised && verdict.flag.is_none());
    }
    let mut text = String::from(
        "| with the embedding model | messages | raised by words | asked for their meaning | raised by it too |\n\
         |---|---|---|---|---|\n",
    );
    for (name, [all, asked, raised, more]) in ["dangers", "look-alikes"].iter().zip(counts) {
        let shares = [raised, asked, more].map(|part| share(part, all)).join(" | ");
        let _ = writeln!(text, "| {name} | {all} | {shares} |");
    }
    text.push('\n');
    text
}

pub(super) fn write(
    taught: &[Taught],
    validated: &Validated,
    meaning: Option<&ValidatedMeaning>,
    model: &AlertModel,
) -> String {
    let verdicts = verdicts(taught, validated, model);
    let mut text =
        String::from("# Training report of the second reader\n\nWritten by `seventh train-alerts`; do not edit.\n\n");
    let head = model.head();
    let opinions = taught.iter().zip(&validated.opinions);
    let of_corpus: Vec<&Opinion> = opinions.filter(|(one, _)| one.is_of_corpus()).map(|(_, opinion)| opinion).collect();
    let _ = writeln!(
        text,
        "{} messages of `alert_examples.csv`, {} of the rules and {} questions and terms of the corpus itself; {} buckets; rules {}, examples {}.\n\
         Cut-offs: any danger {:.3}, a crisis {:.3}, a demand {:.3}. \
         All figures are from five-fold cross-validation: each message was read by a model that had not seen it.\n\
         Share of what the corpus itself brings along that the second reader raised: {}; that it took for a demand: {}.\n",
        verdicts.len(),
        taught.len() - verdicts.len() - of_corpus.len(),
        of_corpus.len(),
        head.buckets,
        head.rules,
        head.examples,
        head.danger_from,
        head.crisis_from,
        head.demand_from,
        share(of_corpus.iter().filter(|opinion| opinion.raises(model).is_some()).count(), of_corpus.len()),
        share(of_corpus.iter().filter(|opinion| opinion.is_demand(model)).count(), of_corpus.len()),
    );
    text.push_str(&table("all", &verdicts, |verdict| {
        Some(if verdict.is_danger() { "dangers" } else { "look-alikes" }.to_owned())
    }));
    if let Some(meaning) = meaning {
        text.push_str(&by_meaning(taught, &verdicts, meaning));
    }
    text.push_str(&table("flag", &verdicts, |verdict| verdict.is_danger().then(|| verdict.one.example.flag.clone())));
    text.push_str(&table("wording", &verdicts, |verdict| {
        verdict.is_danger().then(|| verdict.one.example.kind.clone())
    }));
    text.push_str(&table("look-alike", &verdicts, |verdict| {
        (!verdict.is_danger()).then(|| verdict.one.example.kind.clone())
    }));
    text.push_str(&demands(&verdicts));
    text.push_str(&sweep(&verdicts));
    text.push_str(&by_rule(&verdicts));
    let of_danger = |one: &Verdict<'_>| one.danger.max(one.crisis);
    let of_demand = |one: &Verdict<'_>| one.demand;
    list("Missed", &verdicts, &mut text, |one| one.is_danger() && one.flag.is_none(), |one| of_danger(one));
    list("False alarms", &verdicts, &mut text, |one| !one.is_danger() && one.flag.is_some(), |one| -of_danger(one));
    list("Missed demands", &verdicts, &mut text, |one| one.has(DEMAND) && !one.is_demand, |one| of_demand(one));
    list("Taken for a demand", &verdicts, &mut text, |one| one.has(NONE) && one.is_demand, |one| -of_demand(one));
    text
}

/// How many messages a list names at most: those of which the reader is most wrongly sure.
const LISTED_MAX: usize = 150;

/// Names the messages that are meant, those with the lowest `order` first.
fn list(
    title: &str,
    verdicts: &[Verdict<'_>],
    text: &mut String,
    is_meant: impl Fn(&Verdict<'_>) -> bool,
    order: impl Fn(&Verdict<'_>) -> f32,
) {
    let mut meant: Vec<&Verdict<'_>> = verdicts.iter().filter(|verdict| is_meant(verdict)).collect();
    meant.sort_by(|one, other| order(one).total_cmp(&order(other)));
    let listed = meant.len().min(LISTED_MAX);
    let _ = writeln!(text, "## {title}\n\n{} messages; the {listed} clearest:\n", meant.len());
    for verdict in meant.into_iter().take(LISTED_MAX) {
        let example = &verdict.one.example;
        let by_rules = verdict.one.lesson.by_rules.as_ref().filter(|alert| verdict.flag == Some(alert.flag.as_str()));
        let by = by_rules.map_or_else(|| "second reader".to_owned(), |alert| alert.because.to_string());
        let raised = verdict.flag.map_or_else(String::new, |flag| format!(", {flag} by {by}"));
        let _ = writeln!(
            text,
            "* {} ({}, danger {:.2}, crisis {:.2}, demand {:.2}{raised}): {}",
            example.flag,
            example.kind,
            verdict.danger,
            verdict.crisis,
            verdict.demand,
            example.text.split_whitespace().collect::<Vec<_>>().join(" ")
        );
    }
    text.push('\n');
}
