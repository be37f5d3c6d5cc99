//! Scope: demands for a diagnosis, a dose, a decision, a certificate or the reading of a scan.
//!
//! Such a question gets the scope sentence with whatever the corpus says on the topic, never a personal answer.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use toml::Spanned;

use super::rules::Message;
use super::rules::pattern::{Compiler, Pattern, Vocabulary};
use crate::diagnostics;

static DEMANDS: LazyLock<(Vec<Pattern>, Vocabulary)> = LazyLock::new(|| {
    let rules: Rules = diagnostics::toml::read("scope.toml", include_str!("scope.toml")).unwrap_or_default();
    let mut compiler = Compiler::new(&rules.classes);
    let patterns = compiler.patterns(&rules.patterns);
    (patterns, compiler.finish().0)
});

#[derive(Default, Deserialize)]
struct Rules {
    classes: BTreeMap<String, Vec<Spanned<String>>>,
    patterns: Vec<Spanned<String>>,
}

/// Whether a cleaned text demands what no quotation can give.
pub(super) fn is_demand(text: &str) -> bool {
    let (patterns, vocabulary) = &*DEMANDS;
    Message::new(text, vocabulary).has_any(patterns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_are_without_mistakes() {
        let rules: Rules =
            diagnostics::toml::read("scope.toml", include_str!("scope.toml")).expect("the file is valid");
        let mut compiler = Compiler::new(&rules.classes);
        compiler.patterns(&rules.patterns);
        assert_eq!(compiler.finish().1, []);
    }

    #[test]
    fn demands_are_told_from_questions() {
        for demand in [
            "Do I have MS?",
            "how many mg should I take",
            "should i stop my tablets",
            "can you read my mri report",
            "write me a sick note",
        ] {
            assert!(is_demand(demand), "{demand}");
        }
        for question in [
            "What causes twitching?",
            "can a stroke cause twitching",
            "is botox used for this",
            "does stress make it worse",
        ] {
            assert!(!is_demand(question), "{question}");
        }
    }
}
