//! Too much at once, the end of the process, and a failing index: a sentence, and never a lost card (P3, P9).

use std::{fs, time::Duration};

use insta::assert_snapshot;
use regex::Regex;

use crate::{
    discord_reading::{ask, assert_disclaimer, index, quotes, reader, small, stable, written},
    harness::{Fault, Guild, Reply, Setup, Seventh, Who},
    index_on_disk::{live, with_extension},
};

const EMG: &str = "What is an EMG for?";
const DROOP: &str = "my face droops";
const BUSY: &str = "I am getting more questions than I can answer right now. Please try again in a minute.";
/// How long somebody tries again.
const PATIENCE: Duration = Duration::from_secs(15);
/// Longer than it takes to answer what is meant to come meanwhile, and shorter than the bot waits for Discord.
const SLOW: Duration = Duration::from_secs(4);
/// Longer than a test waits for anything.
const ENDLESS: Duration = Duration::from_mins(1);

/// Discord takes this long to accept the next answer to a mention at home.
fn slow_answer(delay: Duration) -> Fault {
    Fault::on(&format!("POST /channels/{}/messages", Guild::Home.general())).delay(delay)
}

async fn bot(variable: &str, value: &str) -> Seventh {
    Seventh::with(Setup::default().env("SEVENTH_INDEX_DIR", index()).env(variable, value)).await
}

#[tokio::test]
async fn whoever_asks_while_too_many_are_answered_is_told_to_try_again() {
    let seventh = bot("SEVENTH_LIMITS_CONCURRENT_REQUESTS", "1").await;
    seventh.fault(slow_answer(SLOW));
    let slow = async { seventh.mention(EMG).await };
    let others = async {
        seventh.faults_have_struck().await;
        let mention = seventh.mention(EMG).by(Who::Bob).in_guild(Guild::Elsewhere).await;
        let direct = seventh.dm(EMG).by(Who::Bob).await;
        let command = seventh.slash("ask").option("question", EMG).by(Who::Bob).await;
        [mention, direct, command]
    };
    let (slow, others) = tokio::join!(slow, others);
    assert_eq!(quotes(&slow).len(), 1, "the one that was being answered is answered");
    for reply in &others {
        assert!(written(reply).contains(BUSY), "{reply:?}");
        assert_disclaimer(reply);
    }
    assert!(others[2].ephemeral, "what nobody else needs is for the asker alone");
    assert_snapshot!("busy", stable(&others[2]));

    let again = once_there_is_room(async || ask(&seventh, EMG).await).await;
    assert_eq!(quotes(&again), quotes(&slow));
    let section = once_there_is_room(async || seventh.click(&slow, "Whole section").await).await;
    assert!(!quotes(&section).is_empty(), "{section:?}");
    seventh.stop().await;
}

/// Tries again while it is busy: a place is given back a little after its answer can be seen.
async fn once_there_is_room(attempt: impl AsyncFn() -> Reply) -> Reply {
    let attempts = async {
        loop {
            let reply = attempt().await;
            if !written(&reply).contains(BUSY) {
                return reply;
            }
        }
    };
    tokio::time::timeout(PATIENCE, attempts).await.expect("there is room again soon")
}

#[tokio::test]
async fn a_button_that_is_pressed_while_too_many_are_answered_says_so_and_leaves_its_message() {
    let seventh = bot("SEVENTH_LIMITS_CONCURRENT_REQUESTS", "1").await;
    let answer = ask(&seventh, EMG).await;
    // Its place must be free, or the next question is not the one that takes it.
    seventh.logged(" answered duration_ms=").await;
    seventh.fault(slow_answer(SLOW));
    let slow = async { seventh.mention(EMG).await };
    let press = async {
        seventh.faults_have_struck().await;
        seventh.click(&answer, "Whole section").by(Who::Bob).await
    };
    let (slow, pressed) = tokio::join!(slow, press);
    assert!(written(&pressed).contains(BUSY) && pressed.ephemeral, "{pressed:?}");
    assert_eq!(seventh.look_again(&answer).text(), answer.text());
    assert_eq!(quotes(&slow).len(), 1);
    seventh.stop().await;
}

#[tokio::test]
async fn what_is_being_answered_when_it_is_told_to_stop_is_answered_and_nothing_after() {
    let seventh = reader().await;
    seventh.fault(slow_answer(SLOW));
    let slow = async { seventh.mention(EMG).await };
    let stop = async {
        seventh.faults_have_struck().await;
        seventh.ask_to_stop();
        seventh.logged("new requests are no longer taken").await;
        // Were it answered, the answer would be unread at the end, which fails the test.
        seventh.mention(EMG).by(Who::Bob).in_guild(Guild::Elsewhere).send();
    };
    let (slow, ()) = tokio::join!(slow, stop);
    assert_eq!(quotes(&slow).len(), 1);
    let end = seventh.ended().await;
    assert_eq!(end.code, Some(0), "{}", end.stderr);
    assert!(!end.stderr.contains("still running"), "{}", end.stderr);
}

#[tokio::test]
async fn what_is_not_answered_within_the_grace_period_does_not_hold_up_the_end() {
    let seventh = bot("SEVENTH_LIMITS_SHUTDOWN_SECONDS", "1").await;
    seventh.fault(slow_answer(ENDLESS));
    seventh.mention(EMG).send();
    seventh.faults_have_struck().await;
    let end = seventh.stop().await;
    assert!(end.stderr.contains("requests were still running at the end of the grace period"), "{}", end.stderr);
}

/// Overwrites postings and columns of an open index without shortening them: shortened, they would end the process by a
/// signal.
#[tokio::test]
async fn a_failing_index_becomes_a_sentence_with_a_reference_and_a_danger_sign_still_gets_its_card() {
    let seventh = small().await;
    let generation = live(&seventh.index()).join("tantivy");
    for name in ["idx", "fast"].into_iter().flat_map(|extension| with_extension(&generation, extension)) {
        let file = generation.join(name);
        let length = fs::metadata(&file).expect("a file of the index").len();
        let bytes = vec![0xff; usize::try_from(length).expect("a small file")];
        let mut open = fs::OpenOptions::new().write(true).open(&file).expect("the file can be opened");
        std::io::Write::write_all(&mut open, &bytes).expect("the file can be written");
    }
    let reply = ask(&seventh, EMG).await;
    let said = Regex::new(r"tell a moderator this reference: ([0-9a-f]{6})").expect("a valid pattern");
    let text = written(&reply);
    let reference = said.captures(&text).unwrap_or_else(|| panic!("{reply:?}"))[1].to_owned();
    assert_disclaimer(&reply);
    assert_snapshot!("internal", stable(&reply).replace(&reference, "(reference)"));

    for reply in [ask(&seventh, DROOP).await, seventh.mention(DROOP).await, seventh.dm(DROOP).await] {
        assert_eq!(reply.embeds[0]["title"], "This could be an emergency", "{reply:?}");
        assert_disclaimer(&reply);
    }
    let end = seventh.stop().await;
    assert!(end.stderr.contains(&format!("reference={reference}")), "{}", end.stderr);
}
