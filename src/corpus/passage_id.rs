//! The identity of a passage.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::hash::hex;

/// Identity of a passage: the first 48 bits of a digest over article, heading path, place in the section and words.
///
/// It is short because buttons carry several of them in the 100 characters of a `custom_id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PassageId([u8; 6]);

impl PassageId {
    pub(super) fn new(slug: &str, heading_path: &[String], ordinal: usize, text: &str) -> Self {
        let mut digest = Sha256::new();
        for part in std::iter::once(slug).chain(heading_path.iter().map(String::as_str)) {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        digest.update(ordinal.to_le_bytes());
        digest.update(text.as_bytes());
        let mut id = [0; 6];
        id.copy_from_slice(&digest.finalize()[..6]);
        Self(id)
    }
}

impl fmt::Display for PassageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl TryFrom<String> for PassageId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map_err(|()| "a passage id has 12 hexadecimal digits")
    }
}

impl From<PassageId> for String {
    fn from(id: PassageId) -> Self {
        id.to_string()
    }
}

impl FromStr for PassageId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(());
        }
        let number = u64::from_str_radix(text, 16).map_err(|_| ())?;
        let mut id = [0; 6];
        id.copy_from_slice(&number.to_be_bytes()[2..]);
        Ok(Self(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_being_written_and_read() {
        let id = PassageId::new("slug", &["Title".to_owned()], 3, "words");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("xyz".parse::<PassageId>(), Err(()));
    }
}
