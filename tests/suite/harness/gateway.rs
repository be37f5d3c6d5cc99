//! The websocket: one task for each connection, and the troubles that a connection can get into.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{
    discord::{Discord, PATIENCE, Shared, State},
    sessions::Session,
};

const HEARTBEAT: u64 = 1;
const IDENTIFY: u64 = 2;
const PRESENCE: u64 = 3;
const RESUME: u64 = 6;
const RECONNECT: u64 = 7;
pub(super) const INVALID_SESSION: u64 = 9;
const HELLO: u64 = 10;
const HEARTBEAT_ACK: u64 = 11;

const UNKNOWN_OPCODE: u16 = 4001;
const NOT_AUTHENTICATED: u16 = 4003;

/// How the bot came back after its connection was troubled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Return {
    /// With its old session: nothing is lost.
    Resumed,
    /// With a new one: what happened in between is lost.
    Identified,
}

#[derive(Default)]
pub(crate) struct Gateway {
    connections: u64,
    pub(super) sessions: Vec<Session>,
    pub(super) heartbeats: usize,
    /// No heartbeat is acknowledged on a new connection either.
    is_deaf: bool,
    /// What the bot asked for, the token taken out.
    pub(super) last_identify: Value,
    /// How it came, each time, until the test asks.
    pub(super) arrivals: VecDeque<Return>,
}

/// The way to the task of a connection.
pub(crate) struct Link {
    pub(super) connection: u64,
    orders: mpsc::UnboundedSender<Order>,
}

/// What the task of a connection is told to do.
pub(super) enum Order {
    Send(String),
    Close(u16),
    /// As if a cable were cut: no close frame.
    Drop,
    StopAcknowledging,
}

impl Discord {
    /// Cuts the connection without a word.
    pub(crate) fn drop_connection(&self) {
        self.trouble(|| Order::Drop);
    }

    /// Asks the bot to reconnect, as Discord does several times a day.
    pub(crate) fn ask_to_reconnect(&self) {
        self.trouble(|| Order::Send(json!({"op": RECONNECT, "d": null}).to_string()));
    }

    /// Leaves heartbeats unanswered, until the bot connects anew.
    pub(crate) fn stop_acknowledging(&self) {
        self.trouble(|| Order::StopAcknowledging);
    }

    /// The same on every connection to come.
    pub(crate) fn never_acknowledge_again(&self) {
        self.shared.change(|state| state.gateway.is_deaf = true);
        self.stop_acknowledging();
    }

    /// Tells the bot that its session is gone.
    pub(crate) fn invalidate_session(&self) {
        self.shared.change(State::end_sessions);
        self.trouble(|| Order::Send(json!({"op": INVALID_SESSION, "d": false}).to_string()));
    }

    /// Waits until the bot is back after one of the troubles above.
    pub(crate) async fn returned(&self) -> Return {
        let look = |state: &mut State| state.gateway.arrivals.pop_front();
        self.until("the bot did not come back", PATIENCE * 2, look).await
    }

    /// Waits for the next heartbeat.
    pub(crate) async fn heartbeat(&self) {
        let before = self.shared.lock().gateway.heartbeats;
        let look = |state: &mut State| (state.gateway.heartbeats > before).then_some(());
        self.until("no heartbeat came", PATIENCE, look).await;
    }

    /// The gateway intents that the bot asked for.
    pub(crate) fn intents(&self) -> u64 {
        self.shared.lock().gateway.last_identify["intents"].as_u64().unwrap_or_default()
    }

    /// Sends any event, for what the builders cannot say.
    pub(crate) fn dispatch(&self, event: &str, data: &Value) {
        self.shared.change(|state| state.dispatch(event, data, None));
    }

    fn trouble(&self, order: impl Fn() -> Order) {
        self.shared.change(|state| {
            state.gateway.arrivals.clear();
            let links = state.gateway.sessions.iter().filter_map(|it| it.link.as_ref());
            // A connection that has just ended needs no trouble.
            links.for_each(|link| drop(link.orders.send(order())));
        });
    }
}

impl Link {
    /// If the connection has just ended, a resume will bring what is needed.
    pub(super) fn send(&self, frame: String) {
        drop(self.orders.send(Order::Send(frame)));
    }
}

/// Serves one connection until either side ends it.
pub(super) async fn serve(mut socket: WebSocket, shared: Arc<Shared>) {
    let (orders, mut inbox) = mpsc::unbounded_channel();
    let (connection, heartbeat, mut acknowledging) = shared.change(|state| {
        state.gateway.connections += 1;
        (state.gateway.connections, state.terms.heartbeat, !state.gateway.is_deaf)
    });
    let mut said_goodbye = false;
    let hello = json!({"op": HELLO, "d": {"heartbeat_interval": in_ms(heartbeat)}});
    drop(orders.send(Order::Send(hello.to_string())));
    loop {
        tokio::select! {
            order = inbox.recv() => match order {
                Some(Order::Send(frame)) => {
                    if socket.send(Message::Text(frame.into())).await.is_err() {
                        break;
                    }
                }
                Some(Order::Close(code)) => {
                    drop(socket.send(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await);
                }
                Some(Order::StopAcknowledging) => acknowledging = false,
                Some(Order::Drop) | None => break,
            },
            frame = socket.recv() => match frame {
                Some(Ok(Message::Text(text))) => {
                    let link = Link { connection, orders: orders.clone() };
                    let refusal = shared.change(|state| state.frame(text.as_str(), link, acknowledging));
                    if let Err(code) = refusal {
                        drop(orders.send(Order::Close(code)));
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    // The next read answers it and ends the loop.
                    said_goodbye = frame.is_some_and(|it| matches!(it.code, 1000 | 1001));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => break,
            },
        }
    }
    shared.change(|state| state.disconnected(connection, said_goodbye));
}

impl State {
    fn frame(&mut self, text: &str, link: Link, acknowledging: bool) -> Result<(), u16> {
        let frame: Value = serde_json::from_str(text).unwrap_or_default();
        let identified = |it: &Session| it.link.as_ref().is_some_and(|it| it.connection == link.connection);
        match frame["op"].as_u64() {
            Some(HEARTBEAT) => {
                self.gateway.heartbeats += 1;
                if acknowledging {
                    link.send(json!({"op": HEARTBEAT_ACK}).to_string());
                }
                Ok(())
            }
            Some(IDENTIFY) => self.identify(&frame["d"], link),
            Some(RESUME) => self.resume(&frame["d"], link),
            Some(PRESENCE) if self.gateway.sessions.iter().any(identified) => Ok(()),
            Some(PRESENCE) => Err(NOT_AUTHENTICATED),
            _ => {
                self.problem(format!("the bot sent a frame that it has no reason to send: {text}"));
                Err(UNKNOWN_OPCODE)
            }
        }
    }
}

fn in_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
