//! `manifest.json`: what a generation is made of, so that damage and strangeness are found before anything is quoted.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::content::Content;
use crate::corpus::{Corpus, CorpusFile};
use crate::hash::hex;
use crate::ranking::Calibration;

/// The build's format. It must grow whenever equal corpus files would give other passages, terms or files than before;
/// generations of another format are rebuilt.
pub const FORMAT: u32 = 4;

/// A digest of the corpus, the build's format and the embedding model: equal corpora have equal generations.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GenerationId(String);

impl GenerationId {
    /// The id that a build of `files` has with the embedding model of this digest, or without one.
    pub fn of(files: &[CorpusFile], model: Option<&str>) -> Self {
        let mut digest = Sha256::new();
        digest.update(FORMAT.to_le_bytes());
        digest.update(model.unwrap_or_default().as_bytes());
        for file in files {
            digest.update(file.name.as_bytes());
            digest.update([0]);
            digest.update(Sha256::digest(&file.bytes));
        }
        Self(hex(&digest.finalize()[..8]))
    }

    /// The id as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GenerationId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let valid = text.len() == 16 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if valid { Ok(Self(text.to_owned())) } else { Err("a generation id has 16 hexadecimal digits".to_owned()) }
    }
}

impl TryFrom<String> for GenerationId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<GenerationId> for String {
    fn from(id: GenerationId) -> Self {
        id.0
    }
}

impl fmt::Display for GenerationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who had a generation built, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// `command line`, `start`, or `discord user` with an id.
    pub by: String,
    /// Why.
    pub note: String,
}

/// How much there is in a generation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Articles.
    pub articles: usize,
    /// Sections with passages.
    pub sections: usize,
    /// Passages.
    pub passages: usize,
    /// Rows of the lexicon.
    pub lexicon_rows: usize,
    /// Red-flag rules.
    pub red_flag_rules: usize,
    /// Golden questions.
    pub golden_questions: usize,
    /// Taught questions.
    pub taught_questions: usize,
}

impl Counts {
    /// Counts content.
    pub fn of(content: &Content) -> Self {
        let corpus = &content.corpus;
        let sections = |article: &crate::corpus::Article| {
            article.sections.iter().filter(|section| !section.passages.is_empty()).count()
        };
        Self {
            articles: corpus.articles.len(),
            sections: corpus.articles.iter().map(sections).sum(),
            passages: corpus.passage_count(),
            lexicon_rows: corpus.lexicon.len(),
            red_flag_rules: content.detector.red_flags.rules.len(),
            golden_questions: corpus.golden.len(),
            taught_questions: corpus.taught.len(),
        }
    }
}

/// Names the embedding model that made a generation's vectors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelStamp {
    /// Digest of the model's files.
    pub digest: String,
    /// Numbers in a vector.
    pub dimensions: usize,
}

/// What a generation says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The build's format.
    pub format: u32,
    /// Digest of corpus and format.
    pub id: GenerationId,
    /// The generation that was live when this one was built.
    pub parent: Option<GenerationId>,
    /// When it was built, RFC 3339, UTC.
    pub created_at: String,
    /// Who had it built, and why.
    #[serde(flatten)]
    pub provenance: Provenance,
    /// How much there is in it.
    pub counts: Counts,
    /// Digest over the ids of all passages: if reading the files gives others, the build's format was forgotten.
    pub passages: String,
    /// How its confidence is computed.
    pub calibration: Calibration,
    /// Which embedding model made its vectors, if one did.
    pub model: Option<ModelStamp>,
    /// sha256 of every file, by its path in the generation.
    pub files: BTreeMap<String, String>,
}

/// Digest over the ids of all passages, in order.
pub(super) fn passages_digest(corpus: &Corpus) -> String {
    let mut digest = Sha256::new();
    for passage in corpus.passages() {
        digest.update(passage.passage.id.to_string().as_bytes());
    }
    hex(&digest.finalize())
}

/// sha256 of some bytes, in hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
