//! The fields of the two tantivy indexes. In the first, one document is one passage; in the second, one taught
//! question.

use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, TantivyDocument};

use super::analysis;
use super::forward_index::PassageParts;
use crate::corpus::{NoteKind, PassageRef, TaughtQuestion, words};
use crate::language::words::fold;

/// The name under which the analyzer is registered.
const ANALYZER: &str = "english";

/// A text field of a passage, with its own handle in [`Fields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextField {
    /// Title of the article.
    Title,
    /// Headings below the title.
    Headings,
    /// The quoted words.
    Text,
    /// The editors' plain words.
    PlainWords,
}

impl TextField {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Title, Self::Headings, Self::Text, Self::PlainWords];

    /// Name of the field in the schema.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Headings => "headings",
            Self::Text => "text",
            Self::PlainWords => "plain_words",
        }
    }

    /// What this field holds of a passage.
    pub fn content(self, passage: &PassageRef<'_>) -> String {
        match self {
            Self::Title => passage.article.front.title.clone(),
            Self::Headings => {
                passage.section().heading_path.iter().skip(1).map(String::as_str).collect::<Vec<_>>().join(". ")
            }
            Self::Text => words(passage.text()),
            Self::PlainWords => {
                passage.notes(NoteKind::PlainWords).map(|note| note.text.as_str()).collect::<Vec<_>>().join(" ")
            }
        }
    }
}

/// The fields, as handles of one schema.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// Number of the passage in its corpus.
    pub passage: Field,
    /// The terms of its sentences, as [`PassageParts`] writes them.
    pub parts: Field,
    texts: [Field; 4],
}

/// The fields of a taught question.
#[derive(Debug, Clone, Copy)]
pub struct TaughtFields {
    /// Number of the question in its corpus.
    pub number: Field,
    /// Its words.
    pub asked: Field,
}

impl Fields {
    /// The handle of a text field.
    pub const fn text(&self, field: TextField) -> Field {
        self.texts[field as usize]
    }

    /// The document of a passage.
    pub(super) fn document(&self, passage: &PassageRef<'_>) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(self.passage, passage.number as u64);
        for field in TextField::ALL {
            document.add_text(self.text(field), fold(&field.content(passage)));
        }
        for term in PassageParts::written(passage) {
            document.add_u64(self.parts, term);
        }
        document
    }
}

impl TaughtFields {
    /// The document of a question.
    pub(super) fn document(self, number: usize, taught: &TaughtQuestion) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(self.number, number as u64);
        document.add_text(self.asked, fold(&taught.question));
        document
    }
}

fn searched() -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(ANALYZER).set_index_option(IndexRecordOption::WithFreqs);
    TextOptions::default().set_indexing_options(indexing)
}

/// The schema of passages with its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let passage = builder.add_u64_field("passage", FAST);
    let parts = builder.add_u64_field("parts", FAST);
    let texts = TextField::ALL.map(|field| builder.add_text_field(field.name(), searched()));
    (builder.build(), Fields { passage, parts, texts })
}

/// The schema of taught questions with its fields.
pub(super) fn taught_schema() -> (Schema, TaughtFields) {
    let mut builder = Schema::builder();
    let number = builder.add_u64_field("number", FAST);
    let asked = builder.add_text_field("asked", searched());
    (builder.build(), TaughtFields { number, asked })
}

/// Makes the analyzer known to an index; needed before writing and before reading.
pub(super) fn register_analyzer(index: &Index) {
    index.tokenizers().register(ANALYZER, analysis::analyzer());
}
