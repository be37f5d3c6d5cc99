//! Messages: those that people wrote and those that the bot posted, and the routes for a channel's messages.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{
    discord::State,
    events::{self, EPHEMERAL, LOADING},
    limits,
    reply::{Kind, Reply},
    rest::{Answer, Call, EMPTY_MESSAGE, MISSING_PERMISSIONS, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE},
    world::{APPLICATION, Place, bot_user},
};

#[derive(Default)]
pub(crate) struct Messages {
    by_id: HashMap<String, Value>,
    /// The bot's, in order.
    pub(super) posted: Vec<Posted>,
}

/// A message of the bot, with what its JSON does not tell.
pub(crate) struct Posted {
    pub(super) id: String,
    pub(super) place: Place,
    pub(super) occasion: Occasion,
    /// A test has looked at it.
    pub(super) read: bool,
    pub(super) deleted: bool,
}

/// What a message of the bot is a reaction to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// The message that it replies to.
    Message(String),
    /// The token of an interaction.
    Interaction(String),
    /// Nobody knows.
    Nothing,
}

impl State {
    /// Keeps a message and returns its id.
    pub(super) fn keep(&mut self, message: Value) -> String {
        let id = message["id"].as_str().expect("a message has an id").to_owned();
        self.messages.by_id.insert(id.clone(), message);
        id
    }

    pub(super) fn message(&self, id: &str) -> Option<&Value> {
        let deleted = self.messages.posted.iter().any(|it| it.id == id && it.deleted);
        self.messages.by_id.get(id).filter(|_| !deleted)
    }

    /// Posts a message of the bot.
    pub(super) fn post(&mut self, place: Place, occasion: Occasion, call: &Call<'_>) -> String {
        let id = self.new_id();
        let mut message = events::message(&id, place, &bot_user(), "");
        message["application_id"] = json!(APPLICATION.to_string());
        match &occasion {
            Occasion::Message(replied_to) => {
                let referenced = self.message(replied_to).cloned().unwrap_or_default();
                message["type"] = json!(19);
                message["message_reference"] =
                    json!({"type": 0, "message_id": replied_to, "channel_id": place.channel_id()});
                message["referenced_message"] = without_referenced(referenced);
            }
            Occasion::Interaction(token) => {
                message["interaction_metadata"] = self.interactions[token].metadata();
                message["webhook_id"] = json!(APPLICATION.to_string());
            }
            Occasion::Nothing => {}
        }
        let flags = call.body["flags"].as_u64().unwrap_or_default() & (EPHEMERAL | LOADING);
        message["flags"] = json!(flags);
        self.keep(message);
        self.messages.posted.push(Posted { id: id.clone(), place, occasion, read: false, deleted: false });
        self.fill(&id, call);
        id
    }

    /// Writes the content of a message, new or edited.
    pub(super) fn fill(&mut self, id: &str, call: &Call<'_>) {
        let Some(message) = self.messages.by_id.get_mut(id) else {
            return;
        };
        for (key, nothing) in [("content", json!("")), ("embeds", json!([])), ("components", json!([]))] {
            match call.body.get(key) {
                Some(Value::Null) => message[key] = nothing,
                Some(value) => message[key] = value.clone(),
                None => {}
            }
        }
    }

    /// A deferred message has got its content.
    pub(super) fn clear_loading(&mut self, id: &str) {
        if let Some(message) = self.messages.by_id.get_mut(id) {
            let flags = message["flags"].as_u64().unwrap_or_default();
            message["flags"] = json!(flags & !LOADING);
        }
    }

    /// Tells the bot about its own message, as Discord does; it must not answer itself.
    pub(super) fn echo(&mut self, event: &str, id: &str) {
        let Some(message) = self.message(id).cloned() else {
            return;
        };
        let Some(place) = message["channel_id"].as_str().and_then(Place::of_channel) else {
            return;
        };
        if message["flags"].as_u64().unwrap_or_default() & EPHEMERAL == 0 && self.is_connected() {
            let data = events::message_event(&message, place, None, 0);
            self.dispatch(event, &data, place.guild());
        }
    }

    /// Notes what is wrong with a message; the answer is Discord's if the message cannot be sent at all.
    pub(super) fn refuse(&mut self, call: &Call<'_>, whole: bool) -> Option<Answer> {
        let mut wrong = limits::message(&call.body);
        wrong.extend(limits::pings(&call.body));
        let refusal = wrong.first().map(|sentence| Answer::invalid(sentence));
        self.problems.extend(wrong);
        if refusal.is_none() && whole && limits::is_empty(&call.body) {
            self.problem("the bot sent an empty message");
            return Some(Answer::error(400, EMPTY_MESSAGE, "Cannot send an empty message"));
        }
        refusal
    }

    pub(super) fn create_message(&mut self, channel: &str, call: &Call<'_>) -> Answer {
        let Some(place) = Place::of_channel(channel) else {
            return Answer::error(404, UNKNOWN_CHANNEL, "Unknown Channel");
        };
        let has_embeds = call.body["embeds"].as_array().is_some_and(|it| !it.is_empty());
        if self.embeds_forbidden && has_embeds && place.guild().is_some() {
            return Answer::error(403, MISSING_PERMISSIONS, "Missing Permissions");
        }
        if let Some(refusal) = self.refuse(call, true) {
            return refusal;
        }
        let reference = &call.body["message_reference"];
        let occasion = match id_of(&reference["message_id"]) {
            Some(id) if self.message(&id).is_some() => Occasion::Message(id),
            Some(_) if reference["fail_if_not_exists"] != false => {
                return Answer::invalid("message_reference: Unknown message");
            }
            _ => Occasion::Nothing,
        };
        let id = self.post(place, occasion, call);
        self.echo("MESSAGE_CREATE", &id);
        Answer::ok(self.message(&id).cloned().unwrap_or_default())
    }

    pub(super) fn message_route(&mut self, channel: &str, id: &str, call: &Call<'_>) -> Answer {
        let Some(message) = self.message(id).filter(|it| it["channel_id"] == channel) else {
            return Answer::error(404, UNKNOWN_MESSAGE, "Unknown Message");
        };
        let own = message["author"]["id"] == APPLICATION.to_string().as_str();
        match call.method {
            "GET" => Answer::ok(message.clone()),
            "PATCH" if own => self.edit(id, call),
            "DELETE" if own => {
                self.delete(id);
                Answer::nothing()
            }
            "PATCH" | "DELETE" => Answer::error(403, MISSING_PERMISSIONS, "Missing Permissions"),
            method => {
                self.problem(format!("the stand-in has no route {method} for a message"));
                Answer::error(405, 0, "405: Method Not Allowed")
            }
        }
    }

    /// Edits a message of the bot, which also completes a deferred update of it.
    pub(super) fn edit(&mut self, id: &str, call: &Call<'_>) -> Answer {
        if let Some(refusal) = self.refuse(call, false) {
            return refusal;
        }
        self.fill(id, call);
        self.complete_update_of(id);
        self.echo("MESSAGE_UPDATE", id);
        Answer::ok(self.message(id).cloned().unwrap_or_default())
    }

    pub(super) fn delete(&mut self, id: &str) {
        if let Some(posted) = self.messages.posted.iter_mut().find(|it| it.id == id) {
            posted.deleted = true;
        }
        self.complete_update_of(id);
    }

    /// The next message of the bot on an occasion that the test has not read; messages that reply to nothing count for
    /// whoever asked in the same place.
    pub(super) fn next_unread(&mut self, occasion: &Occasion, place: Place) -> Option<Reply> {
        let wanted = |it: &&Posted| {
            let loose = it.occasion == Occasion::Nothing && it.place == place;
            !it.read && (it.occasion == *occasion || loose)
        };
        let id = self.messages.posted.iter().find(wanted)?.id.clone();
        Some(self.read(&id, Kind::Posted, occasion))
    }

    /// Shows a message to the test.
    pub(super) fn read(&mut self, id: &str, kind: Kind, occasion: &Occasion) -> Reply {
        let posted = self.messages.posted.iter_mut().find(|it| it.id == id);
        let posted = posted.expect("the bot posted the message that is read");
        posted.read = true;
        let message = self.messages.by_id.get(id).cloned().unwrap_or_default();
        Reply::of_message(message, posted, kind, occasion.clone())
    }

    pub(super) fn unread_messages(&self) -> Vec<String> {
        let unread = self.messages.posted.iter().filter(|it| !it.read);
        let sentence = |it: &Posted| {
            let message = self.messages.by_id.get(&it.id).cloned().unwrap_or_default();
            let text = Reply::of_message(message, it, Kind::Posted, Occasion::Nothing).text();
            format!("the test did not read a message of the bot:\n{text}")
        };
        unread.map(sentence).collect()
    }
}

/// Discord shows one level of what a message replies to.
pub(super) fn without_referenced(mut message: Value) -> Value {
    if let Some(fields) = message.as_object_mut() {
        fields.remove("referenced_message");
    }
    message
}

/// An id as Discord accepts it: a string or a number.
fn id_of(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|id| id.to_string()))
}
