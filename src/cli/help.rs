//! Help: the overview, one command's, the version line; and the man pages, from the same descriptions.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;

use clap_mangen::Man;

use crate::cli::context::Context;
use crate::cli::description::{Description, WIDEST, manners, styles};
use crate::cli::examples;
use crate::cli::status::Status;
use crate::cli::text::plain;
use crate::compatibility;
use crate::disk::{Directory, Privacy};
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

/// Writes the man pages, of section 1, into a directory, which is made if need be: `pyman.1`, and one for each command.
pub(crate) fn write_manual(context: &Context, directory: &Path) -> Result<(), Error> {
    let folder = Directory::make(directory)?;
    folder.sweep_temporaries()?;
    let commands: Vec<&Description> = context.commands().collect();
    let mut pages = vec![manual_overview(&commands)];
    for command in commands {
        pages.extend(manual_of(command));
    }
    for (name, command, words) in pages {
        let page = manual_page(&name, command, &words)?;
        folder.replace(format!("{name}.1"), &page, Privacy::Shared)?;
    }
    Ok(())
}

/// A page's name, what it describes, and the words that call it.
type Page = (String, clap::Command, String);

/// What pyman is, and every command.
fn manual_overview(commands: &[&Description]) -> Page {
    let name = "pyman".to_owned();
    let below = commands.iter().map(|command| {
        let below = clap::Command::new(command.name).about(command.summary());
        below.display_name(format!("pyman-{}", command.name))
    });
    let command = clap::Command::new(name.clone())
        .about("Install Pythons, choose among them, and run them")
        .override_usage("pyman <command> [<args>]")
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .subcommand_value_name("command")
        .args(manners())
        .subcommands(below);
    (name, command, String::new())
}

/// The pages of a command and of those it has below it.
fn manual_of(command: &Description) -> Vec<Page> {
    let mut whole = command.clap().disable_help_subcommand(true);
    whole.build();
    let name = format!("pyman-{}", command.name);
    let below: Vec<Page> = whole
        .get_subcommands()
        .map(|below| {
            let words = format!("{} {}", command.name, below.get_name());
            (format!("{name}-{}", below.get_name()), below.clone(), words)
        })
        .collect();
    [(name, whole, command.name.to_owned())].into_iter().chain(below).collect()
}

fn manual_page(name: &str, command: clap::Command, words: &str) -> Result<Vec<u8>, Error> {
    let has_commands = command.has_subcommands();
    let man = Man::new(command.display_name(name).name(name.to_owned()))
        .title(name)
        .source(format!("pyman {}", env!("CARGO_PKG_VERSION")))
        .manual("pyman");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if has_commands {
        man.render_subcommands_section(&mut page)?;
    }
    if let Some(examples) = examples::list(words) {
        page.extend(b".SH EXAMPLES\n");
        for (line, does) in examples {
            write!(page, ".TP\n\\fB{}\\fR\n{}\n", roff(line), roff(does))?;
        }
    }
    Ok(page)
}

/// A text in which nothing is a request: backslashes and dashes are themselves, and no line begins with a dot or quote.
fn roff(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}
