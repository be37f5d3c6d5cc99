//! What a user is told when something can't be done, and what to do instead.

use super::limits::cut_lines;
use super::message::Reply;
use super::presenter::{LIST_MAX_CHARS, Presenter};
use crate::error::UserError;

impl Presenter {
    /// What can't be done, for the asker alone.
    pub fn error(&self, error: &UserError) -> Reply {
        let lines: Vec<String> = sentence(error).lines().map(str::to_owned).collect();
        self.reply(None).with_text(cut_lines(&lines, LIST_MAX_CHARS)).into_private()
    }
}

/// The words for an error, in Discord and on the terminal. All of them are pinned by `every_error_has_its_sentence`.
pub fn sentence(error: &UserError) -> String {
    let fixed = match error {
        UserError::NoQuestion => {
            "I could not find a question in that. Please write it in words, for example: Why does my eyelid twitch?"
        }
        UserError::NoIndex => {
            "I can't read my articles right now. Please try again later. If you are worried, ask a doctor."
        }
        UserError::Outdated => "My articles have changed since that message. Please ask again.",
        UserError::UnknownButton => "I no longer understand that button. Please ask again.",
        UserError::UnknownCommand => {
            "I no longer know that command. Please type `/` again to see the commands that I know, or use `/help`."
        }
        UserError::UnknownTopic => "I found no topic by that name. `/topics` shows all of them.",
        UserError::NotModerator => "Only moderators of this bot can do that.",
        UserError::NotAsker => "Only the person who asked, or a moderator, can remove this answer.",
        UserError::Busy => "I am getting more questions than I can answer right now. Please try again in a minute.",
        UserError::RefreshRunning => "A refresh is running already. Please wait until it is done.",
        UserError::PreviewGone => "That preview is gone. Run `/corpus refresh` again.",
        UserError::PreviewOutdated => {
            "The corpus was published by somebody else since that preview. Run `/corpus refresh` again."
        }
        UserError::Corpus(diagnostics) => {
            let refused = "The corpus was not published. The old answers stay. Please mend this and try again:";
            let lines = diagnostics.iter().map(|diagnostic| format!("\n{diagnostic}"));
            return lines.fold(refused.to_owned(), |text, line| text + &line);
        }
        UserError::Internal(reference) => {
            return format!(
                "Something went wrong on my side. Please try again. If it happens again, tell a moderator this \
                 reference: {reference}"
            );
        }
        UserError::RefreshFailed(reference) => {
            return format!(
                "The refresh failed on my side. The old answers stay. The reason is in the log; look for this \
                 reference: {reference}"
            );
        }
    };
    fixed.to_owned()
}
