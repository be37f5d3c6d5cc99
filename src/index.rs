//! Generations: immutable builds of the corpus, and the tantivy index in them.
//!
//! Purpose: build, validate, publish and open generations, and hand out snapshots. It does not decide what a question
//! means (`question`), rank passages (`search`) or when to build (`refresh`). tantivy is named only here and in
//! `search`, and its words are used unchanged: schema, field, term, segment, reader, searcher.

pub mod analysis;
mod build;
mod disk;
mod forward_index;
mod generation;
mod manifest;
mod schema;
mod snapshot;
mod spelling;
mod vectors;

pub use disk::IndexError;
pub use forward_index::{PartKind, PassageParts};
pub use generation::{FolderLock, Generations, Staged};
pub use manifest::{Counts, FORMAT, GenerationId, Manifest, ModelStamp, Provenance};
pub use schema::{Fields, TaughtFields, TextField};
pub use snapshot::{Semantic, Snapshot, TaughtIndex};
pub use spelling::SpellChecker;
pub use vectors::{QuantizedVector, Vectors, quantize};
