//! The build's format: whatever changes what a build of the same files holds must make it grow, or old generations
//! would be taken for new ones.

use std::{collections::BTreeSet, fmt::Write as _};

use seventh::index::FORMAT;
use sha2::{Digest as _, Sha256};
use tantivy::Index;

use crate::{
    corpus_folder::{CorpusFolder, cli_output},
    index_on_disk::{live, manifest},
};

/// What a build of the good corpus and a taught question is, in the recorded format: digests of its passages and of its
/// terms.
const RECORDED: (u32, &str, &str) = (4, "4cd20c11dea9c3db", "ddd2a3080d24c3a8");

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Every term of an index with its field, and how many documents hold it.
fn terms(index: &std::path::Path) -> BTreeSet<String> {
    let index = Index::open_in_dir(index).expect("a generation holds an index");
    let searcher = index.reader().expect("an index can be read").searcher();
    let mut found = BTreeSet::new();
    for (field, entry) in index.schema().fields().filter(|(_, entry)| entry.is_indexed()) {
        for segment in searcher.segment_readers() {
            let inverted = segment.inverted_index(field).expect("the field is indexed");
            let mut stream = inverted.terms().stream().expect("terms can be listed");
            while let Some((term, info)) = stream.next() {
                found.insert(format!("{} {} {}", entry.name(), String::from_utf8_lossy(term), info.doc_freq));
            }
        }
    }
    found
}

#[test]
fn a_build_that_holds_other_passages_or_terms_has_another_format() {
    let folder = CorpusFolder::new();
    let taught = "question,article,quotes\n\
                  How do I shift the gunk from a furred brewer?,kettles,Citric acid dissolves what vinegar\n";
    folder.write("examples/taught.csv", taught);
    let end = folder.run(&["index"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    let generation = live(&folder.index());
    let passages = manifest(&generation)["passages"].as_str().expect("a digest of the passages").to_owned();
    let all: Vec<String> = ["tantivy", "taught"].iter().flat_map(|index| terms(&generation.join(index))).collect();
    assert!(all.len() > 50, "{all:?}");
    let is = (FORMAT, digest(&passages), digest(&all.join("\n")));
    let recorded = (RECORDED.0, RECORDED.1.to_owned(), RECORDED.2.to_owned());
    assert!(
        is.0 != recorded.0 || is == recorded,
        "the same files give other passages or terms in format {FORMAT}: \
         let FORMAT grow in src/index/manifest.rs, then record {is:?}"
    );
    assert_eq!(is, recorded, "the format has changed: record here what a build holds now");
}
