//! The reader of articles: one Markdown file to an [`Article`].
//!
//! All diagnostics of the file are collected; an article is returned only when there is no error among them.

use std::sync::Arc;

use super::article::Article;
use super::front_matter;
use super::markdown;
use super::outline::Outline;
use crate::diagnostics::{Diagnostic, has_errors};

/// Reads one article.
///
/// # Errors
///
/// All diagnostics of the file, when at least one of them stops a build.
pub(super) fn read(file: &str, slug: &str, source: &str) -> Result<(Article, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let parts = match front_matter::split(source) {
        Ok(parts) => parts,
        Err(message) => return Err(vec![Diagnostic::error(file, 1, message)]),
    };
    let front = front_matter::read(file, parts.front, &mut diagnostics);
    let mut outline = Outline::new(file, slug, source, front.as_ref());
    for block in markdown::blocks(parts.body) {
        let range = block.range.start + parts.body_at..block.range.end + parts.body_at;
        outline.take(range, block.content);
    }
    let (sections, passages) = outline.finish(&mut diagnostics);
    match front {
        Some(front) if !has_errors(&diagnostics) => Ok((
            Article {
                slug: slug.to_owned(),
                file: file.to_owned(),
                source: Arc::from(source),
                front,
                sections,
                passages,
            },
            diagnostics,
        )),
        _ => Err(diagnostics),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRONT: &str =
        "+++\ntitle = \"T\"\nsources = [{ id = \"nhs\", name = \"NHS\", url = \"https://nhs.example\" }]\n+++\n";

    fn article(body: &str) -> Article {
        read("articles/t.md", "t", &format!("{FRONT}{body}")).expect("a good article").0
    }

    fn diagnostics(text: &str) -> Vec<String> {
        let found = read("articles/t.md", "t", text).expect_err("a bad article");
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_heading_stack_keeps_every_level() {
        let article = article("# T\n\nIntro.\n\n## A\n\n### B\n\nUnder B.\n\n## C\n\nUnder C.\n");
        let heading_paths: Vec<String> =
            article.passages.iter().map(|passage| article.section_of(passage).heading_path.join("/")).collect();
        assert_eq!(heading_paths, ["T", "T/A/B", "T/C"]);
    }

    #[test]
    fn passages_are_byte_exact_slices_of_the_file_even_with_a_byte_order_mark_and_windows_lines() {
        let text = format!("\u{feff}{FRONT}# T\n\nEiné — “quote”.\n").replace('\n', "\r\n");
        let (article, _) = read("articles/t.md", "t", &text).expect("a good article");
        assert_eq!(article.text(&article.passages[0]), "Einé — “quote”.");
        assert_eq!(&*article.source, text);
    }

    #[test]
    fn a_note_belongs_to_the_block_before_it_and_a_note_after_a_heading_to_the_whole_section() {
        let article = article(
            "# T\n\n## A\n\n> [!NOTE]\n> All of A.\n> Sources: nhs\n\nOne.\n\n> [!WARNING]\n> Only one.\n\n### B\n\nTwo.\n\n## C\n\nThree.\n",
        );
        let notes: Vec<Vec<&str>> = article
            .passages
            .iter()
            .map(|passage| passage.notes.iter().map(|note| note.text.as_str()).collect())
            .collect();
        assert_eq!(notes, [vec!["All of A.", "Only one."], vec!["All of A."], vec![]]);
        assert_eq!(article.passages[0].notes[0].sources, ["nhs"]);
    }

    #[test]
    fn all_problems_of_a_file_are_reported_together_with_their_lines() {
        let text = "+++\ntitle = \"T\"\ntitel = 1\nreviewd = 2\n+++\n# T\n\n## \n\ntext\n\n## A\n\n## A\n\n> [!CAUTION]\n> x\n";
        assert_eq!(
            diagnostics(text),
            [
                "articles/t.md:3: unknown key \"titel\"; did you mean \"title\"?",
                "articles/t.md:4: unknown key \"reviewd\"; did you mean \"reviewed\"?",
                "articles/t.md:8: the heading has no text; write one or remove the line",
                "warning: articles/t.md:14: the same heading stands in line 12 under the same parent; a citation can't tell them apart, rename one",
                "articles/t.md:16: only [!NOTE], [!TIP] and [!WARNING] are known here",
            ]
        );
    }

    #[test]
    fn an_unknown_source_names_the_nearest_one() {
        let text = format!("{FRONT}# T\n\nOne.\n\n> [!NOTE]\n> A.\n> Sources: nsh\n");
        assert_eq!(diagnostics(&text), ["articles/t.md:9: unknown source \"nsh\"; did you mean \"nhs\"?"]);
    }

    #[test]
    fn a_file_without_front_matter_says_how_to_begin() {
        assert!(diagnostics("# T\n")[0].starts_with("articles/t.md:1: the file must begin with front matter"));
        assert!(diagnostics("+++\ntitle = \"T\"\n# T\n")[0].contains("does not end"));
    }
}
