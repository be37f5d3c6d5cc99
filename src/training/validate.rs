//! Cross-validation: what the two readers would do with messages that they have not seen, and the cut-offs from it.

use super::{Taught, fit};
use crate::corpus::alert_model::{CutOffs, DEMAND, NONE};
use crate::question::second_reader::Opinion;

/// Into how many parts the examples are divided.
const FOLDS: usize = 5;

/// For how many messages without danger, of a thousand, the second reader may raise a danger to the body. Half of those among the examples
/// were written to be as like a danger as can be, so this is several times what ordinary messages see.
const FALSE_DANGERS_MAX: usize = 50;
/// For how many it may raise a crisis.
const FALSE_CRISES_MAX: usize = 30;
/// How many messages that demand nothing it may take for a demand. That costs a sentence too many, not a card.
const FALSE_DEMANDS_MAX: usize = 40;

/// What cross-validation came to.
#[derive(Debug)]
pub(super) struct Validated {
    /// For each example the opinion of a model that has not seen it.
    pub opinions: Vec<Opinion>,
    /// From which chances the model speaks.
    pub cut_offs: CutOffs,
}

/// Learns from all folds but one and asks about that one, for each fold.
pub(super) fn validate(taught: &[Taught], labels: &[String]) -> Validated {
    let mut opinions = vec![Opinion::default(); taught.len()];
    for fold in 0..FOLDS {
        let others = taught.iter().enumerate().filter(|(at, _)| at % FOLDS != fold).map(|(_, one)| one);
        let model = fit::fit(others, labels);
        for (opinion, one) in opinions.iter_mut().zip(taught).skip(fold).step_by(FOLDS) {
            *opinion = Opinion::on_pieces(&model, one.lesson.pieces.iter());
        }
    }
    let of_harmless = |chance: fn(&Opinion) -> f32, labels: &[&str]| -> Vec<f32> {
        let is_meant = |one: &Taught| one.is_unseen() && labels.contains(&one.example.flag.as_str());
        taught.iter().zip(&opinions).filter(|(one, _)| is_meant(one)).map(|(_, opinion)| chance(opinion)).collect()
    };
    let dangers = of_harmless(|opinion| opinion.danger, &[NONE, DEMAND]);
    let crises = of_harmless(|opinion| opinion.crisis, &[NONE, DEMAND]);
    let demands = of_harmless(|opinion| opinion.demand, &[NONE]);
    let cut_offs = CutOffs {
        danger: cut_off(dangers, FALSE_DANGERS_MAX),
        crisis: cut_off(crises, FALSE_CRISES_MAX),
        demand: cut_off(demands, FALSE_DEMANDS_MAX),
    };
    Validated { opinions, cut_offs }
}

/// The lowest chance that at most so many of a thousand look-alikes reach.
fn cut_off(mut chances: Vec<f32>, of_a_thousand: usize) -> f32 {
    chances.sort_by(|a, b| b.total_cmp(a));
    let allowed = chances.len() * of_a_thousand / 1_000;
    let first_kept_out = chances.get(allowed).copied().unwrap_or(0.0);
    // Written with few digits, so that the file reads well; rounded up, so that the bound holds.
    (first_kept_out * 1_000.0).floor() / 1_000.0 + 0.001
}
