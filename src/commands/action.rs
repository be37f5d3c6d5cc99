//! What a button or a menu does: a value that travels in its `custom_id` and survives a restart.
//!
//! It never holds a question's words (P5).

use std::fmt;
use std::str::FromStr;

use crate::corpus::PassageId;
use crate::index::GenerationId;

/// What happens when a button is pressed or a menu used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Show these passages.
    More(Vec<PassageId>),
    /// Show the section that a passage lies in.
    SectionOf(PassageId),
    /// Show a section from one of its passages on, as a page.
    Section(PassageId),
    /// List the articles, a page of them.
    Articles {
        /// Number of the page, from 0.
        page: usize,
    },
    /// List the sections of an article, a page of them.
    Sections {
        /// The article.
        slug: String,
        /// Number of the page, from 0.
        page: usize,
    },
    /// Show a safety card to whoever presses, alone.
    Card(String),
    /// A menu: its chosen value is an action itself.
    Menu,
    /// Delete the message; the asker or a moderator may.
    Remove {
        /// Discord id of the person who asked.
        asker: u64,
    },
    /// Make a staged generation the live one.
    Publish {
        /// The staged generation.
        id: GenerationId,
        /// The generation that it was compared with.
        from: Option<GenerationId>,
    },
    /// Throw a staged generation away.
    Cancel(GenerationId),
}

impl Action {
    /// Whether it may take longer than Discord waits for a first response.
    pub const fn is_long(&self) -> bool {
        matches!(self, Self::Publish { .. } | Self::Cancel(_))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::More(passages) => {
                let ids: Vec<String> = passages.iter().map(ToString::to_string).collect();
                write!(f, "more:{}", ids.join(","))
            }
            Self::SectionOf(passage) => write!(f, "of:{passage}"),
            Self::Section(passage) => write!(f, "section:{passage}"),
            Self::Articles { page } => write!(f, "articles:{page}"),
            Self::Sections { slug, page } => write!(f, "sections:{slug}:{page}"),
            Self::Card(id) => write!(f, "card:{id}"),
            Self::Menu => f.write_str("menu"),
            Self::Remove { asker } => write!(f, "remove:{asker}"),
            Self::Publish { id, from } => {
                write!(f, "publish:{id}:{}", from.as_ref().map_or("none", GenerationId::as_str))
            }
            Self::Cancel(id) => write!(f, "cancel:{id}"),
        }
    }
}

impl FromStr for Action {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        let mut parts = rest.split(':');
        let mut next = || parts.next().ok_or(());
        match kind {
            "more" => rest.split(',').map(str::parse).collect::<Result<_, ()>>().map(Self::More),
            "of" => next()?.parse().map(Self::SectionOf),
            "section" => next()?.parse().map(Self::Section),
            "articles" => Ok(Self::Articles { page: number(next()?)? }),
            "sections" => Ok(Self::Sections { slug: next()?.to_owned(), page: number(next()?)? }),
            "card" => Ok(Self::Card(next()?.to_owned())),
            "menu" => Ok(Self::Menu),
            "remove" => Ok(Self::Remove { asker: next()?.parse().map_err(|_| ())? }),
            "publish" => {
                let id = next()?.parse().map_err(|_| ())?;
                let from = match next()? {
                    "none" => None,
                    from => Some(from.parse().map_err(|_| ())?),
                };
                Ok(Self::Publish { id, from })
            }
            "cancel" => next()?.parse().map(Self::Cancel).map_err(|_| ()),
            _ => Err(()),
        }
    }
}

fn number(text: &str) -> Result<usize, ()> {
    text.parse().map_err(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Longest `custom_id`, in Unicode code points. Source: Discord, Component object.
    const CUSTOM_ID_MAX_CHARS: usize = 100;

    #[test]
    fn every_action_fits_a_custom_id_and_is_read_back() {
        let passage: PassageId = "0123456789ab".parse().expect("an id");
        let slug = "a".repeat(60);
        let id: GenerationId = "0123456789abcdef".parse().expect("an id");
        let actions = [
            Action::More(vec![passage; crate::answer::PASSAGES_MAX]),
            Action::SectionOf(passage),
            Action::Section(passage),
            Action::Articles { page: 9 },
            Action::Sections { slug, page: 9 },
            Action::Card("crisis".to_owned()),
            Action::Menu,
            Action::Remove { asker: u64::MAX },
            Action::Publish { id: id.clone(), from: Some(id.clone()) },
            Action::Publish { id: id.clone(), from: None },
            Action::Cancel(id),
        ];
        for action in actions {
            let written = action.to_string();
            assert!(written.chars().count() <= CUSTOM_ID_MAX_CHARS, "{written}");
            assert_eq!(written.parse(), Ok(action));
        }
    }

    #[test]
    fn strange_ids_are_no_actions() {
        for text in ["", "more:", "more:x", "of:", "section:a:b:c", "remove:-1", "publish:../../etc", "ask:why"] {
            assert_eq!(text.parse::<Action>(), Err(()), "{text}");
        }
    }
}
