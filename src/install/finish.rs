//! Makes an unpacked tree whole: its interpreter asked, its names complete, its files naming their final place.

use std::path::{Path, PathBuf};

use pyman_shim::{Layout, Series, Variant, Version};

use super::checkpoint::Moment;
use super::stage::Stage;
use super::{Error, executable};
use crate::disk;
use crate::interpreter::{self, Interpreter, probe};
use crate::inventory::Origin;
use crate::progress::Progress;
use crate::relocate::{Binaries, Relocation};
use crate::world::layout;

/// A tree in the stage, not finished.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) tree: PathBuf,
    pub(super) origin: Origin,
    /// Prefixes it may name.
    pub(super) former: Vec<PathBuf>,
    pub(super) completion: Completion,
    /// The directory it was made in, where that is not the stage: it goes when this does.
    pub(super) around: Option<disk::Stage>,
}

/// What is still to be done to a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Completion {
    /// It is given the names that every installation has, and told its prefix and this machine's tools.
    Full,
    /// Its own package manager answers for every file, and knows them by their digests.
    None,
}

/// A tree that only its receipt is missing from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finished {
    /// What it is called under `versions/` when nothing else was asked for.
    pub(super) name: String,
    pub(super) version: Version,
    pub(super) implementation: String,
    pub(super) variant: Variant,
}

/// What a tree is to be finished as.
pub(super) struct Finish<'a> {
    /// Where it is.
    pub(super) tree: &'a Path,
    /// What it came from, for messages.
    pub(super) source_name: &'a str,
    /// The version it has to be, when one was asked for.
    pub(super) expected: Option<Version>,
    /// What is believed of a tree for another machine, whose interpreter cannot be asked.
    pub(super) foreign: Option<&'a Finished>,
    /// Prefixes its files may name besides their own records'.
    pub(super) former: Vec<PathBuf>,
    /// Where compilers are looked for.
    pub(super) search: &'a [PathBuf],
    /// Asked whether to stop while the interpreter takes its time.
    pub(super) progress: &'a dyn Progress,
}

impl Finish<'_> {
    /// Who the tree is, from its interpreter's own mouth.
    pub(super) fn identify(&self) -> Result<Finished, Error> {
        let interpreter = self.interpreter()?;
        if let Some(foreign) = self.foreign {
            return Ok(foreign.clone());
        }
        let answer = self.ask(&interpreter, "cannot be used")?;
        if let Some(expected) = self.expected.filter(|expected| *expected != answer.version) {
            return Err(self.unusable(format!("is {}, not {expected}", answer.version)));
        }
        Ok(Finished {
            name: name(&answer),
            version: answer.version,
            implementation: answer.implementation,
            variant: answer.variant,
        })
    }

    /// Completes the tree for `prefix`; what became of its programs.
    pub(super) fn complete(
        &self,
        finished: &Finished,
        prefix: &Path,
        stage: &Stage,
    ) -> Result<Binaries, Error> {
        let interpreter = self.interpreter()?;
        let name = interpreter.file_name().unwrap_or_default();
        executable::complete(&layout::interpreters(self.tree), name, finished.version)?;
        let Version { major, minor, .. } = finished.version;
        let library =
            Layout::HERE.library(b"cpython", Series::Minor(major, minor), Variant::Default);
        let library = self.tree.join(library.unwrap_or_default());
        // PEP 668: with it pip would install nothing into a version; pyenv's versions have none.
        disk::unlink(&library.join("EXTERNALLY-MANAGED"))?;
        let (tree, former, search) = (self.tree, self.former.as_slice(), self.search);
        let binaries = Relocation { tree, prefix, former, search }.apply()?;
        stage.reach(Moment::Relocated);
        Ok(binaries)
    }

    /// Asks the interpreter once more, now that its tree was changed: what does not start is not published.
    pub(super) fn starts(&self, finished: &Finished) -> Result<(), Error> {
        if self.foreign.is_some() {
            return Ok(());
        }
        let answer = self.ask(&self.interpreter()?, "does not start where it was moved to")?;
        if answer.version == finished.version {
            return Ok(());
        }
        Err(self.unusable(format!("became {}, not {}", answer.version, finished.version)))
    }

    fn ask(&self, interpreter: &Path, otherwise: &str) -> Result<Interpreter, Error> {
        probe(interpreter, self.progress).map_err(|error| match error {
            interpreter::Error::Interrupted => Error::Interrupted,
            error => self.unusable(format!("{otherwise}: {error}")),
        })
    }

    fn unusable(&self, why: String) -> Error {
        Error::Unusable { source_name: self.source_name.to_owned(), why }
    }

    fn interpreter(&self) -> Result<PathBuf, Error> {
        executable::interpreter(self.tree)?
            .ok_or_else(|| Error::NoInterpreter(self.source_name.to_owned()))
    }
}

/// The name of a tree that came without one. A debug build's is pyenv's.
fn name(answer: &Interpreter) -> String {
    match answer.variant {
        Variant::Debug if answer.implementation == "cpython" => format!("{}-debug", answer.version),
        Variant::Debug | Variant::Default | Variant::FreeThreaded => answer.name(),
    }
}
