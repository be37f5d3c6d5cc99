//! Which messages are for the bot.

use serenity::all::{Message, MessageType, UserId};

/// Whether a message asks the bot: a direct message, or one that mentions it by name.
///
/// Bots, webhooks, our own messages, system messages and `@everyone` are never answered.
pub(super) fn is_for_us(message: &Message, us: UserId) -> bool {
    let from_a_person =
        !message.author.bot && !message.author.system && message.webhook_id.is_none() && message.author.id != us;
    let written = matches!(message.kind, MessageType::Regular | MessageType::InlineReply);
    let addressed = message.guild_id.is_none() || message.mentions.iter().any(|user| user.id == us);
    from_a_person && written && addressed && !message.mention_everyone
}
