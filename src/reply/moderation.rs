//! What moderators read: what is live, what a refresh would change, and what came of it.

use std::time::Duration;

use time::Date;

use super::dates::{date, day};
use super::limits::{cut, cut_lines};
use super::message::{Reply, button};
use super::presenter::{LIST_MAX_CHARS, Presenter, count};
use super::view::ButtonStyle;
use crate::commands::Action;
use crate::corpus::Article;
use crate::diagnostics::Diagnostic;
use crate::index::Snapshot;
use crate::refresh::{ChangedPassage, Changes, FileChange};

/// How much of a changed passage is shown, in Unicode code points: the beginning, by which a moderator knows it again.
const CHANGED_TEXT_MAX_CHARS: usize = 61;
/// How much of a reason that something does not work is shown, in Unicode code points.
const REASON_MAX_CHARS: usize = 300;

const NO_GENERATION: &str = "**There is no live generation.** Only safety cards are shown. Mend the corpus, then run \
    `/corpus refresh`.";
const PREVIEW_ADVICE: &str = "Golden questions and red-flag examples passed. These changes are not live yet: press \
    Publish to make them live.";

/// Whether questions are searched by meaning too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SemanticState {
    /// The configuration names no model.
    Off,
    /// With the model of this digest.
    On(String),
    /// The configuration names a model that can't be used. The reason names files of the server, so it is for the log
    /// and the terminal.
    Unusable(String),
    /// The model can be used, but the live generation was built without it.
    NoVectors,
}

impl SemanticState {
    /// What to tell whoever runs the program, if the model that it names can't be used.
    pub fn problem(&self) -> Option<String> {
        let Self::Unusable(reason) = self else { return None };
        Some(format!("the embedding model of semantic.model_dir can't be used, so words alone are searched: {reason}"))
    }
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
    pub questions: usize,
    /// The day by which reviews are judged.
    pub today: Date,
    /// How many gateway shards are connected, and how many there are: none without Discord.
    pub shards: (usize, usize),
    /// What does not work at the moment, each with the reason.
    pub refused: &'a [(&'a str, &'a str)],
}

impl Presenter {
    /// What is live, for moderators.
    pub fn status(&self, status: &Status<'_>) -> Reply {
        let mut lines = match status.snapshot {
            Some(snapshot) => generation_lines(snapshot, status.today),
            None => vec![NO_GENERATION.to_owned()],
        };
        let folder = if status.corpus_changed {
            "The corpus folder has changes that are not live; `/corpus refresh` shows them."
        } else {
            "The corpus folder holds what is live."
        };
        lines.push(folder.to_owned());
        lines.push(search_line(status.semantic));
        lines.extend(health_lines(status));
        lines.push(format!("Up {}; {} since.", duration(status.uptime), count(status.questions, "question")));
        self.reply(Some("Corpus status")).with_text(cut_lines(&lines, LIST_MAX_CHARS)).into_private()
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
            return reply.with_text("Nothing has changed: the corpus folder holds what is live.").into_private();
        }
        let publish = button(
            "Publish",
            Action::Publish { id: changes.to.clone(), from: changes.from.clone() },
            ButtonStyle::Primary,
        );
        let cancel = button("Cancel", Action::Cancel(changes.to.clone()), ButtonStyle::Secondary);
        reply
            .with_text(cut_lines(&lines, LIST_MAX_CHARS))
            .with_text(PREVIEW_ADVICE)
            .with_buttons(vec![publish, cancel])
            .into_private()
    }

    /// A generation went live.
    pub fn published(&self, snapshot: &Snapshot) -> Reply {
        let text = format!(
            "Published. Generation `{}` answers from now on: {}.",
            snapshot.manifest.id,
            count(snapshot.manifest.counts.passages, "passage")
        );
        self.reply(Some("Corpus refresh")).with_text(text).into_private()
    }

    /// A preview was thrown away.
    pub fn cancelled(&self) -> Reply {
        self.reply(Some("Corpus refresh")).with_text("Cancelled. The old answers stay.").into_private()
    }
}

fn generation_lines(snapshot: &Snapshot, today: Date) -> Vec<String> {
    let manifest = &snapshot.manifest;
    let counts = &manifest.counts;
    let parent = manifest.parent.as_ref().map_or_else(|| "none".to_owned(), |id| format!("`{id}`"));
    let due = due_reviews(snapshot, today);
    vec![
        format!(
            "**Live generation** `{}`, built {} by {} ({})",
            manifest.id, manifest.created_at, manifest.provenance.by, manifest.provenance.note
        ),
        format!(
            "{}, {}, {}",
            count(counts.articles, "article"),
            count(counts.sections, "section"),
            count(counts.passages, "passage")
        ),
        format!(
            "{}, {}, {}",
            count(counts.lexicon_rows, "lexicon row"),
            count(counts.red_flag_rules, "red-flag rule"),
            count(counts.golden_questions, "golden question")
        ),
        count(counts.taught_questions, "taught question"),
        format!("Parent: {parent}"),
        if due.is_empty() {
            "No review is overdue.".to_owned()
        } else {
            format!("**Overdue reviews:** {}", due.join("; "))
        },
    ]
}

fn search_line(semantic: &SemanticState) -> String {
    match semantic {
        SemanticState::Off => "Search: by words.".to_owned(),
        SemanticState::On(digest) => format!("Search: by words and by meaning (model `{digest}`)."),
        SemanticState::Unusable(_) => {
            "**Search: by words only.** The embedding model can't be used; the reason is in the log.".to_owned()
        }
        SemanticState::NoVectors => {
            "**Search: by words only.** The live generation has no vectors of the model; a new one gets them."
                .to_owned()
        }
    }
}

fn health_lines(status: &Status<'_>) -> Vec<String> {
    let (connected, shards) = status.shards;
    let gateway = (shards > 0).then(|| format!("Gateway: {connected} of {} connected.", count(shards, "shard")));
    let refused = status.refused.iter();
    let refused = refused.map(|(what, why)| format!("**Not working:** {what} ({})", cut(why, REASON_MAX_CHARS)));
    gateway.into_iter().chain(refused).collect()
}

fn due_reviews(snapshot: &Snapshot, today: Date) -> Vec<String> {
    let overdue = |article: &Article| {
        let due = article.front.review_due.as_ref()?;
        date(due).filter(|date| *date < today).map(|_| format!("{} (due {})", article.file, day(due)))
    };
    snapshot.corpus.articles.iter().filter_map(overdue).collect()
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
        lines.extend(passages.iter().map(changed_passage));
    }
    lines.extend(changes.files.iter().map(|(change, name)| match change {
        FileChange::New => format!("New file: {name}"),
        FileChange::Changed => format!("Changed file: {name}"),
        FileChange::Removed => format!("Removed file: {name}"),
    }));
    lines
}

fn changed_passage(passage: &ChangedPassage) -> String {
    let words = passage.text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("• {}, {}: “{}”", passage.file, passage.section, cut(&words, CHANGED_TEXT_MAX_CHARS))
}

fn duration(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    match (minutes / 1_440, minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}
