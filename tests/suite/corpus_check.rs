//! `seventh check` on corpora with mistakes: each is named with its place and with what to do, and nothing is built.

use std::fs;

use crate::corpus_folder::{CorpusFolder, cli_output, fixture};

/// What `seventh check` says about a corpus with mistakes.
fn refused(folder: &CorpusFolder) -> String {
    let end = folder.run(&["check"]);
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
    let left: Vec<_> = fs::read_dir(folder.index()).map_or_else(|_| Vec::new(), Iterator::collect);
    assert!(left.is_empty(), "check left something behind: {left:?}");
    folder.redact(&cli_output(&end))
}

fn check(case: &str) -> String {
    refused(&CorpusFolder::with(case))
}

/// What a check says of a corpus that it lets pass.
fn warned(case: &str) -> String {
    let folder = CorpusFolder::with(case);
    folder.write("questions.toml", "");
    let end = folder.run(&["check"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    let said = cli_output(&end);
    said.lines().filter(|line| line.starts_with("warning: articles")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_good_corpus_is_told_what_a_refresh_would_change() {
    let folder = CorpusFolder::new();
    insta::assert_snapshot!(folder.redact(&cli_output(&folder.run(&["check"]))));
}

#[test]
fn a_corpus_like_the_live_one_is_told_that_nothing_would_change() {
    let folder = CorpusFolder::new();
    folder.run(&["index"]);
    let end = folder.run(&["check"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    assert!(end.stdout.to_lowercase().contains("nothing"), "{}", cli_output(&end));
}

#[test]
fn a_changed_corpus_is_told_what_a_refresh_would_change() {
    let folder = CorpusFolder::new();
    folder.run(&["index"]);
    let kettles = fs::read_to_string(folder.corpus().join("articles/kettles.md")).expect("the fixture has it");
    let kettles = kettles.replace("leaves behind", "leaves over").replace("advise", "warn");
    folder.write("articles/kettles.md", kettles);
    fs::remove_file(folder.corpus().join("articles/clocks.md")).expect("the fixture has it");
    folder.add_article("teapot");
    insta::assert_snapshot!(folder.redact(&cli_output(&folder.run(&["check"]))));
}

#[test]
fn unknown_keys_are_named_with_line_and_nearest_key() {
    insta::assert_snapshot!(check("unknown-keys"));
}

#[test]
fn a_heading_without_text_is_refused() {
    insta::assert_snapshot!(check("heading-without-text"));
}

#[test]
fn the_same_heading_under_one_parent_is_warned_about() {
    insta::assert_snapshot!(warned("heading-twice"));
}

#[test]
fn two_articles_with_one_title_are_warned_about() {
    insta::assert_snapshot!(warned("same-title"));
}

#[test]
fn an_article_name_that_differs_from_another_only_by_its_case_is_refused() {
    let folder = CorpusFolder::new();
    folder.write("articles/Kettles.md", "+++\ntitle = \"Teapots\"\n+++\n\n# Teapots\n\nA teapot pours tea.\n");
    insta::assert_snapshot!(refused(&folder));
}

#[test]
fn files_without_front_matter_are_told_how_to_begin() {
    insta::assert_snapshot!(check("no-front-matter"));
}

#[test]
fn broken_lexicon_rows_are_named_one_by_one() {
    insta::assert_snapshot!(check("broken-lexicon"));
}

#[test]
fn broken_red_flag_rules_are_refused() {
    insta::assert_snapshot!(check("broken-red-flags"));
}

#[test]
fn a_mistake_in_the_second_rule_of_a_name_is_reported_in_its_own_line() {
    let text = fs::read_to_string(fixture("broken-red-flags/red_flags.toml")).expect("the fixture is there");
    let second = text.lines().enumerate().filter(|(_, line)| *line == "id = \"burning\"").nth(1);
    let (below_the_header, _) = second.expect("the fixture has two rules of one name");
    let expected = format!("red_flags.toml:{below_the_header}: the rule \"burning\" is there twice; rename one");
    let said = check("broken-red-flags");
    assert!(said.lines().any(|it| it == expected), "{expected}\nis not in\n{said}");
}

#[test]
fn broken_golden_questions_are_refused() {
    insta::assert_snapshot!(check("broken-questions"));
}

#[test]
fn a_wrong_value_does_not_hide_an_unknown_key_after_it() {
    let folder = CorpusFolder::new();
    folder.write("articles/a.md", "+++\ntitle = \"A\"\nreviewed = \"yesterday\"\ntagz = []\n+++\n\n# A\n\nWords.\n");
    let said = refused(&folder);
    assert!(said.contains("articles/a.md:3: "), "{said}");
    assert!(said.contains("articles/a.md:4: unknown key \"tagz\""), "{said}");
}

#[test]
fn a_golden_question_that_fails_stops_the_corpus() {
    insta::assert_snapshot!(check("golden-question-fails"));
}

#[test]
fn a_rule_whose_examples_fail_stops_the_corpus() {
    insta::assert_snapshot!(check("rule-example-fails"));
}

#[test]
fn a_failed_example_is_named_with_its_line() {
    for case in ["golden-question-fails", "rule-example-fails"] {
        let said = check(case);
        let problems: Vec<&str> =
            said.lines().filter(|line| line.contains(".toml") && !line.starts_with("warning")).collect();
        let with_line = |line: &&str| line.split(':').nth(1).is_some_and(|part| part.parse::<usize>().is_ok());
        assert!(!problems.is_empty() && problems.iter().all(with_line), "{said}");
    }
}

#[test]
fn all_problems_of_all_files_are_reported_together() {
    insta::assert_snapshot!(check("many-mistakes"));
}

/// As the corpora that other programs write: the title stands in the front matter alone.
#[test]
fn an_article_may_leave_its_title_to_the_front_matter() {
    let folder = CorpusFolder::new();
    folder.write(
        "articles/cups.md",
        "+++\ntitle = \"Cups\"\n+++\n\nA cup holds tea.\n\n## Handles\n\nA handle keeps fingers cool.\n",
    );
    folder.run(&["index"]);
    let end = folder.run(&["ask", "--json", "What does a handle do for fingers?"]);
    assert!(
        end.stdout.contains("\"section\": \"Handles\"") && end.stdout.contains("\"article\": \"Cups\""),
        "{}",
        cli_output(&end)
    );
}

#[test]
fn a_row_whose_quotation_mark_is_not_closed_is_named_and_swallows_nothing() {
    let folder = CorpusFolder::new();
    folder.write(
        "lexicon.csv",
        "canonical,variant,kind,direction,note\na,b,lay,one-way,\"c\nlimescale,chalk,lay,one-way,\n",
    );
    let said = refused(&folder);
    assert!(said.contains("lexicon.csv:2: a cell goes on in the next line"), "{said}");
}

#[test]
fn a_wrong_cell_is_named_by_its_column() {
    let folder = CorpusFolder::new();
    folder.write("lexicon.csv", "canonical,variant,kind,direction,note\nlimescale,chalk,lay,oneway,\n");
    let said = refused(&folder);
    assert!(said.contains("lexicon.csv:2: column direction: ") && said.contains("`oneway`"), "{said}");
}

#[test]
fn a_misspelt_column_is_named_once() {
    let folder = CorpusFolder::new();
    let rows = "limescale,chalk,lay,one-way,\npendulum,swinging weight,lay,one-way,\n";
    folder.write("lexicon.csv", format!("canonical,varient,kind,direction,note\n{rows}"));
    let said = refused(&folder);
    assert_eq!(said.matches("lexicon.csv:").count(), 1, "{said}");
    assert!(
        said.contains("lexicon.csv:1: the first line must name the columns") && said.contains("variant is"),
        "{said}"
    );
}

#[test]
fn a_golden_question_that_anything_would_pass_is_refused() {
    let folder = CorpusFolder::new();
    folder.write(
        "questions.toml",
        "[[question]]\ntext = \"Does citric acid dissolve crusts?\"\nexpect = \"answer\"\n\n\
         [[question]]\ntext = \"My kettle is on fire\"\nexpect = \"alert\"\n",
    );
    let said = refused(&folder);
    assert!(said.contains("questions.toml:1: expect = \"answer\" needs quotes"), "{said}");
    assert!(said.contains("questions.toml:5: expect = \"alert\" needs flag"), "{said}");
}
