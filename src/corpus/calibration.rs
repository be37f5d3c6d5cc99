//! `calibration.toml`: how signals of a search become a ranking and a confidence, and where the decisions lie.
//!
//! The numbers are data, fitted by `seventh calibrate` on questions with known answers, so that no code holds a hand-tuned
//! one. `search` and `answer` apply them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::lint::Problem;
use super::{Corpus, PassageId};
use crate::toml_file;

/// The file's name in the corpus folder.
pub const FILE: &str = "calibration.toml";

/// The calibration as it was when the program was built, for a corpus folder that brings none.
pub(super) const BUILT_IN: &str = include_str!("../../corpus/calibration.toml");

/// What speaks for a sentence as the answer to a question. All are comparable between questions: 0 is nothing, and all but
/// `bm25` have 1 as their most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// BM25 of the sentence's passage, as a share of the weight of the question's terms.
    Bm25,
    /// Share of the question's weight that title and headings hold.
    Headings,
    /// Share that the best sentence of the passage's plain words holds.
    PlainWords,
    /// Share that the sentence itself holds.
    Sentence,
    /// Likeness of the taught question that is most like the question, among those that the sentence answers.
    Taught,
    /// The same for the passage: mean of its three taught questions that are most like it.
    TaughtNearby,
    /// Cosine of question and passage.
    PassageMeaning,
    /// Cosine of question and sentence.
    SentenceMeaning,
    /// Cosine of question and the best sentence of the passage's plain words.
    PlainWordsMeaning,
    /// Cosine of question and the best taught question that the sentence answers.
    TaughtMeaning,
    /// Mean cosine of the three best taught questions of the passage.
    TaughtMeaningNearby,
}

impl Signal {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 11] = [
        Self::Bm25,
        Self::Headings,
        Self::PlainWords,
        Self::Sentence,
        Self::Taught,
        Self::TaughtNearby,
        Self::PassageMeaning,
        Self::SentenceMeaning,
        Self::PlainWordsMeaning,
        Self::TaughtMeaning,
        Self::TaughtMeaningNearby,
    ];

    /// Whether it comes from the embedding model.
    pub const fn is_semantic(self) -> bool {
        self as usize >= Self::PassageMeaning as usize
    }
}

/// Signals of one sentence, by their numbers.
pub type Signals = [f64; Signal::ALL.len()];

/// What is known of a whole search that bears on whether its best passage answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// Share of the question's weight that nothing in the corpus holds; words weigh by their rarity in English.
    Unknown,
    /// Logarithm of one plus the weight that the best passage holds.
    Evidence,
    /// Share of the question's weight that the best passage holds, in any of its fields.
    Share,
    /// Logarithm of the number of topics in the question.
    Length,
    /// Likeness of the best taught question.
    Taught,
    /// Probability that the ranking gives to the best passage.
    Rank,
    /// Cosine of the question and the best sentence or plain words of the best passage.
    Meaning,
    /// Cosine of the question and the best taught question.
    TaughtMeaning,
}

impl Feature {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 8] = [
        Self::Unknown,
        Self::Evidence,
        Self::Share,
        Self::Length,
        Self::Taught,
        Self::Rank,
        Self::Meaning,
        Self::TaughtMeaning,
    ];
}

/// Which of the two searches speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Words alone.
    Lexical,
    /// The embedding model alone.
    Semantic,
    /// Both.
    Both,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Lexical, Self::Semantic, Self::Both];

    /// Its name, as in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lexical => "lexical",
            Self::Semantic => "semantic",
            Self::Both => "both",
        }
    }

    /// Whether a signal may speak.
    pub const fn hears(self, signal: Signal) -> bool {
        match self {
            Self::Lexical => !signal.is_semantic(),
            Self::Semantic => signal.is_semantic(),
            Self::Both => true,
        }
    }

    /// Whether a feature may speak.
    pub const fn weighs(self, feature: Feature) -> bool {
        let is_semantic = matches!(feature, Feature::Meaning | Feature::TaughtMeaning);
        match (self, feature) {
            (_, Feature::Rank | Feature::Length) | (Self::Both, _) => true,
            (Self::Lexical, _) => !is_semantic,
            (Self::Semantic, _) => is_semantic,
        }
    }
}

/// How much a term counts by the field that holds it, relative to the text.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boosts {
    /// In the title.
    pub title: f32,
    /// In the headings below it.
    pub trail: f32,
    /// In the editors' plain words.
    pub plain_words: f32,
    /// If the lexicon added the term, relative to one that was asked.
    pub added: f32,
    /// If it stands in a sentence that asks nothing, in a message where others do.
    pub told: f32,
}

/// Everything that was fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// What it was fitted on and how; for editors.
    pub fitted: String,
    /// A sketch of the corpus that it was fitted on: its smallest passage ids.
    pub corpus: Vec<PassageId>,
    /// Weights of fields.
    pub boosts: Boosts,
    /// For words alone.
    pub lexical: Model,
    /// For the embedding model alone.
    pub semantic: Model,
    /// For both.
    pub both: Model,
}

/// A ranking, and a logistic model of the probability that its best passage answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// From this confidence on the decision is `Answer`. Between 0 and 1.
    pub answer_from: f64,
    /// From here on, below `answer_from`, it is `Related`. Between 0 and 1.
    pub related_from: f64,
    /// Sentences around the best one are shown while they have at least this share of its probability.
    pub excerpt_from: f64,
    /// Constant of the confidence.
    pub intercept: f64,
    /// Weights of the ranking.
    pub ranking: BTreeMap<Signal, f64>,
    /// Weights of the confidence.
    pub confidence: BTreeMap<Feature, f64>,
}

/// How many passage ids a sketch keeps.
const SKETCH_PASSAGES: usize = 64;

/// Below this likeness of the corpus and the one that the calibration was fitted on, `seventh check` asks for a new one.
const LIKE_ENOUGH: f64 = 0.75;

impl Calibration {
    /// The model of a mode.
    pub const fn model(&self, mode: Mode) -> &Model {
        match mode {
            Mode::Lexical => &self.lexical,
            Mode::Semantic => &self.semantic,
            Mode::Both => &self.both,
        }
    }

    /// The file's text.
    ///
    /// # Errors
    ///
    /// When a number can't be written as TOML.
    pub fn to_text(&self) -> Result<String, toml::ser::Error> {
        let body = toml::to_string_pretty(self)?;
        Ok(format!(
            "# How sure the bot must be, and what it ranks by. Written by seventh calibrate; don't change it by hand.\n{body}"
        ))
    }

    /// The sketch of a corpus. Ids are digests, so that the smallest ones are a fair sample.
    pub fn sketch(corpus: &Corpus) -> Vec<PassageId> {
        let mut ids: Vec<PassageId> = corpus.passages().map(|passage| passage.passage.id).collect();
        ids.sort_unstable();
        ids.truncate(SKETCH_PASSAGES);
        ids
    }

    /// Share of passages that a corpus has in common with the one that this was fitted on, estimated from the sketches.
    pub fn likeness(&self, corpus: &Corpus) -> f64 {
        let other = Self::sketch(corpus);
        let mut union: Vec<PassageId> = self.corpus.iter().chain(&other).copied().collect();
        union.sort_unstable();
        union.dedup();
        union.truncate(SKETCH_PASSAGES);
        let shared = union.iter().filter(|id| self.corpus.contains(id) && other.contains(id)).count();
        let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        number(shared) / number(union.len().max(1))
    }

    /// What to say when the corpus has changed so much that the numbers may no longer hold.
    pub fn outgrown(&self, corpus: &Corpus) -> Option<Problem> {
        let likeness = self.likeness(corpus);
        (likeness < LIKE_ENOUGH).then(|| {
            let message = format!(
                "fitted when the corpus was another one (about {:.0} in 100 passages are the same); run seventh calibrate with questions on this corpus",
                likeness * 100.0
            );
            Problem::warning(FILE, None, message)
        })
    }
}

/// Reads the calibration and reports what is wrong with it.
pub(super) fn read(text: &str) -> (Option<Calibration>, Vec<Problem>) {
    match toml_file::parse::<Calibration>(text) {
        Ok(calibration) => {
            let boosts = calibration.boosts;
            let all = [boosts.title, boosts.trail, boosts.plain_words, boosts.added, boosts.told];
            if all.iter().any(|boost| !boost.is_finite() || *boost < 0.0) {
                let message = "[boosts]: every boost must be a number from 0 up";
                return (Some(calibration), vec![Problem::error(FILE, 1, message)]);
            }
            let problems = Mode::ALL.iter().filter_map(|mode| mistake(*mode, calibration.model(*mode))).collect();
            (Some(calibration), problems)
        }
        Err(mistakes) => (None, mistakes.iter().map(|mistake| Problem::from_mistake(FILE, 0, mistake)).collect()),
    }
}

fn mistake(mode: Mode, model: &Model) -> Option<Problem> {
    let name = mode.name();
    let ordered = 0.0 <= model.related_from && model.related_from <= model.answer_from && model.answer_from <= 1.0;
    let weights = model.ranking.values().chain(model.confidence.values()).chain([&model.intercept]);
    let problem = |message: String| Some(Problem::error(FILE, 1, message));
    if !ordered {
        problem(format!("[{name}]: the cut-offs must be in order: 0 <= related_from <= answer_from <= 1"))
    } else if !(0.0..=1.0).contains(&model.excerpt_from) {
        problem(format!("[{name}]: excerpt_from must be from 0 to 1"))
    } else if weights.clone().any(|weight| !weight.is_finite()) {
        problem(format!("[{name}]: every weight must be a number"))
    } else if model.ranking.values().any(|weight| *weight < 0.0) {
        problem(format!(
            "[{name}.ranking]: no weight may be below 0; more of a signal must never rank a sentence lower"
        ))
    } else {
        None
    }
}
