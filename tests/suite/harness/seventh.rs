//! The driver: the real binary, running against a Discord of its own.

use std::{
    ops::Deref,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    discord::{Discord, PATIENCE},
    process::{End, Process},
    setup::{Home, Setup},
};

/// The bot builds its index first, perhaps unoptimized and on a busy machine.
const START: Duration = Duration::from_mins(2);

/// A running bot. What people do in Discord is in [`Discord`], which this is, with a process behind it.
///
/// It has to be stopped with [`Seventh::stop`], which also fails the test for whatever no test accepts.
pub(crate) struct Seventh {
    // Before the folders, so that it is gone when they vanish.
    process: Option<Process>,
    discord: Discord,
    home: Home,
}

impl Seventh {
    /// The real corpus, and a Discord in good health.
    pub(crate) async fn start() -> Self {
        Self::with(Setup::default()).await
    }

    /// Starts the bot and waits until it is connected and its commands are registered.
    pub(crate) async fn with(setup: Setup) -> Self {
        let seventh = Self::launch(setup);
        seventh.discord.ready(START).await;
        seventh
    }

    /// Starts the bot and waits until it is connected: Discord may not have its commands yet.
    pub(crate) async fn with_commands_pending(setup: Setup) -> Self {
        let seventh = Self::launch(setup);
        seventh.discord.connected(START).await;
        seventh
    }

    /// For a run that ends by itself.
    pub(crate) async fn expect_exit(setup: Setup) -> End {
        let mut seventh = Self::launch(setup);
        let mut process = seventh.process.take().expect("a launched bot has a process");
        let end = process.end(&seventh.discord, START).await;
        seventh.judge();
        end
    }

    /// Asks the bot to stop as a supervisor would, and waits. It must end with code 0, and leave no message unread.
    pub(crate) async fn stop(mut self) -> End {
        let end = self.end().await;
        self.judge();
        end
    }

    /// Asks the bot to stop and does not wait.
    pub(crate) fn ask_to_stop(&self) {
        self.process.as_ref().expect("a running bot has a process").terminate();
    }

    /// Waits until the bot has ended by itself or because it was asked to, with whatever code. It must leave no message
    /// unread.
    pub(crate) async fn ended(mut self) -> End {
        let mut process = self.process.take().expect("a running bot has a process");
        let end = process.end(&self.discord, PATIENCE).await;
        self.judge();
        end
    }

    /// Stops the bot and starts it again, with the same folders and in the same Discord.
    pub(crate) async fn restart(&mut self) {
        self.end().await;
        self.relaunch().await;
    }

    /// Ends the bot without a warning and starts it again, as after a power cut.
    pub(crate) async fn crash_and_restart(&mut self) {
        drop(self.process.take());
        self.relaunch().await;
    }

    /// The corpus that this bot reads; a test may change it.
    pub(crate) fn corpus(&self) -> PathBuf {
        self.home.corpus()
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.home.index()
    }

    /// Writes a file of the corpus, given below its folder.
    pub(crate) fn write(&self, path: impl AsRef<Path>, text: &str) {
        let path = self.corpus().join(path);
        std::fs::write(&path, text).unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    }

    fn launch(setup: Setup) -> Self {
        let discord = Discord::start(setup.terms);
        let home = Home::new(setup.surroundings);
        let mut seventh = Self { process: None, discord, home };
        seventh.run();
        seventh
    }

    async fn relaunch(&mut self) {
        self.discord.forget_the_bot();
        self.run();
        self.discord.ready(START).await;
    }

    fn run(&mut self) {
        let mut command = self.home.command(Some(self.discord.url()));
        command.arg("run");
        self.process = Some(Process::start(command, &self.discord.shared));
    }

    async fn end(&mut self) -> End {
        let mut process = self.process.take().expect("a running bot has a process");
        process.terminate();
        let end = process.end(&self.discord, PATIENCE).await;
        if end.code != Some(0) {
            self.discord.fail(&format!("the bot ended with {:?} when it was asked to stop", end.code));
        }
        end
    }

    /// Fails the test for whatever no test accepts.
    fn judge(&self) {
        let complaints = self.discord.complaints();
        if !complaints.is_empty() {
            self.discord.fail(&complaints.join("\n"));
        }
    }
}

impl Deref for Seventh {
    type Target = Discord;

    fn deref(&self) -> &Discord {
        &self.discord
    }
}

impl Drop for Seventh {
    fn drop(&mut self) {
        let left_running = self.process.take().is_some();
        assert!(!left_running || std::thread::panicking(), "a test must end with seventh.stop().await");
    }
}
