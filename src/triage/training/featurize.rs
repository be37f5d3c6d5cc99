//! Training examples: labelled messages with the features that the classifier learns from.

use std::collections::BTreeSet;

use super::examples::{Example, OF_CORPUS, OF_RULES};
use crate::question::Question;
use crate::triage::check::{Alert, most_urgent};
use crate::triage::classifier::{Segment, Segments};
use crate::triage::rules::{Message, RedFlags, rule_matches};

/// A labelled message with its features.
pub(super) struct TrainingExample {
    /// The message as it is written.
    pub example: Example,
    /// The message after cleaning.
    pub question: Question,
    /// Index of its label.
    pub label: usize,
    /// Its features.
    pub features: FeaturizedMessage,
}

/// The features of a message.
#[derive(Debug, Clone)]
pub(super) struct FeaturizedMessage {
    /// The feature indexes of the whole message, to learn from.
    pub whole: Vec<u32>,
    /// Each segment that is read when a member asks.
    pub segments: Vec<Segment>,
    /// What the rules raise.
    pub by_rules: Option<Alert>,
    /// Every rule that matches unsuppressed, weak ones too, with its flag.
    pub all_by_rules: BTreeSet<(String, String)>,
}

impl TrainingExample {
    /// An example with its features. `None` if it has no words or a label that is not among `labels`.
    pub(super) fn new(example: Example, red_flags: &RedFlags, labels: &[String], dimensions: u32) -> Option<Self> {
        let label = labels.iter().position(|label| *label == example.flag)?;
        let question = Question::new(&example.text)?;
        let features = FeaturizedMessage::new(&question, red_flags, dimensions);
        Some(Self { example, question, label, features })
    }

    /// Whether the figures are of it: no rule was written with it in view, and somebody labelled it.
    pub(super) fn is_in_figures(&self) -> bool {
        self.example.kind != OF_RULES && !self.is_of_corpus()
    }

    /// Whether the corpus itself brings it along.
    pub(super) fn is_of_corpus(&self) -> bool {
        self.example.kind == OF_CORPUS
    }
}

impl FeaturizedMessage {
    fn new(question: &Question, red_flags: &RedFlags, dimensions: u32) -> Self {
        let mut features =
            Self { whole: Vec::new(), segments: Vec::new(), by_rules: None, all_by_rules: BTreeSet::new() };
        let mut raised: Vec<Alert> = Vec::new();
        for variant in question.variants() {
            let message = Message::new(variant, &red_flags.vocabulary);
            let matches = rule_matches(red_flags, &message);
            let segments = Segments::new(&message, &matches, red_flags, dimensions);
            if features.segments.is_empty() {
                features.whole = segments.whole().features;
            }
            features.segments.extend(segments.read());
            let free = matches.iter().filter(|rule_match| rule_match.suppressed_by.is_none());
            let rules = free.map(|rule_match| rule_match.rule);
            features.all_by_rules.extend(rules.map(|rule| (rule.id.clone(), rule.flag.clone())));
            raised.extend(matches.iter().filter(|rule_match| rule_match.raises()).map(Alert::by_rule));
        }
        features.by_rules = most_urgent(raised);
        features
    }
}
