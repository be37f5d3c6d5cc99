//! The websocket: hello, identify, resume, heartbeats, and events in order.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{
    discord::{Discord, PATIENCE, Shared, State},
    events::{DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS, PRIVILEGED},
    world::{APPLICATION, Guild, TOKEN, application, bot_permissions, bot_user},
};

const DISPATCH: u64 = 0;
const HEARTBEAT: u64 = 1;
const IDENTIFY: u64 = 2;
const PRESENCE: u64 = 3;
const RESUME: u64 = 6;
const RECONNECT: u64 = 7;
const INVALID_SESSION: u64 = 9;
const HELLO: u64 = 10;
const HEARTBEAT_ACK: u64 = 11;

const UNKNOWN_OPCODE: u16 = 4001;
const NOT_AUTHENTICATED: u16 = 4003;
const AUTHENTICATION_FAILED: u16 = 4004;
const INVALID_SEQUENCE: u16 = 4007;
const DISALLOWED_INTENTS: u16 = 4014;

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
    sessions: Vec<Session>,
    pub(super) heartbeats: usize,
    /// What the bot asked for, the token taken out.
    pub(super) last_identify: Value,
    /// How it came, each time, until the test asks.
    arrivals: VecDeque<Return>,
}

struct Session {
    id: String,
    alive: bool,
    intents: u64,
    shard: [u64; 2],
    sequence: u64,
    sent: Vec<(u64, String)>,
    link: Option<Link>,
}

struct Link {
    connection: u64,
    orders: mpsc::UnboundedSender<Order>,
}

/// What the task of a connection is told to do.
enum Order {
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

    pub(crate) fn close_connection(&self, code: u16) {
        self.trouble(|| Order::Close(code));
    }

    /// Leaves heartbeats unanswered, until the bot connects anew.
    pub(crate) fn stop_acknowledging(&self) {
        self.trouble(|| Order::StopAcknowledging);
    }

    /// Tells the bot that its session is gone.
    pub(crate) fn invalidate_session(&self) {
        self.shared.change(State::end_sessions);
        self.trouble(|| Order::Send(json!({"op": INVALID_SESSION, "d": false}).to_string()));
    }

    /// Waits until the bot is back after one of the troubles above.
    pub(crate) async fn returned(&self) -> Return {
        let look = |state: &mut State| state.gateway.arrivals.pop_front();
        self.until("the bot did not come back", PATIENCE * 2, look)
            .await
    }

    /// Waits for the next heartbeat.
    pub(crate) async fn heartbeat(&self) {
        let before = self.shared.lock().gateway.heartbeats;
        let look = |state: &mut State| (state.gateway.heartbeats > before).then_some(());
        self.until("no heartbeat came", PATIENCE, look).await;
    }

    /// The gateway intents that the bot asked for.
    pub(crate) fn intents(&self) -> u64 {
        self.shared.lock().gateway.last_identify["intents"]
            .as_u64()
            .unwrap_or_default()
    }

    /// Sends any event, for what the builders cannot say.
    pub(crate) fn dispatch(&self, event: &str, data: &Value) {
        self.shared
            .change(|state| state.dispatch(event, data, None));
    }

    fn trouble(&self, order: impl Fn() -> Order) {
        self.shared.change(|state| {
            state.gateway.arrivals.clear();
            let links = state
                .gateway
                .sessions
                .iter()
                .filter_map(|it| it.link.as_ref());
            // A connection that has just ended needs no trouble.
            links.for_each(|link| drop(link.orders.send(order())));
        });
    }
}

impl State {
    /// Sends an event to the shard that is responsible; keeps it for a resume if there is no connection right now.
    pub(super) fn dispatch(&mut self, event: &str, data: &Value, guild: Option<Guild>) {
        let responsible = |it: &&mut Session| {
            let [id, total] = it.shard;
            it.alive && guild.map_or(0, |guild| (guild.number() >> 22) % total) == id
        };
        match self.gateway.sessions.iter_mut().rev().find(responsible) {
            Some(session) => session.push(event, data),
            None => self.problem(format!("{event} cannot be told: the bot has no session")),
        }
    }

    /// The intents of the session that hears about this place; a test fails if they do not include `needed`.
    pub(super) fn intents_for(&mut self, guild: Option<Guild>) -> u64 {
        let live = self.gateway.sessions.iter().rev().find(|it| it.alive);
        let intents = live.map_or(0, |it| it.intents);
        let needed = if guild.is_some() {
            GUILD_MESSAGES
        } else {
            DIRECT_MESSAGES
        };
        if intents & needed == 0 {
            self.problem(format!(
                "the bot did not ask for intent {needed}: it cannot hear this message"
            ));
        }
        intents
    }

    pub(super) fn is_connected(&self) -> bool {
        self.gateway
            .sessions
            .iter()
            .any(|it| it.alive && it.link.is_some())
    }

    pub(super) fn end_sessions(&mut self) {
        self.gateway
            .sessions
            .iter_mut()
            .for_each(|it| it.alive = false);
    }

    fn identify(&mut self, data: &Value, link: Link) -> Result<(), u16> {
        self.gateway.last_identify = data.clone();
        self.gateway.last_identify["token"] = json!("(taken out)");
        self.check_token(data)?;
        let intents = data["intents"].as_u64().unwrap_or_default();
        if intents & PRIVILEGED != 0 {
            self.problem(format!(
                "the bot asked for privileged intents: {}",
                intents & PRIVILEGED
            ));
            return Err(DISALLOWED_INTENTS);
        }
        let shard = [0, 1].map(|at| data["shard"][at].as_u64().unwrap_or(at as u64));
        for old in self
            .gateway
            .sessions
            .iter_mut()
            .filter(|old| old.shard == shard)
        {
            old.alive = false;
        }
        let id = format!("session{}", self.gateway.sessions.len());
        let gateway = self.url.replacen("http", "ws", 1);
        let ours = |guild: &Guild| (guild.number() >> 22) % shard[1] == shard[0];
        let guilds: Vec<_> = Guild::ALL.into_iter().filter(ours).collect();
        let mut session = Session {
            id,
            alive: true,
            intents,
            shard,
            sequence: 0,
            sent: vec![],
            link: Some(link),
        };
        let unavailable = |guild: &Guild| json!({"id": guild.id(), "unavailable": true});
        session.push(
            "READY",
            &json!({
                "v": 10, "user": bot_user(), "session_id": session.id, "resume_gateway_url": format!("{gateway}/resume"),
                "guilds": guilds.iter().map(unavailable).collect::<Vec<_>>(), "shard": shard, "private_channels": [],
                "application": {"id": APPLICATION.to_string(), "flags": application()["flags"]},
            }),
        );
        if intents & GUILDS != 0 {
            let permissions = bot_permissions(self.embeds_forbidden);
            for guild in &guilds {
                session.push("GUILD_CREATE", &guild.object(permissions));
            }
        }
        self.gateway.sessions.push(session);
        self.gateway.arrivals.push_back(Return::Identified);
        Ok(())
    }

    fn resume(&mut self, data: &Value, link: Link) -> Result<(), u16> {
        self.check_token(data)?;
        let wanted = |it: &&mut Session| it.alive && data["session_id"] == it.id.as_str();
        let Some(session) = self.gateway.sessions.iter_mut().find(wanted) else {
            link.send(&json!({"op": INVALID_SESSION, "d": false}));
            return Ok(());
        };
        let known = data["seq"].as_u64().filter(|seq| *seq <= session.sequence);
        let known = known.ok_or(INVALID_SEQUENCE)?;
        for (_, frame) in session
            .sent
            .iter()
            .filter(|(sequence, _)| *sequence > known)
        {
            drop(link.orders.send(Order::Send(frame.clone())));
        }
        session.link = Some(link);
        session.push("RESUMED", &json!({}));
        self.gateway.arrivals.push_back(Return::Resumed);
        Ok(())
    }

    fn check_token(&self, data: &Value) -> Result<(), u16> {
        let token = data["token"].as_str().unwrap_or_default();
        let right = token.trim_start_matches("Bot ") == TOKEN && !self.terms.token_refused;
        if right {
            Ok(())
        } else {
            Err(AUTHENTICATION_FAILED)
        }
    }

    fn disconnected(&mut self, connection: u64, said_goodbye: bool) {
        for session in &mut self.gateway.sessions {
            if session
                .link
                .as_ref()
                .is_some_and(|link| link.connection == connection)
            {
                session.link = None;
                session.alive &= !said_goodbye;
            }
        }
    }
}

impl Session {
    fn push(&mut self, event: &str, data: &Value) {
        self.sequence += 1;
        let frame = json!({"op": DISPATCH, "t": event, "s": self.sequence, "d": data}).to_string();
        if let Some(link) = &self.link {
            // If the connection has just ended, the resume will bring it.
            drop(link.orders.send(Order::Send(frame.clone())));
        }
        self.sent.push((self.sequence, frame));
    }
}

impl Link {
    fn send(&self, frame: &Value) {
        // If the connection has just ended, nobody needs it any more.
        drop(self.orders.send(Order::Send(frame.to_string())));
    }
}

/// Serves one connection until either side ends it.
pub(super) async fn serve(mut socket: WebSocket, shared: Arc<Shared>) {
    let (orders, mut inbox) = mpsc::unbounded_channel();
    let (connection, heartbeat) = shared.change(|state| {
        state.gateway.connections += 1;
        (state.gateway.connections, state.terms.heartbeat)
    });
    let mut acknowledging = true;
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
                    said_goodbye = frame.is_some_and(|it| matches!(it.code, 1000 | 1001));
                    break;
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
        let identified = |it: &Session| {
            it.link
                .as_ref()
                .is_some_and(|it| it.connection == link.connection)
        };
        match frame["op"].as_u64() {
            Some(HEARTBEAT) => {
                self.gateway.heartbeats += 1;
                if acknowledging {
                    link.send(&json!({"op": HEARTBEAT_ACK}));
                }
                Ok(())
            }
            Some(IDENTIFY) => self.identify(&frame["d"], link),
            Some(RESUME) => self.resume(&frame["d"], link),
            Some(PRESENCE) if self.gateway.sessions.iter().any(identified) => Ok(()),
            Some(PRESENCE) => Err(NOT_AUTHENTICATED),
            _ => {
                self.problem(format!(
                    "the bot sent a frame that it has no reason to send: {text}"
                ));
                Err(UNKNOWN_OPCODE)
            }
        }
    }
}

fn in_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
