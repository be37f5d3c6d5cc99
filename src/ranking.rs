//! Ranking as data: signals, weights and thresholds.
//!
//! Purpose: say what speaks for a sentence as the answer to a question, and hold the fitted numbers. It computes no
//! signal (`search`), decides nothing (`answer`) and fits nothing (`calibrate`).

mod calibration;
mod signals;
mod sketch;

pub use calibration::{Boosts, Calibration, FILE, RankingModel, read};
pub use signals::{Feature, Mode, Signal, Signals};
pub use sketch::Sketch;
