//! Seventh answers questions about facial twitching by quoting a reviewed corpus, in Discord and in a terminal.
//!
//! Data goes one way. Everything between reading and sending is a function of values, so that nearly all of it can be
//! tested without a runtime, a disk or Discord.
//!
//! ```text
//!  corpus/ --read--> Article --chunk--> Passage --build--> Generation --publish--+
//!                                                                                v
//!  Discord --convert--> Request --clean--> Question --+--> triage --> Alert   Snapshot
//!  terminal ----------------------------->            |                          |
//!                                                     +---------> search <-------+
//!                                                                    |
//!                           Reply <--render-- Answer <--decide----- Hits
//!                             |
//!                             +--> one view --> Discord message, plain text, terminal, JSON
//! ```
//!
//! From the bottom up; a module uses only modules above it in this table.
//!
//! | module | its one job | uses |
//! |---|---|---|
//! | [`math`] | the arithmetic that ranking and its fitting share |  |
//! | [`hash`] | digests as text, and a hash that is the same everywhere |  |
//! | [`disk`] | files replaced so that a power cut leaves the old or the new |  |
//! | [`language`] | English without any corpus: the tokenizer, sentences, question detection, spelling, word lists |  |
//! | [`audit`] | one line for everything that changes what others see |  |
//! | [`health`] | how the process is, written by entrances and watchdog |  |
//! | [`diagnostics`] | what is wrong in a file, with its line; readers of TOML and CSV that say it |  |
//! | [`embedding`] | text to vectors by an optional model; its installation |  |
//! | [`question`] | a cleaned text and its variants |  |
//! | [`corpus`] | the document model: files to articles to passages |  |
//! | [`ranking`] | signals, weights and thresholds: data |  |
//! | [`triage`] | is somebody in danger: rules, classifier, its training, cards, scope |  |
//! | [`content`] | a corpus folder put together |  |
//! | [`index`] | build, validate, publish, open and clear away generations; hand out snapshots |  |
//! | [`search`] | question and snapshot to hits with their reasons |  |
//! | [`answer`] | hits to a decision and the sentences to show |  |
//! | [`refresh`] | the publish pipeline: read, lint, build, ask the golden questions, compare, publish |  |
//! | [`eval`] | question sets with known answers to a quality report |  |
//! | [`calibrate`] | question sets to the weights and thresholds of ranking |  |
//! | [`error`] | the only errors whose text may reach a user |  |
//! | [`commands`] | the one table of commands; requests and button actions |  |
//! | [`reply`] | everything that the bot says, and the only code that shortens text |  |
//! | [`config`] | the only reader of the environment |  |
//! | [`log`] | what is logged, and what never |  |
//! | [`app`] | the handle that every entrance calls; who may do what |  |
//! | [`cli`] | the same answers as text and JSON |  |
//! | [`discord`] | one entrance: register, receive, convert, send; watch the shards |  |
//! | [`server`] | the process: the app once, its entrances, shutdown |  |
//!
//! tantivy is named only in [`index`] and [`search`], serenity only in [`discord`]. The tests of `tests/suite/architecture.rs`
//! compare every import of every file with this table.

pub mod answer;
pub mod app;
pub mod audit;
pub mod calibrate;
pub mod cli;
pub mod commands;
pub mod config;
pub mod content;
pub mod corpus;
pub mod diagnostics;
pub mod discord;
pub mod disk;
pub mod embedding;
pub mod error;
pub mod eval;
pub mod hash;
pub mod health;
pub mod index;
pub mod language;
pub mod log;
pub mod math;
pub mod question;
pub mod ranking;
pub mod refresh;
pub mod reply;
pub mod search;
pub mod server;
pub mod triage;
