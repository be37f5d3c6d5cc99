//! The second reader: a small linear model that sees what people imply. It may raise a flag that the rules did not,
//! never lower one, and it knows a demand when the rules do not.
//!
//! A long message is read in pieces, so that one sign in the middle of a story is seen as clearly as alone.

use std::cell::OnceCell;
use std::ops::Range;

use super::features::{self, ALL_WORDS, Window};
use super::findings::Finding;
use super::matching::Message;
use crate::corpus::alert_model::{self, AlertModel, CRISIS, DEMAND, NONE};
use crate::corpus::red_flags::RedFlags;

/// Longest piece that is read at once, in words.
const WINDOW_MAX_WORDS: usize = 50;

/// How much clearer a danger must be in a part of a message than in what was read before, to be another one.
const CLEARER: f32 = 2.0;

/// How much likelier a danger is if a rule found a sign of it.
const SEEN_BY_A_RULE: f32 = 3.0;

/// How much likelier than a crisis a danger to the body must be to come first.
const LIKELIER: f32 = 2.5;

/// From which share of a cut-off on the meaning of a message is asked for. An embedding takes a hundred times as long as everything
/// else, so most messages must do without; how many are asked for theirs stands in `alert_report.md`.
const IN_DOUBT: f32 = 0.25;

/// What the model thinks of a message: of each danger the highest chance that any piece of it has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Opinion {
    /// How likely any danger to the body is.
    pub danger: f32,
    /// The most likely one.
    pub flag: String,
    /// How likely a crisis is.
    pub crisis: f32,
    /// How likely a demand is that no quotation can meet.
    pub demand: f32,
}

impl Opinion {
    /// The opinion on pieces, with `added` to what each label scores in each of them: what the meaning of the whole says.
    pub fn on_pieces(model: &AlertModel, pieces: &[Piece], added: &[f32]) -> Self {
        let mut opinion = Self::default();
        for piece in pieces {
            let mut scores = model.scores(&piece.buckets);
            scores.iter_mut().zip(added).for_each(|(score, more)| *score += more);
            let chances = alert_model::chances(scores);
            let labelled = || model.head().labels.iter().zip(&chances);
            let of = |wanted: &str| labelled().find(|(label, _)| *label == wanted).map(|(_, chance)| *chance);
            let Some(none) = of(NONE) else { continue };
            let (demand, crisis) = (of(DEMAND).unwrap_or_default(), of(CRISIS).unwrap_or_default());
            opinion.crisis = opinion.crisis.max(crisis);
            opinion.demand = opinion.demand.max(demand);
            let dangers = labelled().filter(|(label, _)| ![NONE, DEMAND, CRISIS].contains(&label.as_str()));
            let danger = 1.0 - none - demand - crisis;
            // Which danger it is, the rules know better than whether it is one.
            let likely = |(flag, chance): &(&String, &f32)| {
                **chance * if piece.flags.contains(*flag) { SEEN_BY_A_RULE } else { 1.0 }
            };
            let likeliest = dangers.max_by(|a, b| likely(a).total_cmp(&likely(b)));
            if let Some((flag, _)) = likeliest.filter(|_| danger > opinion.danger) {
                // Which danger it is, the wider view knows better, unless it saw next to none.
                let is_new = danger > CLEARER * opinion.danger;
                opinion.danger = danger;
                if !is_new {
                    continue;
                }
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

    /// Whether it comes near to raising something, so that the meaning of the message is worth asking for.
    pub fn is_in_doubt(&self, model: &AlertModel) -> bool {
        let head = model.head();
        self.danger >= IN_DOUBT * head.danger_from || self.crisis >= IN_DOUBT * head.crisis_from
    }

    /// Whether it takes the message for a demand.
    pub fn is_demand(&self, model: &AlertModel) -> bool {
        self.demand >= model.head().demand_from
    }
}

/// What the model sees of a piece of a message.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The buckets that its features fall into, each once.
    pub buckets: Vec<u32>,
    /// The flags of the rules that find something in it that nothing holds back.
    pub flags: Vec<String>,
}

/// A message that is read in pieces. Pieces overlap, so the buckets of a sentence are kept.
pub(super) struct Pieces<'a> {
    message: &'a Message,
    findings: &'a [Finding<'a>],
    flags: &'a RedFlags,
    /// Into how many buckets features are hashed.
    number: u32,
    of_sentences: Vec<OnceCell<Vec<u32>>>,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(message: &'a Message, findings: &'a [Finding<'a>], flags: &'a RedFlags, number: u32) -> Self {
        let of_sentences = vec![OnceCell::new(); message.sentences().len()];
        Self { message, findings, flags, number, of_sentences }
    }

    /// The pieces that are read.
    pub(super) fn read(&self) -> Vec<Piece> {
        windows(self.message, self.findings).iter().map(|window| self.piece(window)).collect()
    }

    /// The whole message as one piece.
    pub(super) fn whole(&self) -> Piece {
        self.piece(&Window::of_sentences(0..self.of_sentences.len()))
    }

    fn piece(&self, window: &Window) -> Piece {
        let mut buckets = Vec::with_capacity(1_024);
        for sentence in window.sentences.clone() {
            match self.of_sentences.get(sentence) {
                Some(kept) if window.words == ALL_WORDS => {
                    buckets.extend(kept.get_or_init(|| self.buckets(sentence, &ALL_WORDS)));
                }
                _ => buckets.extend(self.buckets(sentence, &window.words)),
            }
        }
        buckets.sort_unstable();
        buckets.dedup();
        let here = |finding: &&Finding<'_>| finding.held_by.is_none() && window.sentences.contains(&finding.sentence);
        let flags = self.findings.iter().filter(here).map(|finding| finding.rule.flag.clone()).collect();
        Piece { buckets, flags }
    }

    fn buckets(&self, sentence: usize, words: &Range<usize>) -> Vec<u32> {
        let mut buckets = Vec::with_capacity(512);
        let see = &mut |name: &[&str]| buckets.push(alert_model::bucket(name, self.number));
        features::visit(self.message, self.findings, (sentence, words), self.flags, see);
        buckets
    }
}

/// The pieces of a message that are read: all of it if it is short, else every run of sentences that is, and overlapping
/// pieces of a sentence that is too long by itself.
///
/// A sentence in which a rule found something is read alone too, so that a harmless sentence beside it cannot hide it
/// (`a_question_beside_a_plain_sign_never_hides_it`).
fn windows(message: &Message, findings: &[Finding<'_>]) -> Vec<Window> {
    let mut windows = runs(message);
    for finding in findings.iter().filter(|finding| finding.held_by.is_none()) {
        let alone = Window::of_sentences(finding.sentence..finding.sentence + 1);
        if message.sentences().len() > 1 && !windows.contains(&alone) {
            windows.push(alone);
        }
    }
    windows
}

fn runs(message: &Message) -> Vec<Window> {
    let lengths: Vec<usize> = message.sentences().iter().map(|sentence| sentence.texts.len()).collect();
    if lengths.iter().sum::<usize>() <= WINDOW_MAX_WORDS {
        return vec![Window::of_sentences(0..lengths.len())];
    }
    let mut windows: Vec<Window> = Vec::new();
    for (start, length) in lengths.iter().enumerate() {
        if *length > WINDOW_MAX_WORDS {
            let step = WINDOW_MAX_WORDS / 2;
            windows.extend(
                (0..length - step).step_by(step).map(|from| Window::of_words(start, from..from + WINDOW_MAX_WORDS)),
            );
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
