//! The second reader: a small linear model that sees what people imply. It may raise a flag that the rules did not,
//! never lower one.
//!
//! A long message is read in pieces, so that one sign in the middle of a story is seen as clearly as alone.

use super::features::{self, Window};
use super::findings::Finding;
use super::matching::Message;
use crate::corpus::alert_model::{self, AlertModel, CRISIS, NONE};
use crate::corpus::red_flags::RedFlags;

/// Longest piece that is read at once, in words.
const WINDOW_MAX_WORDS: usize = 50;

/// How much likelier than a crisis a danger to the body must be to come first.
const LIKELIER: f32 = 2.5;

/// What the model thinks of a message: of each danger the highest chance that any piece of it has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Opinion {
    /// How likely any danger to the body is.
    pub danger: f32,
    /// The most likely one.
    pub flag: String,
    /// How likely a crisis is.
    pub crisis: f32,
}

impl Opinion {
    /// The opinion on a message.
    pub(super) fn of(flags: &RedFlags, message: &Message, findings: &[Finding<'_>]) -> Self {
        let model = &flags.second_reader;
        let number = model.head().buckets;
        let read = |window: &Window| buckets(number, message, findings, window, flags);
        Self::on_pieces(model, windows(message).iter().map(read))
    }

    /// The opinion on pieces whose buckets are known.
    pub fn on_pieces(model: &AlertModel, pieces: impl Iterator<Item = impl AsRef<[u32]>>) -> Self {
        let mut opinion = Self::default();
        for piece in pieces {
            let chances = model.chances(piece.as_ref());
            let labelled = || model.head().labels.iter().zip(&chances);
            let of = |wanted: &str| labelled().find(|(label, _)| *label == wanted).map(|(_, chance)| *chance);
            let (Some(none), Some(crisis)) = (of(NONE), of(CRISIS)) else { continue };
            opinion.crisis = opinion.crisis.max(crisis);
            let dangers = labelled().filter(|(label, _)| *label != NONE && *label != CRISIS);
            let danger = 1.0 - none - crisis;
            if let Some((flag, _)) = dangers.max_by(|a, b| a.1.total_cmp(b.1)).filter(|_| danger > opinion.danger) {
                opinion.danger = danger;
                opinion.flag.clone_from(flag);
            }
        }
        opinion
    }

    /// The flag that it raises, if it is sure enough.
    pub fn raises(&self, model: &AlertModel) -> Option<&str> {
        // A crisis is shown alone, so it must not push a likelier danger to the body aside.
        if self.crisis >= model.head().crisis_from && self.crisis * LIKELIER >= self.danger {
            return Some(CRISIS);
        }
        (self.danger >= model.head().danger_from).then_some(self.flag.as_str())
    }
}

/// The buckets of a piece of a message, each once, out of so many.
pub(super) fn buckets(
    number: u32,
    message: &Message,
    findings: &[Finding<'_>],
    window: &Window,
    flags: &RedFlags,
) -> Vec<u32> {
    let mut buckets = Vec::with_capacity(1_024);
    features::visit(message, findings, window, flags, &mut |name| buckets.push(alert_model::bucket(name, number)));
    buckets.sort_unstable();
    buckets.dedup();
    buckets
}

/// The pieces of a message that are read: all of it if it is short, else every run of sentences that is, and overlapping
/// pieces of a sentence that is too long by itself.
pub(super) fn windows(message: &Message) -> Vec<Window> {
    let lengths: Vec<usize> = message.sentences().iter().map(|sentence| sentence.texts.len()).collect();
    if lengths.iter().sum::<usize>() <= WINDOW_MAX_WORDS {
        return vec![Window::of_sentences(0..lengths.len())];
    }
    let mut windows: Vec<Window> = Vec::new();
    for (start, length) in lengths.iter().enumerate() {
        if *length > WINDOW_MAX_WORDS {
            let step = WINDOW_MAX_WORDS / 2;
            windows.extend((0..length - step).step_by(step).map(|from| Window::of_words(start, from..from + WINDOW_MAX_WORDS)));
            continue;
        }
        let mut words = 0;
        let fits = |length: &&usize| {
            words += **length;
            words <= WINDOW_MAX_WORDS
        };
        let end = start + lengths.iter().skip(start).take_while(fits).count();
        if windows.last().is_none_or(|last| last.sentences.end < end) {
            windows.push(Window::of_sentences(start..end));
        }
    }
    windows
}
