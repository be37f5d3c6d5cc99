//! Generations: immutable builds of the corpus, and the tantivy index in them.
//!
//! Purpose: build, validate, publish and open generations, and hand out snapshots. It does not decide what a question
//! means (`question`), rank passages (`search`) or when to build (`refresh`). tantivy is named only here and in
//! `search`, and its words are used unchanged: schema, field, term, segment, reader, searcher.

pub mod analysis;
mod build;
mod disk;
mod generation;
mod manifest;
mod schema;
mod snapshot;
mod spelling;
mod units;
mod vectors;

pub use disk::IndexError;
pub use generation::{Generations, Staged};
pub use manifest::{Counts, FORMAT, GenerationId, Manifest, ModelStamp, Provenance};
pub use schema::{Fields, TaughtFields, TextField};
pub use snapshot::{Semantic, Snapshot, TaughtIndex};
pub use spelling::Speller;
pub use units::{UnitKind, Units};
pub use vectors::{Row, Vectors, row};
