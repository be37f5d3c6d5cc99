//! Danger first (P3): emergency cards above everything, and a crisis card alone and for the asker only.

use std::{collections::BTreeMap, path::Path, time::Duration};

use insta::assert_snapshot;
use serde::Deserialize;

use crate::{
    discord_reading::{ask, assert_byte_exact, assert_disclaimer, assert_says, index, quotes, reader, stable, written},
    harness::{Fault, Guild, Kind, Reply, Setup, Seventh, Who},
};

const STROKE: &str = "I think I'm having a stroke";
const CRISIS: &str = "i just want to die because of this twitching";
const CRISIS_TITLE: &str = "You matter";
const LATER: &str = "Get help first. Read the articles later";
const CRISIS_BUTTON: &str = "Where to find help (only you see it)";
const EMERGENCY_TITLE: &str = "This could be an emergency";

#[derive(Deserialize)]
struct RedFlags {
    card: Vec<Card>,
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
struct Card {
    id: String,
    tier: String,
    title: String,
}

#[derive(Deserialize)]
struct Rule {
    card: String,
    positive_examples: Vec<String>,
}

/// For each card its tier, its title, and a message that raises it.
fn cards() -> BTreeMap<String, (String, String, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/red_flags.toml");
    let text = std::fs::read_to_string(file).expect("the corpus has red flags");
    let flags: RedFlags = toml::from_str(&text).expect("the red flags are TOML");
    let example =
        |id: &str| flags.rule.iter().find(|rule| rule.card == id).map(|rule| rule.positive_examples[0].clone());
    let cards = flags.card.iter().filter_map(|card| Some((card, example(&card.id)?)));
    cards.map(|(card, example)| (card.id.clone(), (card.tier.clone(), card.title.clone(), example))).collect()
}

fn first_title(reply: &Reply) -> &str {
    reply.embeds[0]["title"].as_str().unwrap_or_default()
}

#[track_caller]
fn assert_card_alone(reply: &Reply) {
    assert_eq!((reply.embeds.len(), first_title(reply)), (1, CRISIS_TITLE), "{reply:?}");
    assert_eq!((quotes(reply), reply.options()), (vec![], vec![]), "{reply:?}");
    assert_eq!(reply.buttons(), Vec::<String>::new(), "{reply:?}");
    assert_disclaimer(reply);
}

#[tokio::test]
async fn a_stroke_message_shows_the_card_above_everything_and_the_passages_only_to_who_asks_for_them() {
    let seventh = reader().await;
    let reply = ask(&seventh, STROKE).await;
    assert_eq!((reply.embeds.len(), first_title(&reply), reply.ephemeral), (1, EMERGENCY_TITLE, false));
    assert_says(&reply, "Call your local emergency number now");
    assert_eq!(reply.buttons(), [LATER, "Remove"]);
    let later = seventh.click(&reply, LATER).by(Who::Bob).await;
    assert!(later.ephemeral);
    assert_byte_exact(&seventh, &later);
    assert_disclaimer(&later);
    seventh.stop().await;
}

#[tokio::test]
async fn every_entrance_shows_the_card() {
    let seventh = reader().await;
    let replies = [
        ask(&seventh, STROKE).await,
        seventh.slash("ask").option("question", STROKE).option("private", true).await,
        seventh.slash("ask").option("question", STROKE).in_dm().await,
        seventh.mention(STROKE).await,
        seventh.mention(STROKE).in_guild(Guild::Elsewhere).await,
        seventh.dm(STROKE).await,
        seventh.context_menu("Answer from the corpus", STROKE).await,
        seventh.slash("lookup").option("topic", STROKE).await,
    ];
    for reply in replies {
        assert_eq!(first_title(&reply), EMERGENCY_TITLE);
        assert_disclaimer(&reply);
    }
    seventh.stop().await;
}

#[tokio::test]
async fn every_card_is_shown_for_its_danger_sign() {
    let seventh = reader().await;
    let cards = cards();
    assert!(cards.len() > 10, "{cards:?}");
    for (id, (tier, title, example)) in cards {
        let reply = ask(&seventh, &example).await;
        assert_eq!(first_title(&reply), title, "{id}: {example}");
        assert_eq!(reply.ephemeral, tier == "crisis", "{id}");
        assert_disclaimer(&reply);
        assert_snapshot!(format!("card_{id}"), stable(&seventh.forge_click(&reply, &format!("card:{id}")).await));
    }
    seventh.stop().await;
}

#[tokio::test]
async fn without_embeds_every_card_stands_first_and_whole() {
    let seventh = reader().await;
    seventh.forbid_embeds();
    for (id, (_, title, example)) in cards() {
        let with_embeds = seventh.slash("ask").option("question", example.as_str()).in_dm().await;
        let reply = ask(&seventh, &example).await;
        let card = with_embeds.embeds[0]["description"].as_str().unwrap_or_default();
        assert!(reply.content().starts_with(&format!("**{title}**\n")), "{id}: {reply:?}");
        assert!(card.lines().all(|line| reply.content().contains(line)), "{id}: {reply:?}");
        assert!(reply.content().chars().count() <= 2000);
        assert_disclaimer(&reply);
    }
    seventh.stop().await;
}

#[tokio::test]
async fn a_danger_sign_is_found_however_it_is_written() {
    let seventh = reader().await;
    let sign = "my face is suddenly drooping on the left";
    let hidden = [
        sign.to_uppercase(),
        format!("What is an EMG for?\n```\n{sign}\n```"),
        format!("||{sign}||"),
        sign.replace("droop", "dro\u{200b}op"),
        format!("> {sign}"),
        format!("[{sign}](https://example.org)"),
        format!("{} {sign}", "la ".repeat(1_900)),
        format!("how many mg should I take, {sign}"),
        format!("{{bot}} {sign} @everyone"),
    ];
    for text in hidden {
        assert_eq!(first_title(&ask(&seventh, &text).await), EMERGENCY_TITLE, "{text}");
    }
    seventh.stop().await;
}

#[tokio::test]
async fn a_question_beside_a_danger_sign_does_not_silence_it() {
    let seventh = reader().await;
    let messages = [
        "half my face is drooping, can stress cause that?",
        "I think I'm having a stroke. Can a stroke cause facial twitching?",
        "I can't breathe, can anxiety cause twitching?",
    ];
    for message in messages {
        let reply = ask(&seventh, message).await;
        assert_eq!(first_title(&reply), EMERGENCY_TITLE, "{message}\n{reply:?}");
    }
    seventh.stop().await;
}

#[tokio::test]
async fn a_question_about_a_danger_sign_in_general_raises_no_card() {
    let seventh = reader().await;
    for question in ["Can a stroke cause facial twitching?", "What are the signs of a stroke?"] {
        assert_ne!(first_title(&ask(&seventh, question).await), EMERGENCY_TITLE, "{question}");
    }
    seventh.stop().await;
}

#[tokio::test]
async fn an_answer_with_a_card_can_be_removed() {
    let seventh = reader().await;
    let reply = seventh.mention(STROKE).await;
    assert_eq!(seventh.click(&reply, "Remove").await.text(), "(deleted)");
    seventh.stop().await;
}

#[tokio::test]
async fn a_crisis_by_a_command_shows_the_card_alone_and_only_to_the_asker() {
    let seventh = reader().await;
    let replies = [
        ask(&seventh, CRISIS).await,
        seventh.context_menu("Answer from the corpus", CRISIS).await,
        seventh.slash("lookup").option("topic", CRISIS).await,
        ask(&seventh, &format!("What is an EMG for? {CRISIS}")).await,
    ];
    for reply in &replies {
        assert!(reply.ephemeral, "{reply:?}");
        assert_card_alone(reply);
    }
    assert_snapshot!("crisis", stable(&replies[0]));
    seventh.stop().await;
}

#[tokio::test]
async fn a_crisis_by_mention_shows_a_short_form_and_the_card_only_to_who_presses() {
    let seventh = reader().await;
    let public = seventh.mention(CRISIS).await;
    assert_eq!((public.kind, public.ephemeral), (Kind::Posted, false));
    assert_eq!(public.buttons(), [CRISIS_BUTTON]);
    assert_eq!((quotes(&public), public.options()), (vec![], vec![]));
    assert_says(&public, "call your local emergency number");
    assert_snapshot!("crisis_in_public", stable(&public));

    for who in [Who::Alice, Who::Bob] {
        let card = seventh.click(&public, CRISIS_BUTTON).by(who).await;
        assert_eq!((card.kind, card.ephemeral), (Kind::Message, true));
        assert_card_alone(&card);
    }
    assert_eq!(seventh.look_again(&public).text(), public.text());
    seventh.stop().await;
}

#[tokio::test]
async fn a_crisis_in_a_direct_message_shows_the_card_alone() {
    let seventh = reader().await;
    assert_card_alone(&seventh.dm(CRISIS).await);
    assert_card_alone(&seventh.slash("ask").option("question", CRISIS).in_dm().await);
    seventh.stop().await;
}

#[tokio::test]
async fn where_embeds_are_forbidden_a_crisis_is_met_in_the_same_way() {
    let seventh = reader().await;
    seventh.forbid_embeds();
    let public = seventh.mention(CRISIS).await;
    assert_eq!(public.buttons(), [CRISIS_BUTTON]);
    assert!(!written(&public).contains(CRISIS_TITLE));
    let card = seventh.click(&public, CRISIS_BUTTON).await;
    assert!(card.ephemeral && card.content().starts_with(&format!("**{CRISIS_TITLE}**")), "{card:?}");
    assert_disclaimer(&card);
    assert_disclaimer(&public);
    seventh.stop().await;
}

#[tokio::test]
async fn a_refresh_that_breaks_the_red_flags_leaves_the_old_ones() {
    let seventh = Seventh::start().await;
    seventh.write("red_flags.toml", "[[rule]]\nid = 3\n");
    let refusal = seventh.slash("corpus refresh").by(Who::Mod).await;
    assert_says(&refusal, "red_flags.toml:");
    assert_eq!(first_title(&ask(&seventh, STROKE).await), EMERGENCY_TITLE);
    assert_card_alone(&ask(&seventh, CRISIS).await);
    seventh.stop().await;
}

#[tokio::test]
async fn moderators_are_told_where_a_crisis_card_was_shown_and_not_a_word_of_it() {
    let channel = Guild::Elsewhere.general();
    let setup = Setup::default().env("SEVENTH_INDEX_DIR", index()).env("SEVENTH_MODERATION_CRISIS_CHANNEL", channel);
    let seventh = Seventh::with(setup).await;
    let told = "The moderators of this server were told that I showed this card here.";
    for by_mention in [false, true] {
        let reply = if by_mention { seventh.mention(CRISIS).await } else { ask(&seventh, CRISIS).await };
        assert_says(&reply, told);
        // Whoever writes in the moderators' channel next finds the note there first.
        let note = seventh.mention("What is an EMG for?").in_guild(Guild::Elsewhere).await;
        assert_snapshot!("crisis_note", stable(&note));
        assert!(!written(&note).contains("want to die"), "{note:?}");
        seventh.another(&note).await;
    }
    // Elsewhere there is nobody to tell, and a direct message is nobody else's business.
    let alone = [
        seventh.slash("ask").option("question", CRISIS).in_guild(Guild::Elsewhere).await,
        seventh.dm(CRISIS).await,
        ask(&seventh, STROKE).await,
    ];
    assert!(alone.iter().all(|reply| !written(reply).contains("moderators")), "{alone:?}");
    seventh.stop().await;
}

#[tokio::test]
async fn where_moderators_could_not_be_told_or_not_in_time_the_card_does_not_say_that_they_were() {
    let channel = Guild::Elsewhere.general();
    let setup = Setup::default().env("SEVENTH_INDEX_DIR", index()).env("SEVENTH_MODERATION_CRISIS_CHANNEL", &channel);
    let seventh = Seventh::with(setup).await;
    let note = Fault::on(&format!("POST /channels/{channel}/messages")).status(403).code(50_013);
    let late = note.clone().delay(Duration::from_secs(2));
    for (fault, logged) in [(note, "could not be told of a crisis"), (late, "could not be told of a crisis in time")] {
        for by_mention in [false, true] {
            seventh.fault(fault.clone());
            let reply = if by_mention { seventh.mention(CRISIS).await } else { ask(&seventh, CRISIS).await };
            assert!(!written(&reply).contains("moderators"), "{reply:?}");
            assert_disclaimer(&reply);
            seventh.logged(logged).await;
        }
    }
    seventh.stop().await;
}

#[tokio::test]
async fn without_the_setting_no_moderator_is_told_and_the_card_does_not_say_so() {
    let seventh = reader().await;
    for reply in [ask(&seventh, CRISIS).await, seventh.mention(CRISIS).await] {
        assert!(!written(&reply).contains("moderators"), "{reply:?}");
    }
    seventh.stop().await;
}
