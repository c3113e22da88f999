//! The resolver: a world, a root, and the sources of requests in their order.

use alloc::borrow::Cow;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::cell::{OnceCell, RefCell};

use crate::error::Error;
use crate::home::Home;
use crate::note::Note;
use crate::path;
use crate::request::Origin;
use crate::selection::{FILE_READ, Selection};
use crate::world::{File, World};

/// Answers which Python runs. What it learns of the disk it asks once.
pub struct Resolver<'w> {
    world: &'w dyn World,
    home: Home,
    notes: RefCell<Vec<Note>>,
    /// The versions of which it was noted that they cannot be read.
    unreadable: RefCell<Vec<Vec<u8>>>,
    /// What [`crate::installed`] has read of `versions/`.
    pub(crate) names: OnceCell<Vec<Vec<u8>>>,
    /// What [`crate::system`] knows of our own program.
    pub(crate) own: OnceCell<Option<File>>,
    /// What [`crate::system`] was asked last, and the answer.
    pub(crate) last: RefCell<Option<(Vec<u8>, bool)>>,
}

/// The variable that pins versions.
pub const VERSION: &str = "PYMAN_VERSION";

/// The variable that pins pyenv's, heeded where this root stands for pyenv's.
pub const PYENV_VERSION: &str = "PYENV_VERSION";

impl<'w> Resolver<'w> {
    /// A resolver that has not asked anything yet.
    pub const fn new(world: &'w dyn World, home: Home) -> Self {
        Self {
            world,
            home,
            notes: RefCell::new(Vec::new()),
            unreadable: RefCell::new(Vec::new()),
            names: OnceCell::new(),
            own: OnceCell::new(),
            last: RefCell::new(None),
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

    /// Keeps a remark. Of a version that cannot be read it is an error's to speak where it matters; else it is for who
    /// looks at the decision being made, once, however many of its parts are asked for.
    pub fn note(&self, note: Note) {
        let version = match &note {
            Note::Unreadable { path, .. } => self.version_of(path),
            _ => None,
        };
        match version {
            None => self.notes.borrow_mut().push(note),
            Some(version) if self.is_news(version) => {
                self.notes.borrow_mut().push(Note::Step(note.to_string()));
            }
            Some(_) => {}
        }
    }

    fn is_news(&self, version: &[u8]) -> bool {
        let mut known = self.unreadable.borrow_mut();
        let is_news = known.iter().all(|one| one != version);
        if is_news {
            known.push(version.to_vec());
        }
        is_news
    }

    /// The name in `versions/` below which a path is.
    fn version_of<'p>(&self, path: &'p [u8]) -> Option<&'p [u8]> {
        let below = path.strip_prefix(self.home.versions().as_slice())?.strip_prefix(b"/")?;
        below.split(|byte| *byte == b'/').next()
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

    /// What `PYMAN_VERSION` says, else `PYENV_VERSION` where it is ours too; one without a usable entry is as one that
    /// is not set.
    pub fn variable(&self) -> Option<Selection> {
        self.said_by(VERSION).or_else(|| self.pyenvs_variable())
    }

    /// What `PYENV_VERSION` says, where it is said to us: `setup --as-pyenv` gives the root a `bin/pyenv`. Where
    /// `PYENV_ROOT` names another root, it is said to that one.
    pub fn pyenvs_variable(&self) -> Option<Selection> {
        self.world.variable(PYENV_VERSION.as_bytes())?;
        let root = self.world.variable(b"PYENV_ROOT");
        let is_ours = |root: &[u8]| {
            let own = self.world.directory(self.home.root());
            own.is_some() && self.world.directory(root) == own
        };
        let stands_for_it = self.world.is_executable(&self.home.pyenv());
        (stands_for_it && root.as_deref().is_none_or(is_ours))
            .then(|| self.said_by(PYENV_VERSION))?
    }

    fn said_by(&self, variable: &'static str) -> Option<Selection> {
        let value = &*self.world.variable(variable.as_bytes())?;
        let origin = Origin::Variable(variable);
        Some(Selection::of_variable(value, origin, &mut |note| {
            self.note(note);
        }))
        .filter(|selection| !selection.entries.is_empty())
    }

    /// What the nearest `.python-version` says: from `PYMAN_DIR` upwards, then from the working directory.
    pub fn local(&self) -> Result<Option<Selection>, Error> {
        let given = self.given_directory()?;
        if let Some(selection) = given.as_deref().and_then(|given| self.upwards(given)) {
            return Ok(Some(selection));
        }
        Ok(self
            .working_directory()
            .filter(|here| given.as_ref() != Some(here))
            .and_then(|here| self.upwards(&here)))
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
        let named = self.world.working_directory();
        let spelt = self.world.variable(b"PWD");
        // Most often both are the same, and the kernel's word was enough.
        let other = spelt.filter(|spelt| named.as_deref() != Some(spelt) && self.is_here(spelt));
        other.map(Cow::into_owned).or(named)
    }

    fn is_here(&self, spelt: &[u8]) -> bool {
        let normal = |part: &[u8]| !matches!(part, b"." | b"..");
        path::is_absolute(spelt)
            && spelt.split(|byte| path::is_separator(*byte)).all(normal)
            && self.world.directory(spelt).is_some_and(|id| self.world.directory(b".") == Some(id))
    }

    /// The directory that `PYMAN_DIR` names, absolute; an error when it names none.
    pub fn given_directory(&self) -> Result<Option<Vec<u8>>, Error> {
        let Some(directory) = self.world.variable(b"PYMAN_DIR") else {
            return Ok(None);
        };
        let gone = || Error::NoDirectory(directory.to_vec());
        if !self.world.is_directory(&directory) {
            return Err(gone());
        }
        if path::is_absolute(&directory) {
            return Ok(Some(path::normal(b"/", &directory)));
        }
        let here = self.working_directory().ok_or_else(gone)?;
        Ok(Some(path::normal(&here, &directory)))
    }

    /// The start of a version file. What cannot be read is passed over: in a directory that cannot be searched
    /// silently, as in pyenv; else with a remark.
    fn read(&self, file: &[u8]) -> Option<Vec<u8>> {
        match self.world.read(file, FILE_READ) {
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

#[cfg(test)]
mod tests {
    use std::string::String;

    use super::*;
    use crate::memory::Memory;
    use crate::world::Fault;

    /// Where the pins in force were found, and their first entry.
    fn pins(world: &Memory) -> (String, Option<String>) {
        let pins = Resolver::new(world, Home::new(b"/r")).pins().unwrap();
        let first = pins.entries.first().map(|entry| String::from_utf8_lossy(entry.text()).into());
        (pins.origin.to_string(), first)
    }

    #[test]
    fn the_nearest_file_wins_and_dir_comes_before_here() {
        let world = || {
            Memory::new()
                .at("/w/p/q")
                .file("/w/.python-version", "far")
                .file("/w/p/.python-version", "near")
                .file("/d/.python-version", "elsewhere")
                .directory("/d/e")
                .directory("/empty")
                .file("/r/version", "global")
        };
        let cases = [
            (world(), "/w/p/.python-version", "near"),
            (
                world().variable("PYMAN_VERSION", "typed"),
                "PYMAN_VERSION environment variable",
                "typed",
            ),
            (world().variable("PYENV_VERSION", "pyenv's"), "/w/p/.python-version", "near"),
            (world().variable("PYMAN_DIR", "/d/e"), "/d/.python-version", "elsewhere"),
            (world().variable("PYMAN_DIR", "../../../d/e/"), "/d/.python-version", "elsewhere"),
            (world().variable("PYMAN_DIR", "/empty"), "/w/p/.python-version", "near"),
            (world().at("/empty"), "/r/version", "global"),
            (world().at("/empty").file("/.python-version", "root"), "/.python-version", "root"),
            (world().special("/w/p/.python-version"), "/w/.python-version", "far"),
            (world().special("/w/p/q/.python-version"), "/w/p/.python-version", "near"),
            (world().directory("/w/p/q/.python-version"), "/w/p/.python-version", "near"),
            (world().link("/w/p/q/.python-version", "/gone"), "/w/p/.python-version", "near"),
            (
                world().link("/w/p/q/.python-version", "/d/.python-version"),
                "/w/p/q/.python-version",
                "elsewhere",
            ),
            (world().variable("PYMAN_VERSION", "::#x"), "/w/p/.python-version", "near"),
            (world().variable("PYMAN_VERSION", "/abs"), "/w/p/.python-version", "near"),
        ];
        for (world, origin, first) in cases {
            assert_eq!(pins(&world), (origin.to_string(), Some(first.to_string())));
        }
    }

    #[test]
    fn what_pyenvs_variable_says_counts_where_we_stand_for_pyenv() {
        let world = || {
            Memory::new()
                .at("/w")
                .file("/w/.python-version", "file")
                .program("/r/bin/pyenv", "")
                .directory("/elsewhere")
                .link("/also", "/r")
                .variable("PYENV_VERSION", "typed")
        };
        let (said, file) =
            (("PYENV_VERSION environment variable", "typed"), ("/w/.python-version", "file"));
        let cases = [
            (world(), said),
            (world().variable("PYENV_ROOT", "/r/"), said),
            (world().variable("PYENV_ROOT", "/also"), said),
            (world().variable("PYENV_ROOT", ""), said),
            (world().variable("PYENV_ROOT", "/elsewhere"), file),
            (world().variable("PYENV_ROOT", "/gone"), file),
            (world().variable("PYENV_VERSION", ""), file),
            (world().variable("PYENV_VERSION", "::"), file),
            (
                world().variable("PYMAN_VERSION", "ours"),
                ("PYMAN_VERSION environment variable", "ours"),
            ),
            (world().variable("PYMAN_VERSION", "/abs"), said),
        ];
        for (world, (origin, first)) in cases {
            assert_eq!(pins(&world), (origin.to_string(), Some(first.to_string())), "{world:?}");
        }
    }

    #[test]
    fn the_working_directory_is_spelt_as_the_shell_spells_it() {
        let world = || {
            Memory::new()
                .directory("/data/p")
                .link("/home/p", "/data/p")
                .file("/home/.python-version", "logical")
                .file("/data/.python-version", "physical")
                .at("/data/p")
        };
        let cases = [
            (Some("/home/p"), "/home/.python-version"),
            (None, "/data/.python-version"),
            (Some("/elsewhere"), "/data/.python-version"),
            (Some("/home"), "/data/.python-version"),
            (Some("home/p"), "/data/.python-version"),
            (Some("/home/x/../p"), "/data/.python-version"),
        ];
        for (spelt, origin) in cases {
            let world = match spelt {
                Some(spelt) => world().variable("PWD", spelt),
                None => world(),
            };
            assert_eq!(pins(&world).0, origin, "{spelt:?}");
        }
        let deleted = Memory::new().variable("PWD", "/gone").file("/.python-version", "root");
        assert_eq!(pins(&deleted).0, "/r/version");
    }

    #[test]
    fn a_directory_that_is_none_is_an_error() {
        for directory in ["/gone", "/w/file", "gone"] {
            let world = Memory::new().at("/w").file("/w/file", "").variable("PYMAN_DIR", directory);
            let error = Resolver::new(&world, Home::new(b"/r")).pins().unwrap_err();
            assert_eq!(error, Error::NoDirectory(directory.as_bytes().to_vec()));
            assert_eq!(error.exit_code(), 1);
        }
    }

    #[test]
    fn what_cannot_be_read_is_passed_over_and_said() {
        let world = Memory::new()
            .at("/w/p")
            .secret("/w/p/.python-version")
            .file("/w/.python-version", "far")
            .secret("/r/version");
        let resolver = Resolver::new(&world, Home::new(b"/r"));
        let origin = resolver.pins().unwrap().origin;
        assert_eq!(origin, Origin::File(b"/w/.python-version".to_vec()));
        assert!(resolver.global().stands_for_system());
        let notes: Vec<String> = resolver.take_notes().iter().map(ToString::to_string).collect();
        assert_eq!(
            notes,
            [
                "cannot read `/w/p/.python-version': Permission denied, passed over",
                "cannot read `/r/version': Permission denied, passed over",
            ]
        );
    }

    #[test]
    fn a_version_that_cannot_be_read_is_said_once_and_to_who_looks() {
        let world = Memory::new();
        let resolver = Resolver::new(&world, Home::new(b"/r"));
        let unreadable =
            |path: &str| Note::Unreadable { path: path.as_bytes().to_vec(), fault: Fault(13) };
        let step = |path: &str| Note::Step(unreadable(path).to_string());
        let paths = ["/r/versions/3.8.1/bin", "/r/version", "/r/versions/3.8.1/envs", "/r/version"];
        for path in paths.into_iter().chain(["/r/versions/3.8", "/r/versions"]) {
            resolver.note(unreadable(path));
        }
        let said = [
            step(paths[0]),
            unreadable(paths[1]),
            unreadable(paths[3]),
            step("/r/versions/3.8"),
            unreadable("/r/versions"),
        ];
        assert_eq!(resolver.take_notes(), said);
    }

    #[test]
    fn a_foreign_file_is_used() {
        let world =
            Memory::new().at("/w").file("/w/.python-version", "3.12").foreign("/w/.python-version");
        assert_eq!(pins(&world).0, "/w/.python-version");
    }
}
