//! Marks: how bold, small print, links and quotes are written where a text is shown.
//!
//! It knows characters alone, nothing of replies or passages.

/// A kind of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    /// Discord's Markdown. Source: Discord, Markdown Text 101.
    Discord,
    /// A terminal, without colours.
    Terminal,
}

impl Markup {
    pub(super) fn bold(self, text: &str) -> String {
        match self {
            Self::Discord => format!("**{text}**"),
            Self::Terminal => text.to_owned(),
        }
    }

    /// One line of small print.
    pub(super) fn small(self, text: &str) -> String {
        match self {
            Self::Discord => format!("-# {text}"),
            Self::Terminal => text.to_owned(),
        }
    }

    pub(super) fn labelled(self, label: &str, text: &str) -> String {
        format!("{} {text}", self.bold(&format!("{label}:")))
    }

    pub(super) fn link(self, label: &str, address: &str) -> String {
        match self {
            Self::Discord => format!("[{label}]({address})"),
            Self::Terminal => address.to_owned(),
        }
    }

    /// A block quote. Discord wraps lines itself; a terminal shows the author's lines.
    pub(super) fn block_quote(self, text: &str) -> String {
        let mark = match self {
            Self::Discord => "> ",
            Self::Terminal => "  | ",
        };
        text.lines().map(|line| format!("{mark}{line}")).collect::<Vec<_>>().join("\n")
    }

    /// Text in columns. A fence in the text itself would end ours: such a text is a block quote.
    pub(super) fn fixed_width(self, text: &str) -> String {
        if self == Self::Terminal || text.contains("```") {
            self.block_quote(text)
        } else {
            format!("```\n{text}\n```")
        }
    }
}
