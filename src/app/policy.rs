//! Who may do what: pure decisions over what Discord says of a caller in the interaction itself (P8).

use crate::config::Moderation;

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
    /// The guild's locale, or the user's in a direct message, as the interaction says.
    pub locale: Option<String>,
}

/// What a policy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Allowed,
    /// Refuse.
    Denied,
}

impl Caller {
    fn has(&self, permission: u64) -> bool {
        self.permissions & (permission | ADMINISTRATOR) != 0
    }
}

/// Whether somebody may change the corpus: in a moderation guild, with *Manage Server* or one of the roles.
pub(super) fn moderator(moderation: &Moderation, caller: &Caller) -> Verdict {
    let here = caller.guild.is_some_and(|guild| moderation.guilds.contains(&guild));
    let may = caller.has(MANAGE_GUILD) || caller.roles.iter().any(|role| moderation.roles.contains(role));
    if here && may { Verdict::Allowed } else { Verdict::Denied }
}

/// Whether somebody may remove an answer: who asked, who may manage the channel's messages, or a moderator.
pub(super) fn remover(moderation: &Moderation, asker: u64, caller: &Caller) -> Verdict {
    let may_manage = caller.guild.is_some() && caller.has(MANAGE_MESSAGES);
    if caller.user == asker || may_manage { Verdict::Allowed } else { moderator(moderation, caller) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: u64 = 10;
    const ROLE: u64 = 20;

    fn caller(guild: Option<u64>, permissions: u64, roles: &[u64]) -> Caller {
        Caller { user: 1, guild, permissions, roles: roles.to_vec(), locale: None }
    }

    #[test]
    fn only_moderators_of_the_configured_guilds_may_change_the_corpus() {
        let moderation = Moderation { guilds: vec![HERE], roles: vec![ROLE], ..Moderation::default() };
        let table = [
            (caller(Some(HERE), MANAGE_GUILD, &[]), Verdict::Allowed),
            (caller(Some(HERE), ADMINISTRATOR, &[]), Verdict::Allowed),
            (caller(Some(HERE), 0, &[ROLE]), Verdict::Allowed),
            (caller(Some(HERE), MANAGE_MESSAGES, &[21]), Verdict::Denied),
            (caller(Some(HERE), 0, &[]), Verdict::Denied),
            (caller(Some(11), MANAGE_GUILD, &[ROLE]), Verdict::Denied),
            (caller(None, MANAGE_GUILD, &[ROLE]), Verdict::Denied),
        ];
        for (caller, verdict) in table {
            assert_eq!(moderator(&moderation, &caller), verdict, "{caller:?}");
        }
        assert_eq!(moderator(&Moderation::default(), &caller(Some(HERE), MANAGE_GUILD, &[])), Verdict::Denied);
    }

    #[test]
    fn an_answer_is_removed_by_its_asker_or_a_moderator() {
        let moderation = Moderation { guilds: vec![HERE], roles: vec![], ..Moderation::default() };
        let table = [
            (1, caller(None, 0, &[]), Verdict::Allowed),
            (2, caller(Some(11), 0, &[]), Verdict::Denied),
            (2, caller(Some(11), MANAGE_MESSAGES, &[]), Verdict::Allowed),
            (2, caller(None, MANAGE_MESSAGES, &[]), Verdict::Denied),
            (2, caller(Some(HERE), MANAGE_GUILD, &[]), Verdict::Allowed),
        ];
        for (asker, caller, verdict) in table {
            assert_eq!(remover(&moderation, asker, &caller), verdict, "{asker} {caller:?}");
        }
    }
}
