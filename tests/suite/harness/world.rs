//! Who is there, in which servers, and with which rights. Fixed, so that a test can name anybody without preparing
//! anything.

use serde_json::{Value, json};

/// A token of the right shape that opens nothing; its first part is the bot's id in base 64, as in a real one.
pub(crate) const TOKEN: &str = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.Gnothi.a-token-of-the-right-shape-that-opens-nothing";

/// The id of the application and of its bot user.
pub(crate) const APPLICATION: u64 = 1_100_000_000_000_000_001;
const HOME: u64 = 1_100_000_000_000_000_100;
const ELSEWHERE: u64 = 1_100_000_000_000_100_100;
const FIRST_USER: u64 = 1_100_000_000_000_001_000;
const FIRST_DIRECT_CHANNEL: u64 = 1_100_000_000_000_500_000;
const STRANGERS: u64 = 100;

const MANAGE_GUILD: u64 = 1 << 5;
const MANAGE_MESSAGES: u64 = 1 << 13;
const EMBED_LINKS: u64 = 1 << 14;
const ADMINISTRATOR: u64 = 1 << 3;
const EVERY_PERMISSION: u64 = (1 << 53) - 1;
/// View channel, send messages, attach files, read history, use commands.
const MEMBER_PERMISSIONS: u64 = 1 << 10 | 1 << 11 | EMBED_LINKS | 1 << 15 | 1 << 16 | 1 << 31;

/// A person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Alice,
    Bob,
    /// Has *Manage Server*, in both servers.
    Mod,
    /// Owns both servers.
    Owner,
    /// Has the role [`Guild::editor_role`] and no special permission.
    Editor,
    /// One of a crowd.
    Stranger(u16),
}

impl Who {
    fn number(self) -> u64 {
        match self {
            Self::Alice => 0,
            Self::Bob => 1,
            Self::Mod => 2,
            Self::Owner => 3,
            Self::Editor => 4,
            Self::Stranger(number) => STRANGERS + u64::from(number),
        }
    }

    fn from_number(number: u64) -> Option<Self> {
        Some(match number {
            0 => Self::Alice,
            1 => Self::Bob,
            2 => Self::Mod,
            3 => Self::Owner,
            4 => Self::Editor,
            _ => Self::Stranger(u16::try_from(number.checked_sub(STRANGERS)?).ok()?),
        })
    }

    pub(crate) fn id(self) -> String {
        (FIRST_USER + self.number()).to_string()
    }

    pub(crate) fn of_user(id: &str) -> Option<Self> {
        Self::from_number(id.parse::<u64>().ok()?.checked_sub(FIRST_USER)?)
    }

    fn name(self) -> String {
        match self {
            Self::Alice => "alice".into(),
            Self::Bob => "bob".into(),
            Self::Mod => "mod".into(),
            Self::Owner => "owner".into(),
            Self::Editor => "editor".into(),
            Self::Stranger(number) => format!("stranger{number}"),
        }
    }

    pub(crate) fn permissions(self) -> u64 {
        match self {
            Self::Owner => EVERY_PERMISSION,
            Self::Mod => MEMBER_PERMISSIONS | MANAGE_GUILD | MANAGE_MESSAGES,
            _ => MEMBER_PERMISSIONS,
        }
    }

    /// Whether Discord's client would offer this person a command with these `default_member_permissions`.
    pub(crate) fn may(self, needed: u64) -> bool {
        let own = self.permissions();
        own & ADMINISTRATOR != 0 || (needed != 0 && own & needed == needed)
    }

    pub(crate) fn user(self) -> Value {
        user(&self.id(), &self.name(), false)
    }

    /// The member object of an interaction: the only one that carries permissions.
    pub(crate) fn member(self, guild: Guild) -> Value {
        let mut member = self.partial_member(guild);
        member["user"] = self.user();
        member["permissions"] = json!(self.permissions().to_string());
        member
    }

    /// The member object of a message event: no user, no permissions.
    pub(crate) fn partial_member(self, guild: Guild) -> Value {
        let roles = if self == Self::Editor { vec![guild.editor_role()] } else { vec![] };
        membership(&roles)
    }
}

/// A server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Guild {
    /// The one in `SEVENTH_MODERATION_GUILDS`.
    Home,
    Elsewhere,
}

impl Guild {
    pub(crate) const ALL: [Self; 2] = [Self::Home, Self::Elsewhere];

    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Home => HOME,
            Self::Elsewhere => ELSEWHERE,
        }
    }

    pub(crate) fn id(self) -> String {
        self.number().to_string()
    }

    pub(crate) fn editor_role(self) -> String {
        (self.number() + 10).to_string()
    }

    pub(crate) fn general(self) -> String {
        (self.number() + 200).to_string()
    }

    fn name(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::Elsewhere => "Elsewhere",
        }
    }

    pub(crate) fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|guild| guild.id() == id)
    }

    /// The object of `GUILD_CREATE`, and of `GET /guilds/{id}`, which has less.
    pub(crate) fn object(self, bot_permissions: u64) -> Value {
        let role = |id: String, name: &str, permissions: u64| {
            json!({
                "id": id, "name": name, "permissions": permissions.to_string(), "position": 0, "color": 0,
                "hoist": false, "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
                "managed": false, "mentionable": false, "icon": null, "unicode_emoji": null, "flags": 0,
            })
        };
        let mut bot = membership(&[self.bot_role()]);
        bot["user"] = bot_user();
        json!({
            "id": self.id(), "name": self.name(), "features": [], "owner_id": Who::Owner.id(), "afk_timeout": 300,
            "system_channel_flags": 0, "verification_level": 1, "default_message_notifications": 1, "mfa_level": 0,
            "explicit_content_filter": 2, "premium_tier": 0, "preferred_locale": "en-US", "nsfw_level": 0,
            "premium_progress_bar_enabled": false, "emojis": [], "stickers": [],
            "roles": [
                role(self.id(), "@everyone", MEMBER_PERMISSIONS & !EMBED_LINKS),
                role(self.editor_role(), "editor", 0),
                role(self.bot_role(), "Seventh", bot_permissions),
            ],
            "joined_at": "2024-01-01T00:00:00.000000+00:00", "large": false, "unavailable": false, "member_count": 6,
            "voice_states": [], "members": [bot], "channels": [Place::Guild(self).channel()], "threads": [],
            "presences": [], "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [],
        })
    }

    fn bot_role(self) -> String {
        (self.number() + 11).to_string()
    }
}

/// Where something is said: `#general` of a server, or somebody's direct messages with the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Guild(Guild),
    Direct(Who),
}

impl Place {
    pub(crate) fn guild(self) -> Option<Guild> {
        match self {
            Self::Guild(guild) => Some(guild),
            Self::Direct(_) => None,
        }
    }

    pub(crate) fn channel_id(self) -> String {
        match self {
            Self::Guild(guild) => guild.general(),
            Self::Direct(who) => (FIRST_DIRECT_CHANNEL + who.number()).to_string(),
        }
    }

    pub(crate) fn of_channel(id: &str) -> Option<Self> {
        if let Some(guild) = Guild::ALL.into_iter().find(|guild| guild.general() == id) {
            return Some(Self::Guild(guild));
        }
        let number = id.parse::<u64>().ok()?.checked_sub(FIRST_DIRECT_CHANNEL)?;
        Who::from_number(number).map(Self::Direct)
    }

    pub(crate) fn channel(self) -> Value {
        match self {
            Self::Guild(guild) => json!({
                "id": self.channel_id(), "type": 0, "guild_id": guild.id(), "name": "general", "topic": null,
                "position": 0, "nsfw": false, "parent_id": null, "rate_limit_per_user": 0, "permission_overwrites": [],
                "last_message_id": null, "flags": 0,
            }),
            Self::Direct(who) => json!({
                "id": self.channel_id(), "type": 1, "last_message_id": null, "flags": 0, "recipients": [who.user()],
            }),
        }
    }
}

/// What the bot may do in a server; a server may have taken *Embed Links* from it.
pub(crate) fn bot_permissions(embeds_forbidden: bool) -> u64 {
    if embeds_forbidden { MEMBER_PERMISSIONS & !EMBED_LINKS } else { MEMBER_PERMISSIONS }
}

pub(crate) fn bot_user() -> Value {
    user(&APPLICATION.to_string(), "Seventh", true)
}

pub(crate) fn user(id: &str, name: &str, bot: bool) -> Value {
    json!({
        "id": id, "username": name, "discriminator": "0", "global_name": null, "avatar": null, "bot": bot,
        "public_flags": 0, "flags": 0, "banner": null, "accent_color": null, "avatar_decoration_data": null,
    })
}

pub(crate) fn application() -> Value {
    json!({
        "id": APPLICATION.to_string(), "name": "Seventh", "icon": null, "description": "", "summary": "",
        "rpc_origins": [], "bot": bot_user(), "bot_public": true, "bot_require_code_grant": false, "verify_key": "0".repeat(64),
        "team": null, "owner": Who::Owner.user(), "flags": 0, "redirect_uris": [], "interactions_endpoint_url": null,
        "integration_types_config": {"0": {}}, "approximate_guild_count": Guild::ALL.len(),
    })
}

fn membership(roles: &[String]) -> Value {
    json!({
        "nick": null, "avatar": null, "banner": null, "roles": roles, "joined_at": "2024-01-01T00:00:00.000000+00:00",
        "premium_since": null, "deaf": false, "mute": false, "flags": 0, "pending": false,
        "communication_disabled_until": null,
    })
}
