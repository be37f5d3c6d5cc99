//! Events in, messages out. Every event takes a permit, gets a span without a word of what was written, and is answered
//! within Discord's three seconds or told that it can't be (P9).

use std::sync::Arc;
use std::time::{Duration, Instant};

use serenity::all::{
    ChannelId, CommandInteraction, ComponentInteraction, ConnectionStage, Context, CreateInteractionResponse,
    CreateInteractionResponseMessage, EventHandler, GuildId, Http, Interaction, Message, MessageFlags, Ready,
    ResumedEvent, ShardStageUpdateEvent, UserId,
};
use serenity::async_trait;
use tokio::sync::OnceCell;
use tokio::task::JoinError;
use tracing::Instrument as _;

use super::addressed::is_for_us;
use super::convert;
use super::limiter::ConcurrencyLimiter;
use super::rest::{describe, status_of};
use crate::app::{App, Caller, Delivery, Notice, Press};
use crate::commands::{Action, Request};
use crate::error::{Reference, UserError};
use crate::health::{Health, ShardState};
use crate::reply::Reply;

/// How long a note to moderators may hold up the answer, which Discord wants within three seconds.
const NOTICE_TIMEOUT: Duration = Duration::from_secs(1);

/// Receives serenity's events.
pub(super) struct Handler {
    app: App,
    limiter: ConcurrencyLimiter,
    /// A client without rate limiter, for interaction replies.
    replies: Arc<Http>,
    health: Health,
    us: OnceCell<UserId>,
}

impl Handler {
    pub(super) fn new(app: App, limiter: ConcurrencyLimiter, replies: Arc<Http>, health: Health) -> Self {
        Self { app, limiter, replies, health, us: OnceCell::new() }
    }

    /// What a request comes to. What takes long runs where blocking is allowed; an answer by words alone takes less
    /// time than handing it to another thread. Either way a panic becomes an error, not silence.
    async fn dispatch(&self, request: Request, is_long: bool, caller: Caller) -> Delivery {
        let app = self.app.clone();
        let blocks = is_long || app.is_slow();
        let work = move || app.handle(&request, &caller);
        let done =
            if blocks { tokio::task::spawn_blocking(work).await } else { tokio::spawn(async move { work() }).await };
        done.unwrap_or_else(|error| Delivery::of(self.failed(&error)))
    }

    /// The words for a request that panicked.
    fn failed(&self, error: &JoinError) -> Reply {
        let reference = Reference::next();
        tracing::error!(%reference, panicked = error.is_panic(), "a request failed");
        self.app.say(&UserError::Internal(reference))
    }

    async fn command(&self, http: &Http, interaction: &CommandInteraction) {
        let may_embed = convert::may_embed(interaction.app_permissions);
        let parsed = convert::command(interaction)
            .and_then(|(command, given)| Some(((command.parse)(&given)?, command.is_long)));
        let Some((request, is_long)) = parsed else {
            // A command of an older version of the bot, until Discord's clients see the new ones.
            return self.respond(interaction, &self.app.say(&UserError::UnknownCommand), may_embed).await;
        };
        let caller = convert::command_caller(interaction);
        if is_long {
            let deferred = CreateInteractionResponseMessage::new().ephemeral(true);
            if sent(&interaction.create_response(&self.replies, CreateInteractionResponse::Defer(deferred)).await) {
                let reply = self.dispatch(request, is_long, caller).await.reply;
                sent(&interaction.edit_response(&self.replies, convert::edit(&reply, may_embed)).await);
            }
        } else {
            let delivery = self.dispatch(request, is_long, caller).await;
            let reply = self.tell_moderators(http, delivery).await;
            self.respond(interaction, &reply, may_embed).await;
        }
    }

    /// Sends the note to moderators, if there is one, and gives back what the caller gets then.
    async fn tell_moderators(&self, http: &Http, delivery: Delivery) -> Reply {
        let Delivery { reply, notice } = delivery;
        let Some(Notice { channel, text, reply_once_told }) = notice else { return reply };
        let send = ChannelId::new(channel).send_message(http, convert::message(&text, false));
        match tokio::time::timeout(NOTICE_TIMEOUT, send).await {
            Ok(Ok(_)) => reply_once_told,
            Ok(Err(error)) => {
                tracing::warn!(error = describe(&error), "moderators could not be told of a crisis");
                reply
            }
            Err(_) => {
                tracing::warn!("moderators could not be told of a crisis in time");
                reply
            }
        }
    }

    async fn respond(&self, interaction: &CommandInteraction, reply: &Reply, may_embed: bool) {
        let response = CreateInteractionResponse::Message(convert::response(reply, may_embed));
        sent(&interaction.create_response(&self.replies, response).await);
    }

    async fn component(&self, interaction: &ComponentInteraction) {
        let may_embed = convert::may_embed(interaction.app_permissions);
        let Some(action) = convert::component_action(interaction) else {
            return self.answer_press(interaction, &self.app.say(&UserError::UnknownButton), may_embed).await;
        };
        let caller = convert::component_caller(interaction);
        match self.press(action, is_private(interaction), caller.clone()).await {
            Press::Show(reply) => self.answer_press(interaction, &reply, may_embed).await,
            Press::Delete => {
                if self.acknowledge(interaction).await {
                    sent(&interaction.delete_response(&self.replies).await);
                }
            }
            Press::Run(request) => {
                if self.acknowledge(interaction).await {
                    let reply = self.dispatch(request, true, caller).await.reply;
                    sent(&interaction.edit_response(&self.replies, convert::edit(&reply, may_embed)).await);
                }
            }
        }
    }

    /// What a press comes to; a panic becomes an error, not silence.
    async fn press(&self, action: Action, is_private: bool, caller: Caller) -> Press {
        let app = self.app.clone();
        let pressed = tokio::spawn(async move { app.press(action, is_private, &caller) }).await;
        pressed.unwrap_or_else(|error| Press::Show(Box::new(self.failed(&error))))
    }

    async fn acknowledge(&self, interaction: &ComponentInteraction) -> bool {
        sent(&interaction.create_response(&self.replies, CreateInteractionResponse::Acknowledge).await)
    }

    /// Whoever presses a button gets an answer of their own; a private page that is being browsed turns into the next.
    async fn answer_press(&self, interaction: &ComponentInteraction, reply: &Reply, may_embed: bool) {
        let response = if is_private(interaction) && reply.may_replace_its_message() {
            CreateInteractionResponse::UpdateMessage(convert::update(reply, may_embed))
        } else {
            CreateInteractionResponse::Message(convert::response(&reply.clone().into_private(), may_embed))
        };
        sent(&interaction.create_response(&self.replies, response).await);
    }

    async fn autocomplete(&self, interaction: &CommandInteraction) {
        let choices = convert::autocomplete(interaction)
            .map(|(suggestions, typed)| self.app.suggest(suggestions, &typed))
            .unwrap_or_default();
        let response = CreateInteractionResponse::Autocomplete(convert::suggestions(choices));
        sent(&interaction.create_response(&self.replies, response).await);
    }

    async fn answer_message(&self, http: &Http, message: &Message, reply: &Reply) {
        // Embeds may be forbidden here, or the message to reply to may be gone or unreadable: say it as plainly as can
        // be.
        let forms = [
            convert::message(reply, true).reference_message(message),
            convert::message(reply, false).reference_message(message),
            convert::message(reply, false),
        ];
        for form in forms {
            match message.channel_id.send_message(http, form).await {
                Err(error) if was_refused(&error) => {}
                result => {
                    sent(&result);
                    return;
                }
            }
        }
        tracing::warn!("Discord refused every form of an answer");
    }
}

/// Whether only one person sees the message that a button stands on.
fn is_private(interaction: &ComponentInteraction) -> bool {
    interaction.message.flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL))
}

/// Whether something was sent. Logs a failure once, without addresses: interaction tokens stand in those.
fn sent<T>(result: &serenity::Result<T>) -> bool {
    if let Err(error) = result {
        tracing::warn!(error = describe(error), "an answer could not be sent");
    }
    result.is_ok()
}

/// Whether Discord understood and refused, so that another form of the same message may pass.
fn was_refused(error: &serenity::Error) -> bool {
    matches!(status_of(error), Some(400 | 403))
}

/// Runs the work on one event and logs how long it took.
async fn timed(work: impl Future<Output = ()>) {
    let started = Instant::now();
    work.await;
    tracing::info!(duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX), "answered");
}

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, ctx: Context, ready: Ready) {
        // A new session makes it ready again, as the same user.
        let _ = self.us.set(ready.user.id);
        self.health.set_shard(ctx.shard_id.0, ShardState::Connected);
        tracing::info!(shard = ctx.shard_id.0, guilds = ready.guilds.len(), "ready");
    }

    async fn resume(&self, ctx: Context, _: ResumedEvent) {
        self.health.set_shard(ctx.shard_id.0, ShardState::Connected);
        tracing::info!(shard = ctx.shard_id.0, "resumed");
    }

    async fn shard_stage_update(&self, _: Context, update: ShardStageUpdateEvent) {
        if update.new != ConnectionStage::Connected {
            self.health.set_shard(update.shard_id.0, ShardState::Reconnecting);
        }
    }

    async fn message(&self, ctx: Context, message: Message) {
        let Some(us) = self.us.get().copied() else { return };
        if !is_for_us(&message, us) {
            return;
        }
        let Some(_permit) = self.limiter.try_acquire() else {
            if !self.limiter.is_closed() {
                self.answer_message(&ctx.http, &message, &self.app.say(&UserError::Busy)).await;
            }
            return;
        };
        let source = if message.guild_id.is_some() { "mention" } else { "direct message" };
        let span = tracing::info_span!("request", source, guild = message.guild_id.map(GuildId::get));
        let answer = async {
            let request = Request::Ask { text: message.content.clone(), private: false };
            let delivery = self.dispatch(request, false, convert::message_caller(&message)).await;
            let reply = self.tell_moderators(&ctx.http, delivery).await;
            self.answer_message(&ctx.http, &message, &reply).await;
        };
        timed(answer).instrument(span).await;
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        let permit = self.limiter.try_acquire();
        match &interaction {
            Interaction::Command(command) => {
                let guild = command.guild_id.map(GuildId::get);
                let span = tracing::info_span!("request", source = "command", command = command.data.name, guild);
                let answer = async {
                    match permit {
                        Some(_permit) => self.command(&ctx.http, command).await,
                        None => self.respond(command, &self.app.say(&UserError::Busy), true).await,
                    }
                };
                timed(answer).instrument(span).await;
            }
            Interaction::Component(component) => {
                let guild = component.guild_id.map(GuildId::get);
                let span = tracing::info_span!("request", source = "component", guild);
                let answer = async {
                    match permit {
                        Some(_permit) => self.component(component).await,
                        None => self.answer_press(component, &self.app.say(&UserError::Busy), true).await,
                    }
                };
                timed(answer).instrument(span).await;
            }
            Interaction::Autocomplete(typed) => self.autocomplete(typed).await,
            _ => {}
        }
    }
}
