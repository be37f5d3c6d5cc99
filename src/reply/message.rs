//! A reply: its view, and what decides where and how it may be sent.

use super::limits::{BUTTON_LABEL_MAX_CHARS, BUTTONS_MAX, cut};
use super::view::{Button, ButtonStyle, Choice, ControlRow, ReplyView, Visibility};
use crate::commands::Action;
use crate::triage::Card;

/// What a crisis card says once moderators were told.
pub(super) const MODERATORS_TOLD: &str =
    "The moderators of this server were told that I showed this card here. They were not told your words.";

/// A finished message of the bot, for any platform.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    pub(super) view: ReplyView,
    /// Id of the card that it shows because of what was asked.
    pub(super) card_id: Option<String>,
    /// Whether the card is one for a crisis.
    pub(super) is_crisis: bool,
    /// Whether moderators were told that it was shown.
    pub(super) moderators_told: bool,
    /// Whether it is a page of something that is being browsed.
    is_page: bool,
}

impl Reply {
    /// The only way to make a reply: the disclaimer comes first.
    pub(super) fn new(disclaimer: &str, title: Option<&str>) -> Self {
        Self {
            view: ReplyView::new(disclaimer, title),
            card_id: None,
            is_crisis: false,
            moderators_told: false,
            is_page: false,
        }
    }

    pub(super) fn with_text(mut self, text: impl Into<String>) -> Self {
        self.view.lead.push(text.into());
        self
    }

    pub(super) fn with_card(mut self, card: Card) -> Self {
        self.view.card = Some(card);
        self
    }

    pub(super) fn with_buttons(mut self, buttons: Vec<Button>) -> Self {
        if !buttons.is_empty() {
            self.view.controls.push(ControlRow::Buttons(buttons));
        }
        self
    }

    pub(super) fn with_menu(mut self, placeholder: &str, options: Vec<Choice>) -> Self {
        if !options.is_empty() {
            self.view.controls.push(ControlRow::Menu { placeholder: placeholder.to_owned(), options });
        }
        self
    }

    pub(super) fn into_page(mut self) -> Self {
        self.is_page = true;
        self
    }

    /// What it shows, for every renderer.
    pub const fn view(&self) -> &ReplyView {
        &self.view
    }

    /// Who sees it.
    pub const fn visibility(&self) -> Visibility {
        self.view.visibility
    }

    /// The same reply, for the asker alone.
    #[must_use]
    pub fn into_private(mut self) -> Self {
        self.view.visibility = Visibility::Private;
        self
    }

    /// The same reply, for the asker alone, in a message of its own: it never replaces the message that it was asked
    /// from.
    #[must_use]
    pub fn into_private_message(mut self) -> Self {
        self.is_page = false;
        self.into_private()
    }

    /// Whether it may take the place of a private message whose button was pressed. Only a page that is being browsed
    /// may: a card must never disappear because somebody read on.
    pub const fn may_replace_its_message(&self) -> bool {
        self.is_page
    }

    /// Whether it is an answer to somebody in a crisis.
    pub const fn is_crisis(&self) -> bool {
        self.is_crisis
    }

    /// The same reply after moderators were told that it is shown, which it says then and only then.
    #[must_use]
    pub fn with_moderators_told(mut self) -> Self {
        self.moderators_told = true;
        if let Some(card) = &mut self.view.card {
            card.lines.push(MODERATORS_TOLD.to_owned());
        }
        self
    }

    /// Adds the button with which the asker, or a moderator, can remove the answer. What only the asker sees needs
    /// none.
    /// `asker` is a Discord user's id.
    #[must_use]
    pub fn removable_by(mut self, asker: u64) -> Self {
        if self.visibility() == Visibility::Private {
            return self;
        }
        let remove = button("Remove", Action::Remove { asker }, ButtonStyle::Danger);
        let with_room = self.view.controls.iter_mut().rev().find_map(|row| match row {
            ControlRow::Buttons(buttons) if buttons.len() < BUTTONS_MAX => Some(buttons),
            _ => None,
        });
        match with_room {
            Some(buttons) => buttons.push(remove),
            None => self.view.controls.push(ControlRow::Buttons(vec![remove])),
        }
        self
    }
}

/// A button whose label fits.
pub(super) fn button(label: &str, action: Action, style: ButtonStyle) -> Button {
    Button { label: cut(label, BUTTON_LABEL_MAX_CHARS), action, style }
}
