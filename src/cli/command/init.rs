//! `pyman init`: the code a shell evaluates at its start, or where to put the line that asks for it.

use std::io;
use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::run::{self, Run, Status};
use crate::disk;
use crate::error::Error;
use crate::inventory::{Folder, Places};
use crate::operation::rehash;
use crate::operation::shells;
use crate::rehash as shims;
use crate::shell::{Call, Push, Shell, detect};

/// Configure the shell environment for pyman
///
/// Print the code a shell evaluates at its start: `eval "$(pyman init - bash)"`. Without `-`, print where to
/// put that line. `pyman setup` puts it there.
#[derive(clap::Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option people type")]
pub(crate) struct Init {
    /// `-` to print the code, and the shell: bash, zsh, fish, ksh, dash, pwsh or nu
    #[arg(value_name = "SHELL")]
    words: Vec<String>,
    /// Print only the part that puts the shims on PATH
    #[arg(long)]
    path: bool,
    /// Leave the shims where they stand in PATH, if they do
    #[arg(long)]
    no_push_path: bool,
    /// Do not rehash
    #[arg(long)]
    no_rehash: bool,
    /// Print which shell asks, and the files it reads
    #[arg(long)]
    detect_shell: bool,
    /// Add virtualenvwrapper's functions
    #[arg(long)]
    virtualenvwrapper: bool,
}

impl Run for Init {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let mut names = self.words.iter().filter(|word| *word != "-");
        let name = names.next();
        if let Some(other) = names.find(|other| Some(*other) != name) {
            return Ok(run::unexpected(context, other.as_ref()));
        }
        let (speaks, name) = match name {
            Some(name) => shells::named(name)?,
            None => detect(context.machine.text("SHELL").as_deref())
                .unwrap_or((Shell::Dash, "sh".to_owned())),
        };
        if self.detect_shell {
            return detected(context, speaks, &name);
        }
        if !self.path && !self.words.iter().any(|word| word == "-") {
            return instructions(context, speaks);
        }
        let stamp = shims::stamp(context.root());
        let push = if self.no_push_path { Push::Keep } else { Push::First };
        let mut init = shells::init(&context.ground, &stamp, push)?;
        init.wrapped = self.virtualenvwrapper;
        let code = if self.path { init.path(speaks, &name)? } else { init.code(speaks, &name)? };
        self.prepare(context);
        context.printer.out(code)?;
        Ok(Status::SUCCESS)
    }
}

impl Init {
    /// Makes what the code speaks of. A root that cannot be written is told of, and the shell still starts.
    fn prepare(&self, context: &Context) {
        let root = context.root();
        let made = make(&context.places())
            .map_err(Error::from)
            .and_then(|()| Ok(!self.no_rehash && shims::is_due(root)?))
            .and_then(|due| if due { rehash::now(&context.ground).map(drop) } else { Ok(()) });
        if let Err(error) = made {
            context.printer.say(&error.line());
        }
    }
}

/// Makes the directories that the code speaks of.
fn make(places: &Places) -> io::Result<()> {
    places.make(Folder::Shims)?;
    places.make(Folder::Versions).map(drop)
}

/// What to put into which file, on stderr, with status 1: nothing was configured.
fn instructions(context: &Context, speaks: Shell) -> Result<Status, Error> {
    let program = match shells::manager(&context.ground)? {
        Call::ByName => PathBuf::from("pyman"),
        Call::ByPath(path) => path,
    };
    let account = shells::account(&context.ground, program)?;
    let files: Vec<String> = account
        .files(speaks)
        .iter()
        .map(|file| match file.strip_prefix(&account.home) {
            Ok(rest) => format!("~/{}", rest.display()),
            Err(_) => file.display().to_string(),
        })
        .collect();
    context.printer.say(&format!(
        "# `pyman setup {}' loads pyman automatically. To do it by hand, add\n# the following to {}:\n\n{}\n\n\
         # Restart your shell for the changes to take effect.",
        speaks.name(),
        files.join(" and "),
        String::from_utf8_lossy(&account.lines(speaks)),
    ));
    Ok(Status::FAILURE)
}

/// Shell variables for installers' scripts, as pyenv prints them; only for the shells pyenv knows.
fn detected(context: &Context, speaks: Shell, name: &str) -> Result<Status, Error> {
    let has = |file: &str| {
        let home = context.machine.home();
        home.is_some_and(|home| disk::look(&home.join(file)).is_ok_and(|found| found.is_some()))
    };
    let (profile, rc) = match speaks {
        Shell::Bash if has(".bash_profile") => ("~/.bash_profile", "~/.bashrc"),
        Shell::Bash => ("~/.profile", "~/.bashrc"),
        Shell::Zsh => ("~/.zprofile", "~/.zshrc"),
        Shell::Ksh => ("~/.profile", "~/.profile"),
        Shell::PowerShell => {
            ("~/.config/powershell/profile.ps1", "~/.config/powershell/profile.ps1")
        }
        Shell::Fish | Shell::Dash | Shell::Nushell => ("", ""),
    };
    context.printer.out(format!(
        "PYMAN_SHELL_DETECT={name}\nPYMAN_PROFILE_DETECT={profile}\nPYMAN_RC_DETECT={rc}\n"
    ))?;
    Ok(Status::SUCCESS)
}
