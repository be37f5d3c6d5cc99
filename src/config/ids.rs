//! Discord ids as they are written: numbers, or texts, as other programs write them.

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};

/// An id as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum RawId {
    Number(i64),
    Text(String),
}

impl RawId {
    /// The id, if it can be one.
    pub(super) fn get(&self) -> Option<u64> {
        match self {
            Self::Number(number) => u64::try_from(*number).ok().filter(|id| *id > 0),
            Self::Text(text) => discord_id(text),
        }
    }
}

impl Default for RawId {
    fn default() -> Self {
        Self::Number(0)
    }
}

impl fmt::Display for RawId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// By hand, because serde's error for an untagged enum says nothing that helps.
impl<'de> Deserialize<'de> for RawId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdVisitor;
        impl Visitor<'_> for IdVisitor {
            type Value = RawId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a Discord id such as 123456789012345678")
            }

            fn visit_i64<E>(self, number: i64) -> Result<RawId, E> {
                Ok(RawId::Number(number))
            }

            fn visit_str<E>(self, text: &str) -> Result<RawId, E> {
                Ok(RawId::Text(text.trim().to_owned()))
            }
        }
        deserializer.deserialize_any(IdVisitor)
    }
}

/// The Discord id that a text is: digits, of which the first is not 0.
pub(super) fn discord_id(text: &str) -> Option<u64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| is_number)
}

/// The id of a channel, or none.
pub(super) fn channel(id: &RawId, mistakes: &mut Vec<String>) -> Option<u64> {
    let none = [RawId::Number(0), RawId::Text("0".to_owned()), RawId::Text(String::new())];
    if none.contains(id) {
        return None;
    }
    if id.get().is_none() {
        mistakes.push(format!("moderation.crisis_channel must be a channel's id, or 0 for none; it is \"{id}\""));
    }
    id.get()
}

/// The ids of a list.
pub(super) fn ids(key: &str, written: &[RawId], mistakes: &mut Vec<String>) -> Vec<u64> {
    for id in written.iter().filter(|id| id.get().is_none()) {
        mistakes.push(format!("{key} must hold Discord ids, which are positive numbers; \"{id}\" is none"));
    }
    written.iter().filter_map(RawId::get).collect()
}
