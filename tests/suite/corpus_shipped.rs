//! The corpus that comes with the program: the article is whole, and every passage has what it must not be quoted
//! without.

use std::{fs, path::Path};

use seventh::{
    content::Content,
    corpus::{Article, Corpus, NoteKind},
};

use crate::corpus_folder::{CorpusFolder, cli_output, fixture};

const ARTICLE: &str = "what-causes-facial-twitching";

fn shipped() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
}

fn read() -> Corpus {
    Content::read(shipped()).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}")).0.corpus
}

fn article(corpus: &Corpus) -> &Article {
    corpus.article(ARTICLE).expect("the article is there")
}

#[test]
fn the_article_keeps_every_word() {
    let original = fs::read_to_string(fixture("article.txt")).expect("the fixture is there");
    let file = fs::read_to_string(shipped().join(format!("articles/{ARTICLE}.md"))).expect("the article is there");
    let (_, body) = file.split_once("\n+++\n").expect("the front matter ends");
    let written = body.lines().filter(|line| !line.starts_with('>') && !line.trim().is_empty());
    let written: Vec<&str> = written.map(|line| line.trim_start_matches('#').trim_start_matches(' ')).collect();
    let expected: Vec<&str> = original.lines().filter(|line| !line.trim().is_empty()).collect();
    assert_eq!(written, expected);
}

#[test]
fn the_article_keeps_its_outline() {
    let corpus = read();
    let outline: Vec<(usize, &str)> =
        article(&corpus).sections.iter().map(|section| (section.heading_path.len(), section.heading())).collect();
    assert_eq!(
        outline,
        [
            (1, "What Causes Facial Twitching? Understanding the Symptoms and Underlying Conditions"),
            (2, "Common Causes of Facial Muscle Spasms"),
            (3, "1. Neurovascular Compression in the Cerebellopontine Angle"),
            (3, "2. Brainstem Lesions and Demyelinating Diseases"),
            (3, "3. Other Intracranial Pathologies"),
            (2, "Symptoms and Clinical Features of Hemifacial Spasm"),
            (2, "Diagnosis and Importance of Early Intervention"),
        ]
    );
}

#[test]
fn every_passage_carries_a_note_plain_words_and_when_to_seek_care() {
    let corpus = read();
    for passage in corpus.passages() {
        for kind in [NoteKind::Note, NoteKind::PlainWords, NoteKind::Care] {
            let notes = passage.notes(kind).count();
            assert!(notes > 0, "no {kind:?} on: {}", passage.text());
        }
    }
}

#[test]
fn every_note_and_care_line_names_sources_that_exist() {
    let corpus = read();
    for passage in corpus.passages() {
        let known: Vec<&str> = passage.article.front.sources.iter().map(|source| source.id.as_str()).collect();
        for note in passage.passage.notes.iter().filter(|note| note.kind != NoteKind::PlainWords) {
            assert!(!note.sources.is_empty(), "without a source: {}", note.text);
            let unknown = note.sources.iter().find(|id| !known.contains(&id.as_str()));
            assert_eq!(unknown, None, "in: {}", note.text);
        }
    }
}

#[test]
fn every_source_of_the_article_is_cited() {
    let corpus = read();
    let cited = |id: &str| {
        let mut notes = corpus.passages().flat_map(|passage| &passage.passage.notes);
        notes.any(|note| note.sources.iter().any(|source| source == id))
    };
    let idle: Vec<&str> =
        article(&corpus).front.sources.iter().map(|source| source.id.as_str()).filter(|id| !cited(id)).collect();
    assert_eq!(idle, Vec::<&str>::new());
}

#[test]
fn no_passage_holds_editors_words() {
    let original = fs::read_to_string(fixture("article.txt")).expect("the fixture is there");
    for passage in read().passages() {
        assert!(original.contains(passage.text()), "not the author's: {}", passage.text());
    }
}

#[test]
fn the_shipped_corpus_passes_its_own_check_without_a_warning() {
    let folder = CorpusFolder::empty();
    crate::corpus_folder::copy(shipped(), &folder.corpus());
    let end = folder.run(&["check"]);
    assert_eq!((end.code, end.stderr.as_str()), (Some(0), ""), "{}", cli_output(&end));
    assert!(end.stdout.ends_with("No mistakes.\n"), "{}", end.stdout);
    let warnings: Vec<&str> = end.stdout.lines().filter(|line| line.contains("warning:")).collect();
    assert_eq!(warnings, Vec::<&str>::new());
}

#[test]
fn the_example_in_the_guide_is_accepted() {
    let guide = fs::read_to_string(shipped().join("README.md")).expect("the guide is there");
    let (_, rest) = guide.split_once("````markdown\n").expect("the guide has an example");
    let (example, _) = rest.split_once("````\n").expect("the example ends");
    let (before, _) = guide.split_once("````markdown").expect("the guide has an example");
    let name = before.rsplit('`').nth(1).expect("the guide says how to name it");
    assert_eq!(name, "articles/eyelid-twitching.md");

    let folder = CorpusFolder::empty();
    folder.write(name, example);
    folder.write("red_flags.toml", fs::read(fixture("kettles/red_flags.toml")).expect("the fixture is there"));
    let end = folder.run(&["check"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
}

#[test]
fn the_mistake_that_the_guide_shows_is_reported_in_those_words() {
    let guide = fs::read_to_string(shipped().join("README.md")).expect("the guide is there");
    let (_, rest) = guide.split_once("```text\n").expect("the guide shows a message");
    let message = rest.lines().next().expect("the message has a line");

    let folder = CorpusFolder::empty();
    folder.write("articles/eyelid.md", "+++\ntitle = \"A\"\ntitel = \"A\"\n+++\n# A\n\nWords.\n");
    let end = folder.run(&["check"]);
    assert!(end.stdout.lines().any(|line| line == message), "{message}\nis not in\n{}", cli_output(&end));
}
