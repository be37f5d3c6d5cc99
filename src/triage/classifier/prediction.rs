//! Predictions: what the classifier makes of a message's segments. It may raise a flag that the rules did not, never
//! lower one, and it knows a demand when the rules do not.
//!
//! The four numbers below were chosen by hand, on the cross-validation of training, when the classifier was made. They
//! are part of how its scores are read, so they stay with the code; new ones need `seventh train-alerts` and its
//! report.

use super::linear::{CRISIS, DEMAND, LinearClassifier, NONE, softmax};
use super::segments::Segment;
use crate::triage::cards::Tier;

/// How much likelier a danger must be in a part of a message than in what was read before, to be another one.
const OTHER_DANGER_RATIO: f32 = 2.0;

/// How much likelier a danger counts, among the dangers, if a rule matched a sign of it.
const RULE_MATCH_FACTOR: f32 = 3.0;

/// How much likelier than a crisis a danger to the body must be to come first.
const DANGER_BEFORE_CRISIS_RATIO: f32 = 2.5;

/// From which share of a threshold on a prediction is uncertain, so that the message is embedded. An embedding takes a
/// hundred times as long as everything else, so most messages must do without; how many are embedded stands in the
/// training report.
const UNCERTAIN_SHARE: f32 = 0.25;

/// What the classifier predicts of a message: of each danger the highest probability that any segment of it has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prediction {
    /// How likely any danger to the body is.
    pub danger: f32,
    /// The most likely one.
    pub flag: String,
    /// How likely a crisis is.
    pub crisis: f32,
    /// How likely a demand is that no quotation can meet.
    pub demand: f32,
}

impl Prediction {
    /// The probability, from 0 to 1, that decides on a flag of this tier.
    pub fn probability_of(&self, tier: Tier) -> f32 {
        if tier == Tier::Crisis { self.crisis } else { self.danger }
    }

    /// The prediction for segments. `added` is added to what each label scores in each of them: the scores of the
    /// embedding.
    pub fn of_segments(classifier: &LinearClassifier, segments: &[Segment], added: &[f32]) -> Self {
        let mut prediction = Self::default();
        for segment in segments {
            let mut scores = classifier.scores(&segment.features);
            scores.iter_mut().zip(added).for_each(|(score, more)| *score += more);
            let probabilities = softmax(scores);
            let labelled = || classifier.parameters().labels.iter().zip(&probabilities);
            let of = |wanted: &str| labelled().find(|(label, _)| *label == wanted).map(|(_, probability)| *probability);
            let Some(none) = of(NONE) else { continue };
            let (demand, crisis) = (of(DEMAND).unwrap_or_default(), of(CRISIS).unwrap_or_default());
            prediction.crisis = prediction.crisis.max(crisis);
            prediction.demand = prediction.demand.max(demand);
            let dangers = labelled().filter(|(label, _)| ![NONE, DEMAND, CRISIS].contains(&label.as_str()));
            let danger = 1.0 - none - demand - crisis;
            // Which danger it is, the rules know better than whether it is one.
            let likely = |(flag, probability): &(&String, &f32)| {
                **probability * if segment.flags.contains(*flag) { RULE_MATCH_FACTOR } else { 1.0 }
            };
            let likeliest = dangers.max_by(|a, b| likely(a).total_cmp(&likely(b)));
            if let Some((flag, _)) = likeliest.filter(|_| danger > prediction.danger) {
                // A wider segment knows better which danger it is, unless it saw hardly any.
                let is_new = danger > OTHER_DANGER_RATIO * prediction.danger;
                prediction.danger = danger;
                if !is_new {
                    continue;
                }
                prediction.flag.clone_from(flag);
            }
        }
        prediction
    }

    /// The flag that it predicts, if a threshold is reached.
    pub fn predicted_flag(&self, classifier: &LinearClassifier) -> Option<&str> {
        // A crisis is shown alone, so it must not push a likelier danger to the body aside.
        if self.crisis >= classifier.parameters().crisis_threshold
            && self.crisis * DANGER_BEFORE_CRISIS_RATIO >= self.danger
        {
            return Some(CRISIS);
        }
        (self.danger >= classifier.parameters().danger_threshold).then_some(self.flag.as_str())
    }

    /// Whether it comes near a threshold, so that the message is worth embedding.
    pub fn is_uncertain(&self, classifier: &LinearClassifier) -> bool {
        let parameters = classifier.parameters();
        self.danger >= UNCERTAIN_SHARE * parameters.danger_threshold
            || self.crisis >= UNCERTAIN_SHARE * parameters.crisis_threshold
    }

    /// Whether it takes the message for a demand.
    pub fn is_demand(&self, classifier: &LinearClassifier) -> bool {
        self.demand >= classifier.parameters().demand_threshold
    }
}
