//! The README and the guide say what the program does.

use seventh::commands::{Audience, COMMANDS};

const README: &str = include_str!("../../README.md");

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
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite")).expect("the folder of tests") {
        let path = entry.expect("a readable entry").path();
        if path.is_file() {
            let name = path.file_name().expect("a name").display().to_string();
            sources.push_str(&["file ", &name, "\n"].concat());
            sources.push_str(&std::fs::read_to_string(path).expect("a readable test file"));
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
