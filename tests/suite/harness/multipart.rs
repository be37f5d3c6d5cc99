//! Reads `multipart/form-data`, the form in which a message with files arrives.

use serde_json::Value;

/// A file that the bot attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// The JSON part and the files, or `None` if the body is not what its content type says.
pub(crate) fn read(content_type: &str, body: &[u8]) -> Option<(Value, Vec<Upload>)> {
    let boundary = content_type.split("boundary=").nth(1)?.trim_matches('"');
    let delimiter = format!("--{boundary}");
    let mut payload = Value::Null;
    let mut files = Vec::new();
    for part in split(body, delimiter.as_bytes()) {
        let Some((head, rest)) = cut(part, b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(head);
        let bytes = rest.strip_suffix(b"\r\n")?;
        if let Some(name) = parameter(&head, "filename") {
            files.push(Upload { name, bytes: bytes.to_vec() });
        } else if parameter(&head, "name").as_deref() == Some("payload_json") {
            payload = serde_json::from_slice(bytes).ok()?;
        }
    }
    Some((payload, files))
}

fn parameter(head: &str, name: &str) -> Option<String> {
    let (_, rest) = head.split_once(&format!("; {name}=\""))?;
    rest.split('"').next().map(str::to_owned)
}

fn split<'a>(mut body: &'a [u8], delimiter: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    while let Some((part, rest)) = cut(body, delimiter) {
        parts.push(part);
        body = rest;
    }
    parts
}

fn cut<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let start = bytes.windows(at.len()).position(|window| window == at)?;
    Some((bytes.get(..start)?, bytes.get(start + at.len()..)?))
}
