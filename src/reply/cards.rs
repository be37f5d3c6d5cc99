//! Safety cards: fixed texts that stand above everything else.

use crate::corpus::red_flags::{self, NUMBERS, RedFlags};

/// What a crisis card says once moderators were told.
pub(super) const MODERATORS_KNOW: &str =
    "The moderators of this server were told that I showed this card here. They were not told your words.";

/// A card, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// First line.
    pub title: String,
    /// Further lines.
    pub lines: Vec<String>,
}

/// The card with this id, with the emergency number of a country or a locale.
///
/// The cards that were built into the program stand in for a card that the corpus lost, so that an alert is never
/// without one.
pub fn card(flags: &RedFlags, id: &str, place: Option<&str>) -> Card {
    let fill = |flags: &RedFlags| {
        let card = flags.cards.get(id)?;
        let lines = card.lines.iter().map(|line| line.replace(NUMBERS, &flags.numbers.line(place))).collect();
        Some(Card { title: card.title.clone(), lines })
    };
    fill(flags).or_else(|| fill(red_flags::built_in())).unwrap_or_else(last_resort)
}

fn last_resort() -> Card {
    Card {
        title: "This could be an emergency".to_owned(),
        lines: vec!["Call your local emergency number now, or ask somebody near you to call.".to_owned()],
    }
}
