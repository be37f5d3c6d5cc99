//! What a question comes to: card, passages, or the honest word that there are none.

use super::browse::topic_choices;
use super::limits;
use super::{Action, Button, PassageView, Reply, Speaker, Weight, button, card};
use crate::answer::{self, Answer, Decision, Outcome};
use crate::corpus::PassageRef;
use crate::corpus::red_flags::RedFlags;
use crate::error::UserError;
use crate::index::Snapshot;

const RELATED: &str = "I found no direct answer. This is the nearest that the corpus says:";
const ABSTAIN: &str =
    "I found no answer to this in the corpus. Please ask a doctor or pharmacist if it is about your health.";
const SCOPE: &str =
    "I can't say what you have, choose a treatment or dose for you, or read your results. A doctor or pharmacist can.";
const SCOPE_WITH_PASSAGE: &str = "This is what the corpus says on the topic:";
const AFTER_CARD: &str = "The corpus also has this. Get help first; read it later:";
const CRISIS_IN_PUBLIC: &str = "I'm really sorry you are feeling this much pain. I'm a bot, so I can't help with this, but people can, right now. **If you might act on it or are in danger, call your local emergency number.**";

impl Speaker {
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
        let chosen: Vec<_> =
            answer.passages.iter().filter_map(|chosen| Some((chosen, chosen.passage(snapshot)?))).collect();
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
            Some(id) => self.reply(None).saying(CRISIS_IN_PUBLIC).with_buttons(vec![button(
                "Where to find help (only you see it)",
                Action::Card(id.clone()),
                Weight::Main,
            )]),
            None => reply,
        }
    }
}
