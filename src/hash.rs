//! Digests as text, and a hash that is the same on every machine and in every version.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A short digest of named files: enough to see that one of them changed.
pub fn digest_of_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut digest = Sha256::new();
    for (name, bytes) in files {
        digest.update(name.as_bytes());
        digest.update([0]);
        digest.update(Sha256::digest(bytes));
    }
    hex(&digest.finalize()[..6])
}

/// FNV-1a of 32 bits of a text, which may come in parts.
/// Source: <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>.
pub fn fnv1a(parts: &[&str]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.bytes());
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_hashes_to_what_the_source_says_however_it_is_cut() {
        for parts in [&["foobar"][..], &["foo", "bar"], &["", "f", "oobar"]] {
            assert_eq!(fnv1a(parts), 0xbf9c_f968);
        }
        assert_eq!(fnv1a(&[]), 0x811c_9dc5);
    }

    #[test]
    fn every_byte_has_two_digits() {
        assert_eq!(hex(&[0x00, 0x0a, 0xff]), "000aff");
    }
}
