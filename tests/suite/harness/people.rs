//! What people do besides writing: use a command, type into one, click, choose, fill in a form.

use std::{future::IntoFuture, panic::Location, pin::Pin};

use serde_json::{Value, json};

use super::{
    commands::{ON_MESSAGE, SLASH, Wish},
    discord::{Discord, PATIENCE, State},
    events::{self, AUTOCOMPLETE, COMMAND, COMPONENT, MODAL},
    messages::Occasion,
    reply::{Kind, Reply, label},
    world::{Guild, Place, Who},
};

const BUTTON: u64 = 2;
const TEXT_INPUT: u64 = 4;

type Answering<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A command that is about to be used. Awaiting it sends it and waits for what the person sees in the end.
#[must_use = "a command is used when it is awaited"]
pub(crate) struct Command<'a> {
    discord: &'a Discord,
    at: &'static Location<'static>,
    name: String,
    options: Vec<(String, Value)>,
    files: Vec<(String, String, Vec<u8>)>,
    target: Option<String>,
    focused: Option<String>,
    who: Who,
    guild: Option<Guild>,
    forced: bool,
}

/// Typing into an option of a command. Awaiting it gives the choices, as names and values.
#[must_use = "the choices come when it is awaited"]
pub(crate) struct Typing<'a>(Command<'a>);

/// A use of a component or a form that is about to happen.
#[must_use = "it happens when it is awaited"]
pub(crate) struct Press<'a> {
    discord: &'a Discord,
    at: &'static Location<'static>,
    reply: Reply,
    kind: u64,
    data: Value,
    who: Option<Who>,
    forced: bool,
}

impl Discord {
    /// A slash command; subcommands after a space: `slash("corpus refresh")`.
    #[track_caller]
    pub(crate) fn slash(&self, name: &str) -> Command<'_> {
        Command {
            discord: self,
            at: Location::caller(),
            name: name.into(),
            options: Vec::new(),
            files: Vec::new(),
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
        Command {
            target: Some(target.into()),
            ..self.slash(name)
        }
    }

    #[track_caller]
    pub(crate) fn autocomplete(&self, command: &str, option: &str, typed: &str) -> Typing<'_> {
        Typing(Command {
            focused: Some(option.into()),
            ..self.slash(command).option(option, typed)
        })
    }

    /// A click on the button with this label.
    #[track_caller]
    pub(crate) fn click(&self, reply: &Reply, wanted: &str) -> Press<'_> {
        let mut buttons = reply
            .components()
            .filter(|it| it["type"] == BUTTON && it["disabled"] != true);
        let found = buttons.find(|it| label(it) == wanted);
        let Some(button) = found else {
            panic!(
                "there is no button {wanted:?}, only {:?}, on\n{}",
                reply.buttons(),
                reply.text()
            );
        };
        let data = json!({"component_type": BUTTON, "custom_id": button["custom_id"]});
        self.press(reply, COMPONENT, data)
    }

    /// A click that no button offers: an old one, or a forged one.
    #[track_caller]
    pub(crate) fn forge_click(&self, reply: &Reply, custom_id: &str) -> Press<'_> {
        self.press(
            reply,
            COMPONENT,
            json!({"component_type": BUTTON, "custom_id": custom_id}),
        )
        .forced()
    }

    /// A choice in a select menu, by value or label.
    #[track_caller]
    pub(crate) fn select(&self, reply: &Reply, wanted: &str) -> Press<'_> {
        let fits = |it: &&Value| it["value"] == wanted || it["label"] == wanted;
        let choice = reply.components().find_map(|menu| {
            let option = menu["options"].as_array()?.iter().find(fits)?;
            Some((menu, option["value"].clone()))
        });
        let Some((menu, value)) = choice else {
            panic!(
                "there is no option {wanted:?}, only {:?}, in\n{}",
                reply.options(),
                reply.text()
            );
        };
        let kind = &menu["type"];
        let data =
            json!({"component_type": kind, "custom_id": menu["custom_id"], "values": [value]});
        self.press(reply, COMPONENT, data)
    }

    /// Fills in a form that the bot has opened: texts by label; what is not named keeps its default.
    #[track_caller]
    pub(crate) fn submit(&self, reply: &Reply, texts: &[(&str, &str)]) -> Press<'_> {
        assert_eq!(
            reply.kind,
            Kind::Modal,
            "only a form can be filled in, not\n{}",
            reply.text()
        );
        let rows: Vec<Value> = reply
            .components()
            .map(|input| filled_in(input, texts))
            .collect();
        self.press(
            reply,
            MODAL,
            json!({"custom_id": reply.raw["custom_id"], "components": rows}),
        )
    }

    #[track_caller]
    fn press(&self, reply: &Reply, kind: u64, data: Value) -> Press<'_> {
        Press {
            discord: self,
            at: Location::caller(),
            reply: reply.clone(),
            kind,
            data,
            who: None,
            forced: false,
        }
    }

    async fn outcome(&self, token: &str, complaint: &str) -> Reply {
        self.until(complaint, PATIENCE, |state| state.outcome(token))
            .await
    }
}

impl Command<'_> {
    pub(crate) fn option(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.options.push((name.into(), value.into()));
        self
    }

    /// An option that takes a file.
    pub(crate) fn file(mut self, option: &str, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.push((option.into(), name.into(), bytes.into()));
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
        let mut data = state.command_data(&Wish {
            name: &self.name,
            kind: if self.target.is_some() {
                ON_MESSAGE
            } else {
                SLASH
            },
            options: &self.options,
            files: &self.files,
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
        state
            .said
            .extend(typed.chain(self.target.as_deref()).map(str::to_owned));
        let kind = if self.focused.is_some() {
            AUTOCOMPLETE
        } else {
            COMMAND
        };
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

impl Typing<'_> {
    pub(crate) fn by(self, who: Who) -> Self {
        Self(self.0.by(who))
    }

    pub(crate) fn in_dm(self) -> Self {
        Self(self.0.in_dm())
    }

    /// What stands in another option at that time.
    pub(crate) fn option(self, name: &str, value: impl Into<Value>) -> Self {
        Self(self.0.option(name, value))
    }
}

impl<'a> IntoFuture for Typing<'a> {
    type Output = Vec<(String, String)>;
    type IntoFuture = Answering<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.0.answered().await.choices() })
    }
}

impl Press<'_> {
    /// Somebody else than the person who asked.
    pub(crate) fn by(mut self, who: Who) -> Self {
        self.who = Some(who);
        self
    }

    /// Also on a message that this person cannot see.
    pub(crate) fn forced(mut self) -> Self {
        self.forced = true;
        self
    }

    fn send(&self, state: &mut State) -> Result<String, String> {
        let Reply {
            occasion,
            ephemeral,
            place,
            ..
        } = &self.reply;
        let asker = state.asker(occasion);
        let who = self.who.unwrap_or(asker);
        if *ephemeral && who != asker && !self.forced {
            return Err(format!("only {asker:?} can see this message, not {who:?}"));
        }
        let source = match self.kind {
            MODAL => state.source_of(occasion),
            _ => Some(self.reply.id().to_owned()),
        };
        Ok(state.interact(self.kind, who, *place, &self.data, source.as_deref()))
    }
}

impl<'a> IntoFuture for Press<'a> {
    type Output = Reply;
    type IntoFuture = Answering<'a, Reply>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let sent = self.discord.shared.change(|state| self.send(state));
            let token = match sent {
                Ok(token) => token,
                Err(sentence) => self.discord.fail(&format!("{sentence} ({})", self.at)),
            };
            let complaint = format!("no answer to {} ({}) came", self.data, self.at);
            self.discord.outcome(&token, &complaint).await
        })
    }
}

impl State {
    /// Who brought the bot to say something.
    fn asker(&self, occasion: &Occasion) -> Who {
        let asker = match occasion {
            Occasion::Interaction(token) => self.who_used(token),
            Occasion::Message(id) => {
                let author = self.message(id).and_then(|it| it["author"]["id"].as_str());
                author.and_then(Who::of_user)
            }
            Occasion::Nothing => None,
        };
        asker.unwrap_or(Who::Alice)
    }
}

fn filled_in(input: &Value, texts: &[(&str, &str)]) -> Value {
    let given = texts.iter().find(|(name, _)| input["label"] == *name);
    let value = given.map_or_else(|| input["value"].clone(), |(_, text)| json!(text));
    let value = if value.is_null() { json!("") } else { value };
    let input = json!({"type": TEXT_INPUT, "custom_id": input["custom_id"], "value": value});
    json!({"type": 1, "components": [input]})
}
