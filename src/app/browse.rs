//! Browsing: sections, articles and topics, by buttons and by name.

use std::sync::Arc;

use super::live::Live;
use super::topics::Target;
use super::{App, Caller};
use crate::answer;
use crate::commands::Action;
use crate::corpus::PassageRef;
use crate::error::UserError;
use crate::index::Snapshot;
use crate::question::Question;
use crate::reply::Reply;

impl App {
    pub(super) fn browse(
        &self,
        action: &Action,
        snapshot: Option<&Snapshot>,
        caller: &Caller,
    ) -> Result<Reply, UserError> {
        let presenter = &self.0.presenter;
        if let Action::Card(id) = action {
            return Ok(presenter.card(answer::detector(snapshot), id, self.0.places.of(caller)));
        }
        let snapshot = snapshot.ok_or(UserError::NoIndex)?;
        let article = |slug: &str| snapshot.corpus.article(slug).ok_or(UserError::Outdated);
        match action {
            Action::More(ids) => {
                let passages: Vec<PassageRef<'_>> =
                    ids.iter().filter_map(|id| snapshot.corpus.passage_by_id(*id)).collect();
                if passages.is_empty() { Err(UserError::Outdated) } else { Ok(presenter.more(&passages, caller.form)) }
            }
            Action::SectionOf(id) => {
                let passage = snapshot.corpus.passage_by_id(*id).ok_or(UserError::Outdated)?;
                Ok(self.section_with(snapshot, &passage, caller).into_private_message())
            }
            Action::Section(id) => {
                let passage = snapshot.corpus.passage_by_id(*id).ok_or(UserError::Outdated)?;
                Ok(presenter.section(snapshot, &passage, caller.form))
            }
            Action::Articles { page } => Ok(presenter.articles(snapshot, *page)),
            Action::Sections { slug, page } => Ok(presenter.sections(article(slug)?, *page)),
            Action::Menu | Action::Card(_) | Action::Remove { .. } | Action::Publish { .. } | Action::Cancel(_) => {
                Err(UserError::UnknownButton)
            }
        }
    }

    /// The whole section that a passage lies in.
    fn section_with(&self, snapshot: &Snapshot, passage: &PassageRef<'_>, caller: &Caller) -> Reply {
        let first = passage.article.first_passage(passage.section());
        let first = first.and_then(|first| snapshot.corpus.passage_by_id(first.id));
        self.0.presenter.section(snapshot, first.as_ref().unwrap_or(passage), caller.form)
    }

    /// The section for a topic that was chosen or typed. Typed text may hold a red flag as any question may, with or
    /// without an index. Everything is read from one generation.
    pub(super) fn lookup(&self, topic: &str, live: Option<&Arc<Live>>, caller: &Caller) -> Result<Reply, UserError> {
        let chosen = Target::from_value(topic);
        if chosen.is_none() {
            let question = Question::new(topic).ok_or(UserError::UnknownTopic)?;
            if let Some(card) = self.card_for(&question, live, caller)? {
                return Ok(card);
            }
        }
        let live = live.ok_or(UserError::NoIndex)?;
        let snapshot = &live.snapshot;
        match chosen.or_else(|| live.topics.best(topic)) {
            Some(Target::Section(id)) => self.browse(&Action::Section(id), Some(snapshot), caller),
            Some(Target::Term(term)) => {
                let question = Question::new(&term).ok_or(UserError::UnknownTopic)?;
                let triage = answer::check(Some(snapshot), &question);
                let answered = Self::respond(Some(Arc::clone(live)), &question, triage)?;
                if answered.response.triage.alert.is_some() {
                    return Ok(self.reply_to(&answered, caller));
                }
                let hits = answered.response.answer.as_ref().map(|answer| answer.hits.hits.as_slice());
                let best = hits.and_then(<[_]>::first).and_then(|hit| snapshot.corpus.passage(hit.passage));
                Ok(self.section_with(snapshot, &best.ok_or(UserError::UnknownTopic)?, caller))
            }
            None => Err(UserError::UnknownTopic),
        }
    }

    /// The card for a text that raises a red flag.
    fn card_for(
        &self,
        question: &Question,
        live: Option<&Arc<Live>>,
        caller: &Caller,
    ) -> Result<Option<Reply>, UserError> {
        let triage = answer::check(live.map(|live| &live.snapshot), question);
        if triage.alert.is_none() {
            return Ok(None);
        }
        let answered = Self::respond(live.cloned(), question, triage)?;
        Ok(Some(self.reply_to(&answered, caller)))
    }
}
