//! The bot's token: what is said when it is missing or wrong, and that it never shows.

use std::fs;

use crate::{
    corpus_folder::{CorpusFolder, QUESTION, cli_output, fixture},
    harness::{End, Setup, Seventh, TOKEN},
};

/// Nobody listens here; a token that is refused at once never leads here.
const NO_DISCORD: &str = "http://127.0.0.1:9";

fn run_with_token(token: &str) -> End {
    let folder = CorpusFolder::new();
    let terminal = folder.terminal().env("DISCORD_TOKEN", token).env("SEVENTH_DISCORD_API_URL", NO_DISCORD);
    terminal.run(["run"])
}

fn assert_misused(end: &End) -> String {
    assert_eq!(end.code, Some(2), "{}", cli_output(end));
    cli_output(end)
}

#[test]
fn without_a_token_the_bot_says_how_to_give_it_one() {
    insta::assert_snapshot!(assert_misused(&CorpusFolder::new().run(&["run"])));
}

#[test]
fn an_empty_token_is_none() {
    for token in ["", "  ", "\n"] {
        assert_eq!(
            assert_misused(&run_with_token(token)),
            assert_misused(&CorpusFolder::new().run(&["run"])),
            "{token:?}"
        );
    }
}

#[test]
fn a_token_of_the_wrong_shape_is_refused_at_once_and_not_shown() {
    for token in ["secret", "secret.secret", "secret se.cr.et", "Bot secret", "séc.r.et", "..", "\"secret.a.b\""] {
        let said = assert_misused(&run_with_token(token));
        assert!(!said.contains(token), "{said}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(said);
        }
    }
}

#[tokio::test]
async fn a_token_that_discord_refuses_ends_the_run_with_what_to_do() {
    let end = Seventh::expect_exit(Setup::default().corpus(fixture("kettles")).token_refused()).await;
    let said = assert_misused(&end);
    assert!(!said.contains(TOKEN) && !said.contains(TOKEN.split('.').next_back().unwrap_or_default()), "{said}");
    let last = end.stderr.lines().last().unwrap_or_default();
    insta::assert_snapshot!(last);
}

#[tokio::test]
async fn a_token_from_a_file_is_used_and_never_shown() {
    let folder = CorpusFolder::new();
    let file = folder.corpus().with_file_name("token");
    fs::write(&file, format!("Bot {TOKEN}\n")).expect("the file can be written");
    let setup = Setup::default().corpus(fixture("kettles")).without_env("DISCORD_TOKEN");
    let setup = setup.env("SEVENTH_DISCORD_TOKEN_FILE", &file).env("SEVENTH_LOG_LEVEL", "trace");
    let end = Seventh::with(setup).await.stop().await;
    let said = cli_output(&end);
    assert!(!said.contains(TOKEN) && !said.contains(TOKEN.split('.').next_back().unwrap_or_default()), "{said}");
}

#[test]
fn a_missing_token_file_is_named() {
    let end = CorpusFolder::new().terminal().env("SEVENTH_DISCORD_TOKEN_FILE", "/nowhere/token").run(["run"]);
    insta::assert_snapshot!(assert_misused(&end));
}

#[test]
fn asking_in_a_terminal_needs_no_token() {
    let end = CorpusFolder::new().run(&["ask", QUESTION]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
}

#[test]
fn asking_in_a_terminal_needs_no_token_file_that_can_be_read() {
    let end = CorpusFolder::new().terminal().env("SEVENTH_DISCORD_TOKEN_FILE", "/nowhere/token").run(["ask", QUESTION]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
}
