//! `lexicon.csv`: lay words and medical words for the same thing.
//!
//! It says what is written and whether that is sound. How variants are matched and weighted is the matter of
//! `index::analysis` and `search`.

use std::collections::HashMap;

use serde::Deserialize;

use super::lint::Problem;

/// The file's name in the corpus folder.
pub(super) const FILE: &str = "lexicon.csv";

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

/// Reads the lexicon and reports what is wrong with it.
pub(super) fn read(text: &str) -> (Vec<Entry>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    let mut lines: HashMap<(String, String), usize> = HashMap::new();
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    for record in reader.records() {
        let entry = record.and_then(|record| {
            let line = line_of(record.position());
            record.deserialize::<Entry>(Some(&headers)).map(|entry| (line, entry))
        });
        match entry {
            Ok((line, entry)) => {
                check(&entry, &mut lines, line, &mut problems);
                entries.push(entry);
            }
            Err(error) => problems.push(Problem::error(FILE, line_of(error.position()), explain(&error))),
        }
    }
    (entries, problems)
}

fn line_of(position: Option<&csv::Position>) -> usize {
    position.and_then(|position| usize::try_from(position.line()).ok()).unwrap_or(1)
}

fn explain(error: &csv::Error) -> String {
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} columns, not {expected_len}; a cell with a comma needs quotes around it")
        }
        csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
        _ => error.to_string(),
    };
    format!("{reason}; columns are canonical, variant, kind, direction, note")
}

fn check(entry: &Entry, lines: &mut HashMap<(String, String), usize>, line: usize, problems: &mut Vec<Problem>) {
    let (canonical, variant) = (entry.canonical.to_lowercase(), entry.variant.to_lowercase());
    if canonical.is_empty() || variant.is_empty() {
        problems.push(Problem::error(FILE, line, "canonical or variant is empty; fill both or remove the row"));
    } else if canonical == variant {
        problems.push(Problem::error(FILE, line, "canonical and variant are the same; remove the row"));
    }
    if let Some(first) = lines.insert((canonical, variant), line) {
        problems.push(Problem::error(FILE, line, format!("the row stands in line {first} already; remove one")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_mistakes_named_with_their_line() {
        let text = "canonical,variant,kind,direction,note\nmagnetic resonance imaging,MRI,abbreviation,two-way,\na,a,lay,one-way,\nb,c,lay,sideways,\n\"d, e\",f,lay,one-way,x\n\"D, e\",F,lay,one-way,x\ng,h\n";
        let (entries, problems) = read(text);
        assert_eq!(entries.len(), 4);
        let lines: Vec<Option<usize>> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [Some(3), Some(4), Some(6), Some(7)]);
        assert!(problems[1].message.contains("sideways"), "{}", problems[1]);
    }
}
