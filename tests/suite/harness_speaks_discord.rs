//! The harness against the real serenity client: what it sends is understood, and what it must notice is noticed.

mod echo_bot;

use std::{sync::Arc, time::Duration};

use serde_json::json;
use serenity::all::{ChannelId, ClientBuilder, CreateAllowedMentions, GatewayIntents, Http, HttpBuilder};

use crate::harness::{Discord, Fault, Guild, Kind, Return, Setup, TOKEN, Who};
use echo_bot::EchoBot;

const PATIENCE: Duration = Duration::from_secs(15);

fn http(discord: &Discord) -> Http {
    HttpBuilder::new(TOKEN)
        .proxy(discord.url())
        .ratelimiter_disabled(true)
        .default_allowed_mentions(CreateAllowedMentions::new())
        .build()
}

/// A Discord with the echo bot in it.
async fn echoing(setup: Setup) -> Discord {
    let discord = Discord::start(setup.terms());
    let intents = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
    let client = ClientBuilder::new_with_http(http(&discord), intents).event_handler(EchoBot);
    let mut client = client.await.expect("a client");
    tokio::spawn(async move { client.start().await });
    discord.ready(PATIENCE).await;
    discord
}

fn assert_blameless(discord: &Discord) {
    assert_eq!(discord.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_mention_and_a_direct_message_are_answered_and_the_rest_is_met_with_silence() {
    let discord = echoing(Setup::default()).await;

    let reply = discord.mention("does stress make it worse?").await;
    assert_eq!(reply.text(), "heard: does stress make it worse?");
    assert_eq!(reply.kind, Kind::Posted);
    assert!(reply.replies_to_the_asker());

    assert_eq!(discord.dm("and here?").by(Who::Bob).await.text(), "heard: and here?");
    assert_eq!(discord.mention("more").replying_to(&reply).await.text(), "heard: more");
    discord.assert_no_reply(|it| it.message("nobody asked")).await;
    discord.assert_no_reply(|it| it.message("a reply without a ping").replying_to(&reply)).await;
    discord.assert_no_reply(|it| it.mention("a loop?").by_another_bot()).await;
    discord.assert_no_reply(|it| it.mention("a feed").by_webhook()).await;
    assert_blameless(&discord);
}

#[tokio::test]
async fn commands_are_offered_used_and_typed_as_discord_does() {
    let discord = echoing(Setup::default()).await;
    assert_eq!(discord.command_writes(), 2);
    assert_eq!(discord.offered(Who::Alice, Some(Guild::Home)), ["say", "later", "find", "Repeat"]);
    assert!(discord.offered(Who::Mod, Some(Guild::Home)).contains(&"keepers".to_owned()));

    let reply = discord.slash("say").option("words", "hello").await;
    assert_eq!(reply.text(), "┌\n│ # Said\n│ hello\n│ ## by\n│ you\n└\n[Louder] [Gone]\n[▾ ]\n  * RED\n  * GREEN");
    assert_eq!(discord.context_menu("Repeat", "these words").in_dm().await.embeds[0]["description"], "these words");
    let choices = discord.autocomplete("find", "word", "diagnos").await;
    assert_eq!(choices, [("diagnos!".to_owned(), "diagnos".to_owned())]);
    let added = discord.slash("keepers add").option("name", "Bob").by(Who::Mod).await;
    assert_eq!(added.embeds[0]["description"], "Bob true");
    let forced = discord.slash("keepers add").option("name", "Bob").forced().in_guild(Guild::Elsewhere).await;
    assert_eq!(forced.embeds[0]["description"], "Bob false");
    assert_blameless(&discord);
}

#[tokio::test]
async fn a_deferred_answer_is_read_in_its_final_state_and_then_what_follows() {
    let discord = echoing(Setup::default()).await;
    let reply = discord.slash("later").await;
    assert_eq!((reply.kind, reply.text().as_str()), (Kind::Deferred, "(only you can see this)\ndone"));
    assert_eq!(discord.another(&reply).await.text(), "and more");
    assert_blameless(&discord);
}

#[tokio::test]
async fn components_are_used() {
    let discord = echoing(Setup::default()).await;
    let reply = discord.slash("say").option("words", "hello").await;
    let chosen = discord.select(&reply, "GREEN").by(Who::Bob).await;
    assert_eq!(chosen.text(), "(only you can see this)\ngreen");
    let louder = discord.click(&reply, "Louder").by(Who::Bob).await;
    assert_eq!(louder.kind, Kind::Update);
    assert_eq!(louder.content(), "LOUDER, bob");
    assert!(louder.buttons().is_empty());

    let reply = discord.slash("say").option("words", "hello").await;
    assert_eq!(discord.click(&reply, "Gone").await.text(), "(deleted)");
    assert_blameless(&discord);
}

#[tokio::test]
async fn a_lost_connection_is_resumed_and_nothing_that_was_said_meanwhile_is_lost() {
    let discord = echoing(Setup::default()).await;
    discord.drop_connection();
    assert_eq!(discord.mention("in between").await.text(), "heard: in between");
    assert_eq!(discord.returned().await, Return::Resumed);

    discord.ask_to_reconnect();
    assert_eq!(discord.returned().await, Return::Resumed);
    assert_eq!(discord.mention("afterwards").await.text(), "heard: afterwards");
    assert_blameless(&discord);
}

#[tokio::test]
async fn unacknowledged_heartbeats_make_the_bot_connect_anew() {
    let discord = echoing(Setup::default().heartbeat_ms(200)).await;
    discord.heartbeat().await;
    discord.stop_acknowledging();
    assert_eq!(discord.returned().await, Return::Identified);
    assert_eq!(discord.mention("still there?").await.text(), "heard: still there?");
    assert_blameless(&discord);
}

#[tokio::test]
async fn a_refused_token_ends_the_client() {
    let discord = Discord::start(Setup::default().token_refused().terms());
    let client = ClientBuilder::new_with_http(http(&discord), GatewayIntents::GUILDS).event_handler(EchoBot);
    let mut client = client.await.expect("a client");
    assert!(client.start().await.is_err());
    assert!(http(&discord).get_current_user().await.is_err());
    let routes: Vec<_> = discord.requests().iter().map(ToString::to_string).collect();
    assert_eq!(routes, ["GET /gateway -> 200", "GET /users/@me -> 401"]);
}

#[tokio::test]
async fn privileged_intents_are_refused_and_noticed() {
    let discord = Discord::start(Setup::default().terms());
    let intents = GatewayIntents::GUILDS | GatewayIntents::MESSAGE_CONTENT;
    let mut client = ClientBuilder::new_with_http(http(&discord), intents).await.expect("a client");
    assert!(client.start().await.is_err());
    assert!(discord.problem().await.contains("privileged intents"));
}

#[tokio::test]
async fn a_scripted_fault_happens_as_often_as_it_was_asked_for() {
    let fault = Fault::on("POST /channels/*/messages").status(403).code(50013);
    let discord = echoing(Setup::default()).await;
    discord.fault(fault.clone());
    discord.message("refused {bot}").send();
    // Two messages are answered at the same time; the refusal must have happened before the second one is sent.
    let refused = async {
        while !discord.requests().iter().any(|request| request.status == 403) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, refused).await.expect("the first message is refused");
    assert_eq!(discord.mention("allowed").by(Who::Bob).await.text(), "heard: allowed");
    assert_blameless(&discord);
    discord.fault(fault);
    assert!(discord.complaints()[0].contains("was expected 1 times more"));
}

#[tokio::test]
async fn a_message_of_2001_characters_is_rejected_and_noticed() {
    let discord = Discord::start(Setup::default().terms());
    let nobody = json!({"parse": []});
    let channel = ChannelId::new(Guild::Home.number() + 200);
    let fitting = json!({"content": "ä".repeat(2000), "allowed_mentions": nobody});
    let too_long = json!({"content": "ä".repeat(2001), "allowed_mentions": nobody});
    let http = http(&discord);

    http.send_message(channel, vec![], &fitting).await.expect("2,000 characters are allowed");
    let refused = http.send_message(channel, vec![], &too_long).await.expect_err("2,001 are not");
    assert!(refused.to_string().contains("Invalid Form Body"), "{refused}");
    assert_eq!(discord.problem().await, "a message's content has 2001 characters, and Discord allows 2000");
    assert!(discord.complaints()[0].starts_with("the test did not read a message of the bot:"));
}

#[tokio::test]
async fn a_possible_ping_and_an_unknown_route_are_noticed() {
    let discord = Discord::start(Setup::default().terms());
    let channel = ChannelId::new(Guild::Home.number() + 200);
    let http = http(&discord);
    let pinging = json!({"content": "@everyone", "allowed_mentions": {"parse": ["everyone"]}});
    drop(http.send_message(channel, vec![], &pinging).await);
    assert!(discord.problem().await.starts_with("a message may ping somebody"));
    drop(http.get_pins(channel).await);
    assert!(discord.problem().await.contains("no route GET /channels/"));
}

#[tokio::test]
async fn a_late_answer_fails_the_test_that_waits_for_it() {
    let slow = Fault::on("POST /interactions/*").delay(Duration::from_millis(20));
    let setup = Setup::default().first_response(Duration::from_millis(10)).fault(slow);
    let discord = Arc::new(echoing(setup).await);
    let asking = Arc::clone(&discord);
    let failed = tokio::spawn(async move { asking.slash("later").await }).await;
    let panic = failed.expect_err("the wait fails").into_panic();
    let sentence = panic.downcast_ref::<String>().expect("a panic with a sentence");
    assert!(sentence.starts_with("the first response came after"), "{sentence}");
    assert!(sentence.contains("/callback -> 404"), "{sentence}");
}
