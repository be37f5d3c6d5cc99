//! What another generation changes, for a moderator to read before it goes live.

use std::collections::BTreeMap;

use crate::corpus::{Corpus, PassageRef};
use crate::index::{GenerationId, Snapshot};

/// The difference between the live generation and another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The live generation, if there is one.
    pub from: Option<GenerationId>,
    /// The other one.
    pub to: GenerationId,
    /// Passages at places where there was none.
    pub added: Vec<String>,
    /// Passages with other words.
    pub changed: Vec<String>,
    /// Passages with the same words and other notes.
    pub notes_changed: Vec<String>,
    /// Passages whose place is gone.
    pub removed: Vec<String>,
    /// Files that are new, changed or gone, with the word for it.
    pub files: Vec<(FileChange, String)>,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileChange {
    /// It was not there before.
    New,
    /// It has other bytes.
    Changed,
    /// It is no longer there.
    Removed,
}

/// What a reader would call the same passage with other words: article, heading path, and number in the section.
type Place = (String, Vec<String>, usize);

impl Changes {
    /// Compares.
    pub fn between(live: Option<&Snapshot>, other: &Snapshot) -> Self {
        let before = live.map(|live| by_place(&live.corpus)).unwrap_or_default();
        let after = by_place(&other.corpus);
        let mut changes = Self {
            from: live.map(|live| live.manifest.id.clone()),
            to: other.manifest.id.clone(),
            added: Vec::new(),
            changed: Vec::new(),
            notes_changed: Vec::new(),
            removed: before
                .iter()
                .filter(|(place, _)| !after.contains_key(*place))
                .map(|(_, passage)| name(passage))
                .collect(),
            files: live.map(|live| files(live, other)).unwrap_or_default(),
        };
        for (place, passage) in &after {
            match before.get(place) {
                None => changes.added.push(name(passage)),
                Some(old) if old.text() != passage.text() => changes.changed.push(name(passage)),
                Some(old) if old.passage.notes != passage.passage.notes => changes.notes_changed.push(name(passage)),
                Some(_) => {}
            }
        }
        changes
    }

    /// Whether the two are the same generation.
    pub fn is_unchanged(&self) -> bool {
        self.from.as_ref() == Some(&self.to)
    }
}

fn by_place(corpus: &Corpus) -> BTreeMap<Place, PassageRef<'_>> {
    let mut places = BTreeMap::new();
    for article in &corpus.articles {
        for section in &article.sections {
            for (number, passage) in
                article.passages.iter().enumerate().take(section.passages.end).skip(section.passages.start)
            {
                if let Some(passage) = corpus.passage_by_id(passage.id) {
                    places.insert(
                        (article.slug.clone(), section.heading_path.clone(), number - section.passages.start),
                        passage,
                    );
                }
            }
        }
    }
    places
}

fn name(passage: &PassageRef<'_>) -> String {
    const SHOWN_CHARS: usize = 60;
    let words = passage.text().split_whitespace().collect::<Vec<_>>().join(" ");
    let beginning: String = words.chars().take(SHOWN_CHARS).collect();
    let mark = if beginning.len() < words.len() { "…" } else { "" };
    format!("{}, {}: “{}{mark}”", passage.article.file, passage.section().breadcrumb(), beginning.trim_end())
}

/// The files of the corpus that differ, by the digests in the manifests.
fn files(live: &Snapshot, other: &Snapshot) -> Vec<(FileChange, String)> {
    let (before, after) = (corpus_files(live), corpus_files(other));
    let now = after.iter().filter_map(|(name, digest)| match before.get(name) {
        None => Some((FileChange::New, (*name).to_owned())),
        Some(old) if old != digest => Some((FileChange::Changed, (*name).to_owned())),
        Some(_) => None,
    });
    let gone =
        before.keys().filter(|name| !after.contains_key(*name)).map(|name| (FileChange::Removed, (*name).to_owned()));
    now.chain(gone).collect()
}

fn corpus_files(snapshot: &Snapshot) -> BTreeMap<&str, &str> {
    let files = snapshot.manifest.files.iter();
    files.filter_map(|(path, digest)| Some((path.strip_prefix("corpus/")?, digest.as_str()))).collect()
}
