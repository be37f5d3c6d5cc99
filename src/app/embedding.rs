//! The embedding model that the configuration names: loaded once, and what is said of it.

use std::path::Path;
use std::sync::Arc;

use crate::embedding::Embedder;
use crate::reply::SemanticState;

/// Loads the model, if one is named. One that can't be used is told to the log, once, and done without.
pub(super) fn load(folder: Option<&Path>) -> (Option<Arc<Embedder>>, SemanticState) {
    match folder.map(Embedder::open) {
        None => (None, SemanticState::Off),
        Some(Ok(embedder)) => {
            let state = SemanticState::On(embedder.digest().to_owned());
            (Some(Arc::new(embedder)), state)
        }
        Some(Err(error)) => {
            tracing::warn!(
                %error,
                "no embedding model; questions are searched, and dangers looked for, by words alone"
            );
            (None, SemanticState::Unusable(error.to_string()))
        }
    }
}
