//! The generation that one request reads from start to end.

use tantivy::{IndexReader, Searcher};

use super::analysis::Thesaurus;
use super::manifest::Manifest;
use super::schema::Fields;
use crate::corpus::Corpus;

/// An open generation: its corpus, its index and its manifest. Immutable.
pub struct Snapshot {
    /// What the generation says of itself.
    pub manifest: Manifest,
    /// The corpus, as the files in the generation say it.
    pub corpus: Corpus,
    /// Lexicon and stop words in terms.
    pub thesaurus: Thesaurus,
    /// Handles of the index's fields.
    pub fields: Fields,
    reader: IndexReader,
}

impl Snapshot {
    pub(super) fn new(manifest: Manifest, corpus: Corpus, reader: IndexReader, fields: Fields) -> Self {
        let thesaurus = Thesaurus::new(&corpus.lexicon);
        Self { manifest, corpus, thesaurus, fields, reader }
    }

    /// A searcher for one request.
    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("id", &self.manifest.id).finish_non_exhaustive()
    }
}
