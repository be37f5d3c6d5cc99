//! Discord's types to ours and back: interaction to request and caller, reply to message.

use serenity::all::{
    ButtonStyle as DiscordButtonStyle, ChannelId, Colour, CommandInteraction, CommandType, ComponentInteraction,
    ComponentInteractionDataKind, CreateActionRow, CreateAllowedMentions, CreateAutocompleteResponse, CreateButton,
    CreateEmbed, CreateEmbedFooter, CreateInteractionResponseMessage, CreateMessage, CreateSelectMenu,
    CreateSelectMenuKind, CreateSelectMenuOption, EditInteractionResponse, GuildId, Member, Message, Permissions,
    ResolvedOption, ResolvedValue, User,
};

use crate::app::Caller;
use crate::commands::{self, Action, Arguments, Command, Entry, Suggestions};
use crate::reply::limits::{OPTION_MAX_CHARS, cut};
use crate::reply::render::{self, EmbedText, MessageForm};
use crate::reply::{ButtonStyle, Choice, ControlRow, Reply, Visibility};

/// Colour of a card: the red of warning signs.
const CARD_COLOUR: Colour = Colour::new(0x00c8_102e);
/// Colour of everything else.
const COLOUR: Colour = Colour::new(0x002f_6f8f);

/// The row of the table that a slash command or a context menu calls, and what was given with it. `None` for one that
/// is not in the table.
pub(super) fn command(interaction: &CommandInteraction) -> Option<(&'static Command, Arguments)> {
    let data = &interaction.data;
    let (name, options) = named_options(&data.name, data.options());
    let command = commands::find(&name)?;
    let is_menu = data.kind == CommandType::Message;
    if is_menu != (command.entry == Entry::MessageMenu) {
        return None;
    }
    let mut arguments = Arguments::default();
    for option in options {
        match option.value {
            ResolvedValue::String(text) => arguments.insert_text(option.name, text),
            ResolvedValue::Boolean(yes) => arguments.insert_flag(option.name, yes),
            _ => {}
        }
    }
    if let Some(message) = data.resolved.messages.values().next().filter(|_| is_menu) {
        arguments.set_message(&message.content);
    }
    Some((command, arguments))
}

/// Where the suggestions for what is being typed come from, and what was typed so far.
pub(super) fn autocomplete(interaction: &CommandInteraction) -> Option<(Suggestions, String)> {
    let (name, options) = named_options(&interaction.data.name, interaction.data.options());
    options.into_iter().find_map(|option| match option.value {
        ResolvedValue::Autocomplete { value, .. } => {
            Some((commands::find(&name)?.suggestions(option.name)?, value.to_owned()))
        }
        _ => None,
    })
}

/// The name of a command with that of its subcommand, and the options, which stand inside the subcommand if there is
/// one.
fn named_options<'a>(name: &str, mut options: Vec<ResolvedOption<'a>>) -> (String, Vec<ResolvedOption<'a>>) {
    match options.pop() {
        Some(ResolvedOption { name: subcommand, value: ResolvedValue::SubCommand(inner), .. }) => {
            (format!("{name} {subcommand}"), inner)
        }
        last => {
            options.extend(last);
            (name.to_owned(), options)
        }
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

/// Who uses a command, by the interaction itself.
pub(super) fn command_caller(interaction: &CommandInteraction) -> Caller {
    Caller {
        locale: Some(interaction.guild_locale.as_ref().unwrap_or(&interaction.locale).clone()),
        can_be_answered_alone: true,
        form: form(interaction.app_permissions),
        ..caller(&interaction.user, interaction.guild_id, interaction.channel_id, interaction.member.as_deref())
    }
}

/// Who presses a button or uses a menu.
pub(super) fn component_caller(interaction: &ComponentInteraction) -> Caller {
    Caller {
        locale: Some(interaction.guild_locale.as_ref().unwrap_or(&interaction.locale).clone()),
        can_be_answered_alone: true,
        form: form(interaction.app_permissions),
        ..caller(&interaction.user, interaction.guild_id, interaction.channel_id, interaction.member.as_ref())
    }
}

/// Who wrote a message. An answer to it can't be hidden, except where nobody else is.
pub(super) fn message_caller(message: &Message) -> Caller {
    Caller {
        can_be_answered_alone: message.guild_id.is_none(),
        ..caller(&message.author, message.guild_id, message.channel_id, None)
    }
}

fn caller(user: &User, guild: Option<GuildId>, channel: ChannelId, member: Option<&Member>) -> Caller {
    Caller {
        user: user.id.get(),
        guild: guild.map(GuildId::get),
        channel: Some(channel.get()),
        permissions: member.and_then(|member| member.permissions).map_or(0, |permissions| permissions.bits()),
        roles: member.map(|member| member.roles.iter().map(|role| role.get()).collect()).unwrap_or_default(),
        ..Caller::default()
    }
}

/// Whether embeds may be used, as far as an interaction says.
pub(super) fn may_embed(permissions: Option<Permissions>) -> bool {
    permissions.is_none_or(|permissions| permissions.intersects(Permissions::EMBED_LINKS | Permissions::ADMINISTRATOR))
}

/// The form of a message where an interaction says whether embeds may be used.
fn form(permissions: Option<Permissions>) -> MessageForm {
    if may_embed(permissions) { MessageForm::Embeds } else { MessageForm::Plain }
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
    if may_embed { message.embeds(embeds(reply)) } else { message.content(render::plain(reply.view())) }
}

/// A reply as the answer to a press that turns the message, which may have another form, into it.
pub(super) fn update(reply: &Reply, may_embed: bool) -> CreateInteractionResponseMessage {
    let message = response(reply, may_embed);
    if may_embed { message.content("") } else { message.embeds(Vec::new()) }
}

/// A reply in place of a deferred answer, or of the message that a button stands on, which may have another form.
pub(super) fn edit(reply: &Reply, may_embed: bool) -> EditInteractionResponse {
    let message = EditInteractionResponse::new().allowed_mentions(nobody()).components(components(reply));
    if may_embed {
        message.content("").embeds(embeds(reply))
    } else {
        message.content(render::plain(reply.view())).embeds(Vec::new())
    }
}

/// A reply as a message.
pub(super) fn message(reply: &Reply, may_embed: bool) -> CreateMessage {
    let message = CreateMessage::new().allowed_mentions(nobody()).components(components(reply));
    if may_embed { message.embeds(embeds(reply)) } else { message.content(render::plain(reply.view())) }
}

/// Suggestions while somebody types.
pub(super) fn suggestions(choices: Vec<Choice>) -> CreateAutocompleteResponse {
    choices.into_iter().fold(CreateAutocompleteResponse::new(), |response, choice| {
        response.add_string_choice(choice.label, choice.value)
    })
}

fn embeds(reply: &Reply) -> Vec<CreateEmbed> {
    render::embeds(reply.view()).into_iter().map(embed).collect()
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
    reply.view().controls().iter().map(row).collect()
}

fn row(row: &ControlRow) -> CreateActionRow {
    match row {
        ControlRow::Buttons(buttons) => CreateActionRow::Buttons(
            buttons
                .iter()
                .map(|button| {
                    let style = match button.style {
                        ButtonStyle::Primary => DiscordButtonStyle::Primary,
                        ButtonStyle::Secondary => DiscordButtonStyle::Secondary,
                        ButtonStyle::Danger => DiscordButtonStyle::Danger,
                    };
                    CreateButton::new(button.action.to_string()).label(&button.label).style(style)
                })
                .collect(),
        ),
        ControlRow::Menu { placeholder, options } => {
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
