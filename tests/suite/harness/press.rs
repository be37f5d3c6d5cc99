//! What people do with a message's components: click and choose.

use std::{future::IntoFuture, panic::Location};

use serde_json::{Value, json};

use super::{
    discord::{Discord, State},
    events::COMPONENT,
    invoke::Answering,
    messages::Occasion,
    reply::{Reply, label},
    world::Who,
};

const BUTTON: u64 = 2;

/// A use of a component that is about to happen.
#[must_use = "it happens when it is awaited"]
pub(crate) struct Press<'a> {
    discord: &'a Discord,
    at: &'static Location<'static>,
    reply: Reply,
    data: Value,
    who: Option<Who>,
    forced: bool,
}

impl Discord {
    /// A click on the button with this label.
    #[track_caller]
    pub(crate) fn click(&self, reply: &Reply, wanted: &str) -> Press<'_> {
        let mut buttons = reply.components().filter(|it| it["type"] == BUTTON && it["disabled"] != true);
        let found = buttons.find(|it| label(it) == wanted);
        let Some(button) = found else {
            panic!("there is no button {wanted:?}, only {:?}, on\n{}", reply.buttons(), reply.text());
        };
        let data = json!({"component_type": BUTTON, "custom_id": button["custom_id"]});
        self.press(reply, data)
    }

    /// A click that no button offers: an old one, or a forged one.
    #[track_caller]
    pub(crate) fn forge_click(&self, reply: &Reply, custom_id: &str) -> Press<'_> {
        self.press(reply, json!({"component_type": BUTTON, "custom_id": custom_id})).forced()
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
            panic!("there is no option {wanted:?}, only {:?}, in\n{}", reply.options(), reply.text());
        };
        let kind = &menu["type"];
        let data = json!({"component_type": kind, "custom_id": menu["custom_id"], "values": [value]});
        self.press(reply, data)
    }

    #[track_caller]
    fn press(&self, reply: &Reply, data: Value) -> Press<'_> {
        Press { discord: self, at: Location::caller(), reply: reply.clone(), data, who: None, forced: false }
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
        let Reply { occasion, ephemeral, place, .. } = &self.reply;
        let asker = state.asker(occasion);
        let who = self.who.unwrap_or(asker);
        if *ephemeral && who != asker && !self.forced {
            return Err(format!("only {asker:?} can see this message, not {who:?}"));
        }
        Ok(state.interact(COMPONENT, who, *place, &self.data, Some(self.reply.id())))
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
    pub(super) fn asker(&self, occasion: &Occasion) -> Who {
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
