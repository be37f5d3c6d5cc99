//! A program that was built without the feature `semantic` has no model and says so.

use std::path::Path;

use super::{ModelError, Vector};

/// No model: it can't be made.
#[derive(Debug)]
pub enum Embedder {}

impl Embedder {
    /// There is none.
    ///
    /// # Errors
    ///
    /// Always [`ModelError::NotBuilt`].
    pub const fn open(_folder: &Path) -> Result<Self, ModelError> {
        Err(ModelError::NotBuilt)
    }

    /// Digest of its files.
    pub const fn digest(&self) -> &str {
        match *self {}
    }

    /// Numbers in a vector.
    pub const fn dimensions(&self) -> usize {
        match *self {}
    }

    /// The vector of each text.
    ///
    /// # Errors
    ///
    /// None.
    pub fn embed(&self, _texts: &[&str]) -> Result<Vec<Vector>, ModelError> {
        match *self {}
    }
}
