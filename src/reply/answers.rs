//! What a question comes to: card, passages, or the honest word that there are none.

use super::browse::topic_choices;
use super::limits::{self, cut};
use super::{Button, MODERATORS_KNOW, PassageView, Presenter, Reply, Weight, button, render};
use crate::answer::{self, Answer, Decision, Response};
use crate::commands::Action;
use crate::corpus::PassageRef;
use crate::error::UserError;
use crate::index::Snapshot;
use crate::search::{QueryTerms, TermMatch};
use crate::triage::Detector;

const RELATED: &str = "I found no direct answer. This is the nearest that my articles say:";
const ABSTAIN: &str = "I found nothing about this in my articles. They are about facial twitching.";
const ABSTAIN_ADVICE: &str = "If something began suddenly or you feel very unwell, call your local emergency number. If you are worried about your health, ask a doctor.";
const SCOPE: &str = "I can't say what you have, choose a treatment or dose for you, or read your results. A doctor can; a pharmacist can help with medicines. Please don't start, stop or change a medicine on your own.";
const SCOPE_WITH_PASSAGE: &str = "This is what my articles say on the topic:";
const READ_LATER: &str = "Get help first. Read the articles later";
const CRISIS_IN_PUBLIC: &str = "I'm really sorry. This sounds very painful. I'm a bot, so I can't help with this, but people can, right now. **If you or someone else might act on it or is in danger, call your local emergency number.**";

/// How many headings are offered where there is no answer.
const NEAREST_MAX: usize = 3;
/// How many words of a question are named at most.
const WORDS_NAMED_MAX: usize = 4;

/// Words of the question that the corpus does not know.
fn not_found(terms: &QueryTerms) -> Option<String> {
    let words: Vec<String> = terms.unknown().take(WORDS_NAMED_MAX).map(quoted).collect();
    (!words.is_empty()).then(|| format!("My articles don't have {}.", words.join(", ")))
}

/// Words of the corpus that are nearly those that it does not know.
fn did_you_mean(snapshot: &Snapshot, terms: &QueryTerms) -> Option<String> {
    let near: Vec<String> = terms
        .unknown()
        .filter_map(|word| snapshot.spell_checker.near_miss(word))
        .take(WORDS_NAMED_MAX)
        .map(|word| quoted(&word))
        .collect();
    (!near.is_empty()).then(|| format!("Did you mean {}?", near.join(", ")))
}

/// How misspelt words of a short question were read.
fn read_as(terms: &QueryTerms) -> Option<String> {
    let words: Vec<String> = terms.corrected.iter().take(WORDS_NAMED_MAX).map(|(_, read_as)| quoted(read_as)).collect();
    (terms.is_short && !words.is_empty()).then(|| format!("Showing results for {}.", words.join(", ")))
}

/// A word in quotes; a very long one is shortened, so that it can't fill the message.
fn quoted(word: &str) -> String {
    const WORD_MAX_CHARS: usize = 40;
    format!("“{}”", cut(word, WORD_MAX_CHARS))
}

impl Presenter {
    /// What a question comes to: a card, or an answer. What the articles say waits behind the card's button, so that no
    /// sentence about harmless twitches stands under a call to get help.
    pub fn answer(&self, response: &Response, snapshot: Option<&Snapshot>, place: Option<&str>) -> Reply {
        let answer = snapshot.zip(response.offered());
        let Some(alert) = &response.triage.alert else {
            return match answer {
                Some((snapshot, answer)) => self.without_card(snapshot, answer, response.triage.is_demand),
                None => self.error(&UserError::NoIndex),
            };
        };
        let mut reply = self.reply(None);
        if let Some((snapshot, answer)) = answer {
            let passages = answer.passages.iter().filter_map(|chosen| chosen.passage(snapshot));
            let ids = passages.map(|passage| passage.passage.id).collect();
            reply = reply.with_buttons(vec![button(READ_LATER, Action::More(ids), Weight::Plain)]);
        }
        if response.is_crisis() {
            // Nobody else needs to see that somebody is in despair.
            reply = reply.private();
            reply.is_crisis = true;
        }
        reply.card = Some(answer::detector(snapshot).card(&alert.card, place));
        reply.card_id = Some(alert.card.clone());
        reply
    }

    fn without_card(&self, snapshot: &Snapshot, answer: &Answer, is_demand: bool) -> Reply {
        if answer.decision == Decision::Abstain {
            return self.without_passages(snapshot, answer, is_demand);
        }
        let mut reply = self.with_passages(snapshot, answer);
        if is_demand {
            reply.lead = vec![format!("{SCOPE} {SCOPE_WITH_PASSAGE}")];
        } else if answer.decision == Decision::Related {
            reply.lead = vec![RELATED.to_owned()];
            reply.lead.extend(not_found(&answer.hits.query));
        }
        reply.lead.extend(read_as(&answer.hits.query));
        reply
    }

    /// The honest word that there is nothing, which words were not found, and ways on: never a quote.
    fn without_passages(&self, snapshot: &Snapshot, answer: &Answer, is_demand: bool) -> Reply {
        let terms = &answer.hits.query;
        let mut reply = self.reply(None);
        if is_demand {
            reply = reply.saying(SCOPE);
        } else {
            reply = reply.saying(ABSTAIN);
            reply.lead.extend(not_found(terms));
            reply.lead.extend(did_you_mean(snapshot, terms));
            reply = reply.saying(ABSTAIN_ADVICE);
        }
        let near =
            answer.hits.hits.iter().filter(|hit| hit.matches.iter().any(|term_match| *term_match != TermMatch::None));
        let mut buttons: Vec<Button> = Vec::new();
        for passage in near.filter_map(|hit| snapshot.corpus.passage(hit.passage)) {
            let near = button(passage.section().heading(), Action::SectionOf(passage.passage.id), Weight::Plain);
            if buttons.len() < NEAREST_MAX && buttons.iter().all(|other| other.label != near.label) {
                buttons.push(near);
            }
        }
        reply.with_menu("Topics that I can quote", topic_choices(snapshot)).with_buttons(buttons)
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
        // Named only if as likely, beside the best one, as a sentence must be to stand in the quote.
        let enough = best.score * snapshot.calibration().model(answer.hits.mode).excerpt_threshold;
        let likely = chosen.iter().skip(1).filter(|(chosen, _)| chosen.score >= enough).map(|(_, passage)| passage);
        let below_the_title = likely.filter(|passage| passage.section().heading_path.len() > 1);
        for other in below_the_title.map(|passage| passage.section().heading()) {
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
        if passage.section().passages.len() > 1 || best.excerpt.leaves_out(passage) != (false, false) {
            buttons.push(button("Whole section", Action::SectionOf(passage.passage.id), Weight::Plain));
        }
        reply.with_buttons(buttons)
    }

    /// Further passages of an answer: as many as fit, with buttons to the rest and to their sections.
    pub fn more(&self, passages: &[PassageRef<'_>]) -> Reply {
        let mut reply = self.reply(Some("More passages"));
        reply.passages = passages.iter().map(|passage| PassageView::new(passage, &answer::whole(passage))).collect();
        let shown = render::passages_that_fit(&reply);
        reply.passages.truncate(shown);
        let (shown, rest) = passages.split_at(shown.min(passages.len()));
        let mut buttons: Vec<Button> = Vec::new();
        if !rest.is_empty() {
            let ids = rest.iter().map(|passage| passage.passage.id).collect();
            buttons.push(button(&format!("Next passages ({})", rest.len()), Action::More(ids), Weight::Plain));
        }
        for passage in shown {
            let label = format!("Section: {}", passage.section().heading());
            let button = button(&label, Action::SectionOf(passage.passage.id), Weight::Plain);
            if buttons.iter().all(|other| other.label != button.label) && buttons.len() < limits::BUTTONS_MAX {
                buttons.push(button);
            }
        }
        reply.with_buttons(buttons).private()
    }

    /// A card alone, for whoever asked to see it.
    pub fn card(&self, detector: &Detector, id: &str, place: Option<&str>) -> Reply {
        let mut reply = self.reply(None).private();
        reply.card = Some(detector.card(id, place));
        reply
    }

    /// A reply that only the asker should see, where everybody can read: the shortest form, and a button that shows the
    /// card to whoever presses it, alone. Replies without a card have nothing to hide.
    pub fn in_public(&self, reply: Reply) -> Reply {
        let Some(id) = &reply.card_id else { return reply };
        let help = button("Where to find help (only you see it)", Action::Card(id.clone()), Weight::Main);
        let short = self.reply(None).saying(CRISIS_IN_PUBLIC).with_buttons(vec![help]);
        if reply.moderators_know { short.saying(MODERATORS_KNOW) } else { short }
    }

    /// What moderators are told of a crisis: that there is one, and where. Never who asked, never a word of it.
    pub fn crisis_notice(&self, channel: u64) -> Reply {
        self.reply(Some("A crisis card was shown")).saying(format!(
            "I showed the crisis card in <#{channel}>. I keep no name and no words. Please look there and be kind. If somebody is in danger now, call the emergency number of their country."
        ))
    }
}
