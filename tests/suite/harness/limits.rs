//! Discord's limits on what a bot sends, each broken one as a sentence. Lengths are Unicode code points, as Discord
//! counts.

use std::collections::BTreeSet;

use serde_json::Value;

const CONTENT: usize = 2000;
const EMBEDS: usize = 10;
const EMBED_TITLE: usize = 256;
const EMBED_DESCRIPTION: usize = 4096;
const EMBED_FIELDS: usize = 25;
const FIELD_NAME: usize = 256;
const FIELD_VALUE: usize = 1024;
const EMBED_FOOTER: usize = 2048;
const EMBED_AUTHOR: usize = 256;
/// Over all embeds of a message.
const EMBEDS_TOTAL: usize = 6000;
const ROWS: usize = 5;
const BUTTONS_IN_ROW: usize = 5;
const CUSTOM_ID: usize = 100;
const BUTTON_LABEL: usize = 80;
const PLACEHOLDER: usize = 150;
const SELECT_OPTIONS: usize = 25;
const SELECT_TEXT: usize = 100;
const CHOICES: usize = 25;
const CHOICE_TEXT: usize = 100;
const COMMANDS: usize = 100;
const COMMAND_NAME: usize = 32;
const COMMAND_DESCRIPTION: usize = 100;
const COMMAND_OPTIONS: usize = 25;
/// Names, descriptions and choices of one command together.
const COMMAND_TOTAL: usize = 8000;
const LINK_STYLE: u64 = 5;

/// Collects what is wrong, with the name of the field in front.
#[derive(Default)]
struct Check {
    wrong: Vec<String>,
}

impl Check {
    fn at_most(&mut self, what: &str, number: usize, limit: usize, unit: &str) {
        if number > limit {
            self.wrong.push(format!("{what} has {number} {unit}, and Discord allows {limit}"));
        }
    }

    fn text(&mut self, what: &str, value: &Value, limit: usize) -> usize {
        let length = length(value);
        self.at_most(what, length, limit, "characters");
        length
    }

    /// A text that must not be missing.
    fn full_text(&mut self, what: &str, value: &Value, limit: usize) -> usize {
        let length = self.text(what, value, limit);
        if length == 0 {
            self.wrong.push(format!("{what} is empty, and Discord wants 1 to {limit} characters"));
        }
        length
    }

    fn embed(&mut self, embed: &Value) -> usize {
        let fields = list(&embed["fields"]);
        self.at_most("an embed", fields.len(), EMBED_FIELDS, "fields");
        let mut total = self.text("an embed's title", &embed["title"], EMBED_TITLE)
            + self.text("an embed's description", &embed["description"], EMBED_DESCRIPTION)
            + self.text("an embed's footer", &embed["footer"]["text"], EMBED_FOOTER)
            + self.text("an embed's author", &embed["author"]["name"], EMBED_AUTHOR);
        for field in fields {
            total += self.full_text("an embed field's name", &field["name"], FIELD_NAME);
            total += self.full_text("an embed field's value", &field["value"], FIELD_VALUE);
        }
        total
    }

    fn rows(&mut self, rows: &[Value]) {
        self.at_most("a message", rows.len(), ROWS, "rows of components");
        let mut ids = BTreeSet::new();
        for row in rows {
            let components = list(&row["components"]);
            if components.is_empty() {
                self.wrong.push("a row of components is empty".into());
            }
            let selects = components.iter().filter(|it| it["type"] != 2).count();
            if selects > 0 && components.len() > 1 {
                self.wrong.push("a select menu shares its row".into());
            }
            self.at_most("a row", components.len(), BUTTONS_IN_ROW, "buttons");
            for component in components {
                self.component(component, &mut ids);
            }
        }
    }

    fn component<'a>(&mut self, component: &'a Value, ids: &mut BTreeSet<&'a str>) {
        let is_link = component["type"] == 2 && component["style"] == LINK_STYLE;
        if is_link {
            self.full_text("a link button's address", &component["url"], 512);
        } else {
            self.full_text("a custom_id", &component["custom_id"], CUSTOM_ID);
            let id = component["custom_id"].as_str().unwrap_or_default();
            if !ids.insert(id) {
                self.wrong.push(format!("the custom_id {id:?} is used twice in one message"));
            }
        }
        if component["type"] == 2 {
            self.text("a button's label", &component["label"], BUTTON_LABEL);
            if length(&component["label"]) == 0 && component["emoji"].is_null() {
                self.wrong.push("a button has neither label nor emoji".into());
            }
        }
        if component["type"] == 3 {
            self.select(component);
        }
    }

    fn select(&mut self, select: &Value) {
        self.text("a select menu's placeholder", &select["placeholder"], PLACEHOLDER);
        let options = list(&select["options"]);
        self.at_most("a select menu", options.len(), SELECT_OPTIONS, "options");
        if options.is_empty() {
            self.wrong.push("a select menu has no options".into());
        }
        let mut values = BTreeSet::new();
        for option in options {
            self.full_text("a select option's label", &option["label"], SELECT_TEXT);
            self.full_text("a select option's value", &option["value"], SELECT_TEXT);
            self.text("a select option's description", &option["description"], SELECT_TEXT);
            if !values.insert(option["value"].as_str()) {
                self.wrong.push(format!("the select value {} is used twice", option["value"]));
            }
        }
    }

    /// A command, subcommand or option; returns its share of the total.
    fn named(&mut self, it: &Value, slash: bool) -> usize {
        let name = it["name"].as_str().unwrap_or_default();
        let mut total = self.full_text("a command's or option's name", &it["name"], COMMAND_NAME);
        let allowed = |c: char| c.is_alphanumeric() && !c.is_uppercase() || c == '-' || c == '_' || c == '\'';
        if slash && !name.chars().all(allowed) {
            self.wrong.push(format!("{name:?} cannot be the name of a slash command or option"));
        }
        if slash {
            total += self.full_text("a command's or option's description", &it["description"], COMMAND_DESCRIPTION);
        } else if length(&it["description"]) > 0 {
            self.wrong.push(format!("the context menu entry {name:?} has a description"));
        }
        let options = list(&it["options"]);
        self.at_most(name, options.len(), COMMAND_OPTIONS, "options");
        let required: Vec<bool> = options.iter().map(|it| it["required"] == true).collect();
        if required.windows(2).any(|pair| pair == [false, true]) {
            self.wrong.push(format!("/{name} has a required option after an optional one"));
        }
        let choices = list(&it["choices"]);
        self.at_most(name, choices.len(), CHOICES, "choices");
        for choice in choices {
            total += self.full_text("a choice's name", &choice["name"], CHOICE_TEXT);
            total += self.text("a choice's value", &choice["value"], CHOICE_TEXT);
        }
        total + options.iter().map(|option| self.named(option, true)).sum::<usize>()
    }
}

/// A message, new or edited.
pub(crate) fn message(body: &Value) -> Vec<String> {
    let mut check = Check::default();
    check.text("a message's content", &body["content"], CONTENT);
    let embeds = list(&body["embeds"]);
    check.at_most("a message", embeds.len(), EMBEDS, "embeds");
    let total = embeds.iter().map(|embed| check.embed(embed)).sum();
    check.at_most("a message", total, EMBEDS_TOTAL, "characters over its embeds");
    check.rows(list(&body["components"]));
    check.wrong
}

pub(crate) fn is_empty(body: &Value) -> bool {
    length(&body["content"]) == 0 && list(&body["embeds"]).is_empty() && list(&body["components"]).is_empty()
}

/// A message that could notify somebody (promise P6).
pub(crate) fn pings(body: &Value) -> Vec<String> {
    let allowed = &body["allowed_mentions"];
    let nobody = allowed["parse"].as_array().is_some_and(Vec::is_empty)
        && list(&allowed["users"]).is_empty()
        && list(&allowed["roles"]).is_empty()
        && allowed["replied_user"] != true;
    if nobody {
        return Vec::new();
    }
    vec![format!("a message may ping somebody: its allowed_mentions are {allowed}, not {{\"parse\": []}}")]
}

/// The choices of an autocomplete.
pub(crate) fn choices(choices: &Value) -> Vec<String> {
    let mut check = Check::default();
    let choices = list(choices);
    check.at_most("an autocomplete", choices.len(), CHOICES, "choices");
    for choice in choices {
        check.full_text("a choice's name", &choice["name"], CHOICE_TEXT);
        if choice["value"].is_string() {
            check.full_text("a choice's value", &choice["value"], CHOICE_TEXT);
        }
    }
    check.wrong
}

/// The commands of one scope.
pub(crate) fn commands(commands: &[Value]) -> Vec<String> {
    let mut check = Check::default();
    check.at_most("a scope", commands.len(), COMMANDS, "commands");
    let mut names = BTreeSet::new();
    for command in commands {
        let kind = command["type"].as_u64().unwrap_or(1);
        let total = check.named(command, kind == 1);
        check.at_most("a command", total, COMMAND_TOTAL, "characters");
        if !names.insert((kind, command["name"].as_str())) {
            check.wrong.push(format!("the command {} is registered twice", command["name"]));
        }
    }
    check.wrong
}

/// Code points after trimming, as Discord counts.
fn length(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.trim().chars().count())
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
