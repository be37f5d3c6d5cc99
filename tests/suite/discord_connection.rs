//! The connection to Discord: commands, silence, troubles of the gateway and of REST, places without embeds.

use std::future::IntoFuture;

use serde_json::json;
use serenity::all::{CommandId, HttpBuilder};

use crate::{
    discord_reading::{
        CLEAR_QUESTIONS, ask, assert_byte_exact, assert_disclaimer, assert_says, index, quotes, reader, written,
    },
    harness::{Fault, Guild, Kind, Return, Setup, Seventh, TOKEN, Who},
};

const EMG: &str = "What is an EMG for?";
const CALLBACK: &str = "POST /interactions/*";
const MISSING_PERMISSIONS: u64 = 50_013;

#[tokio::test]
async fn commands_are_registered_only_when_they_differ() {
    let mut seventh = reader().await;
    assert_eq!(seventh.command_writes(), 2, "everywhere, and in the moderation server");
    seventh.restart().await;
    assert_eq!(seventh.command_writes(), 2);

    let http = HttpBuilder::new(TOKEN).proxy(seventh.url()).ratelimiter_disabled(true).build();
    http.set_application_id(1_100_000_000_000_000_001.into());
    let id = seventh.commands(None)[0]["id"].as_str().and_then(|id| id.parse().ok()).expect("a command has an id");
    http.delete_global_command(CommandId::new(id)).await.expect("a command can be deleted");
    assert_eq!(seventh.command_writes(), 3);
    seventh.restart().await;
    assert_eq!(seventh.command_writes(), 4, "what is missing is registered again");
    assert!(seventh.offered(Who::Alice, Some(Guild::Home)).contains(&"ask".to_owned()));
    seventh.stop().await;
}

#[tokio::test]
async fn commands_that_discord_refuses_for_the_moment_are_registered_later_and_mentions_are_answered_meanwhile() {
    let failing = |route| Fault::on(route).status(500).times(2);
    let setup = Setup::default()
        .env("SEVENTH_INDEX_DIR", index())
        .fault(failing("PUT /applications/*/commands"))
        .fault(failing("PUT /applications/*/guilds/*/commands"));
    let seventh = Seventh::with_commands_pending(setup).await;
    assert_eq!(quotes(&seventh.mention(EMG).await).len(), 1);
    seventh.commands_are_registered().await;
    assert_eq!(seventh.command_writes(), 2);
    assert!(seventh.offered(Who::Alice, Some(Guild::Home)).contains(&"ask".to_owned()));
    assert_eq!(quotes(&ask(&seventh, EMG).await).len(), 1);
    let end = seventh.stop().await;
    assert_eq!(end.stderr.matches("commands could not be registered; trying again").count(), 4, "{}", end.stderr);
}

#[tokio::test]
async fn a_server_that_the_bot_is_not_in_is_not_tried_again_and_the_rest_works() {
    let refused = Fault::on("PUT /applications/*/guilds/*/commands").status(403).code(50_001);
    let setup = Setup::default().env("SEVENTH_INDEX_DIR", index()).fault(refused);
    let seventh = Seventh::with_commands_pending(setup).await;
    seventh.logged("commands can't be registered; is the bot in this server").await;
    assert_eq!(quotes(&ask(&seventh, EMG).await).len(), 1);
    seventh.stop().await;
}

#[tokio::test]
async fn the_status_names_refused_commands_though_those_of_another_place_are_registered_after_them() {
    let refused = Fault::on("PUT /applications/*/commands").status(403).code(50_001);
    let setup = Setup::default().env("SEVENTH_INDEX_DIR", index()).fault(refused);
    let seventh = Seventh::with_commands_pending(setup).await;
    seventh.logged("commands registered").await;
    assert_says(&seventh.slash("corpus status").by(Who::Mod).await, "**Not working:** commands (");
    seventh.stop().await;
}

#[tokio::test]
async fn heartbeats_that_are_no_longer_acknowledged_make_it_connect_anew() {
    let setup = Setup::default().env("SEVENTH_INDEX_DIR", index()).heartbeat_ms(500);
    let seventh = Seventh::with(setup).await;
    seventh.heartbeat().await;
    seventh.stop_acknowledging();
    seventh.returned().await;
    assert_eq!(quotes(&seventh.mention(EMG).await).len(), 1);
    seventh.stop().await;
}

#[tokio::test]
async fn a_shard_that_stays_without_heartbeats_ends_the_process_so_that_a_supervisor_can_start_it_again() {
    let setup = Setup::default()
        .env("SEVENTH_INDEX_DIR", index())
        .env("SEVENTH_DISCORD_HEARTBEAT_TIMEOUT_SECONDS", "3")
        .heartbeat_ms(500);
    let seventh = Seventh::with(setup).await;
    seventh.heartbeat().await;
    seventh.never_acknowledge_again();
    let end = seventh.ended().await;
    assert_eq!(end.code, Some(1), "{}", end.stderr);
    assert!(end.stderr.contains("the shard shows no heartbeat; restarting it"), "{}", end.stderr);
    let sentence =
        "seventh: shard 0 hangs, and restarting it did not help; a supervisor should start the process again";
    assert!(end.stderr.lines().any(|line| line == sentence), "{}", end.stderr);
}

#[tokio::test]
async fn members_are_offered_the_same_commands_in_servers_and_in_direct_messages() {
    let seventh = reader().await;
    let offered = seventh.offered(Who::Alice, Some(Guild::Elsewhere));
    assert_eq!(offered, ["ask", "Answer from the corpus", "lookup", "topics", "about", "privacy", "help"]);
    assert_eq!(seventh.offered(Who::Alice, None), offered);
    seventh.stop().await;
}

#[tokio::test]
async fn other_bots_and_webhooks_are_met_with_silence() {
    let seventh = reader().await;
    seventh.assert_no_reply(|it| it.mention(EMG).by_another_bot()).await;
    seventh.assert_no_reply(|it| it.mention(EMG).by_webhook()).await;
    seventh.stop().await;
}

#[tokio::test]
async fn messages_that_do_not_address_it_are_met_with_silence() {
    let seventh = reader().await;
    seventh.assert_no_reply(|it| it.message(EMG)).await;
    seventh.assert_no_reply(|it| it.mention(EMG).everyone()).await;
    let bots_role = Guild::Home.number() + 11;
    seventh.assert_no_reply(|it| it.message(&format!("<@&{bots_role}> {EMG}"))).await;
    let reply = seventh.mention(EMG).by(Who::Bob).await;
    seventh.assert_no_reply(|it| it.message("thank you").by(Who::Bob).replying_to(&reply)).await;
    seventh.stop().await;
}

#[tokio::test]
async fn its_own_messages_are_met_with_silence() {
    let seventh = reader().await;
    let reply = seventh.dm(EMG).await;
    let mut own = reply.raw.clone();
    own["id"] = json!("1100000000000999999");
    own["content"] = json!(format!("<@1100000000000000001> {EMG}"));
    own["mentions"] = json!([own["author"]]);
    seventh.dispatch("MESSAGE_CREATE", &own);
    seventh.assert_no_reply(|it| it.message("nobody asked")).await;
    seventh.stop().await;
}

#[tokio::test]
async fn a_dropped_connection_loses_and_doubles_no_question() {
    let seventh = reader().await;
    seventh.drop_connection();
    assert_eq!(quotes(&seventh.mention(EMG).await).len(), 1);
    assert_eq!(seventh.returned().await, Return::Resumed);
    assert_eq!(quotes(&ask(&seventh, EMG).await).len(), 1);
    seventh.assert_no_reply(|it| it.message("nobody asked")).await;
    seventh.stop().await;
}

#[tokio::test]
async fn a_request_to_reconnect_is_followed_without_losing_a_question() {
    let seventh = reader().await;
    seventh.ask_to_reconnect();
    assert_eq!(seventh.returned().await, Return::Resumed);
    assert_eq!(quotes(&seventh.dm(EMG).await).len(), 1);
    seventh.assert_no_reply(|it| it.message("nobody asked")).await;
    seventh.stop().await;
}

#[tokio::test]
async fn a_lost_session_is_begun_anew_without_registering_commands_again() {
    let seventh = reader().await;
    seventh.invalidate_session();
    assert_eq!(seventh.returned().await, Return::Identified);
    assert_eq!(quotes(&seventh.mention(EMG).await).len(), 1);
    assert_eq!(seventh.command_writes(), 2);
    seventh.stop().await;
}

#[tokio::test]
async fn it_stops_with_zero_while_it_is_disconnected() {
    let seventh = reader().await;
    seventh.drop_connection();
    assert_eq!(seventh.stop().await.code, Some(0));
}

#[tokio::test]
async fn questions_at_the_same_time_are_each_answered_once() {
    let seventh = reader().await;
    let by = |number| seventh.mention(EMG).by(Who::Stranger(number)).into_future();
    let asked = async { ask(&seventh, EMG).await };
    let (a, b, c, d, asked) = tokio::join!(by(1), by(2), by(3), by(4), asked);
    for reply in [a, b, c, d] {
        assert!(reply.replies_to_the_asker());
        assert_eq!(quotes(&reply), quotes(&asked));
    }
    seventh.stop().await;
}

#[tokio::test]
async fn without_the_right_to_embed_a_mention_is_answered_in_plain_text() {
    let seventh = reader().await;
    seventh.forbid_embeds();
    for question in CLEAR_QUESTIONS {
        let reply = seventh.mention(question).await;
        assert_eq!((reply.kind, reply.embeds.len()), (Kind::Posted, 0));
        assert!(reply.content().chars().count() <= 2000);
        assert_byte_exact(&seventh, &reply);
        assert_says(&reply, "**Editors' note:** ");
        assert_says(&reply, "**When to seek care (by the editors):** ");
    }
    seventh.stop().await;
}

#[tokio::test]
async fn without_the_right_to_embed_an_answer_is_still_a_visible_reply() {
    let seventh = reader().await;
    seventh.forbid_embeds();
    assert!(seventh.mention(EMG).await.replies_to_the_asker());
    seventh.stop().await;
}

#[tokio::test]
async fn without_the_right_to_embed_commands_and_buttons_are_answered_in_plain_text() {
    let seventh = reader().await;
    seventh.forbid_embeds();
    let answer = ask(&seventh, "Can a stroke cause facial twitching?").await;
    let mut replies = vec![seventh.slash("help").await, seventh.slash("topics").await];
    for label in answer.buttons().iter().filter(|label| *label != "Remove") {
        replies.push(seventh.click(&answer, label).await);
    }
    replies.push(seventh.slash("lookup").option("topic", "symptoms").await);
    replies.push(answer);
    for reply in replies {
        assert!(reply.embeds.is_empty() && reply.content().chars().count() <= 2000, "{reply:?}");
        assert_disclaimer(&reply);
    }
    seventh.stop().await;
}

#[tokio::test]
async fn embeds_are_still_used_in_direct_messages_when_a_server_forbids_them() {
    let seventh = reader().await;
    seventh.forbid_embeds();
    assert_eq!(seventh.dm(EMG).await.embeds.len(), 1);
    assert_eq!(seventh.slash("ask").option("question", EMG).in_dm().await.embeds.len(), 1);
    seventh.stop().await;
}

#[tokio::test]
async fn where_it_may_not_write_it_gives_up_and_goes_on_elsewhere() {
    let seventh = reader().await;
    let general = Guild::Home.number() + 200;
    let refused =
        Fault::on(&format!("POST /channels/{general}/messages")).status(403).code(MISSING_PERMISSIONS).times(3);
    seventh.fault(refused);
    seventh.mention(EMG).send();
    seventh.assert_no_reply(|it| it.message("nobody asked")).await;
    assert_eq!(quotes(&seventh.mention(EMG).in_guild(Guild::Elsewhere).await).len(), 1);
    seventh.stop().await;
}

#[tokio::test]
async fn a_failure_of_discord_is_survived() {
    let seventh = reader().await;
    for fault in [Fault::on(CALLBACK).status(500), Fault::on(CALLBACK).status(404).code(10_062)] {
        seventh.fault(fault);
        let lost = async { seventh.slash("ask").option("question", EMG).await };
        let other = async {
            let reply = seventh.mention(EMG).by(Who::Bob).await;
            assert!(!written(&reply).is_empty());
        };
        // The first answer is lost: it never comes, so the test does not wait for it.
        tokio::select! {
            biased;
            lost = lost => panic!("the answer was lost, and yet:\n{}", lost.text()),
            () = other => {}
        }
    }
    seventh.stop().await;
}
