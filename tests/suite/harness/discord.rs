//! The stand-in itself: its state, its address, and waiting until something has happened.
//!
//! It lives on a thread of its own, so that a test may block. Everything it knows is in [`State`]; the other files add
//! to it what their route or event does.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::{Duration, SystemTime},
};

use serde_json::Value;
use tokio::{
    sync::{oneshot, watch},
    time::{Instant, timeout_at},
};

use super::{
    commands::Commands,
    faults::Fault,
    gateway::Gateway,
    interactions::Interaction,
    messages::Messages,
    process::Output,
    rest::{self, Request},
    setup::Terms,
    world::Guild,
};

/// How long a person waits for the bot before a test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);
/// 2015-01-01, where Discord's ids begin to count milliseconds.
const EPOCH_MS: u128 = 1_420_070_400_000;
/// A shorter text, or one word, may turn up in a log by chance.
const TELLING_LENGTH: usize = 16;
/// How many requests of the bot a failure shows.
const SHOWN_REQUESTS: usize = 12;

pub(crate) struct Discord {
    pub(super) shared: Arc<Shared>,
    url: String,
    closing: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
}

/// The state with a pulse that tells everybody who waits to look again.
pub(crate) struct Shared {
    state: Mutex<State>,
    pulse: watch::Sender<u64>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(super) terms: Terms,
    pub(super) url: String,
    pub(super) commands: Commands,
    pub(super) faults: Vec<Fault>,
    pub(super) gateway: Gateway,
    /// By token.
    pub(super) interactions: HashMap<String, Interaction>,
    pub(super) messages: Messages,
    pub(super) output: Output,
    /// What no test accepts, as sentences.
    pub(super) problems: Vec<String>,
    pub(super) requests: Vec<Request>,
    /// What people wrote, which must never be in the log.
    pub(super) said: Vec<String>,
    pub(super) embeds_forbidden: bool,
    ids: u64,
}

impl Discord {
    pub(crate) fn start(terms: Terms) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        listener.set_nonblocking(true).expect("a listener can be made non-blocking");
        let address = listener.local_addr().expect("a bound listener has an address");
        let url = format!("http://{address}");

        let faults = terms.faults.clone();
        let state = State { terms, faults, url: url.clone(), ..State::default() };
        let shared = Arc::new(Shared { state: Mutex::new(state), pulse: watch::Sender::new(0) });
        let router = rest::router(Arc::clone(&shared));
        let (closing, closed) = oneshot::channel();
        let server = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime for the stand-in").block_on(async move {
                let listener =
                    tokio::net::TcpListener::from_std(listener).expect("the runtime takes a non-blocking listener");
                tokio::select! {
                    result = async { axum::serve(listener, router).await } => {
                        result.expect("the stand-in serves until it is closed");
                    }
                    _ = closed => {}
                }
            });
        });
        Self { shared, url, closing: Some(closing), server: Some(server) }
    }

    /// What goes into `SEVENTH_DISCORD_API_URL`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.shared.change(|state| state.faults.push(fault));
    }

    /// Takes *Embed Links* from the bot, in both servers.
    pub(crate) fn forbid_embeds(&self) {
        self.shared.change(|state| state.embeds_forbidden = true);
    }

    /// Every request so far, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.lock().requests.clone()
    }

    /// The commands registered for a server, or the global ones.
    pub(crate) fn commands(&self, guild: Option<Guild>) -> Vec<Value> {
        self.shared.lock().commands.of(guild).to_vec()
    }

    /// How often the bot has changed its registered commands.
    pub(crate) fn command_writes(&self) -> usize {
        self.shared.lock().commands.writes
    }

    /// Waits until the bot has logged this.
    pub(crate) async fn logged(&self, words: &str) {
        let look = |state: &mut State| state.output.text().contains(words).then_some(());
        self.until(&format!("{words:?} was not logged"), PATIENCE, look).await;
    }

    /// Waits until every scripted fault has met the requests that it is for.
    pub(crate) async fn faults_have_struck(&self) {
        let look = |state: &mut State| state.faults.iter().all(|fault| fault.complaint().is_none()).then_some(());
        self.until("the faults did not strike", PATIENCE, look).await;
    }

    /// Waits until the bot is connected and its commands are registered.
    pub(crate) async fn ready(&self, patience: Duration) {
        let ready = |state: &mut State| (state.has_its_commands() && state.is_connected()).then_some(());
        self.until("the bot was not connected with its commands registered", patience, ready).await;
    }

    /// Waits until the bot is connected.
    pub(super) async fn connected(&self, patience: Duration) {
        self.until("the bot was not connected", patience, |state| state.is_connected().then_some(())).await;
    }

    /// Waits until the bot's commands are registered.
    pub(crate) async fn commands_are_registered(&self) {
        let look = |state: &mut State| state.has_its_commands().then_some(());
        self.until("the commands were not registered", PATIENCE, look).await;
    }

    /// Before the bot is started again.
    pub(super) fn forget_the_bot(&self) {
        self.shared.change(|state| {
            state.commands.looked_at.clear();
            state.end_sessions();
        });
    }

    /// What no test accepts, as far as it has happened.
    pub(crate) fn complaints(&self) -> Vec<String> {
        self.shared.lock().complaints()
    }

    /// Waits for the next thing that no test accepts, and forgives it: for tests of the harness.
    pub(crate) async fn problem(&self) -> String {
        self.wait("no problem was noticed", PATIENCE, |state| {
            (!state.problems.is_empty()).then(|| Ok(state.problems.remove(0)))
        })
        .await
    }

    /// Waits until `look` finds something; fails with `complaint` if it does not, and at once if the bot has done
    /// something that no test accepts or has ended.
    pub(crate) async fn until<T>(
        &self,
        complaint: &str,
        patience: Duration,
        mut look: impl FnMut(&mut State) -> Option<T>,
    ) -> T {
        self.wait(complaint, patience, |state| {
            if let Some(problem) = state.problems.first() {
                return Some(Err(problem.clone()));
            }
            if let Some(found) = look(state) {
                return Some(Ok(found));
            }
            let ended = state.output.has_ended();
            ended.then(|| Err(format!("the bot has ended, and so {complaint}")))
        })
        .await
    }

    pub(super) async fn wait<T>(
        &self,
        complaint: &str,
        patience: Duration,
        mut look: impl FnMut(&mut State) -> Option<Result<T, String>>,
    ) -> T {
        let mut pulse = self.shared.pulse.subscribe();
        let deadline = Instant::now() + patience;
        loop {
            pulse.mark_unchanged();
            let looked = look(&mut self.shared.lock());
            match looked {
                Some(Ok(found)) => return found,
                Some(Err(sentence)) => self.fail(&sentence),
                None => {}
            }
            if timeout_at(deadline, pulse.changed()).await.is_err() {
                self.fail(&format!("{complaint} within {} s", patience.as_secs()));
            }
        }
    }

    /// Fails the test with a sentence, and with what is needed to understand it.
    pub(super) fn fail(&self, sentence: &str) -> ! {
        let report = self.shared.lock().report(sentence);
        panic!("{report}");
    }
}

impl Drop for Discord {
    fn drop(&mut self) {
        drop(self.closing.take());
        let ended = self.server.take().map(JoinHandle::join);
        let panicked = matches!(ended, Some(Err(_)));
        assert!(!panicked || std::thread::panicking(), "the stand-in's own thread panicked");
    }
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // A failed assertion elsewhere leaves the state readable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.pulse.send_modify(|beat| *beat += 1);
        result
    }
}

impl State {
    /// An id of Discord's form: milliseconds, then a counter.
    pub(super) fn new_id(&mut self) -> String {
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let ms = since_1970.expect("the clock is right").as_millis() - EPOCH_MS;
        self.ids += 1;
        (ms << 22 | u128::from(self.ids)).to_string()
    }

    fn has_its_commands(&self) -> bool {
        [None, Some(Guild::Home)].into_iter().all(|scope| self.commands.are_settled(scope))
    }

    pub(super) fn problem(&mut self, sentence: impl Into<String>) {
        self.problems.push(sentence.into());
    }

    /// Whatever no test accepts, once the bot has stopped.
    pub(super) fn complaints(&self) -> Vec<String> {
        let mut complaints = self.problems.clone();
        complaints.extend(self.faults.iter().filter_map(Fault::complaint));
        complaints.extend(self.unread_messages());
        let log = self.output.text();
        let telling = |text: &&String| text.chars().count() >= TELLING_LENGTH && text.contains(' ');
        let betrayed = self.said.iter().filter(telling).filter(|text| log.contains(text.as_str()));
        complaints.extend(betrayed.map(|text| format!("the log repeats what a person wrote: {text:?}")));
        complaints
    }

    pub(super) fn report(&self, sentence: &str) -> String {
        let recent = self.requests.iter().rev().take(SHOWN_REQUESTS).rev();
        let requests: Vec<String> = recent.map(|it| format!("  {it}")).collect();
        let (requests, log) = (requests.join("\n"), self.output.text());
        format!("{sentence}\n\nthe bot's last requests:\n{requests}\n\nthe bot's log:\n{log}")
    }
}
