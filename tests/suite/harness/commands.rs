//! The commands that the bot registered, and who is offered which.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    command_request::CommandRequest,
    discord::{Discord, State},
    limits,
    rest::{Answer, Call, UNKNOWN_COMMAND},
    world::{APPLICATION, Guild, Place, Who},
};

pub(crate) const SLASH: u64 = 1;
pub(crate) const ON_MESSAGE: u64 = 3;

/// The context of direct messages with the bot.
const IN_DM: u64 = 1;

#[derive(Default)]
pub(crate) struct Commands {
    /// A scope is a server, or everywhere.
    scopes: BTreeMap<Option<Guild>, Vec<Value>>,
    /// Scopes that the bot has asked about or set since it was started.
    pub(super) looked_at: BTreeSet<Option<Guild>>,
    pub(super) writes: usize,
}

impl Commands {
    pub(super) fn of(&self, scope: Option<Guild>) -> &[Value] {
        self.scopes.get(&scope).map_or(&[], Vec::as_slice)
    }

    /// Whether the commands of a scope are those that the running bot wants, as far as can be told from outside.
    pub(super) fn are_settled(&self, scope: Option<Guild>) -> bool {
        self.looked_at.contains(&scope) && !self.of(scope).is_empty()
    }

    /// The command that is meant, if it is offered there.
    pub(super) fn find(&self, request: &CommandRequest<'_>) -> Result<&Value, String> {
        let first = if request.kind == SLASH { request.name.split(' ').next() } else { Some(request.name) };
        let here = |scope: &&Option<Guild>| request.forced || scope.is_none() || **scope == request.place.guild();
        let offered: Vec<&Value> = self.scopes.keys().filter(here).flat_map(|it| self.of(*it)).collect();
        let wanted = |it: &&&Value| it["name"].as_str() == first && it["type"] == request.kind;
        let names = || offered.iter().map(|it| it["name"].to_string()).collect::<Vec<_>>().join(", ");
        let found = offered.iter().find(wanted);
        let command = found.ok_or_else(|| format!("no command {:?} here, only {}", request.name, names()))?;
        if !request.forced {
            visible(command, request)?;
        }
        Ok(command)
    }
}

impl State {
    pub(super) fn commands_route(&mut self, scope: Option<Guild>, rest: &[&str], call: &Call<'_>) -> Answer {
        self.commands.looked_at.insert(scope);
        if call.method == "GET" && rest.is_empty() {
            return Answer::ok(json!(self.commands.of(scope)));
        }
        let single = [call.body.clone()];
        let wrong = match (call.method, &call.body) {
            ("PUT", Value::Array(all)) => limits::commands(all),
            ("POST", _) => limits::commands(&single),
            _ => Vec::new(),
        };
        if let Some(sentence) = wrong.first().cloned() {
            self.problems.extend(wrong);
            return Answer::invalid(&sentence);
        }
        self.commands.writes += 1;
        let mut known = self.commands.scopes.remove(&scope).unwrap_or_default();
        let answer = match (call.method, rest, call.body.clone()) {
            ("PUT", [], Value::Array(wanted)) => {
                known = wanted.into_iter().map(|it| self.registered(scope, it, &known)).collect();
                Answer::ok(json!(known))
            }
            ("POST", [], wanted) => {
                let command = self.registered(scope, wanted, &known);
                known.retain(|it| it["id"] != command["id"]);
                known.push(command.clone());
                Answer::ok(command)
            }
            (method, [id], changes) => match known.iter().position(|it| it["id"] == *id) {
                None => Answer::error(404, UNKNOWN_COMMAND, "Unknown application command"),
                Some(at) if method == "DELETE" => {
                    known.remove(at);
                    Answer::nothing()
                }
                Some(at) => {
                    let fields = changes.as_object().cloned().unwrap_or_default();
                    fields.into_iter().for_each(|(key, value)| known[at][key] = value);
                    Answer::ok(known[at].clone())
                }
            },
            (method, _, _) => {
                self.problem(format!("the stand-in has no route {method} for commands"));
                Answer::error(405, 0, "405: Method Not Allowed")
            }
        };
        self.commands.scopes.insert(scope, known);
        answer
    }

    /// A command as Discord keeps it; one of the same name and type keeps its id.
    fn registered(&mut self, scope: Option<Guild>, mut wanted: Value, known: &[Value]) -> Value {
        let defaults = json!({
            "type": SLASH, "description": "", "default_member_permissions": null, "name_localizations": null,
            "description_localizations": null, "contexts": null, "integration_types": [0], "nsfw": false,
        });
        for (key, value) in defaults.as_object().into_iter().flatten() {
            if wanted.get(key).is_none_or(Value::is_null) {
                wanted[key] = value.clone();
            }
        }
        let same = |it: &&Value| it["name"] == wanted["name"] && it["type"] == wanted["type"];
        let id = known.iter().find(same).map(|it| it["id"].clone());
        wanted["id"] = id.unwrap_or_else(|| json!(self.new_id()));
        wanted["version"] = json!(self.new_id());
        wanted["application_id"] = json!(APPLICATION.to_string());
        if let Some(guild) = scope {
            wanted["guild_id"] = json!(guild.id());
        }
        wanted
    }
}

impl Discord {
    /// The names of the commands that somebody is offered in a place, as in the list that a slash opens.
    pub(crate) fn offered(&self, who: Who, guild: Option<Guild>) -> Vec<String> {
        let state = self.shared.lock();
        let place = guild.map_or(Place::Direct(who), Place::Guild);
        let scopes = BTreeSet::from([None, guild]);
        let all = scopes.into_iter().flat_map(|scope| state.commands.of(scope));
        let request = CommandRequest { name: "", kind: SLASH, options: &[], focused: None, who, place, forced: false };
        let offered = all.filter(|command| visible(command, &request).is_ok());
        offered.map(|it| it["name"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// Whether a client shows a command to this person in this place.
fn visible(command: &Value, request: &CommandRequest<'_>) -> Result<(), String> {
    let name = &command["name"];
    let context = u64::from(request.place.guild().is_none());
    if let Some(contexts) = command["contexts"].as_array().filter(|it| !it.is_empty()) {
        if !contexts.iter().any(|it| *it == context) {
            return Err(format!("{name} is not offered in context {context}"));
        }
    } else if context == IN_DM && command["dm_permission"] == false {
        return Err(format!("{name} is not offered in direct messages"));
    }
    let needed = &command["default_member_permissions"];
    let needed = needed.as_str().and_then(|it| it.parse().ok()).or(needed.as_u64());
    match needed {
        Some(needed) if context != IN_DM && !request.who.may(needed) => {
            Err(format!("{name} is not offered to {:?}: it needs permissions {needed}", request.who))
        }
        _ => Ok(()),
    }
}
