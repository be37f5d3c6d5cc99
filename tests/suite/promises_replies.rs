//! What no reply can leave out, over all kinds of replies, all passages and all forms: the disclaimer (P2), and the
//! editors' notes and care lines of what is quoted. And what no reply may say.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use seventh::{
    app::{App, Caller, Opened},
    commands::{Action, Request},
    config::{Config, DISCLAIMER},
    content::Content,
    corpus::{Corpus, NOTE_MAX_CHARS, NoteKind, PassageRef},
    health::Health,
    reply::{Presenter, Reply, limits, render},
    triage::{Detector, cards::NUMBERS},
};
use tempfile::TempDir;

const STROKE: &str = "my face is suddenly drooping on one side";
const CRISIS: &str = "i want to kill myself tonight";

/// An app on a corpus folder, without a process around it.
struct AppFixture {
    app: App,
    _index: TempDir,
}

impl AppFixture {
    fn new(corpus: &Path, more: &[(&str, &str)]) -> Self {
        let index = tempfile::tempdir().expect("a temporary folder");
        let mut variables: BTreeMap<String, String> = BTreeMap::new();
        variables.insert("SEVENTH_CORPUS_DIR".to_owned(), corpus.display().to_string());
        variables.insert("SEVENTH_INDEX_DIR".to_owned(), index.path().display().to_string());
        variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let app = App::new(&Config::read(&variables, index.path()).expect("a valid configuration"), Health::default());
        Self { app, _index: index }
    }

    fn open(self) -> Self {
        assert!(matches!(self.app.open(&|_, _| {}), Opened::Built), "the corpus must build");
        self
    }

    fn reply(&self, request: &Request) -> Reply {
        self.app.handle(request, &moderator()).reply
    }
}

fn moderator() -> Caller {
    Caller {
        user: 1,
        guild: Some(1),
        permissions: seventh::app::MANAGE_GUILD,
        can_be_answered_alone: true,
        ..Caller::default()
    }
}

fn shipped() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
}

fn asking(text: &str) -> Request {
    Request::Ask { text: text.to_owned(), private: false }
}

/// Everything that a reply shows, in each form that it can have.
fn forms(reply: &Reply) -> [(&'static str, String); 3] {
    let embeds: Vec<String> = render::embeds(reply.view())
        .into_iter()
        .flat_map(|embed| [embed.title.unwrap_or_default(), embed.description, embed.footer.unwrap_or_default()])
        .collect();
    [
        ("embeds", embeds.join("\n")),
        ("plain", render::plain(reply.view())),
        ("terminal", render::terminal(reply.view())),
    ]
}

/// One request of every kind, so that a new kind does not compile before it is here.
fn requests(passage: &PassageRef<'_>) -> Vec<Request> {
    let id = passage.passage.id;
    let slug = passage.article.slug.clone();
    let actions = [
        Action::Menu,
        Action::Card("stroke".to_owned()),
        Action::Card("nonsense".to_owned()),
        Action::More(vec![id]),
        Action::SectionOf(id),
        Action::Section(id),
        Action::Articles { page: 0 },
        Action::Sections { slug, page: 0 },
        Action::Remove { asker: 1 },
        "publish:0123456789abcdef:none".parse().expect("a generation's id"),
        "cancel:0123456789abcdef".parse().expect("a generation's id"),
    ];
    for action in &actions {
        match action {
            Action::Menu
            | Action::Card(_)
            | Action::More(_)
            | Action::SectionOf(_)
            | Action::Section(_)
            | Action::Articles { .. }
            | Action::Sections { .. }
            | Action::Remove { .. }
            | Action::Publish { .. }
            | Action::Cancel(_) => {}
        }
    }
    let mut requests: Vec<Request> = actions.into_iter().map(Request::Act).collect();
    for text in ["What is an EMG for?", "how many mg should I take", "best pizza recipe", "😀", STROKE, CRISIS] {
        requests.push(asking(text));
        requests.push(Request::Lookup(text.to_owned()));
    }
    requests.extend([
        Request::Topics,
        Request::About,
        Request::Privacy,
        Request::Help,
        Request::CorpusStatus,
        Request::CorpusRefresh,
    ]);
    for request in &requests {
        match request {
            Request::Ask { .. }
            | Request::Lookup(_)
            | Request::Topics
            | Request::About
            | Request::Privacy
            | Request::Help
            | Request::Act(_)
            | Request::CorpusRefresh
            | Request::CorpusStatus => {}
        }
    }
    requests
}

fn corpus(folder: &Path) -> Corpus {
    Content::read(folder).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}")).0.corpus
}

#[test]
fn every_kind_of_reply_ends_with_the_disclaimer_in_every_form() {
    let corpus = corpus(shipped());
    let passage = corpus.passages().next().expect("a passage");
    for fixture in
        [AppFixture::new(shipped(), &[("SEVENTH_MODERATION_GUILDS", "1")]).open(), AppFixture::new(shipped(), &[])]
    {
        let mut replies: Vec<Reply> = requests(&passage).iter().map(|request| fixture.reply(request)).collect();
        let presenter = Presenter::new(DISCLAIMER.to_owned());
        replies.push(presenter.crisis_notice(1));
        replies.push(presenter.public_substitute(fixture.reply(&asking(CRISIS))));
        replies.push(fixture.reply(&asking(CRISIS)).with_moderators_told());
        for reply in &replies {
            for (form, text) in forms(reply) {
                assert!(text.trim_end().ends_with(DISCLAIMER), "{form}:\n{text}");
            }
            assert!(limits::length(&render::plain(reply.view())) <= limits::CONTENT_MAX_CHARS);
        }
    }
}

/// In each form, a passage whose first words are shown is shown with all that rides on it.
fn assert_nothing_left_out(corpus: &Corpus, reply: &Reply, about: &str) {
    for (form, text) in forms(reply) {
        let plain = without_marks(&text);
        for passage in corpus.passages() {
            let beginning: String = without_marks(passage.text()).chars().take(60).collect();
            if !plain.contains(&beginning) {
                continue;
            }
            for kind in [NoteKind::Note, NoteKind::Care] {
                for note in passage.notes(kind) {
                    assert!(
                        plain.contains(&without_marks(&note.text)),
                        "{about}, {form}: without its {kind:?}\n{text}"
                    );
                }
            }
        }
    }
}

/// Words alone: marks and line breaks differ between forms.
fn without_marks(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn assert_notes_everywhere(folder: &Path) {
    let corpus = corpus(folder);
    let fixture = AppFixture::new(folder, &[]).open();
    let ids: Vec<_> = corpus.passages().map(|passage| passage.passage.id).collect();
    for (at, passage) in corpus.passages().enumerate() {
        let id = passage.passage.id;
        let mut requests = vec![
            Request::Act(Action::More(vec![id])),
            Request::Act(Action::More(ids.iter().copied().skip(at).take(4).collect())),
            Request::Act(Action::SectionOf(id)),
            Request::Act(Action::Section(id)),
            Request::Lookup(passage.section().heading().to_owned()),
            asking(passage.section().heading()),
        ];
        let sentences = passage.text().split(". ").filter(|sentence| sentence.len() > 20);
        requests.extend(sentences.map(asking));
        for request in &requests {
            assert_nothing_left_out(&corpus, &fixture.reply(request), passage.section().heading());
        }
    }
}

#[test]
fn no_passage_is_shown_without_its_notes_and_its_care_line() {
    assert_notes_everywhere(shipped());
}

#[test]
fn notes_as_long_as_they_may_be_are_never_left_out_either() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let long =
        |word: &str| format!("{} ", word.repeat(3)).repeat(NOTE_MAX_CHARS / (3 * word.len() + 1)).trim_end().to_owned();
    let mut article = "+++\ntitle = \"Kettles and strokes\"\n+++\n\n# Kettles and strokes\n".to_owned();
    for number in 0..6 {
        let sentence = format!("Number {number} says that a stroke or sudden weakness needs help. ").repeat(12);
        let _ = write!(
            article,
            "\n## Part {number}\n\n{sentence}\n\n> [!NOTE]\n> {}\n\n\
             > [!WARNING]\n> Call for help at once, says part {number}.\n",
            long("wort")
        );
    }
    std::fs::create_dir(folder.path().join("articles")).expect("a new folder");
    std::fs::write(folder.path().join("articles/kettles.md"), article).expect("a file can be written");
    assert_notes_everywhere(folder.path());
}

#[test]
fn without_an_index_every_card_is_shown_for_its_sign() {
    let fixture = AppFixture::new(shipped(), &[]);
    let flags = &Detector::built_in().red_flags;
    for rule in &flags.rules {
        let reply = fixture.reply(&asking(&rule.positive_examples[0].text));
        let title = &flags.cards[&rule.card].title;
        assert!(render::plain(reply.view()).contains(title.as_str()), "{}: {reply:?}", rule.id);
    }
}

#[test]
fn a_crisis_card_stands_alone_and_names_no_method() {
    let fixture = AppFixture::new(shipped(), &[]).open();
    for words in ["pills", "rope", "jump off a bridge"] {
        let reply = fixture.reply(&asking(&format!("i want to kill myself with {words}")));
        assert!(
            reply.is_crisis() && reply.view().passages().is_empty() && reply.view().controls().is_empty(),
            "{reply:?}"
        );
        let said = render::plain(reply.view());
        assert!(!said.contains(words) && said.contains("US or Canada: call or text 988"), "{said}");
        assert!(!said.contains("moderator"), "{said}");
        assert!(render::plain(reply.with_moderators_told().view()).contains("The moderators of this server were told"));
    }
}

#[test]
fn the_number_of_the_place_stands_first_with_its_country_and_the_worldwide_line_follows() {
    let caller = |locale: &str| Caller { locale: Some(locale.to_owned()), ..moderator() };
    let said =
        |fixture: &AppFixture, caller: &Caller| render::plain(fixture.app.handle(&asking(STROKE), caller).reply.view());
    let anywhere = AppFixture::new(shipped(), &[]);
    assert!(said(&anywhere, &caller("en-GB")).contains("In the UK, call 999 or 112 now. Anywhere else,"));
    assert!(said(&anywhere, &caller("ja")).contains("In Japan, call 119 now."));
    for unknown in ["en-US", "es-419", "id"] {
        assert!(said(&anywhere, &caller(unknown)).contains("\nCall your local emergency number now (for example 112"));
    }
    let set =
        AppFixture::new(shipped(), &[("SEVENTH_ANSWERS_COUNTRY", "nz"), ("SEVENTH_ANSWERS_COUNTRIES", "7=gb, 8=AU")]);
    assert!(said(&set, &caller("ja")).contains("In New Zealand, call 111 now."));
    let in_server = |id: u64| Caller { guild: Some(id), ..caller("ja") };
    assert!(said(&set, &in_server(7)).contains("In the UK, call 999 or 112 now."));
    assert!(said(&set, &in_server(8)).contains("In Australia, call 000 now."));
    assert!(said(&set, &in_server(9)).contains("In New Zealand, call 111 now."));
    let unknown = AppFixture::new(shipped(), &[("SEVENTH_ANSWERS_COUNTRIES", "7=XX")]);
    assert!(said(&unknown, &in_server(7)).contains("\nCall your local emergency number now (for example 112"));
}

/// Grade by Flesch and Kincaid; syllables are counted as groups of vowels, a silent e left out.
fn grade(text: &str) -> f64 {
    let sentences = text.split(['.', '!', '?', ':']).filter(|part| part.chars().any(char::is_alphabetic)).count();
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphabetic() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let syllables = |word: &String| {
        let stem = if word.ends_with("le") { word } else { word.strip_suffix('e').unwrap_or(word) };
        stem.split(|c| !"aeiouy".contains(c)).filter(|group| !group.is_empty()).count().max(1)
    };
    let count = |number: usize| f64::from(u32::try_from(number).expect("a short text"));
    let all: usize = words.iter().map(syllables).sum();
    0.39 * count(words.len()) / count(sentences.max(1)) + 11.8 * count(all) / count(words.len()) - 15.59
}

#[test]
fn every_card_can_be_read_at_grade_six() {
    for card in Detector::built_in().red_flags.cards.values() {
        let lines = card.lines.iter().filter(|line| !line.starts_with(NUMBERS));
        let text: String = lines.map(|line| line.replace(NUMBERS, "") + " ").collect();
        assert!(grade(&text) <= 6.0, "{}: grade {:.1}", card.id, grade(&text));
    }
}

#[test]
fn no_card_says_that_something_is_harmless_and_988_never_stands_without_its_countries() {
    for card in Detector::built_in().red_flags.cards.values() {
        let said = card.lines.join(" ");
        for calming in ["harmless", "not an emergency", "not a stroke", "nothing to worry", "don't worry", "is fine"] {
            assert!(!said.to_lowercase().contains(calming), "{}: {calming}", card.id);
        }
        assert_eq!(said.matches("988").count(), said.matches("US or Canada: call or text 988").count(), "{}", card.id);
        assert!(!said.contains("watching"), "{}", card.id);
    }
}

#[test]
fn no_number_that_the_sources_dispute_is_printed() {
    let numbers = &Detector::built_in().red_flags.emergency_numbers;
    let printed: Vec<&str> = numbers.countries.iter().map(|country| country.code.as_str()).collect();
    for doubtful in ["LK", "ID", "PK", "NG", "DZ", "AM", "PE", "AF", "IQ"] {
        assert!(!printed.contains(&doubtful), "{doubtful}");
    }
    assert!(numbers.countries.iter().all(|country| numbers.line(Some(&country.code)).contains(&country.name)));
}
