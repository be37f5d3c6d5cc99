//! The rules of triage: danger signs as patterns over words, matched clause by clause.
//!
//! `red_flags.toml` is compiled and linted here. A rule that cannot be compiled refuses the corpus: a danger sign must
//! not go missing in silence.

mod clauses;
mod compile;
mod matcher;
mod matches;
pub mod pattern;
mod red_flags;
mod references;

pub use compile::{BUILT_IN, FILE, read};
pub(super) use matcher::{Message, Sentence};
pub(super) use matches::{RuleMatch, rule_matches};
pub use red_flags::{Modifier, RedFlags, Rule, RuleExample, Source};
