//! The promises that hold for every reply and every question: disclaimer, no pings, few rights, no memory.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    discord_reading::{CLEAR_QUESTIONS, ask, assert_disclaimer, custom_id, quotes, reader, small, written},
    harness::{Guild, Reply, Setup, Seventh, Who},
};

/// Guilds, messages in them, direct messages. Source: Discord, Gateway Intents.
const NEEDED_INTENTS: u64 = 1 | 1 << 9 | 1 << 12;
const NEW_ARTICLE: &str = "articles/quokkas.md";
const QUOKKAS: &str = "+++\ntitle = \"Quokkas\"\n+++\n\n# Quokkas\n\nA quokka smiles.\n";
/// Words that are nowhere in the corpus, in the program, or in what a library logs by itself.
const RARE: [&str; 3] = ["zebrafinch", "grandmotherly", "quuxometry"];
const RARE_QUESTION: &str = "my zebrafinch has a grandmotherly twitching eyelid with quuxometry";

/// Every kind of reply that a person can get.
async fn replies_of_every_kind(seventh: &Seventh) -> Vec<Reply> {
    let answer = ask(seventh, CLEAR_QUESTIONS[2]).await;
    let mut replies = vec![
        seventh.mention(CLEAR_QUESTIONS[0]).await,
        seventh.mention("{bot}").await,
        seventh.dm(CLEAR_QUESTIONS[1]).await,
        seventh.dm("my face suddenly droops on one side").await,
        seventh.context_menu("Answer from the corpus", CLEAR_QUESTIONS[0]).await,
        ask(seventh, "best pizza dough recipe").await,
        ask(seventh, "how many mg should I take").await,
        ask(seventh, "😀").await,
        ask(seventh, "my face suddenly droops on one side").await,
        seventh.slash("lookup").option("topic", "symptoms").await,
        seventh.slash("lookup").option("topic", "sourdough").await,
        seventh.slash("topics").await,
        seventh.slash("about").await,
        seventh.slash("privacy").await,
        seventh.slash("help").await,
        seventh.slash("help").by(Who::Mod).await,
        seventh.slash("corpus status").by(Who::Mod).await,
        seventh.slash("corpus refresh").by(Who::Mod).await,
        seventh.slash("corpus refresh").forced().await,
        seventh.click(&answer, "Remove").by(Who::Bob).await,
        seventh.forge_click(&answer, "nonsense").await,
        seventh.forge_click(&answer, "of:000000000000").await,
        seventh.forge_click(&answer, "card:stroke").await,
    ];
    for label in answer.buttons().iter().filter(|label| *label != "Remove") {
        replies.push(seventh.click(&answer, label).await);
    }
    let topics = seventh.slash("topics").await;
    replies.push(seventh.select(&topics, "3. Other Intracranial Pathologies").await);
    seventh.write(NEW_ARTICLE, "broken");
    replies.push(seventh.slash("corpus refresh").by(Who::Mod).await);
    seventh.write(NEW_ARTICLE, QUOKKAS);
    for label in ["Cancel", "Publish"] {
        let preview = seventh.slash("corpus refresh").by(Who::Mod).await;
        replies.push(seventh.click(&preview, label).await);
        replies.push(preview);
    }
    replies.push(answer);
    replies
}

/// P2.
#[tokio::test]
async fn every_reply_carries_the_disclaimer() {
    let seventh = small().await;
    for reply in replies_of_every_kind(&seventh).await {
        assert_disclaimer(&reply);
    }
    seventh.stop().await;
}

/// P2.
#[tokio::test]
async fn every_reply_without_embeds_carries_the_disclaimer() {
    let seventh = small().await;
    seventh.forbid_embeds();
    for reply in replies_of_every_kind(&seventh).await {
        assert_disclaimer(&reply);
    }
    seventh.stop().await;
}

#[tokio::test]
async fn the_disclaimer_can_be_worded_by_the_operator_and_never_left_out() {
    let words = "I am not a doctor; I quote articles. Ask a doctor.";
    let seventh = Seventh::with(Setup::default().env("SEVENTH_ANSWERS_DISCLAIMER", words)).await;
    let answer = ask(&seventh, CLEAR_QUESTIONS[0]).await;
    assert_eq!(answer.embeds[0]["footer"]["text"], words);
    seventh.stop().await;
    let end = Seventh::expect_exit(Setup::default().env("SEVENTH_ANSWERS_DISCLAIMER", " ")).await;
    assert_eq!(end.code, Some(2), "{}", end.stderr);
}

#[tokio::test]
async fn without_an_index_every_reply_still_carries_the_disclaimer() {
    let empty = tempfile::tempdir().expect("a temporary folder can be made");
    let seventh = Seventh::with(Setup::default().corpus(empty.path())).await;
    let danger = ask(&seventh, "my face suddenly droops on one side and I can't speak").await;
    assert!(written(&danger).contains("emergency"), "{danger:?}");
    let replies = [
        danger,
        ask(&seventh, CLEAR_QUESTIONS[0]).await,
        seventh.mention(CLEAR_QUESTIONS[0]).await,
        seventh.slash("topics").await,
        seventh.slash("about").await,
        seventh.slash("lookup").option("topic", "symptoms").await,
        seventh.slash("corpus status").by(Who::Mod).await,
        seventh.slash("corpus refresh").by(Who::Mod).await,
    ];
    for reply in replies {
        assert_disclaimer(&reply);
        assert_eq!(quotes(&reply), Vec::<String>::new());
    }
    assert!(seventh.autocomplete("lookup", "topic", "").await.is_empty());
    seventh.stop().await;
}

/// P6. The harness fails any test in which a message may ping; this one provokes it.
#[tokio::test]
async fn no_reply_pings_whatever_was_asked() {
    let seventh = reader().await;
    let role = Guild::Home.editor_role();
    let user = Who::Bob.id();
    let question = format!("@everyone @here <@&{role}> <@{user}> <@!{user}> What is an EMG for?");
    let replies = [
        ask(&seventh, &question).await,
        seventh.dm(&question).await,
        seventh.mention(&question).await,
        seventh.context_menu("Answer from the corpus", &question).await,
        seventh.slash("lookup").option("topic", question.as_str()).await,
        ask(&seventh, &format!("@everyone <@{user}>")).await,
    ];
    for reply in &replies {
        for echo in ["@everyone", "@here", role.as_str(), user.as_str()] {
            assert!(!written(reply).contains(echo), "{echo} is in {reply:?}");
        }
    }
    let bodies = seventh.requests().into_iter().filter(|it| it.method == "POST").map(|it| it.body);
    let messages: Vec<Value> =
        bodies.map(|body| if body["data"].is_null() { body } else { body["data"].clone() }).collect();
    assert_eq!(messages.len(), replies.len());
    for message in messages {
        let allowed = &message["allowed_mentions"];
        assert_eq!(
            (&allowed["parse"], &allowed["replied_user"]),
            (&Value::Array(vec![]), &Value::Bool(false)),
            "{message}"
        );
    }
    seventh.stop().await;
}

#[tokio::test]
async fn of_a_question_nothing_is_echoed_but_single_words_that_the_articles_lack() {
    let seventh = reader().await;
    let question = "[What is an EMG for?](https://evil.example/trap) www.evil.example **quuxometry** zebrafinch";
    for reply in [ask(&seventh, question).await, seventh.mention(question).await, seventh.dm(question).await] {
        for echo in ["evil.example", "trap", "**quuxometry", "quuxometry**", "[What", "quuxometry zebrafinch"] {
            assert!(!reply.raw["embeds"].to_string().contains(echo), "{echo} is in {reply:?}");
            assert!(!written(&reply).contains(echo) && !reply.raw["components"].to_string().contains(echo));
        }
    }
    seventh.stop().await;
}

#[tokio::test]
async fn no_button_carries_a_word_of_the_question() {
    let seventh = reader().await;
    let answer = ask(&seventh, "Can a stroke cause facial twitching?").await;
    for label in answer.buttons() {
        let state = custom_id(&answer, &label).to_lowercase();
        assert!(!["stroke", "cause", "facial"].iter().any(|word| state.contains(word)), "{state}");
    }
    seventh.stop().await;
}

/// P7.
#[tokio::test]
async fn the_bot_identifies_without_privileged_intents() {
    let seventh = reader().await;
    assert_eq!(seventh.intents(), NEEDED_INTENTS);
    seventh.stop().await;
}

/// P5.
#[tokio::test]
async fn nothing_that_a_member_writes_reaches_the_log_or_the_disk() {
    let loud = Setup::default().env("SEVENTH_LOG_LEVEL", "trace").env("SEVENTH_LOG_FORMAT", "json");
    let mut seventh = Seventh::with(loud).await;
    let danger = format!("my face suddenly droops and {RARE_QUESTION}");
    for question in [RARE_QUESTION, danger.as_str()] {
        let answer = ask(&seventh, question).await;
        seventh.click(&answer, "Remove").await;
        seventh.slash("ask").option("question", question).option("private", true).in_dm().await;
        let mentioned = seventh.mention(question).await;
        seventh.mention(question).replying_to(&mentioned).await;
        seventh.dm(question).await;
        seventh.context_menu("Answer from the corpus", question).await;
        seventh.slash("lookup").option("topic", question).await;
        seventh.autocomplete("lookup", "topic", question).await;
        seventh.forge_click(&mentioned, question).await;
        seventh.assert_no_reply(|it| it.message(question)).await;
        seventh.assert_no_reply(|it| it.edit(&mentioned, &format!("{{bot}} again: {question}"))).await;
    }
    seventh.slash("corpus status").by(Who::Mod).await;
    // Everything is written by the time that the process has ended.
    seventh.restart().await;
    let home = seventh.index().parent().expect("the index lies in the working folder").to_owned();
    let mut files = 0;
    search(&home, &mut files);
    assert!(files > 5, "the index and the corpus are files, and {files} were searched");
    let end = seventh.stop().await;
    for word in RARE {
        assert!(!end.stderr.contains(word) && !end.stdout.contains(word), "{word} is in the log");
    }
    assert!(end.stderr.contains("\"source\":\"mention\""), "the log is as loud as this test needs:\n{}", end.stderr);
}

fn search(folder: &Path, files: &mut usize) {
    for entry in fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            search(&path, files);
            continue;
        }
        *files += 1;
        let text = String::from_utf8_lossy(&fs::read(&path).expect("a file can be read")).to_lowercase();
        for word in RARE {
            assert!(!text.contains(word), "{word} is in {}", path.display());
        }
    }
}
