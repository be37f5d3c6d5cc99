//! The objects that Discord sends: messages and interactions, complete enough for any client library.

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::world::{APPLICATION, Place, Who, bot_permissions};

pub(crate) const COMMAND: u64 = 2;
pub(crate) const COMPONENT: u64 = 3;
pub(crate) const AUTOCOMPLETE: u64 = 4;

pub(crate) const EPHEMERAL: u64 = 1 << 6;
pub(crate) const LOADING: u64 = 1 << 7;

pub(crate) const GUILDS: u64 = 1 << 0;
pub(crate) const GUILD_MESSAGES: u64 = 1 << 9;
pub(crate) const DIRECT_MESSAGES: u64 = 1 << 12;
pub(crate) const MESSAGE_CONTENT: u64 = 1 << 15;
/// Members, presences, message content: what a bot must ask Discord for.
pub(crate) const PRIVILEGED: u64 = 1 << 1 | 1 << 8 | MESSAGE_CONTENT;

/// Discord's largest upload without boosts, 10 MiB.
const ATTACHMENT_SIZE: u64 = 10 << 20;

/// A message as the REST API would show it.
pub(crate) fn message(id: &str, place: Place, author: &Value, content: &str) -> Value {
    json!({
        "id": id, "channel_id": place.channel_id(), "type": 0, "author": author, "content": content, "timestamp": now(),
        "edited_timestamp": null, "tts": false, "mention_everyone": false, "mentions": [], "mention_roles": [],
        "attachments": [], "embeds": [], "components": [], "pinned": false, "flags": 0,
    })
}

/// A message as the gateway tells it: with the server and the member, and without its content where Discord withholds
/// it.
pub(crate) fn message_event(message: &Value, place: Place, author: Option<Who>, intents: u64) -> Value {
    let mut event = message.clone();
    if let Some(guild) = place.guild() {
        event["guild_id"] = json!(guild.id());
        if let Some(who) = author {
            event["member"] = who.partial_member(guild);
        }
        if intents & MESSAGE_CONTENT == 0 {
            withhold_content(&mut event);
        }
    }
    event
}

/// Without the privileged intent a bot reads, in a server, only its own messages and those that mention it.
fn withhold_content(message: &mut Value) {
    if let Some(referenced) = message.get_mut("referenced_message").filter(|it| it.is_object()) {
        withhold_content(referenced);
    }
    let bot = APPLICATION.to_string();
    let own = message["author"]["id"] == bot.as_str();
    if own || mentions(message, &bot) {
        return;
    }
    message["content"] = json!("");
    for key in ["attachments", "embeds", "components"] {
        message[key] = json!([]);
    }
}

fn mentions(message: &Value, user: &str) -> bool {
    let list = message["mentions"].as_array();
    list.is_some_and(|list| list.iter().any(|it| it["id"] == user))
}

/// What distinguishes one interaction from another.
pub(crate) struct Use<'a> {
    pub(crate) id: &'a str,
    pub(crate) token: &'a str,
    pub(crate) kind: u64,
    pub(crate) who: Who,
    pub(crate) place: Place,
    pub(crate) data: &'a Value,
    /// The message whose component was used.
    pub(crate) source: Option<&'a Value>,
    pub(crate) embeds_forbidden: bool,
}

pub(crate) fn interaction(it: &Use<'_>) -> Value {
    let guild_id = it.place.guild().map(super::world::Guild::id);
    let permissions = bot_permissions(it.embeds_forbidden && guild_id.is_some());
    let mut channel = it.place.channel();
    let mut event = json!({
        "id": it.id, "application_id": APPLICATION.to_string(), "type": it.kind, "data": it.data, "token": it.token,
        "version": 1, "channel_id": it.place.channel_id(), "locale": "en-US", "entitlements": [],
        "entitlement_sku_ids": [], "attachment_size_limit": ATTACHMENT_SIZE, "app_permissions": permissions.to_string(),
        "authorizing_integration_owners": {"0": guild_id.as_deref().unwrap_or("0")},
        "context": u8::from(guild_id.is_none()),
    });
    if let Some(guild) = it.place.guild() {
        channel["permissions"] = json!(it.who.permissions().to_string());
        event["guild_id"] = json!(guild.id());
        event["guild_locale"] = json!("en-US");
        event["guild"] = json!({"id": guild.id(), "locale": "en-US", "features": []});
        event["member"] = it.who.member(guild);
    } else {
        event["user"] = it.who.user();
    }
    event["channel"] = channel;
    if let Some(message) = it.source {
        event["message"] = message.clone();
    }
    event
}

fn now() -> String {
    OffsetDateTime::now_utc().format(&Rfc3339).expect("the present has a year of four digits")
}
