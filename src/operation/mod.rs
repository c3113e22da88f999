//! What a person can have done that needs more than one room: choosing and fetching, installing, upgrading, removing with
//! what depends on it, importing, examining. It is asked through [`Ask`] and told through
//! [`Progress`](crate::progress::Progress); it prints nothing and knows no command line.

pub(crate) mod available;
pub(crate) mod base;
pub(crate) mod cache;
pub(crate) mod dependents;
pub(crate) mod doctor;
pub(crate) mod environments;
pub(crate) mod import;
pub(crate) mod install;
pub(crate) mod link;
pub(crate) mod manager;
pub(crate) mod network;
pub(crate) mod pins;
pub(crate) mod planner;
pub(crate) mod prune;
pub(crate) mod rehash;
pub(crate) mod selection;
pub(crate) mod shells;
pub(crate) mod site;
pub(crate) mod typed;
pub(crate) mod uninstall;
pub(crate) mod upgrade;

use std::cell::OnceCell;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use pyman_shim::{Home, Resolver};

use crate::error::Error;
use crate::inventory::Places;
use crate::plugin::{self, Event, Told};
use crate::settings::Settings;
use crate::world::{self, Machine};

/// Whoever wants something done: is asked what only a person knows, and told what matters.
pub(crate) trait Ask {
    /// Yes or no from whatever answers; no answer is no.
    fn anybody(&self, question: &str) -> Result<bool, Error>;

    /// Yes or no; `None` where nobody is there to answer.
    fn person(&self, question: &str) -> Result<Option<bool>, Error>;

    /// One line that has to be heard: what went wrong, what a question is about.
    fn say(&self, line: &str);

    /// One line that may go unheard.
    fn talk(&self, line: &str);
}

/// A root with its settings, on this machine.
pub(crate) struct Ground {
    pub(crate) machine: Machine,
    program: OsString,
    root: PathBuf,
    settings: OnceCell<Settings>,
    ask: Rc<dyn Ask>,
}

impl Ground {
    /// The root at `root`; `program` is what this process was called by (its `argv[0]`).
    pub(crate) fn new(machine: Machine, program: &OsStr, root: PathBuf, ask: Rc<dyn Ask>) -> Self {
        Self { machine, program: program.to_owned(), root, settings: OnceCell::new(), ask }
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

    /// The settings; read when first asked for, as most operations need none.
    pub(crate) fn settings(&self) -> Result<&Settings, Error> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let settings = Settings::read(self.machine, &self.root)?;
        Ok(self.settings.get_or_init(|| settings))
    }

    /// The resolver for this root and this machine.
    pub(crate) fn resolver(&self) -> Resolver<'_> {
        Resolver::new(&self.machine, Home::new(world::bytes(&self.root)))
    }

    /// Yes or no from whatever answers; no answer is no.
    pub(crate) fn ask(&self, question: &str) -> Result<bool, Error> {
        self.ask.anybody(question)
    }

    /// Yes or no; `None` where nobody is there to answer.
    pub(crate) fn ask_person(&self, question: &str) -> Result<Option<bool>, Error> {
        self.ask.person(question)
    }

    /// Tells whoever asked for the work one line that has to be heard.
    pub(crate) fn say(&self, line: &str) {
        self.ask.say(line);
    }

    /// Tells whoever asked for the work one line that may go unheard.
    pub(crate) fn talk(&self, line: &str) {
        self.ask.talk(line);
    }

    /// Tells the plugins' hooks of `event`.
    pub(crate) fn tell(&self, event: Event, told: &[Told<'_>]) {
        self.tell_in(self.root(), event, told);
    }

    /// Tells the hooks of another root's plugins: a shim's, whatever root the variables name. A hook that ends badly is said,
    /// and changes nothing.
    pub(crate) fn tell_in(&self, root: &Path, event: Event, told: &[Told<'_>]) {
        if let Err(error) = plugin::run(root, event, told) {
            self.say(&format!("pyman: {error}"));
        }
    }
}
