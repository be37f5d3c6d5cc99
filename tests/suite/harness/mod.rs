//! A stand-in for Discord on loopback, and a driver that runs the real binary against it.
//!
//! ```text
//! setup ──> seventh ──starts──> process (the real binary)
//!              │                   │ REST            │ websocket
//!              │                   v                 v
//!              └──is a──> discord <── rest           gateway
//!                            ^         commands, interactions, messages
//!            people ─────────┘         every body goes through limits
//!            (say, ask, click)
//!                            └──> reply (what a person sees)
//! ```
//!
//! `world` says who is there and `events` what Discord sends about them. Nothing here knows what the bot answers: that is for
//! the tests. What no test may accept (a broken limit, a possible ping, an unknown route, a message that nobody read, a
//! person's words in the log) fails the test by itself, at the latest in [`Seventh::stop`].

#![allow(
    dead_code,
    unused_imports,
    reason = "a harness offers more than today's tests use"
)]

mod commands;
mod discord;
mod events;
mod faults;
mod gateway;
mod interactions;
mod limits;
mod messages;
mod multipart;
mod people;
mod process;
mod reply;
mod rest;
mod say;
mod setup;
mod seventh;
mod terminal;
mod world;

pub(crate) use discord::Discord;
pub(crate) use faults::Fault;
pub(crate) use gateway::Return;
pub(crate) use process::End;
pub(crate) use reply::{Kind, Reply};
pub(crate) use setup::Setup;
pub(crate) use seventh::Seventh;
pub(crate) use terminal::Terminal;
pub(crate) use world::{Guild, TOKEN, Who};
