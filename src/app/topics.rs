//! Topics by name: suggestions while somebody types, and what a chosen or typed topic leads to.

use std::collections::HashSet;

use crate::commands::Action;
use crate::corpus::{Article, Corpus, Direction, PassageId};
use crate::index::analysis;
use crate::language::spelling;
use crate::language::words::words;
use crate::math;
use crate::reply::Choice;
use crate::reply::limits::{CHOICES_MAX, OPTION_MAX_CHARS, cut, length};

/// How many words longer than it is every topic counts. Chosen by hand; suggestions under snapshots hold what it gives.
const LENGTH_SMOOTHING: f64 = 4.0;

/// Everything that can be looked up in one generation.
#[derive(Debug, Default)]
pub(super) struct Topics {
    topics: Vec<Topic>,
}

#[derive(Debug)]
struct Topic {
    label: String,
    words: Vec<String>,
    /// Words of the article's tags, by which its first section is found, too. They make the label no less likely for
    /// what its own words say.
    tags: Vec<String>,
    target: Target,
}

/// What a topic leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// The section that begins with this passage.
    Section(PassageId),
    /// A term that the corpus knows, to be searched for.
    Term(String),
}

const TERM: &str = "term:";

impl Topics {
    /// The topics of a corpus: articles, headings, then words of the lexicon that the corpus can answer.
    pub(super) fn of(corpus: &Corpus) -> Self {
        let mut topics: Vec<Topic> = corpus.articles.iter().flat_map(headings).collect();
        let mut labels: HashSet<String> = topics.iter().map(|topic| topic.label.clone()).collect();
        let known: HashSet<String> = corpus
            .passages()
            .flat_map(|passage| analysis::terms(&format!("{} {}", passage.section().breadcrumb(), passage.text())))
            .collect();
        for entry in &corpus.lexicon {
            if matches!(entry.direction, Direction::Block | Direction::Triage) {
                continue;
            }
            let ways = [&entry.canonical, &entry.variant];
            let Some(term) = ways.into_iter().find(|way| analysis::terms(way).iter().all(|term| known.contains(term)))
            else {
                continue;
            };
            if TERM.len() + length(term) > OPTION_MAX_CHARS {
                continue;
            }
            for name in ways {
                let label = if name == term { name.clone() } else { format!("{name} ({term})") };
                if labels.insert(label.clone()) {
                    let target = Target::Term(term.clone());
                    topics.push(Topic { words: words(name), tags: Vec::new(), label, target });
                }
            }
        }
        Self { topics }
    }

    /// Suggestions for what was typed so far; headings for nothing.
    pub(super) fn suggest(&self, typed: &str) -> Vec<Choice> {
        let typed = words(typed);
        let mut ranked: Vec<(f64, usize, &Topic)> = self
            .topics
            .iter()
            .enumerate()
            .map(|(at, topic)| (similarity(&typed, topic), at, topic))
            .filter(
                |(similarity, _, topic)| {
                    if typed.is_empty() { matches!(topic.target, Target::Section(..)) } else { *similarity > 0.0 }
                },
            )
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let choices = ranked.into_iter().take(CHOICES_MAX);
        choices
            .map(|(_, _, topic)| Choice { label: cut(&topic.label, OPTION_MAX_CHARS), value: topic.target.value() })
            .collect()
    }

    /// What a typed topic most likely means, if anything is like it.
    pub(super) fn best(&self, typed: &str) -> Option<Target> {
        let typed = words(typed);
        // A number alone names nothing, though headings may begin with one.
        if !typed.iter().any(|word| word.chars().any(char::is_alphabetic)) {
            return None;
        }
        let ranked = self.topics.iter().map(|topic| (similarity(&typed, topic), topic));
        let (similarity, topic) = ranked.fold(None, |best: Option<(f64, &Topic)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })?;
        (similarity > 0.0).then(|| topic.target.clone())
    }
}

impl Target {
    fn value(&self) -> String {
        match self {
            Self::Section(passage) => Action::Section(*passage).to_string(),
            Self::Term(term) => format!("{TERM}{term}"),
        }
    }

    /// Reads the value of a suggestion; `None` if somebody typed on instead of choosing one.
    pub(super) fn from_value(value: &str) -> Option<Self> {
        if let Some(term) = value.strip_prefix(TERM) {
            return Some(Self::Term(term.to_owned()));
        }
        match value.parse() {
            Ok(Action::Section(passage)) => Some(Self::Section(passage)),
            _ => None,
        }
    }
}

/// The headings of an article that have text below them. The first one is found by the article's tags, too.
fn headings(article: &Article) -> impl Iterator<Item = Topic> {
    let sections = article.sections.iter().filter_map(|section| {
        let first = article.first_passage(section)?;
        Some((section.heading(), Target::Section(first.id)))
    });
    sections.enumerate().map(|(number, (heading, target))| {
        let tags =
            if number == 0 { article.front.tags.iter().flat_map(|tag| words(tag)).collect() } else { Vec::new() };
        Topic { label: heading.to_owned(), words: words(heading), tags, target }
    })
}

/// How well a topic fits: every typed word must begin, or be much like, one of its words or tags. 0 if one does not.
fn similarity(typed: &[String], topic: &Topic) -> f64 {
    let mut sum = 0.0;
    for word in typed {
        let best =
            topic.words.iter().chain(&topic.tags).map(|known| spelling::similarity(word, known)).fold(0.0, f64::max);
        if best == 0.0 {
            return 0.0;
        }
        sum += best;
    }
    // A topic of few words is named by them more than one of many; the constant keeps that from outweighing a better
    // match.
    sum / (math::count(topic.words.len()) + LENGTH_SMOOTHING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::CorpusFile;

    fn topics(text: &str) -> Topics {
        let file = CorpusFile { name: "articles/lids.md".to_owned(), bytes: text.into() };
        let mut diagnostics = Vec::new();
        let corpus = Corpus::parse(&[file], &mut diagnostics);
        assert_eq!(diagnostics, []);
        Topics::of(&corpus)
    }

    #[test]
    fn an_article_is_found_by_its_tags_and_led_to_at_its_first_section() {
        let topics = topics(
            "+++\ntitle = \"Lids\"\ntags = [\"myokymia\", \"Twitchy eye\"]\n+++\n# Lids\n\nThey close.\n\n\
             ## An eye that twitches\n\nIt does.\n",
        );
        let labels = |typed| topics.suggest(typed).into_iter().map(|choice| choice.label).collect::<Vec<_>>();
        assert_eq!(labels("myokimia"), ["Lids"]);
        assert_eq!(labels("twitchy"), ["Lids", "An eye that twitches"]);
        assert_eq!(labels(""), ["Lids", "An eye that twitches"]);
        assert_eq!(topics.best("MYOKYMIA"), topics.best("lids"));
        assert!(topics.best("myokymia").is_some());
    }
}
