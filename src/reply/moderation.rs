//! What moderators read: what is live, what a refresh would change, and what came of it.

use std::time::Duration;

use time::Date;

use super::limits::{cut, cut_lines};
use super::{LIST_MAX_CHARS, Presenter, Reply, Weight, button, count, passage};
use crate::commands::Action;
use crate::corpus::Article;
use crate::diagnostics::Diagnostic;
use crate::index::Snapshot;
use crate::refresh::{Changes, FileChange};

/// Whether questions are searched by meaning too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SemanticState {
    /// The configuration names no model.
    Off,
    /// With the model of this digest.
    On(String),
    /// The configuration names a model that can't be used, for this reason.
    Failed(String),
}

/// What is live, and how the process does.
#[derive(Debug)]
pub struct Status<'a> {
    /// The live generation, if there is one.
    pub snapshot: Option<&'a Snapshot>,
    /// Whether questions are searched by meaning too.
    pub semantic: &'a SemanticState,
    /// Whether the corpus folder would give another generation.
    pub corpus_changed: bool,
    /// How long the process has run.
    pub uptime: Duration,
    /// How many questions it was asked.
    pub asked: usize,
    /// The day by which reviews are judged.
    pub today: Date,
}

impl Presenter {
    /// What is live, for moderators.
    pub fn status(&self, status: &Status<'_>) -> Reply {
        let mut lines = Vec::new();
        match status.snapshot {
            Some(snapshot) => {
                let manifest = &snapshot.manifest;
                let counts = &manifest.counts;
                lines.push(format!("**Live generation** `{}`, built {} by {} ({})", manifest.id, manifest.created_at, manifest.provenance.by, manifest.provenance.note));
                lines.push(format!("{}, {}, {}", count(counts.articles, "article"), count(counts.sections, "section"), count(counts.passages, "passage")));
                lines.push(format!("{}, {}, {}", count(counts.lexicon_rows, "lexicon row"), count(counts.red_flag_rules, "red-flag rule"), count(counts.golden_questions, "golden question")));
                lines.push(count(counts.taught_questions, "taught question"));
                lines.push(format!("Parent: {}", manifest.parent.as_ref().map_or_else(|| "none".to_owned(), |id| format!("`{id}`"))));
                let due = due_reviews(snapshot, status.today);
                lines.push(if due.is_empty() { "No review is overdue.".to_owned() } else { format!("**Overdue reviews:** {}", due.join("; ")) });
            }
            None => lines.push("**There is no live generation.** Only safety cards are shown. Mend the corpus, then run `/corpus refresh`.".to_owned()),
        }
        lines.push(if status.corpus_changed {
            "The corpus folder has changes that are not live; `/corpus refresh` shows them.".to_owned()
        } else {
            "The corpus folder holds what is live.".to_owned()
        });
        lines.push(match status.semantic {
            SemanticState::Off => "Search: by words.".to_owned(),
            SemanticState::On(digest) => format!("Search: by words and by meaning (model `{digest}`)."),
            SemanticState::Failed(reason) => format!("**Search: by words only.** {}", cut(reason, 300)),
        });
        lines.push(format!("Up {}; {} since.", duration(status.uptime), count(status.asked, "question")));
        self.reply(Some("Corpus status")).saying(cut_lines(&lines, LIST_MAX_CHARS)).private()
    }

    /// What a refresh would change, with the buttons to do it or not.
    pub fn preview(&self, changes: &Changes, warnings: &[Diagnostic]) -> Reply {
        let mut lines = change_lines(changes);
        if !warnings.is_empty() {
            lines.push(String::new());
            lines.extend(warnings.iter().map(ToString::to_string));
        }
        let reply = self.reply(Some("Corpus refresh"));
        if changes.is_unchanged() {
            return reply.saying("Nothing has changed: the corpus folder holds what is live.").private();
        }
        let publish =
            button("Publish", Action::Publish { id: changes.to.clone(), from: changes.from.clone() }, Weight::Main);
        let cancel = button("Cancel", Action::Cancel(changes.to.clone()), Weight::Plain);
        reply
            .saying(cut_lines(&lines, LIST_MAX_CHARS))
            .saying("Golden questions and red-flag examples passed. These changes are not live yet: press Publish to make them live.")
            .with_buttons(vec![publish, cancel])
            .private()
    }

    /// A generation went live.
    pub fn published(&self, snapshot: &Snapshot) -> Reply {
        let text = format!(
            "Published. Generation `{}` answers from now on: {}.",
            snapshot.manifest.id,
            count(snapshot.manifest.counts.passages, "passage")
        );
        self.reply(Some("Corpus refresh")).saying(text).private()
    }

    /// A preview was thrown away.
    pub fn cancelled(&self) -> Reply {
        self.reply(Some("Corpus refresh")).saying("Cancelled. The old answers stay.").private()
    }
}

fn due_reviews(snapshot: &Snapshot, today: Date) -> Vec<String> {
    let overdue = |article: &&Article| {
        let due = article.front.review_due.as_ref().and_then(|due| due.date);
        due.is_some_and(|due| {
            (i32::from(due.year), due.month, due.day) < (today.year(), u8::from(today.month()), today.day())
        })
    };
    let line = |article: &Article| {
        format!("{} (due {})", article.file, article.front.review_due.as_ref().map_or_else(String::new, passage::day))
    };
    snapshot.corpus.articles.iter().filter(overdue).map(line).collect()
}

/// What a refresh would change, a line each.
pub fn change_lines(changes: &Changes) -> Vec<String> {
    let mut lines = vec![match &changes.from {
        Some(from) => format!("From generation `{from}` to `{}`:", changes.to),
        None => format!("First generation `{}`:", changes.to),
    }];
    let groups = [
        ("new", &changes.added),
        ("changed", &changes.changed),
        ("with other notes", &changes.notes_changed),
        ("removed", &changes.removed),
    ];
    for (what, passages) in groups.into_iter().filter(|(_, passages)| !passages.is_empty()) {
        lines.push(format!("{} {what}:", count(passages.len(), "passage")));
        lines.extend(passages.iter().map(|name| format!("• {name}")));
    }
    lines.extend(changes.files.iter().map(|(change, name)| match change {
        FileChange::New => format!("New file: {name}"),
        FileChange::Changed => format!("Changed file: {name}"),
        FileChange::Removed => format!("Removed file: {name}"),
    }));
    lines
}

fn duration(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    match (minutes / 1_440, minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}
