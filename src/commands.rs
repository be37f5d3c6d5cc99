//! The one table of commands: registration, dispatch, autocomplete, `/help` and the README are made from it.
//!
//! It knows no Discord type; `discord::registration` turns it into what Discord is told, `discord::convert` an
//! interaction into [`Arguments`]. Adding a command takes a [`Request`] with its row here, its flow in `app` and its
//! reply in `reply`.

mod action;

pub use action::Action;

/// What somebody wants, whatever it came from: a command, a message, a button.
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

/// Who may use a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, in servers, in direct messages and wherever the bot is installed by a user.
    Everybody,
    /// Moderators, in the guilds of the configuration.
    Moderators,
}

/// How a command is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// By a slash, its name and its options.
    Slash,
    /// From the context menu of a message.
    MessageMenu,
}

/// An option of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandOption {
    /// Name, as typed.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// What may be given.
    pub kind: OptionKind,
    /// Whether it must be given.
    pub required: bool,
}

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionKind {
    /// Text.
    Text,
    /// Text with suggestions while it is typed.
    Autocomplete(Suggestions),
    /// Yes or no.
    YesNo,
}

/// Where the suggestions for an option come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suggestions {
    /// Articles, headings and words of the lexicon.
    Topics,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// Name, in two words for a subcommand; a context-menu entry has capitals.
    pub name: &'static str,
    /// What Discord shows beside the name, and `/help` too.
    pub description: &'static str,
    /// How it is called.
    pub entry: Entry,
    /// Who may use it.
    pub audience: Audience,
    /// Options in order.
    pub options: &'static [CommandOption],
    /// Whether it may take longer than Discord waits for a first response.
    pub is_long: bool,
    /// Makes a request of what was given; `None` if something required is missing.
    pub parse: fn(&Arguments) -> Option<Request>,
}

/// What was given with a command.
#[derive(Clone, Default)]
pub struct Arguments {
    texts: Vec<(String, String)>,
    yes: Vec<String>,
    message: Option<String>,
}

impl Arguments {
    /// Adds a text option.
    pub fn insert_text(&mut self, name: &str, value: &str) {
        self.texts.push((name.to_owned(), value.to_owned()));
    }

    /// Adds a yes-or-no option.
    pub fn insert_flag(&mut self, name: &str, value: bool) {
        if value {
            self.yes.push(name.to_owned());
        }
    }

    /// Adds the text of the message whose context menu was used.
    pub fn set_message(&mut self, text: &str) {
        self.message = Some(text.to_owned());
    }

    fn text(&self, name: &str) -> Option<String> {
        self.texts.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone())
    }

    fn is_yes(&self, name: &str) -> bool {
        self.yes.iter().any(|given| given == name)
    }
}

const QUESTION: &str = "question";
const PRIVATE: &str = "private";
const TOPIC: &str = "topic";

/// The table.
pub const COMMANDS: [Command; 9] = [
    Command {
        name: "ask",
        description: "Ask about facial twitching; I answer by quoting a reviewed article",
        entry: Entry::Slash,
        audience: Audience::Everybody,
        options: &[
            CommandOption {
                name: QUESTION,
                description: "Your question, in your own words",
                kind: OptionKind::Text,
                required: true,
            },
            CommandOption {
                name: PRIVATE,
                description: "Show the answer only to you",
                kind: OptionKind::YesNo,
                required: false,
            },
        ],
        is_long: false,
        parse: |given| Some(Request::Ask { text: given.text(QUESTION)?, private: given.is_yes(PRIVATE) }),
    },
    Command {
        name: "Answer from the corpus",
        description: "Open a message's menu, choose Apps: I answer what the message asks",
        entry: Entry::MessageMenu,
        audience: Audience::Everybody,
        options: &[],
        is_long: false,
        parse: |given| Some(Request::Ask { text: given.message.clone()?, private: false }),
    },
    Command {
        name: "lookup",
        description: "Read a section of an article by its topic",
        entry: Entry::Slash,
        audience: Audience::Everybody,
        options: &[CommandOption {
            name: TOPIC,
            description: "Begin to type: an article, a heading or a word",
            kind: OptionKind::Autocomplete(Suggestions::Topics),
            required: true,
        }],
        is_long: false,
        parse: |given| Some(Request::Lookup(given.text(TOPIC)?)),
    },
    Command {
        name: "topics",
        description: "Browse all articles and their sections",
        entry: Entry::Slash,
        audience: Audience::Everybody,
        options: &[],
        is_long: false,
        parse: |_| Some(Request::Topics),
    },
    Command {
        name: "about",
        description: "What I am, my sources and their review dates",
        entry: Entry::Slash,
        audience: Audience::Everybody,
        options: &[],
        is_long: false,
        parse: |_| Some(Request::About),
    },
    Command {
        name: "privacy",
        description: "What I keep about you and your questions: nothing",
        entry: Entry::Slash,
        audience: Audience::Everybody,
        options: &[],
        is_long: false,
        parse: |_| Some(Request::Privacy),
    },
    Command {
        name: "help",
        description: "How to use me",
        entry: Entry::Slash,
        audience: Audience::Everybody,
        options: &[],
        is_long: false,
        parse: |_| Some(Request::Help),
    },
    Command {
        name: "corpus refresh",
        description: "Read the corpus folder again, see what changes, then publish or cancel",
        entry: Entry::Slash,
        audience: Audience::Moderators,
        options: &[],
        is_long: true,
        parse: |_| Some(Request::CorpusRefresh),
    },
    Command {
        name: "corpus status",
        description: "Which generation is live, what is in it, which reviews are due",
        entry: Entry::Slash,
        audience: Audience::Moderators,
        options: &[],
        is_long: true,
        parse: |_| Some(Request::CorpusStatus),
    },
];

/// The row of a command by its name.
pub fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

impl Command {
    /// Where the suggestions for one of its options come from, if it has any.
    pub fn suggestions(&self, option: &str) -> Option<Suggestions> {
        self.options.iter().find(|known| known.name == option).and_then(|known| match known.kind {
            OptionKind::Autocomplete(suggestions) => Some(suggestions),
            OptionKind::Text | OptionKind::YesNo => None,
        })
    }

    /// How a person calls it.
    pub fn usage(&self) -> String {
        match self.entry {
            Entry::MessageMenu => format!("**{}**", self.name),
            Entry::Slash => {
                let option = |option: &CommandOption| {
                    if option.required { format!(" {}", option.name) } else { format!(" [{}]", option.name) }
                };
                format!("`/{}{}`", self.name, self.options.iter().map(option).collect::<String>())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_makes_a_request_of_what_it_asks_for_and_none_of_less() {
        for command in &COMMANDS {
            let mut given = Arguments::default();
            let needs = command.entry == Entry::MessageMenu || command.options.iter().any(|option| option.required);
            assert_eq!((command.parse)(&given).is_none(), needs, "{}", command.name);
            given.set_message("why");
            for option in command.options {
                given.insert_text(option.name, "why");
                given.insert_flag(option.name, true);
            }
            assert!((command.parse)(&given).is_some(), "{}", command.name);
        }
    }
}
