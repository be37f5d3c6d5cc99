//! Question detection: which sentences of a long message ask something, and which are only background.
//!
//! People tell a story first; its words must not drown the question.

use super::{sentences, words};

/// Messages of at most this many words are short: every word of theirs counts.
const SHORT_WORDS: usize = 25;

/// Words that begin a question.
const BEGINNINGS: [&str; 36] = [
    "am", "any", "anybody", "anyone", "are", "can", "could", "did", "do", "does", "has", "have", "how", "hows", "is",
    "isnt", "may", "might", "must", "shall", "should", "shouldnt", "was", "were", "what", "whats", "when", "where",
    "which", "who", "whose", "why", "will", "wont", "would", "wouldnt",
];

/// Of these, the ones that after a comma more often go on than ask: "a baker, who is tired".
const RELATIVE: [&str; 5] = ["what", "when", "where", "which", "who"];

/// Words that ask wherever they stand in a sentence.
const ANYWHERE: [&str; 22] = [
    "wondering",
    "wonder",
    "anyone know",
    "anybody know",
    "any idea",
    "any ideas",
    "any advice",
    "my question",
    "question is",
    "want to know",
    "like to know",
    "need to know",
    "tell me",
    "explain",
    "what if",
    "how do",
    "how can",
    "what is",
    "why is",
    "why does",
    "is it",
    "should i",
];

/// Words that lead up to a question and ask nothing themselves.
const LEADING: [&str; 8] = ["so", "and", "but", "or", "also", "now", "basically", "anyway"];

/// The sentences of a text, and whether each is a question. In a short text, and where none is, all are.
pub fn questions_and_background(text: &str) -> Vec<(&str, bool)> {
    let whole = || vec![(text, true)];
    if is_short(text) {
        return whole();
    }
    let sentences: Vec<(&str, bool)> =
        sentences::chat(text).map(|sentence| (sentence, is_question(sentence))).collect();
    if sentences.iter().any(|(_, is_question)| *is_question) { sentences } else { whole() }
}

/// Whether every word of a text counts, because there are few.
pub fn is_short(text: &str) -> bool {
    text.split_whitespace().nth(SHORT_WORDS).is_none()
}

fn is_question(sentence: &str) -> bool {
    if sentence.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '?').ends_with('?') {
        return true;
    }
    let folded = words::fold(sentence);
    // A question may come after a comma or a colon: "been like this for weeks, is it normal".
    let begins = folded.split([',', ':', ';', '(']).enumerate().any(|(at, clause)| {
        let first = words::split(clause).find(|word| !LEADING.contains(word));
        first.is_some_and(|word| BEGINNINGS.contains(&word) && (at == 0 || !RELATIVE.contains(&word)))
    });
    let spaced = format!(" {} ", words::split(&folded).collect::<Vec<_>>().join(" "));
    begins || ANYWHERE.iter().any(|phrase| spaced.contains(&format!(" {phrase} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(text: &str) -> Vec<&str> {
        let sentences = questions_and_background(text).into_iter();
        sentences.filter(|(_, is_question)| *is_question).map(|(sentence, _)| sentence).collect()
    }

    const STORY: &str = "I work in a bakery and get up at three every morning, which my wife hates. Last week the oven broke and we all had to stay until six.";

    #[test]
    fn a_question_at_the_end_in_the_middle_or_at_the_start_of_a_story_is_found() {
        for question in ["can tired eyes twitch?", "so is there a test for it", "wondering if stress does that."] {
            assert_eq!(asking(&format!("{STORY} {question}")), [question]);
            assert_eq!(asking(&format!("{question}\n{STORY}")), [question]);
            assert_eq!(asking(&format!("{STORY}\n{question}\n{STORY}")), [question]);
        }
    }

    #[test]
    fn a_question_may_follow_a_comma() {
        let question = "its been like that for weeks, is there a test";
        assert_eq!(asking(&format!("{STORY} {question}")), [question]);
    }

    #[test]
    fn every_word_of_a_short_message_counts_and_of_one_that_asks_nothing() {
        assert_eq!(asking("My eye twitches. Why?"), ["My eye twitches. Why?"]);
        assert_eq!(asking(STORY), [STORY]);
    }
}
