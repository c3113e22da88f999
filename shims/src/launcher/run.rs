//! The launcher itself, and what it has run: what its sources look at the world with.

use alloc::string::String;
use alloc::vec::Vec;

use super::settings::Settings;
use crate::command::Place;
use crate::launch::Launch;
use crate::note::Note;
use crate::resolver::Resolver;
use crate::world::World;

/// The launcher: a resolver, and what people set for `py`.
pub struct Launcher<'r, 'w> {
    pub(super) resolver: &'r Resolver<'w>,
    pub(super) settings: Settings<'r, 'w>,
    /// Our own program, links followed.
    pub(super) program: Vec<u8>,
    pub(super) may_install: bool,
}

/// A program to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The program, and the variables it gets.
    pub launch: Launch,
    /// What stands before the words given.
    pub leading: Vec<Vec<u8>>,
    /// How many of the words given to `py` are its own, and left out.
    pub skipped: usize,
    /// `PYMAN_ROOT` for the manager, where the variable may name another root than ours.
    pub root: Option<Vec<u8>>,
}

/// An interpreter, and how it was come by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) program: Vec<u8>,
    pub(super) place: Place,
}

impl<'r, 'w> Launcher<'r, 'w> {
    /// A launcher that runs from `program` (links followed): beside it stands the manager.
    pub fn new(resolver: &'r Resolver<'w>, program: &[u8]) -> Self {
        Self {
            resolver,
            settings: Settings::new(resolver, program.to_vec()),
            program: program.to_vec(),
            may_install: true,
        }
    }

    /// The same, when what could be installed has been.
    #[must_use]
    pub fn without_installing(mut self) -> Self {
        self.may_install = false;
        self
    }

    pub(super) fn world(&self) -> &'w dyn World {
        self.resolver.world()
    }

    pub(super) fn runnable(&self, program: &[u8]) -> bool {
        self.resolver.runnable(program)
    }

    /// Says how the decision goes, to who asked to see it.
    pub(super) fn step(&self, text: impl FnOnce() -> String) {
        if self.world().is_debugged() {
            self.resolver.note(Note::Step(text()));
        }
    }
}
