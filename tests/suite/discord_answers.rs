//! Questions and answers in Discord: every entrance, and what an answer consists of.

use insta::assert_snapshot;

use crate::{
    discord_reading::{
        CLEAR_QUESTIONS, abstains, articles, ask, assert_byte_exact, assert_disclaimer, assert_says, index,
        more_passages, plain_quotes, quotes, reader, stable, with_articles, written,
    },
    harness::{Guild, Kind, Reply, Terminal, Who},
};

const EMG: &str = "What is an EMG for?";
const FROM_A_MESSAGE: &str = "Answer from the corpus";

#[tokio::test]
async fn ask_answers_in_public_with_quote_source_review_note_care_line_and_disclaimer() {
    let seventh = reader().await;
    let reply = ask(&seventh, EMG).await;

    assert_eq!((reply.kind, reply.ephemeral), (Kind::Message, false));
    assert_eq!(quotes(&reply).len(), 1);
    let section = "— What Causes Facial Twitching? Understanding the Symptoms and Underlying Conditions › \
                   Diagnosis and Importance of Early Intervention.";
    assert_says(&reply, section);
    assert_says(&reply, "no clinician has reviewed it");
    assert_says(&reply, "**Editors' note:** ");
    assert_says(&reply, "**When to seek care (by the editors):** ");
    assert!(reply.buttons().contains(&"Remove".to_owned()), "{reply:?}");
    seventh.stop().await;
}

#[tokio::test]
async fn clear_questions_get_the_recorded_answers() {
    let seventh = reader().await;
    for (name, question) in ["answer_emg", "answer_botox", "answer_stroke"].into_iter().zip(CLEAR_QUESTIONS) {
        assert_snapshot!(name, stable(&ask(&seventh, question).await));
    }
    seventh.stop().await;
}

#[tokio::test]
async fn the_passage_comes_before_its_notes_and_the_notes_before_anything_else() {
    let seventh = reader().await;
    // Two headings that are about as likely: the second one is named at the end.
    let text = written(&ask(&seventh, "Is the facial nerve compressed by a vessel or a tumour?").await);
    let order = ["> ", "\n-# — ", "**When to seek care (by the editors):**", "**Editors' note:**", "Also relevant: "];
    let places = order.map(|it| text.find(it).unwrap_or_else(|| panic!("{it:?} is not in\n{text}")));
    assert!(places.is_sorted(), "{places:?} in\n{text}");
    seventh.stop().await;
}

/// A change of corpus or calibration may change these; then look for other questions of the same kind.
#[tokio::test]
async fn what_is_no_clear_answer_says_so_and_a_slip_is_said_to_be_mended() {
    let seventh = reader().await;
    for (name, question, says) in [
        (
            "related",
            "hemifacial spasm complications",
            "I found no direct answer. This is the nearest that my articles say:",
        ),
        ("did_you_mean", "Does spam hurt?", "Did you mean “spasm”?"),
        ("showing_results", "microvasculr decompresion", "Showing results for “microvascular”, “decompression”."),
    ] {
        let reply = ask(&seventh, question).await;
        assert_says(&reply, says);
        assert_eq!(quotes(&reply).is_empty(), name == "did_you_mean", "{reply:?}");
        assert_snapshot!(name, stable(&reply));
    }
    seventh.stop().await;
}

#[tokio::test]
async fn a_private_question_is_answered_to_the_asker_alone() {
    let seventh = reader().await;
    let open = ask(&seventh, EMG).await;
    let private = seventh.slash("ask").option("question", EMG).option("private", true).await;
    assert!(private.ephemeral);
    assert_eq!(quotes(&private), quotes(&open));
    assert_disclaimer(&private);
    assert!(!private.buttons().contains(&"Remove".to_owned()), "what only the asker sees needs no removing");
    seventh.stop().await;
}

#[tokio::test]
async fn ask_answers_in_direct_messages_and_in_servers_without_moderators() {
    let seventh = reader().await;
    let here = ask(&seventh, EMG).await;
    let direct = seventh.slash("ask").option("question", EMG).in_dm().await;
    let elsewhere = seventh.slash("ask").option("question", EMG).in_guild(Guild::Elsewhere).await;
    for reply in [&direct, &elsewhere] {
        assert_eq!(written(reply), written(&here));
        assert!(!reply.ephemeral);
    }
    seventh.stop().await;
}

#[tokio::test]
async fn every_entrance_gives_the_same_answer() {
    let seventh = reader().await;
    for question in CLEAR_QUESTIONS {
        let asked = ask(&seventh, question).await;
        let mentioned = seventh.mention(question).await;
        let entrances = [
            seventh.mention(question).replying_to(&mentioned).await,
            seventh.mention("{bot}").by(Who::Bob).replying_to(&mentioned).await,
            seventh.mention(&format!("Tell me, {{bot}}: {question}")).in_guild(Guild::Elsewhere).await,
            seventh.dm(question).await,
            seventh.dm("{bot}").await,
            seventh.context_menu(FROM_A_MESSAGE, question).await,
            seventh.context_menu(FROM_A_MESSAGE, question).in_dm().await,
            mentioned,
        ];
        let (empty, full): (Vec<Reply>, Vec<Reply>) = entrances.into_iter().partition(|it| quotes(it).is_empty());
        assert!(full.iter().all(|it| quotes(it) == quotes(&asked)), "{full:?}");
        assert_eq!(empty.len(), 2, "only a mention without a word asks nothing: {empty:?}");
    }
    seventh.stop().await;
}

#[tokio::test]
async fn an_answer_to_a_message_is_a_visible_reply_to_it() {
    let seventh = reader().await;
    let mentioned = seventh.mention(EMG).await;
    assert!(mentioned.replies_to_the_asker());
    assert_eq!(mentioned.kind, Kind::Posted);
    assert!(seventh.dm(EMG).by(Who::Bob).await.replies_to_the_asker());
    assert!(seventh.mention(EMG).replying_to(&mentioned).await.replies_to_the_asker());
    seventh.stop().await;
}

#[tokio::test]
async fn an_edited_question_is_not_answered_again() {
    let seventh = reader().await;
    let reply = seventh.mention(EMG).await;
    seventh.assert_no_reply(|it| it.edit(&reply, "{bot} Is Botox used for this?")).await;
    seventh.stop().await;
}

/// P10.
#[tokio::test]
async fn the_terminal_and_discord_give_the_same_decision_and_quotes() {
    let seventh = reader().await;
    let terminal = Terminal::new().index(index());
    let strange = ["best pizza dough recipe", "Do I have MS?", "does stress make it worse", "is it a tumour"];
    for question in CLEAR_QUESTIONS.into_iter().chain(strange) {
        let end = terminal.run(["ask", "--json", question]);
        assert_eq!(end.code, Some(0), "{}", end.stderr);
        let answer: serde_json::Value = serde_json::from_str(&end.stdout).expect("one JSON object");
        let texts = |it: &serde_json::Value| it["text"].as_str().unwrap_or_default().to_owned();
        let expected: Vec<String> = answer["passages"].as_array().into_iter().flatten().map(texts).collect();

        let reply = ask(&seventh, question).await;
        let mut got = plain_quotes(&reply);
        got.extend(more_passages(&seventh, &reply).await.iter().flat_map(plain_quotes));
        assert_eq!(got, expected, "{question}");
        assert_eq!(abstains(&reply), answer["decision"] == "abstain", "{question}: {reply:?}");
    }
    seventh.stop().await;
}

/// P1.
#[tokio::test]
async fn every_quote_is_a_byte_exact_slice_of_the_article() {
    let seventh = reader().await;
    let more_questions = ["What is the main cause of hemifacial spasm?", "Can Bell's palsy lead to spasms later?"];
    for question in CLEAR_QUESTIONS.into_iter().chain(more_questions) {
        let reply = ask(&seventh, question).await;
        assert_byte_exact(&seventh, &reply);
        for button in reply.buttons().iter().filter(|label| *label != "Remove") {
            assert_byte_exact(&seventh, &seventh.click(&reply, button).await);
        }
    }
    seventh.stop().await;
}

#[tokio::test]
async fn lists_tables_and_emphasis_are_quoted_byte_exactly() {
    let article = "+++\ntitle = \"Forms\"\n+++\n\n# Forms\n\n## Quokka list\n\n\
        - A quokka *smiles* — often.\n- It has a `tail`.\n\n\
        ## Wombat table\n\n| Wombat | Burrow |\n| --- | --- |\n| one | **deep** |\n\n\
        ## Numbat marks\n\nA numbat is **striped** and naïve. It eats\ntermites, \"20,000\" a day. \
        Numbats > wombats.\n\n\
        ## Bilby code\n\n```\nlet bilby = **ears**;\n```\n";
    let seventh = with_articles(&[("forms.md", article)]).await;
    for question in
        ["Does a quokka have a tail?", "Where is a wombat burrow?", "Does a numbat eat termites?", "bilby ears"]
    {
        let reply = ask(&seventh, question).await;
        assert_byte_exact(&seventh, &reply);
    }
    assert_eq!(articles(&seventh).len(), 2);
    seventh.stop().await;
}

#[tokio::test]
async fn an_off_topic_question_is_not_answered_and_topics_are_offered() {
    let seventh = reader().await;
    let reply = ask(&seventh, "best pizza dough recipe").await;
    assert!(abstains(&reply), "{reply:?}");
    assert_disclaimer(&reply);
    let section = seventh.select(&reply, "Diagnosis and Importance of Early Intervention").await;
    assert!(section.ephemeral, "a menu on a public message answers whoever used it");
    assert_byte_exact(&seventh, &section);
    assert_snapshot!("abstain", stable(&reply));
    seventh.stop().await;
}

#[tokio::test]
async fn a_demand_for_a_dose_gets_the_scope_sentence_and_no_number() {
    let seventh = reader().await;
    let reply = ask(&seventh, "how many mg should I take").await;
    assert_says(&reply, "I can't say what you have, choose a treatment or dose for you");
    assert_eq!(quotes(&reply), Vec::<String>::new());
    assert_snapshot!("demand_without_topic", stable(&reply));
    seventh.stop().await;
}

#[tokio::test]
async fn a_demand_on_a_topic_gets_the_scope_sentence_above_the_passage() {
    let seventh = reader().await;
    let reply = ask(&seventh, "Do I have MS?").await;
    let text = written(&reply);
    let scope = text.find("I can't say what you have, choose a treatment or dose for you");
    let quote = text.find("> ");
    assert!(scope.is_some() && scope < quote, "{reply:?}");
    assert_disclaimer(&reply);
    seventh.stop().await;
}
