//! What a person sees of an answer, as a value for assertions and as stable text for snapshots.

use std::fmt;

use serde_json::Value;

use super::{
    events::EPHEMERAL,
    messages::{Occasion, Posted},
    world::Place,
};

const BUTTON: u64 = 2;
const LINK_STYLE: u64 = 5;

/// How the bot answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A message in the channel, or a further one after the first response.
    Posted,
    /// A message at once, to an interaction.
    Message,
    /// A message after "is thinking...".
    Deferred,
    /// A change of the message with the component, at once.
    Update,
    /// The same after a silent acknowledgement, or a further message after it.
    DeferredUpdate,
    Choices,
}

/// An answer of the bot as it stood when the test looked.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) kind: Kind,
    /// Only the person who asked can see it.
    pub(crate) ephemeral: bool,
    pub(crate) embeds: Vec<Value>,
    /// The id of the message that it visibly replies to.
    pub(crate) replies_to: Option<String>,
    /// The message object, or the data of choices.
    pub(crate) raw: Value,
    pub(crate) deleted: bool,
    /// What it is shown for: a message with buttons may have been posted for something else before.
    pub(super) occasion: Occasion,
    pub(super) place: Place,
}

impl Reply {
    pub(super) fn of_message(raw: Value, posted: &Posted, kind: Kind, occasion: Occasion) -> Self {
        Self {
            kind,
            ephemeral: raw["flags"].as_u64().unwrap_or_default() & EPHEMERAL != 0,
            embeds: list(&raw["embeds"]).to_vec(),
            replies_to: raw["message_reference"]["message_id"].as_str().map(str::to_owned),
            raw,
            deleted: posted.deleted,
            occasion,
            place: posted.place,
        }
    }

    pub(super) fn of_data(raw: Value, place: Place, kind: Kind, occasion: Occasion) -> Self {
        Self { kind, ephemeral: false, embeds: Vec::new(), replies_to: None, raw, deleted: false, occasion, place }
    }

    /// The id of the message, if it is one.
    pub(crate) fn id(&self) -> &str {
        self.raw["id"].as_str().unwrap_or_default()
    }

    pub(crate) fn content(&self) -> &str {
        text(&self.raw["content"])
    }

    /// Whether it is shown as a reply to the very message that was answered.
    pub(crate) fn replies_to_the_asker(&self) -> bool {
        matches!(&self.occasion, Occasion::Message(id) if self.replies_to.as_ref() == Some(id))
    }

    /// The labels of the buttons that can be clicked.
    pub(crate) fn buttons(&self) -> Vec<String> {
        let buttons = self.components().filter(|it| it["type"] == BUTTON && it["disabled"] != true);
        buttons.map(|it| label(it).to_owned()).collect()
    }

    /// The labels in the select menus.
    pub(crate) fn options(&self) -> Vec<String> {
        let options = self.components().flat_map(|it| list(&it["options"]));
        options.map(|it| text(&it["label"]).to_owned()).collect()
    }

    /// The choices of an autocomplete, as names and values.
    pub(super) fn choices(&self) -> Vec<(String, String)> {
        let value = |it: &Value| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
        let pair = |it: &Value| (text(&it["name"]).to_owned(), value(&it["value"]));
        list(&self.raw["choices"]).iter().map(pair).collect()
    }

    pub(super) fn components(&self) -> impl Iterator<Item = &Value> {
        list(&self.raw["components"]).iter().flat_map(|row| list(&row["components"]))
    }

    /// Everything that a person sees, without anything that changes from run to run.
    pub(crate) fn text(&self) -> String {
        let mut lines = Vec::new();
        if self.deleted {
            return "(deleted)".into();
        }
        if self.ephemeral {
            lines.push("(only you can see this)".into());
        }
        push(&mut lines, "", self.content());
        for embed in &self.embeds {
            lines.push("┌".into());
            lines.extend(embed_lines(embed).iter().map(|line| format!("│ {line}").trim_end().to_owned()));
            lines.push("└".into());
        }
        for (name, value) in self.choices() {
            lines.push(format!("{name} = {value}"));
        }
        for row in list(&self.raw["components"]) {
            let row: Vec<String> = list(&row["components"]).iter().map(component_text).collect();
            lines.push(row.join(" "));
        }
        lines.join("\n")
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} reply:\n{}", self.kind, self.text())
    }
}

fn embed_lines(embed: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    push(&mut lines, "", text(&embed["author"]["name"]));
    push(&mut lines, "# ", text(&embed["title"]));
    push(&mut lines, "-> ", text(&embed["url"]));
    push(&mut lines, "", text(&embed["description"]));
    for field in list(&embed["fields"]) {
        push(&mut lines, "## ", text(&field["name"]));
        push(&mut lines, "", text(&field["value"]));
    }
    push(&mut lines, "image: ", text(&embed["image"]["url"]));
    push(&mut lines, "-- ", text(&embed["footer"]["text"]));
    lines
}

fn component_text(component: &Value) -> String {
    let off = if component["disabled"] == true { " (off)" } else { "" };
    if component["type"] == BUTTON {
        let target = if component["style"] == LINK_STYLE { text(&component["url"]) } else { "" };
        let arrow = if target.is_empty() { "" } else { " -> " };
        return format!("[{}{arrow}{target}{off}]", label(component));
    }
    let mut lines = vec![format!("[▾ {}{}{off}]", text(&component["placeholder"]), text(&component["label"]))];
    for option in list(&component["options"]) {
        let description = text(&option["description"]);
        let dash = if description.is_empty() { "" } else { " - " };
        lines.push(format!("  * {}{dash}{description}", text(&option["label"])));
    }
    lines.join("\n")
}

/// What stands on a button.
pub(super) fn label(button: &Value) -> &str {
    let label = text(&button["label"]);
    if label.is_empty() { text(&button["emoji"]["name"]) } else { label }
}

fn push(lines: &mut Vec<String>, mark: &str, text: &str) {
    if !text.is_empty() {
        lines.extend(format!("{mark}{text}").lines().map(str::to_owned));
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
