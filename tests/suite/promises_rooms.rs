//! The drawing of the rooms in the source: which may use which, and which crates are named where.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// A room and the rooms that it may use. `main` and `lib` see everything.
const ARROWS: &[(&str, &[&str])] = &[
    ("toml_file", &[]),
    ("hash", &[]),
    ("commands", &[]),
    ("corpus", &["hash", "toml_file"]),
    ("error", &["corpus"]),
    ("english", &[]),
    ("semantic", &["hash"]),
    ("index", &["corpus", "english", "hash", "semantic"]),
    ("question", &["corpus", "semantic", "toml_file"]),
    ("search", &["index", "question", "corpus", "english", "semantic"]),
    ("training", &["corpus", "question", "semantic"]),
    ("answer", &["corpus", "index", "question", "search"]),
    ("refresh", &["corpus", "index", "question", "search", "semantic", "answer", "toml_file"]),
    ("eval", &["answer", "corpus", "index", "question", "search"]),
    ("calibrate", &["answer", "corpus", "eval", "index", "question", "search"]),
    ("reply", &["answer", "corpus", "error", "index", "refresh", "commands", "question", "search"]),
    ("config", &["reply", "semantic", "toml_file"]),
    ("log", &["config"]),
    (
        "app",
        &[
            "answer",
            "commands",
            "config",
            "corpus",
            "error",
            "index",
            "question",
            "refresh",
            "reply",
            "search",
            "semantic",
            "toml_file",
        ],
    ),
    // `refresh` only to log why the corpus was refused when the bot starts.
    ("discord", &["app", "reply", "config", "error", "commands", "question", "refresh"]),
    ("terminal", &["app", "answer", "corpus", "error", "index", "reply", "search"]),
];

/// Crates that are named in these rooms alone.
const CRATES: &[(&str, &[&str])] =
    &[("tantivy", &["index", "search"]), ("serenity", &["discord"]), ("candle", &["semantic"])];

/// Longest file without its tests, in lines.
const LINES_MAX: usize = 320;

struct File {
    /// Path below `src`.
    name: String,
    /// The room that it belongs to: the first part of its path.
    room: String,
    text: String,
}

impl File {
    /// The lines above the file's tests.
    fn own_lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines().take_while(|line| *line != "#[cfg(test)]")
    }

    /// The lines without comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Rooms that it names after `crate::`, with the line.
    fn uses(&self) -> Vec<(usize, String)> {
        let mut uses = Vec::new();
        for (line, text) in self.code() {
            for path in text.split("crate::").skip(1) {
                assert!(
                    !path.starts_with(['{', '*']),
                    "{}:{line}: one `use crate::` a room, please: {text}",
                    self.name
                );
                let room: String = path.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
                uses.push((line, room));
            }
        }
        uses
    }
}

fn source() -> Vec<File> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut files);
    assert!(files.len() > 20, "the source was not found");
    files
}

fn collect(folder: &Path, below: &str, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("the source is there") {
        let entry = entry.expect("a folder can be listed");
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else if let Some(stem) = name.strip_suffix(".rs") {
            let room = stem.split('/').next().unwrap_or_default().to_owned();
            files.push(File { text: fs::read_to_string(entry.path()).expect("source is text"), name, room });
        }
    }
}

/// Rooms with the rooms that they really use, and one place for each.
fn arrows(files: &[File]) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut arrows: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.room != "main" && file.room != "lib") {
        let used = arrows.entry(file.room.clone()).or_default();
        for (line, room) in file.uses().into_iter().filter(|(_, room)| *room != file.room) {
            used.entry(room).or_insert_with(|| format!("{}:{line}", file.name));
        }
    }
    arrows
}

#[test]
fn the_rooms_keep_their_arrows() {
    let arrows = arrows(&source());
    let drawn: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(room, used)| (*room, used.iter().copied().collect())).collect();
    let mut wrong = Vec::new();
    for (room, used) in &arrows {
        match drawn.get(room.as_str()) {
            None => wrong.push(format!("the room {room} is not in the drawing")),
            Some(drawn) => wrong.extend(
                used.iter()
                    .filter(|(other, _)| !drawn.contains(other.as_str()))
                    .map(|(other, place)| format!("{place}: {room} may not use {other}")),
            ),
        }
    }
    wrong.extend(
        drawn.keys().filter(|room| !arrows.contains_key(**room)).map(|room| format!("there is no room {room}")),
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_arrow_leads_back() {
    let arrows = arrows(&source());
    let mut left: BTreeSet<&str> = arrows.keys().map(String::as_str).collect();
    loop {
        let free: Vec<&str> = left
            .iter()
            .copied()
            .filter(|room| arrows[*room].keys().all(|used| !left.contains(used.as_str())))
            .collect();
        if free.is_empty() {
            break;
        }
        left.retain(|room| !free.contains(room));
    }
    let circle: Vec<_> = left.iter().map(|room| (room, &arrows[*room])).collect();
    assert!(circle.is_empty(), "these rooms use each other in a circle: {circle:#?}");
}

#[test]
fn tantivy_and_serenity_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for file in &source() {
        for (name, rooms) in CRATES.iter().filter(|(_, rooms)| !rooms.contains(&file.room.as_str())) {
            let path = format!("{name}::");
            let named = file.code().filter(|(_, line)| line.contains(&path) || line.contains(&format!("use {name}")));
            wrong.extend(named.map(|(line, _)| format!("{}:{line}: {name} is named only in {rooms:?}", file.name)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_configuration_reads_the_environment() {
    for file in source().iter().filter(|file| file.name != "config.rs") {
        let read = file.code().find(|(_, line)| line.contains("std::env") || line.contains("env::var"));
        assert_eq!(read, None, "{}", file.name);
    }
}

#[test]
fn every_file_begins_with_what_it_is_for() {
    let silent = source().into_iter().filter(|file| !file.text.starts_with("//! ")).map(|file| file.name);
    assert_eq!(silent.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn every_file_can_be_read_in_one_sitting() {
    let long = source().into_iter().map(|file| (file.own_lines().count(), file.name));
    let long: Vec<(usize, String)> = long.filter(|(lines, _)| *lines > LINES_MAX).collect();
    assert_eq!(long, [], "longer than {LINES_MAX} lines without tests");
}

#[test]
fn nobody_reaches_around_the_rooms() {
    for file in &source() {
        let around = file.code().find(|(_, line)| line.contains("super::super"));
        assert_eq!(around, None, "{}", file.name);
    }
}

#[test]
fn the_configuration_takes_nothing_but_the_default_disclaimer_from_reply() {
    for file in source().iter().filter(|file| file.room == "config") {
        for (line, text) in file.code().filter(|(_, text)| text.contains("crate::reply")) {
            assert_eq!(text.trim(), "use crate::reply::DISCLAIMER;", "{}:{line}", file.name);
        }
    }
}
