//! Everything that the bot says: an answer or an error to a [`Reply`], a finished, platform-neutral message.
//!
//! Every sentence for a user stands in this room or in [`crate::error`], under snapshot tests (`tests/suite/replies.rs`). A reply
//! can't be made without the disclaimer: its one constructor asks for it (P2, `every_reply_carries_the_disclaimer`).

mod answers;
mod browse;
mod information;
pub mod limits;
mod moderation;
mod passage;
pub mod render;

pub use moderation::{SemanticState, Status, change_lines};
pub use passage::PassageView;

use crate::commands::Action;
use crate::triage::Card;
use limits::{BUTTON_LABEL_MAX_CHARS, cut};

/// What a crisis card says once moderators were told.
const MODERATORS_KNOW: &str =
    "The moderators of this server were told that I showed this card here. They were not told your words.";

/// Room for a list inside a reply, in Unicode code points: fits the plain form with title and disclaimer.
const LIST_MAX_CHARS: usize = 1_500;

/// Who sees a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody who can read the channel.
    Public,
    /// Only the person who asked, where Discord can do that.
    Private,
}

/// A finished message, with everything that must stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    title: Option<String>,
    card: Option<Card>,
    card_id: Option<String>,
    /// Whether the card is one for a crisis.
    is_crisis: bool,
    /// Whether moderators were told that it was shown.
    moderators_know: bool,
    lead: Vec<String>,
    passages: Vec<PassageView>,
    tail: Vec<String>,
    rows: Vec<Row>,
    visibility: Visibility,
    /// Whether it is a page of something that is being browsed.
    is_page: bool,
    disclaimer: String,
}

/// A row of controls below a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// Buttons.
    Buttons(Vec<Button>),
    /// A select menu.
    Menu {
        /// What it says before something is chosen.
        placeholder: String,
        /// Its options.
        options: Vec<Choice>,
    },
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// Its label.
    pub label: String,
    /// What it does.
    pub action: Action,
    /// How much it asks to be pressed.
    pub weight: Weight,
}

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The thing to do next.
    Main,
    /// One thing among others.
    Plain,
    /// Takes something away.
    Takes,
}

/// An option of a menu, or a suggestion while typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is shown.
    pub label: String,
    /// What is sent back.
    pub value: String,
}

/// What replies are made with.
#[derive(Debug, Clone)]
pub struct Presenter {
    disclaimer: String,
}

impl Reply {
    /// The only way to make a reply: the disclaimer comes first.
    fn new(disclaimer: &str, title: Option<&str>) -> Self {
        Self {
            title: title.map(str::to_owned),
            card: None,
            card_id: None,
            is_crisis: false,
            moderators_know: false,
            lead: Vec::new(),
            passages: Vec::new(),
            tail: Vec::new(),
            rows: Vec::new(),
            visibility: Visibility::Public,
            is_page: false,
            disclaimer: disclaimer.to_owned(),
        }
    }

    fn private(mut self) -> Self {
        self.visibility = Visibility::Private;
        self
    }

    fn saying(mut self, text: impl Into<String>) -> Self {
        self.lead.push(text.into());
        self
    }

    fn with_buttons(mut self, buttons: Vec<Button>) -> Self {
        if !buttons.is_empty() {
            self.rows.push(Row::Buttons(buttons));
        }
        self
    }

    fn with_menu(mut self, placeholder: &str, options: Vec<Choice>) -> Self {
        if !options.is_empty() {
            self.rows.push(Row::Menu { placeholder: placeholder.to_owned(), options });
        }
        self
    }

    fn has_body(&self) -> bool {
        !(self.lead.is_empty() && self.passages.is_empty() && self.tail.is_empty())
    }

    /// Who sees it.
    pub const fn visibility(&self) -> Visibility {
        self.visibility
    }

    /// The same reply, for the asker alone.
    #[must_use]
    pub fn for_the_asker_alone(self) -> Self {
        self.private()
    }

    /// The same reply, for the asker alone, and never in place of the message that it was asked from.
    #[must_use]
    pub fn beside_its_message(mut self) -> Self {
        self.is_page = false;
        self.private()
    }

    /// Whether it may take the place of a private message whose button was pressed. Only a page that is being browsed may:
    /// a card must never disappear because somebody read on.
    pub const fn may_replace_its_message(&self) -> bool {
        self.is_page
    }

    fn into_page(mut self) -> Self {
        self.is_page = true;
        self
    }

    /// Controls below it.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Passages that it quotes.
    pub fn passages(&self) -> &[PassageView] {
        &self.passages
    }

    /// The disclaimer that it ends with.
    pub fn disclaimer(&self) -> &str {
        &self.disclaimer
    }

    /// Whether a card stands above everything else.
    pub const fn has_card(&self) -> bool {
        self.card.is_some()
    }

    /// Whether it is an answer to somebody in a crisis.
    pub const fn is_crisis(&self) -> bool {
        self.is_crisis
    }

    /// The same reply after moderators were told that it is shown, which it says then and only then.
    #[must_use]
    pub fn known_to_moderators(mut self) -> Self {
        self.moderators_know = true;
        if let Some(card) = &mut self.card {
            card.lines.push(MODERATORS_KNOW.to_owned());
        }
        self
    }

    /// Adds the button with which the asker, or a moderator, can remove the answer. What only the asker sees needs none.
    #[must_use]
    pub fn removable_by(mut self, asker: u64) -> Self {
        if self.visibility == Visibility::Private {
            return self;
        }
        let remove = button("Remove", Action::Remove { asker }, Weight::Takes);
        let last = self.rows.iter_mut().rev().find_map(|row| match row {
            Row::Buttons(buttons) if buttons.len() < limits::BUTTONS_MAX => Some(buttons),
            _ => None,
        });
        match last {
            Some(buttons) => buttons.push(remove),
            None => self.rows.push(Row::Buttons(vec![remove])),
        }
        self
    }
}

fn button(label: &str, action: Action, weight: Weight) -> Button {
    Button { label: cut(label, BUTTON_LABEL_MAX_CHARS), action, weight }
}

impl Presenter {
    /// Says everything with this disclaimer.
    pub const fn new(disclaimer: String) -> Self {
        Self { disclaimer }
    }

    fn reply(&self, title: Option<&str>) -> Reply {
        Reply::new(&self.disclaimer, title)
    }
}

/// A number with its noun: `1 passage`, `2 passages`.
fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
