//! What is measured of one question, and the figures of many.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::intervals::Estimate;
use super::questions::{Expected, LabelledQuestion};
use crate::answer::{Decision, Response};
use crate::index::Snapshot;
use crate::language::words::words;
use crate::math;

/// A figure. All are means over the questions that they apply to, and lie from 0 to 1, but for the number of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Metric {
    /// Answerable: shown, and the first quote holds a sentence of the best grade.
    #[serde(rename = "success@1")]
    Success1,
    /// Answerable: shown, and one of the first three quotes does.
    #[serde(rename = "success@3")]
    Success3,
    /// Answerable: normalised discounted cumulative gain of the first three quotes; gain 3 and 1 for grades 2 and 1.
    #[serde(rename = "ndcg@3")]
    Ndcg3,
    /// Answerable and shown: part of the first quote's words that belongs to gold sentences.
    #[serde(rename = "gold share")]
    GoldShare,
    /// Answerable and shown: words in the first quote.
    #[serde(rename = "words in the top quote")]
    TopWords,
    /// Answerable: nothing was shown.
    #[serde(rename = "answerable but abstained")]
    FalseAbstain,
    /// Answerable: shown only as related.
    #[serde(rename = "answerable but related")]
    OnlyRelated,
    /// Of all abstentions: part in which nothing should be shown.
    #[serde(rename = "abstention precision")]
    AbstainPrecision,
    /// Unanswerable: nothing was shown; related counts half.
    #[serde(rename = "abstention recall")]
    AbstainRecall,
    /// Off the topic: answered; related counts half.
    #[serde(rename = "off-topic answered")]
    FalseAnswer,
    /// On the topic but not in the corpus: answered; related counts half.
    #[serde(rename = "unanswerable answered")]
    UnansweredAnswered,
    /// Demands: nothing was shown, or a gold sentence in the first three quotes.
    #[serde(rename = "demand declined")]
    Declined,
    /// Urgent: a card was shown.
    #[serde(rename = "urgent recall")]
    UrgentRecall,
    /// Urgent with a card: the right one.
    #[serde(rename = "right card")]
    RightCard,
    /// Not urgent: a card was shown.
    #[serde(rename = "false alarm")]
    FalseAlarm,
}

/// A question's figures; those that don't apply to it are left out.
pub type Scores = BTreeMap<Metric, f64>;

const QUOTES: usize = 3;

fn flag(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

/// Scores what came of a question. `None` is a text in which there was no question.
pub(super) fn score(question: &LabelledQuestion, snapshot: &Snapshot, response: Option<&Response>) -> Scores {
    let answer = response.and_then(Response::offered);
    let decision = answer.map_or(Decision::Abstain, |answer| answer.decision);
    let quotes: Vec<Vec<String>> = answer
        .map(|answer| answer.passages.iter().take(QUOTES))
        .into_iter()
        .flatten()
        .filter_map(|chosen| {
            let passage = chosen.passage(snapshot)?;
            Some(words(passage.article.slice(&chosen.excerpt.range)))
        })
        .collect();
    let gold: Vec<(Vec<String>, u8)> = question.gold.iter().map(|gold| (words(&gold.sentence), gold.grade)).collect();
    let rank = |sentence: &Vec<String>| quotes.iter().position(|quote| holds(quote, sentence));
    let ranks: Vec<(usize, u8)> = gold.iter().filter_map(|(sentence, grade)| Some((rank(sentence)?, *grade))).collect();
    let (shown, best) = (decision != Decision::Abstain, question.best_grade());
    let within = |quotes: usize| flag(ranks.iter().any(|(rank, grade)| *rank < quotes && *grade == best));
    let half = match decision {
        Decision::Answer => 1.0,
        Decision::Related => 0.5,
        Decision::Abstain => 0.0,
    };
    let mut scores = Scores::new();
    match question.expect {
        Expected::Answer => {
            scores.insert(Metric::Success1, within(1));
            scores.insert(Metric::Success3, within(QUOTES));
            scores.insert(Metric::Ndcg3, ndcg(&ranks, &gold));
            scores.insert(Metric::FalseAbstain, flag(!shown));
            scores.insert(Metric::OnlyRelated, flag(decision == Decision::Related));
            if let Some(first) = quotes.first() {
                let held = gold.iter().filter(|(sentence, _)| holds(first, sentence)).map(|(words, _)| words.len());
                let share = ratio(held.sum(), first.len());
                scores.insert(Metric::GoldShare, share.min(1.0));
                scores.insert(Metric::TopWords, ratio(first.len(), 1));
            }
        }
        Expected::Abstain => {
            scores.insert(Metric::AbstainRecall, 1.0 - half);
            let metric = if question.is_off_topic() { Metric::FalseAnswer } else { Metric::UnansweredAnswered };
            scores.insert(metric, half);
        }
        Expected::Decline => {
            scores.insert(Metric::Declined, flag(!shown || !ranks.is_empty()));
        }
        Expected::Partial | Expected::Urgent => {}
    }
    let should_be_silent = matches!(question.expect, Expected::Abstain | Expected::Decline);
    if !shown && (should_be_silent || question.expect == Expected::Answer) {
        scores.insert(Metric::AbstainPrecision, flag(should_be_silent));
    }
    let raised = response.and_then(|response| response.triage.alert.as_ref());
    if question.expect == Expected::Urgent {
        scores.insert(Metric::UrgentRecall, flag(raised.is_some()));
        if let (Some(alert), Some(expected)) = (raised, &question.flag) {
            scores.insert(Metric::RightCard, flag(alert.flag == *expected));
        }
    } else {
        scores.insert(Metric::FalseAlarm, flag(raised.is_some()));
    }
    scores
}

fn ndcg(ranks: &[(usize, u8)], gold: &[(Vec<String>, u8)]) -> f64 {
    let gain = |grade: u8| f64::from((1_u32 << grade) - 1);
    let discount = |rank: usize| (math::count(rank) + 2.0).log2();
    let mut grades: Vec<u8> = gold.iter().map(|(_, grade)| *grade).collect();
    grades.sort_unstable_by(|a, b| b.cmp(a));
    let ideal: f64 = grades.iter().take(QUOTES).enumerate().map(|(rank, grade)| gain(*grade) / discount(rank)).sum();
    let got: f64 = ranks.iter().map(|(rank, grade)| gain(*grade) / discount(*rank)).sum();
    if ideal > 0.0 { (got / ideal).min(1.0) } else { 0.0 }
}

fn ratio(part: usize, whole: usize) -> f64 {
    math::count(part) / math::count(whole.max(1))
}

/// Whether a quote holds a sentence, word for word.
pub(crate) fn holds(quote: &[String], sentence: &[String]) -> bool {
    !sentence.is_empty() && quote.windows(sentence.len()).any(|words| words == sentence)
}

/// The figures of many questions.
pub(super) fn summary(all: &[Scores]) -> BTreeMap<Metric, Estimate> {
    let mut values: BTreeMap<Metric, Vec<f64>> = BTreeMap::new();
    for (metric, value) in all.iter().flatten() {
        values.entry(*metric).or_default().push(*value);
    }
    values.into_iter().filter_map(|(metric, values)| Some((metric, Estimate::of(&values)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_holds_a_sentence_whatever_its_marks_and_never_half_of_it() {
        let quote = words("Before. **Bell’s palsy**—and “more”. After.");
        assert!(holds(&quote, &words("Bell's palsy - and 'more'")));
        assert!(!holds(&quote, &words("Bell's palsy and more to come")));
        assert!(!holds(&quote, &[]));
    }

    #[test]
    fn the_gain_of_a_later_quote_is_less() {
        let gold = vec![(words("a"), 2), (words("b"), 1)];
        assert!((ndcg(&[(0, 2), (1, 1)], &gold) - 1.0).abs() < 1e-9);
        assert!(ndcg(&[(1, 2)], &gold) < ndcg(&[(0, 2)], &gold));
    }
}
