//! One test binary: every test of the running bot, and the harness that they share.

#![expect(clippy::expect_used, reason = "in a test, an unmet expectation is a failure with a sentence")]

mod answer_excerpt;
mod architecture;
mod corpus_check;
mod corpus_files;
mod corpus_folder;
mod corpus_shipped;
mod corpus_taught;
mod danger_signs;
mod discord_alerts;
mod discord_answers;
mod discord_bad_input;
mod discord_browse;
mod discord_buttons;
mod discord_connection;
mod discord_moderation;
mod discord_overload;
mod discord_privacy;
mod discord_reading;
mod discord_rights;
mod documents;
mod harness;
mod harness_speaks_discord;
mod index_builds;
mod index_crowd;
mod index_damage;
mod index_folder;
mod index_format;
mod index_on_disk;
mod model_install;
mod promises_quotes;
mod promises_replies;
mod publishing;
mod reply_views;
mod search_properties;
#[cfg(feature = "semantic")]
mod semantic_model;
mod terminal_ask;
mod terminal_comfort;
mod terminal_config;
mod terminal_eval;
mod terminal_input;
mod terminal_jsonl;
mod terminal_token;
mod training_alerts;
