//! The vectors of a generation: what its passages, sentences, plain words and taught questions mean, by the model that
//! its manifest names.
//!
//! One file, rows of bytes: first a row for each passage, then the rows of each passage's sentences and plain words,
//! then the taught questions. A number of a vector, from -1 to 1, is a byte from -127 to 127: a cosine is off by less
//! than 0.01 (`a_cosine_survives_being_written`), and the file is a quarter of what it would be.

use std::collections::HashMap;
use std::path::Path;

use tantivy::directory::{Directory as _, MmapDirectory, OwnedBytes};

use super::forward_index::{PartKind, PassageParts};
use crate::corpus::{Corpus, PassageRef, words};
use crate::embedding::{Embedder, ModelError, Vector};

/// The file's name in a generation.
pub(super) const FILE: &str = "vectors.bin";

const SCALE: f32 = 127.0;

/// A text's vector, int8-quantized: a number from -1 to 1 is a byte from -127 to 127.
pub type QuantizedVector = Vec<i8>;

/// Makes the bytes of the file. `progress` is called with the number of passages that are done in effect.
pub(super) fn embed_corpus(
    corpus: &Corpus,
    embedder: &Embedder,
    progress: &dyn Fn(usize),
) -> Result<Vec<u8>, ModelError> {
    let mut texts: Vec<String> = corpus.passages().map(|passage| whole(&passage)).collect();
    for passage in corpus.passages() {
        for kind in [PartKind::Sentence, PartKind::PlainWords] {
            texts.extend(PassageParts::texts(&passage, kind));
        }
    }
    texts.extend(corpus.taught.iter().map(|taught| taught.question.clone()));
    // Each text once, and texts of one length together: the model reads all of a batch as long as its longest.
    let mut different: Vec<&str> = texts.iter().map(String::as_str).collect();
    different.sort_unstable_by_key(|text| (text.len(), *text));
    different.dedup();
    let mut rows: HashMap<&str, QuantizedVector> = HashMap::new();
    for batch in different.chunks(BATCH) {
        let vectors = embedder.embed(batch)?;
        rows.extend(batch.iter().copied().zip(vectors.iter().map(quantize)));
        progress(corpus.passage_count() * rows.len() / different.len());
    }
    let bytes = texts.iter().filter_map(|text| rows.get(text.as_str())).flatten();
    Ok(bytes.map(|byte| byte.cast_unsigned()).collect())
}

/// Texts that are embedded between two reports of progress.
const BATCH: usize = 64;

/// What a passage means stands under its headings.
fn whole(passage: &PassageRef<'_>) -> String {
    format!("{}. {}", passage.section().heading_path.join(". "), words(passage.text()))
}

/// A vector as bytes.
pub fn quantize(vector: &Vector) -> QuantizedVector {
    #[expect(clippy::cast_possible_truncation, reason = "the numbers of a vector of length 1 lie between -1 and 1")]
    vector.iter().map(|number| (number.clamp(-1.0, 1.0) * SCALE).round() as i8).collect()
}

/// The vectors of an open generation, with the model that can embed a question for them.
pub struct Vectors {
    bytes: OwnedBytes,
    dimensions: usize,
    /// For each passage, in order, the number of the first row of its parts; at the end, that of the first taught
    /// question.
    parts_from: Vec<usize>,
}

impl Vectors {
    /// Opens the file in a generation's folder. `None` if it does not have the rows that this corpus needs.
    pub(super) fn open(folder: &Path, corpus: &Corpus, dimensions: usize) -> Option<Self> {
        let mut parts_from = Vec::with_capacity(corpus.passage_count() + 1);
        let mut row = corpus.passage_count();
        for passage in corpus.passages() {
            parts_from.push(row);
            row += passage.passage.sentences.len() + PassageParts::texts(&passage, PartKind::PlainWords).len();
        }
        parts_from.push(row);
        let bytes = MmapDirectory::open(folder).ok()?.open_read(Path::new(FILE)).ok()?.read_bytes().ok()?;
        let whole = bytes.len() == (row + corpus.taught.len()) * dimensions;
        whole.then_some(Self { bytes, dimensions, parts_from })
    }

    /// The cosine of a question and a passage.
    pub fn passage(&self, asked: &QuantizedVector, passage: usize) -> f32 {
        self.cosine(asked, passage)
    }

    /// The cosines of a question and each part of a passage: its sentences, then its plain words.
    pub fn parts(&self, asked: &QuantizedVector, passage: usize) -> Vec<f32> {
        match self.parts_from.get(passage..passage + 2) {
            Some([from, to]) => (*from..*to).map(|row| self.cosine(asked, row)).collect(),
            _ => Vec::new(),
        }
    }

    /// The cosines of a question and each taught question.
    pub fn taught(&self, asked: &QuantizedVector) -> Vec<f32> {
        let from = self.parts_from.last().copied().unwrap_or_default();
        let rows = self.bytes.len() / self.dimensions.max(1);
        (from..rows).map(|row| self.cosine(asked, row)).collect()
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a sum of some hundred products of bytes is far below 2^24 times its error"
    )]
    fn cosine(&self, asked: &QuantizedVector, row: usize) -> f32 {
        let from = row * self.dimensions;
        let bytes = self.bytes.get(from..from + self.dimensions).unwrap_or_default();
        let sum: i32 = bytes.iter().zip(asked).map(|(a, b)| i32::from(a.cast_signed()) * i32::from(*b)).sum();
        sum as f32 / (SCALE * SCALE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cosine_survives_being_written() {
        let vector = |step: f32| {
            let numbers: Vec<f32> = (0..384_u16).map(|at| (f32::from(at) * step).sin()).collect();
            let length = numbers.iter().map(|number| number * number).sum::<f32>().sqrt();
            numbers.iter().map(|number| number / length).collect::<Vector>()
        };
        let (a, b) = (vector(0.13), vector(0.131));
        let exact: f32 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
        let bytes: Vec<u8> = quantize(&b).into_iter().map(i8::cast_unsigned).collect();
        let vectors = Vectors { bytes: OwnedBytes::new(bytes), dimensions: 384, parts_from: vec![1, 1] };
        assert!((vectors.passage(&quantize(&a), 0) - exact).abs() < 0.01);
    }
}
