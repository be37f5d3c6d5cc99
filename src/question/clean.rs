//! What a person typed to plain text: no marks, no mentions, no tricks with invisible characters.
//!
//! Cleaning twice gives the same as cleaning once (`cleaning_is_idempotent`).

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Longest text that is read, in Unicode code points: Discord's limit for a string option.
/// Source: Discord, application command option structure.
pub const QUESTION_MAX_CHARS: usize = 6_000;

/// More marks than this on one letter are decoration ("Zalgo"), in no script's spelling.
const COMBINING_MAX: usize = 2;

/// A code block or inline code, with its content.
static CODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"```(?:[\w+-]*\n)?(?P<block>[\s\S]*?)```|`(?P<inline>[^`\n]+)`"));
/// Mentions of members, roles, channels and commands; custom emoji; time stamps.
static DISCORD_MARKS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"<(?:@[!&]?|#|a?:\w+:|t:|/[^<>:]+:|id:)\w+(?::\w)?>|@(?:everyone|here)\b"));
/// `[text](target)`: the text stays.
static MASKED_LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[(?P<text>[^\[\]]*)\]\([^()\s]*\)"));
static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<?\b(?:https?://|www\.)\S+"));

fn pattern(text: &str) -> Regex {
    #[expect(
        clippy::expect_used,
        reason = "the patterns are constants; the tests of this file compile every one of them"
    )]
    Regex::new(text).expect("a valid pattern")
}

/// A cleaned text and its variants.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Cleaned {
    /// Without code: what is searched for.
    pub text: String,
    /// What is checked for danger, which can hide anywhere: with the content of code; once more with a space for every
    /// mark that was taken out; and each of them without its line breaks, because people on phones break lines in the
    /// middle of a sentence as well as at its end. Only variants that differ are here, and at least one.
    pub variants: Vec<String>,
}

/// Marks inside marks deeper than this were made to keep the bot busy: their brackets go.
const NESTED_MAX: usize = 16;

/// What to put where a mark was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing: `tw**it**ch` is one word.
    Closed,
    /// A space: `||my||face||` is two.
    Open,
}

/// Cleans a text.
pub(super) fn clean(text: &str) -> Cleaned {
    let read = |code: &str, gap| {
        let first = without_marks(&CODE.replace_all(&plain_characters(text, gap), code), gap);
        settled(first, gap)
    };
    let closed = read(" $block$inline ", Gap::Closed);
    let open = read(" $block$inline ", Gap::Open);
    let text = read(" ", Gap::Closed);
    // Whoever puts the whole question into a code block still asks it.
    let text = if text.is_empty() { closed.clone() } else { text };
    let mut variants = vec![closed];
    if variants.first() != Some(&open) {
        variants.push(open);
    }
    let joined: Vec<String> =
        variants.iter().filter(|text| breaks_inside_sentences(text)).map(|text| text.replace('\n', " ")).collect();
    variants.extend(joined);
    Cleaned { text, variants }
}

/// Taking a mark out can bring letters and accents together that Unicode then writes otherwise. A text settles within a
/// few rounds; the limit is for texts that nobody has thought of.
fn settled(mut text: String, gap: Gap) -> String {
    const ROUNDS_MAX: usize = 8;
    for _ in 0..ROUNDS_MAX {
        let next = without_marks(&plain_characters(&text, gap), gap);
        if next == text {
            break;
        }
        text = next;
    }
    text
}

/// Whether a line may end in the middle of a sentence.
fn breaks_inside_sentences(text: &str) -> bool {
    let (before_the_last, _) = text.rsplit_once('\n').unwrap_or_default();
    !before_the_last.is_empty() && before_the_last.lines().any(|line| !line.ends_with(['.', '!', '?', ';', '…']))
}

fn plain_characters(text: &str, gap: Gap) -> String {
    let mut marks = 0;
    let shown = |c: char| match gap {
        _ if !is_invisible(c) => Some(c),
        Gap::Closed => None,
        Gap::Open => Some(' '),
    };
    text.chars()
        .take(QUESTION_MAX_CHARS)
        .filter_map(shown)
        .nfkc()
        .filter_map(shown)
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
        .filter(|c| {
            marks = if is_combining_mark(*c) { marks + 1 } else { 0 };
            marks <= COMBINING_MAX && !is_overlay(*c)
        })
        .collect()
}

/// Zero-width characters, direction marks, joiners, variation selectors, tags, and null: they only hide things.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Marks that strike letters through or ring them: decoration, in no script's spelling.
const fn is_overlay(c: char) -> bool {
    matches!(c, '\u{334}'..='\u{338}' | '\u{20d0}'..='\u{20ff}')
}

fn without_marks(text: &str, gap: Gap) -> String {
    let mut text = text.to_owned();
    // Taking one mark out can put the halves of another together; each round shortens the text, so this ends.
    for round in 0.. {
        if round == NESTED_MAX {
            text = text.replace(['[', ']', '(', ')', '<', '>'], " ");
        }
        let shorter = MASKED_LINK.replace_all(&text, " $text ");
        let shorter = LINK.replace_all(&shorter, " ");
        let shorter = DISCORD_MARKS.replace_all(&shorter, " ");
        let is_mark = |c: char| matches!(c, '*' | '`' | '|' | '~' | '\\');
        let shorter: String = match gap {
            Gap::Closed => shorter.chars().filter(|c| !is_mark(*c)).collect(),
            Gap::Open => shorter.chars().map(|c| if is_mark(c) { ' ' } else { c }).collect(),
        };
        let shorter = tidy(&shorter);
        if shorter == text {
            break;
        }
        text = shorter;
    }
    text
}

/// One space between words, one line break between lines, no quote marks at the beginning of a line.
fn tidy(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.trim_start_matches(['>', '#', ' ', '-']).split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cleaned_text(text: &str) -> String {
        clean(text).text
    }

    #[test]
    fn marks_of_discord_and_of_markdown_go_and_words_stay() {
        let text = "<@123> **why** does <:face:42> my [eyelid](https://evil.example) twitch?\n> ||since|| <t:1:R> @everyone https://x.example/a";
        assert_eq!(cleaned_text(text), "why does my eyelid twitch?\nsince");
    }

    #[test]
    fn code_is_left_out_of_the_search_but_not_of_the_check_for_danger() {
        let cleaned = clean("what is this?\n```\nmy face dropped\n```");
        assert_eq!(cleaned.text, "what is this?");
        assert_eq!(cleaned.variants, ["what is this?\nmy face dropped"]);
        assert_eq!(cleaned_text("```\nwhy twitch\n```"), "why twitch");
    }

    #[test]
    fn invisible_characters_and_decoration_go() {
        assert_eq!(cleaned_text("tw\u{200b}it\u{0}ch\u{feff} \u{202e}eye"), "twitch eye");
        assert_eq!(cleaned_text("t\u{300}\u{301}\u{302}\u{303}\u{304}w"), "t\u{300}\u{301}w");
        assert_eq!(cleaned_text("ｅｙｅ ﬁt"), "eye fit");
        assert_eq!(cleaned_text("😀 <a:x:1>\u{200d}"), "😀");
    }

    #[test]
    fn words_that_marks_hold_apart_are_checked_apart() {
        for text in ["||my||face||dropped||", "my\u{200b}face\u{200b}dropped"] {
            assert_eq!(clean(text).variants.last().map(String::as_str), Some("my face dropped"), "{text}");
        }
        assert_eq!(cleaned_text("k\u{336}i\u{336}l\u{336}l\u{336}"), "kill");
    }

    #[test]
    fn a_line_break_in_the_middle_of_a_sentence_is_read_both_ways() {
        assert_eq!(clean("my face\ndropped").variants, ["my face\ndropped", "my face dropped"]);
        assert_eq!(clean("It twitches.\nWhy?").variants.len(), 1);
    }

    #[test]
    fn six_thousand_characters_are_read_and_no_more() {
        assert_eq!(cleaned_text(&"é".repeat(7_000)).chars().count(), QUESTION_MAX_CHARS);
    }

    proptest! {
        #[test]
        fn cleaning_is_idempotent(text in "\\PC{0,80}|[<>@#:`*\\[\\]()a-z0-9/ \\n.]{0,60}") {
            let once = cleaned_text(&text);
            prop_assert_eq!(cleaned_text(&once), once);
        }
    }
}
