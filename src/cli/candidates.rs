//! What may stand where on a command line: words for the shells' completion.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use pyman_shim::{Installation, Version};

use crate::catalogue::{self, Catalogue};
use crate::cli::context::Context;
use crate::error::Error;
use crate::fetch::Client;
use crate::operation::{environments, rehash};
use crate::plugin::{self, Event};
use crate::progress::Silent;
use crate::shell::Shell;
use crate::{disk, platform, world};

/// What an argument names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A command of pyman.
    Subcommand,
    /// A version that could be installed.
    Installable,
    /// An installed version, or an environment under `versions/`.
    Installed,
    /// An installed version, without the environments inside versions.
    Base,
    /// What a version file may say: an installed version, or `system`.
    Pin,
    /// A virtual environment.
    Environment,
    /// A command that has a shim.
    Shim,
    /// A shell.
    Shell,
    /// An event that has hooks.
    Event,
    /// A file, an address, free text: the shell knows better.
    Anything,
}

impl Kind {
    /// What the arguments of a command name. `path` is the command and the words below it: `["venv", "remove"]`.
    pub(crate) fn of_arguments(path: &[&str]) -> Self {
        match path {
            ["commands" | "completions" | "help"] => Self::Subcommand,
            ["install"] => Self::Installable,
            ["global" | "local" | "shell" | "prefix" | "version-file-write"] => Self::Pin,
            ["uninstall" | "latest" | "upgrade" | "unlink" | "pack"] => Self::Installed,
            ["virtualenv"] => Self::Base,
            ["activate" | "virtualenv-delete" | "virtualenv-prefix"]
            | [
                "venv",
                "remove" | "move" | "clone" | "repair" | "export" | "bundle" | "path" | "rm",
            ] => Self::Environment,
            ["exec" | "which" | "whence"] => Self::Shim,
            ["init" | "setup" | "virtualenv-init"] => Self::Shell,
            ["hooks"] => Self::Event,
            _ => Self::Anything,
        }
    }

    /// What the value of an option names.
    pub(crate) fn of_option(long: &str) -> Self {
        match long {
            "python" => Self::Pin,
            "env" => Self::Environment,
            "each" => Self::Installed,
            _ => Self::Anything,
        }
    }

    /// The words.
    pub(crate) fn words(self, context: &Context) -> Result<Vec<OsString>, Error> {
        match self {
            Self::Subcommand => subcommands(context),
            Self::Installable => installable(context),
            Self::Installed => installed(context, |_| Ok(true)),
            Self::Base => installed(context, |found| Ok(!found.name.contains(&b'/'))),
            Self::Pin => {
                let mut words = vec![OsString::from("system")];
                words.extend(installed(context, |_| Ok(true))?);
                words.extend(named_environments(context)?);
                Ok(words)
            }
            Self::Environment => {
                let mut words = installed(context, environments::stands_for_one)?;
                words.extend(named_environments(context)?);
                Ok(words)
            }
            Self::Shim => rehash::shims(&context.ground),
            Self::Shell => Ok(Shell::ALL.iter().map(|shell| shell.name().into()).collect()),
            Self::Event => Ok(Event::ALL.iter().map(|event| event.name().into()).collect()),
            Self::Anything => Ok(Vec::new()),
        }
    }
}

fn subcommands(context: &Context) -> Result<Vec<OsString>, Error> {
    let mut words: Vec<OsString> = context.commands().map(|entry| entry.name.into()).collect();
    let external = plugin::commands(context.root(), &context.machine.search_path())?;
    words.extend(external.into_iter().map(|external| external.name));
    words.sort();
    words.dedup();
    Ok(words)
}

/// From the tables built in and the rows added to them: completing asks no network.
fn installable(context: &Context) -> Result<Vec<OsString>, Error> {
    let directory = context.root().join("catalogue");
    let places = catalogue::Places { replacement: None, directory };
    let catalogue = Catalogue::load(&places, &Client::default(), &Silent)?;
    let names = catalogue.names(platform::current(Path::new("/")));
    let mut words = minors(&names);
    words.extend(names);
    Ok(words.into_iter().map(OsString::from).collect())
}

/// The minors that have a final release, the newest first: what people most often ask for.
fn minors(names: &[String]) -> Vec<String> {
    let mut minors: Vec<String> = Vec::new();
    for name in names.iter().rev() {
        let digits = name.trim_end_matches('t');
        let Some(version) = Version::parse(digits.as_bytes()).filter(Version::is_final) else {
            continue;
        };
        let variant = name.strip_prefix(digits).unwrap_or_default();
        let minor = format!("{}.{}{variant}", version.major, version.minor);
        if !minors.contains(&minor) {
            minors.push(minor);
        }
    }
    minors
}

fn installed(
    context: &Context,
    wanted: impl Fn(&Installation) -> Result<bool, Error>,
) -> Result<Vec<OsString>, Error> {
    let mut names = Vec::new();
    for found in context.ground.resolver().installations_and_environments() {
        if wanted(&found)? {
            names.push(world::path(&found.name).into_owned().into_os_string());
        }
    }
    Ok(names)
}

/// The named ones in `WORKON_HOME`, those inside versions are among the installed.
fn named_environments(context: &Context) -> Result<Vec<OsString>, Error> {
    let place = environments::workon_home(&context.ground)?;
    names(&place, |path| disk::look(&path.join("pyvenv.cfg")).is_ok_and(|found| found.is_some()))
}

/// The names in a directory that are no hidden ones, in order; none when it is not there.
fn names(directory: &Path, wanted: impl Fn(&Path) -> bool) -> Result<Vec<OsString>, Error> {
    let entries = disk::entries(directory)?.into_iter().map(|entry| entry.name);
    let mut names: Vec<OsString> =
        entries.filter(|name| !hidden(name) && wanted(&directory.join(name))).collect();
    names.sort();
    Ok(names)
}

fn hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

#[cfg(test)]
mod tests {
    use super::minors;

    #[test]
    fn minors_come_newest_first_and_only_with_a_final_release() {
        let names =
            ["2.7.18", "3.9.1", "3.13.0", "3.13.0t", "3.13.1", "3.14.0rc1", "pypy3.10-7.3.17"];
        assert_eq!(minors(&names.map(str::to_owned)), ["3.13", "3.13t", "3.9", "2.7"]);
    }
}
