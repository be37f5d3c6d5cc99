//! Events in, messages out. Every event passes the gate, gets a span without a word of what was written, and is
//! answered within Discord's three seconds or told that it can't be (P9).

use std::sync::Arc;
use std::time::{Duration, Instant};

use serenity::all::{
    ChannelId, CommandInteraction, ComponentInteraction, Context, CreateInteractionResponse,
    CreateInteractionResponseMessage, EventHandler, GuildId, Http, Interaction, Message, MessageFlags, Ready,
    ResumedEvent, UserId,
};
use serenity::async_trait;
use tokio::sync::OnceCell;
use tracing::Instrument as _;

use super::guard::{Gate, is_for_us};
use super::{convert, describe, status_of};
use crate::app::{App, Caller, Request};
use crate::error::{Reference, UserError};
use crate::reply::{Action, Reply, Visibility};

/// How long a note to moderators may hold up the answer, which Discord wants within three seconds.
const NOTICE_TIMEOUT: Duration = Duration::from_secs(1);

/// Receives serenity's events.
pub(super) struct Handler {
    app: App,
    gate: Gate,
    /// A client without rate limiter, for interaction replies.
    replies: Arc<Http>,
    us: OnceCell<UserId>,
}

impl Handler {
    pub(super) fn new(app: App, gate: Gate, replies: Arc<Http>) -> Self {
        Self { app, gate, replies, us: OnceCell::new() }
    }

    /// What a request comes to. Long ones run where blocking is allowed; an answer takes less time than handing it to
    /// another thread. Either way a panic becomes an error, not silence.
    async fn handle(&self, request: Request, caller: Caller) -> Reply {
        let app = self.app.clone();
        let is_long = request.is_long();
        let work = move || app.handle(&request, &caller);
        let done =
            if is_long { tokio::task::spawn_blocking(work).await } else { tokio::spawn(async move { work() }).await };
        match done {
            Ok(reply) => reply,
            Err(error) => {
                let reference = Reference::next();
                tracing::error!(%reference, panicked = error.is_panic(), "a request failed");
                self.app.speaker().error(&UserError::Internal(reference))
            }
        }
    }

    fn busy(&self) -> Reply {
        self.app.speaker().error(&UserError::Busy)
    }

    async fn command(&self, http: &Http, interaction: &CommandInteraction) {
        let may_embed = convert::may_embed(interaction.app_permissions);
        let Some(request) = convert::command_request(interaction) else {
            // A command of an older version of the bot, until Discord's clients see the new ones.
            let reply = self.app.speaker().error(&UserError::UnknownCommand);
            return self.respond(interaction, &reply, may_embed).await;
        };
        let locale = interaction.guild_locale.as_deref().unwrap_or(&interaction.locale);
        let caller =
            convert::caller(&interaction.user, interaction.guild_id, interaction.member.as_deref(), Some(locale));
        if request.is_long() {
            let deferred = CreateInteractionResponseMessage::new().ephemeral(true);
            if !sent(&interaction.create_response(&self.replies, CreateInteractionResponse::Defer(deferred)).await) {
                return;
            }
            let reply = self.handle(request, caller).await;
            sent(&interaction.edit_response(&self.replies, convert::edit(&reply, may_embed)).await);
        } else {
            let reply = self.handle(request, caller).await;
            let reply = self.tell_moderators(http, reply, interaction.guild_id, interaction.channel_id).await;
            self.respond(interaction, &reply, may_embed).await;
        }
    }

    /// Tells moderators of a crisis where that is set up. The reply says so only if they were told.
    async fn tell_moderators(&self, http: &Http, reply: Reply, guild: Option<GuildId>, place: ChannelId) -> Reply {
        let to = self.app.crisis_channel(guild.map(GuildId::get)).filter(|_| reply.is_crisis());
        let Some(to) = to else { return reply };
        let notice = convert::message(&self.app.speaker().crisis_notice(place.get()), false);
        let send = ChannelId::new(to).send_message(http, notice);
        match tokio::time::timeout(NOTICE_TIMEOUT, send).await {
            Ok(Ok(_)) => reply.known_to_moderators(),
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
        let locale = interaction.guild_locale.as_deref().unwrap_or(&interaction.locale);
        let caller =
            convert::caller(&interaction.user, interaction.guild_id, interaction.member.as_ref(), Some(locale));
        match convert::component_action(interaction) {
            None => {
                self.answer_press(interaction, &self.app.speaker().error(&UserError::UnknownButton), may_embed).await;
            }
            Some(Action::Remove { asker }) => self.remove(interaction, asker, &caller, may_embed).await,
            Some(action) => {
                let request = Request::Act(action);
                if request.is_long() && !is_private(interaction) {
                    // Previews are private; on any other message the button was not made by us.
                    let is_moderator = self.app.is_moderator(&caller);
                    let error = if is_moderator { UserError::UnknownButton } else { UserError::NotModerator };
                    self.answer_press(interaction, &self.app.speaker().error(&error), may_embed).await;
                } else if request.is_long() {
                    if !sent(&interaction.create_response(&self.replies, CreateInteractionResponse::Acknowledge).await)
                    {
                        return;
                    }
                    let reply = self.handle(request, caller).await;
                    sent(&interaction.edit_response(&self.replies, convert::edit(&reply, may_embed)).await);
                } else {
                    let reply = self.handle(request, caller).await;
                    self.answer_press(interaction, &reply, may_embed).await;
                }
            }
        }
    }

    /// Whoever presses a button gets an answer of their own; a private page that is being browsed turns into the next.
    async fn answer_press(&self, interaction: &ComponentInteraction, reply: &Reply, may_embed: bool) {
        let response = if is_private(interaction) && reply.may_replace_its_message() {
            CreateInteractionResponse::UpdateMessage(convert::response(reply, may_embed))
        } else {
            CreateInteractionResponse::Message(convert::response(&reply.clone().for_the_asker_alone(), may_embed))
        };
        sent(&interaction.create_response(&self.replies, response).await);
    }

    async fn remove(&self, interaction: &ComponentInteraction, asker: u64, caller: &Caller, may_embed: bool) {
        if let Err(error) = self.app.may_remove(asker, caller) {
            let reply = self.app.speaker().error(&error);
            let response = CreateInteractionResponse::Message(convert::response(&reply, may_embed));
            sent(&interaction.create_response(&self.replies, response).await);
            return;
        }
        if sent(&interaction.create_response(&self.replies, CreateInteractionResponse::Acknowledge).await) {
            sent(&interaction.delete_response(&self.replies).await);
        }
    }

    async fn answer_message(&self, http: &Http, message: &Message, reply: &Reply) {
        // Embeds may be forbidden here, or the message to reply to may be gone or unreadable: say it as plainly as can be.
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

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, ctx: Context, ready: Ready) {
        // A new session makes it ready again; commands are registered once, before the first.
        let _ = self.us.set(ready.user.id);
        tracing::info!(shard = ctx.shard_id.0, guilds = ready.guilds.len(), "ready");
    }

    async fn resume(&self, ctx: Context, _: ResumedEvent) {
        tracing::info!(shard = ctx.shard_id.0, "resumed");
    }

    async fn message(&self, ctx: Context, message: Message) {
        let Some(us) = self.us.get().copied() else { return };
        if !is_for_us(&message, us) {
            return;
        }
        let Some(_pass) = self.gate.enter() else {
            if !self.gate.is_closed() {
                self.answer_message(&ctx.http, &message, &self.busy()).await;
            }
            return;
        };
        let source = if message.guild_id.is_some() { "mention" } else { "direct message" };
        let span = tracing::info_span!("request", source, guild = message.guild_id.map(GuildId::get));
        let caller = convert::caller(&message.author, message.guild_id, None, None);
        async {
            let started = Instant::now();
            let reply = self.handle(Request::Ask { text: message.content.clone(), private: false }, caller).await;
            let reply = self.tell_moderators(&ctx.http, reply, message.guild_id, message.channel_id).await;
            // A message can't be hidden: what only the asker should see becomes an offer to see it alone.
            let shown = if reply.visibility() == Visibility::Private && message.guild_id.is_some() {
                self.app.speaker().in_public(reply)
            } else {
                reply
            };
            self.answer_message(&ctx.http, &message, &shown).await;
            tracing::info!(duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX), "answered");
        }
        .instrument(span)
        .await;
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        let pass = self.gate.enter();
        match &interaction {
            Interaction::Command(command) => {
                let span = tracing::info_span!(
                    "request",
                    source = "command",
                    command = command.data.name,
                    guild = command.guild_id.map(GuildId::get)
                );
                async {
                    let started = Instant::now();
                    match pass {
                        Some(_pass) => self.command(&ctx.http, command).await,
                        None => self.respond(command, &self.busy(), true).await,
                    }
                    tracing::info!(
                        duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
                        "answered"
                    );
                }
                .instrument(span)
                .await;
            }
            Interaction::Component(component) => match pass {
                Some(_pass) => self.component(component).await,
                None => self.answer_press(component, &self.busy(), true).await,
            },
            Interaction::Autocomplete(typed) => {
                let value = typed.data.autocomplete().map_or("", |option| option.value);
                let choices = self.app.suggest(value);
                let response = CreateInteractionResponse::Autocomplete(convert::suggestions(choices));
                sent(&typed.create_response(&self.replies, response).await);
            }
            _ => {}
        }
    }
}
