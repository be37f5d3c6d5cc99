//! Semantic search: with a model, without it, with a broken one, and with another one than the generation's.
//!
//! The small model here is a real one of random numbers, made in the test: it loads, embeds and is searched as any
//! other.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::{Value, json};
use seventh::{
    embedding::{Embedder, ModelError},
    question::Question,
    triage::{Detector, check},
};
use tempfile::TempDir;

use crate::corpus_folder::{CorpusFolder, FOLDER_IS_AHEAD, QUESTION, QUOTE, cli_output};
use crate::harness::End;

const HIDDEN: usize = 8;
const WORDS: [&str; 12] =
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "kettle", "acid", "citric", "crust", "clock", "water", "vinegar", "filter"];

/// Names and shapes of the tensors of a BERT of one layer.
fn shapes() -> Vec<(String, Vec<usize>)> {
    let mut shapes = vec![
        ("embeddings.word_embeddings.weight".to_owned(), vec![WORDS.len(), HIDDEN]),
        ("embeddings.position_embeddings.weight".to_owned(), vec![128, HIDDEN]),
        ("embeddings.token_type_embeddings.weight".to_owned(), vec![2, HIDDEN]),
    ];
    let mut linear = |name: &str, out: usize, into: usize| {
        shapes.push((format!("{name}.weight"), vec![out, into]));
        shapes.push((format!("{name}.bias"), vec![out]));
    };
    let layer = "encoder.layer.0";
    for part in ["query", "key", "value"] {
        linear(&format!("{layer}.attention.self.{part}"), HIDDEN, HIDDEN);
    }
    linear(&format!("{layer}.attention.output.dense"), HIDDEN, HIDDEN);
    linear(&format!("{layer}.intermediate.dense"), 2 * HIDDEN, HIDDEN);
    linear(&format!("{layer}.output.dense"), HIDDEN, 2 * HIDDEN);
    for norm in ["embeddings", &format!("{layer}.attention.output"), &format!("{layer}.output")] {
        shapes.push((format!("{norm}.LayerNorm.weight"), vec![HIDDEN]));
        shapes.push((format!("{norm}.LayerNorm.bias"), vec![HIDDEN]));
    }
    shapes
}

/// The numbers in the format that the program reads: a header with the place of each tensor, then the tensors.
fn weights(seed: u32) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f32::from(u16::try_from(state >> 16).expect("16 bits")) / f32::from(u16::MAX) - 0.5
    };
    let (mut header, mut numbers) = (BTreeMap::new(), Vec::new());
    for (name, shape) in shapes() {
        let from = numbers.len();
        for _ in 0..shape.iter().product::<usize>() {
            numbers.extend(next().to_le_bytes());
        }
        header.insert(name, json!({"dtype": "F32", "shape": shape, "data_offsets": [from, numbers.len()]}));
    }
    let header = serde_json::to_vec(&header).expect("a map of JSON");
    let length = u64::try_from(header.len()).expect("a small header").to_le_bytes();
    [&length[..], &header, &numbers].concat()
}

fn config(hidden: usize) -> Value {
    json!({
        "vocab_size": WORDS.len(), "hidden_size": hidden, "num_hidden_layers": 1, "num_attention_heads": 2,
        "intermediate_size": 2 * hidden, "hidden_act": "gelu", "hidden_dropout_prob": 0.0,
        "max_position_embeddings": 128, "type_vocab_size": 2, "initializer_range": 0.02, "layer_norm_eps": 1e-12, "pad_token_id": 0
    })
}

fn tokenizer() -> Value {
    let vocabulary: BTreeMap<&str, usize> = WORDS.iter().copied().zip(0..).collect();
    json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
        "normalizer": {
            "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null,
            "lowercase": true
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": null, "decoder": null,
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocabulary
        }
    })
}

fn model(seed: u32) -> TempDir {
    let folder = TempDir::with_prefix("seventh-model-").expect("a temporary folder can be made");
    write(folder.path(), "config.json", config(HIDDEN).to_string());
    write(folder.path(), "tokenizer.json", tokenizer().to_string());
    write(folder.path(), "model.safetensors", weights(seed));
    folder
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    fs::write(folder.join(name), bytes).expect("it can be written");
}

fn run(folder: &CorpusFolder, model: &Path, arguments: &[&str]) -> End {
    folder.terminal().env("SEVENTH_SEMANTIC_MODEL_DIR", model).run(arguments)
}

/// How a question was searched, and what was said on standard error.
fn searched_by(folder: &CorpusFolder, model: &Path) -> (String, String) {
    let end = run(folder, model, &["ask", QUESTION, "--explain"]);
    assert!(end.stdout.contains(QUOTE), "{}", cli_output(&end));
    let line = end.stdout.lines().find_map(|line| line.split_once("searched by ")).expect("it says how it searched");
    (line.1.to_owned(), end.stderr)
}

fn manifest(folder: &CorpusFolder) -> Value {
    let current = fs::read_to_string(folder.index().join("CURRENT")).expect("a generation is live");
    let manifest = fs::read(folder.index().join(current.trim()).join("manifest.json")).expect("it has a manifest");
    serde_json::from_slice(&manifest).expect("it is JSON")
}

#[test]
fn with_a_model_a_generation_has_vectors_and_is_searched_by_words_and_by_meaning() {
    let (folder, model) = (CorpusFolder::new(), model(1));
    assert_eq!(searched_by(&folder, model.path()).0, "both");
    let manifest = manifest(&folder);
    assert_eq!(manifest["model"]["dimensions"], HIDDEN);
    assert!(manifest["files"]["vectors.bin"].is_string(), "{manifest:#}");
}

#[test]
fn a_missing_or_damaged_model_or_one_of_other_dimensions_leaves_search_by_words() {
    let missing = model(1);
    fs::remove_file(missing.path().join("model.safetensors")).expect("it is there");
    let cut = model(1);
    let whole = weights(1);
    write(cut.path(), "model.safetensors", &whole[..whole.len() / 2]);
    let other = model(1);
    write(other.path(), "config.json", config(2 * HIDDEN).to_string());
    let noise = model(1);
    write(noise.path(), "tokenizer.json", "{}");
    for (name, model) in [("missing", missing), ("cut", cut), ("other dimensions", other), ("noise", noise)] {
        let error = Embedder::open(model.path()).expect_err(name);
        assert!(matches!(error, ModelError::Unreadable { .. } | ModelError::Unusable { .. }), "{name}: {error}");
        assert!(error.to_string().contains("run seventh model install"), "{name}: {error}");
        assert_eq!(searched_by(&CorpusFolder::new(), model.path()).0, "lexical", "{name}");
    }
}

#[test]
fn a_generation_made_with_another_model_is_searched_by_words_until_somebody_publishes() {
    let folder = CorpusFolder::new();
    let (first, second) = (model(1), model(2));
    searched_by(&folder, first.path());
    let before = manifest(&folder);
    let (by, said) = searched_by(&folder, second.path());
    assert_eq!(by, "lexical");
    assert!(said.contains(FOLDER_IS_AHEAD), "{said}");
    assert_eq!(manifest(&folder), before);

    let end = run(&folder, second.path(), &["index"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    assert_eq!(searched_by(&folder, second.path()), ("both".to_owned(), String::new()));
    assert_ne!(manifest(&folder)["model"]["digest"], before["model"]["digest"]);
}

#[test]
fn a_generation_with_vectors_answers_by_words_when_its_model_is_gone() {
    let (folder, model) = (CorpusFolder::new(), model(1));
    searched_by(&folder, model.path());
    let before = manifest(&folder);
    let said = folder.assert_answers("without a model");
    assert!(said.contains(FOLDER_IS_AHEAD), "{said}");
    assert_eq!(manifest(&folder), before, "what has vectors stays live");
}

#[test]
fn equal_texts_have_equal_vectors_of_length_one_whatever_stands_beside_them() {
    let model = model(1);
    let embedder = Embedder::open(model.path()).expect("it loads");
    let alone = embedder.embed(&["citric acid"]).expect("it embeds");
    let beside = embedder.embed(&["a kettle, a clock and water and vinegar", "citric acid", ""]).expect("it embeds");
    let length: f32 = alone[0].iter().map(|number| number * number).sum();
    assert!((length - 1.0).abs() < 1e-4, "{length}");
    assert!(alone[0].iter().zip(&beside[1]).all(|(a, b)| (a - b).abs() < 1e-4), "padding changes nothing");
}

#[test]
fn a_model_is_installed_from_a_folder_only_if_it_is_the_pinned_one() {
    let (folder, other) = (CorpusFolder::new(), model(1));
    let to = TempDir::with_prefix("seventh-model-").expect("a temporary folder can be made");
    let from = other.path().to_str().expect("a path that is text");
    let end = run(&folder, to.path(), &["model", "install", "--from", from]);
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
    assert!(end.stderr.contains("config.json is not the pinned file"), "{}", cli_output(&end));
}

#[test]
fn a_model_that_differs_from_its_sums_is_refused() {
    let model = model(1);
    write(model.path(), "SHA256SUMS", "0000  config.json\n");
    let error = Embedder::open(model.path()).expect_err("the sums are of other files");
    assert!(error.to_string().contains("config.json is not what was installed"), "{error}");
}

#[test]
fn with_a_model_training_writes_a_classifier_of_embeddings_the_same_each_time() {
    let examples = "flag,kind,text\n\
        fire,lay,smoke comes out of the socket\n\
        none,ordinary,how do I clean the clock\n\
        fire,lay,there are flames behind the stove\n\
        none,ordinary,does vinegar dissolve the crust\n\
        demand,decide,you decide for me which filter I buy\n\
        none,ordinary,the kettle and the clock are late\n";
    let trained = |model: &TempDir| {
        let folder = CorpusFolder::new();
        folder.write("examples/alerts.csv", examples);
        let end = run(&folder, model.path(), &["train-alerts"]);
        assert_eq!(end.code, Some(0), "{}", cli_output(&end));
        assert!(end.stdout.contains("with the embedding model"), "{}", cli_output(&end));
        let checked = run(&folder, model.path(), &["check"]);
        assert!(!cli_output(&checked).contains("train-alerts"), "{}", cli_output(&checked));
        fs::read_to_string(folder.corpus().join("learned/alert_embedding_classifier.toml")).expect("it was written")
    };
    let model = model(1);
    let digest = Embedder::open(model.path()).expect("it loads").digest().to_owned();
    let reader = trained(&model);
    assert!(reader.contains(&format!("embedder = \"{digest}\"\n")), "{reader}");
    assert_eq!(reader, trained(&model));
}

/// The pinned model, where `.ci/run` has put it.
fn pinned() -> Option<Embedder> {
    #[expect(clippy::print_stdout, reason = "who reads the test's output should know that it was skipped")]
    let Some(folder) = std::env::var_os("TEST_MODEL_DIR") else {
        println!("skipped: TEST_MODEL_DIR names no folder with the pinned model");
        return None;
    };
    Some(Embedder::open(Path::new(&folder)).expect("the pinned model loads"))
}

#[test]
fn the_pinned_model_knows_that_a_jab_is_an_injection() {
    let Some(embedder) = pinned() else { return };
    let texts = ["a jab in the face", "an injection in the cheek", "a train to the coast"];
    let vectors = embedder.embed(&texts).expect("it embeds");
    let cosine = |a: usize, b: usize| vectors[a].iter().zip(&vectors[b]).map(|(a, b)| a * b).sum::<f32>();
    assert!(cosine(0, 1) > cosine(0, 2) + 0.2, "{} {}", cosine(0, 1), cosine(0, 2));
}

#[test]
fn the_classifier_of_embeddings_that_is_shipped_reads_the_pinned_model_and_silences_nothing() {
    let Some(embedder) = pinned() else { return };
    let detector = Detector::built_in();
    assert_eq!(detector.embedding_classifier.parameters().embedder.as_deref(), Some(embedder.digest()));
    let silent = |text: &&String| {
        Question::new(text).is_none_or(|question| check(detector, &question, Some(&embedder)).alert.is_none())
    };
    let examples = detector.red_flags.rules.iter().flat_map(|rule| &rule.positive_examples);
    let missed: Vec<&String> = examples.map(|example| &example.text).filter(silent).collect();
    assert_eq!(missed, Vec::<&String>::new());
}

#[test]
fn a_classifier_of_embeddings_of_another_training_run_is_not_used_and_a_check_says_so() {
    let (folder, model) = (CorpusFolder::new(), model(1));
    folder.write(
        "examples/alerts.csv",
        "flag,kind,text\nfire,lay,smoke in the socket\nnone,ordinary,the clock is late\n",
    );
    let check = || cli_output(&run(&folder, model.path(), &["check"]));
    let train = |end: End| assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    train(run(&folder, model.path(), &["train-alerts"]));
    assert!(!check().contains("learned/alert_embedding_classifier.toml: it was not trained together"), "{}", check());
    folder
        .write("examples/alerts.csv", "flag,kind,text\nfire,lay,smoke in the stove\nnone,ordinary,the clock is late\n");
    train(folder.run(&["train-alerts"]));
    assert!(check().contains("learned/alert_embedding_classifier.toml: it was not trained together"), "{}", check());
    let read = |name: &str| fs::read_to_string(folder.corpus().join(name)).expect("it is there");
    let (detector, diagnostics) = Detector::read(
        Some(&read("red_flags.toml")),
        Some(&read("learned/alert_classifier.toml")),
        Some(&read("learned/alert_embedding_classifier.toml")),
    );
    assert_eq!((detector.embedding_classifier.parameters().embedder.as_ref(), diagnostics.len()), (None, 0));
}

#[test]
fn training_with_a_model_that_cant_be_used_stops_with_a_sentence() {
    let (folder, broken) =
        (CorpusFolder::new(), TempDir::with_prefix("seventh-model-").expect("a temporary folder can be made"));
    folder.write("examples/alerts.csv", "flag,kind,text\nnone,ordinary,the clock is late\n");
    let end = run(&folder, broken.path(), &["train-alerts"]);
    assert!(end.code == Some(1) && end.stderr.contains("run seventh model install"), "{}", cli_output(&end));
}
