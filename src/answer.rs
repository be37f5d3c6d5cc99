//! Hits to a decision and the sentences to show.

mod confidence;
mod excerpt;

pub use confidence::Features;
pub use excerpt::{EXCERPT_MAX_CHARS, Excerpt, excerpt, whole};

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::corpus::PassageRef;
use crate::index::Snapshot;
use crate::question::Question;
use crate::ranking::RankingModel;
use crate::search::{self, Hits, SearchError};
use crate::triage::{self, Detector, Tier, Triage};

/// How many passages an answer shows at most, the best one and those behind "More passages".
pub const PASSAGES_MAX: usize = 4;

/// Everything that comes of a question.
#[derive(Clone)]
pub struct Response {
    /// What was found before any search (P3).
    pub triage: Triage,
    /// The decision; `None` while there is no generation to answer from.
    pub answer: Option<Answer>,
}

/// The detector of a generation, or the one that is built into the program.
pub fn detector(snapshot: Option<&Snapshot>) -> &Detector {
    match snapshot {
        Some(snapshot) => &snapshot.detector,
        None => Detector::built_in(),
    }
}

/// Checks a question for danger, with or without a generation.
pub fn check(snapshot: Option<&Snapshot>, question: &Question) -> Triage {
    triage::check(detector(snapshot), question, snapshot.and_then(Snapshot::embedder))
}

impl Response {
    /// Checks a question for danger, then answers it from a snapshot by all that it has.
    ///
    /// # Errors
    ///
    /// When the index can't be read; never for a question that raises a red flag.
    pub fn of(snapshot: Option<&Snapshot>, question: &Question) -> Result<Self, SearchError> {
        Self::after(check(snapshot, question), snapshot, question, search::search)
    }

    /// The same by one of the searches, after the check.
    ///
    /// # Errors
    ///
    /// As [`Response::of`].
    pub fn after(
        triage: Triage,
        snapshot: Option<&Snapshot>,
        question: &Question,
        search: impl Fn(&Snapshot, &Question) -> Result<Hits, SearchError>,
    ) -> Result<Self, SearchError> {
        let answer = match snapshot {
            None => None,
            Some(snapshot) if triage.alert.is_some() => {
                beside_a_card(|| Ok(decide(snapshot, search(snapshot, question)?)))
            }
            Some(snapshot) => Some(decide(snapshot, search(snapshot, question)?)),
        };
        Ok(Self { triage, answer })
    }

    /// The answer whose passages may be offered: none in a crisis, and beside another card only one that has passages.
    pub fn offered(&self) -> Option<&Answer> {
        let answer = self.answer.as_ref()?;
        let beside_card = self.triage.alert.is_none() || (!self.is_crisis() && answer.decision != Decision::Abstain);
        beside_card.then_some(answer)
    }

    /// Whether the crisis card must stand alone.
    pub fn is_crisis(&self) -> bool {
        self.triage.alert.as_ref().is_some_and(|alert| alert.tier == Tier::Crisis)
    }
}

/// A card must be shown even where the search fails, be it by a panic
/// (`a_failing_index_becomes_a_sentence_with_a_reference_and_a_danger_sign_still_gets_its_card`).
fn beside_a_card(answer: impl FnOnce() -> Result<Answer, SearchError>) -> Option<Answer> {
    // A snapshot is never changed, so that a panic leaves nothing half done.
    match catch_unwind(AssertUnwindSafe(answer)) {
        Ok(Ok(answer)) => Some(answer),
        Ok(Err(error)) => {
            tracing::error!(%error, "the search failed beside a card");
            None
        }
        // The panic's place is in the log.
        Err(_) => None,
    }
}

/// What the bot makes of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The best passage answers.
    Answer,
    /// On the topic, but perhaps no answer: say so.
    Related,
    /// The corpus has nothing.
    Abstain,
}

impl Decision {
    /// The word for it in JSON and in logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Related => "related",
            Self::Abstain => "abstain",
        }
    }
}

/// A decision with its passages and reasons.
#[derive(Clone)]
pub struct Answer {
    /// What to do.
    pub decision: Decision,
    /// Passages to show, best first; none when abstaining.
    pub passages: Vec<ChosenPassage>,
    /// The search that it rests on.
    pub hits: Hits,
    /// What the confidence was computed from. `None` if nothing was found.
    pub features: Option<Features>,
    /// Between 0 and 1.
    pub confidence: f64,
}

/// A passage that is shown.
#[derive(Debug, Clone)]
pub struct ChosenPassage {
    /// Its number in the snapshot's corpus.
    pub passage: usize,
    /// What of it is shown.
    pub excerpt: Excerpt,
    /// Its score.
    pub score: f64,
}

impl ChosenPassage {
    /// The passage in its corpus.
    pub fn passage<'a>(&self, snapshot: &'a Snapshot) -> Option<PassageRef<'a>> {
        snapshot.corpus.passage(self.passage)
    }
}

/// Decides what a search is worth.
pub fn decide(snapshot: &Snapshot, hits: Hits) -> Answer {
    let model = snapshot.calibration().model(hits.mode);
    let features = Features::of(&hits);
    let confidence = features.map_or(0.0, |features| features.confidence(model));
    let decision = match confidence {
        _ if features.is_none() => Decision::Abstain,
        sure if sure >= model.answer_threshold => Decision::Answer,
        sure if sure >= model.related_threshold => Decision::Related,
        _ => Decision::Abstain,
    };
    let passages = if decision == Decision::Abstain { Vec::new() } else { choose(snapshot, &hits, model) };
    Answer { decision, passages, hits, features, confidence }
}

/// An excerpt of the best passage, and the next ones whole: they are shown to whoever asks for more, when the question is
/// forgotten.
fn choose(snapshot: &Snapshot, hits: &Hits, model: &RankingModel) -> Vec<ChosenPassage> {
    let best = hits.hits.iter().take(PASSAGES_MAX).enumerate();
    best.filter_map(|(at, hit)| {
        let passage = snapshot.corpus.passage(hit.passage)?;
        let excerpt = if at == 0 { excerpt(&passage, hit, model.excerpt_threshold) } else { whole(&passage) };
        Some(ChosenPassage { passage: hit.passage, excerpt, score: hit.score })
    })
    .collect()
}
