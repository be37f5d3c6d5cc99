//! Buttons below answers: more, whole section, remove; by whom, after a refresh, after a restart, and forged.

use insta::assert_snapshot;
use seventh::{error::UserError, reply::sentence};

use crate::{
    discord_reading::{
        ask, assert_byte_exact, assert_disclaimer, assert_refuses, assert_says, more_passages, plain_quotes, quotes,
        reader, small, stable, with_articles, written,
    },
    harness::{Guild, Kind, Reply, Seventh, Who},
};

const EMG: &str = "What is an EMG for?";
const STROKE: &str = "Can a stroke cause facial twitching?";
const ARTICLE: &str = "articles/what-causes-facial-twitching.md";

async fn with_more(seventh: &Seventh) -> (Reply, String) {
    let reply = ask(seventh, STROKE).await;
    let more = reply.buttons().into_iter().find(|label| label.starts_with("More passages"));
    let more = more.unwrap_or_else(|| panic!("there are no more passages in\n{}", reply.text()));
    (reply, more)
}

/// Changes words of the article and publishes that.
async fn publish_with(seventh: &Seventh, words: &str, instead: &str) {
    let article = std::fs::read_to_string(seventh.corpus().join(ARTICLE)).expect("the article can be read");
    assert!(article.contains(words), "the article has no {words:?}");
    seventh.write(ARTICLE, &article.replace(words, instead));
    let preview = seventh.slash("corpus refresh").by(Who::Mod).await;
    assert_says(&seventh.click(&preview, "Publish").await, "Published.");
}

#[tokio::test]
async fn more_passages_are_shown_to_whoever_asks_for_them() {
    let seventh = reader().await;
    let (reply, button) = with_more(&seventh).await;
    let more = seventh.click(&reply, &button).by(Who::Bob).await;
    assert_eq!((more.kind, more.ephemeral), (Kind::Message, true));
    assert!(!quotes(&more).is_empty());
    assert_disclaimer(&more);
    assert!(quotes(&more).iter().all(|quote| !quotes(&reply).contains(quote)), "{more:?}");
    assert_snapshot!("more_passages", stable(&more));
    seventh.stop().await;
}

async fn assert_every_counted_passage_is_shown(seventh: &Seventh) {
    let (reply, button) = with_more(seventh).await;
    let counted: usize = button.trim_matches(|it: char| !it.is_ascii_digit()).parse().expect("the button has a number");
    let mut shown: Vec<String> = more_passages(seventh, &reply).await.iter().flat_map(quotes).collect();
    shown.dedup();
    assert_eq!(shown.len(), counted, "{shown:?}");
}

#[tokio::test]
async fn every_further_passage_that_a_button_counts_is_shown() {
    let seventh = reader().await;
    assert_every_counted_passage_is_shown(&seventh).await;
    seventh.stop().await;
}

#[tokio::test]
async fn every_further_passage_that_a_button_counts_is_shown_without_embeds_too() {
    let seventh = reader().await;
    seventh.forbid_embeds();
    assert_every_counted_passage_is_shown(&seventh).await;
    seventh.stop().await;
}

#[tokio::test]
async fn the_whole_section_is_shown_to_whoever_asks_for_it() {
    let seventh = reader().await;
    let reply = ask(&seventh, EMG).await;
    let section = seventh.click(&reply, "Whole section").by(Who::Bob).await;
    assert_eq!((section.kind, section.ephemeral), (Kind::Message, true));
    assert!(plain_quotes(&section)[0].contains(&plain_quotes(&reply)[0]));
    assert!(quotes(&section).len() > 1);
    assert_byte_exact(&seventh, &section);
    assert_snapshot!("whole_section", stable(&section));
    seventh.stop().await;
}

/// The whole section, read to its end, holds every word of it.
#[tokio::test]
async fn the_whole_section_leaves_no_sentence_of_a_long_passage_out() {
    let sentences: Vec<String> =
        (1..=12).map(|it| format!("Wombat {it} digs a burrow that is as deep as it is long and wide.")).collect();
    let text = sentences.join(" ");
    let article = format!("+++\ntitle = \"Wombats\"\n+++\n\n# Wombats\n\n{text}\n");
    let seventh = with_articles(&[("wombats.md", &article)]).await;
    let reply = ask(&seventh, "How deep does a wombat dig its burrow?").await;
    let section = seventh.click(&reply, "Whole section").await;
    assert_eq!(plain_quotes(&section).concat(), text);
    seventh.stop().await;
}

#[tokio::test]
async fn the_asker_removes_an_answer_wherever_it_is() {
    let seventh = reader().await;
    let answers = [
        ask(&seventh, EMG).await,
        seventh.mention(EMG).await,
        seventh.dm(EMG).await,
        seventh.context_menu("Answer from the corpus", EMG).in_guild(Guild::Elsewhere).await,
    ];
    for answer in answers {
        assert_eq!(seventh.click(&answer, "Remove").await.text(), "(deleted)");
    }
    seventh.stop().await;
}

#[tokio::test]
async fn another_member_cannot_remove_an_answer() {
    let seventh = reader().await;
    let answer = seventh.mention(EMG).await;
    let refusal = seventh.click(&answer, "Remove").by(Who::Bob).await;
    assert!(refusal.ephemeral);
    assert_refuses(&refusal, &UserError::NotAsker);
    assert_eq!(seventh.look_again(&answer).text(), answer.text());
    seventh.stop().await;
}

#[tokio::test]
async fn a_moderator_removes_any_answer_in_their_server() {
    let seventh = reader().await;
    for guild in Guild::ALL {
        let answer = seventh.mention(EMG).in_guild(guild).await;
        assert_eq!(seventh.click(&answer, "Remove").by(Who::Mod).await.text(), "(deleted)");
    }
    seventh.stop().await;
}

#[tokio::test]
async fn a_forged_button_is_refused_with_a_sentence() {
    let seventh = reader().await;
    let answer = ask(&seventh, EMG).await;
    let long = "x".repeat(100);
    let forged = [
        "menu",
        "more:",
        "more:zz",
        "of:../../etc/passwd",
        "section:a:-1:0",
        "section:a:99999999999999999999:0",
        "remove:",
        "remove:0x1",
        "publish:",
        "publish:../..",
        "ask:why",
        "\u{0}",
        "🙂",
        long.as_str(),
        "cards",
        "articles:x",
    ];
    for custom_id in forged {
        let reply = seventh.forge_click(&answer, custom_id).by(Who::Bob).await;
        assert!(reply.ephemeral, "{custom_id:?} {reply:?}");
        assert_refuses(&reply, &UserError::UnknownButton);
    }
    assert_eq!(seventh.look_again(&answer).text(), answer.text());
    seventh.stop().await;
}

#[tokio::test]
async fn a_button_to_what_is_not_there_is_refused_with_a_sentence() {
    let seventh = reader().await;
    let answer = ask(&seventh, EMG).await;
    let gone = ["more:000000000000", "of:000000000000", "section:000000000000", "sections:none:0"];
    for custom_id in gone {
        let reply = seventh.forge_click(&answer, custom_id).await;
        assert!(reply.ephemeral, "{custom_id:?} {reply:?}");
        assert_refuses(&reply, &UserError::Outdated);
    }
    seventh.stop().await;
}

#[tokio::test]
async fn a_forged_removal_removes_nothing_but_the_message_of_the_one_who_presses() {
    let seventh = reader().await;
    let answer = ask(&seventh, EMG).await;
    let by_bob = seventh.forge_click(&answer, &format!("remove:{}", Who::Alice.id())).by(Who::Bob).await;
    assert_refuses(&by_bob, &UserError::NotAsker);
    assert!(!seventh.look_again(&answer).deleted);
    seventh.stop().await;
}

#[tokio::test]
async fn a_card_that_does_not_exist_is_the_safest_card() {
    let seventh = reader().await;
    let answer = ask(&seventh, EMG).await;
    let card = seventh.forge_click(&answer, "card:none").await;
    assert!(card.ephemeral);
    assert_says(&card, "emergency number");
    seventh.stop().await;
}

#[tokio::test]
async fn buttons_of_a_passage_that_a_refresh_removed_say_so() {
    let seventh = small().await;
    let answer = ask(&seventh, EMG).await;
    publish_with(&seventh, "Electromyography (EMG) may also be used", "Electromyography (EMG) is also used").await;
    let pressed = seventh.click(&answer, "Whole section").await;
    assert!(pressed.ephemeral);
    assert_refuses(&pressed, &UserError::Outdated);
    assert!(written(&ask(&seventh, EMG).await).contains("is also used"));
    seventh.stop().await;
}

#[tokio::test]
async fn a_button_never_leads_to_another_section_than_its_label_names() {
    let seventh = small().await;
    let label = "▶ Diagnosis and Importance of Early Intervention";
    let section = seventh.slash("lookup").option("topic", "Symptoms and Clinical Features of Hemifacial Spasm").await;
    let before = "## Symptoms and Clinical Features of Hemifacial Spasm";
    publish_with(&seventh, before, &format!("## Wombats\n\nWombats dig.\n\n{before}")).await;
    let next = seventh.click(&section, label).await;
    let right = next.embeds[0]["title"] == "Diagnosis and Importance of Early Intervention";
    assert!(right || written(&next).contains(&sentence(&UserError::Outdated)), "{next:?}");
    seventh.stop().await;
}

#[tokio::test]
async fn buttons_survive_a_restart() {
    let mut seventh = small().await;
    let answer = ask(&seventh, EMG).await;
    let (stroke, more) = with_more(&seventh).await;
    let topics = seventh.slash("topics").await;
    seventh.restart().await;
    assert_byte_exact(&seventh, &seventh.click(&answer, "Whole section").await);
    assert_byte_exact(&seventh, &seventh.click(&stroke, &more).await);
    assert_byte_exact(&seventh, &seventh.select(&topics, "3. Other Intracranial Pathologies").await);
    assert_eq!(seventh.click(&answer, "Remove").await.text(), "(deleted)");
    seventh.stop().await;
}
