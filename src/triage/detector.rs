//! The detector: everything that triage knows, from the corpus folder or built into the program.

use std::sync::LazyLock;

use super::cards::Card;
use super::classifier::{self, LinearClassifier};
use super::rules::{self, RedFlags};
use crate::diagnostics::Diagnostic;

/// The classifier's file in the corpus folder.
pub const CLASSIFIER_FILE: &str = "learned/alert_classifier.toml";

/// The file of the classifier of embeddings, for where an embedding model is installed.
pub const EMBEDDING_CLASSIFIER_FILE: &str = "learned/alert_embedding_classifier.toml";

/// The classifiers as they were when the program was built: what is used while no generation can be.
const BUILT_IN_CLASSIFIER: &str = include_str!("../../corpus/learned/alert_classifier.toml");
const BUILT_IN_EMBEDDING_CLASSIFIER: &str = include_str!("../../corpus/learned/alert_embedding_classifier.toml");

/// Rules, cards and classifiers, ready to check questions.
#[derive(Debug, Clone, Default)]
pub struct Detector {
    /// Rules, cards and emergency numbers.
    pub red_flags: RedFlags,
    /// The classifier of words and rule matches.
    pub classifier: LinearClassifier,
    /// The classifier of embeddings, where an embedding model is installed.
    pub embedding_classifier: LinearClassifier,
}

impl Detector {
    /// Reads rules and classifiers, and reports what is wrong with them. A file that is not there is the built-in one.
    pub fn read(
        rules: Option<&str>,
        classifier: Option<&str>,
        embedding_classifier: Option<&str>,
    ) -> (Self, Vec<Diagnostic>) {
        let (red_flags, mut diagnostics) = rules::read(rules.unwrap_or(rules::BUILT_IN));
        let mut detector = Self { red_flags, ..Self::default() };
        match classifier::read(CLASSIFIER_FILE, classifier.unwrap_or(BUILT_IN_CLASSIFIER)) {
            Ok(classifier) => detector.classifier = classifier,
            Err(found) => diagnostics.extend(found),
        }
        let written = embedding_classifier.unwrap_or(BUILT_IN_EMBEDDING_CLASSIFIER);
        match classifier::read(EMBEDDING_CLASSIFIER_FILE, written) {
            Ok(embeddings) if embeddings.is_of_same_training_run(&detector.classifier) => {
                detector.embedding_classifier = embeddings;
            }
            // What was learned beside another classifier says nothing beside this one. A check says so where it
            // matters.
            Ok(_) => {}
            Err(found) => diagnostics.extend(found),
        }
        (detector, diagnostics)
    }

    /// The one that was built into the program, compiled when it is needed first.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: LazyLock<Detector> = LazyLock::new(|| Detector::read(None, None, None).0);
        &BUILT_IN
    }

    /// The card with this id, with the emergency number of a country or a locale.
    ///
    /// The built-in cards stand in for a card that the corpus lost, so that an alert is never without one.
    pub fn card(&self, id: &str, country_or_locale: Option<&str>) -> Card {
        let fill = |red_flags: &RedFlags| {
            red_flags.cards.get(id).map(|card| card.filled(&red_flags.emergency_numbers, country_or_locale))
        };
        fill(&self.red_flags).or_else(|| fill(&Self::built_in().red_flags)).unwrap_or_else(Card::last_resort)
    }
}
