//! What the bot says where no question is answered, word for word; and that every form of a reply is made of its one view.

use std::{collections::BTreeMap, time::Duration};

use insta::assert_snapshot;
use serde_json::{Value, json};
use seventh::{
    app::{App, Caller},
    commands::{Action, Request},
    config::Config,
    config::DISCLAIMER,
    diagnostics::Diagnostic,
    error::{Reference, UserError},
    health::{Health, ShardState},
    reply::{
        ButtonStyle, ControlRow, Presenter, Reply, SemanticState, Status,
        render::{self, JsonAnswer, MessageForm},
        sentence,
    },
};
use tempfile::TempDir;
use time::macros::date;

use crate::discord_reading::small_corpus;

const QUESTION: &str = "Can a stroke cause facial twitching?";

/// The app on the real article; the folders live as long as it does.
fn app(health: &Health) -> (App, [TempDir; 2]) {
    let folders = [small_corpus(&[]), tempfile::tempdir().expect("a temporary folder")];
    let variables: BTreeMap<String, String> = [
        ("SEVENTH_CORPUS_DIR", folders[0].path()),
        ("SEVENTH_INDEX_DIR", folders[1].path()),
        ("SEVENTH_MODERATION_GUILDS", std::path::Path::new("1")),
    ]
    .map(|(name, value)| (name.to_owned(), value.display().to_string()))
    .into();
    let config = Config::read(&variables, folders[1].path()).expect("a valid configuration");
    let app = App::new(&config, health.clone());
    app.open(&|_, _| {});
    (app, folders)
}

fn moderator() -> Caller {
    Caller { user: 1, guild: Some(1), permissions: seventh::app::MANAGE_GUILD, ..Caller::default() }
}

fn asked(app: &App) -> Reply {
    app.handle(&Request::Ask { text: QUESTION.to_owned(), private: false }, &moderator()).reply
}

/// A text without ids, times and the counts of what people may add to.
fn without_what_changes(text: &str) -> String {
    let changing =
        [(r"`[0-9a-f]{16}`", "`(id)`"), (r"built \S+Z", "built (time)"), (r"\d+ (lexicon|taught)", "(n) $1")];
    changing.iter().fold(text.replace(DISCLAIMER, "(disclaimer)"), |text, (pattern, word)| {
        regex::Regex::new(pattern).expect("a valid pattern").replace_all(&text, *word).into_owned()
    })
}

fn said(reply: &Reply) -> String {
    render::plain(reply.view())
}

#[test]
fn every_error_has_its_sentence() {
    let reference = Reference::next();
    let problems = vec![
        Diagnostic::error("articles/a.md", Some(3), "unknown key \"titel\""),
        Diagnostic::error("lexicon.csv", None, "the file is not UTF-8"),
    ];
    let errors = [
        UserError::NoQuestion,
        UserError::NoIndex,
        UserError::Outdated,
        UserError::UnknownButton,
        UserError::UnknownCommand,
        UserError::UnknownTopic,
        UserError::NotModerator,
        UserError::NotAsker,
        UserError::Busy,
        UserError::RefreshRunning,
        UserError::PreviewGone,
        UserError::PreviewOutdated,
        UserError::Corpus(problems),
        UserError::Internal(reference),
        UserError::RefreshFailed(reference),
    ];
    // A new error does not compile before it is above.
    for error in &errors {
        match error {
            UserError::NoQuestion
            | UserError::NoIndex
            | UserError::Outdated
            | UserError::UnknownButton
            | UserError::UnknownCommand
            | UserError::UnknownTopic
            | UserError::NotModerator
            | UserError::NotAsker
            | UserError::Busy
            | UserError::RefreshRunning
            | UserError::PreviewGone
            | UserError::PreviewOutdated
            | UserError::Corpus(_)
            | UserError::Internal(_)
            | UserError::RefreshFailed(_) => {}
        }
    }
    let presenter = Presenter::new(DISCLAIMER.to_owned());
    for error in &errors {
        assert!(said(&presenter.error(error)).starts_with(&sentence(error)), "{error}");
    }
    let all: Vec<String> = errors.iter().map(|error| format!("{error}:\n{}", sentence(error))).collect();
    assert_snapshot!(all.join("\n\n").replace(&reference.to_string(), "(reference)"));
}

#[test]
fn the_status_says_what_is_searched_and_what_does_not_work() {
    let presenter = Presenter::new(DISCLAIMER.to_owned());
    let status = |semantic: &SemanticState, corpus_changed, shards, refused: &[(&str, &str)]| {
        said(&presenter.status(&Status {
            snapshot: None,
            semantic,
            corpus_changed,
            uptime: Duration::from_secs(93_784),
            questions: 1,
            today: date!(2026 - 11 - 29),
            shards,
            refused,
        }))
    };
    let texts = [
        status(&SemanticState::Off, false, (0, 0), &[]),
        status(&SemanticState::On("0123".to_owned()), true, (1, 1), &[]),
        status(
            &SemanticState::Unusable("the reason".to_owned()),
            false,
            (1, 2),
            &[("commands", "HTTP 500"), ("new requests", "stopping")],
        ),
        status(&SemanticState::NoVectors, false, (0, 2), &[]),
    ];
    let without_end = texts.map(|text| text.replace(DISCLAIMER, "(disclaimer)"));
    assert_snapshot!(without_end.join("\n\n=====\n\n"));
}

#[test]
fn the_status_shows_the_health_of_the_process() {
    let health = Health::default();
    let (app, _folders) = app(&health);
    let status = || said(&app.handle(&Request::CorpusStatus, &moderator()).reply);
    assert!(!status().contains("Gateway") && !status().contains("Not working"), "{}", status());
    health.set_shard(0, ShardState::Connected);
    health.set_shard(1, ShardState::Reconnecting);
    health.refuse("commands", "HTTP 500");
    assert!(status().contains("\nGateway: 1 of 2 shards connected.\n**Not working:** commands (HTTP 500)\n"));
    assert_snapshot!("status_live", without_what_changes(&status()));
}

/// The words of a view's quote.
fn words(passage: &Value) -> String {
    let segments = passage["quote"]["segments"].as_array().expect("a quote has segments");
    segments.iter().map(|segment| segment["text"].as_str().expect("words")).collect()
}

#[test]
fn every_form_of_an_answer_is_made_of_its_one_view() {
    let (app, _folders) = app(&Health::default());
    let reply = asked(&app);
    let view = serde_json::to_value(reply.view()).expect("a view is serialisable");
    assert_eq!(view["disclaimer"], DISCLAIMER);
    assert_eq!(view["visibility"], "public");
    assert_eq!(view["assessment"], json!({"decision": "answer", "flag": null, "is_demand": false}));
    let shown = view["passages"].as_array().expect("passages");
    let further = view["further"].as_array().expect("further passages");
    assert_eq!(shown.len(), 1);
    assert!(!further.is_empty());

    let answer = serde_json::to_value(JsonAnswer::new(reply.view(), "7", Duration::from_micros(5))).expect("JSON");
    assert_eq!((&answer["id"], &answer["elapsed_us"]), (&json!("7"), &json!(5)));
    assert_eq!(answer["decision"], "answer");
    let quotes = answer["passages"].as_array().expect("quotes");
    assert_eq!(quotes.len(), shown.len() + further.len());
    for (quote, passage) in quotes.iter().zip(shown.iter().chain(further)) {
        assert_eq!(quote["text"], words(passage));
        for key in ["article", "section", "score"] {
            assert_eq!(quote[key], passage[key], "{key}");
        }
    }

    let embeds = render::embeds(reply.view());
    let texts = [&embeds[0].description, &render::plain(reply.view()), &render::terminal(reply.view())];
    for text in texts {
        let segments = shown[0]["quote"]["segments"].as_array().expect("segments");
        assert!(segments.iter().all(|segment| text.contains(segment["text"].as_str().expect("words"))), "{text}");
        let notes = shown[0]["notes"].as_array().expect("notes");
        assert!(notes.iter().all(|note| text.contains(note["text"].as_str().expect("words"))), "{text}");
    }
}

#[test]
fn what_waits_behind_a_card_is_in_its_view_and_in_json() {
    let (app, _folders) = app(&Health::default());
    let text = format!("My face droops. {QUESTION}");
    let reply = app.handle(&Request::Ask { text, private: false }, &moderator()).reply;
    let view = serde_json::to_value(reply.view()).expect("a view is serialisable");
    assert_eq!((&view["card"]["title"], &view["passages"]), (&json!("This could be an emergency"), &json!([])));
    let answer = serde_json::to_value(JsonAnswer::new(reply.view(), "", Duration::ZERO)).expect("JSON");
    assert_eq!((&answer["urgent"], &answer["flag"]), (&json!(true), &json!("stroke")));
    assert_eq!(answer["passages"].as_array().map(Vec::len), view["further"].as_array().map(Vec::len));
    assert!(!answer["passages"].as_array().expect("passages").is_empty(), "{answer:#}");
}

#[test]
fn a_plain_message_shows_fewer_passages_and_its_button_leads_to_the_rest() {
    let (app, _folders) = app(&Health::default());
    let reply = asked(&app);
    let more = reply.view().controls().iter().find_map(|row| match row {
        ControlRow::Buttons(buttons) => buttons.iter().find(|button| matches!(button.action, Action::More(_))),
        ControlRow::Menu { .. } => None,
    });
    let more = more.expect("there are more passages");
    assert_eq!(more.style, ButtonStyle::Secondary);
    let shown = |form| {
        let caller = Caller { form, ..moderator() };
        let reply = app.handle(&Request::Act(more.action.clone()), &caller).reply;
        let view = serde_json::to_value(reply.view()).expect("a view is serialisable");
        (reply.view().passages().len(), view["controls"].to_string().contains("Next passages"))
    };
    let (in_embeds, in_plain) = (shown(MessageForm::Embeds), shown(MessageForm::Plain));
    assert!(in_plain.0 < in_embeds.0, "{in_plain:?} {in_embeds:?}");
    assert!(in_plain.1);
}

/// What stands above a passage depends on a fitted model, so each sentence must come up for one of several questions.
#[test]
fn above_a_passage_stands_what_is_missing_or_was_read_otherwise() {
    let (app, _folders) = app(&Health::default());
    let leads_of = |text: &str| {
        let reply = app.handle(&Request::Ask { text: text.to_owned(), private: false }, &moderator()).reply;
        serde_json::to_value(reply.view()).expect("a view is serialisable")["lead"].clone()
    };
    let leads: Vec<Value> = [
        "hemifacal spasm",
        "do I have hemifacial spasm",
        "which doctor treats hemifacial spasm in Berlin",
        "is hemifacial spasm more common in women",
        "why does my calf twitch after running",
        "can zygomaticus paralysys make my eyelids twich in Berlin",
        "does the myokimia of my cousin in Berlin come from brocolli",
        "What is an EMG for?",
    ]
    .map(leads_of)
    .into();
    let says = |sentence: &str| {
        let found = leads.iter().flat_map(|lead| lead.as_array().expect("paragraphs"));
        let found = found.filter(|paragraph| paragraph.as_str().is_some_and(|said| said.starts_with(sentence)));
        assert!(found.count() > 0, "{sentence:?} is not in {leads:#?}");
    };
    says("I found no direct answer. This is the nearest that my articles say:");
    says("My articles don't have “berlin”");
    says("Did you mean “");
    says("Showing results for “hemifacial”.");
    says(
        "I can't say what you have, choose a treatment or dose for you, or read your results. A doctor can; a pharmacist can \
         help with medicines. Please don't start, stop or change a medicine on your own. This is what my articles say on the \
         topic:",
    );
    assert_eq!(leads.last(), Some(&json!([])));
}
