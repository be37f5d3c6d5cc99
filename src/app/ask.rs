//! Asking: a text to its response, and to the messages that follow from it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::delivery::{Answered, Delivery, Notice};
use super::live::Live;
use super::{App, Caller, log_failure};
use crate::answer::{self, Response};
use crate::error::UserError;
use crate::question::Question;
use crate::reply::{Reply, Visibility};
use crate::search;
use crate::triage::Triage;

impl App {
    /// Checks and answers a text. The caller gets the values; [`App::handle`] makes a reply of them.
    ///
    /// # Errors
    ///
    /// When there is no question in the text, or the index fails.
    pub fn ask(&self, text: &str) -> Result<Answered, UserError> {
        self.ask_of(self.0.live.load_full(), text)
    }

    /// The same of a generation that is at hand already: a request never sees two.
    pub(super) fn ask_of(&self, live: Option<Arc<Live>>, text: &str) -> Result<Answered, UserError> {
        self.0.questions.fetch_add(1, Ordering::Relaxed);
        let question = Question::new(text).ok_or(UserError::NoQuestion)?;
        let triage = answer::check(live.as_deref().map(|live| &live.snapshot), &question);
        Self::respond(live, &question, triage)
    }

    /// Answers a question that was checked.
    pub(super) fn respond(live: Option<Arc<Live>>, question: &Question, triage: Triage) -> Result<Answered, UserError> {
        let snapshot = live.as_deref().map(|live| &live.snapshot);
        let response = Response::after(triage, snapshot, question, search::search)
            .map_err(|error| UserError::Internal(log_failure("the search failed", &error)))?;
        Ok(Answered { response, live })
    }

    /// The reply to a question that was answered.
    pub fn reply_to(&self, answered: &Answered, caller: &Caller) -> Reply {
        self.0.presenter.answer(&answered.response, answered.snapshot(), self.0.places.of(caller))
    }

    /// A reply as it is sent where the caller is. What only the asker should see becomes, where a reply can't be hidden, an offer
    /// to see it alone; moderators are told of a crisis where that is set up.
    pub(super) fn delivery(&self, reply: Reply, caller: &Caller) -> Delivery {
        let shown = |reply: Reply| {
            if reply.visibility() == Visibility::Private && !caller.can_be_answered_alone {
                self.0.presenter.in_public(reply)
            } else {
                reply
            }
        };
        let channel = self.crisis_channel(caller.guild).zip(caller.channel).filter(|_| reply.is_crisis());
        let notice = channel.map(|(to, shown_in)| Notice {
            channel: to,
            text: self.0.presenter.crisis_notice(shown_in),
            reply_once_told: shown(reply.clone().known_to_moderators()),
        });
        Delivery { reply: shown(reply), notice }
    }

    /// The channel that is told of a crisis in this guild, if any is.
    fn crisis_channel(&self, guild: Option<u64>) -> Option<u64> {
        let moderation = &self.0.moderation;
        moderation.crisis_channel.filter(|_| guild.is_some_and(|guild| moderation.guilds.contains(&guild)))
    }
}
