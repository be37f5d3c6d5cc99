//! One test binary: every test of the running bot, and the harness that they share.

#![expect(clippy::expect_used, reason = "in a test, an unmet expectation is a failure with a sentence")]

mod discord_alerts;
mod discord_answers;
mod discord_bad_input;
mod discord_browse;
mod discord_buttons;
mod discord_connection;
mod discord_moderation;
mod discord_privacy;
mod discord_reading;
mod discord_rights;
mod documents;
mod harness;
mod harness_speaks_discord;
