//! A report as tables for a person, and what changed since another one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::intervals::Estimate;
use super::metrics::Metric;
use super::{ALL, Report};

/// Metrics that the table by group shows.
const BY_GROUP: [Metric; 6] = [
    Metric::Success1,
    Metric::Success3,
    Metric::FalseAbstain,
    Metric::FalseAnswer,
    Metric::UrgentRecall,
    Metric::FalseAlarm,
];

fn name(metric: Metric) -> String {
    serde_json::to_value(metric).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn figure(estimate: Option<&Estimate>, metric: Metric) -> String {
    match estimate {
        None => "-".to_owned(),
        Some(it) if metric == Metric::TopWords => format!("{:.1} [{:.1}, {:.1}]", it.value, it.low, it.high),
        Some(it) => format!("{:.3} [{:.3}, {:.3}]", it.value, it.low, it.high),
    }
}

/// All figures with their 95 % intervals, modes side by side; then the main ones by category.
pub fn table(report: &Report) -> String {
    let mut out = String::new();
    let modes: Vec<&String> = report.figures.keys().collect();
    let metrics: BTreeSet<Metric> =
        report.figures.values().filter_map(|groups| groups.get(ALL)).flat_map(BTreeMap::keys).copied().collect();
    let _ = write!(out, "{:<26} {:>5}", format!("generation {}", report.generation), "n");
    for mode in &modes {
        let _ = write!(out, "  {mode:<24}");
    }
    out.push('\n');
    for metric in metrics {
        let estimate = |mode: &String| report.figures.get(mode)?.get(ALL)?.get(&metric);
        let questions = modes.iter().find_map(|mode| estimate(mode)).map_or(0, |it| it.questions);
        let _ = write!(out, "{:<26} {questions:>5}", name(metric));
        for mode in &modes {
            let _ = write!(out, "  {:<24}", figure(estimate(mode), metric));
        }
        out.push('\n');
    }
    for mode in &modes {
        let _ = writeln!(out, "\n{mode}");
        let _ = write!(out, "{:<24}", "category");
        for metric in BY_GROUP {
            let _ = write!(out, " {:>24}", name(metric));
        }
        out.push('\n');
        for (group, figures) in report.figures.get(*mode).into_iter().flatten().filter(|(group, _)| *group != ALL) {
            let _ = write!(out, "{group:<24}");
            for metric in BY_GROUP {
                let _ = write!(out, " {:>24}", figure(figures.get(&metric), metric));
            }
            out.push('\n');
        }
    }
    out
}

/// Which questions came out otherwise than in `old`, a line each.
pub fn changes(old: &Report, new: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for (id, modes) in &new.questions {
        for (mode, scores) in modes {
            let Some(before) = old.questions.get(id).and_then(|modes| modes.get(mode)) else {
                lines.push(format!("{id} {mode}: was not asked before"));
                continue;
            };
            let changed: Vec<String> = scores
                .iter()
                .filter_map(|(metric, value)| {
                    let was = before.get(metric)?;
                    ((was - value).abs() > 1e-9).then(|| format!("{} {was:.2} -> {value:.2}", name(*metric)))
                })
                .collect();
            if !changed.is_empty() {
                lines.push(format!("{id} {mode}: {}", changed.join(", ")));
            }
        }
    }
    let gone = old.questions.keys().filter(|id| !new.questions.contains_key(*id));
    lines.extend(gone.map(|id| format!("{id}: is no longer asked")));
    lines
}
