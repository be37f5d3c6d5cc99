//! Configuration, in two stages, and the only reader of the environment.
//!
//! [`RawConfig`] is what is written: file, then environment variables over it. [`Config`] is what the program can rely
//! on: typed and checked. Unknown keys are refused with file, line and the nearest known key.

mod countries;
mod error;
mod ids;
mod raw;
mod read;
mod settings;

pub use error::ConfigError;
pub use raw::{DISCLAIMER, RawConfig};
pub use settings::{Config, Discord, LogFormat, Moderation};
