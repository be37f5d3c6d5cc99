//! `lexicon.csv`: lay words and medical words for the same thing.
//!
//! It says what is written and whether that is sound. How variants are matched and weighted is the matter of
//! `index::analysis` and `search`.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::diagnostics::{self, Diagnostic};

/// The file's name in the corpus folder.
pub const FILE: &str = "lexicon.csv";

/// In which direction a row may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Either stands for the other.
    TwoWay,
    /// The variant in a question adds the canonical term, never the other way.
    OneWay,
    /// The variant may mean more than one thing; it adds every canonical term it is listed under.
    Ask,
    /// Must never be merged, however alike they look.
    Block,
    /// Belongs to the red-flag rules; never used for search.
    Triage,
}

/// One row.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The term as the corpus says it.
    pub canonical: String,
    /// Another way to say it.
    pub variant: String,
    /// What the variant is: `lay`, `misspelling`, `abbreviation` and so on.
    pub kind: String,
    /// How the row may be used.
    pub direction: Direction,
    /// Why; for editors.
    pub note: String,
}

impl Entry {
    /// Whether it says that the variant means the canonical term and nothing else.
    fn is_plain(&self) -> bool {
        matches!(self.direction, Direction::OneWay | Direction::TwoWay)
    }
}

/// Reads the lexicon and reports what is wrong with it.
pub(super) fn read(text: &str) -> (Vec<Entry>, Vec<Diagnostic>) {
    let (rows, mut diagnostics) =
        diagnostics::csv::read::<Entry>(FILE, text, "canonical, variant, kind, direction, note");
    let mut lines: HashMap<(String, String), usize> = HashMap::new();
    for (line, entry) in &rows {
        check(entry, &mut lines, *line, &mut diagnostics);
    }
    ambiguous_variants(&rows, &mut diagnostics);
    circles(&rows, &mut diagnostics);
    diagnostics.sort_by_key(|diagnostic| diagnostic.line);
    (rows.into_iter().map(|(_, entry)| entry).collect(), diagnostics)
}

/// A word that stands for two things is a guess in one of two cases; whoever means that must say so.
fn ambiguous_variants(rows: &[(usize, Entry)], diagnostics: &mut Vec<Diagnostic>) {
    let mut canonicals: HashMap<String, (usize, String)> = HashMap::new();
    for (line, entry) in rows.iter().filter(|(_, entry)| entry.is_plain()) {
        let canonical = entry.canonical.to_lowercase();
        let (first, other) =
            canonicals.entry(entry.variant.to_lowercase()).or_insert_with(|| (*line, canonical.clone())).clone();
        if other != canonical {
            diagnostics.push(Diagnostic::error(
                FILE,
                *line,
                format!("\"{}\" stands for \"{other}\" in line {first}; write the direction ask in both rows, or remove one", entry.variant),
            ));
        }
    }
}

/// Rows that lead back to where they began, as `a` for `b` and `b` for `a`, have no canonical term.
fn circles(rows: &[(usize, Entry)], diagnostics: &mut Vec<Diagnostic>) {
    let leads: HashMap<String, String> = rows
        .iter()
        .filter(|(_, entry)| entry.direction == Direction::OneWay)
        .map(|(_, entry)| (entry.variant.to_lowercase(), entry.canonical.to_lowercase()))
        .collect();
    let named = |entry: &Entry| entry.direction == Direction::OneWay && !same(entry);
    for (line, entry) in rows.iter().filter(|(_, entry)| named(entry)) {
        let start = entry.variant.to_lowercase();
        let mut seen = HashSet::from([start.clone()]);
        let mut at = entry.canonical.to_lowercase();
        while seen.insert(at.clone()) {
            let Some(next) = leads.get(&at) else { break };
            at.clone_from(next);
        }
        if at == start {
            let message = format!(
                "\"{}\" leads back to itself by way of \"{}\"; write one row with the direction two-way",
                entry.variant, entry.canonical
            );
            diagnostics.push(Diagnostic::error(FILE, *line, message));
        }
    }
}

/// Canonical terms that no article uses, in one note: their rows find nothing until an article does.
pub fn unused(entries: &[Entry], is_used: &dyn Fn(&str) -> bool) -> Option<Diagnostic> {
    const NAMED: usize = 5;
    let mut unused: Vec<&str> = Vec::new();
    for entry in entries.iter().filter(|entry| !matches!(entry.direction, Direction::Block | Direction::Triage)) {
        // Either name of a two-way row may be the one that the corpus uses.
        let used = is_used(&entry.canonical) || (entry.direction == Direction::TwoWay && is_used(&entry.variant));
        if !used && !unused.contains(&entry.canonical.as_str()) {
            unused.push(&entry.canonical);
        }
    }
    let named = unused.iter().take(NAMED).map(|term| format!("\"{term}\"")).collect::<Vec<_>>().join(", ");
    let more = unused.len().saturating_sub(NAMED);
    let others = if more == 0 { String::new() } else { format!(" and {more} more") };
    (!unused.is_empty()).then(|| {
        Diagnostic::note(
            FILE,
            None,
            format!("no article uses {named}{others}; the rows of these terms find nothing yet"),
        )
    })
}

fn same(entry: &Entry) -> bool {
    entry.canonical.to_lowercase() == entry.variant.to_lowercase()
}

fn check(entry: &Entry, lines: &mut HashMap<(String, String), usize>, line: usize, diagnostics: &mut Vec<Diagnostic>) {
    let (canonical, variant) = (entry.canonical.to_lowercase(), entry.variant.to_lowercase());
    if canonical.is_empty() || variant.is_empty() {
        diagnostics.push(Diagnostic::error(FILE, line, "canonical or variant is empty; fill both or remove the row"));
    } else if same(entry) {
        diagnostics.push(Diagnostic::error(FILE, line, "canonical and variant are the same; remove the row"));
    }
    if let Some(first) = lines.insert((canonical, variant), line) {
        diagnostics.push(Diagnostic::error(FILE, line, format!("the row stands in line {first} already; remove one")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_mistakes_named_with_their_line() {
        let text = "canonical,variant,kind,direction,note\nmagnetic resonance imaging,MRI,abbreviation,two-way,\na,a,lay,one-way,\nb,c,lay,sideways,\n\"d, e\",f,lay,one-way,x\n\"D, e\",F,lay,one-way,x\ng,h\n";
        let (entries, diagnostics) = read(text);
        assert_eq!(entries.len(), 4);
        let lines: Vec<Option<usize>> = diagnostics.iter().map(|diagnostic| diagnostic.line).collect();
        assert_eq!(lines, [Some(3), Some(4), Some(6), Some(7)]);
        assert!(diagnostics[1].message.contains("sideways"), "{}", diagnostics[1]);
    }

    fn messages(rows: &str) -> Vec<String> {
        let (_, diagnostics) = read(&format!("canonical,variant,kind,direction,note\n{rows}"));
        diagnostics.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_word_may_stand_for_two_things_only_where_the_rows_say_so() {
        let found = messages("lid,eye,lay,one-way,\nvision,eye,lay,one-way,\n");
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("lexicon.csv:3: \"eye\" stands for \"lid\" in line 2"), "{found:?}");
        assert!(messages("lid,eye,lay,ask,\nvision,eye,lay,ask,\n").is_empty());
        assert!(messages("lid,eye,lay,one-way,\nvision,eye,confusable,block,\n").is_empty());
    }

    #[test]
    fn rows_that_lead_in_a_circle_are_named() {
        let found = messages("b,a,lay,one-way,\nc,b,lay,one-way,\na,c,lay,one-way,\nb,x,lay,one-way,\n");
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(messages("b,a,lay,one-way,\nc,b,lay,one-way,\n").is_empty());
    }

    #[test]
    fn terms_that_no_article_uses_are_named_in_one_note() {
        let (entries, _) =
            read("canonical,variant,kind,direction,note\na,b,lay,one-way,\nc,d,lay,two-way,\ne,f,lay,one-way,\n");
        let note = unused(&entries, &|term| term == "a" || term == "d").expect("e is not used");
        assert!(note.message.starts_with("no article uses \"e\";"), "{note}");
        assert_eq!(unused(&entries, &|_| true), None);
    }
}
