//! The resolver: a world, a root, and the sources of requests in their order.

use alloc::vec::Vec;
use core::cell::{OnceCell, RefCell};

use crate::error::Error;
use crate::home::Home;
use crate::note::Note;
use crate::origin::Origin;
use crate::path;
use crate::selection::{FILE_LIMIT, Selection};
use crate::world::{File, World};

/// Answers which Python runs. What it learns of the disk it asks once.
pub struct Resolver<'w> {
    world: &'w dyn World,
    home: Home,
    notes: RefCell<Vec<Note>>,
    /// What [`crate::installed`] has read of `versions/`.
    pub(crate) names: OnceCell<Vec<Vec<u8>>>,
    /// What [`crate::system`] knows of our own program.
    pub(crate) own: OnceCell<Option<File>>,
}

/// The variable that pins versions.
pub const VERSION: &str = "PYMAN_VERSION";

impl<'w> Resolver<'w> {
    /// A resolver that has not asked anything yet.
    pub const fn new(world: &'w dyn World, home: Home) -> Self {
        Self {
            world,
            home,
            notes: RefCell::new(Vec::new()),
            names: OnceCell::new(),
            own: OnceCell::new(),
        }
    }

    /// The machine it asks.
    pub const fn world(&self) -> &'w dyn World {
        self.world
    }

    /// The root it looks in.
    pub const fn home(&self) -> &Home {
        &self.home
    }

    /// Keeps a remark.
    pub fn note(&self, note: Note) {
        self.notes.borrow_mut().push(note);
    }

    /// The remarks made so far, handed over.
    pub fn take_notes(&self) -> Vec<Note> {
        self.notes.take()
    }

    /// The pins in force, as pyenv knows them: the variable, else the nearest file, else the global one. Without
    /// entries they stand for `system`.
    pub fn pins(&self) -> Result<Selection, Error> {
        if let Some(selection) = self.variable() {
            return Ok(selection);
        }
        if let Some(selection) = self.local()? {
            return Ok(selection);
        }
        Ok(self.global())
    }

    /// What `PYMAN_VERSION` says; one without a usable entry is as one that is not set.
    pub fn variable(&self) -> Option<Selection> {
        let value = &*self.world.variable(VERSION.as_bytes())?;
        let origin = Origin::Variable(VERSION);
        Some(Selection::of_variable(value, origin, &mut |note| {
            self.note(note);
        }))
        .filter(|selection| !selection.entries.is_empty())
    }

    /// What the nearest `.python-version` says: from `PYMAN_DIR` upwards, then from the working directory.
    pub fn local(&self) -> Result<Option<Selection>, Error> {
        if let Some(directory) = self.world.variable(b"PYMAN_DIR") {
            let directory = self.pyman_dir(&directory)?;
            if let Some(selection) = self.upwards(&directory) {
                return Ok(Some(selection));
            }
        }
        Ok(self.working_directory().and_then(|directory| self.upwards(&directory)))
    }

    /// What the global file says, whether it is there or not.
    pub fn global(&self) -> Selection {
        let path = self.home.global();
        let text = self.read(&path).unwrap_or_default();
        Selection::of_file(&text, Origin::Global(path), &mut |note| self.note(note))
    }

    /// What the nearest version file in `directory` or above it says.
    pub fn upwards(&self, directory: &[u8]) -> Option<Selection> {
        let mut next = Some(directory);
        while let Some(directory) = next {
            let path = path::join(directory, b".python-version");
            if let Some(text) = self.read(&path) {
                let origin = Origin::File(path);
                return Some(Selection::of_file(&text, origin, &mut |note| {
                    self.note(note);
                }));
            }
            next = path::parent(directory);
        }
        None
    }

    /// The working directory: as `PWD` spells it when that is where we stand (a shell keeps the links it came by,
    /// and so does pyenv), else as the kernel does. None when it was deleted.
    pub fn working_directory(&self) -> Option<Vec<u8>> {
        let spelt = self.world.variable(b"PWD").filter(|spelt| {
            path::is_absolute(spelt)
                && !spelt
                    .split(|byte| path::is_separator(*byte))
                    .any(|part| matches!(part, b"." | b".."))
                && self
                    .world
                    .directory(spelt)
                    .is_some_and(|id| self.world.directory(b".") == Some(id))
        });
        match spelt {
            Some(spelt) => Some(spelt.to_vec()),
            None => self.world.working_directory(),
        }
    }

    fn pyman_dir(&self, directory: &[u8]) -> Result<Vec<u8>, Error> {
        let gone = || Error::NoDirectory(directory.to_vec());
        if !self.world.is_directory(directory) {
            return Err(gone());
        }
        if path::is_absolute(directory) {
            return Ok(path::normal(b"/", directory));
        }
        let here = self.working_directory().ok_or_else(gone)?;
        Ok(path::normal(&here, directory))
    }

    /// The start of a version file. What cannot be read is passed over: in a directory that cannot be searched
    /// silently, as in pyenv; else with a remark.
    fn read(&self, file: &[u8]) -> Option<Vec<u8>> {
        match self.world.read(file, FILE_LIMIT) {
            Ok(text) => text,
            Err(fault) => {
                let searchable = |directory| self.world.is_directory(&path::join(directory, b"."));
                if path::parent(file).is_some_and(searchable) {
                    self.note(Note::Unreadable { path: file.to_vec(), fault });
                }
                None
            }
        }
    }
}
