//! One test binary: every test of the running bot, and the harness that they share.

#![expect(clippy::expect_used, reason = "in a test, an unmet expectation is a failure with a sentence")]

mod harness;
mod harness_speaks_discord;
