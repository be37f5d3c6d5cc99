//! The tokenizer: a text to its words, the same for articles, questions and danger signs.
//!
//! A word is a run of letters and digits, in lower case, without apostrophes and without accents.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The characters that people and keyboards write for an apostrophe. They join: "can't" is one word.
const APOSTROPHES: [char; 6] = ['\'', '’', '‘', 'ʼ', '´', '`'];

/// A text as it is tokenized: lower case, without apostrophes, letters without their accents, however many are stacked.
pub fn fold(text: &str) -> String {
    let plain = text.nfd().filter(|c| !is_combining_mark(*c) && !APOSTROPHES.contains(c));
    plain.flat_map(char::to_lowercase).collect()
}

/// The words of a folded text, in order.
pub fn split(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The words of a text, in order.
pub fn words(text: &str) -> Vec<String> {
    split(&fold(text)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_apostrophe_joins_and_accents_do_not_count() {
        for apostrophe in APOSTROPHES {
            assert_eq!(words(&format!("Isn{apostrophe}t it")), ["isnt", "it"], "{apostrophe}");
        }
        assert_eq!(words("Bell’s PALSY — naïve, déjà-vu 2.5"), ["bells", "palsy", "naive", "deja", "vu", "2", "5"]);
    }
}
