//! The table of commands as Discord is told it, and registration when it differs from what Discord has.

use backon::Retryable as _;
use serde_json::{Map, Value, json};
use serenity::all::{GuildId, Http};

use super::rest::{backoff, describe, status_of};
use crate::app::MANAGE_GUILD;
use crate::commands::{Audience, COMMANDS, Command, CommandOption, Entry, OptionKind};
use crate::health::Health;

/// Discord's numbers. Source: Discord, Application Commands.
const CHAT_INPUT: u8 = 1;
const MESSAGE: u8 = 3;
const SUBCOMMAND: u8 = 1;
const STRING: u8 = 3;
const BOOLEAN: u8 = 5;
/// In guilds, in the bot's direct messages, and between users.
const EVERYWHERE: [u8; 3] = [0, 1, 2];
const GUILD_ONLY: [u8; 1] = [0];
/// Installed to a guild or by a user.
const ANY_INSTALL: [u8; 2] = [0, 1];
const GUILD_INSTALL: [u8; 1] = [0];
/// Longest text of an option that holds one.
const TEXT_MAX_CHARS: usize = crate::question::QUESTION_MAX_CHARS;

/// Registers member commands everywhere and moderators' commands in their guilds, where they differ from what is there,
/// and tries again until all of them stand.
///
/// A failure does not keep the bot from answering: mentions and direct messages need no registration.
pub(super) async fn register_until_done(http: &Http, moderation_guilds: &[u64], health: &Health) {
    let mut all_stand = true;
    let places = std::iter::once(None).chain(moderation_guilds.iter().copied().map(Some));
    for place in places {
        let register = || register_in(http, place.map(GuildId::new));
        let registered = register.retry(backoff()).when(may_succeed_later).notify(|error, pause| {
            let error = describe(error);
            tracing::warn!(
                guild = place,
                error,
                seconds = pause.as_secs_f32(),
                "commands could not be registered; trying again"
            );
            health.refuse(COMMANDS_REFUSED, error);
        });
        if let Err(error) = registered.await {
            let error = describe(&error);
            tracing::error!(
                guild = place,
                error,
                "commands can't be registered; is the bot in this server, with the applications.commands scope?"
            );
            health.refuse(COMMANDS_REFUSED, error);
            all_stand = false;
        }
    }
    if all_stand {
        health.allow(COMMANDS_REFUSED);
    }
}

/// What health says is refused while commands are not registered.
const COMMANDS_REFUSED: &str = "commands";

/// Whether the same call may succeed later: not if Discord understood it and said no.
fn may_succeed_later(error: &serenity::Error) -> bool {
    !matches!(status_of(error), Some(400..=499)) || status_of(error) == Some(429)
}

async fn register_in(http: &Http, guild: Option<GuildId>) -> serenity::Result<()> {
    let wanted = if guild.is_some() { moderator_commands() } else { member_commands() };
    let existing = match guild {
        None => http.get_global_commands().await,
        Some(guild) => http.get_guild_commands(guild).await,
    };
    let is_same = existing.as_ref().is_ok_and(|existing| {
        let existing: Vec<Value> = existing.iter().filter_map(|command| serde_json::to_value(command).ok()).collect();
        same(&existing, &wanted)
    });
    if is_same {
        return Ok(());
    }
    match guild {
        None => http.create_global_commands(&wanted).await?,
        Some(guild) => http.create_guild_commands(guild, &wanted).await?,
    };
    tracing::info!(guild = guild.map(GuildId::get), commands = wanted.len(), "commands registered");
    Ok(())
}

fn member_commands() -> Vec<Value> {
    let members = COMMANDS.iter().filter(|info| info.audience == Audience::Everybody);
    members
        .map(|info| {
            let mut command = json!({
                "type": if info.entry == Entry::MessageMenu { MESSAGE } else { CHAT_INPUT },
                "name": info.name,
                "contexts": EVERYWHERE,
                "integration_types": ANY_INSTALL,
            });
            if info.entry == Entry::Slash {
                command["description"] = json!(info.description);
                command["options"] = info.options.iter().map(option).collect();
            }
            command
        })
        .collect()
}

/// Moderators' commands have two words; the first is the command, the second its subcommand.
fn moderator_commands() -> Vec<Value> {
    let moderators = COMMANDS.iter().filter(|info| info.audience == Audience::Moderators);
    let subcommands: Vec<Value> = moderators.filter_map(subcommand).collect();
    vec![json!({
        "type": CHAT_INPUT,
        "name": "corpus",
        "description": "Look after the articles that I quote (moderators)",
        "default_member_permissions": MANAGE_GUILD.to_string(),
        "contexts": GUILD_ONLY,
        "integration_types": GUILD_INSTALL,
        "options": subcommands,
    })]
}

fn subcommand(info: &Command) -> Option<Value> {
    let (_, name) = info.name.split_once(' ')?;
    let options: Vec<Value> = info.options.iter().map(option).collect();
    Some(json!({ "type": SUBCOMMAND, "name": name, "description": info.description, "options": options }))
}

fn option(option: &CommandOption) -> Value {
    let mut value = json!({
        "type": if option.kind == OptionKind::YesNo { BOOLEAN } else { STRING },
        "name": option.name,
        "description": option.description,
        "required": option.required,
    });
    match option.kind {
        OptionKind::Text => value["max_length"] = json!(TEXT_MAX_CHARS),
        OptionKind::Autocomplete(_) => value["autocomplete"] = json!(true),
        OptionKind::YesNo => {}
    }
    value
}

/// Whether two lists of commands mean the same, whatever order and defaults Discord gives them.
fn same(existing: &[Value], wanted: &[Value]) -> bool {
    let normal = |commands: &[Value]| {
        let mut commands: Vec<String> = commands.iter().map(|command| normal(command).to_string()).collect();
        commands.sort();
        commands
    };
    normal(existing) == normal(wanted)
}

/// The keys that we set, without those that say nothing.
fn normal(value: &Value) -> Value {
    const KEYS: [&str; 10] = [
        "type",
        "name",
        "description",
        "required",
        "max_length",
        "autocomplete",
        "options",
        "default_member_permissions",
        "contexts",
        "integration_types",
    ];
    let Value::Object(object) = value else { return value.clone() };
    let says_nothing = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    let kept = object.iter().filter(|(key, value)| KEYS.contains(&key.as_str()) && !says_nothing(value)).map(
        |(key, value)| {
            let value = match (key.as_str(), value) {
                ("options", Value::Array(options)) => options.iter().map(normal).collect(),
                ("contexts" | "integration_types", Value::Array(numbers)) => {
                    let mut numbers = numbers.clone();
                    numbers.sort_by_key(Value::to_string);
                    Value::Array(numbers)
                }
                _ => value.clone(),
            };
            (key.clone(), value)
        },
    );
    Value::Object(kept.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_discord_gives_back_is_the_same_and_any_difference_is_not() {
        let wanted = member_commands();
        let mut existing = wanted.clone();
        existing.reverse();
        for command in &mut existing {
            command["id"] = json!("1");
            command["nsfw"] = json!(false);
            command["default_member_permissions"] = Value::Null;
            command["contexts"] = json!([2, 1, 0]);
        }
        assert!(same(&existing, &wanted));
        existing[0]["name"] = json!("other");
        assert!(!same(&existing, &wanted));
        assert!(!same(&wanted[1..], &wanted));
    }
}
