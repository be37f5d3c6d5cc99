//! A stand-in for Discord on loopback, and a driver that runs the real binary against it.
//!
//! ```text
//! say, invoke, press ──command_request, events──> sessions ──> gateway ──websocket──┐
//! (what people do)                                                                   v
//!                                                               process (the real binary)
//! (what they see)                                                                    │
//! reply <── messages, interactions, follow_ups, commands <── rest <───────REST───────┘
//!                        (every body through limits)
//! ```
//!
//! All of that is one [`Discord`]; [`Seventh`] is a `Discord` with the process, made from a [`Setup`]. [`Terminal`]
//! runs the same binary without it.
//!
//! `world` says who is there and `events` what Discord sends about them. Nothing here knows what the bot answers: that
//! is for the tests. What no test may accept (a broken limit, a possible ping, an unknown route, a message that nobody
//! read, a person's words in the log) fails the test by itself, at the latest in [`Seventh::stop`].

mod command_request;
mod commands;
mod discord;
mod events;
mod faults;
mod follow_ups;
mod gateway;
mod interactions;
mod invoke;
mod limits;
mod messages;
mod press;
mod process;
mod reply;
mod rest;
mod say;
mod sessions;
mod setup;
mod seventh;
mod terminal;
mod world;

pub(crate) use discord::Discord;
pub(crate) use faults::Fault;
pub(crate) use gateway::Return;
pub(crate) use process::End;
pub(crate) use reply::{Kind, Reply};
pub(crate) use setup::{Setup, copy_what_is_served};
pub(crate) use seventh::Seventh;
pub(crate) use terminal::Terminal;
pub(crate) use world::{Guild, TOKEN, Who};
