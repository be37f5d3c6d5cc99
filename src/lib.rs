//! Seventh.
pub mod answer;
pub mod app;
pub mod commands;
pub mod config;
pub mod corpus;
pub mod discord;
pub mod error;
pub mod index;
pub mod log;
pub mod question;
pub mod refresh;
pub mod reply;
pub mod search;
pub mod terminal;
pub mod toml_file;
