//! The child process: starts it, keeps what it prints, asks it to stop, and never leaves it behind.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use super::discord::{Discord, Shared};

/// What a run has printed so far.
#[derive(Default)]
pub(crate) struct Output {
    stdout: String,
    stderr: String,
    open_streams: usize,
    started: bool,
}

/// How a run has ended.
#[derive(Clone, Debug)]
pub(crate) struct End {
    /// `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) struct Process {
    child: Child,
}

impl Output {
    pub(super) fn text(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// A process closes its streams when it ends, and not before.
    pub(super) fn has_ended(&self) -> bool {
        self.started && self.open_streams == 0
    }

    fn stream(&mut self, which: Stream) -> &mut String {
        match which {
            Stream::Out => &mut self.stdout,
            Stream::Err => &mut self.stderr,
        }
    }
}

#[derive(Clone, Copy)]
enum Stream {
    Out,
    Err,
}

impl Process {
    pub(super) fn start(mut command: Command, shared: &Arc<Shared>) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary can be started");
        let out = child.stdout.take().expect("standard output is piped");
        let err = child.stderr.take().expect("standard error is piped");
        // What an earlier run printed stays: it is judged in the end like the rest.
        shared.change(|state| {
            state.output.started = true;
            state.output.open_streams += 2;
        });
        keep(out, Stream::Out, Arc::clone(shared));
        keep(err, Stream::Err, Arc::clone(shared));
        Self { child }
    }

    /// Asks it to stop as a supervisor would.
    pub(super) fn terminate(&self) {
        let kill = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        let sent = kill.expect("kill can be run").success();
        assert!(sent, "the bot had ended before it was asked to");
    }

    /// Waits for its end; kills it and fails the test if that does not come.
    pub(super) async fn end(&mut self, discord: &Discord, patience: Duration) -> End {
        let ended = |state: &mut super::discord::State| state.output.has_ended().then_some(Ok(()));
        discord.wait("the bot did not end", patience, ended).await;
        let status = self.child.wait().expect("a child can be waited for");
        let state = discord.shared.lock();
        End { code: status.code(), stdout: state.output.stdout.clone(), stderr: state.output.stderr.clone() }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail if it has ended and been waited for: then nothing is left to do.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Copies a stream into the state, line by line, until it is closed.
fn keep(stream: impl Read + Send + 'static, which: Stream, shared: Arc<Shared>) {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let text = String::from_utf8_lossy(&line).into_owned();
            shared.change(|state| state.output.stream(which).push_str(&text));
            line.clear();
        }
        shared.change(|state| state.output.open_streams -= 1);
    });
}
