//! What every command is given: the machine, the root, the settings, the printer.

use std::cell::OnceCell;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::cli::ask::Ask;
use crate::cli::description::{Audience, Description};
use crate::cli::printer::Printer;
use crate::cli::progress::Watch;
use crate::cli::status::Status;
use crate::error::Error;
use crate::inventory::Places;
use crate::settings::Settings;
use crate::world::Machine;
use crate::{disk, quote};

/// Passed to every command; there are no globals.
pub(crate) struct Context {
    pub(crate) machine: Machine,
    pub(crate) printer: Printer,
    ask: Ask,
    program: OsString,
    root: PathBuf,
    settings: OnceCell<Settings>,
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
        let program = program.to_owned();
        Ok(Self {
            machine,
            printer: Printer::default(),
            ask: Ask::default(),
            program,
            root,
            settings: OnceCell::new(),
            commands,
        })
    }

    /// What is known of the commands that people call, in the order of the table.
    pub(crate) fn commands(&self) -> impl Iterator<Item = &Description> {
        self.commands.iter().filter(|command| command.audience == Audience::People)
    }

    /// What is known of the command of this name.
    pub(crate) fn command(&self, name: &OsStr) -> Option<&Description> {
        self.commands.iter().find(|command| name == command.name)
    }

    /// The name this program was called by (its `argv[0]`).
    pub(crate) fn program(&self) -> &OsStr {
        &self.program
    }

    /// `$PYMAN_ROOT`: where everything of ours stands.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The root's folders; `versions/` may be a link where the settings say so.
    pub(crate) fn places(&self) -> Places {
        let admitted = self.settings().map_or(None, |settings| settings.versions.value.clone());
        Places::new(&self.root).admitting(admitted)
    }

    /// The settings; read when first asked for, as most commands need none.
    pub(crate) fn settings(&self) -> Result<&Settings, Error> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let settings = Settings::read(self.machine, &self.root)?;
        Ok(self.settings.get_or_init(|| settings))
    }

    /// Asks yes or no and reads the answer from whatever stdin is; end of input is no.
    pub(crate) fn ask(&self, question: &str) -> Result<bool, Error> {
        self.ask.anybody(&self.printer, question)
    }

    /// Asks who sits at a terminal; `None` where nobody does.
    pub(crate) fn ask_person(&self, question: &str) -> Result<Option<bool>, Error> {
        self.ask.person(&self.printer, question)
    }

    /// Begins to watch long work: progress on stderr, and the signals that ask to stop.
    ///
    /// From here on the first INT, TERM or HUP only asks; a second one ends the process at once.
    ///
    /// In a root of somebody else's that we may write, as under sudo, what is made becomes ours: that is said.
    pub(crate) fn watch(&self) -> Result<Watch, Error> {
        let owner = disk::follow(&self.root)?.and_then(|found| found.stranger());
        if let Some(owner) = owner.filter(|_| disk::writable(&self.root)) {
            let (root, word) = (self.root.display(), quote::shown(&self.root));
            self.printer.say(&format!(
                "warning: {root} belongs to user {owner}, what is made there now will not: \
                 `chown -R {owner} {word}' gives it to them"
            ));
        }
        self.listen()
    }

    /// The same for what only looks, and makes nothing anybody's.
    pub(crate) fn listen(&self) -> Result<Watch, Error> {
        Watch::begin(self.machine, self.ask.leave_to_watch()?)
    }

    /// 128 + the signal that asked work to stop; none came: none.
    pub(crate) fn interruption(&self) -> Option<Status> {
        self.ask.interruption()
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
    let home = machine.home().ok_or(Error::NoHome)?;
    Ok(home.join(".pyman"))
}

/// Cron and editors export nothing: `/somewhere/bin/pyman` beside `/somewhere/shims` is its own root.
fn root_of_program(program: &Path) -> Option<PathBuf> {
    let bin = program.parent().filter(|bin| bin.is_absolute() && bin.ends_with("bin"))?;
    let root = bin.parent()?;
    let whole = disk::is_file(&bin.join("pyman-shim")) && disk::is_directory(&root.join("shims"));
    whole.then(|| root.to_path_buf())
}
