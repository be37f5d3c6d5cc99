//! CSV tables of the corpus folder: rows with their lines, and mistakes in words that an editor understands.

use serde::de::DeserializeOwned;

use super::Diagnostic;

/// Reads the rows of `file`, each with the line that it stands in; rows that can't be read become problems.
pub fn read<T: DeserializeOwned>(file: &str, text: &str, columns: &str) -> (Vec<(usize, T)>, Vec<Diagnostic>) {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    let (mut rows, mut diagnostics) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let row = record.and_then(|record| {
            let line = line_of(record.position());
            record.deserialize::<T>(Some(&headers)).map(|row| (line, row))
        });
        match row {
            Ok(row) => rows.push(row),
            Err(error) => {
                diagnostics.push(Diagnostic::error(file, line_of(error.position()), explain(&error, columns)));
            }
        }
    }
    (rows, diagnostics)
}

fn line_of(position: Option<&csv::Position>) -> usize {
    position.and_then(|position| usize::try_from(position.line()).ok()).unwrap_or(1)
}

fn explain(error: &csv::Error, columns: &str) -> String {
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} columns, not {expected_len}; a cell with a comma needs quotes around it")
        }
        csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
        _ => error.to_string(),
    };
    format!("{reason}; columns are {columns}")
}
