//! The files of a corpus folder, as they are: which are read, under which names, and how large they may be.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use crate::diagnostics::Diagnostic;
use crate::disk;

/// Largest article, in bytes: 1 MiB, some 150,000 words. A larger file is a mistake, not an article.
pub const ARTICLE_MAX_BYTES: u64 = 1 << 20;
/// Largest data file (lexicon, rules, questions), in bytes.
pub const DATA_MAX_BYTES: u64 = 16 << 20;

/// A file that belongs to a generation.
#[derive(Debug, Clone)]
pub struct CorpusFile {
    /// Name relative to the corpus folder, with forward slashes.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The files of a corpus folder: its articles, and those of `names` that are there, in order, so that equal folders
/// give equal generations; and what is wrong with the folder itself. Line ends are read as `\n`, whatever a checkout
/// made of them, so that no digest depends on them.
pub fn read_files(folder: &Path, data_files: &[&str]) -> (Vec<CorpusFile>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut files = Vec::new();
    let articles = folder.join("articles");
    let mut names = Vec::new();
    match fs::read_dir(&articles) {
        Ok(entries) => {
            for entry in entries.filter_map(Result::ok) {
                article_name(&entry, &mut names, &mut diagnostics);
            }
        }
        Err(error) => diagnostics.push(Diagnostic::error(
            "articles",
            None,
            format!(
                "{} can't be read ({error}); the corpus folder, which corpus.dir or SEVENTH_CORPUS_DIR names, needs \
                 a folder articles with .md files",
                disk::absolute(&articles).display()
            ),
        )),
    }
    names.sort();
    for name in names {
        read_file(folder, format!("articles/{name}"), ARTICLE_MAX_BYTES, &mut files, &mut diagnostics);
    }
    for name in data_files {
        // One that is there and can't be looked at is read, so that the reason is said.
        let looked_at = folder.join(name).symlink_metadata();
        if !looked_at.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
            read_file(folder, (*name).to_owned(), DATA_MAX_BYTES, &mut files, &mut diagnostics);
        }
    }
    (files, diagnostics)
}

fn article_name(entry: &fs::DirEntry, names: &mut Vec<String>, diagnostics: &mut Vec<Diagnostic>) {
    let name = entry.file_name();
    let Some(name) = name.to_str() else {
        diagnostics.push(Diagnostic::error(
            "articles",
            None,
            format!("the file name {} is not UTF-8; rename it", name.display()),
        ));
        return;
    };
    if name.starts_with('.') {
        return;
    }
    let Some(slug) = name.strip_suffix(".md") else {
        diagnostics.push(Diagnostic::warning(
            &format!("articles/{name}"),
            None,
            "only .md files are read; this one is left out",
        ));
        return;
    };
    let kebab = !slug.is_empty() && slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !kebab || slug.len() > SLUG_MAX_BYTES {
        let message = format!(
            "the file name becomes the article's id: use at most {SLUG_MAX_BYTES} lower-case letters, digits and hyphens, then .md"
        );
        diagnostics.push(Diagnostic::error(&format!("articles/{name}"), None, message));
        return;
    }
    names.push(name.to_owned());
}

/// Longest article id, in bytes, so that a button or a menu can name an article and a section (100 characters).
const SLUG_MAX_BYTES: usize = 60;

fn read_file(folder: &Path, name: String, limit: u64, files: &mut Vec<CorpusFile>, diagnostics: &mut Vec<Diagnostic>) {
    match read_at_most(&folder.join(&name), limit + 1) {
        Ok(bytes) if bytes.len() as u64 > limit => {
            let message = format!("the file is larger than {} KiB; split it", limit >> 10);
            diagnostics.push(Diagnostic::error(&name, None, message));
        }
        Ok(bytes) => files.push(CorpusFile { name, bytes: with_unix_line_ends(bytes) }),
        Err(error) => {
            diagnostics.push(Diagnostic::error(&name, None, format!("the file can't be read: {error}")));
        }
    }
}

/// Reads a text file of the corpus folder that is not part of a generation. Line ends are read as `\n`.
///
/// # Errors
///
/// When it can't be read, is too large, or is no UTF-8 text.
pub fn read_text(path: &Path) -> std::io::Result<String> {
    let bytes = read_at_most(path, DATA_MAX_BYTES + 1)?;
    if bytes.len() as u64 > DATA_MAX_BYTES {
        return Err(std::io::Error::other(format!("it is larger than {} KiB", DATA_MAX_BYTES >> 10)));
    }
    String::from_utf8(with_unix_line_ends(bytes)).map_err(|_| std::io::Error::other("it is not UTF-8 text"))
}

fn read_at_most(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    // A pipe would be waited for until somebody writes to it.
    if !fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is no regular file"));
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn with_unix_line_ends(bytes: Vec<u8>) -> Vec<u8> {
    let mut clean = Vec::with_capacity(bytes.len());
    for byte in bytes {
        if byte == b'\n' && clean.last() == Some(&b'\r') {
            clean.pop();
        }
        clean.push(byte);
    }
    clean
}

/// The text of one of the files, if it is there and is text.
pub fn text_of<'a>(files: &'a [CorpusFile], name: &str) -> Option<&'a str> {
    let file = files.iter().find(|file| file.name == name)?;
    std::str::from_utf8(&file.bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_read_is_named_absolutely_with_the_setting() {
        let (_, found) = read_files(Path::new("no/such/corpus"), &[]);
        let message = &found[0].message;
        let here = std::path::absolute(".").expect("a working folder");
        assert!(message.starts_with(&format!("{}/no/such/corpus/articles can't be read", here.display())), "{message}");
        assert!(message.contains("corpus.dir or SEVENTH_CORPUS_DIR"), "{message}");
    }

    #[test]
    fn line_ends_of_windows_are_read_as_those_of_unix() {
        for (written, read) in [("a\r\nb\r\n", "a\nb\n"), ("a\rb\n\r", "a\rb\n\r"), ("", ""), ("\r\n", "\n")] {
            assert_eq!(with_unix_line_ends(written.as_bytes().to_vec()), read.as_bytes(), "{written:?}");
        }
    }
}
