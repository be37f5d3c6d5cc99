//! Hits to a decision and the sentences to show.

mod confidence;
mod excerpt;

pub use confidence::Features;
pub use excerpt::{EXCERPT_MAX_CHARS, Excerpt, excerpt, whole};

use crate::corpus::red_flags::{RedFlags, Tier};
use crate::corpus::{Model, PassageRef};
use crate::index::Snapshot;
use crate::question::{Alert, Checked, Question};
use crate::search::{self, Hits, SearchError};

/// How many passages an answer shows at most, the best one and those behind "More passages".
pub const PASSAGES_MAX: usize = 4;

/// Everything that comes of a question.
#[derive(Clone)]
pub struct Outcome {
    /// The red flag in it (P3).
    pub alert: Option<Alert>,
    /// Whether it demands what no quotation can give.
    pub is_demand: bool,
    /// The decision; `None` while there is no generation to answer from.
    pub answer: Option<Answer>,
}

impl Outcome {
    /// Checks a question for danger, then answers it from a snapshot by all that it has.
    ///
    /// # Errors
    ///
    /// When the index can't be read; never for a question that raises a red flag.
    pub fn of(snapshot: Option<&Snapshot>, flags: &RedFlags, question: &Question) -> Result<Self, SearchError> {
        Self::by(snapshot, flags, question, search::search)
    }

    /// The same by one of the searches.
    ///
    /// # Errors
    ///
    /// As [`Outcome::of`].
    pub fn by(
        snapshot: Option<&Snapshot>,
        flags: &RedFlags,
        question: &Question,
        search: impl Fn(&Snapshot, &Question) -> Result<Hits, SearchError>,
    ) -> Result<Self, SearchError> {
        let Checked { alert, is_demand } = question.check(flags, snapshot.and_then(Snapshot::embedder));
        let answer = match snapshot.map(|snapshot| search(snapshot, question).map(|hits| decide(snapshot, hits))) {
            Some(Ok(answer)) => Some(answer),
            // A card must be shown even where the search fails.
            Some(Err(_)) if alert.is_some() => None,
            Some(Err(error)) => return Err(error),
            None => None,
        };
        Ok(Self { alert, is_demand, answer })
    }

    /// The answer whose passages may be offered: none in a crisis, and beside another card only one that has passages.
    pub fn offered(&self) -> Option<&Answer> {
        let answer = self.answer.as_ref()?;
        let beside_card = self.alert.is_none() || (!self.is_crisis() && answer.decision != Decision::Abstain);
        beside_card.then_some(answer)
    }

    /// Whether the crisis card must stand alone.
    pub fn is_crisis(&self) -> bool {
        self.alert.as_ref().is_some_and(|alert| alert.tier == Tier::Crisis)
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
    let model = snapshot.manifest.calibration.model(hits.mode);
    let features = Features::of(&hits);
    let confidence = features.map_or(0.0, |features| features.confidence(model));
    let decision = match confidence {
        _ if features.is_none() => Decision::Abstain,
        sure if sure >= model.answer_from => Decision::Answer,
        sure if sure >= model.related_from => Decision::Related,
        _ => Decision::Abstain,
    };
    let passages = if decision == Decision::Abstain { Vec::new() } else { choose(snapshot, &hits, model) };
    Answer { decision, passages, hits, features, confidence }
}

/// An excerpt of the best passage, and the next ones whole: they are shown to whoever asks for more, when the question is
/// forgotten.
fn choose(snapshot: &Snapshot, hits: &Hits, model: &Model) -> Vec<ChosenPassage> {
    let best = hits.hits.iter().take(PASSAGES_MAX).enumerate();
    best.filter_map(|(at, hit)| {
        let passage = snapshot.corpus.passage(hit.passage)?;
        let excerpt = if at == 0 { excerpt(&passage, hit, model.excerpt_from) } else { whole(&passage) };
        Some(ChosenPassage { passage: hit.passage, excerpt, score: hit.score })
    })
    .collect()
}
