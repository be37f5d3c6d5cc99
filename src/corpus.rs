//! The document model: articles, sections, passages, notes, the lexicon and the questions of a corpus.
//!
//! Purpose: read what editors write, say everything that is wrong with it, and hand out values. It builds no index and
//! answers no question. Vocabulary: an *article* is one Markdown file; a *section* is a heading with its heading path;
//! a *passage* is what is retrieved and quoted; a *note* is editors' text that rides on a passage (Markdown dialects
//! call it an admonition).

mod article;
mod chunk;
mod documents;
mod files;
mod front_matter;
mod golden;
mod lexicon;
mod lint;
mod markdown;
mod outline;
mod parse;
mod passage_id;
mod shape;
mod taught;

pub use article::{Article, Note, NoteKind, Passage, Section};
pub use documents::{Corpus, PassageRef};
pub use files::{ARTICLE_MAX_BYTES, CorpusFile, DATA_MAX_BYTES, read_files, read_text, text_of};
pub use front_matter::{FrontMatter, Source};
pub use golden::{Expect, FILE as GOLDEN_FILE, GoldenQuestion};
pub use lexicon::{Direction, Entry, FILE as LEXICON_FILE, unused as unused_terms};
pub use markdown::{Form, words};
pub use outline::{NOTE_MAX_CHARS, NOTES_MAX_CHARS};
pub use passage_id::PassageId;
pub use taught::{FILE as TAUGHT_FILE, TaughtQuestion};
