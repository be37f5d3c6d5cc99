//! Topics by name: suggestions while somebody types, and what a chosen or typed topic leads to.

use std::collections::HashSet;

use crate::commands::Action;
use crate::corpus::{Article, Corpus, Direction, PassageId};
use crate::index::analysis;
use crate::reply::Choice;
use crate::reply::limits::{CHOICES_MAX, OPTION_MAX_CHARS, cut, length};

/// Words at least this alike are taken for the same word (Jaro-Winkler, 0 to 1).
const ALIKE: f64 = 0.86;

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
                    topics.push(Topic { words: lower_words(name), tags: Vec::new(), label, target });
                }
            }
        }
        Self { topics }
    }

    /// Suggestions for what was typed so far; headings for nothing.
    pub(super) fn suggest(&self, typed: &str) -> Vec<Choice> {
        let typed = lower_words(typed);
        let mut ranked: Vec<(f64, usize, &Topic)> = self
            .topics
            .iter()
            .enumerate()
            .map(|(at, topic)| (likeness(&typed, topic), at, topic))
            .filter(
                |(likeness, _, topic)| {
                    if typed.is_empty() { matches!(topic.target, Target::Section(..)) } else { *likeness > 0.0 }
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
        let typed = lower_words(typed);
        // A number alone names nothing, though headings may begin with one.
        if !typed.iter().any(|word| word.chars().any(char::is_alphabetic)) {
            return None;
        }
        let ranked = self.topics.iter().map(|topic| (likeness(&typed, topic), topic));
        let (likeness, topic) = ranked.fold(None, |best: Option<(f64, &Topic)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })?;
        (likeness > 0.0).then(|| topic.target.clone())
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
            if number == 0 { article.front.tags.iter().flat_map(|tag| lower_words(tag)).collect() } else { Vec::new() };
        Topic { label: heading.to_owned(), words: lower_words(heading), tags, target }
    })
}

fn lower_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// How well a topic fits: every typed word must begin, or be much like, one of its words or tags. 0 if one does not.
fn likeness(typed: &[String], topic: &Topic) -> f64 {
    let mut sum = 0.0;
    for word in typed {
        let best = topic.words.iter().chain(&topic.tags).map(|known| word_likeness(word, known)).fold(0.0, f64::max);
        if best == 0.0 {
            return 0.0;
        }
        sum += best;
    }
    let longer = u32::try_from(topic.words.len()).map_or(1.0, f64::from);
    sum / (longer + 4.0)
}

fn word_likeness(typed: &str, known: &str) -> f64 {
    if known == typed {
        return 1.2;
    }
    if known.starts_with(typed) {
        return 1.0;
    }
    // A slip in a word that is typed to its end, or in its beginning.
    let beginning: String = known.chars().take(typed.chars().count()).collect();
    let alike = strsim::jaro_winkler(typed, known).max(strsim::jaro_winkler(typed, &beginning));
    if typed.chars().count() >= 3 && alike >= ALIKE { alike * 0.8 } else { 0.0 }
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
