//! `seventh train-alerts`: what the classifier learns from examples that a moderator may add to.

use std::{fmt::Write as _, fs};

use serde_json::Value;

use crate::corpus_folder::{CorpusFolder, cli_output};

const EXAMPLES: &str = "examples/alerts.csv";
const MODEL: &str = "learned/alert_classifier.toml";
const REPORT: &str = "learned/alert_classifier_report.md";

/// Signs of a fire that the good corpus' one rule does not know.
const FIRES: [&str; 12] = [
    "smoke comes out of the socket",
    "there is smoke behind the stove",
    "the curtain beside the stove has caught",
    "thick smoke in the kitchen and a smell of burning",
    "flames at the back of the toaster",
    "the toaster has flames in it",
    "the stove has flames and smoke",
    "the socket sparks and there is smoke",
    "black smoke comes from the stove",
    "burning smell and smoke since a minute",
    "the kitchen is full of smoke",
    "the curtain has flames on it",
];

const HARMLESS: [&str; 12] = [
    "how do I clean the clock",
    "does vinegar dissolve scale",
    "my tea tastes of vinegar",
    "which clock keeps time best",
    "the clock ticks loudly at night",
    "is citric acid better than vinegar",
    "a new lid for the teapot please",
    "the spout drips on the cloth",
    "how often should I descale",
    "the hands of the clock are late",
    "what tea do you drink",
    "the handle is loose again",
];

const DEMANDS: [&str; 12] = [
    "decide for me which descaler I buy",
    "just decide for me, acid or vinegar",
    "you choose for me, I will do it",
    "choose one for me and tell me",
    "tell me which I must buy, you decide",
    "sign a guarantee for me",
    "write me a certificate for the shop",
    "decide and tell me what to do",
    "you decide for me please",
    "choose for me, the red or the blue",
    "tell me what I must do now",
    "write and sign a letter for me",
];

/// The good corpus with examples.
fn folder() -> CorpusFolder {
    let folder = CorpusFolder::new();
    folder.write(EXAMPLES, examples());
    folder
}

fn examples() -> String {
    let mut text = "flag,kind,text\n".to_owned();
    for ((fire, harmless), demand) in FIRES.iter().zip(HARMLESS).zip(DEMANDS) {
        write!(text, "fire,lay,\"{fire}\"\nnone,ordinary,\"{harmless}\"\ndemand,decide,\"{demand}\"\n")
            .expect("text can be written");
    }
    text
}

fn train(folder: &CorpusFolder) -> String {
    let end = folder.run(&["train-alerts"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    end.stdout
}

fn asked(folder: &CorpusFolder, text: &str) -> Value {
    let end = folder.run(&["ask", "--fresh", "--json", text]);
    serde_json::from_str(&end.stdout).unwrap_or_else(|error| panic!("{error}: {}", cli_output(&end)))
}

fn read(folder: &CorpusFolder, name: &str) -> String {
    fs::read_to_string(folder.corpus().join(name)).expect("the file was written")
}

#[test]
fn the_same_files_train_the_same_bytes() {
    let (one, other) = (folder(), folder());
    train(&one);
    train(&other);
    for name in [MODEL, REPORT] {
        assert_eq!(read(&one, name), read(&other, name), "{name}");
    }
    train(&other);
    assert_eq!(read(&one, MODEL), read(&other, MODEL), "what is there already changes nothing");
}

#[test]
fn a_trained_reader_raises_what_no_rule_knows_and_sees_demands() {
    let folder = folder();
    let asked = |text: &str| asked(&folder, text);
    assert_eq!(asked("smoke in the kitchen and flames")["urgent"], false);
    let said = train(&folder);
    assert!(said.contains("36 messages of `examples/alerts.csv`"), "{said}");
    let fire = asked("smoke in the kitchen and flames");
    assert_eq!((&fire["urgent"], &fire["flag"]), (&true.into(), &"fire".into()), "{fire:#}");
    assert_eq!(asked("you decide for me which one I must buy")["scope"], true);
    let harmless = asked("how do I descale the clock");
    assert_eq!((&harmless["urgent"], &harmless["scope"]), (&false.into(), &false.into()), "{harmless:#}");
}

#[test]
fn mistakes_in_the_examples_are_named_with_their_lines_and_nothing_is_written() {
    let folder = folder();
    let rows = "flood,lay,the sink runs over\nfire,ordinary,the stove burns\nnone,ordinary,...\n\
                none,ordinary,\"How do I CLEAN  the clock\"\n";
    folder.write(EXAMPLES, examples() + rows);
    let end = folder.run(&["train-alerts"]);
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
    insta::assert_snapshot!(folder.redact(&end.stderr));
    assert!(!folder.corpus().join(MODEL).exists() && !folder.corpus().join(REPORT).exists());
}

#[test]
fn terms_of_the_lexicon_are_learned_as_harmless_but_not_those_that_are_marked_as_words_of_danger() {
    let folder = folder();
    let lexicon = "canonical,variant,kind,direction,note\n\
        vinegar,sour stuff,lay,one-way,\nsmoke,the stove smokes,lay,triage,never searched for\n\
        flame,flames,lay,block,\n";
    folder.write("lexicon.csv", lexicon);
    let said = train(&folder);
    // Vinegar, sour stuff, flame and flames.
    assert!(said.contains(" 4 questions and terms of the corpus itself"), "{said}");
}

#[test]
fn a_check_says_when_anything_that_training_reads_has_changed() {
    let folder = folder();
    let warnings = || {
        let end = folder.run(&["check"]);
        assert_eq!(end.code, Some(0), "{}", cli_output(&end));
        cli_output(&end)
    };
    train(&folder);
    assert!(!warnings().contains("train-alerts"), "{}", warnings());
    let changes = [
        (EXAMPLES, examples() + "none,ordinary,\"the kettle sings\"\n"),
        ("red_flags.toml", read(&folder, "red_flags.toml") + "\n# a remark\n"),
        ("examples/taught.csv", "question,article,quotes\nhow do I descale it,kettles,descale\n".to_owned()),
        ("lexicon.csv", "canonical,variant,kind,direction,note\nvinegar,sour stuff,lay,one-way,\n".to_owned()),
    ];
    for (file, text) in changes {
        folder.write(file, text);
        let stale = format!("warning: {MODEL}: stale: it was trained on other versions of ");
        assert!(warnings().contains(&stale), "{file}: {}", warnings());
        train(&folder);
        assert!(!warnings().contains("train-alerts"), "{file}: {}", warnings());
    }
}

#[test]
fn the_report_quotes_no_message() {
    let folder = folder();
    train(&folder);
    let report = read(&folder, REPORT);
    for message in FIRES.iter().chain(&HARMLESS).chain(&DEMANDS) {
        assert!(!report.contains(message), "{message}");
    }
    assert!(report.contains("* line "), "errors are named by their line: {report}");
}
