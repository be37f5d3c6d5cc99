//! Which sentences of a long paragraph are shown: at most a screenful, the answering one always among them.

use std::fmt::Write as _;

use seventh::{
    answer::{EXCERPT_MAX_CHARS, excerpt},
    corpus::{Corpus, CorpusFile, PassageRef},
    ranking::Signals,
    search::{Hit, SentenceHit},
};

/// A share of the best sentence's probability from which on a neighbour answers, too.
const THRESHOLD: f64 = 0.5;

/// One article of one paragraph with sentences of these lengths, each with its full stop; letters beyond ASCII among
/// them.
fn corpus(lengths: &[usize]) -> Corpus {
    let mut article = "+++\ntitle = \"Kettles\"\n+++\n\n# Kettles\n\n".to_owned();
    for length in lengths {
        let _ = write!(article, "K{}. ", "ä".repeat(length - 2));
    }
    let bytes = format!("{}\n", article.trim_end()).into_bytes();
    let mut diagnostics = Vec::new();
    let corpus = Corpus::parse(&[CorpusFile { name: "articles/kettles.md".to_owned(), bytes }], &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    corpus
}

/// How many characters an excerpt has if sentences have these probabilities, and how many sentences it leaves out
/// before it.
fn shown(lengths: &[usize], scores: &[f64]) -> (usize, usize) {
    let corpus = corpus(lengths);
    let passage: PassageRef<'_> = corpus.passages().next().expect("a passage");
    assert_eq!(passage.passage.sentences.len(), lengths.len());
    let sentences = scores.iter().map(|score| SentenceHit { signals: Signals::default(), score: *score }).collect();
    let hit = Hit { passage: 0, score: 1.0, matches: Vec::new(), sentences };
    let range = excerpt(&passage, &hit, THRESHOLD).range;
    let text = passage.article.slice(&range);
    let starts = passage.passage.sentences.iter().filter(|sentence| sentence.start < range.start).count();
    (text.chars().count(), starts)
}

#[test]
fn an_excerpt_as_long_as_it_may_be_is_shown_and_one_character_more_costs_the_far_sentence() {
    // Two sentences and the space between them.
    let half = (EXCERPT_MAX_CHARS - 2) / 2;
    let rest = EXCERPT_MAX_CHARS - 1 - half;
    assert_eq!(shown(&[half, rest], &[0.5, 0.4]), (EXCERPT_MAX_CHARS, 0));
    assert_eq!(shown(&[half, rest + 1], &[0.5, 0.4]), (half, 0));
    assert_eq!(shown(&[half, rest + 1], &[0.4, 0.5]), (rest + 1, 1));
}

#[test]
fn the_best_sentence_stays_wherever_it_stands_and_is_never_cut() {
    // Together as long as a passage may be, and five cost more than an excerpt may have.
    let lengths = [170; 5];
    for best in 0..lengths.len() {
        let mut scores = [0.2; 5];
        scores[best] = 0.3;
        let (length, before) = shown(&lengths, &scores);
        assert!(length == 4 * 171 - 1, "{best}: {length}");
        assert!((before..before + 4).contains(&best), "{best}: the excerpt begins with sentence {before}");
    }
    let long = EXCERPT_MAX_CHARS + 50;
    assert_eq!(shown(&[70, long, 70], &[0.2, 0.3, 0.2]), (long, 1), "a sentence that is too long is shown whole");
}

#[test]
fn a_neighbour_that_does_not_answer_is_left_out() {
    assert_eq!(shown(&[100, 100, 100], &[0.1, 0.5, 0.1]), (100, 1));
    assert_eq!(shown(&[100, 100, 100], &[0.25, 0.5, 0.1]), (201, 0));
}
