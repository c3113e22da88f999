//! `pyman setup`: the shell integration, written into the right start-up files once, and taken out again.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::disk;
use crate::error::Error;
use crate::inventory::Folder;
use crate::operation::manager::{self, Kept};
use crate::operation::rehash;
use crate::operation::shells;
use crate::rehash as shims;
use crate::shell::{self as room, Account, Asked, Init, Outcome, Shell, asked, undo};

/// Write the shell integration into your start-up files
#[derive(clap::Parser)]
pub(crate) struct Setup {
    /// The shell: bash, zsh, fish, ksh, dash, pwsh or nu; if none is named, the one that calls and that of SHELL
    shell: Option<String>,
    /// Answer to pyenv's name too: editors and tools that look for pyenv find the versions and environments here
    #[arg(long, conflicts_with = "undo")]
    as_pyenv: bool,
    /// Take it out again; of every shell, if none is named
    #[arg(long)]
    undo: bool,
}

impl Run for Setup {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let named = self.shell.as_deref().map(shells::named).transpose()?.map(|(shell, _)| shell);
        if self.undo {
            return take_out(context, named);
        }
        let asked = match named {
            Some(shell) => Asked { shells: vec![shell], unknown: None },
            None => asked(context.machine.text("SHELL").as_deref()),
        };
        if asked == Asked::default() && !room::KEEPS_PATH {
            return Err(room::Error::Undetected.into());
        }
        if self.as_pyenv {
            let own = room::pyenv(context.root());
            let taken = !room::is_pyenv(context.root())? && disk::follow(&own)?.is_some();
            if let Some(found) = if taken { Some(own) } else { other_pyenv(context)? } {
                return Err(room::Error::Pyenv(found).into());
            }
        }
        put_in(context, &asked, self.as_pyenv)
    }
}

fn put_in(context: &Context, asked: &Asked, as_pyenv: bool) -> Result<Status, Error> {
    let root = context.root();
    let account = shells::account(&context.ground, shells::link(root))?;
    context.warn()?;
    context.places().make(Folder::Versions)?;
    if as_pyenv {
        room::become_pyenv(root)?;
        let pyenv = room::pyenv(root);
        context.printer.talk(&format!(
            "what looks for pyenv finds {}, and PYENV_ROOT in new shells",
            pyenv.display()
        ));
    }
    let kept = manager::keep(&context.ground)?;
    rehash::now(&context.ground)?;
    if room::KEEPS_PATH {
        let (shims, bin) = (root.join("shims"), root.join("bin"));
        let (shims, bin) = (shims.display(), bin.display());
        context.printer.talk(&if room::enlist(root)? {
            format!("added to the PATH of this account:\n    {shims};{bin}")
        } else {
            "the PATH of this account is set up already".to_owned()
        });
    }
    let stamp = shims::stamp(root);
    let init = shells::kept(&context.ground, root, &stamp)?;
    let mut said = BTreeSet::new();
    for speaks in &asked.shells {
        write(context, *speaks, (&account, &init), &mut said)?;
    }
    let link = shells::link(root);
    match kept {
        Kept::Linked => {}
        Kept::Here => context.printer.talk(&format!(
            "pyman itself is in {} now, since where it ran from may be gone one day",
            link.display()
        )),
        Kept::Renewed(older) => {
            context.printer.talk(&format!("{} is this pyman now: it was {older}", link.display()));
        }
        Kept::Newer(newer) => context.printer.talk(&format!(
            "{} stays as it is: it is pyman {newer}, newer than this",
            link.display()
        )),
    }
    if let Some(unknown) = &asked.unknown {
        context.printer.say(&format!(
            "{unknown} is none of the shells pyman knows: put {} first in PATH in its start-up file by hand",
            root.join("shims").display()
        ));
    }
    if room::KEEPS_PATH {
        context.printer.talk("new shells have pyman\nto take it out again: pyman setup --undo");
    } else if let Some(first) = asked.shells.first() {
        context.printer.talk(&format!(
            "new shells have pyman; for this one run: exec {}\nto take it out again: pyman setup --undo",
            first.name()
        ));
    }
    let is_nothing = asked.shells.is_empty() && !room::KEEPS_PATH;
    Ok(if is_nothing { Status::FAILURE } else { Status::SUCCESS })
}

/// Writes one shell's lines, and says what became of each file: of one that two shells read, or that has two lines, once.
fn write(
    context: &Context,
    speaks: Shell,
    (account, init): (&Account, &Init<'_>),
    said: &mut BTreeSet<(PathBuf, Outcome)>,
) -> Result<(), Error> {
    for step in (room::Setup { shell: speaks, account, init }).steps()? {
        let outcome = step.add()?;
        let file = step.file().display();
        let message = match outcome {
            Outcome::Changed => {
                format!("added to {file}:\n    {}", String::from_utf8_lossy(&step.line))
            }
            Outcome::Unchanged => format!("{file} is set up already"),
            Outcome::ByHand => format!("{file} has a line of its own for `pyman init'"),
        };
        if said.insert((step.file().to_owned(), outcome)) || outcome == Outcome::Changed {
            context.printer.talk(&message);
        }
    }
    Ok(())
}

/// The pyenv that is here already: its programs where `PYENV_ROOT` leads, at its usual place, or on PATH.
fn other_pyenv(context: &Context) -> Result<Option<PathBuf>, Error> {
    let own = disk::canonical(context.root())?;
    let named = context.machine.variable("PYENV_ROOT").map(PathBuf::from);
    let usual = context.machine.home().map(|home| home.join(".pyenv"));
    for place in named.into_iter().chain(usual) {
        let programs = ["bin/pyenv", "libexec/pyenv"].map(|name| place.join(name));
        let found = programs.into_iter().find(|program| disk::executable(program));
        if found.is_some() && disk::canonical(&place)? != own {
            return Ok(found);
        }
    }
    let bin = disk::canonical(&context.root().join("bin"))?;
    for directory in context.machine.search_path() {
        let program = directory.join("pyenv");
        if disk::executable(&program) && disk::canonical(&directory)? != bin {
            return Ok(Some(program));
        }
    }
    Ok(None)
}

fn take_out(context: &Context, named: Option<Shell>) -> Result<Status, Error> {
    let account = shells::account(&context.ground, shells::link(context.root()))?;
    let mut changed = Vec::new();
    for speaks in named.map_or(Shell::ALL.to_vec(), |shell| vec![shell]) {
        changed.extend(undo(speaks, &account)?);
    }
    if named.is_none() && room::leave_pyenv(context.root())? {
        changed.push(room::pyenv(context.root()));
    }
    for file in &changed {
        context.printer.talk(&format!("taken out of {}", file.display()));
    }
    let path = named.is_none() && room::delist(context.root())?;
    if path {
        context.printer.talk("taken out of the PATH of this account");
    }
    if changed.is_empty() && !path {
        context.printer.talk("nothing was set up");
    }
    Ok(Status::SUCCESS)
}
