//! The one table of commands: registration, dispatch, `/help` and the README are made from it.
//!
//! It knows no Discord type; `discord::commands` turns it into what Discord is told.

/// Who may use a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, in servers, in direct messages and wherever the bot is installed by a user.
    Everybody,
    /// Moderators, in the guilds of the configuration.
    Moderators,
}

/// What a command is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Answer a question.
    Ask,
    /// Answer the text of a message, from its context menu.
    AnswerMessage,
    /// Show a section by name.
    Lookup,
    /// Browse articles and sections.
    Topics,
    /// What the bot is.
    About,
    /// What is kept.
    Privacy,
    /// The commands.
    Help,
    /// Read the corpus folder again.
    CorpusRefresh,
    /// What is live.
    CorpusStatus,
}

/// A text or yes/no option of a command.
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
    Suggested,
    /// Yes or no.
    YesNo,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct CommandInfo {
    /// What it does.
    pub command: Command,
    /// Name, in two words for a subcommand; a context-menu entry has capitals.
    pub name: &'static str,
    /// What Discord shows beside the name, and `/help` too.
    pub description: &'static str,
    /// Who may use it.
    pub audience: Audience,
    /// Options in order.
    pub options: &'static [CommandOption],
}

/// The option of `/ask` that holds the question.
pub const QUESTION: &str = "question";
/// The option of `/ask` that hides the answer from others.
pub const PRIVATE: &str = "private";
/// The option of `/lookup`.
pub const TOPIC: &str = "topic";

/// The table.
pub const COMMANDS: [CommandInfo; 9] = [
    CommandInfo {
        command: Command::Ask,
        name: "ask",
        description: "Ask about facial twitching; I answer by quoting a reviewed article",
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
    },
    CommandInfo {
        command: Command::AnswerMessage,
        name: "Answer from the corpus",
        description: "Open a message's menu, choose Apps: I answer what the message asks",
        audience: Audience::Everybody,
        options: &[],
    },
    CommandInfo {
        command: Command::Lookup,
        name: "lookup",
        description: "Read a section of an article by its topic",
        audience: Audience::Everybody,
        options: &[CommandOption {
            name: TOPIC,
            description: "Begin to type: an article, a heading or a word",
            kind: OptionKind::Suggested,
            required: true,
        }],
    },
    CommandInfo {
        command: Command::Topics,
        name: "topics",
        description: "Browse all articles and their sections",
        audience: Audience::Everybody,
        options: &[],
    },
    CommandInfo {
        command: Command::About,
        name: "about",
        description: "What I am, my sources and their review dates",
        audience: Audience::Everybody,
        options: &[],
    },
    CommandInfo {
        command: Command::Privacy,
        name: "privacy",
        description: "What I keep about you and your questions: nothing",
        audience: Audience::Everybody,
        options: &[],
    },
    CommandInfo {
        command: Command::Help,
        name: "help",
        description: "How to use me",
        audience: Audience::Everybody,
        options: &[],
    },
    CommandInfo {
        command: Command::CorpusRefresh,
        name: "corpus refresh",
        description: "Read the corpus folder again, see what changes, then publish or cancel",
        audience: Audience::Moderators,
        options: &[],
    },
    CommandInfo {
        command: Command::CorpusStatus,
        name: "corpus status",
        description: "Which generation is live, what is in it, which reviews are due",
        audience: Audience::Moderators,
        options: &[],
    },
];

/// The row of a command by its name.
pub fn find(name: &str) -> Option<&'static CommandInfo> {
    COMMANDS.iter().find(|info| info.name == name)
}

impl CommandInfo {
    /// Whether it stands in the context menu of messages.
    pub fn is_context_menu(&self) -> bool {
        self.command == Command::AnswerMessage
    }

    /// How a person calls it.
    pub fn usage(&self) -> String {
        if self.is_context_menu() {
            return format!("**{}**", self.name);
        }
        let options = self
            .options
            .iter()
            .map(|option| if option.required { format!(" {}", option.name) } else { format!(" [{}]", option.name) });
        format!("`/{}{}`", self.name, options.collect::<String>())
    }
}
