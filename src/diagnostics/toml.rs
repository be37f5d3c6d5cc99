//! Reads a TOML text into a checked type and reports every mistake with its line.
//!
//! Used for the configuration, for front matter and for the corpus' data files, so that all of them speak of mistakes
//! in the same words. It knows nothing of what the keys mean.
//!
//! Unknown keys are refused here, for every type: no type that is read needs `deny_unknown_fields`, and none may have
//! it, since serde stops at the first such key. serde sees no unknown key through `flatten` or `untagged`; what is read
//! here must use neither.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Error, ValueDeserializer};

use super::known_keys::{Step, known_keys, steps};
use super::{Diagnostic, LineIndex};
use crate::language::spelling::nearest;

/// A mistake in a TOML text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Line in the text, counted from 1.
    pub line: usize,
    /// What is wrong, and the nearest known key where a key is unknown.
    pub message: String,
}

/// Reads the text of `file` into `T`.
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

/// Parses `text` into `T`.
///
/// # Errors
///
/// The first mistake against TOML itself; else every unknown key, every value of a wrong kind and every table that
/// lacks a key, in order of their lines.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Vec<Mistake>> {
    let mut reading = Reading::default();
    let root = match root(text) {
        Ok(root) => root,
        Err(error) => {
            reading.report(error.span().unwrap_or_default().start, explain(&error));
            return Err(reading.into_mistakes(text));
        }
    };
    reading.read(root).ok_or_else(|| reading.into_mistakes(text))
}

/// The line of the last of these keys, each of which stands in the table of the one before it: for what is found wrong
/// once a text is read. `None` if there is no such key.
pub fn line_of_key(text: &str, keys: &[&str]) -> Option<usize> {
    let path: Vec<Step> = keys.iter().map(|key| Step::Key((*key).to_owned())).collect();
    let (Step::Key(key), way) = path.split_last()? else { return None };
    let at = key_span(follow(&root(text).ok()?, way), key)?;
    Some(LineIndex::new(text).line_of(at.start))
}

fn root(text: &str) -> Result<Spanned<DeValue<'_>>, Error> {
    let table = DeTable::parse(text)?;
    Ok(Spanned::new(table.span(), DeValue::Table(table.into_inner())))
}

fn key_span(table: &Spanned<DeValue<'_>>, key: &str) -> Option<Range<usize>> {
    let (name, _) = table.get_ref().as_table()?.get_key_value(key)?;
    Some(name.span())
}

/// What is known of a text's mistakes while it is read.
#[derive(Default)]
struct Reading {
    /// Where each stands, in bytes, and what it is.
    mistakes: BTreeSet<(usize, String)>,
    /// Tables that hold an unknown key, or that something was taken out of: a key that they lack is most likely that
    /// one, and a second message would only confuse.
    incomplete: HashSet<Range<usize>>,
}

impl Reading {
    /// The value, or `None` if there are mistakes. serde stops at a value that it can't read, so that one is taken out,
    /// and the rest is read again.
    fn read<T: DeserializeOwned>(&mut self, mut root: Spanned<DeValue<'_>>) -> Option<T> {
        loop {
            let mut unknown = Vec::new();
            let source = ValueDeserializer::from(root.clone());
            let read = serde_ignored::deserialize(source, |path| unknown.push(steps(&path)));
            for path in &unknown {
                self.unknown_key::<T>(&root, path);
            }
            match read {
                Ok(value) => return self.mistakes.is_empty().then_some(value),
                Err(error) => {
                    let at = error.span().unwrap_or_default();
                    if !self.incomplete.contains(&at) {
                        self.report(at.start, explain(&error));
                    }
                    self.incomplete.insert(take_out(&mut root, &at)?);
                }
            }
        }
    }

    fn unknown_key<T: DeserializeOwned>(&mut self, root: &Spanned<DeValue<'_>>, path: &[Step]) {
        let Some((Step::Key(key), way)) = path.split_last() else { return };
        let table = follow(root, way);
        let at = key_span(table, key).unwrap_or_else(|| table.span());
        self.incomplete.insert(table.span());
        let known = known_keys::<T>(way).unwrap_or_default();
        self.report(at.start, unknown_key(key, known));
    }

    fn report(&mut self, at: usize, message: String) {
        self.mistakes.insert((at, message));
    }

    fn into_mistakes(self, text: &str) -> Vec<Mistake> {
        let lines = LineIndex::new(text);
        let mistake = |(at, message)| Mistake { line: lines.line_of(at), message };
        self.mistakes.into_iter().map(mistake).collect()
    }
}

/// The value at the end of a path. A step that no table has is serde's own, into a [`Spanned`], which is no step in a
/// text.
fn follow<'v, 't>(root: &'v Spanned<DeValue<'t>>, path: &[Step]) -> &'v Spanned<DeValue<'t>> {
    path.iter().fold(root, |value, step| {
        let next = match step {
            Step::Key(key) => value.get_ref().get(key),
            Step::Element(number) => value.get_ref().get(*number),
        };
        next.unwrap_or(value)
    })
}

/// Takes out the value that stands at `span`, or whose key does, the innermost if there are several, and gives the span
/// of what it stood in. `None` if there is no such value.
fn take_out(value: &mut Spanned<DeValue<'_>>, span: &Range<usize>) -> Option<Range<usize>> {
    let own = value.span();
    match value.get_mut() {
        DeValue::Table(table) => {
            if let Some(inside) = table.iter_mut().find_map(|(_, inner)| take_out(inner, span)) {
                return Some(inside);
            }
            let stands_there = |(key, value): &(&Spanned<_>, &Spanned<_>)| key.span() == *span || value.span() == *span;
            let key = table.iter().find(stands_there)?.0.clone();
            table.remove(&key).map(|_| own)
        }
        DeValue::Array(items) => {
            if let Some(inside) = items.iter_mut().find_map(|inner| take_out(inner, span)) {
                return Some(inside);
            }
            let others: DeArray<'_> = items.iter().filter(|item| item.span() != *span).cloned().collect();
            (others.len() < items.len()).then(|| {
                *items = others;
                own
            })
        }
        _ => None,
    }
}

fn unknown_key(key: &str, known: &[&str]) -> String {
    match nearest(key, known.iter().copied()) {
        Some(name) => format!("unknown key \"{key}\"; did you mean \"{name}\"?"),
        None if known.is_empty() => format!("unknown key \"{key}\"; remove it"),
        None => format!("unknown key \"{key}\"; known keys are {}", known.join(", ")),
    }
}

/// serde's words for any other mistake, on one line, and ours for a date.
fn explain(error: &Error) -> String {
    if error.message().ends_with("expected a TOML datetime") {
        return "must be a date such as 2026-11-23, without quotes".to_owned();
    }
    error.message().lines().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only the keys matter here")]
    struct Sample {
        title: String,
        year: Option<u32>,
        #[serde(default)]
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
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
    fn mistakes_of_all_kinds_are_found_together_in_order_of_their_lines() {
        let found = mistakes("yeer = 1\ntitle = 2\nyear = 'b'\n[[inner]]\n[[inner]]\nname = 3\nnme = 4\n");
        let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 6, 7], "{found:#?}");
        assert!(found[1].1.contains("expected a string") && found[3].1.contains("missing field `name`"), "{found:#?}");
    }

    #[test]
    fn a_key_that_is_missing_because_it_is_misspelt_is_reported_once_and_another_still() {
        let found = mistakes("title = 'a'\n[[inner]]\nnaem = 'x'\n[[inner]]\n[[inner]]\nname = 'y'\n");
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4], "{found:#?}");
    }

    #[test]
    fn a_mistake_is_named_in_its_own_line_when_other_lines_read_the_same() {
        let found = mistakes(
            "title = 'a'\n[[inner]]\nname = 'x'\n[[inner]]\nname = 'x'\nzz = 1\n[[inner]]\nname = 'x'\nzz = 1\n",
        );
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [6, 9], "{found:#?}");
    }

    #[test]
    fn unknown_keys_are_found_inside_spanned_tables_of_maps() {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only the keys matter here")]
        struct Outer {
            by_name: std::collections::BTreeMap<String, Spanned<Inner>>,
            maybe: Option<Spanned<Inner>>,
        }
        let text = "maybe = { name = 'x', nome = 1 }\n[by_name]\na.name = 'x'\nb = { name = 'x', nam = 1 }\n\
            [by_name.c]\nname = 'x'\n'$' = 1\n";
        let found = parse::<Outer>(text).expect_err("the text has mistakes");
        let found: Vec<(usize, &str)> = found.iter().map(|mistake| (mistake.line, mistake.message.as_str())).collect();
        assert_eq!(
            found,
            [
                (1, "unknown key \"nome\"; did you mean \"name\"?"),
                (4, "unknown key \"nam\"; did you mean \"name\"?"),
                (7, "unknown key \"$\"; known keys are name"),
            ]
        );
    }

    #[test]
    fn the_line_of_a_key_is_that_in_its_own_table() {
        let text = "a = 1\n[x]\na = 2\n[x.y]\nb = 3\n";
        let lines =
            [&["a"][..], &["x", "a"], &["x", "y"], &["x", "y", "b"], &["b"]].map(|keys| line_of_key(text, keys));
        assert_eq!(lines, [Some(1), Some(3), Some(4), Some(5), None]);
    }

    #[test]
    fn a_mistake_against_toml_itself_has_its_line() {
        assert_eq!(
            mistakes("title = 'a'\nyear = = 2\nzz = 1\n").iter().map(|(line, _)| *line).collect::<Vec<_>>(),
            [2]
        );
        assert_eq!(mistakes("title = 'a'\nyear = 1\nyear = 2\n")[0].0, 3);
    }

    #[test]
    fn a_wrong_type_and_a_missing_key_are_mistakes_with_a_line() {
        assert_eq!(mistakes("title = 'a'\nyear = 'b'")[0].0, 2);
        assert!(mistakes("year = 2")[0].1.contains("missing field `title`"));
    }
}
