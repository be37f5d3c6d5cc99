//! The build script: packs the English word lists into a finite-state map, so that the program carries them as they are
//! searched, with no start-up cost and no copy in memory. It runs in the folder of `Cargo.toml`, and is no module.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs, io};

use fst::MapBuilder;

/// Words by frequency, most common first.
const RANKED: &str = "src/language/en/words_by_frequency.txt";
/// Further words, of unknown frequency.
const MORE: &str = "src/language/en/more_words.txt";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut ranks: BTreeMap<String, u64> = BTreeMap::new();
    for file in [RANKED, MORE] {
        println!("cargo::rerun-if-changed={file}");
        for word in fs::read_to_string(file)?.lines().filter(|line| !line.starts_with('#')) {
            let next = ranks.len() as u64 + 1;
            ranks.entry(word.to_owned()).or_insert(next);
        }
    }
    #[expect(clippy::disallowed_methods, reason = "this is how cargo tells a build script where to write")]
    let folder = env::var("OUT_DIR")?;
    let file = fs::File::create(Path::new(&folder).join("english.fst"))?;
    let mut map = MapBuilder::new(io::BufWriter::new(file))?;
    map.extend_iter(ranks.iter().map(|(word, rank)| (word, *rank)))?;
    map.finish()?;
    Ok(())
}
