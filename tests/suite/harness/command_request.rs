//! The data of an interaction that uses a command, checked as Discord's client checks it.

use serde_json::{Value, json};

use super::{
    commands::SLASH,
    discord::State,
    world::{Place, Who},
};

const SUBCOMMAND: u64 = 1;
const SUBCOMMAND_GROUP: u64 = 2;

/// A use of a command, before it is known whether there is such a command.
pub(crate) struct CommandRequest<'a> {
    /// The words after the slash, or the name of a context menu entry.
    pub(crate) name: &'a str,
    pub(crate) kind: u64,
    pub(crate) options: &'a [(String, Value)],
    /// The option that is being typed.
    pub(crate) focused: Option<&'a str>,
    pub(crate) who: Who,
    pub(crate) place: Place,
    /// Send it although a client would not.
    pub(crate) forced: bool,
}

impl State {
    /// The `data` of the interaction, or why Discord's client would not send it.
    pub(super) fn command_data(&mut self, request: &CommandRequest<'_>) -> Result<Value, String> {
        let command = self.commands.find(request)?.clone();
        let mut data = json!({"id": command["id"], "name": command["name"], "type": command["type"]});
        if !command["guild_id"].is_null() {
            data["guild_id"] = command["guild_id"].clone();
        }
        let mut levels = Vec::new();
        let mut level = &command;
        for word in request.name.split(' ').skip(1).take_while(|_| request.kind == SLASH) {
            let subcommand = |it: &&Value| it["name"] == word && is_subcommand(it);
            level = options(level).find(subcommand).ok_or_else(|| format!("/{} does not exist", request.name))?;
            levels.push(level);
        }
        if options(level).any(is_subcommand) {
            return Err(format!("/{} needs a subcommand", request.name));
        }
        let mut filled = fill_options(level, request)?;
        for level in levels.into_iter().rev() {
            filled = vec![json!({"name": level["name"], "type": level["type"], "options": filled})];
        }
        data["options"] = json!(filled);
        Ok(data)
    }
}

fn fill_options(level: &Value, request: &CommandRequest<'_>) -> Result<Vec<Value>, String> {
    for (name, _) in request.options {
        if !options(level).any(|it| it["name"] == name.as_str()) {
            return Err(format!("/{} has no option {name:?}", request.name));
        }
    }
    let mut filled = Vec::new();
    for option in options(level) {
        let name = option["name"].as_str().unwrap_or_default();
        let mut entry = json!({"name": name, "type": option["type"]});
        if let Some((_, value)) = request.options.iter().find(|(wanted, _)| wanted == name) {
            check_value(option, value, request)?;
            entry["value"] = value.clone();
        } else if option["required"] == true && !request.forced && request.focused.is_none() {
            return Err(format!("/{} needs the option {name:?}", request.name));
        } else {
            continue;
        }
        if request.focused == Some(name) {
            if option["autocomplete"] != true {
                return Err(format!("option {name:?} of /{} has no autocomplete", request.name));
            }
            entry["focused"] = json!(true);
        }
        filled.push(entry);
    }
    Ok(filled)
}

fn check_value(option: &Value, value: &Value, request: &CommandRequest<'_>) -> Result<(), String> {
    if request.forced || request.focused == option["name"].as_str() {
        return Ok(());
    }
    let fits = match option["type"].as_u64() {
        Some(3) => value.is_string(),
        Some(4) => value.is_i64() || value.is_u64(),
        Some(5) => value.is_boolean(),
        Some(10) => value.is_number(),
        _ => true,
    };
    let length = value.as_str().map_or(0, |it| it.chars().count()) as u64;
    let longest = option["max_length"].as_u64().unwrap_or(6000);
    let shortest = option["min_length"].as_u64().unwrap_or_default();
    let choices = option["choices"].as_array().filter(|it| !it.is_empty());
    let chosen = choices.is_none_or(|all| all.iter().any(|it| it["value"] == *value));
    let short_enough = !value.is_string() || (shortest..=longest).contains(&length);
    if fits && chosen && short_enough {
        return Ok(());
    }
    Err(format!("option {} of /{} does not accept {value}", option["name"], request.name))
}

fn options(level: &Value) -> impl Iterator<Item = &Value> {
    level["options"].as_array().into_iter().flatten()
}

fn is_subcommand(option: &Value) -> bool {
    [SUBCOMMAND, SUBCOMMAND_GROUP].iter().any(|kind| option["type"] == *kind)
}
