//! The harness against the real serenity client: what it sends is understood, and what it must notice is noticed.

use std::time::Duration;

use serenity::{
    all::{
        AutocompleteChoice, ButtonStyle, ChannelId, ClientBuilder, Command, CommandInteraction,
        CommandOptionType, CommandType, ComponentInteraction, ComponentInteractionDataKind,
        Context, CreateActionRow, CreateAllowedMentions, CreateAutocompleteResponse, CreateButton,
        CreateCommand, CreateCommandOption, CreateEmbed, CreateInputText,
        CreateInteractionResponse, CreateInteractionResponseFollowup,
        CreateInteractionResponseMessage, CreateMessage, CreateModal, CreateSelectMenu,
        CreateSelectMenuKind, CreateSelectMenuOption, EditInteractionResponse, EventHandler,
        GatewayIntents, GuildId, Http, HttpBuilder, InputTextStyle, Interaction, Message,
        ModalInteraction, Ready, ResolvedValue,
    },
    async_trait,
};

use crate::harness::{Discord, Fault, Guild, Kind, Reply, Return, Setup, TOKEN, Who};

const PATIENCE: Duration = Duration::from_secs(15);

/// A small bot that repeats what it hears, in every form that a bot has.
struct Parrot;

#[async_trait]
impl EventHandler for Parrot {
    async fn ready(&self, context: Context, _: Ready) {
        let text = |name, description| {
            CreateCommandOption::new(CommandOptionType::String, name, description)
        };
        let global = vec![
            CreateCommand::new("say")
                .description("Repeats")
                .add_option(text("words", "What to say").required(true)),
            CreateCommand::new("later").description("Thinks first"),
            CreateCommand::new("find").description("Finds").add_option(
                text("word", "What to find")
                    .set_autocomplete(true)
                    .required(true),
            ),
            CreateCommand::new("form").description("Opens a form"),
            CreateCommand::new("Repeat").kind(CommandType::Message),
        ];
        let file = CreateCommandOption::new(CommandOptionType::Attachment, "file", "A file")
            .required(true);
        let add = CreateCommandOption::new(CommandOptionType::SubCommand, "add", "Adds")
            .add_sub_option(file);
        let cage = CreateCommand::new("cage")
            .description("For keepers")
            .add_option(add);
        let home = GuildId::new(Guild::Home.number());
        Command::set_global_commands(&context, global)
            .await
            .expect("global commands");
        let cage = cage.default_member_permissions(serenity::all::Permissions::MANAGE_GUILD);
        home.set_commands(&context, vec![cage])
            .await
            .expect("the server's commands");
    }

    async fn message(&self, context: Context, message: Message) {
        let addressed = message.guild_id.is_none()
            || message.mentions_user_id(context.http.application_id().map_or(1, |it| it.get()));
        if message.author.bot || !addressed {
            return;
        }
        let said = message.content.rsplit("> ").next().unwrap_or_default();
        let reply = CreateMessage::new()
            .content(format!("heard: {said}"))
            .reference_message(&message);
        // It may be refused: the test that does so is about that.
        drop(message.channel_id.send_message(&context, reply).await);
    }

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        match interaction {
            Interaction::Command(it) => command(&context, &it).await,
            Interaction::Autocomplete(it) => {
                let typed = it
                    .data
                    .autocomplete()
                    .map_or("", |option| option.value)
                    .to_owned();
                let choices = vec![AutocompleteChoice::new(format!("{typed}!"), typed)];
                let choices = CreateAutocompleteResponse::new().set_choices(choices);
                it.create_response(&context, CreateInteractionResponse::Autocomplete(choices))
                    .await
                    .expect("choices");
            }
            Interaction::Component(it) => component(&context, &it).await,
            Interaction::Modal(it) => form(&context, &it).await,
            _ => unreachable!("the harness sends no other interaction"),
        }
    }
}

async fn command(context: &Context, it: &CommandInteraction) {
    let options = it.data.options();
    let heard = match options.first().map(|option| &option.value) {
        Some(ResolvedValue::String(words)) => (*words).to_owned(),
        Some(ResolvedValue::SubCommand(options)) => {
            match options.first().map(|option| &option.value) {
                Some(ResolvedValue::Attachment(file)) => {
                    let bytes = file.download().await.expect("the file");
                    let may = it
                        .member
                        .as_ref()
                        .and_then(|member| member.permissions)
                        .is_some_and(|it| it.manage_guild());
                    format!(
                        "{} {} {may}",
                        file.filename,
                        String::from_utf8_lossy(&bytes)
                    )
                }
                other => format!("{other:?}"),
            }
        }
        _ => it
            .data
            .resolved
            .messages
            .values()
            .map(|it| it.content.clone())
            .collect(),
    };
    let respond = |response| it.create_response(context, response);
    match it.data.name.as_str() {
        "later" => {
            it.defer_ephemeral(context).await.expect("a deferral");
            let nobody = CreateAllowedMentions::new();
            let edit = EditInteractionResponse::new()
                .content("done")
                .allowed_mentions(nobody.clone());
            it.edit_response(context, edit).await.expect("an edit");
            let more = CreateInteractionResponseFollowup::new()
                .content("and more")
                .allowed_mentions(nobody);
            it.create_followup(context, more)
                .await
                .expect("a follow-up");
        }
        "form" => {
            let input = CreateInputText::new(InputTextStyle::Short, "Reason", "reason");
            let form = CreateModal::new("form", "Why?")
                .components(vec![CreateActionRow::InputText(input)]);
            respond(CreateInteractionResponse::Modal(form))
                .await
                .expect("a form");
        }
        _ => {
            let options = CreateSelectMenuKind::String {
                options: ["red", "green"]
                    .map(|it| CreateSelectMenuOption::new(it.to_uppercase(), it))
                    .to_vec(),
            };
            let embed = CreateEmbed::new()
                .title("Said")
                .description(heard)
                .field("by", "you", false);
            let message = CreateInteractionResponseMessage::new()
                .embed(embed)
                .components(vec![
                    CreateActionRow::Buttons(vec![
                        CreateButton::new("louder")
                            .label("Louder")
                            .style(ButtonStyle::Primary),
                        CreateButton::new("gone").label("Gone"),
                    ]),
                    CreateActionRow::SelectMenu(CreateSelectMenu::new("colour", options)),
                ]);
            respond(CreateInteractionResponse::Message(message))
                .await
                .expect("a message");
        }
    }
}

async fn component(context: &Context, it: &ComponentInteraction) {
    let message = CreateInteractionResponseMessage::new();
    match &it.data.kind {
        ComponentInteractionDataKind::StringSelect { values } => {
            let message = message.content(values.concat()).ephemeral(true);
            it.create_response(context, CreateInteractionResponse::Message(message))
                .await
                .expect("a message");
        }
        _ if it.data.custom_id == "gone" => {
            it.create_response(context, CreateInteractionResponse::Acknowledge)
                .await
                .expect("silence");
            it.delete_response(context).await.expect("a deletion");
        }
        _ => {
            let message = message
                .content(format!("LOUDER, {}", it.user.name))
                .components(vec![]);
            it.create_response(context, CreateInteractionResponse::UpdateMessage(message))
                .await
                .expect("an update");
        }
    }
}

async fn form(context: &Context, it: &ModalInteraction) {
    let message =
        CreateInteractionResponseMessage::new().content(format!("{:?}", it.data.components));
    it.create_response(context, CreateInteractionResponse::Message(message))
        .await
        .expect("a message");
}

fn http(discord: &Discord) -> Http {
    HttpBuilder::new(TOKEN)
        .proxy(discord.url())
        .ratelimiter_disabled(true)
        .default_allowed_mentions(CreateAllowedMentions::new())
        .build()
}

/// A Discord with the parrot in it.
async fn aviary(setup: Setup) -> Discord {
    let discord = Discord::start(setup.terms());
    let intents =
        GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
    let client = ClientBuilder::new_with_http(http(&discord), intents).event_handler(Parrot);
    let mut client = client.await.expect("a client");
    tokio::spawn(async move { client.start().await });
    discord.ready(PATIENCE).await;
    discord
}

fn assert_blameless(discord: &Discord) {
    assert_eq!(discord.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_mention_and_a_direct_message_are_answered_and_the_rest_is_met_with_silence() {
    let discord = aviary(Setup::default()).await;

    let reply = discord.mention("does stress make it worse?").await;
    assert_eq!(reply.text(), "heard: does stress make it worse?");
    assert_eq!(reply.kind, Kind::Posted);
    assert!(reply.replies_to_the_asker());

    assert_eq!(
        discord.dm("and here?").by(Who::Bob).await.text(),
        "heard: and here?"
    );
    assert_eq!(
        discord.mention("more").replying_to(&reply).await.text(),
        "heard: more"
    );
    discord.quiet(|it| it.message("nobody asked")).await;
    discord
        .quiet(|it| it.message("a reply without a ping").replying_to(&reply))
        .await;
    discord
        .quiet(|it| it.mention("a loop?").by_another_bot())
        .await;
    discord.quiet(|it| it.mention("a feed").by_webhook()).await;
    assert_blameless(&discord);
}

#[tokio::test]
async fn commands_are_offered_used_and_typed_as_discord_does() {
    let discord = aviary(Setup::default()).await;
    assert_eq!(discord.command_writes(), 2);
    assert_eq!(
        discord.offered(Who::Alice, Some(Guild::Home)),
        ["say", "later", "find", "form", "Repeat"]
    );
    assert!(
        discord
            .offered(Who::Mod, Some(Guild::Home))
            .contains(&"cage".to_owned())
    );

    let reply = discord.slash("say").option("words", "hello").await;
    assert_eq!(
        reply.text(),
        "┌\n│ # Said\n│ hello\n│ ## by\n│ you\n└\n[Louder] [Gone]\n[▾ ]\n  * RED\n  * GREEN"
    );
    assert_eq!(
        discord
            .context_menu("Repeat", "these words")
            .in_dm()
            .await
            .embeds[0]["description"],
        "these words"
    );
    let choices = discord.autocomplete("find", "word", "diagnos").await;
    assert_eq!(choices, [("diagnos!".to_owned(), "diagnos".to_owned())]);
    let added = discord
        .slash("cage add")
        .file("file", "new.md", "# New")
        .by(Who::Mod)
        .await;
    assert_eq!(added.embeds[0]["description"], "new.md # New true");
    let forced = discord
        .slash("cage add")
        .file("file", "new.md", "# New")
        .forced()
        .in_guild(Guild::Elsewhere)
        .await;
    assert_eq!(forced.embeds[0]["description"], "new.md # New false");
    assert_blameless(&discord);
}

#[tokio::test]
async fn a_deferred_answer_is_read_in_its_final_state_and_then_what_follows() {
    let discord = aviary(Setup::default()).await;
    let reply = discord.slash("later").await;
    assert_eq!(
        (reply.kind, reply.text().as_str()),
        (Kind::Deferred, "(only you can see this)\ndone")
    );
    assert_eq!(discord.another(&reply).await.text(), "and more");
    assert_blameless(&discord);
}

#[tokio::test]
async fn components_and_forms_are_used() {
    let discord = aviary(Setup::default()).await;
    let reply = discord.slash("say").option("words", "hello").await;
    let chosen = discord.select(&reply, "GREEN").by(Who::Bob).await;
    assert_eq!(chosen.text(), "(only you can see this)\ngreen");
    let louder = discord.click(&reply, "Louder").by(Who::Bob).await;
    assert_eq!(louder.kind, Kind::Update);
    assert_eq!(louder.content(), "LOUDER, bob");
    assert!(louder.buttons().is_empty());

    let reply = discord.slash("say").option("words", "hello").await;
    assert_eq!(discord.click(&reply, "Gone").await.text(), "(deleted)");

    let form = discord.slash("form").await;
    assert_eq!(form.text(), "Why?\n[▾ Reason]");
    let answer: Reply = discord.submit(&form, &[("Reason", "because")]).await;
    assert!(answer.content().contains("because"), "{answer:?}");
    assert_blameless(&discord);
}

#[tokio::test]
async fn a_lost_connection_is_resumed_and_nothing_that_was_said_meanwhile_is_lost() {
    let discord = aviary(Setup::default()).await;
    discord.drop_connection();
    assert_eq!(
        discord.mention("in between").await.text(),
        "heard: in between"
    );
    assert_eq!(discord.returned().await, Return::Resumed);

    discord.ask_to_reconnect();
    assert_eq!(discord.returned().await, Return::Resumed);
    assert_eq!(
        discord.mention("afterwards").await.text(),
        "heard: afterwards"
    );
    assert_blameless(&discord);
}

#[tokio::test]
async fn unacknowledged_heartbeats_make_the_bot_connect_anew() {
    let discord = aviary(Setup::default().heartbeat_ms(200)).await;
    discord.heartbeat().await;
    discord.stop_acknowledging();
    assert_eq!(discord.returned().await, Return::Identified);
    assert_eq!(
        discord.mention("still there?").await.text(),
        "heard: still there?"
    );
    assert_blameless(&discord);
}

#[tokio::test]
async fn a_refused_token_ends_the_client() {
    let discord = Discord::start(Setup::default().token_refused().terms());
    let client =
        ClientBuilder::new_with_http(http(&discord), GatewayIntents::GUILDS).event_handler(Parrot);
    let mut client = client.await.expect("a client");
    assert!(client.start().await.is_err());
    assert!(http(&discord).get_current_user().await.is_err());
    let routes: Vec<_> = discord.requests().iter().map(ToString::to_string).collect();
    assert_eq!(routes, ["GET /gateway -> 200", "GET /users/@me -> 401"]);
}

#[tokio::test]
async fn privileged_intents_are_refused_and_noticed() {
    let discord = Discord::start(Setup::default().terms());
    let intents = GatewayIntents::GUILDS | GatewayIntents::MESSAGE_CONTENT;
    let mut client = ClientBuilder::new_with_http(http(&discord), intents)
        .await
        .expect("a client");
    assert!(client.start().await.is_err());
    assert!(discord.problem().await.contains("privileged intents"));
}

#[tokio::test]
async fn a_scripted_fault_happens_as_often_as_it_was_asked_for() {
    let fault = Fault::on("POST /channels/*/messages")
        .status(403)
        .code(50013);
    let discord = aviary(Setup::default()).await;
    discord.fault(fault.clone());
    discord.message("refused {bot}").send();
    assert_eq!(
        discord.mention("allowed").by(Who::Bob).await.text(),
        "heard: allowed"
    );
    assert_blameless(&discord);
    discord.fault(fault);
    assert!(discord.complaints()[0].contains("was expected 1 times more"));
}

#[tokio::test]
async fn a_message_of_2001_characters_is_rejected_and_noticed() {
    let discord = Discord::start(Setup::default().terms());
    let nobody = serde_json::json!({"parse": []});
    let channel = ChannelId::new(Guild::Home.number() + 200);
    let fitting = serde_json::json!({"content": "ä".repeat(2000), "allowed_mentions": nobody});
    let too_long = serde_json::json!({"content": "ä".repeat(2001), "allowed_mentions": nobody});
    let http = http(&discord);

    http.send_message(channel, vec![], &fitting)
        .await
        .expect("2,000 characters are allowed");
    let refused = http
        .send_message(channel, vec![], &too_long)
        .await
        .expect_err("2,001 are not");
    assert!(
        refused.to_string().contains("Invalid Form Body"),
        "{refused}"
    );
    assert_eq!(
        discord.problem().await,
        "a message's content has 2001 characters, and Discord allows 2000"
    );
    assert!(discord.complaints()[0].starts_with("the test did not read a message of the bot:"));
}

#[tokio::test]
async fn a_possible_ping_an_unknown_route_and_a_late_answer_are_noticed() {
    let discord = Discord::start(Setup::default().terms());
    let channel = ChannelId::new(Guild::Home.number() + 200);
    let http = http(&discord);
    let pinging =
        serde_json::json!({"content": "@everyone", "allowed_mentions": {"parse": ["everyone"]}});
    drop(http.send_message(channel, vec![], &pinging).await);
    assert!(
        discord
            .problem()
            .await
            .starts_with("a message may ping somebody")
    );
    drop(http.get_pins(channel).await);
    assert!(discord.problem().await.contains("no route GET /channels/"));
}
