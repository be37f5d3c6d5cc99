//! What is wrong with the configuration.

use thiserror::Error;

/// A mistake in the configuration. `Display` says where it is and what to do.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub struct ConfigError(pub(super) String);
