//! What somebody wants: an event from Discord or the terminal, as a value.

use crate::reply::Action;

/// What somebody wants, whatever it came from.
#[derive(Clone)]
pub enum Request {
    /// Answer a text.
    Ask {
        /// What was typed.
        text: String,
        /// Whether only the asker shall see the answer.
        private: bool,
    },
    /// Show the section for this topic.
    Lookup(String),
    /// List the articles.
    Topics,
    /// Say what the bot is.
    About,
    /// Say what is kept.
    Privacy,
    /// List the commands.
    Help,
    /// A button or menu.
    Act(Action),
    /// Read the corpus folder again.
    CorpusRefresh,
    /// Say what is live.
    CorpusStatus,
}

impl Request {
    /// A word for it in logs; never what was typed.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Ask { .. } => "ask",
            Self::Lookup(_) => "lookup",
            Self::Topics => "topics",
            Self::About => "about",
            Self::Privacy => "privacy",
            Self::Help => "help",
            Self::Act(_) => "act",
            Self::CorpusRefresh => "corpus refresh",
            Self::CorpusStatus => "corpus status",
        }
    }

    /// Whether it may take longer than Discord waits for a first response.
    pub const fn is_long(&self) -> bool {
        matches!(self, Self::CorpusRefresh | Self::CorpusStatus | Self::Act(Action::Publish { .. } | Action::Cancel(_)))
    }
}
