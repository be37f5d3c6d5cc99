//! What rules and classifier together make of the examples, out of fold.

use crate::triage::classifier::{CRISIS, DEMAND, LinearClassifier, NONE, Prediction};
use crate::triage::training::featurize::TrainingExample;
use crate::triage::training::validate::Validated;

/// What rules and classifier together make of an example that the classifier had not seen.
pub(super) struct ValidatedExample<'a> {
    pub training: &'a TrainingExample,
    pub flag: Option<&'a str>,
    pub by_rules: bool,
    pub by_classifier: bool,
    pub danger: f32,
    pub crisis: f32,
    pub demand: f32,
    pub is_demand: bool,
}

impl ValidatedExample<'_> {
    pub(super) fn has(&self, flag: &str) -> bool {
        self.training.example.flag == flag
    }

    pub(super) fn is_danger(&self) -> bool {
        !self.has(NONE) && !self.has(DEMAND)
    }
}

/// Of every example that the figures are of, what rules and classifier make of it.
pub(super) fn validated_examples<'a>(
    examples: &'a [TrainingExample],
    validated: &'a Validated,
    classifier: &LinearClassifier,
) -> Vec<ValidatedExample<'a>> {
    let one = |(one, prediction): (&'a TrainingExample, &'a Prediction)| {
        let by_rules = one.features.by_rules.as_ref().map(|alert| alert.flag.as_str());
        let by_classifier = prediction.predicted_flag(classifier);
        let flag = if by_classifier == Some(CRISIS) { by_classifier } else { by_rules.or(by_classifier) };
        ValidatedExample {
            training: one,
            flag,
            by_rules: by_rules.is_some(),
            by_classifier: by_classifier.is_some(),
            danger: prediction.danger,
            crisis: prediction.crisis,
            demand: prediction.demand,
            is_demand: prediction.is_demand(classifier),
        }
    };
    examples.iter().zip(&validated.predictions).filter(|(one, _)| one.is_in_figures()).map(one).collect()
}
