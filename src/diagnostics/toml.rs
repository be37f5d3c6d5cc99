//! Reads a TOML text into a checked type and reports every mistake with its line.
//!
//! Used for the configuration, for front matter and for the corpus' data files, so that all of them speak of mistakes
//! in the same words. It knows nothing of what the keys mean.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

use super::Diagnostic;
use crate::language::spelling::nearest;

/// A mistake in a TOML text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Line in the text, counted from 1.
    pub line: usize,
    /// What is wrong, and the nearest known key where a key is unknown.
    pub message: String,
}

/// Reads the text of `file` into `T`, which must be `#[serde(deny_unknown_fields)]`.
///
/// # Errors
///
/// As [`parse`].
pub fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Vec<Diagnostic>> {
    read_part(file, text, 0)
}

/// The same for a text that begins after `lines_before` lines of its file.
///
/// # Errors
///
/// As [`parse`].
pub fn read_part<T: DeserializeOwned>(file: &str, text: &str, lines_before: usize) -> Result<T, Vec<Diagnostic>> {
    let diagnostic = |mistake: Mistake| Diagnostic::error(file, lines_before + mistake.line, mistake.message);
    parse(text).map_err(|mistakes| mistakes.into_iter().map(diagnostic).collect())
}

/// Parses `text` into `T`, which must be `#[serde(deny_unknown_fields)]`.
///
/// # Errors
///
/// Every unknown key of the text, or the first mistake of another kind.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let mut remaining = text.to_owned();
    loop {
        let error = match toml::from_str::<T>(&remaining) {
            Ok(value) if mistakes.is_empty() => return Ok(value),
            Ok(_) => return Err(in_order(mistakes)),
            Err(error) => error,
        };
        let span = error.span().unwrap_or(0..0);
        // A key that is required but missing is reported by TOML at the place of its table; if an unknown key was
        // found before, that key is most likely the misspelt one, so the second message would only confuse.
        let follows = error.message().starts_with("missing field") && !mistakes.is_empty();
        if !follows {
            mistakes.push(Mistake { line: line_of(text, span.start), message: explain(error.message()) });
        }
        // serde stops at the first mistake. Blank out the entry with it, lines kept, and read on for the next one.
        match entry_at(&remaining, &span) {
            Some(entry) => remaining = blank(&remaining, &entry),
            None => return Err(in_order(mistakes)),
        }
    }
}

fn in_order(mut mistakes: Vec<Mistake>) -> Vec<Mistake> {
    mistakes.sort_by_key(|mistake| mistake.line);
    mistakes
}

/// The line, counted from 1, in which the byte at `offset` stands.
pub fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// serde's words for an unknown field, in ours: ``unknown field `a`, expected one of `b`, `c` ``.
fn explain(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let (true, Some(key)) = (message.starts_with("unknown field"), quoted.next()) else {
        if message.ends_with("expected a TOML datetime") {
            return "must be a date such as 2026-11-23, without quotes".to_owned();
        }
        return message.lines().collect::<Vec<_>>().join(" ");
    };
    let known: Vec<&str> = quoted.collect();
    match nearest(key, known.iter().copied()) {
        Some(name) => format!("unknown key \"{key}\"; did you mean \"{name}\"?"),
        None => format!("unknown key \"{key}\"; known keys are {}", known.join(", ")),
    }
}

fn entry_at(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    find_entry(DeTable::parse(text).ok()?.get_ref(), span)
}

/// From the start of the key at `span`, or of the key whose value stands there, to the end of its value. `None` for
/// `[tables]`, whose lines lie elsewhere.
fn find_entry(table: &DeTable<'_>, span: &Range<usize>) -> Option<Range<usize>> {
    table.iter().find_map(|(name, value)| {
        let is_table = matches!(value.get_ref(), DeValue::Table(_));
        if name.span() == *span || value.span() == *span {
            let follows_key = value.span().start >= name.span().end;
            return (!is_table && follows_key).then(|| name.span().start..value.span().end);
        }
        match value.get_ref() {
            DeValue::Table(inner) => find_entry(inner, span),
            DeValue::Array(items) => items.iter().find_map(|item| match item.get_ref() {
                DeValue::Table(inner) => find_entry(inner, span),
                _ => None,
            }),
            _ => None,
        }
    })
}

fn blank(text: &str, entry: &Range<usize>) -> String {
    text.char_indices()
        .map(|(at, character)| match character {
            '\n' => '\n',
            _ if entry.contains(&at) => ' ',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the keys matter here")]
    struct Sample {
        title: String,
        year: Option<u32>,
        #[serde(default)]
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the keys matter here")]
    struct Inner {
        name: String,
    }

    fn mistakes(text: &str) -> Vec<(usize, String)> {
        let found = parse::<Sample>(text).expect_err("the text has mistakes");
        found.into_iter().map(|mistake| (mistake.line, mistake.message)).collect()
    }

    #[test]
    fn every_unknown_key_is_named_with_its_line_and_the_nearest_known_key() {
        let found = mistakes("titel = 'a'\nyear = 3\nzzz = [1,\n2]\n[[inner]]\nname = 'x'\nnaem = 1\n");
        assert_eq!(
            found,
            [
                (1, "unknown key \"titel\"; did you mean \"title\"?".to_owned()),
                (3, "unknown key \"zzz\"; known keys are title, year, inner".to_owned()),
                (7, "unknown key \"naem\"; did you mean \"name\"?".to_owned()),
            ]
        );
    }

    #[test]
    fn a_wrong_type_and_a_missing_key_are_mistakes_with_a_line() {
        assert_eq!(mistakes("title = 'a'\nyear = 'b'")[0].0, 2);
        assert!(mistakes("year = 2")[0].1.contains("missing field `title`"));
    }
}
