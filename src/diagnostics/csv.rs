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
            let line = line_of(text, record.position());
            record.deserialize::<T>(Some(&headers)).map(|row| (line, row))
        });
        match row {
            Ok(row) => rows.push(row),
            Err(error) => {
                diagnostics.push(Diagnostic::error(file, line_of(text, error.position()), explain(&error, columns)));
            }
        }
    }
    (rows, diagnostics)
}

/// The line in which the row at a position begins. The reader's own line is that of the empty lines before it, if there
/// are any.
fn line_of(text: &str, position: Option<&csv::Position>) -> usize {
    let Some(position) = position else { return 1 };
    let line = usize::try_from(position.line()).unwrap_or(1);
    let rest = usize::try_from(position.byte()).ok().and_then(|at| text.as_bytes().get(at..)).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
    line + empty.filter(|byte| **byte == b'\n').count()
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

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Row {
        name: String,
        #[expect(dead_code, reason = "only that it is a number matters here")]
        number: u32,
    }

    fn lines(text: &str) -> (Vec<(usize, String)>, Vec<usize>) {
        let (rows, found) = read::<Row>("table.csv", text, "name, number");
        let rows = rows.into_iter().map(|(line, row)| (line, row.name)).collect();
        (rows, found.into_iter().map(|found| found.line.expect("a line")).collect())
    }

    #[test]
    fn a_row_has_the_line_that_it_begins_in_after_rows_of_several_lines_and_empty_lines() {
        let text = "name,number\na,1\n\"b\nb\",2\n\n\nc,3\n\"d\n\n\",4\ne,5\n";
        let names: Vec<usize> = lines(text).0.into_iter().map(|(line, _)| line).collect();
        assert_eq!(names, [2, 3, 7, 8, 11]);
        for text in [text.replace('\n', "\r\n"), format!("\u{feff}{text}")] {
            assert_eq!(lines(&text).0.into_iter().map(|(line, _)| line).collect::<Vec<_>>(), names, "{text:?}");
        }
    }

    #[test]
    fn a_row_that_cannot_be_read_is_named_in_the_line_that_it_begins_in() {
        let text = "name,number\n\"a\na\",1,2\nb\n\n\"c\n\",x\nd,4\n\"e\n\",1,2\n";
        let (rows, mistakes) = lines(text);
        assert_eq!(rows, [(8, "d".to_owned())]);
        assert_eq!(mistakes, [2, 4, 6, 9]);
    }
}
