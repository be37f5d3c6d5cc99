//! Whatever somebody types: an answer or a clear sentence, in time, and no panic (P9).

use insta::assert_snapshot;
use seventh::{error::UserError, reply::sentence};

use crate::{
    discord_reading::{
        abstains, ask, assert_disclaimer, assert_refuses, plain_quotes, quotes, reader, stable, written,
    },
    harness::{Reply, Seventh, Who},
};

const EMG: &str = "What is an EMG for?";

async fn asked_everywhere(seventh: &Seventh, question: &str) -> [Reply; 4] {
    [
        ask(seventh, question).await,
        seventh.mention(question).await,
        seventh.dm(question).await,
        seventh.context_menu("Answer from the corpus", question).await,
    ]
}

fn asks_for_a_question(reply: &Reply) -> bool {
    written(reply).contains(&sentence(&UserError::NoQuestion))
}

async fn stop_without_a_panic(seventh: Seventh) {
    let end = seventh.stop().await;
    for word in ["panic", "ERROR", "WARN"] {
        assert!(!end.stderr.contains(word), "{}", end.stderr);
    }
}

#[tokio::test]
async fn what_holds_no_words_is_told_how_to_ask() {
    let seventh = reader().await;
    let wordless = [
        "",
        " ",
        "\n\t\u{a0}",
        "😀",
        "😀👍🏽 🏳️‍🌈",
        "<:face:1100000000000000900>",
        "<a:dance:1100000000000000901>",
        "\"",
        "???",
        "\u{0}",
        "\u{200b}\u{200d}\u{feff}",
        "\u{202e}",
        "```\n```",
        "<@1100000000000001001> <#1100000000000000300>",
        "https://evil.example/a?b=c",
        "** **",
        "||||",
        "> ",
        "-# ",
        "…",
    ];
    for question in wordless {
        for reply in asked_everywhere(&seventh, question).await {
            assert_refuses(&reply, &UserError::NoQuestion);
        }
    }
    assert_snapshot!("no_question", stable(&ask(&seventh, "😀").await));
    stop_without_a_panic(seventh).await;
}

#[tokio::test]
async fn that_there_was_no_question_is_told_to_the_asker_alone_where_discord_can() {
    let seventh = reader().await;
    assert!(ask(&seventh, "😀").await.ephemeral);
    assert!(!seventh.mention("😀").await.ephemeral);
    seventh.stop().await;
}

#[tokio::test]
async fn search_operators_are_only_characters() {
    let seventh = reader().await;
    let operators = [
        "title:* AND NOT (",
        "+ - && || ! ( ) { } [ ] ^ \" ~ * ? : \\ /",
        "* OR *",
        "/.*/",
        "body:[a TO z]",
        "'; DROP TABLE",
        "%s%n",
        "${jndi:ldap}",
        "../../etc/passwd",
        "<script>",
        "{bot",
    ];
    for question in operators {
        for reply in asked_everywhere(&seventh, question).await {
            assert!(abstains(&reply) || asks_for_a_question(&reply), "{question:?}: {reply:?}");
            assert_disclaimer(&reply);
        }
    }
    stop_without_a_panic(seventh).await;
}

#[tokio::test]
async fn tricks_with_characters_do_not_hide_a_question() {
    let seventh = reader().await;
    let expected = plain_quotes(&ask(&seventh, EMG).await);
    let tricks = [
        "What is an E\u{200b}M\u{200d}G for?",
        "\u{0}What is an \u{0}EMG\u{0} for?",
        "\u{202e}What is an EMG for?\u{202c}",
        "Ｗｈａｔ ｉｓ ａｎ ＥＭＧ ｆｏｒ？",
        "WHAT IS AN EMG FOR",
        "```\nWhat is an EMG for?\n```",
        "`What is an EMG for?`",
        "> # **What** is ||an|| ~~EMG~~ __for__?",
        "@everyone <@&1100000000000000110> What is an EMG for?",
        "[What is an EMG for?](https://evil.example/a)",
        "<:face:1100000000000000900> What is an EMG for? 😀😀😀",
        "What\n\n\n\nis an\tEMG\u{a0}for?",
    ];
    for question in tricks {
        for reply in asked_everywhere(&seventh, question).await {
            assert_eq!(plain_quotes(&reply), expected, "{question:?}");
        }
    }
    stop_without_a_panic(seventh).await;
}

#[tokio::test]
async fn other_scripts_and_decorated_letters_get_an_answer_or_a_clear_sentence() {
    let seventh = reader().await;
    let zalgo: String = EMG
        .chars()
        .flat_map(|c| std::iter::once(c).chain("\u{300}\u{301}\u{302}\u{303}\u{334}\u{489}".chars().cycle().take(30)))
        .collect();
    for question in [
        "ما سبب رعشة الوجه؟",
        "למה העין שלי קופצת",
        "为什么我的眼皮在跳",
        "まぶたが痙攣する",
        "а\u{0300}",
        zalgo.as_str(),
        "ﷺ﷽𒐫",
    ] {
        for reply in asked_everywhere(&seventh, question).await {
            let answered = !quotes(&reply).is_empty();
            assert!(answered || abstains(&reply) || asks_for_a_question(&reply), "{reply:?}");
            assert_disclaimer(&reply);
        }
    }
    stop_without_a_panic(seventh).await;
}

#[tokio::test]
async fn the_longest_question_that_discord_allows_is_answered() {
    let seventh = reader().await;
    let fill = |unit: &str| unit.chars().cycle().take(6_000).collect::<String>();
    let words: String = (0..).map(|number| format!("word{number} ")).take(700).collect();
    let texts =
        ["twitching eye ", "é", "😀", "a", "(((((", "`", "[x](", "<@", "> ", "\n", "t\u{300}", "*_~|"].map(fill);
    for question in texts.iter().chain([&fill(&words)]) {
        assert_eq!(question.chars().count(), 6_000);
        let reply = ask(&seventh, question).await;
        assert_disclaimer(&reply);
        let answered = !quotes(&reply).is_empty();
        assert!(answered || abstains(&reply) || asks_for_a_question(&reply), "{reply:?}");
    }
    let buried = format!("{} {EMG}", fill("la ").chars().take(3_900).collect::<String>());
    assert_disclaimer(&seventh.dm(&buried).await);
    assert_disclaimer(&seventh.mention(&buried).by(Who::Bob).await);
    stop_without_a_panic(seventh).await;
}

#[tokio::test]
async fn discord_itself_takes_no_longer_question_than_the_bot_reads() {
    let seventh = reader().await;
    let commands = seventh.commands(None);
    let ask = commands.iter().find(|it| it["name"] == "ask").expect("there is /ask");
    assert_eq!(ask["options"][0]["max_length"], 6_000);
    seventh.stop().await;
}

#[tokio::test]
async fn anything_can_be_typed_into_a_topic() {
    let seventh = reader().await;
    let long = "spasm ".repeat(1_000);
    for typed in
        ["\u{0}", "😀", "term:", "section:", "section:::", "section:a:b:c", "a\u{300}", "  ", "\"*", long.as_str()]
    {
        assert!(seventh.autocomplete("lookup", "topic", typed).await.len() <= 25, "{typed:?}");
        assert_disclaimer(&seventh.slash("lookup").option("topic", typed).await);
    }
    stop_without_a_panic(seventh).await;
}

#[tokio::test]
async fn a_number_alone_is_no_question_about_the_section_with_that_number() {
    let seventh = reader().await;
    for question in ["2", "3.", "1", "^2~"] {
        assert_eq!(quotes(&ask(&seventh, question).await), Vec::<String>::new(), "{question}");
    }
    seventh.stop().await;
}
