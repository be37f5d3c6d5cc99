//! Labelled questions with what a search says of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::Features;
use crate::eval::{Expected, LabelledQuestion, holds};
use crate::index::Snapshot;
use crate::language::words::words;
use crate::question::Question;
use crate::ranking::{Boosts, Feature, Mode, Signal};
use crate::search::{self, Hits, SearchError};

/// Parts that the questions are split into for cross-validation.
pub(super) const FOLDS: usize = 5;

/// A question with its hits and its gold.
#[derive(Clone)]
pub(super) struct Sample {
    /// Which part of the questions it belongs to.
    pub fold: usize,
    /// What the search found; its scores are those of the weights that were live.
    pub hits: Hits,
    /// The sentences that answer: number of the passage and of the sentence in it.
    pub gold: BTreeSet<(usize, usize)>,
    /// Words of the sentences that answer.
    pub best_words: Vec<Vec<String>>,
    /// Words of all gold sentences, those too that only help.
    pub gold_words: Vec<Vec<String>>,
    /// What should come of it.
    pub label: Label,
}

/// What should come of a question, as far as the decision is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// The corpus has the answer.
    Answerable,
    /// On the topic, but the corpus leaves it out.
    Unanswered,
    /// Off the topic.
    OffTopic,
    /// Neither right nor wrong: partial answers and demands.
    Unjudged,
}

/// Whether a question's answer lies in the corpus.
pub(super) fn answerable(question: &LabelledQuestion) -> bool {
    question.expect == Expected::Answer && !question.gold.is_empty()
}

/// What should come of a question.
pub(super) fn label(question: &LabelledQuestion) -> Label {
    match question.expect {
        Expected::Abstain if question.is_off_topic() => Label::OffTopic,
        Expected::Abstain => Label::Unanswered,
        _ if answerable(question) => Label::Answerable,
        _ => Label::Unjudged,
    }
}

/// Searches for every question that can teach something.
pub(super) fn collect(
    snapshot: &Snapshot,
    questions: &[LabelledQuestion],
    mode: Mode,
    boosts: &Boosts,
) -> Result<Vec<Sample>, SearchError> {
    let places = places(snapshot);
    let mut samples = Vec::new();
    for (at, question) in questions.iter().enumerate() {
        let teaches = !question.gold.is_empty() || question.expect == Expected::Abstain;
        let Some(asked) = Question::new(&question.text).filter(|_| teaches) else { continue };
        let best = question.gold.iter().filter(|gold| gold.grade == question.best_grade());
        let best_words: Vec<Vec<String>> = best.map(|gold| words(&gold.sentence)).collect();
        samples.push(Sample {
            fold: at % FOLDS,
            hits: search::search_with(snapshot, &asked, mode, boosts)?,
            gold: best_words.iter().flat_map(|words| places.find(words)).collect(),
            best_words,
            gold_words: question.gold.iter().map(|gold| words(&gold.sentence)).collect(),
            label: label(question),
        });
    }
    Ok(samples)
}

/// Every sentence of the corpus with its words.
struct Places(Vec<((usize, usize), Vec<String>)>);

fn places(snapshot: &Snapshot) -> Places {
    let sentences = snapshot.corpus.passages().flat_map(|passage| {
        let of_passage = passage.passage.sentences.iter().enumerate();
        of_passage.map(move |(at, range)| ((passage.number, at), words(passage.article.slice(range))))
    });
    Places(sentences.collect())
}

impl Places {
    /// The sentences that a gold sentence is, or is a part of, or is made of.
    fn find(&self, gold: &[String]) -> Vec<(usize, usize)> {
        let same = self.0.iter().filter(|(_, words)| holds(words, gold) || holds(gold, words));
        same.map(|(place, _)| *place).collect()
    }
}

impl Sample {
    /// Whether its answer is in the corpus at all.
    pub(super) fn has_gold(&self) -> bool {
        !self.gold.is_empty()
    }

    /// Whether it can teach the ranking: its gold is among the hits.
    pub(super) fn found_gold(&self) -> bool {
        self.hits.hits.iter().any(|hit| (0..hit.sentences.len()).any(|at| self.gold.contains(&(hit.passage, at))))
    }

    /// The same, ranked by these weights.
    pub(super) fn ranked(&self, ranking: &BTreeMap<Signal, f64>) -> Self {
        let mut sample = self.clone();
        search::rank(&mut sample.hits.hits, ranking);
        sample
    }

    /// Its features as a row, in the order of `features`; nothing found is all zeros.
    pub(super) fn row(&self, features: &[Feature]) -> Vec<f64> {
        let found = Features::of(&self.hits);
        features.iter().map(|feature| found.map_or(0.0, |found| found.get(*feature))).collect()
    }

    /// The confidence by these weights.
    pub(super) fn confidence(&self, intercept: f64, weights: &BTreeMap<Feature, f64>) -> f64 {
        Features::of(&self.hits).map_or(0.0, |found| found.probability(intercept, weights))
    }
}
