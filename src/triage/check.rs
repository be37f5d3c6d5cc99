//! The check: the red flag in a question, if there is one, and whether it is a demand that no quotation can meet.
//!
//! Rules (`rules`) and classifier (`classifier`) read every variant of the text. Neither can silence the other.

use std::cell::LazyCell;
use std::fmt;

use super::cards::Tier;
use super::classifier::{LinearClassifier, Prediction, Segments};
use super::detector::Detector;
use super::rules::{Message, RedFlags, RuleMatch, rule_matches};
use super::scope;
use crate::embedding::Embedder;
use crate::question::Question;

/// A red flag found in a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// What it may be.
    pub flag: String,
    /// How urgent it is.
    pub tier: Tier,
    /// Id of the card to show.
    pub card: String,
    /// Who raised it.
    pub because: Reason,
    /// Further flags that were raised.
    pub also: Vec<String>,
}

/// Why a flag was raised, in the rules' words, never in the member's.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// A rule fired.
    Rule {
        /// Its id.
        rule: String,
        /// The pattern that matched.
        pattern: String,
    },
    /// The classifier predicts it.
    Classifier {
        /// The probability that it predicts.
        probability: f32,
        /// Whether the message's embedding decided, where its words left a doubt.
        by_embedding: bool,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule { rule, pattern } => write!(f, "rule {rule}, pattern \"{pattern}\""),
            Self::Classifier { probability, by_embedding: false } => {
                write!(f, "classifier, probability {probability:.2}")
            }
            Self::Classifier { probability, by_embedding: true } => {
                write!(f, "classifier by embedding, probability {probability:.2}")
            }
        }
    }
}

/// What comes of checking a question before anything is searched for it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Triage {
    /// The red flag in it, if there is one.
    pub alert: Option<Alert>,
    /// Whether it is a demand that no quotation can meet.
    pub is_demand: bool,
}

/// Checks a question. Code blocks are read too. With an embedding model, a message whose words leave a doubt is
/// embedded: its text, without code and as far as the model reads.
pub fn check(detector: &Detector, question: &Question, embedder: Option<&Embedder>) -> Triage {
    let embedding_scores = LazyCell::new(|| {
        let digest = detector.embedding_classifier.parameters().embedder.as_deref();
        let embedder = embedder.filter(|embedder| digest == Some(embedder.digest()))?;
        // A model that fails is no reason to be silent: the words have been read.
        let vector = embedder.embed(&[question.text()]).ok()?.pop()?;
        Some(detector.embedding_classifier.vector_scores(&vector))
    });
    check_with(detector, question, &|| embedding_scores.clone())
}

/// The same, with the scores of the question's embedding, which are asked for only where its words leave a doubt.
pub fn check_with(detector: &Detector, question: &Question, embedding_scores: &dyn Fn() -> Option<Vec<f32>>) -> Triage {
    let (red_flags, classifier) = (&detector.red_flags, &detector.classifier);
    let mut raised: Vec<Alert> = Vec::new();
    let mut is_demand = scope::is_demand(question.text());
    for variant in question.variants() {
        let message = Message::new(variant, &red_flags.vocabulary);
        let matches = rule_matches(red_flags, &message);
        raised.extend(matches.iter().filter(|rule_match| rule_match.raises()).map(Alert::by_rule));
        let segments = Segments::new(&message, &matches, red_flags, classifier.parameters().dimensions).read();
        let prediction = Prediction::of_segments(classifier, &segments, &[]);
        raised.extend(Alert::by_classifier(red_flags, &prediction, classifier));
        if raised.is_empty()
            && prediction.is_uncertain(classifier)
            && let Some(scores) = embedding_scores()
        {
            let prediction = Prediction::of_segments(classifier, &segments, &scores);
            raised.extend(Alert::by_classifier(red_flags, &prediction, &detector.embedding_classifier));
        }
        is_demand |= prediction.is_demand(classifier);
    }
    Triage { alert: most_urgent(raised), is_demand }
}

/// The most urgent of some alerts, which names the others' flags.
pub(super) fn most_urgent(mut raised: Vec<Alert>) -> Option<Alert> {
    // The most urgent tier decides; among equals the rules come before the classifier, in the order of their file.
    let most_urgent = raised.iter().map(|alert| alert.tier).max()?;
    let at = raised.iter().position(|alert| alert.tier == most_urgent)?;
    let mut first = raised.remove(at);
    for other in raised {
        if other.flag != first.flag && !first.also.contains(&other.flag) {
            first.also.push(other.flag);
        }
    }
    Some(first)
}

impl Alert {
    pub(super) fn by_rule(rule_match: &RuleMatch<'_>) -> Self {
        let rule = rule_match.rule;
        Self {
            flag: rule.flag.clone(),
            tier: rule.tier,
            card: rule.card.clone(),
            because: Reason::Rule { rule: rule.id.clone(), pattern: rule_match.pattern.written.clone() },
            also: Vec::new(),
        }
    }

    /// A classifier knows flags only; tier and card are those of the flag's first rule.
    fn by_classifier(red_flags: &RedFlags, prediction: &Prediction, classifier: &LinearClassifier) -> Option<Self> {
        let flag = prediction.predicted_flag(classifier)?;
        let rule = red_flags.rules.iter().find(|rule| rule.flag == flag)?;
        Some(Self {
            flag: flag.to_owned(),
            tier: rule.tier,
            card: rule.card.clone(),
            because: Reason::Classifier {
                probability: prediction.probability_of(rule.tier),
                by_embedding: classifier.parameters().embedder.is_some(),
            },
            also: Vec::new(),
        })
    }
}
