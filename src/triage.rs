//! Triage: is somebody in danger now? (P3)
//!
//! Purpose: read a question for red flags, by rules for what people say and by a classifier for what they imply, and
//! hand out the cards that answer them. It only ever raises urgency, and it searches nothing. Vocabulary: a *red flag*
//! is a sign of danger; an *alert* is a red flag that was found in a question; a *card* is the fixed safety text that
//! answers it; a
//! *modifier* is what suppresses a rule's match.

mod attribution;
pub mod cards;
pub mod check;
pub mod classifier;
mod detector;
pub mod emergency_numbers;
pub mod rules;
mod scope;
pub mod training;

pub use attribution::attribution;
pub use cards::{Card, Tier};
pub use check::{Alert, Reason, Triage, check, check_with};
pub use detector::{CLASSIFIER_FILE, Detector, EMBEDDING_CLASSIFIER_FILE};
