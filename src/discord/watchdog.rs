//! A watch over the shards: serenity can lose one in silence, waiting for a close frame that never comes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serenity::all::{ConnectionStage, ShardId, ShardManager};

use crate::health::{Health, ShardState};

/// How many looks there are in the time within which a shard must show a new heartbeat.
const LOOKS: u32 = 24;

/// What to do about a shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Liveness {
    Alive,
    Restart,
    Hangs,
}

/// What was last seen of a shard.
#[derive(Debug, Clone, Copy)]
struct Seen {
    latency: Option<Duration>,
    alive_at: Instant,
    restarted: bool,
}

impl Seen {
    const fn new(now: Instant) -> Self {
        Self { latency: None, alive_at: now, restarted: false }
    }

    /// Every acknowledged heartbeat gives another latency, to the nanosecond; a hung shard shows the last one for ever.
    fn look(
        &mut self,
        now: Instant,
        timeout: Duration,
        stage: Option<ConnectionStage>,
        latency: Option<Duration>,
    ) -> Liveness {
        let beats = stage == Some(ConnectionStage::Connected) && latency.is_some() && latency != self.latency;
        if beats {
            *self = Self { latency, alive_at: now, restarted: false };
            return Liveness::Alive;
        }
        if now.duration_since(self.alive_at) < timeout {
            return Liveness::Alive;
        }
        if self.restarted {
            return Liveness::Hangs;
        }
        self.alive_at = now;
        self.restarted = true;
        Liveness::Restart
    }
}

/// Watches all shards, restarts one that hangs, and returns its number if that does not help.
///
/// `timeout` is the time within which a shard must show a new heartbeat.
pub(super) async fn watch(manager: &Arc<ShardManager>, timeout: Duration, health: &Health) -> u32 {
    let mut seen: HashMap<ShardId, Seen> = HashMap::new();
    let mut ticks = tokio::time::interval(timeout / LOOKS);
    loop {
        ticks.tick().await;
        let now = Instant::now();
        let shown: HashMap<ShardId, (ConnectionStage, Option<Duration>)> =
            manager.runners.lock().await.iter().map(|(id, info)| (*id, (info.stage, info.latency))).collect();
        for id in shown.keys() {
            seen.entry(*id).or_insert_with(|| Seen::new(now));
        }
        for (id, seen) in &mut seen {
            let (stage, latency) =
                shown.get(id).copied().map_or((None, None), |(stage, latency)| (Some(stage), latency));
            match seen.look(now, timeout, stage, latency) {
                Liveness::Alive => {}
                Liveness::Restart => {
                    tracing::error!(shard = id.0, "the shard shows no heartbeat; restarting it");
                    health.set_shard(id.0, ShardState::Restarted);
                    let manager = Arc::clone(manager);
                    let id = *id;
                    // Waiting for the shard's goodbye is what hangs; the watch must go on meanwhile.
                    tokio::spawn(async move { manager.restart(id).await });
                }
                Liveness::Hangs => return id.0,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_that_shows_no_new_heartbeat_is_restarted_once_and_then_given_up() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let beat = |millis| Some(Duration::from_millis(millis));
        let connected = Some(ConnectionStage::Connected);
        let mut seen = Seen::new(start);
        let table = [
            (10, connected, beat(20), Liveness::Alive),
            (100, connected, beat(20), Liveness::Alive),
            (131, connected, beat(20), Liveness::Restart),
            (140, Some(ConnectionStage::Connecting), None, Liveness::Alive),
            (200, connected, beat(30), Liveness::Alive),
            (325, None, None, Liveness::Restart),
            (446, None, None, Liveness::Hangs),
        ];
        for (second, stage, latency, verdict) in table {
            assert_eq!(seen.look(at(second), Duration::from_mins(2), stage, latency), verdict, "at {second} s");
        }
    }
}
