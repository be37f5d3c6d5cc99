//! One test binary: every test of the running bot, and the harness that they share.

mod harness;
mod harness_speaks_discord;
