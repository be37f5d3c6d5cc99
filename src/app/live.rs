//! The live generation with what is derived from it.

use super::topics::Topics;
use crate::index::Snapshot;

/// The live generation with what is derived from it.
pub(super) struct Live {
    pub(super) snapshot: Snapshot,
    pub(super) topics: Topics,
}

impl Live {
    pub(super) fn new(snapshot: Snapshot) -> Self {
        Self { topics: Topics::of(&snapshot.corpus), snapshot }
    }
}
