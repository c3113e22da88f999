//! Help: the overview, one command's, and the version line.

use crate::cli::context::Context;
use crate::cli::status::Status;
use crate::compatibility;
use crate::error::Error;
use crate::plugin::{Documentation, External};

const EVERYDAY: [(&str, &str); 12] = [
    ("install 3.12", "install a Python"),
    ("uninstall 3.12", "remove one"),
    ("global 3.12", "choose the Python of every directory"),
    ("local 3.12", "choose the Python of this directory (.python-version)"),
    ("shell 3.12", "choose the Python of this shell"),
    ("versions", "list what is installed"),
    ("version", "show what is selected here, and why"),
    ("which python", "show what a command would run"),
    ("exec python …", "run a command under the selected version"),
    ("venv create", "make a virtual environment"),
    ("doctor", "check the set-up"),
    ("setup", "write the shell integration into your rc file"),
];

/// `pyman --version`
pub(crate) fn version(context: &Context) -> Result<Status, Error> {
    context.printer.line(compatibility::version_line())?;
    Ok(Status::SUCCESS)
}

/// `pyman` alone: version and help on stderr, status 1, as pyenv.
#[expect(clippy::unnecessary_wraps, reason = "one of the results of a command line")]
pub(crate) fn without_command(context: &Context) -> Result<Status, Error> {
    context.printer.say(&format!("{}\n{}", compatibility::version_line(), text(context)));
    Ok(Status::FAILURE)
}

/// `pyman --help`, `pyman help`
pub(crate) fn overview(context: &Context) -> Result<Status, Error> {
    context.printer.text(text(context))?;
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

fn text(context: &Context) -> String {
    let mut text =
        String::from("Usage: pyman <command> [<args>]\n\nSome useful pyman commands are:\n");
    for (line, meaning) in EVERYDAY {
        text.extend(["   ", &format!("{line:<16}"), " ", meaning, "\n"]);
    }
    text.push_str("\nAll commands:\n");
    for line in wrap(context.commands().map(|entry| entry.name)) {
        text.extend(["   ", &line, "\n"]);
    }
    text.push_str("\nSee `pyman help <command>' for one of them.");
    text
}

/// Names joined by blanks into lines of at most 76 columns.
fn wrap<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for name in names {
        match lines.last_mut() {
            Some(line) if line.len() + name.len() < 76 => {
                line.push(' ');
                line.push_str(name);
            }
            _ => lines.push(name.to_owned()),
        }
    }
    lines
}
