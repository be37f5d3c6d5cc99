//! What people write: plain messages, mentions of the bot, direct messages, replies.

use std::{future::IntoFuture, panic::Location, pin::Pin};

use serde_json::json;

use super::{
    discord::{Discord, PATIENCE, State},
    events,
    messages::{Occasion, without_referenced},
    reply::Reply,
    world::{APPLICATION, Guild, Place, Who, bot_user, user},
};

const OTHER_BOT: u64 = 1_100_000_000_000_000_002;
const WEBHOOK: u64 = 1_100_000_000_000_000_003;

/// A message that is about to be sent. Awaiting it sends it and waits for the reply.
#[must_use = "a message is sent when it is awaited"]
#[derive(Clone)]
pub(crate) struct Say<'a> {
    discord: &'a Discord,
    at: &'static Location<'static>,
    text: String,
    who: Who,
    author: Author,
    place: Option<Guild>,
    mention: bool,
    everyone: bool,
    replied_to: Option<String>,
    /// The message that this is a new version of.
    edited: Option<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Author {
    Person,
    OtherBot,
    Webhook,
}

impl Discord {
    /// A message in `#general` that does not mention the bot.
    #[track_caller]
    pub(crate) fn message(&self, text: &str) -> Say<'_> {
        Say {
            discord: self,
            at: Location::caller(),
            text: text.into(),
            who: Who::Alice,
            author: Author::Person,
            place: Some(Guild::Home),
            mention: false,
            everyone: false,
            replied_to: None,
            edited: None,
        }
    }

    /// A message that mentions the bot: in front, or where `{bot}` stands.
    #[track_caller]
    pub(crate) fn mention(&self, text: &str) -> Say<'_> {
        Say { mention: true, ..self.message(text) }
    }

    /// A direct message to the bot.
    #[track_caller]
    pub(crate) fn dm(&self, text: &str) -> Say<'_> {
        Say { place: None, ..self.message(text) }
    }

    /// The person who got this reply edits the message that it answered.
    #[track_caller]
    pub(crate) fn edit(&self, reply: &Reply, text: &str) -> Say<'_> {
        let Occasion::Message(id) = &reply.occasion else {
            panic!("only an answer to a message has a message to edit, not\n{}", reply.text());
        };
        let who = self.shared.lock().asker(&reply.occasion);
        let place = reply.place.guild();
        Say { edited: Some(id.clone()), who, place, ..self.message(text) }
    }

    /// Sends a message and proves that the bot keeps silent about it.
    ///
    /// Nobody can wait for nothing; so two strangers, one after the other, then ask the bot elsewhere, and by the time
    /// that both are answered there must be no answer here. One that comes later still fails the test in the end, as
    /// unread.
    #[track_caller]
    pub(crate) fn assert_no_reply<'a>(
        &'a self,
        what: impl FnOnce(&'a Self) -> Say<'a>,
    ) -> impl Future<Output = ()> + 'a {
        let at = Location::caller();
        let say = what(self);
        async move {
            let occasion = say.send();
            let place = say.place();
            for _ in 0..2 {
                let stranger = self.shared.lock().messages.posted.len() % usize::from(u16::MAX);
                let stranger = Who::Stranger(u16::try_from(stranger).unwrap_or_default());
                self.mention("What is a facial twitch?").by(stranger).in_guild(Guild::Elsewhere).await;
            }
            let broken = self.shared.change(|state| state.next_unread(&occasion, place));
            if let Some(reply) = broken {
                self.fail(&format!("the bot should have kept silent ({at}), but:\n{}", reply.text()));
            }
        }
    }

    /// The bot's next message on the same occasion: a second page, a follow-up.
    pub(crate) async fn another(&self, reply: &Reply) -> Reply {
        let look = |state: &mut State| state.next_unread(&reply.occasion, reply.place);
        self.until("no further message came", PATIENCE, look).await
    }

    /// The same message as it stands now.
    pub(crate) fn look_again(&self, reply: &Reply) -> Reply {
        self.shared.lock().read(reply.id(), reply.kind, &reply.occasion)
    }
}

impl Say<'_> {
    pub(crate) fn by(mut self, who: Who) -> Self {
        self.who = who;
        self
    }

    pub(crate) fn in_guild(mut self, guild: Guild) -> Self {
        self.place = Some(guild);
        self
    }

    /// With `@everyone` in front.
    pub(crate) fn everyone(mut self) -> Self {
        self.everyone = true;
        self
    }

    pub(crate) fn by_another_bot(mut self) -> Self {
        self.author = Author::OtherBot;
        self
    }

    pub(crate) fn by_webhook(mut self) -> Self {
        self.author = Author::Webhook;
        self
    }

    /// As a reply to the bot, without the ping that Discord adds by default; with [`Discord::mention`] it has one.
    pub(crate) fn replying_to(mut self, reply: &Reply) -> Self {
        self.replied_to = Some(reply.id().to_owned());
        self
    }

    /// Sends the message without waiting for anything.
    pub(crate) fn send(&self) -> Occasion {
        self.discord.shared.change(|state| Occasion::Message(self.post(state)))
    }

    fn place(&self) -> Place {
        self.place.map_or(Place::Direct(self.who), Place::Guild)
    }

    fn post(&self, state: &mut State) -> String {
        let id = self.edited.clone().unwrap_or_else(|| state.new_id());
        let bot = format!("<@{APPLICATION}>");
        let mut content = self.text.replace("{bot}", &bot);
        if self.mention && self.replied_to.is_none() && !content.contains(&bot) {
            content = format!("{bot} {content}");
        }
        if self.everyone {
            content = format!("@everyone {content}");
        }
        let author = match self.author {
            Author::Person => self.who.user(),
            Author::OtherBot => user(&OTHER_BOT.to_string(), "another bot", true),
            Author::Webhook => user(&WEBHOOK.to_string(), "a webhook", true),
        };
        let mut message = events::message(&id, self.place(), &author, content.trim());
        message["mention_everyone"] = json!(self.everyone);
        if self.mention || content.contains(&bot) {
            message["mentions"] = json!([bot_user()]);
        }
        if self.author == Author::Webhook {
            message["webhook_id"] = json!(WEBHOOK.to_string());
        }
        if let Some(replied_to) = &self.replied_to {
            let channel = self.place().channel_id();
            message["type"] = json!(19);
            message["message_reference"] = json!({"type": 0, "message_id": replied_to, "channel_id": channel});
            message["referenced_message"] =
                state.message(replied_to).map_or(json!(null), |it| without_referenced(it.clone()));
        }
        if self.edited.is_some() {
            message["edited_timestamp"] = message["timestamp"].clone();
        }
        state.said.push(self.text.clone());
        let guild = self.place().guild();
        let intents = state.intents_for(guild);
        let member = Some(self.who).filter(|_| self.author == Author::Person);
        let event = events::message_event(&message, self.place(), member, intents);
        state.keep(message);
        let name = if self.edited.is_some() { "MESSAGE_UPDATE" } else { "MESSAGE_CREATE" };
        state.dispatch(name, &event, guild);
        id
    }
}

impl<'a> IntoFuture for Say<'a> {
    type Output = Reply;
    type IntoFuture = Pin<Box<dyn Future<Output = Reply> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let occasion = self.send();
            let place = self.place();
            let complaint = format!("no reply to {:?} ({}) came", self.text, self.at);
            let look = |state: &mut State| state.next_unread(&occasion, place);
            self.discord.until(&complaint, PATIENCE, look).await
        })
    }
}
