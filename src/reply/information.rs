//! What the bot is, what it keeps, and how to use it.

use super::dates::day;
use super::limits::cut_lines;
use super::message::Reply;
use super::passage;
use super::presenter::{LIST_MAX_CHARS, Presenter, count};
use crate::commands::{Audience, COMMANDS};
use crate::corpus::Article;
use crate::index::Snapshot;

const ABOUT: &str = "I answer questions about facial twitching by quoting articles word for word, each quote with its \
    source. I write no medical text of my own, I don't diagnose, and I keep nothing of what you ask.";

const PRIVACY: &str = "**I keep nothing of what you ask.** Your question is read, answered and forgotten. Its words \
    are never written to a file, a log or a database, and never sent to anybody else. If my articles lack a word of \
    your question, my reply may name that word; *Remove* deletes the reply.\n\n\
    Discord itself stores the messages in your channels by its own rules. An answer's *Remove* button carries your \
    user id, so that you can delete the answer.\n\n\
    My log has counts, times and technical ids, for example which server a command came from. When a moderator \
    changes the corpus, the log and the new generation say who did it and when. Where a server has set it up, its \
    moderators are told that I showed help for a crisis and in which channel, never who asked or what was written.\n\n\
    I can read only messages that mention me or that you send to me, and messages on which somebody uses my menu \
    entry. Please don't post personal health details in public channels; `/ask` with `private` shows the answer only \
    to you.";

impl Presenter {
    /// What the bot is.
    pub fn about(&self, snapshot: Option<&Snapshot>) -> Reply {
        let mut lines = vec![ABOUT.to_owned(), String::new()];
        if let Some(snapshot) = snapshot {
            lines.push("**Articles**".to_owned());
            let articles = &snapshot.corpus.articles;
            lines.extend(articles.iter().map(about_article));
            let counts = &snapshot.manifest.counts;
            lines.push(String::new());
            lines.push(format!(
                "Generation `{}`, built {}: {} in {}.",
                snapshot.manifest.id,
                day_of(&snapshot.manifest.created_at),
                count(counts.passages, "passage"),
                count(counts.sections, "section")
            ));
        }
        lines.push(format!("Seventh {}. Open source, MIT licence.", env!("CARGO_PKG_VERSION")));
        self.reply(Some("About Seventh")).with_text(cut_lines(&lines, LIST_MAX_CHARS)).into_private()
    }

    /// What is kept.
    pub fn privacy(&self, policy_url: Option<&str>) -> Reply {
        let policy = policy_url.map_or_else(String::new, |url| format!("\n\nFull policy: <{url}>"));
        self.reply(Some("Privacy")).with_text(format!("{PRIVACY}{policy}")).into_private()
    }

    /// How to use the bot. Moderators see their commands too.
    pub fn help(&self, moderator: bool) -> Reply {
        let line = |info: &crate::commands::Command| format!("{}: {}", info.usage(), info.description);
        let mut lines: Vec<String> =
            COMMANDS.iter().filter(|info| info.audience == Audience::Everybody).map(line).collect();
        lines.push("**@mention** me with a question, or send me a direct message: the same answer.".to_owned());
        if moderator {
            lines.push(String::new());
            lines.push("**For moderators**".to_owned());
            lines.extend(COMMANDS.iter().filter(|info| info.audience == Audience::Moderators).map(line));
        }
        self.reply(Some("Help")).with_text(lines.join("\n")).into_private()
    }
}

/// A line with an article, who checked it, and what is known of where it comes from.
fn about_article(article: &Article) -> String {
    let front = &article.front;
    let by = front.publisher.as_ref().map(|publisher| format!(" by {publisher}"));
    let on = front.published.as_ref().map(|date| format!(" on {}", day(date)));
    let published = [by, on].into_iter().flatten().collect::<String>();
    let published = if published.is_empty() { published } else { format!(" Published{published}.") };
    let licence = front.license.as_ref().map_or_else(String::new, |licence| format!(" Licence: {licence}."));
    format!("• {}. {}.{published}{licence}", front.title, passage::review(article))
}

fn day_of(created_at: &str) -> &str {
    created_at.split('T').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Corpus, CorpusFile};

    fn about(front: &str) -> String {
        let text = format!("+++\ntitle = \"T\"\n{front}+++\n# T\n\nWords.\n");
        let file = CorpusFile { name: "articles/t.md".to_owned(), bytes: text.into() };
        about_article(&Corpus::parse(&[file], &mut Vec::new()).articles[0])
    }

    #[test]
    fn an_article_is_listed_with_what_is_known_of_its_origin() {
        let review = "• T. Not yet checked by the editors; no clinician has reviewed it.";
        assert_eq!(about(""), review);
        assert_eq!(about("license = \"CC BY 4.0\"\n"), format!("{review} Licence: CC BY 4.0."));
        assert_eq!(about("published = 2024-02-01\n"), format!("{review} Published on 1 Feb 2024."));
        assert_eq!(
            about("publisher = \"A Press\"\npublished = 2024-02-01\nlicense = \"CC0\"\n"),
            format!("{review} Published by A Press on 1 Feb 2024. Licence: CC0.")
        );
    }
}
