//! Who may do what: pure decisions over what Discord says of a caller in the interaction itself (P8).

use crate::audit::Actor;
use crate::config::Moderation;
use crate::reply::render::MessageForm;

/// Discord's permission bit *Manage Server*. Source: Discord, Permissions.
pub const MANAGE_GUILD: u64 = 1 << 5;
/// Discord's permission bit *Manage Messages*. Source: Discord, Permissions.
pub const MANAGE_MESSAGES: u64 = 1 << 13;
/// Discord's permission bit *Administrator*, which includes all others. Source: Discord, Permissions.
const ADMINISTRATOR: u64 = 1 << 3;

/// Who asks, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// Discord id of the user; 0 for the terminal.
    pub user: u64,
    /// The guild, unless it is a direct message.
    pub guild: Option<u64>,
    /// Permission bits in the channel, as the interaction says.
    pub permissions: u64,
    /// Ids of the roles in the guild.
    pub roles: Vec<u64>,
    /// Discord id of the channel; none for the terminal.
    pub channel: Option<u64>,
    /// Whether a reply can be shown to the caller alone.
    pub can_be_answered_alone: bool,
    /// The form that a message has where the reply is shown, as far as the interaction says.
    pub form: MessageForm,
    /// The guild's locale, or the user's in a direct message, as the interaction says.
    pub locale: Option<String>,
}

/// What a policy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Go on.
    Allowed,
    /// Refuse.
    Denied,
}

impl Caller {
    /// The caller as the audit names it.
    pub(super) const fn actor(&self) -> Actor {
        Actor::Member { user: self.user, guild: self.guild }
    }

    fn has(&self, permission: u64) -> bool {
        self.permissions & (permission | ADMINISTRATOR) != 0
    }
}

/// Whether somebody may change the corpus: in a moderation guild, with *Manage Server* or one of the roles.
pub(super) fn moderator(moderation: &Moderation, caller: &Caller) -> Permission {
    let here = caller.guild.is_some_and(|guild| moderation.guilds.contains(&guild));
    let may = caller.has(MANAGE_GUILD) || caller.roles.iter().any(|role| moderation.roles.contains(role));
    if here && may { Permission::Allowed } else { Permission::Denied }
}

/// Whether somebody may remove an answer: who asked, who may manage the channel's messages, or a moderator.
pub(super) fn remover(moderation: &Moderation, asker: u64, caller: &Caller) -> Permission {
    let may_manage = caller.guild.is_some() && caller.has(MANAGE_MESSAGES);
    if caller.user == asker || may_manage { Permission::Allowed } else { moderator(moderation, caller) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: u64 = 10;
    const ROLE: u64 = 20;

    fn caller(guild: Option<u64>, permissions: u64, roles: &[u64]) -> Caller {
        Caller { user: 1, guild, permissions, roles: roles.to_vec(), ..Caller::default() }
    }

    #[test]
    fn only_moderators_of_the_configured_guilds_may_change_the_corpus() {
        let moderation = Moderation { guilds: vec![HERE], roles: vec![ROLE], ..Moderation::default() };
        let table = [
            (caller(Some(HERE), MANAGE_GUILD, &[]), Permission::Allowed),
            (caller(Some(HERE), ADMINISTRATOR, &[]), Permission::Allowed),
            (caller(Some(HERE), 0, &[ROLE]), Permission::Allowed),
            (caller(Some(HERE), MANAGE_MESSAGES, &[21]), Permission::Denied),
            (caller(Some(HERE), 0, &[]), Permission::Denied),
            (caller(Some(11), MANAGE_GUILD, &[ROLE]), Permission::Denied),
            (caller(None, MANAGE_GUILD, &[ROLE]), Permission::Denied),
        ];
        for (caller, verdict) in table {
            assert_eq!(moderator(&moderation, &caller), verdict, "{caller:?}");
        }
        assert_eq!(moderator(&Moderation::default(), &caller(Some(HERE), MANAGE_GUILD, &[])), Permission::Denied);
    }

    #[test]
    fn an_answer_is_removed_by_its_asker_or_a_moderator() {
        let moderation = Moderation { guilds: vec![HERE], ..Moderation::default() };
        let table = [
            (1, caller(None, 0, &[]), Permission::Allowed),
            (2, caller(Some(11), 0, &[]), Permission::Denied),
            (2, caller(Some(11), MANAGE_MESSAGES, &[]), Permission::Allowed),
            (2, caller(None, MANAGE_MESSAGES, &[]), Permission::Denied),
            (2, caller(Some(HERE), MANAGE_GUILD, &[]), Permission::Allowed),
        ];
        for (asker, caller, verdict) in table {
            assert_eq!(remover(&moderation, asker, &caller), verdict, "{asker} {caller:?}");
        }
    }
}
