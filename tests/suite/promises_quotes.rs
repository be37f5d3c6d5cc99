//! P1 on real questions: every quoted passage is a byte-exact slice of a file in the generation that was asked.

use std::fs;

use serde_json::Value;

use crate::{
    corpus_folder::{CorpusFolder, cli_output},
    index_on_disk::live,
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// One question of this many is asked: a debug build is slow.
const EVERY: usize = 5;

#[test]
fn every_quote_is_a_slice_of_a_file_of_the_generation() {
    let folder = CorpusFolder::shipped();
    let questions =
        fs::read_to_string(format!("{ROOT}/tests/questions/calibration-1.jsonl")).expect("the questions are there");
    let sample: Vec<&str> = questions.lines().step_by(EVERY).collect();
    let end = folder.terminal().run_with_input(["ask", "--jsonl", "-"], &sample.join("\n"));
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));

    let articles = live(&folder.index()).join("corpus/articles");
    let files: Vec<String> = fs::read_dir(articles)
        .expect("a generation has articles")
        .map(|entry| fs::read_to_string(entry.expect("a folder can be listed").path()).expect("articles are text"))
        .collect();
    let mut quotes = 0;
    for line in end.stdout.lines() {
        let answer: Value = serde_json::from_str(line).expect("each line is JSON");
        for passage in answer["passages"].as_array().expect("passages") {
            let text = passage["text"].as_str().expect("a text");
            assert!(!text.is_empty() && files.iter().any(|file| file.contains(text)), "{answer:#}");
            quotes += 1;
        }
    }
    assert!(quotes > sample.len() / 2, "only {quotes} quotes");
}
