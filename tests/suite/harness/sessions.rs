//! Sessions: identify, resume, and events in order, each to the shard that is responsible.

use serde_json::{Value, json};

use super::{
    discord::State,
    events::{DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS, PRIVILEGED},
    gateway::{INVALID_SESSION, Link, Return},
    world::{APPLICATION, Guild, TOKEN, application, bot_permissions, bot_user},
};

const DISPATCH: u64 = 0;

const AUTHENTICATION_FAILED: u16 = 4004;
const INVALID_SEQUENCE: u16 = 4007;
const DISALLOWED_INTENTS: u16 = 4014;

/// What survives a lost connection: who listens for what, and everything that was sent.
pub(crate) struct Session {
    id: String,
    pub(super) alive: bool,
    intents: u64,
    shard: [u64; 2],
    sequence: u64,
    sent: Vec<(u64, String)>,
    pub(super) link: Option<Link>,
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
        let needed = if guild.is_some() { GUILD_MESSAGES } else { DIRECT_MESSAGES };
        if intents & needed == 0 {
            self.problem(format!("the bot did not ask for intent {needed}: it cannot hear this message"));
        }
        intents
    }

    pub(super) fn is_connected(&self) -> bool {
        self.gateway.sessions.iter().any(|it| it.alive && it.link.is_some())
    }

    pub(super) fn end_sessions(&mut self) {
        self.gateway.sessions.iter_mut().for_each(|it| it.alive = false);
    }

    pub(super) fn identify(&mut self, data: &Value, link: Link) -> Result<(), u16> {
        self.gateway.last_identify = data.clone();
        self.gateway.last_identify["token"] = json!("(taken out)");
        self.check_token(data)?;
        let intents = data["intents"].as_u64().unwrap_or_default();
        if intents & PRIVILEGED != 0 {
            self.problem(format!("the bot asked for privileged intents: {}", intents & PRIVILEGED));
            return Err(DISALLOWED_INTENTS);
        }
        let shard = [0, 1].map(|at| data["shard"][at].as_u64().unwrap_or(at as u64));
        for old in self.gateway.sessions.iter_mut().filter(|old| old.shard == shard) {
            old.alive = false;
        }
        let id = format!("session{}", self.gateway.sessions.len());
        let gateway = self.url.replacen("http", "ws", 1);
        let ours = |guild: &Guild| (guild.number() >> 22) % shard[1] == shard[0];
        let guilds: Vec<_> = Guild::ALL.into_iter().filter(ours).collect();
        let mut session = Session { id, alive: true, intents, shard, sequence: 0, sent: vec![], link: Some(link) };
        let unavailable = |guild: &Guild| json!({"id": guild.id(), "unavailable": true});
        session.push(
            "READY",
            &json!({
                "v": 10, "user": bot_user(), "session_id": session.id,
                "resume_gateway_url": format!("{gateway}/resume"),
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

    pub(super) fn resume(&mut self, data: &Value, link: Link) -> Result<(), u16> {
        self.check_token(data)?;
        let wanted = |it: &&mut Session| it.alive && data["session_id"] == it.id.as_str();
        let Some(session) = self.gateway.sessions.iter_mut().find(wanted) else {
            link.send(json!({"op": INVALID_SESSION, "d": false}).to_string());
            return Ok(());
        };
        let known = data["seq"].as_u64().filter(|seq| *seq <= session.sequence);
        let known = known.ok_or(INVALID_SEQUENCE)?;
        for (_, frame) in session.sent.iter().filter(|(sequence, _)| *sequence > known) {
            link.send(frame.clone());
        }
        session.link = Some(link);
        session.push("RESUMED", &json!({}));
        self.gateway.arrivals.push_back(Return::Resumed);
        Ok(())
    }

    fn check_token(&self, data: &Value) -> Result<(), u16> {
        let token = data["token"].as_str().unwrap_or_default();
        let right = token.trim_start_matches("Bot ") == TOKEN && !self.terms.token_refused;
        if right { Ok(()) } else { Err(AUTHENTICATION_FAILED) }
    }

    pub(super) fn disconnected(&mut self, connection: u64, said_goodbye: bool) {
        for session in &mut self.gateway.sessions {
            if session.link.as_ref().is_some_and(|link| link.connection == connection) {
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
            link.send(frame.clone());
        }
        self.sent.push((self.sequence, frame));
    }
}
