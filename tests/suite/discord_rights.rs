//! Moderators' rights: who is offered what, who is refused (P8), and what is written down about it.

use seventh::error::UserError;

use crate::{
    corpus_folder::audit_lines,
    discord_moderation::{NEW_ARTICLE, QUESTION, QUOKKAS, knows_quokkas, refresh, status},
    discord_reading::{ask, assert_disclaimer, assert_refuses, assert_says, custom_id, reader, small, small_corpus},
    harness::{Guild, Setup, Seventh, Who},
};

#[tokio::test]
async fn the_status_says_what_is_live_and_which_reviews_are_overdue() {
    let seventh = small().await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    seventh.click(&refresh(&seventh).await, "Publish").await;
    ask(&seventh, QUESTION).await;
    let status = status(&seventh).await;
    assert!(status.ephemeral);
    assert_says(&status, "**Overdue reviews:** articles/quokkas.md (due 31 Jan 2020)");
    assert_says(&status, "The corpus folder holds what is live.");
    assert_says(&status, &format!("by discord user {} (refresh)", Who::Mod.id()));
    assert_says(&status, "2 articles, 9 sections, 12 passages");
    seventh.stop().await;
}

#[tokio::test]
async fn corpus_commands_are_offered_only_to_moderators_of_the_moderation_server() {
    let seventh = small().await;
    let offered = |who, guild| seventh.offered(who, guild).contains(&"corpus".to_owned());
    assert!(offered(Who::Mod, Some(Guild::Home)));
    assert!(!offered(Who::Alice, Some(Guild::Home)));
    assert!(!offered(Who::Mod, Some(Guild::Elsewhere)));
    assert!(!offered(Who::Owner, None));
    assert_eq!(seventh.commands(Some(Guild::Elsewhere)).len(), 0);
    seventh.stop().await;
}

#[tokio::test]
async fn corpus_commands_are_refused_to_everybody_else_even_if_discord_lets_them_through() {
    let seventh = small().await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    for command in ["corpus refresh", "corpus status"] {
        let refusals = [
            seventh.slash(command).by(Who::Alice).forced().await,
            seventh.slash(command).by(Who::Mod).in_guild(Guild::Elsewhere).forced().await,
            seventh.slash(command).by(Who::Owner).in_guild(Guild::Elsewhere).forced().await,
            seventh.slash(command).by(Who::Mod).in_dm().forced().await,
            seventh.slash(command).by(Who::Editor).forced().await,
        ];
        for refusal in refusals {
            assert!(refusal.ephemeral);
            assert_refuses(&refusal, &UserError::NotModerator);
            assert_eq!(refusal.buttons(), Vec::<String>::new());
        }
    }
    seventh.stop().await;
}

#[tokio::test]
async fn a_role_of_the_configuration_may_do_what_moderators_do() {
    let corpus = small_corpus(&[]);
    let setup = Setup::default().corpus(corpus.path()).env("SEVENTH_MODERATION_ROLES", Guild::Home.editor_role());
    let seventh = Seventh::with(setup).await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    let preview = seventh.slash("corpus refresh").by(Who::Editor).forced().await;
    assert_says(&seventh.click(&preview, "Publish").await, "Published.");
    assert_says(&seventh.slash("help").by(Who::Editor).await, "/corpus refresh");
    seventh.stop().await;
}

#[tokio::test]
async fn publish_and_cancel_are_refused_to_a_member_who_forges_them() {
    let seventh = small().await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    let preview = refresh(&seventh).await;
    for label in ["Publish", "Cancel"] {
        let refusal = seventh.forge_click(&preview, &custom_id(&preview, label)).by(Who::Alice).await;
        assert_refuses(&refusal, &UserError::NotModerator);
    }
    assert!(!knows_quokkas(&seventh).await);
    assert_says(&seventh.click(&preview, "Publish").await, "Published.");
    seventh.stop().await;
}

#[tokio::test]
async fn a_publish_button_forged_onto_a_public_answer_leaves_that_answer_as_it_is() {
    let seventh = small().await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    let publish = custom_id(&refresh(&seventh).await, "Publish");
    let answer = ask(&seventh, "What is an EMG for?").await;
    let refusal = seventh.forge_click(&answer, &publish).by(Who::Bob).await;
    assert_refuses(&refusal, &UserError::NotModerator);
    assert_eq!(seventh.look_again(&answer).text(), answer.text());
    assert!(!knows_quokkas(&seventh).await);
    seventh.stop().await;
}

#[tokio::test]
async fn every_moderator_command_leaves_an_audit_line() {
    let seventh = small().await;
    seventh.slash("corpus status").by(Who::Alice).forced().await;
    status(&seventh).await;
    seventh.write(NEW_ARTICLE, "no front matter");
    refresh(&seventh).await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    let preview = refresh(&seventh).await;
    seventh.click(&preview, "Cancel").await;
    let preview = refresh(&seventh).await;
    assert_disclaimer(&seventh.click(&preview, "Publish").await);
    let end = seventh.stop().await;

    let expected = [
        ("start", "publish", "done", None),
        ("discord user", "status", "refused", Some(Who::Alice)),
        ("discord user", "status", "done", Some(Who::Mod)),
        ("discord user", "refresh", "failed", Some(Who::Mod)),
        ("discord user", "refresh", "done", Some(Who::Mod)),
        ("discord user", "cancel", "done", Some(Who::Mod)),
        ("discord user", "refresh", "done", Some(Who::Mod)),
        ("discord user", "publish", "done", Some(Who::Mod)),
    ];
    let expected = expected.map(|(by, action, outcome, who)| audited(by, action, outcome, who));
    assert_eq!(without_generations(&audit_lines(&end.stderr)), expected);
}

#[tokio::test]
async fn a_removal_by_a_moderator_leaves_an_audit_line_and_one_by_the_asker_leaves_none() {
    let seventh = reader().await;
    for (remover, removed) in [(Who::Alice, true), (Who::Bob, false), (Who::Mod, true)] {
        let answer = seventh.mention("What is an EMG for?").await;
        seventh.click(&answer, "Remove").by(remover).await;
        assert_eq!(seventh.look_again(&answer).deleted, removed, "{remover:?}");
    }
    let end = seventh.stop().await;
    let expected = [
        audited("discord user", "remove", "refused", Some(Who::Bob)),
        audited("discord user", "remove", "done", Some(Who::Mod)),
    ];
    assert_eq!(without_generations(&audit_lines(&end.stderr)), expected);
}

/// A line of the audit as it should be, up to the generation.
fn audited(by: &str, action: &str, outcome: &str, who: Option<Who>) -> String {
    let (user, guild) =
        who.map_or_else(Default::default, |who| (format!(" {}", who.id()), format!(" guild={}", Guild::Home.id())));
    format!("by={by}{user} action=\"{action}\" outcome=\"{outcome}\"{guild}")
}

fn without_generations(lines: &[String]) -> Vec<&str> {
    lines.iter().map(|line| line.split_once(" generation=").map_or("(no generation)", |(before, _)| before)).collect()
}
