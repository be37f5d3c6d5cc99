//! Everything that the bot says: an answer or an error to a [`Reply`], a finished, platform-neutral message.
//!
//! Every sentence for a user stands here or in [`crate::error`], under snapshot tests (`tests/suite/replies.rs`). A reply
//! can't be made without the disclaimer: its one constructor asks for it (P2, `every_reply_carries_the_disclaimer`).

mod action;
mod cards;
pub mod limits;
mod passage;
pub mod text;

pub use action::Action;
pub use cards::{Card, card};
pub use passage::PassageView;

use time::Date;

use crate::answer::{self, Answer, Decision, Outcome};
use crate::commands::{Audience, COMMANDS};
use crate::corpus::lint::Problem;
use crate::corpus::red_flags::RedFlags;
use crate::corpus::{Article, PassageRef};
use crate::error::UserError;
use crate::index::Snapshot;
use crate::refresh::{Changes, FileChange};
use limits::{BUTTON_LABEL_MAX_CHARS, OPTIONS_MAX, OPTION_MAX_CHARS, cut, cut_lines};

/// What every message ends with unless the configuration says it in other words.
pub const DISCLAIMER: &str = "I'm a bot, not a doctor. I quote articles that the editors have reviewed; I can't examine you or tell you what you have. If you are worried, ask a doctor.";

const RELATED: &str = "I found no direct answer. This is the nearest that the corpus says:";
const ABSTAIN: &str = "I found no answer to this in the corpus. Please ask a doctor or pharmacist if it is about your health.";
const SCOPE: &str = "I can't say what you have, choose a treatment or dose for you, or read your results. A doctor or pharmacist can.";
const SCOPE_WITH_PASSAGE: &str = "This is what the corpus says on the topic:";
const AFTER_CARD: &str = "The corpus also has this. Get help first; read it later:";

const CRISIS_IN_PUBLIC: &str = "I'm really sorry you are feeling this much pain. I'm a bot, so I can't help with this, but people can, right now. **If you might act on it or are in danger, call your local emergency number.**";

/// Room for a list inside a reply, in Unicode code points: fits the plain form with title and disclaimer.
const LIST_MAX_CHARS: usize = 1_500;

/// Who sees a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody who can read the channel.
    Public,
    /// Only the person who asked, where Discord can do that.
    Private,
}

/// A finished message, with everything that must stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    title: Option<String>,
    card: Option<Card>,
    card_id: Option<String>,
    lead: Vec<String>,
    passages: Vec<PassageView>,
    tail: Vec<String>,
    rows: Vec<Row>,
    visibility: Visibility,
    disclaimer: String,
}

/// A row of controls below a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// Buttons.
    Buttons(Vec<Button>),
    /// A select menu.
    Menu {
        /// What it says before something is chosen.
        placeholder: String,
        /// Its options.
        options: Vec<Choice>,
    },
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// Its label.
    pub label: String,
    /// What it does.
    pub action: Action,
    /// How much it asks to be pressed.
    pub weight: Weight,
}

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The thing to do next.
    Main,
    /// One thing among others.
    Plain,
    /// Takes something away.
    Takes,
}

/// An option of a menu, or a suggestion while typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is shown.
    pub label: String,
    /// What is sent back.
    pub value: String,
}

/// What is live, and how the process does.
#[derive(Debug)]
pub struct Status<'a> {
    /// The live generation, if there is one.
    pub snapshot: Option<&'a Snapshot>,
    /// Whether the corpus folder would give another generation.
    pub corpus_changed: bool,
    /// How long the process has run.
    pub uptime: std::time::Duration,
    /// How many questions it was asked.
    pub asked: usize,
    /// The day by which reviews are judged.
    pub today: Date,
}

/// What replies are made with.
#[derive(Debug, Clone)]
pub struct Speaker {
    disclaimer: String,
}

impl Reply {
    /// The only way to make a reply: the disclaimer comes first.
    fn new(disclaimer: &str, title: Option<&str>) -> Self {
        Self {
            title: title.map(str::to_owned),
            card: None,
            card_id: None,
            lead: Vec::new(),
            passages: Vec::new(),
            tail: Vec::new(),
            rows: Vec::new(),
            visibility: Visibility::Public,
            disclaimer: disclaimer.to_owned(),
        }
    }

    fn private(mut self) -> Self {
        self.visibility = Visibility::Private;
        self
    }

    fn saying(mut self, text: impl Into<String>) -> Self {
        self.lead.push(text.into());
        self
    }

    fn with_buttons(mut self, buttons: Vec<Button>) -> Self {
        if !buttons.is_empty() {
            self.rows.push(Row::Buttons(buttons));
        }
        self
    }

    fn with_menu(mut self, placeholder: &str, options: Vec<Choice>) -> Self {
        if !options.is_empty() {
            self.rows.push(Row::Menu { placeholder: placeholder.to_owned(), options });
        }
        self
    }

    fn has_body(&self) -> bool {
        !(self.lead.is_empty() && self.passages.is_empty() && self.tail.is_empty())
    }

    /// Who sees it.
    pub const fn visibility(&self) -> Visibility {
        self.visibility
    }

    /// The same reply, for the asker alone.
    #[must_use]
    pub fn for_the_asker_alone(self) -> Self {
        self.private()
    }

    /// Controls below it.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Passages that it quotes.
    pub fn passages(&self) -> &[PassageView] {
        &self.passages
    }

    /// The disclaimer that it ends with.
    pub fn disclaimer(&self) -> &str {
        &self.disclaimer
    }

    /// Whether a card stands above everything else.
    pub const fn has_card(&self) -> bool {
        self.card.is_some()
    }

    /// Adds the button with which the asker, or a moderator, can remove the answer. What only the asker sees needs none.
    #[must_use]
    pub fn removable_by(mut self, asker: u64) -> Self {
        if self.visibility == Visibility::Private {
            return self;
        }
        let remove = button("Remove", Action::Remove { asker }, Weight::Takes);
        let last = self.rows.iter_mut().rev().find_map(|row| match row {
            Row::Buttons(buttons) if buttons.len() < limits::BUTTONS_MAX => Some(buttons),
            _ => None,
        });
        match last {
            Some(buttons) => buttons.push(remove),
            None => self.rows.push(Row::Buttons(vec![remove])),
        }
        self
    }
}

fn button(label: &str, action: Action, weight: Weight) -> Button {
    Button { label: cut(label, BUTTON_LABEL_MAX_CHARS), action, weight }
}

impl Speaker {
    /// Says everything with this disclaimer.
    pub const fn new(disclaimer: String) -> Self {
        Self { disclaimer }
    }

    fn reply(&self, title: Option<&str>) -> Reply {
        Reply::new(&self.disclaimer, title)
    }

    /// What a question comes to: card, answer, or both.
    pub fn answer(&self, outcome: &Outcome, flags: &RedFlags, snapshot: Option<&Snapshot>) -> Reply {
        let answer = snapshot.zip(outcome.answer.as_ref());
        let Some(alert) = &outcome.alert else {
            return match answer {
                Some((snapshot, answer)) => self.without_card(snapshot, answer, outcome.is_demand),
                None => self.error(&UserError::NoIndex),
            };
        };
        let mut reply = match answer {
            Some((snapshot, answer)) if !outcome.is_crisis() && answer.decision == Decision::Answer => {
                let mut reply = self.with_passages(snapshot, answer);
                reply.lead.insert(0, AFTER_CARD.to_owned());
                reply
            }
            _ => self.reply(None),
        };
        if outcome.is_crisis() {
            // Nobody else needs to see that somebody is in despair.
            reply = reply.private();
        }
        reply.card = Some(card(flags, &alert.card));
        reply.card_id = Some(alert.card.clone());
        reply
    }

    fn without_card(&self, snapshot: &Snapshot, answer: &Answer, is_demand: bool) -> Reply {
        if answer.decision == Decision::Abstain {
            let sentence = if is_demand { SCOPE } else { ABSTAIN };
            return self.reply(None).saying(sentence).with_menu("Topics that I can quote", topic_choices(snapshot));
        }
        let mut reply = self.with_passages(snapshot, answer);
        if is_demand {
            reply.lead = vec![format!("{SCOPE} {SCOPE_WITH_PASSAGE}")];
        } else if answer.decision == Decision::Related {
            reply.lead = vec![RELATED.to_owned()];
        }
        reply
    }

    fn with_passages(&self, snapshot: &Snapshot, answer: &Answer) -> Reply {
        let chosen: Vec<_> = answer.passages.iter().filter_map(|chosen| Some((chosen, chosen.passage(snapshot)?))).collect();
        let Some((best, passage)) = chosen.first() else { return self.reply(None).saying(ABSTAIN) };
        let heading = passage.section().heading();
        let mut reply = self.reply(Some(heading));
        reply.passages.push(PassageView::new(passage, &best.excerpt));
        let more: Vec<_> = chosen.iter().skip(1).map(|(_, passage)| passage).collect();
        let mut headings: Vec<&str> = Vec::new();
        for other in more.iter().map(|passage| passage.section().heading()) {
            if other != heading && !headings.contains(&other) {
                headings.push(other);
            }
        }
        if !headings.is_empty() {
            reply.tail.push(format!("Also relevant: {}", headings.join("; ")));
        }
        let mut buttons = Vec::new();
        if !more.is_empty() {
            let ids = more.iter().map(|passage| passage.passage.id).collect();
            buttons.push(button(&format!("More passages ({})", more.len()), Action::More(ids), Weight::Plain));
        }
        if passage.section().passages.len() > 1 || best.excerpt.cut {
            buttons.push(button("Whole section", Action::SectionOf(passage.passage.id), Weight::Plain));
        }
        reply.with_buttons(buttons)
    }

    /// Further passages of an answer.
    pub fn more(&self, passages: &[PassageRef<'_>]) -> Reply {
        let mut reply = self.reply(Some("More passages"));
        reply.passages = passages.iter().map(|passage| PassageView::new(passage, &answer::whole(passage))).collect();
        // What does not fit into one message stays reachable: every passage has its section behind a button.
        let mut sections: Vec<Button> = Vec::new();
        for passage in passages {
            let button = button(passage.section().heading(), Action::SectionOf(passage.passage.id), Weight::Plain);
            if sections.iter().all(|other| other.label != button.label) && sections.len() < limits::BUTTONS_MAX {
                sections.push(button);
            }
        }
        reply.with_buttons(sections).private()
    }

    /// A section of an article from one of its passages on, with buttons to what is before and after it.
    pub fn section(&self, article: &Article, number: usize, passages: &[PassageRef<'_>], from: usize) -> Reply {
        let heading = article.sections.get(number).map_or("", |section| section.heading());
        let mut reply = self.reply(Some(heading));
        reply.passages = passages.iter().skip(from).map(|passage| PassageView::new(passage, &answer::whole(passage))).collect();
        let shown = text::passages_that_fit(&reply).max(1);
        reply.passages.truncate(shown);
        let go = |label: String, section: usize, from: usize| button(&label, Action::Section { slug: article.slug.clone(), section, from }, Weight::Plain);
        let named = |arrow: &str, at: usize| format!("{arrow} {}", article.sections.get(at).map_or("", |section| section.heading()));
        let has_text = |at: &usize| article.sections.get(*at).is_some_and(|section| !section.passages.is_empty());
        let mut buttons = Vec::new();
        if from + shown < passages.len() {
            buttons.push(go("Read on".to_owned(), number, from + shown));
        }
        if let Some(before) = (0..number).rev().find(has_text) {
            buttons.push(go(named("◀", before), before, 0));
        }
        if let Some(after) = (number + 1..article.sections.len()).find(has_text) {
            buttons.push(go(named("▶", after), after, 0));
        }
        reply.with_buttons(buttons)
    }

    /// The articles, a page of them.
    pub fn articles(&self, snapshot: &Snapshot, page: usize) -> Reply {
        let articles = &snapshot.corpus.articles;
        if let [only] = articles.as_slice() {
            return self.sections(only, 0);
        }
        let reply = self.reply(Some("Topics")).saying("Choose an article.");
        paged(reply, article_choices(articles), page, "Articles", |page| Action::Articles { page })
    }

    /// The sections of an article, a page of them.
    pub fn sections(&self, article: &Article, page: usize) -> Reply {
        let reply = self.reply(Some(&article.front.title)).saying(format!("Choose a section. {}.", passage::review(article)));
        paged(reply, section_choices(article), page, "Sections", |page| Action::Sections { slug: article.slug.clone(), page })
    }

    /// What the bot is.
    pub fn about(&self, snapshot: Option<&Snapshot>) -> Reply {
        let mut lines = vec![
            "I answer questions about facial twitching by quoting articles word for word, each quote with its source. I write no medical text of my own, I don't diagnose, and I keep nothing of what you ask.".to_owned(),
            String::new(),
        ];
        if let Some(snapshot) = snapshot {
            lines.push("**Articles**".to_owned());
            let articles = &snapshot.corpus.articles;
            lines.extend(articles.iter().map(|article| format!("• {}. {}.", article.front.title, passage::review(article))));
            let counts = &snapshot.manifest.counts;
            lines.push(String::new());
            lines.push(format!("Generation `{}`, built {}: {} in {}.", snapshot.manifest.id, day_of(&snapshot.manifest.created_at), count(counts.passages, "passage"), count(counts.sections, "section")));
        }
        lines.push(format!("Seventh {}. Open source, MIT licence.", env!("CARGO_PKG_VERSION")));
        self.reply(Some("About Seventh")).saying(cut_lines(&lines, LIST_MAX_CHARS)).private()
    }

    /// What is kept.
    pub fn privacy(&self, policy_url: Option<&str>) -> Reply {
        let mut text = "**I keep nothing of what you ask.** Your question is read, answered and forgotten. Its words are never written to a file, a log or a database, and never sent to anybody else.\n\n\
            Discord itself stores the messages in your channels by its own rules. An answer's *Remove* button carries your user id, so that you can delete the answer.\n\n\
            My log has counts, times and technical ids, for example which server a command came from. When a moderator changes the corpus, the log and the new generation say who did it and when.\n\n\
            I can read only messages that mention me or that you send to me, and messages on which somebody uses my menu entry. Please don't post personal health details in public channels; `/ask` with `private` shows the answer only to you."
            .to_owned();
        if let Some(url) = policy_url {
            text.push_str(&format!("\n\nFull policy: <{url}>"));
        }
        self.reply(Some("Privacy")).saying(text).private()
    }

    /// How to use the bot. Moderators see their commands too.
    pub fn help(&self, moderator: bool) -> Reply {
        let line = |info: &crate::commands::CommandInfo| format!("{}: {}", info.usage(), info.description);
        let mut lines: Vec<String> = COMMANDS.iter().filter(|info| info.audience == Audience::Everybody).map(line).collect();
        lines.push("**@mention** me with a question, or send me a direct message: the same answer.".to_owned());
        if moderator {
            lines.push(String::new());
            lines.push("**For moderators**".to_owned());
            lines.extend(COMMANDS.iter().filter(|info| info.audience == Audience::Moderators).map(line));
        }
        self.reply(Some("Help")).saying(lines.join("\n")).private()
    }

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
                lines.push(format!("Parent: {}", manifest.parent.as_ref().map_or_else(|| "none".to_owned(), |id| format!("`{id}`"))));
                let due = due_reviews(snapshot, status.today);
                lines.push(if due.is_empty() { "No review is overdue.".to_owned() } else { format!("**Overdue reviews:** {}", due.join("; ")) });
            }
            None => lines.push("**There is no live generation.** Only safety cards are shown. Mend the corpus, then run `/corpus refresh`.".to_owned()),
        }
        lines.push(if status.corpus_changed { "The corpus folder has changes that are not live; `/corpus refresh` shows them.".to_owned() } else { "The corpus folder holds what is live.".to_owned() });
        lines.push(format!("Up {}; {} since.", duration(status.uptime), count(status.asked, "question")));
        self.reply(Some("Corpus status")).saying(cut_lines(&lines, LIST_MAX_CHARS)).private()
    }

    /// What a refresh would change, with the buttons to do it or not.
    pub fn preview(&self, changes: &Changes, warnings: &[Problem]) -> Reply {
        let mut lines = change_lines(changes);
        if !warnings.is_empty() {
            lines.push(String::new());
            lines.extend(warnings.iter().map(ToString::to_string));
        }
        let reply = self.reply(Some("Corpus refresh"));
        if changes.is_empty() {
            return reply.saying("Nothing has changed: the corpus folder holds what is live.").private();
        }
        let publish = button("Publish", Action::Publish(changes.to.clone()), Weight::Main);
        let cancel = button("Cancel", Action::Cancel(changes.to.clone()), Weight::Plain);
        reply
            .saying(cut_lines(&lines, LIST_MAX_CHARS))
            .saying("Golden questions and red-flag examples passed. Nothing is live yet.")
            .with_buttons(vec![publish, cancel])
            .private()
    }

    /// A generation went live.
    pub fn published(&self, snapshot: &Snapshot) -> Reply {
        let text = format!("Published. Generation `{}` answers from now on: {}.", snapshot.manifest.id, count(snapshot.manifest.counts.passages, "passage"));
        self.reply(Some("Corpus refresh")).saying(text).private()
    }

    /// A preview was thrown away.
    pub fn cancelled(&self) -> Reply {
        self.reply(Some("Corpus refresh")).saying("Cancelled. The old answers stay.").private()
    }

    /// A card alone, for whoever asked to see it.
    pub fn card(&self, flags: &RedFlags, id: &str) -> Reply {
        let mut reply = self.reply(None).private();
        reply.card = Some(card(flags, id));
        reply
    }

    /// A reply that only the asker should see, where everybody can read: the shortest form, and a button that shows the
    /// card to whoever presses it, alone. Replies without a card have nothing to hide.
    pub fn in_public(&self, reply: Reply) -> Reply {
        match &reply.card_id {
            Some(id) => self
                .reply(None)
                .saying(CRISIS_IN_PUBLIC)
                .with_buttons(vec![button("Where to find help (only you see it)", Action::Card(id.clone()), Weight::Main)]),
            None => reply,
        }
    }

    /// What can't be done, and what to do instead.
    pub fn error(&self, error: &UserError) -> Reply {
        let lines: Vec<String> = error.to_string().lines().map(str::to_owned).collect();
        self.reply(None).saying(cut_lines(&lines, LIST_MAX_CHARS)).private()
    }
}

fn paged(reply: Reply, choices: Vec<Choice>, page: usize, placeholder: &str, go: impl Fn(usize) -> Action) -> Reply {
    let pages = choices.len().div_ceil(OPTIONS_MAX).max(1);
    let page = page.min(pages - 1);
    let shown = choices.into_iter().skip(page * OPTIONS_MAX).take(OPTIONS_MAX).collect();
    let mut buttons = Vec::new();
    if page > 0 {
        buttons.push(button("◀ Page before", go(page - 1), Weight::Plain));
    }
    if page + 1 < pages {
        buttons.push(button("Next page ▶", go(page + 1), Weight::Plain));
    }
    reply.with_menu(placeholder, shown).with_buttons(buttons).private()
}

fn topic_choices(snapshot: &Snapshot) -> Vec<Choice> {
    let mut choices = match snapshot.corpus.articles.as_slice() {
        [only] => section_choices(only),
        articles => article_choices(articles),
    };
    choices.truncate(OPTIONS_MAX);
    choices
}

fn article_choices(articles: &[Article]) -> Vec<Choice> {
    articles.iter().map(|article| choice(&article.front.title, &Action::Sections { slug: article.slug.clone(), page: 0 })).collect()
}

fn choice(label: &str, action: &Action) -> Choice {
    Choice { label: cut(label, OPTION_MAX_CHARS), value: action.to_string() }
}

fn section_choices(article: &Article) -> Vec<Choice> {
    let with_text = article.sections.iter().enumerate().filter(|(_, section)| !section.passages.is_empty());
    with_text.map(|(number, section)| choice(section.heading(), &Action::Section { slug: article.slug.clone(), section: number, from: 0 })).collect()
}

fn due_reviews(snapshot: &Snapshot, today: Date) -> Vec<String> {
    let overdue = |article: &&Article| {
        let due = article.front.review_due.as_ref().and_then(|due| due.date);
        due.is_some_and(|due| (i32::from(due.year), due.month, due.day) < (today.year(), u8::from(today.month()), today.day()))
    };
    let line = |article: &Article| format!("{} (due {})", article.file, article.front.review_due.as_ref().map_or_else(String::new, passage::day));
    snapshot.corpus.articles.iter().filter(overdue).map(line).collect()
}

/// What a refresh would change, a line each.
pub fn change_lines(changes: &Changes) -> Vec<String> {
    let mut lines = vec![match &changes.from {
        Some(from) => format!("From generation `{from}` to `{}`:", changes.to),
        None => format!("First generation `{}`:", changes.to),
    }];
    let groups = [("new", &changes.added), ("changed", &changes.changed), ("with other notes", &changes.notes_changed), ("removed", &changes.removed)];
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

fn day_of(created_at: &str) -> &str {
    created_at.split('T').next().unwrap_or_default()
}

/// A number with its noun: `1 passage`, `2 passages`.
fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn duration(time: std::time::Duration) -> String {
    let minutes = time.as_secs() / 60;
    match (minutes / 1_440, minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}
