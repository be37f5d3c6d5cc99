//! Cross-validation: what the two readers would do with messages that they have not seen, and the cut-offs from it.

use super::{Taught, fit};
use crate::corpus::alert_model::{AlertModel, CutOffs, DEMAND, NONE};
use crate::question::second_reader::Opinion;
use crate::semantic::Vector;

/// Into how many parts the examples are divided.
const FOLDS: usize = 5;

/// For how many of a thousand harmless examples the second reader may raise a danger to the body. Most of them were written to be
/// as like a danger as can be: of the questions and terms of the corpus itself it raises one in a hundred (`alert_report.md`).
const FALSE_DANGERS_MAX: usize = 46;
/// For how many of a thousand it may raise a crisis.
const FALSE_CRISES_MAX: usize = 34;
/// How many of a thousand that demand nothing it may take for a demand. That costs a sentence too many, not a card.
const FALSE_DEMANDS_MAX: usize = 25;

/// For how many more of a thousand the meaning of a message may raise a danger to the body, or a crisis.
const MORE_FALSE_DANGERS_MAX: usize = 8;
const MORE_FALSE_CRISES_MAX: usize = 4;

/// What cross-validation came to.
#[derive(Debug)]
pub(super) struct Validated {
    /// For each example the opinion of a model that has not seen it.
    pub opinions: Vec<Opinion>,
    /// From which chances the model speaks.
    pub cut_offs: CutOffs,
    /// The model of each fold, which has not seen the fold's examples.
    models: Vec<AlertModel>,
}

/// What the meaning reader came to, in the same way.
#[derive(Debug)]
pub(super) struct ValidatedMeaning {
    /// The reader, fitted on all examples.
    pub reader: AlertModel,
    /// For each example that its words leave in doubt, the opinion of readers that have not learned from it.
    pub opinions: Vec<Option<Opinion>>,
}

/// The examples of a fold, and all others.
fn fold<T>(all: &[T], fold: usize) -> (impl Iterator<Item = &T>, impl Iterator<Item = &T>) {
    let others = all.iter().enumerate().filter(move |(at, _)| at % FOLDS != fold).map(|(_, one)| one);
    (all.iter().skip(fold).step_by(FOLDS), others)
}

/// Learns from all folds but one and asks about that one, for each fold.
pub(super) fn validate(taught: &[Taught], labels: &[String]) -> Validated {
    let mut opinions = vec![Opinion::default(); taught.len()];
    let mut models = Vec::with_capacity(FOLDS);
    for at in 0..FOLDS {
        let (asked, others) = fold(taught, at);
        let model = fit::fit(others, labels);
        for (opinion, one) in opinions.iter_mut().skip(at).step_by(FOLDS).zip(asked) {
            *opinion = Opinion::on_pieces(&model, &one.lesson.pieces, &[]);
        }
        models.push(model);
    }
    let of_harmless = |chance: fn(&Opinion) -> f32, labels: &[&str]| -> Vec<f32> {
        let is_meant = |one: &Taught| one.is_in_figures() && labels.contains(&one.example.flag.as_str());
        taught.iter().zip(&opinions).filter(|(one, _)| is_meant(one)).map(|(_, opinion)| chance(opinion)).collect()
    };
    let dangers = of_harmless(|opinion| opinion.danger, &[NONE, DEMAND]);
    let crises = of_harmless(|opinion| opinion.crisis, &[NONE, DEMAND]);
    let demands = of_harmless(|opinion| opinion.demand, &[NONE]);
    let allowed = |chances: &[f32], of_a_thousand: usize| chances.len() * of_a_thousand / 1_000;
    let cut_offs = CutOffs {
        danger: cut_off(&dangers, allowed(&dangers, FALSE_DANGERS_MAX)),
        crisis: cut_off(&crises, allowed(&crises, FALSE_CRISES_MAX)),
        demand: cut_off(&demands, allowed(&demands, FALSE_DEMANDS_MAX)),
    };
    Validated { opinions, cut_offs, models }
}

/// Learns from vectors what the words do not say, in the same folds. `model` is the finished one of words.
pub(super) fn validate_meaning(
    taught: &[Taught],
    vectors: &[Vector],
    validated: &Validated,
    model: &AlertModel,
) -> ValidatedMeaning {
    let labels = &model.head().labels;
    let dimensions = vectors.first().map_or(0, Vec::len);
    let before = |at: usize, one: &Taught| {
        validated.models.get(at % FOLDS).map_or_else(Vec::new, |model| model.scores(&one.lesson.whole))
    };
    let examples: Vec<(usize, &Vector, Vec<f32>)> = taught
        .iter()
        .zip(vectors)
        .enumerate()
        .map(|(at, (one, vector))| (one.label, vector, before(at, one)))
        .collect();
    let mut opinions: Vec<Option<Opinion>> = vec![None; taught.len()];
    for (at, model_of_words) in validated.models.iter().enumerate() {
        let (_, others) = fold(&examples, at);
        let reader = fit::fit_meaning(others.cloned(), dimensions, labels);
        let asked = taught.iter().zip(vectors).zip(&validated.opinions).skip(at).step_by(FOLDS);
        for (opinion, ((one, vector), of_words)) in opinions.iter_mut().skip(at).step_by(FOLDS).zip(asked) {
            if of_words.is_in_doubt(model) {
                *opinion = Some(Opinion::on_pieces(model_of_words, &one.lesson.pieces, &reader.scores_of(vector)));
            }
        }
    }
    // Only what nothing has raised so far can be raised by the meaning.
    let is_harmless = |one: &Taught| one.is_in_figures() && [NONE, DEMAND].contains(&one.example.flag.as_str());
    let is_quiet = |one: &Taught, of_words: &Opinion| one.lesson.by_rules.is_none() && of_words.raises(model).is_none();
    let quiet: Vec<&Opinion> = taught
        .iter()
        .zip(&validated.opinions)
        .zip(&opinions)
        .filter(|((one, of_words), _)| is_harmless(one) && is_quiet(one, of_words))
        .filter_map(|(_, opinion)| opinion.as_ref())
        .collect();
    let harmless = taught.iter().filter(|one| is_harmless(one)).count();
    let of_quiet = |chance: fn(&Opinion) -> f32, of_a_thousand: usize| {
        let chances: Vec<f32> = quiet.iter().map(|opinion| chance(opinion)).collect();
        cut_off(&chances, harmless * of_a_thousand / 1_000)
    };
    let cut_offs = CutOffs {
        danger: of_quiet(|opinion| opinion.danger, MORE_FALSE_DANGERS_MAX),
        crisis: of_quiet(|opinion| opinion.crisis, MORE_FALSE_CRISES_MAX),
        demand: f32::INFINITY,
    };
    let reader = fit::fit_meaning(examples.into_iter(), dimensions, labels).with_cut_offs(cut_offs);
    ValidatedMeaning { reader, opinions }
}

/// The lowest chance that at most so many of these reach; never, if there is none to go by.
fn cut_off(chances: &[f32], allowed: usize) -> f32 {
    let mut chances = chances.to_vec();
    chances.sort_by(|a, b| b.total_cmp(a));
    let first_kept_out = match chances.get(allowed) {
        Some(chance) => *chance,
        None if chances.is_empty() => return f32::INFINITY,
        None => 0.0,
    };
    // Written with few digits, so that the file reads well; rounded up, so that the bound holds.
    ((first_kept_out * 1_000.0).floor() + 1.0) / 1_000.0
}
