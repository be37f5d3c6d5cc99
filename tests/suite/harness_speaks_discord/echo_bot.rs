//! A small bot on the real serenity, which repeats what it hears in every form that a bot has.

use serenity::{
    all::{
        ApplicationId, AutocompleteChoice, ButtonStyle, Command, CommandInteraction, CommandOptionType, CommandType,
        ComponentInteraction, ComponentInteractionDataKind, Context, CreateActionRow, CreateAllowedMentions,
        CreateAutocompleteResponse, CreateButton, CreateCommand, CreateCommandOption, CreateEmbed,
        CreateInteractionResponse, CreateInteractionResponseFollowup, CreateInteractionResponseMessage, CreateMessage,
        CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption, EditInteractionResponse, EventHandler, GuildId,
        Interaction, Message, Permissions, Ready, ResolvedValue,
    },
    async_trait,
};

use crate::harness::Guild;

pub(crate) struct EchoBot;

#[async_trait]
impl EventHandler for EchoBot {
    async fn ready(&self, context: Context, _: Ready) {
        let text = |name, description| CreateCommandOption::new(CommandOptionType::String, name, description);
        let global = vec![
            CreateCommand::new("say").description("Repeats").add_option(text("words", "What to say").required(true)),
            CreateCommand::new("later").description("Thinks first"),
            CreateCommand::new("find")
                .description("Finds")
                .add_option(text("word", "What to find").set_autocomplete(true).required(true)),
            CreateCommand::new("Repeat").kind(CommandType::Message),
        ];
        let name = text("name", "Whose").required(true);
        let add = CreateCommandOption::new(CommandOptionType::SubCommand, "add", "Adds").add_sub_option(name);
        let keepers = CreateCommand::new("keepers").description("For keepers").add_option(add);
        let home = GuildId::new(Guild::Home.number());
        Command::set_global_commands(&context, global).await.expect("global commands");
        let keepers = keepers.default_member_permissions(Permissions::MANAGE_GUILD);
        home.set_commands(&context, vec![keepers]).await.expect("the server's commands");
    }

    async fn message(&self, context: Context, message: Message) {
        let addressed = message.guild_id.is_none()
            || message.mentions_user_id(context.http.application_id().map_or(1, ApplicationId::get));
        if message.author.bot || !addressed {
            return;
        }
        let said = message.content.rsplit("> ").next().unwrap_or_default();
        let reply = CreateMessage::new().content(format!("heard: {said}")).reference_message(&message);
        // It may be refused: the test that does so is about that.
        drop(message.channel_id.send_message(&context, reply).await);
    }

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        match interaction {
            Interaction::Command(it) => command(&context, &it).await,
            Interaction::Autocomplete(it) => {
                let typed = it.data.autocomplete().map_or("", |option| option.value).to_owned();
                let choices = vec![AutocompleteChoice::new(format!("{typed}!"), typed)];
                let choices = CreateAutocompleteResponse::new().set_choices(choices);
                it.create_response(&context, CreateInteractionResponse::Autocomplete(choices)).await.expect("choices");
            }
            Interaction::Component(it) => component(&context, &it).await,
            _ => unreachable!("the harness sends no other interaction"),
        }
    }
}

async fn command(context: &Context, it: &CommandInteraction) {
    let options = it.data.options();
    let heard = match options.first().map(|option| &option.value) {
        Some(ResolvedValue::String(words)) => (*words).to_owned(),
        Some(ResolvedValue::SubCommand(options)) => match options.first().map(|option| &option.value) {
            Some(ResolvedValue::String(name)) => {
                let may =
                    it.member.as_ref().and_then(|member| member.permissions).is_some_and(Permissions::manage_guild);
                format!("{name} {may}")
            }
            other => format!("{other:?}"),
        },
        _ => it.data.resolved.messages.values().map(|it| it.content.clone()).collect(),
    };
    if it.data.name == "later" {
        it.defer_ephemeral(context).await.expect("a deferral");
        let nobody = CreateAllowedMentions::new();
        let edit = EditInteractionResponse::new().content("done").allowed_mentions(nobody.clone());
        it.edit_response(context, edit).await.expect("an edit");
        let more = CreateInteractionResponseFollowup::new().content("and more").allowed_mentions(nobody);
        it.create_followup(context, more).await.expect("a follow-up");
    } else {
        let options = CreateSelectMenuKind::String {
            options: ["red", "green"].map(|it| CreateSelectMenuOption::new(it.to_uppercase(), it)).to_vec(),
        };
        let embed = CreateEmbed::new().title("Said").description(heard).field("by", "you", false);
        let message = CreateInteractionResponseMessage::new().embed(embed).components(vec![
            CreateActionRow::Buttons(vec![
                CreateButton::new("louder").label("Louder").style(ButtonStyle::Primary),
                CreateButton::new("gone").label("Gone"),
            ]),
            CreateActionRow::SelectMenu(CreateSelectMenu::new("colour", options)),
        ]);
        it.create_response(context, CreateInteractionResponse::Message(message)).await.expect("a message");
    }
}

async fn component(context: &Context, it: &ComponentInteraction) {
    let message = CreateInteractionResponseMessage::new();
    match &it.data.kind {
        ComponentInteractionDataKind::StringSelect { values } => {
            let message = message.content(values.concat()).ephemeral(true);
            it.create_response(context, CreateInteractionResponse::Message(message)).await.expect("a message");
        }
        _ if it.data.custom_id == "gone" => {
            it.create_response(context, CreateInteractionResponse::Acknowledge).await.expect("silence");
            it.delete_response(context).await.expect("a deletion");
        }
        _ => {
            let message = message.content(format!("LOUDER, {}", it.user.name)).components(vec![]);
            it.create_response(context, CreateInteractionResponse::UpdateMessage(message)).await.expect("an update");
        }
    }
}
