//! Help: the overview, one command's, and the version line.

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::cli::context::Context;
use crate::cli::description::{WIDEST, manners, styles};
use crate::cli::printer::plain;
use crate::cli::status::Status;
use crate::compatibility;
use crate::error::Error;
use crate::plugin::{self, Documentation, External};

/// `pyman --version`
pub(crate) fn version(context: &Context) -> Result<Status, Error> {
    context.printer.line(compatibility::build_line())?;
    Ok(Status::SUCCESS)
}

/// `pyman` alone: version and help on stderr, status 1, as pyenv.
pub(crate) fn without_command(context: &Context) -> Result<Status, Error> {
    let page = page(context)?.render_help().to_string();
    context.printer.say(&format!("{}\n{}", compatibility::version_line(), page.trim_end()));
    Ok(Status::FAILURE)
}

/// `pyman --help`, `pyman help`
pub(crate) fn overview(context: &Context) -> Result<Status, Error> {
    context.printer.page(&page(context)?.render_help())?;
    Ok(Status::SUCCESS)
}

/// How a program of its own is called, from the comments at its head.
pub(crate) fn usage(external: &External, name: &str) -> Result<String, Error> {
    let usage = Documentation::read(&external.file)?.usage;
    Ok(if usage.is_empty() { format!("Usage: pyman {name}") } else { usage })
}

/// The help of a program of its own, from the comments at its head.
pub(crate) fn external(
    context: &Context,
    external: &External,
    name: &str,
) -> Result<Status, Error> {
    let read = Documentation::read(&external.file)?;
    if read == Documentation::default() {
        context.printer.say("Sorry, this command isn't documented yet.");
        return Ok(Status::FAILURE);
    }
    let help = if read.help.is_empty() { read.summary } else { read.help };
    context.printer.text(format!("{}\n\n{help}\n", usage(external, name)?))?;
    Ok(Status::SUCCESS)
}

/// Every command and program of a plugin, with what it does in a line.
pub(crate) fn commands(context: &Context) -> Result<BTreeMap<OsString, String>, Error> {
    let mut commands = BTreeMap::new();
    for external in plugin::commands(context.root(), &context.machine.search_path())? {
        // What cannot be read says nothing of itself.
        let summary = Documentation::read(&external.file).unwrap_or_default().summary;
        commands.insert(external.name, capital(&summary));
    }
    for command in context.commands() {
        commands.insert(command.name.into(), command.summary());
    }
    Ok(commands)
}

/// What `pyman` is told, with each of them on a line of its own. pyenv's own first lines stand above.
fn page(context: &Context) -> Result<clap::Command, Error> {
    let page = clap::Command::new("pyman").max_term_width(WIDEST).disable_help_subcommand(true);
    let commands = commands(context)?.into_iter();
    let commands = commands.filter_map(|(name, summary)| {
        let name = plain(&name.into_string().ok()?).into_owned();
        Some(clap::Command::new(name).about(plain(&summary).into_owned()))
    });
    let page = page.subcommands(commands).args(manners()).styles(styles()).disable_help_flag(true);
    let heading = styles().get_header().to_owned();
    let page = page.help_template(format!(
        "Usage: pyman <command> [<args>]\n\n\
         Some useful pyman commands are:\n{{subcommands}}\n\n\
         {heading}Options of every command:{heading:#}\n{{options}}{{after-help}}"
    ));
    Ok(page.after_help(
        "They stand before a command's name or behind it. See `pyman help <command>' for one of \
         them, `pyman help words' for other tools' words.",
    ))
}

/// With a capital at the beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
