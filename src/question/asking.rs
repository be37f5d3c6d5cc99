//! Which sentences of a long message ask something. People tell a story first; its words must not drown the question.

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

/// The sentences of a text, and whether each asks. In a short text, and where none asks, all do.
pub(super) fn sentences(text: &str) -> Vec<(&str, bool)> {
    let whole = || vec![(text, true)];
    if is_short(text) {
        return whole();
    }
    let sentences: Vec<(&str, bool)> = split(text).map(|sentence| (sentence, asks(sentence))).collect();
    if sentences.iter().any(|(_, asks)| *asks) { sentences } else { whole() }
}

/// Whether every word of a text counts, because there are few.
pub(super) fn is_short(text: &str) -> bool {
    text.split_whitespace().nth(SHORT_WORDS).is_none()
}

/// Sentences as people type them in a chat: a mark of an end and a space, or a line break, whatever letter follows. (The Unicode
/// rules see no end before a small letter.)
fn split(text: &str) -> impl Iterator<Item = &str> {
    let ends = |word: &str| word.ends_with(['.', '!', '?', '…']);
    text.lines().flat_map(move |line| {
        let mut rest = line;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let mut words = rest.split_inclusive(' ');
            let mut length = 0;
            for word in words.by_ref() {
                length += word.len();
                if ends(word.trim_end()) {
                    break;
                }
            }
            let (sentence, left) = rest.split_at_checked(length)?;
            rest = left;
            Some(sentence.trim())
        })
        .filter(|sentence| !sentence.is_empty())
    })
}

fn asks(sentence: &str) -> bool {
    if sentence.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '?').ends_with('?') {
        return true;
    }
    let plain = sentence.replace(['\'', '’'], "").to_lowercase();
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    // A question may come after a comma or a colon: "been like this for weeks, is it normal".
    let begins = plain.split([',', ':', ';', '(']).enumerate().any(|(at, clause)| {
        let words = words(clause);
        let first = words.iter().map(String::as_str).find(|word| !LEADING.contains(word));
        first.is_some_and(|word| BEGINNINGS.contains(&word) && (at == 0 || !RELATIVE.contains(&word)))
    });
    let spaced = format!(" {} ", words(&plain).join(" "));
    begins || ANYWHERE.iter().any(|phrase| spaced.contains(&format!(" {phrase} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(text: &str) -> Vec<&str> {
        sentences(text).into_iter().filter(|(_, asks)| *asks).map(|(sentence, _)| sentence).collect()
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
