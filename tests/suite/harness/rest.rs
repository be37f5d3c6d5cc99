//! The REST API: one entry that checks the token and scripted faults, keeps a record, and finds the route.

use std::{fmt, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    extract::{State as Shares, WebSocketUpgrade, ws::WebSocket},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::any,
};
use serde_json::{Value, json};

use super::{
    discord::{Shared, State},
    gateway,
    world::{APPLICATION, Guild, Place, TOKEN, Who, application, bot_permissions, bot_user},
};

pub(crate) const UNKNOWN_CHANNEL: u64 = 10_003;
pub(crate) const UNKNOWN_MESSAGE: u64 = 10_008;
pub(crate) const UNKNOWN_WEBHOOK: u64 = 10_015;
pub(crate) const UNKNOWN_INTERACTION: u64 = 10_062;
pub(crate) const UNKNOWN_COMMAND: u64 = 10_063;
pub(crate) const ALREADY_ANSWERED: u64 = 40_060;
pub(crate) const MISSING_ACCESS: u64 = 50_001;
pub(crate) const EMPTY_MESSAGE: u64 = 50_006;
pub(crate) const MISSING_PERMISSIONS: u64 = 50_013;
pub(crate) const INVALID_FORM: u64 = 50_035;

/// A request that the bot made, and how it was answered.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Below `/api/v10`.
    pub(crate) path: String,
    pub(crate) body: Value,
    pub(crate) status: u16,
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} -> {}", self.method, self.path, self.status)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body }
    }

    pub(crate) fn nothing() -> Self {
        Self { status: 204, body: Value::Null }
    }

    pub(crate) fn error(status: u16, code: u64, message: &str) -> Self {
        Self { status, body: json!({"code": code, "message": message}) }
    }

    /// Discord's answer to a body that breaks its limits.
    pub(crate) fn invalid(sentence: &str) -> Self {
        let mut answer = Self::error(400, INVALID_FORM, "Invalid Form Body");
        let error = json!({"code": "BASE_TYPE_BAD_LENGTH", "message": sentence});
        answer.body["errors"] = json!({"body": {"_errors": [error]}});
        answer
    }
}

/// What a route is given.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    pub(crate) query: &'a str,
    pub(crate) body: Value,
}

pub(super) fn router(shared: Arc<Shared>) -> Router {
    let websocket = any(async |Shares(shared): Shares<Arc<Shared>>, upgrade: WebSocketUpgrade| {
        upgrade.on_upgrade(async |socket: WebSocket| gateway::serve(socket, shared).await)
    });
    Router::new().route("/", websocket.clone()).route("/resume", websocket).fallback(entry).with_state(shared)
}

async fn entry(
    Shares(shared): Shares<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().strip_prefix("/api/v10").unwrap_or(uri.path());
    let fault = shared.change(|state| state.faults.iter_mut().find_map(|fault| fault.strike(method.as_str(), path)));
    let mut scripted = None;
    if let Some((delay, answer)) = fault {
        tokio::time::sleep(delay).await;
        scripted = answer;
    }
    let header = |name| headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let authorized = header(header::AUTHORIZATION).strip_prefix("Bot ") == Some(TOKEN);
    let parsed: Option<Value> = if body.is_empty() { Some(Value::Null) } else { serde_json::from_slice(&body).ok() };
    let answer = shared.change(|state| {
        let shown = parsed.clone().unwrap_or_default();
        let answer = scripted.unwrap_or_else(|| match parsed {
            _ if !is_open(path) && (state.terms.token_refused || !authorized) => {
                Answer::error(401, 0, "401: Unauthorized")
            }
            None => {
                state.problem(format!("the body of {method} {path} cannot be read"));
                Answer::invalid("unreadable")
            }
            Some(body) => {
                let query = uri.query().unwrap_or_default();
                let call = Call { method: method.as_str(), query, body };
                state.route(path, &call)
            }
        });
        state.requests.push(Request {
            method: method.to_string(),
            path: path.to_owned(),
            body: shown,
            status: answer.status,
        });
        answer
    });
    let status = StatusCode::from_u16(answer.status).expect("a status between 100 and 999");
    if answer.body.is_null() {
        return status.into_response();
    }
    (status, axum::Json(answer.body)).into_response()
}

/// Routes that need no bot token: those that an interaction's token opens, and the gateway's address. Were that
/// refused, serenity would take Discord's real one without a word.
fn is_open(path: &str) -> bool {
    path == "/gateway" || path.starts_with("/interactions/") || path.starts_with("/webhooks/")
}

impl State {
    fn route(&mut self, path: &str, call: &Call<'_>) -> Answer {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let own = APPLICATION.to_string();
        match (call.method, segments.as_slice()) {
            ("GET", ["gateway"]) => Answer::ok(json!({"url": self.gateway_url()})),
            ("GET", ["gateway", "bot"]) => Answer::ok(json!({
                "url": self.gateway_url(), "shards": 1,
                "session_start_limit": {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1},
            })),
            ("GET", ["users", "@me"]) => Answer::ok(bot_user()),
            ("GET", ["users", "@me", "guilds"]) => Answer::ok(self.own_guilds()),
            ("GET", ["oauth2", "applications", "@me"] | ["applications", "@me"]) => Answer::ok(application()),
            (_, ["applications", id, "commands", rest @ ..]) if *id == own => self.commands_route(None, rest, call),
            (_, ["applications", id, "guilds", guild, "commands", rest @ ..]) if *id == own => {
                match Guild::of_id(guild) {
                    Some(guild) => self.commands_route(Some(guild), rest, call),
                    None => Answer::error(403, MISSING_ACCESS, "Missing Access"),
                }
            }
            ("POST", ["interactions", id, token, "callback"]) => self.callback(id, token, call),
            ("POST", ["webhooks", id, token]) if *id == own => self.follow_up(token, call),
            (_, ["webhooks", id, token, "messages", which]) if *id == own => {
                self.interaction_message_route(token, which, call)
            }
            ("POST", ["channels", channel, "messages"]) => self.create_message(channel, call),
            (_, ["channels", channel, "messages", id]) => self.message_route(channel, id, call),
            ("POST", ["channels", channel, "typing"]) if Place::of_channel(channel).is_some() => Answer::nothing(),
            ("GET", ["channels", channel]) => match Place::of_channel(channel) {
                Some(place) => Answer::ok(place.channel()),
                None => Answer::error(404, UNKNOWN_CHANNEL, "Unknown Channel"),
            },
            ("GET", ["guilds", guild]) if Guild::of_id(guild).is_some() => self.guild(guild),
            ("GET", ["guilds", guild, "members", user]) => match (Guild::of_id(guild), *user) {
                (Some(_), user) if user == own => self.own_member(guild),
                (Some(guild), user) if Who::of_user(user).is_some() => {
                    Answer::ok(Who::of_user(user).map_or(Value::Null, |who| who.member(guild)))
                }
                _ => Answer::error(404, 10_007, "Unknown Member"),
            },
            (method, _) => {
                self.problem(format!("the stand-in has no route {method} {path}"));
                Answer::error(404, 0, "404: Not Found")
            }
        }
    }

    fn gateway_url(&self) -> String {
        self.url.replacen("http", "ws", 1)
    }

    fn own_guilds(&self) -> Value {
        let permissions = bot_permissions(self.embeds_forbidden).to_string();
        let guilds = Guild::ALL.map(|guild| {
            let object = guild.object(0);
            json!({
                "id": guild.id(), "name": object["name"], "icon": null, "owner": false, "permissions": permissions,
                "features": [],
            })
        });
        json!(guilds)
    }

    fn guild(&self, id: &str) -> Answer {
        let permissions = bot_permissions(self.embeds_forbidden);
        Answer::ok(Guild::of_id(id).map_or(Value::Null, |guild| guild.object(permissions)))
    }

    fn own_member(&self, guild: &str) -> Answer {
        let mut guild = self.guild(guild).body;
        Answer::ok(guild["members"][0].take())
    }
}
