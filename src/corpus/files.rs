//! The files of a corpus folder, as they are: which are read, under which names, and how large they may be.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::lint::Problem;
use super::{alert_model, calibration, golden, lexicon, red_flags, taught};

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

/// Replaces a file of the corpus folder whole: whatever fails, the old one stays.
///
/// # Errors
///
/// When the new file can't be written beside the old one, or can't take its place.
pub fn replace_file(path: &Path, text: &str) -> std::io::Result<()> {
    let beside = path.with_extension("tmp");
    let mut file = fs::File::create(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

/// The files of a corpus folder as they are, in order of their names, so that equal folders give equal generations, and
/// what is wrong with the folder itself.
pub fn read_files(folder: &Path) -> (Vec<CorpusFile>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    let articles = folder.join("articles");
    let mut names = Vec::new();
    match fs::read_dir(&articles) {
        Ok(entries) => {
            for entry in entries.filter_map(Result::ok) {
                article_name(&entry, &mut names, &mut problems);
            }
        }
        Err(error) => problems.push(Problem::error(
            "articles",
            None,
            format!(
                "{} can't be read ({error}); the corpus folder needs a folder articles with .md files",
                articles.display()
            ),
        )),
    }
    names.sort();
    for name in names {
        read_file(folder, format!("articles/{name}"), ARTICLE_MAX_BYTES, &mut files, &mut problems);
    }
    for name in [
        alert_model::FILE,
        alert_model::MEANING_FILE,
        calibration::FILE,
        lexicon::FILE,
        golden::FILE,
        red_flags::FILE,
        taught::FILE,
    ] {
        if folder.join(name).symlink_metadata().is_ok() {
            read_file(folder, name.to_owned(), DATA_MAX_BYTES, &mut files, &mut problems);
        }
    }
    (files, problems)
}

fn article_name(entry: &fs::DirEntry, names: &mut Vec<String>, problems: &mut Vec<Problem>) {
    let name = entry.file_name();
    let Some(name) = name.to_str() else {
        problems.push(Problem::error(
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
        problems.push(Problem::warning(
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
        problems.push(Problem::error(&format!("articles/{name}"), None, message));
        return;
    }
    names.push(name.to_owned());
}

/// Longest article id, in bytes, so that a button or a menu can name an article and a section (100 characters).
const SLUG_MAX_BYTES: usize = 60;

fn read_file(folder: &Path, name: String, limit: u64, files: &mut Vec<CorpusFile>, problems: &mut Vec<Problem>) {
    let path: PathBuf = folder.join(&name);
    let read = || -> std::io::Result<Vec<u8>> {
        // A pipe would be waited for until somebody writes to it.
        if !fs::metadata(&path)?.is_file() {
            return Err(std::io::Error::other("it is no regular file"));
        }
        let mut bytes = Vec::new();
        fs::File::open(&path)?.take(limit + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) if bytes.len() as u64 > limit => {
            problems.push(Problem::error(
                &name,
                None,
                format!("the file is larger than {} KiB; split it", limit >> 10),
            ));
        }
        Ok(bytes) => files.push(CorpusFile { name, bytes }),
        Err(error) => problems.push(Problem::error(&name, None, format!("the file can't be read: {error}"))),
    }
}
