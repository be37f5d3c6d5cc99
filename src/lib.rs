//! Seventh answers questions about facial twitching by quoting a reviewed corpus, in Discord and in a terminal.
//!
//! Data goes one way. Everything between reading and sending is a function of values, so that nearly all of it can be
//! tested without a runtime, a disk or Discord.
//!
//! ```text
//!  corpus/  --read-->  Article --chunk--> Passage --build-->  Generation --publish--+
//!                                                                                   v
//!  Discord event --convert--> Request --clean--> Question --+--> red flags --> Alert  Snapshot
//!  terminal      ----------->                               |                         |
//!                                                           +--> search <-------------+
//!                                                                  |
//!                                                                 Hits --decide--> Answer --render--> Reply --convert--> Discord message
//!                                                                                                                  \-> terminal text / JSON
//! ```
//!
//! | room | its one job |
//! |---|---|
//! | [`corpus`] | files to articles to passages; all problems collected with file and line |
//! | [`english`] | which words there are, how common they are, and which one a slip was meant to be |
//! | [`semantic`] | text to vectors by an optional embedding model; its installation |
//! | [`index`] | build, validate, publish, open and clear away generations; hand out snapshots |
//! | [`question`] | text to question and alert |
//! | [`search`] | question and snapshot to hits with their reasons |
//! | [`answer`] | hits to a decision and the sentences to show |
//! | [`eval`] | question sets with known answers to a quality report |
//! | [`calibrate`] | question sets to the numbers that ranking and decision rest on |
//! | [`training`] | labelled messages to the second reader of dangers and demands |
//! | [`refresh`] | read, lint, build beside, ask the golden questions, publish |
//! | [`reply`] | everything that the bot says, and the only code that shortens text |
//! | [`app`] | the handle that both entrances call; who may do what |
//! | [`commands`] | the one table of commands |
//! | [`discord`] | register, receive, convert, send; watch the shards; stop in order |
//! | [`terminal`] | the same answers as text and JSON |
//! | [`config`] | the only reader of the environment |
//! | [`error`] | the only error whose text may reach a user |
//! | [`log`] | what is logged, and what never |
//! | [`hash`] | digests as text, and a hash that is the same everywhere |
//! | [`toml_file`] | TOML with every mistake's line and the nearest known key |
//!
//! tantivy is named only in [`index`] and [`search`], serenity only in [`discord`]; the test
//! `the_rooms_keep_their_arrows` compares the `use` lines with this drawing.

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
