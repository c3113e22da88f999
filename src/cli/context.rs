//! What every command is given: the machine, the root, the settings, the printer.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use pyman_shim::Layout;

use crate::cli::ask::Questions;
use crate::cli::description::{Audience, Description};
use crate::cli::printer::Printer;
use crate::cli::progress::Watch;
use crate::cli::status::Status;
use crate::disk::Found;
use crate::error::Error;
use crate::inventory::{Folder, Places};
use crate::operation::Ground;
use crate::settings::Settings;
use crate::world::{Machine, layout};
use crate::{disk, quote};

/// Passed to every command; there are no globals.
pub(crate) struct Context {
    pub(crate) machine: Machine,
    pub(crate) printer: Printer,
    /// What operations are given of all this.
    pub(crate) ground: Ground,
    questions: Rc<Questions>,
    commands: Vec<Description>,
}

impl Context {
    /// Finds the root for a program called as `program` (its `argv[0]`).
    pub(crate) fn new(
        machine: Machine,
        program: &OsStr,
        commands: Vec<Description>,
    ) -> Result<Self, Error> {
        let root = root(machine, program)?;
        let printer = Printer::default();
        let questions = Rc::new(Questions::by(printer.clone()));
        let asked = Rc::clone(&questions);
        let ground = Ground::new(machine, program, root, asked);
        Ok(Self { machine, printer, ground, questions, commands })
    }

    /// What is known of the commands that people call, in the order of the table.
    pub(crate) fn commands(&self) -> impl Iterator<Item = &Description> {
        self.commands.iter().filter(|command| command.audience == Audience::People)
    }

    /// What is known of the command of this name.
    pub(crate) fn command(&self, name: &OsStr) -> Option<&Description> {
        self.commands.iter().find(|command| name == command.name)
    }

    /// `$PYMAN_ROOT`: where everything of ours stands.
    pub(crate) fn root(&self) -> &Path {
        self.ground.root()
    }

    /// The root's folders; `versions/` may be a link where the settings say so.
    pub(crate) fn places(&self) -> Places {
        self.ground.places()
    }

    /// The settings.
    pub(crate) fn settings(&self) -> Result<&Settings, Error> {
        self.ground.settings()
    }

    /// Begins to watch long work: progress on stderr, and the signals that ask to stop.
    ///
    /// From here on the first INT, TERM or HUP only asks; a second one ends the process at once.
    ///
    /// In a root of somebody else's that we may write, as under sudo, what is made becomes ours: that is said.
    pub(crate) fn watch(&self) -> Result<Watch, Error> {
        self.warn()?;
        self.listen()
    }

    /// Says, before anything is written, whose the root is, where it is not ours alone.
    pub(crate) fn warn(&self) -> Result<(), Error> {
        let Some(found) = disk::follow(self.root())? else { return Ok(()) };
        let (root, word) = (self.root().display(), quote::shown(self.root()));
        if let Some(owner) = found.stranger().filter(|_| disk::writable(self.root())) {
            self.printer.talk(&format!(
                "warning: {root} belongs to user {owner}, what is made there now will not: \
                 `chown -R {owner} {word}' gives it to them"
            ));
            return Ok(());
        }
        let mut open = found.is_open_to_all().then(|| self.root().to_owned());
        for folder in Folder::ALL {
            if open.is_none() {
                let place = self.places().folder(folder);
                let found = disk::follow(&place)?.filter(Found::is_directory);
                open = found.filter(Found::is_open_to_all).map(|_| place);
            }
        }
        if let Some(open) = open {
            self.printer.talk(&format!(
                "warning: {} can be written by others, who can make you run anything",
                open.display()
            ));
        }
        Ok(())
    }

    /// The same for what only looks, and makes nothing anybody's.
    pub(crate) fn listen(&self) -> Result<Watch, Error> {
        Watch::begin(self.machine, &self.printer, self.questions.leave_to_watch()?)
    }

    /// 128 + the signal that asked work to stop; none came: none.
    pub(crate) fn interruption(&self) -> Option<Status> {
        self.questions.interruption()
    }
}

/// `$PYMAN_ROOT`, else the root whose `bin/pyman` was called, else `~/.pyman`.
fn root(machine: Machine, program: &OsStr) -> Result<PathBuf, Error> {
    if let Some(root) = machine.variable("PYMAN_ROOT") {
        // Taken apart and joined again, it ends in no slash.
        return Ok(machine.absolute(Path::new(&root))?.components().collect());
    }
    if let Some(root) = root_of_program(Path::new(program)) {
        return Ok(root);
    }
    // cmd.exe passes what was typed, and what PATH finds in the root is the manager itself and no link to it.
    if Layout::HERE.has_redirectors()
        && let Ok(file) = machine.executable()
        && let Some(root) = root_of_program(&file)
    {
        return Ok(root);
    }
    let home = machine.home().ok_or(Error::NoHome)?;
    Ok(home.join(".pyman"))
}

/// Cron and editors export nothing: `/somewhere/bin/pyman` beside `/somewhere/shims` is its own root.
fn root_of_program(program: &Path) -> Option<PathBuf> {
    let bin = program.parent().filter(|bin| bin.is_absolute() && bin.ends_with("bin"))?;
    let root = bin.parent()?;
    let whole = disk::is_file(&layout::program(bin, "pyman-shim"))
        && disk::is_directory(&root.join("shims"));
    whole.then(|| root.to_path_buf())
}
