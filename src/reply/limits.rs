//! Discord's limits, and the only code that shortens text.
//!
//! Lengths are Unicode code points, as Discord counts them. Source: Discord's documentation of messages, embeds,
//! components and application commands; discord-api-docs issue 1315.

/// Content of a message.
pub const CONTENT_MAX_CHARS: usize = 2_000;
/// Title of an embed.
pub const EMBED_TITLE_MAX_CHARS: usize = 256;
/// Description of an embed.
pub const EMBED_DESCRIPTION_MAX_CHARS: usize = 4_096;
/// Footer of an embed.
pub const EMBED_FOOTER_MAX_CHARS: usize = 2_048;
/// All embeds of a message together.
pub const EMBEDS_TOTAL_MAX_CHARS: usize = 6_000;
/// Label of a button.
pub const BUTTON_LABEL_MAX_CHARS: usize = 80;
/// Buttons in a row.
pub const BUTTONS_MAX: usize = 5;
/// Options of a select menu.
pub const OPTIONS_MAX: usize = 25;
/// Label, value or description of an option; name or value of an autocomplete choice.
pub const OPTION_MAX_CHARS: usize = 100;
/// Choices of an autocomplete answer.
pub const CHOICES_MAX: usize = 25;

/// The mark that something was left out.
const ELLIPSIS: char = '…';

/// Length as Discord counts it.
pub fn length(text: &str) -> usize {
    text.chars().count()
}

/// `text` in at most `max` code points, cut at a word where that is near, with an ellipsis.
///
/// For labels, titles and lists. Quotes, notes, cards and the disclaimer are never given to it.
pub fn cut(text: &str, max: usize) -> String {
    if length(text) <= max {
        return text.to_owned();
    }
    let room = max.saturating_sub(1);
    let kept: String = text.chars().take(room).collect();
    let word_ends = text.chars().nth(room).is_some_and(char::is_whitespace);
    let at_word = kept.rfind(char::is_whitespace).filter(|at| !word_ends && *at * 3 > kept.len() * 2);
    let mut kept = at_word.and_then(|at| kept.get(..at)).unwrap_or(&kept).trim_end().to_owned();
    kept.push(ELLIPSIS);
    kept
}

/// The lines that fit into `max` code points, then how many were left out.
pub fn cut_lines(lines: &[String], max: usize) -> String {
    let whole = lines.join("\n");
    if length(&whole) <= max {
        return whole;
    }
    let reserve = 24;
    let mut text = String::new();
    let mut taken = 0;
    for line in lines {
        let line = cut(line, 300);
        if length(&text) + length(&line) + 1 + reserve > max {
            break;
        }
        text.push_str(&line);
        text.push('\n');
        taken += 1;
    }
    format!("{text}… and {} more", lines.len() - taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_on_character_boundaries_and_counts_code_points() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äö…");
        assert_eq!(cut("one two three four five", 20), "one two three four…");
        assert_eq!(cut("one two three four five", 19), "one two three four…");
        assert_eq!(cut("one two three four five", 18), "one two three…");
        assert_eq!(length(&cut(&"😀".repeat(50), 10)), 10);
    }

    #[test]
    fn lines_are_left_out_whole_and_counted() {
        let lines: Vec<String> = (0..50).map(|n| format!("line {n}")).collect();
        let text = cut_lines(&lines, 60);
        assert!(length(&text) <= 60);
        assert!(text.ends_with(" more"), "{text}");
        assert!(text.starts_with("line 0\n"));
    }
}
