//! Several builders in one index folder, and builders that are killed: whoever comes next finds it whole (P4).

use std::{
    fmt::Write as _,
    os::unix::process::ExitStatusExt as _,
    path::Path,
    process::{Child, Command, Stdio},
};

use seventh::{
    content::{Content, read_files},
    index::{Generations, Provenance, Staged},
};

use crate::{
    corpus_folder::{CorpusFolder, FOLDER_IS_AHEAD, GOOD, cli_output, copy, fixture},
    harness::End,
    index_on_disk::{assert_consistent, current, generations, leftovers, wait_for},
};

const ARTICLES: usize = 100;
const PARAGRAPHS: usize = 20;

/// Adds articles until a build takes long enough to be disturbed.
fn grow(folder: &CorpusFolder) {
    for article in 0..ARTICLES {
        let title = format!("Teapot number {article}");
        let mut text = format!("+++\ntitle = \"{title}\"\n+++\n\n# {title}\n");
        for paragraph in 0..PARAGRAPHS {
            let cups = article * paragraph;
            let _ = write!(text, "\nPot {article} of row {paragraph} pours {cups} cups and stands on the shelf.\n");
        }
        folder.write(&format!("articles/teapot-{article}.md"), text);
    }
}

fn start(mut command: Command, argument: &str) -> Child {
    command.arg(argument).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the binary can be started")
}

/// Holds a process, or lets it go on.
fn signal(child: &Child, name: &str) {
    let kill = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status();
    assert!(kill.expect("kill can be run").success(), "the process had ended before SIG{name}");
}

fn end_of(child: Child) -> End {
    let output = child.wait_with_output().expect("a child can be waited for");
    End {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Builds what a corpus folder holds beside what is live, as a refresh does.
fn stage(generations: &Generations, corpus: &Path) -> Staged {
    let (files, diagnostics) = read_files(corpus);
    let (content, _) = Content::parse(&files, diagnostics).expect("a good corpus");
    let lock = generations.lock().expect("nobody else builds");
    generations.stage(&lock, &files, content, None, somebody(), &|_| {}).expect("the folder can be written")
}

fn somebody() -> Provenance {
    Provenance { by: "somebody".to_owned(), note: "a test".to_owned() }
}

#[test]
fn two_builds_at_once_do_no_damage() {
    let folder = CorpusFolder::new();
    for round in 0..4 {
        folder.add_article(&format!("teapot-{round}"));
        let both = [start(folder.command(), "index"), start(folder.command(), "index")].map(end_of);
        let told = |end: &End| {
            end.code == Some(0) || (end.code == Some(1) && end.stderr.contains("another process is building"))
        };
        assert!(both.iter().all(told), "{both:#?}");
        assert!(both.iter().any(|end| end.code == Some(0)), "{both:#?}");
        assert_consistent(&folder.index(), &format!("round {round}: {both:#?}"));
        folder.assert_answers("after two builds at once");
    }
}

#[test]
fn while_another_process_builds_a_second_one_says_so_and_answers_from_what_is_there() {
    let folder = CorpusFolder::new();
    folder.run(&["index"]);
    let old = current(&folder.index());
    grow(&folder);
    let slow = start(folder.command(), "index");
    wait_for("a build", || leftovers(&folder.index()).pop());
    signal(&slow, "STOP");

    let end = folder.run(&["index"]);
    assert_eq!(end.code, Some(1), "{}", cli_output(&end));
    insta::assert_snapshot!(folder.redact(&cli_output(&end)));
    let said = folder.assert_answers("while another process builds");
    assert!(said.contains(FOLDER_IS_AHEAD), "{said}");
    assert_eq!(current(&folder.index()), old);

    signal(&slow, "CONT");
    let slow = end_of(slow);
    assert_eq!(slow.code, Some(0), "{}", cli_output(&slow));
    assert_consistent(&folder.index(), "when the build is done");
}

/// The four steps of two processes that interleave in the worst order.
#[test]
fn two_that_staged_the_same_generation_can_both_publish_it() {
    let folder = CorpusFolder::new();
    let (one, other) = (Generations::new(folder.index(), None), Generations::new(folder.index(), None));
    let staged_by_one = stage(&one, &folder.corpus());
    let staged_by_other = stage(&other, &folder.corpus());
    let publish = |generations: &Generations, staged| {
        let lock = generations.lock().expect("nobody else publishes");
        generations.publish(&lock, staged).expect("what is staged can be published")
    };
    let published = publish(&one, staged_by_one);
    assert_eq!(publish(&other, staged_by_other).manifest.id, published.manifest.id);
    assert_eq!(generations(&folder.index()), [published.manifest.id.as_str()]);
    assert_consistent(&folder.index(), "published twice");
}

#[test]
fn a_check_leaves_the_preview_of_another_process_alone() {
    let folder = CorpusFolder::new();
    let bot = Generations::new(folder.index(), None);
    let staged = stage(&bot, &folder.corpus());
    let end = folder.run(&["check"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    let lock = bot.lock().expect("nobody else publishes");
    bot.publish(&lock, staged).expect("what a moderator has seen can still be published");
    assert_consistent(&folder.index(), "published");
}

#[test]
fn a_build_that_was_killed_leaves_the_old_answers_and_does_not_hinder_the_next() {
    let folder = CorpusFolder::new();
    folder.run(&["index"]);
    let old = current(&folder.index());
    grow(&folder);
    let mut killed = start(folder.command(), "index");
    wait_for("a build", || leftovers(&folder.index()).pop());
    killed.kill().expect("it can be killed");
    let status = killed.wait().expect("a child can be waited for");
    assert_eq!(status.signal(), Some(9), "it was killed before it was done");
    assert_eq!(current(&folder.index()), old);
    assert_eq!(generations(&folder.index()), [old.as_str()]);

    let small = CorpusFolder::with(GOOD);
    copy(&folder.index(), &small.index());
    small.assert_answers("the corpus of before");
    assert_eq!(current(&small.index()), old);

    let said = folder.assert_answers("the corpus whose build was killed");
    assert!(said.contains(FOLDER_IS_AHEAD), "{said}");
    assert_eq!(current(&folder.index()), old);
    let end = folder.run(&["index"]);
    assert_eq!(end.code, Some(0), "{}", cli_output(&end));
    assert_ne!(current(&folder.index()), old);
    assert_consistent(&folder.index(), "built again");
}

#[test]
fn a_first_build_that_was_killed_does_not_hinder_the_next() {
    let folder = CorpusFolder::new();
    grow(&folder);
    let mut killed = start(folder.command(), "index");
    wait_for("a build", || leftovers(&folder.index()).pop());
    killed.kill().expect("it can be killed");
    killed.wait().expect("a child can be waited for");
    assert_eq!(generations(&folder.index()), Vec::<String>::new());

    // The same index folder with a corpus that builds soon.
    std::fs::remove_dir_all(folder.corpus()).expect("the corpus is there");
    copy(&fixture(GOOD), &folder.corpus());
    folder.assert_answers("after the kill");
}
