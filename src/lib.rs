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
//! | [`diagnostics`] | what is wrong in a file, with its line; readers of TOML and CSV that say it | language |
//! | [`embedding`] | text to vectors by an optional model; its installation | hash |
//! | [`question`] | a cleaned text and its variants | language |
//! | [`corpus`] | the document model: files to articles to passages | hash, disk, language, diagnostics |
//! | [`ranking`] | signals, weights and thresholds: data | math, diagnostics |
//! | [`triage`] | is somebody in danger: rules, classifier, its training, cards, scope | hash, disk, language, diagnostics, embedding, question, corpus |
//! | [`content`] | a corpus folder put together | diagnostics, corpus, ranking, triage |
//! | [`index`] | build, validate, publish, open and clear away generations; hand out snapshots | hash, disk, language, diagnostics, embedding, corpus, ranking, triage, content |
//! | [`search`] | question and snapshot to hits with their reasons | math, language, embedding, question, ranking, index |
//! | [`answer`] | hits to a decision and the sentences to show | math, question, corpus, ranking, triage, index, search |
//! | [`refresh`] | the publish pipeline: read, lint, build, ask the golden questions, compare, publish | audit, diagnostics, embedding, question, corpus, triage, content, index, answer |
//! | [`eval`] | question sets with known answers to a quality report | math, language, question, ranking, index, search, answer |
//! | [`calibrate`] | question sets to the weights and thresholds of ranking | math, language, question, ranking, index, search, answer, eval |
//! | [`error`] | the only errors whose text may reach a user | diagnostics |
//! | [`commands`] | the one table of commands; requests and button actions | corpus, index |
//! | [`reply`] | everything that the bot says, and the only code that shortens text | diagnostics, corpus, triage, index, search, answer, refresh, error, commands |
//! | [`config`] | the only reader of the environment | disk, language, diagnostics, embedding, triage |
//! | [`log`] | what is logged, and what never | config |
//! | [`app`] | the handle that every entrance calls; who may do what | math, language, audit, health, diagnostics, embedding, question, corpus, triage, index, search, answer, refresh, error, commands, reply, config |
//! | [`cli`] | the same answers as text and JSON | ranking, index, search, answer, error, reply, app |
//! | [`discord`] | one entrance: register, receive, convert, send; watch the shards | health, question, error, commands, reply, config, app |
//! | [`server`] | the process: the app once, its entrances, shutdown | health, config, app, discord |
//!
//! tantivy is named only in [`index`] and [`search`], serenity only in [`discord`]. The tests of
//! `tests/suite/architecture.rs` compare every import of every file with this table.

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
