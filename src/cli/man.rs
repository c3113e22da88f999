//! The man pages, of section 1, from the same descriptions as the help: `pyman.1`, and one for each command.

use std::io::Write as _;
use std::path::Path;

use clap_mangen::Man;

use crate::cli::context::Context;
use crate::cli::description::{Description, manners};
use crate::cli::examples;
use crate::disk::{Directory, Privacy};
use crate::error::Error;

/// Writes them into a directory, which is made if need be.
pub(crate) fn write(context: &Context, directory: &Path) -> Result<(), Error> {
    let folder = Directory::make(directory)?;
    folder.sweep_temporaries()?;
    let commands: Vec<&Description> = context.commands().collect();
    let mut pages = vec![overview(&commands)];
    for command in commands {
        pages.extend(of(command));
    }
    for (name, command, words) in pages {
        let page = page(&name, command, &words)?;
        folder.replace(format!("{name}.1"), &page, Privacy::Shared)?;
    }
    Ok(())
}

/// A page's name, what it describes, and the words that call it.
type Page = (String, clap::Command, String);

/// What pyman is, and every command.
fn overview(commands: &[&Description]) -> Page {
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
fn of(command: &Description) -> Vec<Page> {
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

fn page(name: &str, command: clap::Command, words: &str) -> Result<Vec<u8>, Error> {
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
