//! Health: one view of how the process is, written by its entrances, its watchdog and the app, read by whoever asks.

use std::collections::BTreeMap;

use serde::Serialize;
use tokio::sync::watch;

/// How the process is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Id of the live generation, if there is one.
    pub generation: Option<String>,
    /// The connection of each shard, by its number.
    pub shards: BTreeMap<u32, ShardState>,
    /// What is refused or does not work at the moment, and why.
    pub refused: BTreeMap<&'static str, String>,
}

/// The state of a shard's gateway connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShardState {
    /// It receives events.
    Connected,
    /// It lost its connection and tries to resume or to connect anew.
    Reconnecting,
    /// It showed no heartbeat for so long that the watchdog restarted it.
    Restarted,
}

/// The shared handle. Cloning it is cheap.
#[derive(Debug, Clone)]
pub struct Health(watch::Sender<Status>);

impl Default for Health {
    fn default() -> Self {
        Self(watch::Sender::new(Status::default()))
    }
}

impl Health {
    /// How the process is now.
    pub fn status(&self) -> Status {
        self.0.borrow().clone()
    }

    /// Another generation is live, or none.
    pub fn set_generation(&self, id: Option<String>) {
        self.0.send_modify(|status| status.generation = id);
    }

    /// A shard's connection changed.
    pub fn set_shard(&self, shard: u32, state: ShardState) {
        self.0.send_modify(|status| {
            status.shards.insert(shard, state);
        });
    }

    /// Something is refused or does not work from now on.
    pub fn refuse(&self, what: &'static str, why: impl Into<String>) {
        let why = why.into();
        self.0.send_modify(|status| {
            status.refused.insert(what, why);
        });
    }

    /// It works again.
    pub fn allow(&self, what: &'static str) {
        self.0.send_modify(|status| {
            status.refused.remove(what);
        });
    }
}

impl Status {
    /// How many shards receive events, and how many there are.
    pub fn connected_shards(&self) -> (usize, usize) {
        let connected = self.shards.values().filter(|state| **state == ShardState::Connected).count();
        (connected, self.shards.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_last_is_what_is_read() {
        let health = Health::default();
        health.set_shard(0, ShardState::Connected);
        health.set_shard(1, ShardState::Connected);
        health.set_shard(1, ShardState::Reconnecting);
        health.refuse("commands", "HTTP 500");
        assert_eq!(health.status().connected_shards(), (1, 2));
        assert_eq!(health.status().refused.get("commands").map(String::as_str), Some("HTTP 500"));
        health.allow("commands");
        assert!(health.status().refused.is_empty());
    }
}
