//! What a bot does with an interaction's token after the first response: further messages, edits, deletions.

use super::{
    discord::State,
    interactions::{DEFERRED_MESSAGE, DEFERRED_UPDATE},
    messages::Occasion,
    rest::{Answer, Call, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK},
};

impl State {
    /// `POST /webhooks/{application}/{token}`: a further message, or the content of a deferred one.
    pub(super) fn follow_up(&mut self, token: &str, call: &Call<'_>) -> Answer {
        let Some(response) = self.interactions.get(token).and_then(|it| it.response.as_ref()) else {
            return self.too_early();
        };
        let (kind, original) = (response.kind, response.original.clone());
        let waiting = response.kind == DEFERRED_MESSAGE && response.shown.is_none();
        let place = self.interactions[token].place;
        if let Some(refusal) = self.refuse(call, true) {
            return refusal;
        }
        let id = match original {
            Some(id) if waiting => {
                self.fill_deferred(&id, call);
                id
            }
            _ => self.post(place, Occasion::Interaction(token.to_owned()), call),
        };
        self.echo("MESSAGE_CREATE", &id);
        if waiting || kind == DEFERRED_UPDATE {
            self.show(token, &id);
        }
        Answer::ok(self.message(&id).cloned().unwrap_or_default())
    }

    /// `/webhooks/{application}/{token}/messages/{@original or an id}`
    pub(super) fn interaction_message_route(&mut self, token: &str, which: &str, call: &Call<'_>) -> Answer {
        let Some(response) = self.interactions.get(token).and_then(|it| it.response.as_ref()) else {
            return self.too_early();
        };
        let original = response.original.clone();
        let waiting = response.kind == DEFERRED_MESSAGE && response.shown.is_none();
        let own = Occasion::Interaction(token.to_owned());
        let is_own = |id: &str| self.messages.posted.iter().any(|it| it.id == id && it.occasion == own);
        let id = if which == "@original" { original } else { Some(which.to_owned()).filter(|id| is_own(id)) };
        let Some(id) = id.filter(|id| self.message(id).is_some()) else {
            return Answer::error(404, UNKNOWN_MESSAGE, "Unknown Message");
        };
        match call.method {
            "GET" => Answer::ok(self.message(&id).cloned().unwrap_or_default()),
            "PATCH" if waiting => {
                if let Some(refusal) = self.refuse(call, true) {
                    return refusal;
                }
                self.fill_deferred(&id, call);
                self.echo("MESSAGE_CREATE", &id);
                self.show(token, &id);
                Answer::ok(self.message(&id).cloned().unwrap_or_default())
            }
            "PATCH" => self.edit(&id, call),
            "DELETE" => {
                self.delete(&id);
                if waiting {
                    self.show(token, &id);
                }
                Answer::nothing()
            }
            method => {
                self.problem(format!("the stand-in has no route {method} for an interaction's message"));
                Answer::error(405, 0, "405: Method Not Allowed")
            }
        }
    }

    fn too_early(&mut self) -> Answer {
        self.problem("the bot used an interaction's token before its first response, or an unknown one");
        Answer::error(404, UNKNOWN_WEBHOOK, "Unknown Webhook")
    }

    fn fill_deferred(&mut self, id: &str, call: &Call<'_>) {
        self.fill(id, call);
        self.clear_loading(id);
    }

    fn show(&mut self, token: &str, id: &str) {
        let response = self.interactions.get_mut(token).and_then(|it| it.response.as_mut());
        if let Some(response) = response {
            response.shown.get_or_insert(id.to_owned());
        }
    }

    /// A message with components was edited or deleted: whoever clicked on it and was put off sees that now.
    pub(super) fn complete_update_of(&mut self, message: &str) {
        for it in self.interactions.values_mut().filter(|it| it.source.as_deref() == Some(message)) {
            if let Some(response) = it.response.as_mut().filter(|it| it.kind == DEFERRED_UPDATE) {
                response.shown.get_or_insert(message.to_owned());
            }
        }
    }
}
