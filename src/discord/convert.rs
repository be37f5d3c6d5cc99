//! Discord's types to ours and back: interaction to request and caller, reply to message.

use serenity::all::{
    ButtonStyle, Colour, CommandInteraction, CommandType, ComponentInteraction, ComponentInteractionDataKind,
    CreateActionRow, CreateAllowedMentions, CreateAutocompleteResponse, CreateButton, CreateEmbed, CreateEmbedFooter,
    CreateInteractionResponseMessage, CreateMessage, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption,
    EditInteractionResponse, GuildId, Member, Permissions, ResolvedValue, User,
};

use crate::app::{Caller, Request};
use crate::commands::{self, Command, PRIVATE, QUESTION, TOPIC};
use crate::reply::limits::{OPTION_MAX_CHARS, cut};
use crate::reply::text::{self, EmbedText};
use crate::reply::{Action, Choice, Reply, Row, Visibility, Weight};

/// Colour of a card: the red of warning signs.
const CARD_COLOUR: Colour = Colour::new(0x00c8_102e);
/// Colour of everything else.
const COLOUR: Colour = Colour::new(0x002f_6f8f);

/// What a slash command or a context menu asks for. `None` for one that is not in the table.
pub(super) fn command_request(interaction: &CommandInteraction) -> Option<Request> {
    let data = &interaction.data;
    let options = data.options();
    let subcommand = options.iter().find_map(|option| match &option.value {
        ResolvedValue::SubCommand(_) => Some(option.name),
        _ => None,
    });
    let name = subcommand.map_or_else(|| data.name.clone(), |subcommand| format!("{} {subcommand}", data.name));
    let text = |wanted: &str| {
        options.iter().find_map(|option| match option.value {
            ResolvedValue::String(text) if option.name == wanted => Some(text.to_owned()),
            _ => None,
        })
    };
    let private =
        options.iter().any(|option| option.name == PRIVATE && matches!(option.value, ResolvedValue::Boolean(true)));
    match commands::find(&name)?.command {
        Command::Ask => Some(Request::Ask { text: text(QUESTION)?, private }),
        Command::AnswerMessage if data.kind == CommandType::Message => {
            let target = data.resolved.messages.values().next()?;
            Some(Request::Ask { text: target.content.clone(), private: false })
        }
        Command::AnswerMessage => None,
        Command::Lookup => Some(Request::Lookup(text(TOPIC)?)),
        Command::Topics => Some(Request::Topics),
        Command::About => Some(Request::About),
        Command::Privacy => Some(Request::Privacy),
        Command::Help => Some(Request::Help),
        Command::CorpusRefresh => Some(Request::CorpusRefresh),
        Command::CorpusStatus => Some(Request::CorpusStatus),
    }
}

/// What a button or a menu asks for. `None` for one that we did not make.
pub(super) fn component_action(interaction: &ComponentInteraction) -> Option<Action> {
    let action: Action = interaction.data.custom_id.parse().ok()?;
    match (&interaction.data.kind, action) {
        (ComponentInteractionDataKind::StringSelect { values }, Action::Menu) => values.first()?.parse().ok(),
        (_, action) => Some(action),
    }
}

/// Who asks, by the interaction itself.
pub(super) fn caller(user: &User, guild: Option<GuildId>, member: Option<&Member>, locale: Option<&str>) -> Caller {
    Caller {
        user: user.id.get(),
        guild: guild.map(GuildId::get),
        permissions: member.and_then(|member| member.permissions).map_or(0, |permissions| permissions.bits()),
        roles: member.map(|member| member.roles.iter().map(|role| role.get()).collect()).unwrap_or_default(),
        locale: locale.map(str::to_owned),
    }
}

/// Whether embeds may be used, as far as an interaction says.
pub(super) fn may_embed(permissions: Option<Permissions>) -> bool {
    permissions.is_none_or(|permissions| permissions.intersects(Permissions::EMBED_LINKS | Permissions::ADMINISTRATOR))
}

/// Nobody is ever pinged (P6).
fn nobody() -> CreateAllowedMentions {
    CreateAllowedMentions::new().all_users(false).all_roles(false).everyone(false).replied_user(false)
}

/// A reply as the answer to an interaction.
pub(super) fn response(reply: &Reply, may_embed: bool) -> CreateInteractionResponseMessage {
    let message = CreateInteractionResponseMessage::new()
        .allowed_mentions(nobody())
        .components(components(reply))
        .ephemeral(reply.visibility() == Visibility::Private);
    if may_embed { message.embeds(embeds(reply)) } else { message.content(text::plain(reply)) }
}

/// A reply in place of a deferred answer, or of the message that a button stands on.
pub(super) fn edit(reply: &Reply, may_embed: bool) -> EditInteractionResponse {
    let message = EditInteractionResponse::new().allowed_mentions(nobody()).components(components(reply));
    if may_embed { message.embeds(embeds(reply)) } else { message.content(text::plain(reply)) }
}

/// A reply as a message.
pub(super) fn message(reply: &Reply, may_embed: bool) -> CreateMessage {
    let message = CreateMessage::new().allowed_mentions(nobody()).components(components(reply));
    if may_embed { message.embeds(embeds(reply)) } else { message.content(text::plain(reply)) }
}

/// Suggestions while somebody types.
pub(super) fn suggestions(choices: Vec<Choice>) -> CreateAutocompleteResponse {
    choices.into_iter().fold(CreateAutocompleteResponse::new(), |response, choice| {
        response.add_string_choice(choice.label, choice.value)
    })
}

fn embeds(reply: &Reply) -> Vec<CreateEmbed> {
    text::embeds(reply).into_iter().map(embed).collect()
}

fn embed(text: EmbedText) -> CreateEmbed {
    let mut embed =
        CreateEmbed::new().description(text.description).colour(if text.is_card { CARD_COLOUR } else { COLOUR });
    if let Some(title) = text.title {
        embed = embed.title(title);
    }
    if let Some(footer) = text.footer {
        embed = embed.footer(CreateEmbedFooter::new(footer));
    }
    embed
}

fn components(reply: &Reply) -> Vec<CreateActionRow> {
    reply.rows().iter().map(row).collect()
}

fn row(row: &Row) -> CreateActionRow {
    match row {
        Row::Buttons(buttons) => CreateActionRow::Buttons(
            buttons
                .iter()
                .map(|button| {
                    let style = match button.weight {
                        Weight::Main => ButtonStyle::Primary,
                        Weight::Plain => ButtonStyle::Secondary,
                        Weight::Takes => ButtonStyle::Danger,
                    };
                    CreateButton::new(button.action.to_string()).label(&button.label).style(style)
                })
                .collect(),
        ),
        Row::Menu { placeholder, options } => {
            let options = options
                .iter()
                .map(|option| CreateSelectMenuOption::new(cut(&option.label, OPTION_MAX_CHARS), &option.value))
                .collect();
            CreateActionRow::SelectMenu(
                CreateSelectMenu::new(Action::Menu.to_string(), CreateSelectMenuKind::String { options })
                    .placeholder(placeholder),
            )
        }
    }
}
