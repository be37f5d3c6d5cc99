//! The handle that both entrances call: what a request comes to, and who may ask for it.
//!
//! It knows no Discord type. Both the terminal and Discord call [`App::ask`], so that the same question gets the same
//! decision and the same quotes from the same generation (P10).

mod asked;
mod lookup;
mod model;
mod moderate;
mod place;
mod policy;
mod request;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use arc_swap::ArcSwapOption;

pub use asked::Asked;
pub use policy::{Caller, MANAGE_GUILD, MANAGE_MESSAGES, Verdict};
pub use request::Request;

use crate::answer::Outcome;
use crate::config::{Config, Moderation};
use crate::corpus::PassageRef;
use crate::error::{Reference, UserError};
use crate::index::{Generations, Provenance, Snapshot};
use crate::question::Question;
use crate::refresh::{RefreshError, Refresher};
use crate::reply::{Action, Choice, Reply, SemanticState, Speaker};
use asked::flags;
use lookup::{Target, Topics};
use place::Places;

/// Everything a running bot shares. Cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    live: ArcSwapOption<Live>,
    publishing: Mutex<()>,
    refresher: Refresher,
    semantic: SemanticState,
    speaker: Speaker,
    moderation: Moderation,
    privacy_policy_url: Option<String>,
    places: Places,
    started: Instant,
    asked: AtomicUsize,
}

/// The live generation with what is derived from it.
struct Live {
    snapshot: Snapshot,
    topics: Topics,
}

impl Live {
    fn new(snapshot: Snapshot) -> Self {
        Self { topics: Topics::of(&snapshot.corpus), snapshot }
    }
}

impl App {
    /// An app without a live generation: it shows safety cards and says that it is being mended.
    pub fn new(config: &Config) -> Self {
        let (embedder, semantic) = model::load(config.model_dir.as_deref());
        let generations = Generations::new(config.index_dir.clone(), embedder);
        Self(Arc::new(Inner {
            semantic,
            live: ArcSwapOption::empty(),
            publishing: Mutex::new(()),
            refresher: Refresher::new(config.corpus_dir.clone(), generations, config.generations_kept),
            speaker: Speaker::new(config.disclaimer.clone()),
            moderation: config.moderation.clone(),
            privacy_policy_url: config.privacy_policy_url.clone(),
            places: Places::new(config),
            started: Instant::now(),
            asked: AtomicUsize::new(0),
        }))
    }

    /// Opens the live generation, and builds one if there is none or the corpus has changed.
    ///
    /// `progress` is called with passages written and their number while it builds. Whatever fails is reported; the
    /// newest usable generation goes live all the same.
    pub fn open(&self, progress: &dyn Fn(usize, usize)) -> Opened {
        let (snapshot, passed_over) = self.0.refresher.generations().open_live();
        for error in &passed_over {
            tracing::warn!(%error, "a generation was passed over");
        }
        if !self.0.refresher.differs_from(snapshot.as_ref()) && passed_over.is_empty() {
            self.go_live(snapshot);
            return Opened::Existing;
        }
        let provenance = Provenance { by: "start".to_owned(), note: "the corpus or the format changed".to_owned() };
        let built = self
            .0
            .refresher
            .prepare(snapshot.as_ref(), provenance, progress)
            .and_then(|preview| self.0.refresher.publish(&preview));
        match built {
            Ok(built) => {
                self.go_live(Some(built));
                Opened::Built
            }
            Err(error) if snapshot.is_some() => {
                self.go_live(snapshot);
                Opened::Old(error)
            }
            Err(error) => Opened::Nothing(error),
        }
    }

    /// The refresher, for commands that need no live generation.
    pub fn refresher(&self) -> &Refresher {
        &self.0.refresher
    }

    fn go_live(&self, snapshot: Option<Snapshot>) {
        self.0.live.store(snapshot.map(|snapshot| Arc::new(Live::new(snapshot))));
    }

    /// Checks and answers a text. The caller gets the values; [`App::handle`] makes a reply of them.
    ///
    /// # Errors
    ///
    /// When there is no question in the text, or the index fails.
    pub fn ask(&self, text: &str) -> Result<Asked, UserError> {
        self.0.asked.fetch_add(1, Ordering::Relaxed);
        let live = self.0.live.load_full();
        let question = Question::new(text).ok_or(UserError::NoQuestion)?;
        let snapshot = live.as_ref().map(|live| &live.snapshot);
        let outcome = Outcome::of(snapshot, flags(snapshot), &question)
            .map_err(|error| UserError::Internal(log("the search failed", &error)))?;
        Ok(Asked { outcome, live })
    }

    /// The reply to a question that was asked.
    pub fn reply_to(&self, asked: &Asked, caller: &Caller) -> Reply {
        let snapshot = asked.snapshot();
        self.0.speaker.answer(&asked.outcome, flags(snapshot), snapshot, self.0.places.of(caller))
    }

    /// The configured countries whose emergency number the corpus does not know: the worldwide line stands for them.
    pub fn countries_without_number(&self) -> BTreeSet<String> {
        let live = self.0.live.load();
        self.0.places.without_number(&flags(live.as_ref().map(|live| &live.snapshot)).numbers)
    }

    /// What a request comes to. Long ones ([`Request::is_long`]) must be called where blocking is allowed.
    pub fn handle(&self, request: &Request, caller: &Caller) -> Reply {
        self.try_handle(request, caller).unwrap_or_else(|error| self.0.speaker.error(&error))
    }

    fn try_handle(&self, request: &Request, caller: &Caller) -> Result<Reply, UserError> {
        let speaker = &self.0.speaker;
        let live = self.0.live.load_full();
        let snapshot = live.as_deref().map(|live| &live.snapshot);
        match request {
            Request::Ask { text, private } => {
                let reply = self.reply_to(&self.ask(text)?, caller);
                Ok(if *private { reply.for_the_asker_alone() } else { reply.removable_by(caller.user) })
            }
            Request::Act(Action::Card(id)) => Ok(speaker.card(flags(snapshot), id, self.0.places.of(caller))),
            Request::Lookup(topic) => self.lookup(topic, live.as_deref(), caller),
            Request::Topics => Ok(speaker.articles(snapshot.ok_or(UserError::NoIndex)?, 0)),
            Request::About => Ok(speaker.about(snapshot)),
            Request::Privacy => Ok(speaker.privacy(self.0.privacy_policy_url.as_deref())),
            Request::Help => Ok(speaker.help(self.is_moderator(caller))),
            Request::CorpusRefresh => self.as_moderator(caller, "refresh", |by| self.refresh(snapshot, by)),
            Request::CorpusStatus => self.as_moderator(caller, "status", |_| Ok(self.status(snapshot))),
            Request::Act(Action::Publish { id, from }) => {
                self.as_moderator(caller, "publish", |_| self.publish(id, from.as_ref()))
            }
            Request::Act(Action::Cancel(id)) => self.as_moderator(caller, "cancel", |_| self.cancel(id)),
            Request::Act(action) => self.browse(action, snapshot.ok_or(UserError::NoIndex)?),
        }
    }

    fn browse(&self, action: &Action, snapshot: &Snapshot) -> Result<Reply, UserError> {
        let speaker = &self.0.speaker;
        let article = |slug: &str| snapshot.corpus.article(slug).ok_or(UserError::Outdated);
        match action {
            Action::More(ids) => {
                let passages: Vec<PassageRef<'_>> =
                    ids.iter().filter_map(|id| snapshot.corpus.passage_by_id(*id)).collect();
                if passages.is_empty() { Err(UserError::Outdated) } else { Ok(speaker.more(&passages)) }
            }
            Action::SectionOf(id) => {
                let passage = snapshot.corpus.passage_by_id(*id).ok_or(UserError::Outdated)?;
                Ok(self.section_with(snapshot, &passage).beside_its_message())
            }
            Action::Section(id) => {
                let passage = snapshot.corpus.passage_by_id(*id).ok_or(UserError::Outdated)?;
                Ok(speaker.section(snapshot, &passage))
            }
            Action::Articles { page } => Ok(speaker.articles(snapshot, *page)),
            Action::Sections { slug, page } => Ok(speaker.sections(article(slug)?, *page)),
            Action::Menu | Action::Card(_) | Action::Remove { .. } | Action::Publish { .. } | Action::Cancel(_) => {
                Err(UserError::UnknownButton)
            }
        }
    }

    /// The whole section that a passage lies in.
    fn section_with(&self, snapshot: &Snapshot, passage: &PassageRef<'_>) -> Reply {
        let first = passage.article.passages.get(passage.section().passages.start);
        let first = first.and_then(|first| snapshot.corpus.passage_by_id(first.id));
        self.0.speaker.section(snapshot, first.as_ref().unwrap_or(passage))
    }

    fn lookup(&self, topic: &str, live: Option<&Live>, caller: &Caller) -> Result<Reply, UserError> {
        let chosen = Target::from_value(topic);
        if chosen.is_none() {
            // Typed text may hold a red flag as any question may, with or without an index.
            let asked = Question::new(topic).ok_or(UserError::UnknownTopic)?;
            let snapshot = live.map(|live| &live.snapshot);
            let checked = asked.check(flags(snapshot), snapshot.and_then(Snapshot::embedder));
            if checked.alert.is_some() {
                return self.ask(topic).map(|asked| self.reply_to(&asked, caller));
            }
        }
        let live = live.ok_or(UserError::NoIndex)?;
        match chosen.or_else(|| live.topics.best(topic)) {
            Some(Target::Section(id)) => {
                let passage = live.snapshot.corpus.passage_by_id(id).ok_or(UserError::Outdated)?;
                Ok(self.0.speaker.section(&live.snapshot, &passage))
            }
            Some(Target::Term(term)) => {
                let asked = self.ask(&term)?;
                if asked.outcome.alert.is_some() {
                    return Ok(self.reply_to(&asked, caller));
                }
                let snapshot = asked.snapshot().ok_or(UserError::NoIndex)?;
                let best = asked.outcome.answer.as_ref().and_then(|answer| answer.hits.hits.first());
                let passage =
                    best.and_then(|hit| snapshot.corpus.passage(hit.passage)).ok_or(UserError::UnknownTopic)?;
                Ok(self.section_with(snapshot, &passage))
            }
            None => Err(UserError::UnknownTopic),
        }
    }

    /// The channel that is told of a crisis in this guild, if any is.
    pub fn crisis_channel(&self, guild: Option<u64>) -> Option<u64> {
        let moderation = &self.0.moderation;
        moderation.crisis_channel.filter(|_| guild.is_some_and(|guild| moderation.guilds.contains(&guild)))
    }

    /// Suggestions for `/lookup`.
    pub fn suggest(&self, typed: &str) -> Vec<Choice> {
        self.0.live.load().as_ref().map(|live| live.topics.suggest(typed)).unwrap_or_default()
    }

    /// Whether somebody may change what others see.
    pub fn is_moderator(&self, caller: &Caller) -> bool {
        policy::moderator(&self.0.moderation, caller) == Verdict::Allowed
    }

    /// Whether the caller may remove an answer that `asker` got.
    ///
    /// # Errors
    ///
    /// When neither the asker nor a moderator calls.
    pub fn may_remove(&self, asker: u64, caller: &Caller) -> Result<(), UserError> {
        match policy::remover(&self.0.moderation, asker, caller) {
            Verdict::Allowed => Ok(()),
            Verdict::Denied => Err(UserError::NotAsker),
        }
    }

    /// The words for things that happen before a request can be handled, such as too many at once.
    pub fn speaker(&self) -> &Speaker {
        &self.0.speaker
    }
}

/// What opening the app came to.
#[derive(Debug)]
pub enum Opened {
    /// A generation was there and fits the corpus.
    Existing,
    /// A generation was built.
    Built,
    /// An older generation is live, because the corpus could not be built.
    Old(RefreshError),
    /// There is no generation at all.
    Nothing(RefreshError),
}

/// Logs a failure once and names it by a reference.
fn log(what: &str, error: &dyn std::error::Error) -> Reference {
    let reference = Reference::next();
    tracing::error!(%reference, error = %error, "{what}");
    reference
}
