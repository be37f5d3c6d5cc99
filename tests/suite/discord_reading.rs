//! Bots that are started quickly, and what a reader finds in their replies: the quotes, the disclaimer, and a text that
//! is the same in every run.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
    time::SystemTime,
};

use regex::{Regex, escape};
use seventh::{config::DISCLAIMER, content::read_files, error::UserError, index::GenerationId, reply::sentence};
use tempfile::TempDir;

use crate::{
    harness::{Reply, Setup, Seventh, Terminal},
    index_on_disk::names,
};

/// Questions that one passage answers, whatever else the corpus will hold.
pub(crate) const CLEAR_QUESTIONS: [&str; 3] =
    ["What is an EMG for?", "Is Botox used for this?", "Can a stroke cause facial twitching?"];

/// One red flag: the examples of all of them take most of the time of a build.
const RED_FLAGS: &str = r#"
[numbers]
default = "Call your local emergency number now (for example 112 in the EU)."
source = "s"
[sources]
s = { name = "S", url = "https://s.example" }
[[card]]
id = "stroke"
tier = "emergency"
title = "This could be an emergency"
lines = ["{numbers}"]
source = "s"
[[rule]]
id = "r"
flag = "stroke"
tier = "emergency"
card = "stroke"
any = ["face ... droop*"]
source = "s"
checked = 2026-11-23
positive_examples = ["my face droops"]
"#;

const GOLDEN_QUESTION: &str = r#"
[[question]]
text = "What is an EMG for?"
expect = "answer"
quotes = "Electromyography"
"#;

/// The index of the real corpus, built once for each build of the binary and each version of the corpus.
pub(crate) fn index() -> &'static Path {
    static INDEX: LazyLock<PathBuf> = LazyLock::new(|| {
        let indexes = Path::new(env!("CARGO_TARGET_TMPDIR")).join("discord-indexes");
        let binary =
            fs::metadata(env!("CARGO_BIN_EXE_seventh")).and_then(|it| it.modified()).expect("there is a binary");
        let built = binary.duration_since(SystemTime::UNIX_EPOCH).expect("a time of this century").as_nanos();
        let (files, _) = read_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"));
        let name = format!("{built}-{}", GenerationId::of(&files, None));
        for old in names(&indexes).into_iter().filter(|it| *it != name) {
            // Another run of the tests may be removing it too.
            drop(fs::remove_dir_all(indexes.join(old)));
        }
        let folder = indexes.join(name);
        // The first question builds; whoever asks at the same time waits for it.
        let end = Terminal::new().index(&folder).run(["ask", CLEAR_QUESTIONS[0]]);
        assert_eq!(end.code, Some(0), "{}{}", end.stdout, end.stderr);
        folder
    });
    &INDEX
}

/// A bot with the real corpus, for tests that change nothing.
pub(crate) async fn reader() -> Seventh {
    Seventh::with(Setup::default().env("SEVENTH_INDEX_DIR", index())).await
}

/// A bot with the real articles, a single golden question, and a single red flag: for tests that change the corpus.
pub(crate) async fn small() -> Seventh {
    with_articles(&[]).await
}

/// The same with further articles, by file name.
pub(crate) async fn with_articles(more: &[(&str, &str)]) -> Seventh {
    let corpus = small_corpus(more);
    Seventh::with(Setup::default().corpus(corpus.path())).await
}

pub(crate) fn small_corpus(more: &[(&str, &str)]) -> TempDir {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let corpus = tempfile::tempdir().expect("a temporary folder can be made");
    let articles = corpus.path().join("articles");
    for name in ["articles/what-causes-facial-twitching.md", "lexicon.csv"] {
        let target = corpus.path().join(name);
        fs::create_dir_all(target.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::copy(real.join(name), target).expect("the real corpus has this file");
    }
    let write = |path: &Path, text| fs::write(path, text).expect("a temporary file can be written");
    write(&corpus.path().join("red_flags.toml"), RED_FLAGS);
    write(&corpus.path().join("questions.toml"), GOLDEN_QUESTION);
    for (name, text) in more {
        write(&articles.join(name), text);
    }
    corpus
}

pub(crate) async fn ask(seventh: &Seventh, question: &str) -> Reply {
    seventh.slash("ask").option("question", question).await
}

/// Everything that is written in a message, without buttons and menus.
pub(crate) fn written(reply: &Reply) -> String {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut parts = vec![reply.content().to_owned()];
    for embed in &reply.embeds {
        parts.extend([text(&embed["title"]), text(&embed["description"]), text(&embed["footer"]["text"])]);
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

/// The quotes in a message: the lines behind `> ` or in a code block, as they stand there but for the mark of the line
/// and the sign that something was left out.
pub(crate) fn quotes(reply: &Reply) -> Vec<String> {
    let mut runs: Vec<Vec<String>> = vec![Vec::new()];
    let mut in_block = false;
    for line in written(reply).lines() {
        let quoted = line.strip_prefix("> ").or(line.strip_prefix('>'));
        match quoted.or(in_block.then_some(line)) {
            _ if line == "```" => in_block = !in_block,
            Some(words) => runs.last_mut().expect("there is always a last one").push(words.to_owned()),
            None => runs.push(Vec::new()),
        }
    }
    let quotes = runs.into_iter().filter(|lines| !lines.is_empty()).map(|lines| lines.join("\n"));
    quotes
        .map(|quote| {
            let quote = quote.strip_prefix("[…] ").unwrap_or(&quote);
            quote.strip_suffix(" […]").unwrap_or(quote).to_owned()
        })
        .collect()
}

/// The quotes without the bot's bold. Fits only articles without bold of their own.
pub(crate) fn plain_quotes(reply: &Reply) -> Vec<String> {
    quotes(reply).iter().map(|quote| quote.replace("**", "")).collect()
}

/// The bytes of all articles that this bot reads.
pub(crate) fn articles(seventh: &Seventh) -> Vec<String> {
    let folder = fs::read_dir(seventh.corpus().join("articles")).expect("the corpus has articles");
    let read = |path| fs::read_to_string(path).expect("an article is UTF-8");
    folder.map(|entry| read(entry.expect("a folder can be listed").path())).collect()
}

/// Fails unless every quote in a message is a slice of an article, in which only the bot's bold marks may stand beside
/// the article's own.
pub(crate) fn assert_byte_exact(seventh: &Seventh, reply: &Reply) {
    let articles = articles(seventh);
    let quotes = quotes(reply);
    assert!(!quotes.is_empty(), "nothing is quoted in\n{}", reply.text());
    for quote in quotes {
        let pieces: Vec<String> = quote.split("**").map(escape).collect();
        let slice = Regex::new(&pieces.join(r"(?:\*\*)?")).expect("escaped text is a pattern");
        assert!(articles.iter().any(|article| slice.is_match(article)), "not in any article:\n{quote}");
    }
}

/// Fails unless a message ends with the disclaimer.
pub(crate) fn assert_disclaimer(reply: &Reply) {
    assert!(!reply.deleted, "a deleted message has no disclaimer");
    let last = match reply.embeds.last() {
        Some(embed) => embed["footer"]["text"].as_str().unwrap_or_default(),
        None => reply.content().lines().last().unwrap_or_default().trim_start_matches("-# "),
    };
    assert_eq!(last, DISCLAIMER, "in\n{}", reply.text());
}

/// Fails unless a message says this, and ends with the disclaimer.
#[track_caller]
pub(crate) fn assert_says(reply: &Reply, words: &str) {
    assert!(written(reply).contains(words), "{words:?} is not in\n{}", reply.text());
    assert_disclaimer(reply);
}

/// Fails unless a message says only that this cannot be done.
#[track_caller]
pub(crate) fn assert_refuses(reply: &Reply, error: &UserError) {
    assert_says(reply, &sentence(error));
    assert_eq!((quotes(reply), reply.options()), (vec![], vec![]), "{reply:?}");
}

/// What a person sees, with everything taken out that changes from run to run.
pub(crate) fn stable(reply: &Reply) -> String {
    static CHANGING: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
        let pattern = |text| Regex::new(text).expect("a valid pattern");
        [
            (pattern("`[0-9a-f]{16}`"), "`(generation)`"),
            (pattern(r"built \d{4}-\d\d-\d\d(T[\d:.]+Z)?"), "built (date)"),
            (pattern(r"discord user \d+"), "discord user (id)"),
            (pattern(r"Up (\d+ (d|h|min) ?)+"), "Up (duration)"),
        ]
    });
    CHANGING.iter().fold(reply.text(), |text, (pattern, word)| pattern.replace_all(&text, *word).into_owned())
}

/// Whether a message says that there is no answer, and offers topics instead.
pub(crate) fn abstains(reply: &Reply) -> bool {
    quotes(reply).is_empty() && reply.options().len() > 1
}

/// Everything behind "More passages", and behind the button for those that did not fit, and so on.
pub(crate) async fn more_passages(seventh: &Seventh, answer: &Reply) -> Vec<Reply> {
    let mut pages: Vec<Reply> = Vec::new();
    loop {
        let page = pages.last().unwrap_or(answer);
        let beginnings = ["More passages", "Next passages", "Get help first"];
        let further = |label: &&String| beginnings.iter().any(|beginning| label.starts_with(beginning));
        let Some(button) = page.buttons().iter().find(further).cloned() else { return pages };
        let next = seventh.click(page, &button).await;
        pages.push(next);
    }
}

/// The state that a button carries.
pub(crate) fn custom_id(reply: &Reply, label: &str) -> String {
    let rows = reply.raw["components"].as_array().into_iter().flatten();
    let mut buttons = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
    let button = buttons.find(|it| it["label"] == label).expect("there is such a button");
    button["custom_id"].as_str().expect("the button is no link").to_owned()
}
