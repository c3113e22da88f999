//! `pyman help`, `commands`, `hooks`: how one command is used, which there are, ours and the plugins'.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::run::{self, Overlooked, Run, Status};
use crate::cli::{external, help, words};
use crate::error::Error;
use crate::{disk, plugin, world};

/// Explain a command
#[derive(clap::Parser)]
pub(crate) struct Help {
    /// Print only how it is called
    #[arg(long)]
    usage: bool,
    /// Write the manual's pages into this directory: `pyman.1`, and one a command
    #[arg(long, value_name = "DIR", conflicts_with_all = ["usage", "command"])]
    man: Option<PathBuf>,
    /// The command; `words` for those of others
    command: Option<String>,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Help {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if let Some(directory) = &self.man {
            help::write_manual(context, &context.machine.absolute(directory)?)?;
            return Ok(Status::SUCCESS);
        }
        let Some(name) = self.command.clone().filter(|name| !name.is_empty()) else {
            return if self.usage {
                usage_line(context, "Usage: pyman <command> [<args>]")
            } else {
                help::overview(context)
            };
        };
        if name == "words" {
            let text = words::table().join("\n");
            context.printer.text(format!("What others say, and what pyman says:\n{text}"))?;
            return Ok(Status::SUCCESS);
        }
        let Some(entry) = context.command(name.as_ref()) else {
            return self.external(context, &name);
        };
        let mut command = entry.clap();
        if self.usage {
            return usage_line(context, &command.render_usage().to_string());
        }
        // As the command itself says it: in two lines an option only where there is more to say.
        let help = command.no_binary_name(true).try_get_matches_from(["--help"]);
        if let Err(help) = help {
            context.printer.page(&help.render())?;
        }
        Ok(Status::SUCCESS)
    }
}

impl Help {
    /// The help of a program of its own, from the comments at its head.
    fn external(&self, context: &Context, name: &str) -> Result<Status, Error> {
        let Some(external) = external::find(context, name.as_ref())? else {
            return Err(external::unknown(context, name.as_ref(), Vec::new()));
        };
        if self.usage {
            return usage_line(context, &help::usage(&external, name)?);
        }
        help::external(context, &external, name)
    }
}

fn usage_line(context: &Context, line: &str) -> Result<Status, Error> {
    context.printer.text(line)?;
    Ok(Status::SUCCESS)
}

/// Commands that act on the calling shell, through its `pyman` function.
const SHELL: [&str; 4] = ["activate", "deactivate", "rehash", "shell"];

/// List all commands
#[derive(clap::Parser)]
pub(crate) struct Commands {
    /// Only those that act on the calling shell
    #[arg(long, conflicts_with = "no_sh")]
    sh: bool,
    /// Only those that do not
    #[arg(long)]
    no_sh: bool,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Commands {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let mut names: BTreeMap<OsString, bool> = context
            .commands()
            .map(|entry| (entry.name.into(), SHELL.contains(&entry.name)))
            .collect();
        for external in plugin::commands(context.root(), &context.machine.search_path())? {
            names.entry(external.name).or_insert(external.shell);
        }
        for misfit in plugin::misfits(context.root())? {
            context.printer.say(&misfit.to_string());
        }
        let wanted = |shell: bool| (!self.sh || shell) && (!self.no_sh || !shell);
        let listed = names.iter().filter(|(_, shell)| wanted(**shell));
        context.printer.list(listed.map(|(name, _)| name.as_encoded_bytes()))?;
        Ok(Status::SUCCESS)
    }
}

/// List the hooks of an event (install, uninstall, rehash, exec, which, version-name, virtualenv)
#[derive(clap::Parser)]
pub(crate) struct Hooks {
    /// The event
    #[arg(value_name = "command")]
    event: String,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Hooks {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.event.is_empty() {
            return run::without_words(context, "hooks");
        }
        for hook in plugin::hooks(context.root(), &self.event)? {
            // As in pyenv, a link is shown as what it leads to.
            let hook = if disk::link_target(&hook)?.is_some() {
                disk::canonical(&hook)?.unwrap_or(hook)
            } else {
                hook
            };
            context.printer.list([world::bytes(&hook)])?;
        }
        Ok(Status::SUCCESS)
    }
}
