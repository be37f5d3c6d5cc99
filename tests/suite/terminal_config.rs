//! Wrong usage and wrong configuration: exit code 2, and a sentence that says where and what to do.

use std::{ffi::OsString, fs, os::unix::ffi::OsStringExt as _};

use crate::{
    corpus_folder::{CorpusFolder, QUESTION, QUOTE, cli_output},
    harness::{End, TOKEN, Terminal},
};

/// Runs `check` with a configuration file.
fn configured(text: &str) -> (CorpusFolder, End) {
    let folder = CorpusFolder::new();
    let file = folder.corpus().with_file_name("seventh.toml");
    fs::write(&file, text).expect("the file can be written");
    let end = folder.terminal().env("SEVENTH_CONFIG", file).run(["check"]);
    (folder, end)
}

fn with_variable(name: &str, value: &str) -> End {
    CorpusFolder::new().terminal().env(name, value).run(["check"])
}

fn assert_misused(end: &End) -> String {
    assert_eq!((end.code, end.stdout.as_str()), (Some(2), ""), "{}", cli_output(end));
    cli_output(end)
}

#[test]
fn wrong_usage_is_told_apart_from_failed_work() {
    let folder = CorpusFolder::new();
    for arguments in [
        [].as_slice(),
        &["ask"],
        &["aks", QUESTION],
        &["ask", QUESTION, "--jsno"],
        &["ask", QUESTION, "--jsonl", "-"],
        &["ask", QUESTION, "--json", "--explain"],
        &["index", "corpus"],
    ] {
        let end = folder.run(arguments);
        assert_eq!((end.code, end.stdout.as_str()), (Some(2), ""), "{arguments:?}: {}", cli_output(&end));
        assert!(end.stderr.contains("Usage: "), "{arguments:?}: {}", cli_output(&end));
    }
    assert!(!folder.index().exists(), "wrong usage builds nothing");
}

#[test]
fn help_and_version_are_no_mistakes() {
    let folder = CorpusFolder::new();
    insta::assert_snapshot!(cli_output(&folder.run(&["--help"])));
    let end = folder.run(&["--version"]);
    assert_eq!((end.code, end.stdout), (Some(0), format!("seventh {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn an_argument_that_is_not_text_is_wrong_usage() {
    let folder = CorpusFolder::new();
    let end = folder.terminal().run([OsString::from("ask"), OsString::from_vec(vec![0xff])]);
    assert_misused(&end);
}

#[test]
fn unknown_keys_of_the_file_are_named_with_line_and_nearest_key() {
    let (folder, end) = configured("[index]\ndri = \"index\"\nkeep = 3\n\n[limit]\nconcurrent_requests = 1\n");
    insta::assert_snapshot!(folder.redact(&assert_misused(&end)));
}

#[test]
fn a_wrong_value_in_the_file_is_named_with_its_line() {
    let (folder, end) = configured("[index]\nkeep = \"five\"\n");
    let said = folder.redact(&assert_misused(&end));
    assert!(said.contains("[folder]/seventh.toml:2: "), "{said}");
}

#[test]
fn values_out_of_range_are_named_all_together() {
    let (_, end) = configured("[index]\nkeep = 0\n[limits]\nconcurrent_requests = 0\nshutdown_seconds = 601\n");
    insta::assert_snapshot!(assert_misused(&end));
}

#[test]
fn a_missing_configuration_file_is_named() {
    insta::assert_snapshot!(assert_misused(&with_variable("SEVENTH_CONFIG", "/nowhere/seventh.toml")));
}

#[test]
fn a_token_in_the_configuration_file_is_refused_without_being_shown() {
    for line in [format!("token = \"{TOKEN}\""), format!("token = {TOKEN}"), format!("\"{TOKEN}\"")] {
        let (_, end) = configured(&format!("[discord]\n{line}\n"));
        let said = assert_misused(&end);
        assert!(said.contains("seventh.toml:2: "), "{said}");
        assert!(!said.contains(TOKEN), "{said}");
    }
}

#[test]
fn unknown_variables_are_named_with_the_nearest_one() {
    let terminal = CorpusFolder::new().terminal().env("SEVENTH_INDX_KEEP", "3").env("SEVENTH_WHATEVER", "1");
    insta::assert_snapshot!(assert_misused(&terminal.run(["check"])));
}

#[test]
fn a_variable_of_the_wrong_kind_is_named() {
    insta::assert_snapshot!(assert_misused(&with_variable("SEVENTH_INDEX_KEEP", "five")));
}

#[test]
fn a_country_that_is_none_or_belongs_to_no_server_is_named() {
    for (value, says) in [
        ("abc=GB", "\"abc\" is not the id of a server"),
        ("0=GB", "\"0\" is not the id of a server"),
        ("7=Britain", "answers.countries.7 must be a code of two letters"),
        ("7=", "answers.countries.7 has no country"),
        ("7", "must be pairs such as 123456789=GB with commas between them"),
    ] {
        let said = assert_misused(&with_variable("SEVENTH_ANSWERS_COUNTRIES", value));
        assert!(said.contains(says), "{value}: {said}");
    }
    let (_folder, end) = configured("[answers.countries]\n\"7\" = \"GBR\"\n");
    assert!(assert_misused(&end).contains("answers.countries.7 must be a code of two letters"), "{}", end.stderr);
}

#[test]
fn a_country_without_a_number_is_refused_by_every_command_that_shows_cards() {
    let terminal = Terminal::new().env("DISCORD_TOKEN", TOKEN).env("SEVENTH_ANSWERS_COUNTRY", "UK");
    let says = "answers.country: no emergency number is known for \"UK\"; did you mean GB (the UK)? \
                Leave it empty for the worldwide line.\n";
    for arguments in [["check"].as_slice(), &["ask", QUESTION], &["ask", "--fresh", QUESTION], &["run"]] {
        let said = assert_misused(&terminal.run(arguments));
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
}

#[test]
fn an_unknown_log_format_is_named_with_its_key() {
    let said = assert_misused(&with_variable("SEVENTH_LOG_FORMAT", "xml"));
    assert!(said.contains("log.format") && said.contains("xml"), "{said}");
}

#[test]
fn a_misspelt_log_level_is_refused() {
    let said = assert_misused(&with_variable("SEVENTH_LOG_LEVEL", "inof"));
    assert!(said.contains("log.level"), "{said}");
}

#[test]
fn an_empty_folder_name_is_refused() {
    for name in ["SEVENTH_INDEX_DIR", "SEVENTH_CORPUS_DIR"] {
        let said = assert_misused(&Terminal::new().env(name, "").run(["check"]));
        assert!(said.contains("corpus.dir and index.dir must name a folder"), "{said}");
    }
}

#[test]
fn a_variable_of_somebody_else_that_is_not_text_does_no_harm() {
    let folder = CorpusFolder::new();
    let end = folder.terminal().env("LS_COLORS", OsString::from_vec(vec![0xff])).run(["ask", QUESTION]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
}

#[test]
fn a_variable_of_ours_that_is_not_text_is_refused_with_a_sentence() {
    let folder = CorpusFolder::new();
    let end = folder.terminal().env("SEVENTH_LOG_LEVEL", OsString::from_vec(vec![0xff])).run(["check"]);
    let said = assert_misused(&end);
    assert!(said.contains("SEVENTH_LOG_LEVEL"), "{said}");
}

#[test]
fn a_variable_stands_above_the_file() {
    let folder = CorpusFolder::new();
    let file = folder.corpus().with_file_name("seventh.toml");
    fs::write(&file, "[corpus]\ndir = \"/nowhere\"\n").expect("the file can be written");
    // The variable with the corpus is the one that the folder sets.
    let end = folder.terminal().env("SEVENTH_CONFIG", file).run(["ask", QUESTION]);
    assert!(end.stdout.contains(QUOTE), "{}", cli_output(&end));
}

#[test]
fn a_file_named_config_toml_in_the_working_folder_is_read() {
    let folder = CorpusFolder::new();
    let terminal = folder.terminal();
    fs::write(terminal.folder().join("config.toml"), "[limit]\n").expect("the file can be written");
    let said = assert_misused(&terminal.run(["check"]));
    assert!(said.contains("config.toml:1: unknown key \"limit\""), "{said}");
}

#[test]
fn the_example_configuration_can_be_used_as_it_is() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/config.example.toml");
    let folder = CorpusFolder::new();
    let end = folder.terminal().env("SEVENTH_CONFIG", example).run(["ask", QUESTION]);
    assert!(end.stdout.contains(QUOTE), "{}", cli_output(&end));
}

#[test]
fn a_disclaimer_that_says_too_little_is_refused() {
    insta::assert_snapshot!(assert_misused(&with_variable("SEVENTH_ANSWERS_DISCLAIMER", "Have fun!")));
}

#[test]
fn every_answer_ends_with_the_disclaimer_of_the_configuration() {
    let words = "I am not a doctor. I quote an article. Ask a doctor.";
    let folder = CorpusFolder::new();
    for question in [QUESTION, "Who won the chess tournament?", "My kettle is on fire"] {
        let end = folder.terminal().env("SEVENTH_ANSWERS_DISCLAIMER", words).run(["ask", question]);
        assert!(end.stdout.trim_end().ends_with(words), "{}", cli_output(&end));
    }
}
