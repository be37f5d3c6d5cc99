//! CSV tables of the corpus folder: rows with their lines, and mistakes in words that an editor understands.

use serde::de::DeserializeOwned;

use super::Diagnostic;

/// Reads the rows of `file`, each with the line that it stands in; rows that can't be read become diagnostics. A
/// cell never holds a line break.
pub fn read<T: DeserializeOwned>(file: &str, text: &str, columns: &str) -> (Vec<(usize, T)>, Vec<Diagnostic>) {
    if text.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    if let Some(missing) = columns.split(", ").find(|column| !headers.iter().any(|header| header == *column)) {
        let message = format!("the first line must name the columns {columns}; {missing} is missing");
        return (Vec::new(), vec![Diagnostic::error(file, 1, message)]);
    }
    let (mut rows, mut diagnostics) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let (line, row) = match &record {
            Ok(record) => (line_of(text, record.position()), read_row(record, &headers)),
            Err(error) => (line_of(text, error.position()), Err(error.to_string())),
        };
        match row {
            Ok(row) => rows.push((line, row)),
            Err(reason) => diagnostics.push(Diagnostic::error(file, line, format!("{reason}; columns are {columns}"))),
        }
    }
    (rows, diagnostics)
}

fn read_row<T: DeserializeOwned>(record: &csv::StringRecord, headers: &csv::StringRecord) -> Result<T, String> {
    // An unclosed quotation mark makes one cell of all that follows, up to the next mark.
    if record.iter().any(|cell| cell.contains(['\n', '\r'])) {
        return Err("a cell goes on in the next line; close the quotation mark that begins in this row".to_owned());
    }
    if record.len() != headers.len() {
        return Err(format!(
            "the row has {} columns, not {}; a cell with a comma needs quotes around it",
            record.len(),
            headers.len()
        ));
    }
    record.deserialize(Some(headers)).map_err(|error| match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => {
            let reason = err.kind().to_string();
            // An unknown word is told without its column, but in backticks.
            let unknown = record.iter().position(|cell| reason.contains(&format!("unknown variant `{cell}`")));
            let at = err.field().and_then(|at| usize::try_from(at).ok()).or(unknown);
            let column = at.and_then(|at| headers.get(at));
            column.map_or_else(|| reason.clone(), |column| format!("column {column}: {reason}"))
        }
        _ => error.to_string(),
    })
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
    fn a_row_has_the_line_that_it_begins_in_after_cells_of_several_lines_which_are_refused() {
        let text = "name,number\na,1\n\"b\nb\",2\n\n\nc,3\n\"d\n\n\",4\ne,5\n";
        let (rows, refused) = lines(text);
        let names: Vec<usize> = rows.into_iter().map(|(line, _)| line).collect();
        assert_eq!((names.as_slice(), refused.as_slice()), ([2, 7, 8, 11].as_slice(), [3].as_slice()));
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
