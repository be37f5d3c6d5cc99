//! The README and the guide say what the program does.

use std::{fs, path::Path};

use seventh::commands::{Audience, COMMANDS};

use crate::{corpus_folder::cli_output, harness::Terminal};

const README: &str = include_str!("../../README.md");
const GUIDE: &str = include_str!("../../corpus/README.md");

/// Columns of the README's example, so that a browser shows it without a scroll bar.
const EXAMPLE_WIDTH: &str = "100";

#[test]
fn the_readme_shows_what_the_program_answers() {
    let block = README.split("<!-- example:").nth(1).and_then(|rest| rest.split("```").nth(1)).expect("the example");
    let (command, shown) = block.trim_start_matches("text\n").split_once('\n').expect("a command and an answer");
    let question = command.split('"').nth(1).expect("a question in quotes");
    assert_eq!(command, format!("$ cargo run --release -- ask \"{question}\""));
    let end = Terminal::new().run(["ask", question, "--fresh", "--width", EXAMPLE_WIDTH]);
    assert_eq!((end.code, end.stderr.as_str()), (Some(0), ""), "{}", cli_output(&end));
    assert!(shown == end.stdout, "the README's example must read:\n{}\nIt reads:\n{shown}", end.stdout);
}

#[test]
fn the_readme_lists_what_the_command_line_can_do() {
    let help = Terminal::new().run(["--help"]).stdout;
    let (_, commands) = help.split_once("\nCommands:\n").expect("the help lists the commands");
    let commands = commands.lines().take_while(|line| !line.is_empty());
    let names: Vec<&str> = commands.filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    assert!(names.contains(&"ask"), "{help}");
    for name in names.into_iter().filter(|name| *name != "help") {
        assert!(README.contains(&format!("\nseventh {name} ")), "the README does not say what `seventh {name}` does");
    }
}

#[test]
fn the_guide_and_the_readme_name_every_file_of_the_corpus_folder() {
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"));
    let layout = README.split("\ncorpus/\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the layout");
    for entry in fs::read_dir(corpus).expect("the corpus is there") {
        let entry = entry.expect("a folder can be listed");
        let name = entry.file_name().display().to_string();
        assert!(layout.contains(&format!("\n  {name}")) || layout.starts_with(&format!("  {name}")), "{name}");
        if name == "articles" || !entry.path().is_dir() {
            assert!(GUIDE.contains(&format!("| `{name}")), "the guide's table has no {name}");
            continue;
        }
        for file in fs::read_dir(entry.path()).expect("a folder can be listed") {
            let file = file.expect("a folder can be listed").file_name().display().to_string();
            assert!(GUIDE.contains(&format!("`{name}/{file}`")), "the guide's table has no {name}/{file}");
        }
    }
}

#[test]
fn the_readme_lists_every_command() {
    let rows: Vec<String> = COMMANDS
        .iter()
        .map(|info| {
            let audience = if info.audience == Audience::Everybody { "everybody" } else { "moderators" };
            format!("| {} | {} | {audience} |", info.usage(), info.description)
        })
        .collect();
    let between = README.split("<!-- commands:").nth(1).and_then(|rest| rest.split("<!-- end of commands -->").next());
    let listed: Vec<&str> = between
        .expect("the README has its table of commands")
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| command "))
        .collect();
    assert_eq!(listed, rows);
}

#[test]
fn the_readme_names_tests_that_exist() {
    let mut sources = String::new();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite")).expect("the folder of tests") {
        let path = entry.expect("a readable entry").path();
        if path.is_file() {
            let name = path.file_name().expect("a name").display().to_string();
            sources.push_str(&["file ", &name, "\n"].concat());
            sources.push_str(&fs::read_to_string(path).expect("a readable test file"));
        }
    }
    let promises =
        README.split("## Promises").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the promises");
    let named = promises.lines().filter(|line| line.starts_with("| P")).filter_map(|line| line.rsplit('|').nth(1));
    let (mut missing, mut ignored) = (Vec::new(), Vec::new());
    for name in named.flat_map(|cell| cell.split('`').skip(1).step_by(2)) {
        match sources.split_once(&format!("fn {name}(")) {
            Some((before, _)) if attributes(before).any(|line| line.starts_with("#[ignore")) => ignored.push(name),
            Some(_) => {}
            None if sources.contains(&format!("file {name}.rs")) => {}
            None => missing.push(name),
        }
    }
    assert!(missing.is_empty(), "the README names tests that do not exist: {missing:?}");
    assert!(ignored.is_empty(), "the README names tests that are not run: {ignored:?}");
    assert_eq!(promises.lines().filter(|line| line.starts_with("| P")).count(), 10, "all ten promises are listed");
}

/// The lines directly above a function, from the last one up.
fn attributes(before: &str) -> impl Iterator<Item = &str> {
    before.lines().rev().skip(1).take_while(|line| line.starts_with("#[") || line.starts_with("///"))
}

#[test]
fn the_invite_link_asks_for_the_named_permissions_and_no_more() {
    use serenity::all::Permissions;
    let named = Permissions::VIEW_CHANNEL
        | Permissions::SEND_MESSAGES
        | Permissions::SEND_MESSAGES_IN_THREADS
        | Permissions::EMBED_LINKS
        | Permissions::READ_MESSAGE_HISTORY;
    assert!(README.contains(&format!("permissions={}\n", named.bits())), "the link must say {}", named.bits());
}
