//! The one view of a reply: all that any form of it may show, as a value that can be serialised.
//!
//! It says what each text is, never how it looks: [`super::render`] makes Discord's embeds, plain messages, the
//! terminal's text and JSON of it, and a further form is a further renderer. Quotes and editors' words are the
//! article's Markdown; the bot's own sentences are Discord's Markdown.

use serde::{Serialize, Serializer};

use crate::commands::Action;
use crate::corpus::{Form, NoteKind};
use crate::triage::Card;

/// A reply to be rendered. None can be made without the disclaimer, and none can lose it (P2).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReplyView {
    /// Title of what stands below the card.
    pub(super) title: Option<String>,
    /// A safety card, which stands above everything else.
    pub(super) card: Option<Card>,
    /// What was decided, if it answers a question.
    pub(super) assessment: Option<Assessment>,
    /// Paragraphs above the passages.
    pub(super) lead: Vec<String>,
    /// Passages that it shows, best first.
    pub(super) passages: Vec<PassageView>,
    /// Passages of the same answer that it does not show: its buttons lead to them.
    pub(super) further: Vec<PassageView>,
    /// Paragraphs below the passages.
    pub(super) tail: Vec<String>,
    /// Buttons and menus.
    pub(super) controls: Vec<ControlRow>,
    /// Who sees it.
    pub(super) visibility: Visibility,
    /// What it ends with.
    disclaimer: String,
}

/// What was decided on a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// Name of the decision: `answer`, `related` or `abstain`.
    pub(super) decision: &'static str,
    /// The red flag whose card is shown, if one was raised.
    pub(super) flag: Option<String>,
    /// Whether the question demands what no quotation can give: a diagnosis, a dose, a decision.
    pub(super) is_demand: bool,
}

/// A passage with everything that is shown of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PassageView {
    /// Title of its article.
    pub(super) article: String,
    /// Who published the article first.
    pub(super) publisher: Option<String>,
    /// The heading path below the title, joined for reading; the title itself above the first heading.
    pub(super) section: String,
    /// Probability, from 0 to 1, that it is the passage asked for; none while browsing.
    pub(super) score: Option<f64>,
    /// The quoted words.
    pub(super) quote: QuoteView,
    /// Editors' words that belong to it, in their order.
    pub(super) notes: Vec<NoteView>,
    /// Names of the sources that the editors' words rest on.
    pub(super) note_sources: Vec<String>,
    /// Who checked the article, and when.
    pub(super) review: String,
    /// A link that leads to the quoted words where they were published first.
    pub(super) link: Option<String>,
}

/// A quote and its marks of omission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuoteView {
    /// Its pieces in order. Joined, they are a byte-exact slice of the article (P1).
    pub(super) segments: Vec<Segment>,
    /// Its layout.
    pub(super) form: Form,
    /// Whether the passage says more before the quote.
    pub(super) omits_before: bool,
    /// Whether the passage says more after the quote.
    pub(super) omits_after: bool,
}

/// A piece of a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// Its words.
    pub(super) text: String,
    /// Whether it answers, which is shown in bold.
    pub(super) bold: bool,
}

/// Editors' words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteView {
    /// What they are for: plain words, a note, or when to seek care.
    pub(super) kind: NoteKind,
    /// The words.
    pub(super) text: String,
}

/// Who sees a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// Everybody who can read the channel.
    Public,
    /// Only the person who asked, where Discord can do that.
    Private,
}

/// A row of controls below a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ControlRow {
    /// Buttons, at most [`BUTTONS_MAX`](super::limits::BUTTONS_MAX).
    Buttons(Vec<Button>),
    /// A select menu.
    Menu {
        /// What it says before something is chosen.
        placeholder: String,
        /// Its options, at most [`OPTIONS_MAX`](super::limits::OPTIONS_MAX).
        options: Vec<Choice>,
    },
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Button {
    /// Its label.
    pub label: String,
    /// What it does; serialised as it travels in Discord's `custom_id`.
    #[serde(serialize_with = "as_custom_id")]
    pub action: Action,
    /// How it stands out.
    pub style: ButtonStyle,
}

/// How a button stands out. Source: Discord, Button Styles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ButtonStyle {
    /// The thing to do next.
    Primary,
    /// One thing among others.
    Secondary,
    /// Takes something away.
    Danger,
}

/// An option of a menu, or a suggestion while typing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is shown.
    pub label: String,
    /// What is sent back.
    pub value: String,
}

impl ReplyView {
    /// The only way to make one: the disclaimer comes first.
    pub(super) fn new(disclaimer: &str, title: Option<&str>) -> Self {
        Self {
            title: title.map(str::to_owned),
            card: None,
            assessment: None,
            lead: Vec::new(),
            passages: Vec::new(),
            further: Vec::new(),
            tail: Vec::new(),
            controls: Vec::new(),
            visibility: Visibility::Public,
            disclaimer: disclaimer.to_owned(),
        }
    }

    /// Whether anything stands beside the card and the disclaimer.
    pub(super) fn has_body(&self) -> bool {
        !(self.lead.is_empty() && self.passages.is_empty() && self.tail.is_empty())
    }

    /// The disclaimer that it ends with.
    pub fn disclaimer(&self) -> &str {
        &self.disclaimer
    }

    /// Passages that it shows, best first.
    pub fn passages(&self) -> &[PassageView] {
        &self.passages
    }

    /// Rows of controls below it.
    pub fn controls(&self) -> &[ControlRow] {
        &self.controls
    }

    /// Who sees it.
    pub const fn visibility(&self) -> Visibility {
        self.visibility
    }
}

impl PassageView {
    /// The quoted words without any mark: a byte-exact slice of the article (P1).
    pub fn quoted(&self) -> String {
        self.quote.segments.iter().map(|segment| segment.text.as_str()).collect()
    }

    /// The editors' words of one kind.
    pub(super) fn notes_of(&self, kind: NoteKind) -> impl Iterator<Item = &str> {
        self.notes.iter().filter(move |note| note.kind == kind).map(|note| note.text.as_str())
    }
}

fn as_custom_id<S: Serializer>(action: &Action, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(action)
}
