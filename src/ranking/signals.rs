//! Signals: the ranking features of a sentence, and the calibration features of a whole search.

use serde::{Deserialize, Serialize};

/// What speaks for a sentence as the answer to a question. All are comparable between questions: 0 is nothing, and all
/// but `bm25` have 1 as their most.
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
    PassageEmbedding,
    /// Cosine of question and sentence.
    SentenceEmbedding,
    /// Cosine of question and the best sentence of the passage's plain words.
    PlainWordsEmbedding,
    /// Cosine of question and the best taught question that the sentence answers.
    TaughtEmbedding,
    /// Mean cosine of the three best taught questions of the passage.
    TaughtEmbeddingNearby,
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
        Self::PassageEmbedding,
        Self::SentenceEmbedding,
        Self::PlainWordsEmbedding,
        Self::TaughtEmbedding,
        Self::TaughtEmbeddingNearby,
    ];

    /// Whether it comes from the embedding model.
    pub const fn is_semantic(self) -> bool {
        match self {
            Self::Bm25 | Self::Headings | Self::PlainWords | Self::Sentence | Self::Taught | Self::TaughtNearby => {
                false
            }
            Self::PassageEmbedding
            | Self::SentenceEmbedding
            | Self::PlainWordsEmbedding
            | Self::TaughtEmbedding
            | Self::TaughtEmbeddingNearby => true,
        }
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
    Embedding,
    /// Cosine of the question and the best taught question.
    TaughtEmbedding,
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
        Self::Embedding,
        Self::TaughtEmbedding,
    ];
}

/// Which of the two searches are used.
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

    /// The signals that it uses.
    pub fn signals(self) -> Vec<Signal> {
        Signal::ALL.into_iter().filter(|signal| self.uses_signal(*signal)).collect()
    }

    /// The features that it uses.
    pub fn features(self) -> Vec<Feature> {
        Feature::ALL.into_iter().filter(|feature| self.uses_feature(*feature)).collect()
    }

    /// Whether it uses a signal.
    pub const fn uses_signal(self, signal: Signal) -> bool {
        match self {
            Self::Lexical => !signal.is_semantic(),
            Self::Semantic => signal.is_semantic(),
            Self::Both => true,
        }
    }

    /// Whether it uses a feature.
    pub const fn uses_feature(self, feature: Feature) -> bool {
        let is_semantic = matches!(feature, Feature::Embedding | Feature::TaughtEmbedding);
        match (self, feature) {
            (_, Feature::Rank | Feature::Length) | (Self::Both, _) => true,
            (Self::Lexical, _) => !is_semantic,
            (Self::Semantic, _) => is_semantic,
        }
    }
}
