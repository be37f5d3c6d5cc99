//! The handle that every entrance calls: what a request comes to, and who may ask for it.
//!
//! It knows no Discord type. Both the terminal and Discord call [`App::ask`], so that the same question gets the same
//! decision and the same quotes from the same generation (P10).

mod ask;
mod browse;
mod delivery;
mod embedding;
mod live;
mod moderation;
mod open;
mod place;
mod policy;
mod topics;

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use arc_swap::ArcSwapOption;

pub use delivery::{Answered, Delivery, Notice};
pub use open::Opened;
pub use policy::{Caller, MANAGE_GUILD, MANAGE_MESSAGES, Permission};

use crate::answer;
use crate::commands::{Action, Request, Suggestions};
use crate::config::{Config, ConfigError, Moderation};
use crate::error::{Reference, UserError};
use crate::health::Health;
use crate::index::Generations;
use crate::refresh::PublishPipeline;
use crate::reply::{Choice, Presenter, Reply, SemanticState};
use live::Live;
use place::Places;

/// What health calls the search by the embedding model.
const SEMANTIC_SEARCH: &str = "semantic search";

/// Everything a running bot shares. Cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    health: Health,
    live: ArcSwapOption<Live>,
    publishing: Mutex<()>,
    pipeline: PublishPipeline,
    semantic: SemanticState,
    presenter: Presenter,
    moderation: Moderation,
    privacy_policy_url: Option<String>,
    places: Places,
    started: Instant,
    questions: AtomicUsize,
}

/// What the press of a button comes to.
pub enum Press {
    /// The message that it stands on is deleted.
    Delete,
    /// This is shown.
    Show(Box<Reply>),
    /// This is carried out, which may take longer than Discord waits for a first response.
    Run(Request),
}

impl App {
    /// An app without a live generation: it shows safety cards and says that it is being mended.
    pub fn new(config: &Config, health: Health) -> Self {
        let (pipeline, semantic) = publish_pipeline(config);
        if matches!(semantic, SemanticState::Unusable(_)) {
            health.refuse(SEMANTIC_SEARCH, "the model can't be used; the reason is in the log");
        }
        Self(Arc::new(Inner {
            health,
            semantic,
            live: ArcSwapOption::empty(),
            publishing: Mutex::new(()),
            pipeline,
            presenter: Presenter::new(config.disclaimer.clone()),
            moderation: config.moderation.clone(),
            privacy_policy_url: config.privacy_policy_url.clone(),
            places: Places::new(config),
            started: Instant::now(),
            questions: AtomicUsize::new(0),
        }))
    }

    /// What a request comes to. Long ones must be called where blocking is allowed, and all of them where answering is
    /// slow ([`App::is_slow`]).
    pub fn handle(&self, request: &Request, caller: &Caller) -> Delivery {
        match self.try_handle(request, caller) {
            Ok(reply) => self.delivery(reply, caller),
            Err(error) => Delivery::of(self.0.presenter.error(&error)),
        }
    }

    fn try_handle(&self, request: &Request, caller: &Caller) -> Result<Reply, UserError> {
        let presenter = &self.0.presenter;
        let live = self.0.live.load_full();
        let snapshot = live.as_deref().map(|live| &live.snapshot);
        match request {
            Request::Ask { text, private } => {
                let reply = self.reply_to(&self.ask_of(live, text)?, caller);
                Ok(if *private { reply.into_private() } else { reply.removable_by(caller.user) })
            }
            Request::Lookup(topic) => self.lookup(topic, live.as_ref(), caller),
            Request::Topics => Ok(presenter.articles(snapshot.ok_or(UserError::NoIndex)?, 0)),
            Request::About => Ok(presenter.about(snapshot)),
            Request::Privacy => Ok(presenter.privacy(self.0.privacy_policy_url.as_deref())),
            Request::Help => Ok(presenter.help(self.is_moderator(caller))),
            Request::CorpusRefresh => self.as_moderator(caller, "refresh", |actor| self.refresh(snapshot, actor)),
            Request::CorpusStatus => self.as_moderator(caller, "status", |_| Ok(self.status(snapshot))),
            Request::Act(Action::Publish { id, from }) => {
                self.as_moderator(caller, "publish", |actor| self.publish(id, from.as_ref(), actor))
            }
            Request::Act(Action::Cancel(id)) => self.as_moderator(caller, "cancel", |_| self.cancel(id)),
            Request::Act(action) => self.browse(action, snapshot, caller),
        }
    }

    /// What the press of a button or the choice of a menu comes to. `is_private` says whether only the caller sees the
    /// message that it stands on.
    pub fn press(&self, action: Action, is_private: bool, caller: &Caller) -> Press {
        let error = match action {
            Action::Remove { asker } => match self.may_remove(asker, caller) {
                Ok(()) => return Press::Delete,
                Err(error) => error,
            },
            // Previews are private; on any other message the button was not made by us.
            action if action.is_long() && !is_private => {
                if self.is_moderator(caller) {
                    UserError::UnknownButton
                } else {
                    UserError::NotModerator
                }
            }
            action if action.is_long() => return Press::Run(Request::Act(action)),
            action => return Press::Show(Box::new(self.handle(&Request::Act(action), caller).reply)),
        };
        Press::Show(Box::new(self.say(&error)))
    }

    /// Checks that the cards have an emergency number for every configured country.
    ///
    /// # Errors
    ///
    /// Every country without one, with what to do.
    pub fn check_countries(&self, config: &Config) -> Result<(), ConfigError> {
        let live = self.0.live.load();
        let detector = answer::detector(live.as_ref().map(|live| &live.snapshot));
        config.check_countries(&detector.red_flags.emergency_numbers)
    }

    /// Suggestions for an option while somebody types.
    pub fn suggest(&self, suggestions: Suggestions, typed: &str) -> Vec<Choice> {
        match suggestions {
            Suggestions::Topics => {
                self.0.live.load().as_ref().map(|live| live.topics.suggest(typed)).unwrap_or_default()
            }
        }
    }

    /// Whether every answer takes so long that it must be computed where blocking is allowed: an embedding takes some
    /// ten milliseconds of arithmetic.
    pub fn is_slow(&self) -> bool {
        matches!(self.0.semantic, SemanticState::On(_))
    }

    /// What to tell whoever runs the program, if the embedding model that it names can't be used.
    pub fn semantic_problem(&self) -> Option<String> {
        self.0.semantic.problem()
    }

    /// The words for something that happened before a request could be handled, such as too many at once.
    pub fn say(&self, error: &UserError) -> Reply {
        self.0.presenter.error(error)
    }
}

/// The publish pipeline of the configured folders, for work that needs no app, and whether it has an embedding model.
pub fn publish_pipeline(config: &Config) -> (PublishPipeline, SemanticState) {
    let (embedder, semantic) = embedding::load(config.model_dir.as_deref());
    let generations = Generations::new(config.index_dir.clone(), embedder);
    (PublishPipeline::new(config.corpus_dir.clone(), generations, config.generations_kept), semantic)
}

/// Logs a failure once and names it by a reference.
fn log_failure(what: &str, error: &dyn std::error::Error) -> Reference {
    let reference = Reference::next();
    tracing::error!(%reference, error = %error, "{what}");
    reference
}
