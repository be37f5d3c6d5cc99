//! The embedding model that the configuration names: loaded once, and what is said of it.

use std::path::Path;
use std::sync::Arc;

use super::App;
use crate::embedding::Embedder;
use crate::index::Snapshot;
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
            (None, SemanticState::Unusable)
        }
    }
}

impl App {
    /// Whether questions to this generation are searched by embedding too.
    pub(super) fn semantic_state(&self, snapshot: Option<&Snapshot>) -> SemanticState {
        let has_vectors = snapshot.is_some_and(|snapshot| snapshot.semantic.is_some());
        match &self.0.semantic {
            SemanticState::On(_) if !has_vectors => SemanticState::NoVectors,
            state => state.clone(),
        }
    }
}
