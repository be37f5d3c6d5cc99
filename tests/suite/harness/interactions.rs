//! Interactions: one first response, within three seconds and of a fitting type.

use std::time::Instant;

use serde_json::{Value, json};

use super::{
    discord::State,
    events::{self, AUTOCOMPLETE, COMPONENT, EPHEMERAL, LOADING, Use},
    limits,
    messages::Occasion,
    reply::{Kind, Reply},
    rest::{ALREADY_ANSWERED, Answer, Call, UNKNOWN_INTERACTION},
    world::{Guild, Place, Who},
};

const MESSAGE: u64 = 4;
pub(super) const DEFERRED_MESSAGE: u64 = 5;
pub(super) const DEFERRED_UPDATE: u64 = 6;
const UPDATE: u64 = 7;
const CHOICES: u64 = 8;

pub(crate) struct Interaction {
    id: String,
    kind: u64,
    who: Who,
    pub(super) place: Place,
    /// The message whose component was used.
    pub(super) source: Option<String>,
    sent: Instant,
    pub(super) response: Option<Response>,
}

/// How the bot answered first, and what came of it.
pub(crate) struct Response {
    pub(super) kind: u64,
    data: Value,
    /// The message that it made or that it is about.
    pub(super) original: Option<String>,
    /// What a person gets to see in the end, once it is there.
    pub(super) shown: Option<String>,
}

impl Interaction {
    /// What a message tells about the interaction that made it.
    pub(super) fn metadata(&self) -> Value {
        let mut metadata = json!({
            "id": self.id, "type": self.kind, "user": self.who.user(),
            "authorizing_integration_owners": {"0": self.place.guild().map_or("0".into(), Guild::id)},
        });
        if let Some(source) = &self.source {
            metadata["interacted_message_id"] = json!(source);
        }
        metadata
    }
}

impl State {
    /// Somebody uses a command or a component; returns the token.
    pub(super) fn interact(&mut self, kind: u64, who: Who, place: Place, data: &Value, source: Option<&str>) -> String {
        let id = self.new_id();
        let token = format!("token-of-interaction-{id}");
        let event = events::interaction(&Use {
            id: &id,
            token: &token,
            kind,
            who,
            place,
            data,
            source: source.and_then(|source| self.message(source)),
            embeds_forbidden: self.embeds_forbidden,
        });
        let source = source.map(str::to_owned);
        let interaction = Interaction { id, kind, who, place, source, sent: Instant::now(), response: None };
        self.interactions.insert(token.clone(), interaction);
        self.dispatch("INTERACTION_CREATE", &event, place.guild());
        token
    }

    /// `POST /interactions/{id}/{token}/callback`
    pub(super) fn callback(&mut self, id: &str, token: &str, call: &Call<'_>) -> Answer {
        let Some(it) = self.interactions.get(token).filter(|it| it.id == id) else {
            self.problem("the bot answered an interaction that does not exist");
            return Answer::error(404, UNKNOWN_INTERACTION, "Unknown interaction");
        };
        let (place, source, waited) = (it.place, it.source.clone(), it.sent.elapsed());
        if it.response.is_some() {
            self.problem("the bot gave a second first response to an interaction");
            return Answer::error(400, ALREADY_ANSWERED, "Interaction has already been acknowledged.");
        }
        if waited > self.terms.first_response {
            self.problem(format!("the first response came after {} ms: too late", waited.as_millis()));
            return Answer::error(404, UNKNOWN_INTERACTION, "Unknown interaction");
        }
        let kind = call.body["type"].as_u64().unwrap_or_default();
        if !fits(kind, it.kind, source.is_some()) {
            self.problem(format!("response type {kind} does not fit interaction type {}", it.kind));
            return Answer::invalid("type");
        }
        let with_response = call.query.contains("with_response=true");
        let mut call = Call { body: call.body["data"].clone(), ..call.clone() };
        if let Some(refusal) = self.refuse_response(kind, &call) {
            return refusal;
        }

        let occasion = Occasion::Interaction(token.to_owned());
        let (original, shown) = match kind {
            MESSAGE => {
                let id = self.post(place, occasion, &call);
                self.echo("MESSAGE_CREATE", &id);
                (Some(id.clone()), Some(id))
            }
            DEFERRED_MESSAGE => {
                let flags = call.body["flags"].as_u64().unwrap_or_default() & EPHEMERAL | LOADING;
                call.body = json!({"flags": flags});
                let id = self.post(place, occasion, &call);
                (Some(id), None)
            }
            UPDATE => {
                let id = source.unwrap_or_default();
                self.edit(&id, &call);
                (Some(id.clone()), Some(id))
            }
            DEFERRED_UPDATE => {
                let gone = source.clone().filter(|id| self.message(id).is_none());
                (source, gone)
            }
            _ => (None, None),
        };
        let answer = json!({
            "interaction": {"id": id, "type": self.interactions[token].kind, "response_message_id": original},
            "resource": {"type": kind, "message": original.as_deref().and_then(|id| self.message(id))},
        });
        let response = Response { kind, data: call.body, original, shown };
        if let Some(it) = self.interactions.get_mut(token) {
            it.response = Some(response);
        }
        if with_response { Answer::ok(answer) } else { Answer::nothing() }
    }

    fn refuse_response(&mut self, kind: u64, call: &Call<'_>) -> Option<Answer> {
        let wrong = match kind {
            MESSAGE => return self.refuse(call, true),
            UPDATE => return self.refuse(call, false),
            CHOICES => limits::choices(&call.body["choices"]),
            _ => Vec::new(),
        };
        let refusal = wrong.first().map(|sentence| Answer::invalid(sentence));
        self.problems.extend(wrong);
        refusal
    }

    /// What the person who used an interaction sees, once there is something to see.
    pub(super) fn outcome(&mut self, token: &str) -> Option<Reply> {
        let it = self.interactions.get(token)?;
        let (place, response) = (it.place, it.response.as_ref()?);
        let occasion = Occasion::Interaction(token.to_owned());
        let kind = match response.kind {
            MESSAGE => Kind::Message,
            DEFERRED_MESSAGE => Kind::Deferred,
            DEFERRED_UPDATE => Kind::DeferredUpdate,
            UPDATE => Kind::Update,
            _ => return Some(Reply::of_data(response.data.clone(), place, Kind::Choices, occasion)),
        };
        let shown = response.shown.clone()?;
        Some(self.read(&shown, kind, &occasion))
    }

    pub(super) fn who_used(&self, token: &str) -> Option<Who> {
        self.interactions.get(token).map(|it| it.who)
    }
}

fn fits(response: u64, interaction: u64, has_source: bool) -> bool {
    match response {
        MESSAGE | DEFERRED_MESSAGE => interaction != AUTOCOMPLETE,
        DEFERRED_UPDATE | UPDATE => has_source && interaction == COMPONENT,
        CHOICES => interaction == AUTOCOMPLETE,
        _ => false,
    }
}
