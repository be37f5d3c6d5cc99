//! The alert classifier: a small linear model that sees what people imply, over segments of a message.
//!
//! One classifies by words and what the rules matched; where an embedding model is installed, another by embedding.

mod features;
mod linear;
mod prediction;
mod segments;

pub use linear::{
    CRISIS, DEMAND, LinearClassifier, NONE, Parameters, Thresholds, WEIGHT_MAX, per_feature, read, softmax,
};
pub use prediction::Prediction;
pub use segments::Segment;
pub(super) use segments::Segments;
