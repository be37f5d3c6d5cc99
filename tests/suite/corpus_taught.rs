//! `taught.csv`: questions beside the sentence that answers them, in everyday words that the article does not have.

use serde_json::Value;

use crate::corpus_folder::{CorpusFolder, cli_output};

/// No word of it stands in the article.
const LAY: &str = "my brewer is furred up, how do I shift the gunk";
const ROW: &str = "How do I shift the gunk from a furred brewer?,kettles,Citric acid dissolves what vinegar";

fn folder(rows: &str) -> CorpusFolder {
    let folder = CorpusFolder::new();
    folder.write("examples/taught.csv", format!("question,article,quotes\n{rows}\n"));
    folder
}

fn ask(folder: &CorpusFolder, question: &str) -> Value {
    let end = folder.run(&["ask", question, "--json"]);
    serde_json::from_str(&end.stdout).unwrap_or_else(|_| panic!("{}", cli_output(&end)))
}

fn check(rows: &str) -> String {
    cli_output(&folder(rows).run(&["check"]))
}

#[test]
fn a_taught_question_finds_its_sentence_though_they_share_no_word() {
    let answer = ask(&folder(ROW), LAY);
    assert_ne!(answer["decision"], "abstain", "{answer:#}");
    let quote = answer["passages"][0]["text"].as_str().expect("a quote");
    assert!(quote.contains("Citric acid dissolves what vinegar leaves behind."), "{answer:#}");
    assert_eq!(ask(&CorpusFolder::new(), LAY)["decision"], "abstain", "without the row there is nothing to find");
}

#[test]
fn a_taught_question_is_searched_and_never_shown() {
    let end = folder(ROW).run(&["ask", LAY]);
    assert!(end.stdout.contains("Citric acid") && !end.stdout.contains("brewer"), "{}", cli_output(&end));
}

#[test]
fn a_row_whose_sentence_was_reworded_is_left_out_with_a_warning() {
    let said = check("Why?,kettles,Words that stand nowhere\nHow?,kettles,Words that stand nowhere\nWho?,ketles,x");
    assert!(said.starts_with("exit code 0"), "{said}");
    assert!(
        said.contains(
            "warning: examples/taught.csv:2: no sentence of articles/kettles.md holds \"Words that stand nowhere\"; \
             2 questions are left out"
        ),
        "{said}"
    );
    assert!(
        said.contains("there is no article \"ketles\"; did you mean \"kettles\"?; 1 question is left out"),
        "{said}"
    );
}

#[test]
fn words_that_stand_in_two_sentences_name_none() {
    let said = check("Why?,kettles,the kettle");
    assert!(
        said.contains("more than one sentence of articles/kettles.md holds \"the kettle\"; quote more words"),
        "{said}"
    );
}

#[test]
fn mistakes_are_named_with_their_line() {
    let long = "why ".repeat(100);
    let said = check(&format!("{ROW}\n{ROW}\n,kettles,x\n{long},kettles,x\na,b"));
    assert!(said.starts_with("exit code 1"), "{said}");
    for line in [
        "examples/taught.csv:3: the question stands in line 2 already for this sentence; remove one",
        "examples/taught.csv:4: a row needs quotes, and a question of at most 300 characters; this one has 0",
        "examples/taught.csv:5: a row needs quotes, and a question of at most 300 characters; this one has 399",
        "examples/taught.csv:6: the row has 2 columns, not 3",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
}
