//! Reading the corpus by its headings: sections with what is before and after, and menus of articles and sections.

use super::limits::{OPTION_MAX_CHARS, OPTIONS_MAX, cut};
use super::{Action, Choice, PassageView, Reply, Speaker, Weight, button, passage, text};
use crate::answer;
use crate::corpus::{Article, PassageRef};
use crate::index::Snapshot;

impl Speaker {
    /// A section of an article from one of its passages on, with buttons to what is before and after it.
    pub fn section(&self, article: &Article, number: usize, passages: &[PassageRef<'_>], from: usize) -> Reply {
        let heading = article.sections.get(number).map_or("", |section| section.heading());
        let mut reply = self.reply(Some(heading));
        reply.passages =
            passages.iter().skip(from).map(|passage| PassageView::new(passage, &answer::whole(passage))).collect();
        let shown = text::passages_that_fit(&reply);
        reply.passages.truncate(shown);
        let go = |label: String, section: usize, from: usize| {
            button(&label, Action::Section { slug: article.slug.clone(), section, from }, Weight::Plain)
        };
        let named = |arrow: &str, at: usize| {
            format!("{arrow} {}", article.sections.get(at).map_or("", |section| section.heading()))
        };
        let has_text = |at: &usize| article.sections.get(*at).is_some_and(|section| !section.passages.is_empty());
        let mut buttons = Vec::new();
        if from + shown < passages.len() {
            buttons.push(go("Read on".to_owned(), number, from + shown));
        }
        if let Some(before) = (0..number).rev().find(has_text) {
            buttons.push(go(named("◀", before), before, 0));
        }
        if let Some(after) = (number + 1..article.sections.len()).find(has_text) {
            buttons.push(go(named("▶", after), after, 0));
        }
        reply.with_buttons(buttons).as_page()
    }

    /// The articles, a page of them.
    pub fn articles(&self, snapshot: &Snapshot, page: usize) -> Reply {
        let articles = &snapshot.corpus.articles;
        if let [only] = articles.as_slice() {
            return self.sections(only, 0);
        }
        let reply = self.reply(Some("Topics")).saying("Choose an article.");
        paged(reply, article_choices(articles), page, "Articles", |page| Action::Articles { page })
    }

    /// The sections of an article, a page of them.
    pub fn sections(&self, article: &Article, page: usize) -> Reply {
        let reply =
            self.reply(Some(&article.front.title)).saying(format!("Choose a section. {}.", passage::review(article)));
        paged(reply, section_choices(article), page, "Sections", |page| Action::Sections {
            slug: article.slug.clone(),
            page,
        })
    }
}

fn paged(reply: Reply, choices: Vec<Choice>, page: usize, placeholder: &str, go: impl Fn(usize) -> Action) -> Reply {
    let pages = choices.len().div_ceil(OPTIONS_MAX).max(1);
    let page = page.min(pages - 1);
    let shown = choices.into_iter().skip(page * OPTIONS_MAX).take(OPTIONS_MAX).collect();
    let mut buttons = Vec::new();
    if page > 0 {
        buttons.push(button("◀ Page before", go(page - 1), Weight::Plain));
    }
    if page + 1 < pages {
        buttons.push(button("Next page ▶", go(page + 1), Weight::Plain));
    }
    reply.with_menu(placeholder, shown).with_buttons(buttons).private().as_page()
}

/// The way into the corpus for somebody who got no answer: articles, or the sections of the only one.
pub(super) fn topic_choices(snapshot: &Snapshot) -> Vec<Choice> {
    let mut choices = match snapshot.corpus.articles.as_slice() {
        [only] => section_choices(only),
        articles => article_choices(articles),
    };
    choices.truncate(OPTIONS_MAX);
    choices
}

fn article_choices(articles: &[Article]) -> Vec<Choice> {
    articles
        .iter()
        .map(|article| choice(&article.front.title, &Action::Sections { slug: article.slug.clone(), page: 0 }))
        .collect()
}

fn choice(label: &str, action: &Action) -> Choice {
    Choice { label: cut(label, OPTION_MAX_CHARS), value: action.to_string() }
}

fn section_choices(article: &Article) -> Vec<Choice> {
    let with_text = article.sections.iter().enumerate().filter(|(_, section)| !section.passages.is_empty());
    with_text
        .map(|(number, section)| {
            choice(section.heading(), &Action::Section { slug: article.slug.clone(), section: number, from: 0 })
        })
        .collect()
}
