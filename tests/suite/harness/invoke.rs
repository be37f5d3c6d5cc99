//! What people do with commands: slash commands, context menus, typing into an option.

use std::{future::IntoFuture, panic::Location, pin::Pin};

use serde_json::{Value, json};

use super::{
    command_request::CommandRequest,
    commands::{ON_MESSAGE, SLASH},
    discord::{Discord, PATIENCE, State},
    events::{self, AUTOCOMPLETE, COMMAND},
    reply::Reply,
    world::{Guild, Place, Who},
};

pub(super) type Answering<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A command that is about to be used. Awaiting it sends it and waits for what the person sees in the end.
#[must_use = "a command is used when it is awaited"]
pub(crate) struct Command<'a> {
    discord: &'a Discord,
    at: &'static Location<'static>,
    name: String,
    options: Vec<(String, Value)>,
    target: Option<String>,
    focused: Option<String>,
    who: Who,
    guild: Option<Guild>,
    forced: bool,
}

/// Typing into an option of a command. Awaiting it gives the choices, as names and values.
#[must_use = "the choices come when it is awaited"]
pub(crate) struct Typing<'a>(Command<'a>);

impl Discord {
    /// A slash command; subcommands after a space: `slash("corpus refresh")`.
    #[track_caller]
    pub(crate) fn slash(&self, name: &str) -> Command<'_> {
        Command {
            discord: self,
            at: Location::caller(),
            name: name.into(),
            options: Vec::new(),
            target: None,
            focused: None,
            who: Who::Alice,
            guild: Some(Guild::Home),
            forced: false,
        }
    }

    /// An entry of a message's context menu, on a message that Bob wrote.
    #[track_caller]
    pub(crate) fn context_menu(&self, name: &str, target: &str) -> Command<'_> {
        Command { target: Some(target.into()), ..self.slash(name) }
    }

    #[track_caller]
    pub(crate) fn autocomplete(&self, command: &str, option: &str, typed: &str) -> Typing<'_> {
        Typing(Command { focused: Some(option.into()), ..self.slash(command).option(option, typed) })
    }

    pub(super) async fn outcome(&self, token: &str, complaint: &str) -> Reply {
        self.until(complaint, PATIENCE, |state| state.outcome(token)).await
    }
}

impl Command<'_> {
    pub(crate) fn option(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.options.push((name.into(), value.into()));
        self
    }

    pub(crate) fn by(mut self, who: Who) -> Self {
        self.who = who;
        self
    }

    pub(crate) fn in_dm(mut self) -> Self {
        self.guild = None;
        self
    }

    pub(crate) fn in_guild(mut self, guild: Guild) -> Self {
        self.guild = Some(guild);
        self
    }

    /// Sends it even if Discord's client would not offer it: wrong place, missing rights, missing options.
    pub(crate) fn forced(mut self) -> Self {
        self.forced = true;
        self
    }

    async fn answered(self) -> Reply {
        let place = self.guild.map_or(Place::Direct(self.who), Place::Guild);
        let sent = self.discord.shared.change(|state| self.send(state, place));
        let token = match sent {
            Ok(token) => token,
            Err(sentence) => self.discord.fail(&format!("{sentence} ({})", self.at)),
        };
        let complaint = format!("no answer to {:?} ({}) came", self.name, self.at);
        self.discord.outcome(&token, &complaint).await
    }

    fn send(&self, state: &mut State, place: Place) -> Result<String, String> {
        let mut data = state.command_data(&CommandRequest {
            name: &self.name,
            kind: if self.target.is_some() { ON_MESSAGE } else { SLASH },
            options: &self.options,
            focused: self.focused.as_deref(),
            who: self.who,
            place,
            forced: self.forced,
        })?;
        if let Some(text) = &self.target {
            let id = state.new_id();
            let message = events::message(&id, place, &Who::Bob.user(), text);
            data["target_id"] = json!(id);
            data["resolved"]["messages"] = json!({&id: message});
            state.keep(message);
        }
        let typed = self.options.iter().filter_map(|(_, value)| value.as_str());
        state.said.extend(typed.chain(self.target.as_deref()).map(str::to_owned));
        let kind = if self.focused.is_some() { AUTOCOMPLETE } else { COMMAND };
        Ok(state.interact(kind, self.who, place, &data, None))
    }
}

impl<'a> IntoFuture for Command<'a> {
    type Output = Reply;
    type IntoFuture = Answering<'a, Reply>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.answered())
    }
}

impl<'a> IntoFuture for Typing<'a> {
    type Output = Vec<(String, String)>;
    type IntoFuture = Answering<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.0.answered().await.choices() })
    }
}
