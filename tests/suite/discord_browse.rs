//! Reading the corpus without a question: `/lookup`, `/topics`, and what the bot says about itself.

use insta::assert_snapshot;

use crate::{
    discord_reading::{
        assert_byte_exact, assert_disclaimer, assert_says, plain_quotes, quotes, reader, stable, with_articles, written,
    },
    harness::{Guild, Kind, Reply, Seventh, Who},
};

const FIRST: &str = "What Causes Facial Twitching? Understanding the Symptoms and Underlying Conditions";
const LAST: &str = "Diagnosis and Importance of Early Intervention";
const BEFORE_LAST: &str = "Symptoms and Clinical Features of Hemifacial Spasm";

async fn lookup(seventh: &Seventh, topic: &str) -> Reply {
    seventh.slash("lookup").option("topic", topic).await
}

async fn suggestions(seventh: &Seventh, typed: &str) -> Vec<String> {
    let choices = seventh.autocomplete("lookup", "topic", typed).await;
    choices.into_iter().map(|(label, _)| label).collect()
}

fn title(reply: &Reply) -> &str {
    reply.embeds[0]["title"].as_str().unwrap_or_default()
}

/// An article with as many sections as asked for.
fn long_article(sections: usize) -> String {
    let heading = |number| format!("## Wombat fact {number}\n\nWombats dig burrow number {number}.\n\n");
    let sections: String = (1..=sections).map(heading).collect();
    format!("+++\ntitle = \"Wombats\"\n+++\n\n# Wombats\n\n{sections}")
}

#[tokio::test]
async fn a_chosen_suggestion_shows_its_section_with_notes_and_ways_on() {
    let seventh = reader().await;
    let choices = seventh.autocomplete("lookup", "topic", "symptoms clinical").await;
    let reply = lookup(&seventh, &choices[0].1).await;
    assert_eq!((title(&reply), reply.ephemeral), (BEFORE_LAST, false));
    assert_byte_exact(&seventh, &reply);
    assert_snapshot!("lookup", stable(&reply));
    seventh.stop().await;
}

#[tokio::test]
async fn a_typed_topic_with_a_slip_is_found() {
    let seventh = reader().await;
    for typed in ["diagnosis", "diagnosos", "DIAGNOSIS early", "importence of early intervention"] {
        assert_eq!(title(&lookup(&seventh, typed).await), LAST, "{typed}");
    }
    seventh.stop().await;
}

#[tokio::test]
async fn an_unknown_topic_gets_a_sentence_that_says_what_to_do() {
    let seventh = reader().await;
    for typed in ["sourdough starter", "!?", " ", "section:no-such-article:0:0", "term:"] {
        let reply = lookup(&seventh, typed).await;
        assert!(reply.ephemeral, "{typed:?} {reply:?}");
        assert_eq!(quotes(&reply), Vec::<String>::new(), "{typed:?}");
        assert_disclaimer(&reply);
    }
    assert_snapshot!("lookup_unknown", stable(&lookup(&seventh, "sourdough starter").await));
    seventh.stop().await;
}

#[tokio::test]
async fn an_empty_topic_is_suggested_the_headings() {
    let seventh = reader().await;
    let headings = suggestions(&seventh, "").await;
    assert_eq!((headings.first().map(String::as_str), headings.last().map(String::as_str)), (Some(FIRST), Some(LAST)));
    seventh.stop().await;
}

#[tokio::test]
async fn the_beginning_of_a_word_or_a_slip_in_it_is_completed() {
    let seventh = reader().await;
    assert!(suggestions(&seventh, "diagnos").await.contains(&LAST.to_owned()));
    assert!(suggestions(&seventh, "hemifcial").await.contains(&BEFORE_LAST.to_owned()));
    assert!(suggestions(&seventh, "botx").await.iter().any(|label| label.contains("botulinum")));
    assert_eq!(suggestions(&seventh, "sourdough").await, Vec::<String>::new());
    seventh.stop().await;
}

#[tokio::test]
async fn every_suggestion_leads_somewhere() {
    let seventh = reader().await;
    for typed in ["", "spasm", "eye", "nerve", "doctor", "shot"] {
        for (label, value) in seventh.autocomplete("lookup", "topic", typed).await {
            let reply = lookup(&seventh, &value).await;
            assert!(!quotes(&reply).is_empty(), "{label:?} leads to\n{}", reply.text());
        }
    }
    seventh.stop().await;
}

#[tokio::test]
async fn there_are_never_more_than_25_suggestions() {
    let seventh = with_articles(&[("wombats.md", &long_article(60))]).await;
    for typed in ["", "wombat", "w"] {
        assert_eq!(suggestions(&seventh, typed).await.len(), 25, "{typed:?}");
    }
    seventh.stop().await;
}

#[tokio::test]
async fn buttons_lead_to_the_section_before_and_after() {
    let seventh = reader().await;
    let last = lookup(&seventh, LAST).await;
    assert!(last.buttons().iter().all(|label| !label.starts_with('▶')), "{last:?}");

    let before = seventh.click(&last, &format!("◀ {BEFORE_LAST}")).await;
    assert_eq!((title(&before), before.kind, before.ephemeral), (BEFORE_LAST, Kind::Message, true));
    let again = seventh.click(&before, &format!("▶ {LAST}")).await;
    assert_eq!((title(&again), again.kind), (LAST, Kind::Update), "a private message turns into the next section");

    let first = lookup(&seventh, FIRST).await;
    assert!(first.buttons().iter().all(|label| !label.starts_with('◀')), "{first:?}");
    seventh.stop().await;
}

/// An article of one section, and the text of that section, which takes several messages.
fn endless_article() -> (String, String) {
    let passage = |number| format!("Wombat {number} digs.{}", " It goes on and on.".repeat(30));
    let text = (1..=14).map(passage).collect::<Vec<_>>().join("\n\n");
    (format!("+++\ntitle = \"Wombats\"\n+++\n\n# Wombats\n\n{text}\n"), text)
}

async fn read_to_the_end(seventh: &Seventh, topic: &str) -> String {
    let mut page = lookup(seventh, topic).await;
    let mut read = plain_quotes(&page);
    while page.buttons().contains(&"Read on".to_owned()) {
        page = seventh.click(&page, "Read on").await;
        read.extend(plain_quotes(&page));
    }
    read.join("\n\n")
}

#[tokio::test]
async fn reading_on_shows_every_passage_of_a_long_section_once() {
    let (article, text) = endless_article();
    let seventh = with_articles(&[("wombats.md", &article)]).await;
    assert_eq!(read_to_the_end(&seventh, "Wombats").await, text);
    seventh.stop().await;
}

#[tokio::test]
async fn reading_on_without_embeds_shows_every_passage_once_too() {
    let (article, text) = endless_article();
    let seventh = with_articles(&[("wombats.md", &article)]).await;
    seventh.forbid_embeds();
    assert_eq!(read_to_the_end(&seventh, "Wombats").await, text);
    seventh.stop().await;
}

#[tokio::test]
async fn a_page_of_embeds_turns_into_a_plain_one_where_embeds_were_forbidden_since() {
    let seventh = reader().await;
    let last = lookup(&seventh, LAST).await;
    let before = seventh.click(&last, &format!("◀ {BEFORE_LAST}")).await;
    assert!(!before.embeds.is_empty());
    seventh.forbid_embeds();
    let again = seventh.click(&before, &format!("▶ {LAST}")).await;
    assert_eq!((again.kind, again.embeds.len()), (Kind::Update, 0));
    assert!(again.content().contains(LAST), "{again:?}");
    assert_disclaimer(&again);
    seventh.stop().await;
}

#[tokio::test]
async fn topics_lead_from_a_menu_to_a_section() {
    let seventh = reader().await;
    let topics = seventh.slash("topics").await;
    assert!(topics.ephemeral);
    assert_snapshot!("topics", stable(&topics));
    let section = seventh.select(&topics, LAST).await;
    assert_eq!((title(&section), section.kind), (LAST, Kind::Update));
    assert_byte_exact(&seventh, &section);
    assert_disclaimer(&section);
    seventh.stop().await;
}

#[tokio::test]
async fn several_articles_and_many_sections_are_browsed_page_by_page() {
    let seventh = with_articles(&[("wombats.md", &long_article(60))]).await;
    let articles = seventh.slash("topics").await;
    assert_eq!(articles.options(), [FIRST, "Wombats"]);

    let mut page = seventh.select(&articles, "Wombats").await;
    let mut seen = page.options();
    while page.buttons().contains(&"Next page ▶".to_owned()) {
        page = seventh.click(&page, "Next page ▶").await;
        seen.extend(page.options());
    }
    assert_eq!(seen, (1..=60).map(|number| format!("Wombat fact {number}")).collect::<Vec<_>>());
    let back = seventh.click(&page, "◀ Page before").await;
    let section = seventh.select(&back, "Wombat fact 30").await;
    assert_eq!(quotes(&section), ["Wombats dig burrow number 30."]);
    seventh.stop().await;
}

#[tokio::test]
async fn about_says_what_it_is_its_sources_and_what_is_live() {
    let seventh = reader().await;
    let about = seventh.slash("about").await;
    assert!(about.ephemeral);
    assert_says(&about, "Generation `");
    assert_snapshot!("about", stable(&about));
    seventh.stop().await;
}

#[tokio::test]
async fn privacy_says_what_is_kept() {
    let seventh = reader().await;
    let privacy = seventh.slash("privacy").in_dm().await;
    assert_says(&privacy, "I keep nothing of what you ask.");
    assert_snapshot!("privacy", stable(&privacy));
    seventh.stop().await;
}

#[tokio::test]
async fn help_shows_moderators_their_commands_and_members_not() {
    let seventh = reader().await;
    let member = seventh.slash("help").await;
    let moderator = seventh.slash("help").by(Who::Mod).await;
    assert!(!written(&member).contains("/corpus"), "{member:?}");
    assert_says(&moderator, "`/corpus refresh`");
    assert!(!written(&seventh.slash("help").by(Who::Mod).in_guild(Guild::Elsewhere).await).contains("/corpus"));
    assert!(!written(&seventh.slash("help").by(Who::Mod).in_dm().await).contains("/corpus"));
    assert_snapshot!("help_for_members", stable(&member));
    assert_snapshot!("help_for_moderators", stable(&moderator));
    seventh.stop().await;
}

#[tokio::test]
async fn every_offered_command_is_in_the_help() {
    let seventh = reader().await;
    let help = written(&seventh.slash("help").by(Who::Mod).await);
    for name in seventh.offered(Who::Mod, Some(Guild::Home)) {
        assert!(help.contains(&name), "{name} is not in\n{help}");
    }
    seventh.stop().await;
}
