//! Reading the corpus by its headings: sections with what is before and after, and menus of articles and sections.

use super::limits::{OPTION_MAX_CHARS, OPTIONS_MAX, cut};
use super::message::{Reply, button};
use super::passage;
use super::presenter::Presenter;
use super::render::{self, MessageForm};
use super::view::{Button, ButtonStyle, Choice, PassageView};
use crate::commands::Action;
use crate::corpus::{Article, PassageId, PassageRef};
use crate::index::Snapshot;

impl Presenter {
    /// A section from one of its passages on, as much as fits, with buttons to its rest and to what is before and after
    /// it.
    pub fn section(&self, snapshot: &Snapshot, from: &PassageRef<'_>, form: MessageForm) -> Reply {
        let article = from.article;
        let number = from.passage.section;
        let in_section = article.passages.get(from.section().passages.clone()).unwrap_or_default();
        let passages: Vec<PassageRef<'_>> = in_section
            .iter()
            .skip_while(|passage| passage.id != from.passage.id)
            .filter_map(|passage| snapshot.corpus.passage_by_id(passage.id))
            .collect();
        let mut reply = self.reply(Some(from.section().heading()));
        reply.view.passages = passages.iter().map(PassageView::whole).collect();
        let shown = render::passages_that_fit(&reply.view, form);
        reply.view.passages.truncate(shown);
        let go = |label: &str, passage: PassageId| button(label, Action::Section(passage), ButtonStyle::Secondary);
        let first_of = |at: usize| {
            let section = article.sections.get(at)?;
            Some((section, article.first_passage(section)?.id))
        };
        let mut buttons: Vec<Button> = Vec::new();
        buttons.extend(passages.get(shown).map(|next| go("Read on", next.passage.id)));
        let before = (0..number).rev().find_map(first_of);
        buttons.extend(before.map(|(section, id)| go(&format!("◀ {}", section.heading()), id)));
        let after = (number + 1..article.sections.len()).find_map(first_of);
        buttons.extend(after.map(|(section, id)| go(&format!("▶ {}", section.heading()), id)));
        reply.with_buttons(buttons).into_page()
    }

    /// The articles, a page of them; `page` counts from 0.
    pub fn articles(&self, snapshot: &Snapshot, page: usize) -> Reply {
        let articles = &snapshot.corpus.articles;
        if let [only] = articles.as_slice() {
            return self.sections(only, 0);
        }
        let reply = self.reply(Some("Topics")).with_text("Choose an article.");
        paged(reply, article_choices(articles), page, "Articles", |page| Action::Articles { page })
    }

    /// The sections of an article, a page of them; `page` counts from 0.
    pub fn sections(&self, article: &Article, page: usize) -> Reply {
        let reply = self
            .reply(Some(&article.front.title))
            .with_text(format!("Choose a section. {}.", passage::review(article)));
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
        buttons.push(button("◀ Page before", go(page - 1), ButtonStyle::Secondary));
    }
    if page + 1 < pages {
        buttons.push(button("Next page ▶", go(page + 1), ButtonStyle::Secondary));
    }
    reply.with_menu(placeholder, shown).with_buttons(buttons).into_private().into_page()
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
    let with_text = article.sections.iter().filter_map(|section| Some((section, article.first_passage(section)?)));
    with_text.map(|(section, first)| choice(section.heading(), &Action::Section(first.id))).collect()
}
