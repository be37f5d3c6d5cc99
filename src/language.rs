//! English as text, without any corpus: words, sentences, questions, spelling, word frequency.
//!
//! Purpose: the one tokenizer and the word lists that triage, index and search share. It decides nothing about a
//! message. The lists of `en/` are the only place where English words are data of this kind.

pub mod question_detection;
pub mod sentences;
pub mod spelling;
pub mod stop_words;
pub mod word_frequency;
pub mod words;
