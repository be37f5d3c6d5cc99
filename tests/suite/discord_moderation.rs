//! `/corpus refresh` and `/corpus status`: preview, publish, cancel, and who may.

use insta::assert_snapshot;
use seventh::error::UserError;

use crate::{
    corpus_folder::{FOLDER_IS_AHEAD, audit_lines},
    discord_reading::{
        ask, assert_byte_exact, assert_disclaimer, assert_refuses, assert_says, quotes, small, stable, written,
    },
    harness::{Kind, Reply, Seventh, Who},
    index_on_disk::{current, leftovers},
};

pub(crate) const NEW_ARTICLE: &str = "articles/quokkas.md";
pub(crate) const QUOKKAS: &str = "+++\ntitle = \"Quokkas\"\nreviewed = 2026-11-23\nreview_due = 2020-01-31\n+++\n\n\
    # Quokkas\n\n\
    A quokka smiles with its zygomaticus.\n\n## Quokka food\n\nA quokka eats swamp peppermint.\n";
pub(crate) const QUESTION: &str = "Does a quokka smile?";

pub(crate) async fn refresh(seventh: &Seventh) -> Reply {
    seventh.slash("corpus refresh").by(Who::Mod).await
}

pub(crate) async fn status(seventh: &Seventh) -> Reply {
    seventh.slash("corpus status").by(Who::Mod).await
}

pub(crate) async fn knows_quokkas(seventh: &Seventh) -> bool {
    !quotes(&ask(seventh, QUESTION).await).is_empty()
}

#[tokio::test]
async fn a_refresh_of_an_unchanged_corpus_says_that_nothing_has_changed() {
    let seventh = small().await;
    let reply = refresh(&seventh).await;
    assert_eq!((reply.kind, reply.ephemeral), (Kind::Deferred, true));
    assert_eq!(reply.buttons(), Vec::<String>::new());
    assert_snapshot!("refresh_unchanged", stable(&reply));
    seventh.stop().await;
}

#[tokio::test]
async fn a_preview_lists_what_is_new_and_is_not_live() {
    let seventh = small().await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    let preview = refresh(&seventh).await;
    assert!(preview.ephemeral);
    assert_eq!(preview.buttons(), ["Publish", "Cancel"]);
    assert!(!knows_quokkas(&seventh).await);
    assert_says(&status(&seventh).await, "The corpus folder has changes that are not live");
    assert_snapshot!("refresh_preview", stable(&preview));
    seventh.stop().await;
}

#[tokio::test]
async fn a_preview_lists_what_is_changed_and_what_is_gone() {
    let seventh = small().await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    seventh.click(&refresh(&seventh).await, "Publish").await;
    let changed = QUOKKAS
        .replace("smiles", "mostly smiles")
        .replace("swamp peppermint.\n", "leaves.\n\n> [!NOTE]\n> Not only.\n");
    seventh.write(NEW_ARTICLE, &changed.replace("## Quokka food", "## What a quokka eats"));
    assert_snapshot!("refresh_changed", stable(&refresh(&seventh).await));
    std::fs::remove_file(seventh.corpus().join(NEW_ARTICLE)).expect("the new article is there");
    assert_snapshot!("refresh_removed", stable(&refresh(&seventh).await));
    seventh.stop().await;
}

#[tokio::test]
async fn publishing_makes_the_preview_live() {
    let seventh = small().await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    let preview = refresh(&seventh).await;
    let published = seventh.click(&preview, "Publish").await;
    assert_eq!(published.id(), preview.id(), "the preview turns into what came of it");
    assert_eq!(published.buttons(), Vec::<String>::new());
    assert_snapshot!("published", stable(&published));

    let answer = ask(&seventh, QUESTION).await;
    assert_byte_exact(&seventh, &answer);
    assert_says(&answer, "— Quokkas. Checked by the editors on 23 Nov 2026; no clinician has reviewed it.");
    assert_says(&refresh(&seventh).await, "Nothing has changed");
    seventh.stop().await;
}

#[tokio::test]
async fn what_was_published_is_live_after_a_restart() {
    let mut seventh = small().await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    seventh.click(&refresh(&seventh).await, "Publish").await;
    seventh.crash_and_restart().await;
    assert!(knows_quokkas(&seventh).await);
    seventh.stop().await;
}

#[tokio::test]
async fn cancelling_leaves_the_old_answers() {
    let seventh = small().await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    let preview = refresh(&seventh).await;
    assert_snapshot!("cancelled", stable(&seventh.click(&preview, "Cancel").await));
    assert!(!knows_quokkas(&seventh).await);
    assert_refuses(&seventh.click(&preview, "Publish").await, &UserError::PreviewGone);
    assert!(!knows_quokkas(&seventh).await);
    seventh.stop().await;
}

#[tokio::test]
async fn what_was_cancelled_does_not_go_live_by_a_restart() {
    let mut seventh = small().await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    seventh.click(&refresh(&seventh).await, "Cancel").await;
    seventh.restart().await;
    assert!(!knows_quokkas(&seventh).await);
    seventh.stop().await;
}

#[tokio::test]
async fn a_start_never_publishes_a_changed_corpus() {
    let mut seventh = small().await;
    let published = current(&seventh.index());
    seventh.write(NEW_ARTICLE, QUOKKAS);
    for _ in 0..2 {
        seventh.crash_and_restart().await;
        assert!(!knows_quokkas(&seventh).await);
        assert_says(&status(&seventh).await, "The corpus folder has changes that are not live");
        assert_eq!(current(&seventh.index()), published);
    }
    let end = seventh.stop().await;
    assert_eq!(end.stderr.matches(FOLDER_IS_AHEAD).count(), 2, "{}", end.stderr);
    let publications = audit_lines(&end.stderr).into_iter().filter(|line| line.contains("action=\"publish\""));
    let by_start = format!("by=start action=\"publish\" outcome=\"done\" generation=\"{published}\"");
    assert_eq!(publications.collect::<Vec<_>>(), [by_start], "only into the empty folder");
}

#[tokio::test]
async fn a_preview_can_be_published_after_a_restart() {
    let mut seventh = small().await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    let preview = refresh(&seventh).await;
    std::fs::remove_file(seventh.corpus().join(NEW_ARTICLE)).expect("the new article is there");
    seventh.restart().await;
    assert_says(&seventh.click(&preview, "Publish").await, "Published.");
    assert!(knows_quokkas(&seventh).await);
    seventh.stop().await;
}

#[tokio::test]
async fn an_older_preview_is_not_published_over_a_newer_generation() {
    let seventh = small().await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    let older = refresh(&seventh).await;
    seventh.write(NEW_ARTICLE, &QUOKKAS.replace("smiles", "mostly smiles"));
    seventh.click(&refresh(&seventh).await, "Publish").await;
    assert_refuses(&seventh.click(&older, "Publish").await, &UserError::PreviewOutdated);
    assert!(written(&ask(&seventh, QUESTION).await).contains("mostly smiles"));
    seventh.stop().await;
}

#[tokio::test]
async fn an_old_publish_button_does_not_bring_back_what_was_replaced() {
    let seventh = small().await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    let (preview, same_preview) = (refresh(&seventh).await, refresh(&seventh).await);
    seventh.click(&preview, "Publish").await;
    seventh.write(NEW_ARTICLE, &QUOKKAS.replace("smiles", "mostly smiles"));
    seventh.click(&refresh(&seventh).await, "Publish").await;
    seventh.click(&same_preview, "Publish").await;
    assert!(written(&ask(&seventh, QUESTION).await).contains("mostly smiles"));
    seventh.stop().await;
}

#[tokio::test]
async fn a_broken_corpus_is_refused_with_every_problem_and_the_old_answers_stay() {
    let seventh = small().await;
    seventh.write(NEW_ARTICLE, &QUOKKAS.replace("title =", "titel =").replace("review_due", "reviewdue"));
    seventh.write(
        "articles/wombats.md",
        "+++\ntitle = \"Wombats\"\n+++\n\n# Wombat\n\nText.\n\n##\n\n> [!NOTE]\n> Yes.\n> Sources: nobody\n",
    );
    let refusal = refresh(&seventh).await;
    for line in ["quokkas.md:2", "quokkas.md:4", "wombats.md:5", "wombats.md:9", "wombats.md:11"] {
        assert_says(&refusal, &format!("articles/{line}: "));
    }
    assert_eq!(refusal.buttons(), Vec::<String>::new());
    assert!(refusal.ephemeral);
    assert!(!knows_quokkas(&seventh).await);
    assert_eq!(quotes(&ask(&seventh, "What is an EMG for?").await).len(), 1);
    assert_snapshot!("refresh_refused", stable(&refusal));

    seventh.write(NEW_ARTICLE, QUOKKAS);
    std::fs::remove_file(seventh.corpus().join("articles/wombats.md")).expect("the broken article is there");
    assert_says(&seventh.click(&refresh(&seventh).await, "Publish").await, "Published.");
    assert!(knows_quokkas(&seventh).await);
    seventh.stop().await;
}

#[tokio::test]
async fn a_refresh_that_fails_says_so_with_a_reference_and_the_old_answers_stay() {
    let seventh = small().await;
    let (index, aside) = (seventh.index(), seventh.index().with_file_name("aside"));
    std::fs::rename(&index, &aside).expect("the index folder can be moved");
    std::fs::write(&index, "in the way").expect("a file can be written");
    seventh.write(NEW_ARTICLE, QUOKKAS);
    let refusal = refresh(&seventh).await;
    let text = written(&refusal);
    let (said, reference) = text.split_once("look for this reference: ").unwrap_or_else(|| panic!("{refusal:?}"));
    assert!(said.starts_with("The refresh failed on my side. The old answers stay."), "{refusal:?}");
    assert_disclaimer(&refusal);
    let reference = reference.split_whitespace().next().unwrap_or_default().to_owned();
    assert_eq!(quotes(&ask(&seventh, "What is an EMG for?").await).len(), 1);

    std::fs::remove_file(&index).expect("the file is there");
    std::fs::rename(&aside, &index).expect("the index folder can be moved back");
    assert_says(&seventh.click(&refresh(&seventh).await, "Publish").await, "Published.");
    assert!(knows_quokkas(&seventh).await);
    let end = seventh.stop().await;
    assert!(end.stderr.contains(&format!("reference={reference}")), "{}", end.stderr);
}

#[tokio::test]
async fn a_misspelt_key_and_a_wrong_date_are_both_reported() {
    let seventh = small().await;
    let broken = QUOKKAS.replace("title =", "titel =").replace("reviewed = 2026-11-23", "reviewed = \"soon\"");
    seventh.write(NEW_ARTICLE, &broken);
    let refusal = refresh(&seventh).await;
    assert_says(&refusal, "articles/quokkas.md:2: ");
    assert_says(&refusal, "articles/quokkas.md:3: ");
    assert_says(&refusal, "must be a date such as 2026-11-23");
    seventh.stop().await;
}

#[tokio::test]
async fn a_corpus_with_hundreds_of_problems_is_refused_in_one_message_that_counts_them() {
    let seventh = small().await;
    let headings = "## Twin\n\nText.\n\n".repeat(300);
    seventh.write(NEW_ARTICLE, &format!("+++\ntitle = \"Twins\"\n+++\n\n# Twins\n\n{headings}"));
    let refusal = refresh(&seventh).await;
    assert_says(&refusal, "… and 2");
    assert_says(&refusal, "articles/quokkas.md:11:");
    seventh.stop().await;
}

#[tokio::test]
async fn two_refreshes_at_once_do_no_damage() {
    let seventh = small().await;
    seventh.write(NEW_ARTICLE, QUOKKAS);
    let by_owner = async { seventh.slash("corpus refresh").by(Who::Owner).await };
    let (first, second, answer) = tokio::join!(refresh(&seventh), by_owner, ask(&seventh, "What is an EMG for?"));
    let (previews, others): (Vec<Reply>, Vec<Reply>) =
        [first, second].into_iter().partition(|it| it.buttons().contains(&"Publish".to_owned()));
    for other in &others {
        assert_refuses(other, &UserError::RefreshRunning);
    }
    assert_eq!(quotes(&answer).len(), 1);
    for preview in &previews {
        assert_says(&seventh.click(preview, "Publish").await, "Published.");
    }
    assert!(knows_quokkas(&seventh).await);
    seventh.stop().await;
}

#[tokio::test]
async fn a_corpus_that_fails_a_golden_question_is_refused() {
    let seventh = small().await;
    let golden = "[[question]]\ntext = \"Does a quokka smile?\"\nexpect = \"answer\"\nquotes = \"quokka\"\n";
    seventh.write("questions.toml", golden);
    let refusal = refresh(&seventh).await;
    assert_says(&refusal, "questions.toml:1: the golden question \"Does a quokka smile?\"");
    assert_eq!(refusal.buttons(), Vec::<String>::new());
    seventh.write(NEW_ARTICLE, QUOKKAS);
    assert_says(&seventh.click(&refresh(&seventh).await, "Publish").await, "Published.");
    seventh.stop().await;
}

#[tokio::test]
async fn a_corpus_whose_red_flags_miss_their_own_examples_is_refused() {
    let seventh = small().await;
    let rules = std::fs::read_to_string(seventh.corpus().join("red_flags.toml")).expect("there are red flags");
    seventh.write("red_flags.toml", &rules.replace("\"my face droops\"", "\"my arm is weak\""));
    assert_says(&refresh(&seventh).await, "\"my arm is weak\" must raise stroke");
    seventh.stop().await;
}

#[tokio::test]
async fn an_abandoned_preview_does_not_stay_on_the_disk() {
    let seventh = small().await;
    for article in [QUOKKAS, "+++\ntitle = \"Quokkas\"\n+++\n\n# Quokkas\n\nA quokka naps.\n"] {
        seventh.write(NEW_ARTICLE, article);
        refresh(&seventh).await;
    }
    seventh.click(&refresh(&seventh).await, "Publish").await;
    assert_eq!(leftovers(&seventh.index()), Vec::<String>::new());
    seventh.stop().await;
}
