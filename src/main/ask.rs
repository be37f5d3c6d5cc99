//! `seventh ask`.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;

use anyhow::Context as _;
use seventh::app::{App, Opened};
use seventh::cli;
use seventh::config::Config;
use seventh::health::Health;
use seventh::reply::sentence;
use terminal_size::{Width, terminal_size_of};

use super::arguments::Ask;
use super::output::{BUILDING, EXIT_FAILURE, EXIT_OK, EXIT_USAGE, Progress, eprint_line, eprint_refusal};

/// Answers from what is live, or with `--fresh` from a build of the corpus folder that is thrown away.
pub(super) fn ask(config: &Config, arguments: &Ask) -> anyhow::Result<u8> {
    let app = App::new(config, Health::default());
    if !open(&app, arguments.fresh) {
        return Ok(EXIT_FAILURE);
    }
    if let Err(error) = app.check_countries(config) {
        eprint_line(&error.to_string());
        return Ok(EXIT_USAGE);
    }
    let mut out = io::stdout().lock();
    if let Some(file) = &arguments.jsonl {
        return many(&app, file, &mut out);
    }
    let question = arguments.question.join(" ");
    let text = if arguments.json {
        cli::as_json(&app, "", &question).map(|answer| serde_json::to_string_pretty(&answer).unwrap_or_default())
    } else {
        let width = arguments.width.or_else(terminal_width);
        cli::as_text(&app, &question, arguments.explain)
            .map(|text| width.map_or_else(|| text.clone(), |width| cli::wrap(&text, width.into())))
    };
    match text {
        Ok(text) => {
            writeln!(out, "{text}")?;
            Ok(EXIT_OK)
        }
        Err(error) => {
            eprint_line(&sentence(&error));
            Ok(EXIT_FAILURE)
        }
    }
}

/// The width of standard output; `None` where it is no terminal, or one that does not say.
fn terminal_width() -> Option<u16> {
    let (Width(columns), _) = terminal_size_of(io::stdout())?;
    Some(columns).filter(|columns| *columns > 0)
}

/// Opens the app and says what the person should know. `false` if the wish for a fresh build can't be met.
fn open(app: &App, fresh: bool) -> bool {
    app.semantic_problem().inspect(|problem| eprint_line(&format!("seventh: {problem}")));
    let bar = Progress::new(BUILDING);
    let progress = |done, total| bar.show(done as u64, total as u64);
    if fresh {
        let built = app.open_scratch_build(&progress);
        bar.finish();
        return built.inspect_err(eprint_refusal).is_ok();
    }
    let opened: Opened = app.open(&progress);
    bar.finish();
    if let Some(report) = opened.report() {
        eprint_line(&format!("seventh: {report}"));
    }
    true
}

fn many(app: &App, file: &Path, out: &mut impl io::Write) -> anyhow::Result<u8> {
    let input: Box<dyn io::BufRead> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(file).with_context(|| format!("{} can't be opened", file.display()))?))
    };
    let mut out = io::BufWriter::new(out);
    for (number, line) in input.lines().enumerate() {
        let line = line.with_context(|| format!("{}:{}: the line can't be read", file.display(), number + 1))?;
        if line.trim().is_empty() {
            continue;
        }
        let question: cli::JsonQuestion = serde_json::from_str(&line).map_err(|error| {
            anyhow::anyhow!(
                "{}:{}: not an object with \"id\" and \"text\" ({:?} error at column {})",
                file.display(),
                number + 1,
                error.classify(),
                error.column()
            )
        })?;
        let answer =
            cli::as_json(app, &question.id, &question.text).map_err(|error| anyhow::anyhow!(sentence(&error)))?;
        serde_json::to_writer(&mut out, &answer)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(EXIT_OK)
}
