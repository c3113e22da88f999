//! `pyman setup`: the shell integration, written into the right start-up files once, and taken out again.

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::{rehash, shell};
use crate::error::Error;
use crate::inventory::Folder;
use crate::rehash as shims;
use crate::shell::{self as room, Outcome, Shell, detect, undo};

/// Write the shell integration into your start-up files
#[derive(clap::Parser)]
pub(crate) struct Setup {
    /// The shell: bash, zsh, fish, ksh, dash, pwsh or nu; the one that calls, if none is named
    shell: Option<String>,
    /// Take it out again; of every shell, if none is named
    #[arg(long)]
    undo: bool,
}

impl Run for Setup {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let named = self.shell.as_deref().map(shell::named).transpose()?.map(|(shell, _)| shell);
        if self.undo {
            take_out(context, named)
        } else {
            let found = || detect(context.machine.text("SHELL").as_deref()).map(|(shell, _)| shell);
            put_in(context, named.or_else(found).ok_or(room::Error::Undetected)?)
        }
    }
}

fn put_in(context: &Context, speaks: Shell) -> Result<Status, Error> {
    let account = shell::account(context, shell::link(context.root()))?;
    context.places().make(Folder::Versions)?;
    rehash::now(context)?;
    let stamp = shims::stamp(context.root());
    let init = shell::kept(context, context.root(), &stamp);
    for step in (room::Setup { shell: speaks, account: &account, init: &init }).steps()? {
        let file = step.file().display();
        match step.add()? {
            Outcome::Changed => context
                .printer
                .say(&format!("added to {file}:\n    {}", String::from_utf8_lossy(&step.line))),
            Outcome::Unchanged => context.printer.say(&format!("{file} is set up already")),
            Outcome::ByHand => {
                context.printer.say(&format!("{file} has a line of its own for `pyman init'"));
            }
        }
    }
    context.printer.say(&format!(
        "new shells have pyman; for this one run: exec {}\nto take it out again: pyman setup --undo",
        speaks.name()
    ));
    Ok(Status::SUCCESS)
}

fn take_out(context: &Context, named: Option<Shell>) -> Result<Status, Error> {
    let account = shell::account(context, shell::link(context.root()))?;
    let mut changed = Vec::new();
    for speaks in named.map_or(Shell::ALL.to_vec(), |shell| vec![shell]) {
        changed.extend(undo(speaks, &account)?);
    }
    for file in &changed {
        context.printer.say(&format!("taken out of {}", file.display()));
    }
    if changed.is_empty() {
        context.printer.say("nothing was set up");
    }
    Ok(Status::SUCCESS)
}
