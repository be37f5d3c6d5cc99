//! What a question comes to: card, passages, or the honest word that there are none.

use super::browse::topic_choices;
use super::limits::{BUTTONS_MAX, cut};
use super::message::{MODERATORS_TOLD, Reply, button};
use super::presenter::Presenter;
use super::render::{self, MessageForm};
use super::view::{Assessment, Button, ButtonStyle, PassageView};
use crate::answer::{self, Answer, ChosenPassage, Decision, Response};
use crate::commands::Action;
use crate::corpus::PassageRef;
use crate::error::UserError;
use crate::index::Snapshot;
use crate::search::{QueryTerms, TermMatch};
use crate::triage::Detector;

const RELATED: &str = "I found no direct answer. This is the nearest that my articles say:";
const ABSTAIN: &str = "I found nothing about this in my articles. They are about facial twitching.";
const ABSTAIN_ADVICE: &str = "If something began suddenly or you feel very unwell, call your local emergency number. \
    If you are worried about your health, ask a doctor.";
const SCOPE: &str = "I can't say what you have, choose a treatment or dose for you, or read your results. A doctor \
    can; a pharmacist can help with medicines. Please don't start, stop or change a medicine on your own.";
const SCOPE_WITH_PASSAGE: &str = "This is what my articles say on the topic:";
const READ_LATER: &str = "Get help first. Read the articles later";
const CRISIS_IN_PUBLIC: &str = "I'm really sorry. This sounds very painful. I'm a bot, so I can't help with this, but \
    people can, right now. **If you or someone else might act on it or is in danger, call your local emergency \
    number.**";

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

/// A passage of an answer with its place in the corpus.
type Chosen<'a> = (&'a ChosenPassage, PassageRef<'a>);

/// The passages of an answer, best first.
fn chosen<'a>(answer: &'a Answer, snapshot: &'a Snapshot) -> Vec<Chosen<'a>> {
    answer.passages.iter().filter_map(|chosen| Some((chosen, chosen.passage(snapshot)?))).collect()
}

fn views(chosen: &[Chosen<'_>]) -> Vec<PassageView> {
    let views = chosen.iter().map(|(chosen, passage)| PassageView::found(passage, &chosen.excerpt, chosen.score));
    views.collect()
}

/// Headings of further passages that are named below the best one: only where a passage is as likely, beside the best
/// one, as a sentence must be to stand in the quote.
fn also_relevant<'a>(chosen: &[Chosen<'a>], excerpt_threshold: f64) -> Vec<&'a str> {
    let Some((best, first)) = chosen.first() else { return Vec::new() };
    let enough = best.score * excerpt_threshold;
    let likely = chosen.iter().skip(1).filter(|(chosen, _)| chosen.score >= enough);
    let below_the_title = likely.filter(|(_, passage)| passage.section().heading_path.len() > 1);
    let mut headings: Vec<&str> = Vec::new();
    for heading in below_the_title.map(|(_, passage)| passage.section().heading()) {
        if heading != first.section().heading() && !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    headings
}

fn assessment(response: &Response) -> Assessment {
    Assessment {
        decision: response.offered().map_or(Decision::Abstain, |answer| answer.decision).name(),
        flag: response.triage.alert.as_ref().map(|alert| alert.flag.clone()),
        is_demand: response.triage.is_demand,
    }
}

impl Presenter {
    /// What a question comes to: a card, or an answer. What the articles say waits behind the card's button, so that no
    /// sentence about harmless twitches stands under a call to get help. `place` is a country's code or a locale, for
    /// the emergency number.
    pub fn answer(&self, response: &Response, snapshot: Option<&Snapshot>, place: Option<&str>) -> Reply {
        let answer = snapshot.zip(response.offered());
        let mut reply = match (&response.triage.alert, answer) {
            (None, Some((snapshot, answer))) => self.without_card(snapshot, answer, response.triage.is_demand),
            (None, None) => return self.error(&UserError::NoIndex),
            (Some(alert), answer) => {
                let card = answer::detector(snapshot).card(&alert.card, place);
                let mut reply = self.reply(None).with_card(card);
                reply.card_id = Some(alert.card.clone());
                match answer {
                    Some((snapshot, answer)) => with_passages_for_later(reply, &chosen(answer, snapshot)),
                    None => reply,
                }
            }
        };
        if response.is_crisis() {
            // Nobody else needs to see that somebody is in despair.
            reply = reply.into_private();
            reply.is_crisis = true;
        }
        reply.view.assessment = Some(assessment(response));
        reply
    }

    fn without_card(&self, snapshot: &Snapshot, answer: &Answer, is_demand: bool) -> Reply {
        if answer.decision == Decision::Abstain {
            return self.without_passages(snapshot, answer, is_demand);
        }
        let mut reply = self.with_passages(snapshot, answer);
        let lead = &mut reply.view.lead;
        if is_demand {
            *lead = vec![format!("{SCOPE} {SCOPE_WITH_PASSAGE}")];
        } else if answer.decision == Decision::Related {
            *lead = vec![RELATED.to_owned()];
            lead.extend(not_found(&answer.hits.query));
        }
        lead.extend(read_as(&answer.hits.query));
        reply
    }

    /// The honest word that there is nothing, which words were not found, and ways on: never a quote.
    fn without_passages(&self, snapshot: &Snapshot, answer: &Answer, is_demand: bool) -> Reply {
        let terms = &answer.hits.query;
        let mut reply = self.reply(None);
        if is_demand {
            reply = reply.with_text(SCOPE);
        } else {
            reply = reply.with_text(ABSTAIN);
            reply.view.lead.extend(not_found(terms));
            reply.view.lead.extend(did_you_mean(snapshot, terms));
            reply = reply.with_text(ABSTAIN_ADVICE);
        }
        let near =
            answer.hits.hits.iter().filter(|hit| hit.matches.iter().any(|term_match| *term_match != TermMatch::None));
        let mut buttons: Vec<Button> = Vec::new();
        for passage in near.filter_map(|hit| snapshot.corpus.passage(hit.passage)) {
            let action = Action::SectionOf(passage.passage.id);
            let near = button(passage.section().heading(), action, ButtonStyle::Secondary);
            if buttons.len() < NEAREST_MAX && buttons.iter().all(|other| other.label != near.label) {
                buttons.push(near);
            }
        }
        reply.with_menu("Topics that I can quote", topic_choices(snapshot)).with_buttons(buttons)
    }

    fn with_passages(&self, snapshot: &Snapshot, answer: &Answer) -> Reply {
        let chosen = chosen(answer, snapshot);
        let Some((best, passage)) = chosen.first() else { return self.reply(None).with_text(ABSTAIN) };
        let mut reply = self.reply(Some(passage.section().heading()));
        reply.view.passages = views(&chosen);
        reply.view.further = reply.view.passages.split_off(1);
        let also = also_relevant(&chosen, snapshot.calibration().model(answer.hits.mode).excerpt_threshold);
        if !also.is_empty() {
            reply.view.tail.push(format!("Also relevant: {}", also.join("; ")));
        }
        let more: Vec<_> = chosen.iter().skip(1).map(|(_, passage)| passage.passage.id).collect();
        let mut buttons = Vec::new();
        if !more.is_empty() {
            let label = format!("More passages ({})", more.len());
            buttons.push(button(&label, Action::More(more), ButtonStyle::Secondary));
        }
        if passage.section().passages.len() > 1 || best.excerpt.leaves_out(passage) != (false, false) {
            buttons.push(button("Whole section", Action::SectionOf(passage.passage.id), ButtonStyle::Secondary));
        }
        reply.with_buttons(buttons)
    }

    /// Further passages of an answer: as many as fit, with buttons to the rest and to their sections.
    pub fn more(&self, passages: &[PassageRef<'_>], form: MessageForm) -> Reply {
        let mut reply = self.reply(Some("More passages"));
        reply.view.passages = passages.iter().map(PassageView::whole).collect();
        let shown = render::passages_that_fit(&reply.view, form);
        reply.view.passages.truncate(shown);
        let (shown, rest) = passages.split_at(shown.min(passages.len()));
        let mut buttons: Vec<Button> = Vec::new();
        if !rest.is_empty() {
            let ids = rest.iter().map(|passage| passage.passage.id).collect();
            let label = format!("Next passages ({})", rest.len());
            buttons.push(button(&label, Action::More(ids), ButtonStyle::Secondary));
        }
        for passage in shown {
            let label = format!("Section: {}", passage.section().heading());
            let button = button(&label, Action::SectionOf(passage.passage.id), ButtonStyle::Secondary);
            if buttons.iter().all(|other| other.label != button.label) && buttons.len() < BUTTONS_MAX {
                buttons.push(button);
            }
        }
        reply.with_buttons(buttons).into_private()
    }

    /// A card alone, for whoever asked to see it.
    pub fn card(&self, detector: &Detector, id: &str, place: Option<&str>) -> Reply {
        self.reply(None).with_card(detector.card(id, place)).into_private()
    }

    /// What stands where everybody can read in place of a reply that only the asker should see: the shortest form, and
    /// a button that shows the card to whoever presses it, alone. Replies without a card have nothing to hide.
    pub fn public_substitute(&self, reply: Reply) -> Reply {
        let Some(id) = &reply.card_id else { return reply };
        let help = button("Where to find help (only you see it)", Action::Card(id.clone()), ButtonStyle::Primary);
        let short = self.reply(None).with_text(CRISIS_IN_PUBLIC).with_buttons(vec![help]);
        if reply.moderators_told { short.with_text(MODERATORS_TOLD) } else { short }
    }

    /// What moderators are told of a crisis: that there is one, and where. Never who asked, never a word of it.
    /// `channel` is a Discord channel's id.
    pub fn crisis_notice(&self, channel: u64) -> Reply {
        self.reply(Some("A crisis card was shown")).with_text(format!(
            "I showed the crisis card in <#{channel}>. I keep no name and no words. Please look there and be kind. If \
             somebody is in danger now, call the emergency number of their country."
        ))
    }
}

/// Puts what the articles say behind the button of a card.
fn with_passages_for_later(mut reply: Reply, chosen: &[Chosen<'_>]) -> Reply {
    reply.view.further = views(chosen);
    let ids = chosen.iter().map(|(_, passage)| passage.passage.id).collect();
    reply.with_buttons(vec![button(READ_LATER, Action::More(ids), ButtonStyle::Secondary)])
}
