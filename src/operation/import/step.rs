//! A step of a takeover, and what the steps of every tool are made from.

use pyman_shim::{Request, Wanted};

use crate::disk;
use crate::error::Error;
use crate::interpreter::link::is_name;
use crate::inventory::{Form, Installation};
use crate::operation::pins::{self, Check};
use crate::operation::{Ground, link};
use crate::progress::Progress;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// One thing to do, or to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// A tree becomes the version `name`.
    Link { name: OsString, target: PathBuf },
    /// These become the global versions.
    Global(Vec<OsString>),
    /// These become this directory's versions.
    Local { file: PathBuf, versions: Vec<OsString> },
    /// What is ours or cannot be had, and why.
    Leave { what: String, why: &'static str },
}

impl Step {
    /// The step in a line, as done or as it would be.
    pub(crate) fn line(&self, dry_run: bool) -> String {
        let done = |did: &'static str, would: &'static str| if dry_run { would } else { did };
        let joined = |versions: &[OsString]| {
            let shown: Vec<_> = versions.iter().map(|version| version.to_string_lossy()).collect();
            shown.join(" ")
        };
        match self {
            Self::Link { name, target } => {
                let linked = done("linked", "would link");
                format!("{linked} {} -> {}", name.display(), target.display())
            }
            Self::Global(versions) => {
                format!("{} global {}", done("set", "would set"), joined(versions))
            }
            Self::Local { file, versions } => {
                format!("{} {}: {}", done("wrote", "would write"), file.display(), joined(versions))
            }
            Self::Leave { what, why } => format!("left {what}: {why}"),
        }
    }

    /// Does it.
    pub(crate) fn carry_out(&self, ground: &Ground, progress: &dyn Progress) -> Result<(), Error> {
        match self {
            Self::Link { name, target } => link::adopt_tree(ground, target, name, progress),
            Self::Global(versions) => {
                pins::write(ground, &ground.root().join("version"), versions, Check::Nothing)
            }
            Self::Local { file, versions } => pins::write(ground, file, versions, Check::Nothing),
            Self::Leave { .. } => Ok(()),
        }
    }
}

/// The environment at `target` as a version of its directory's name, unless that is a version's, or taken.
pub(super) fn environment_step(
    ground: &Ground,
    name: &OsStr,
    target: PathBuf,
) -> Result<Step, Error> {
    let reads_as_version = match Request::parse(name.as_encoded_bytes()).wanted() {
        Wanted::Series { .. } | Wanted::Specifier { .. } => true,
        Wanted::Exact | Wanted::Stem(_) | Wanted::System => false,
    };
    if reads_as_version {
        let what = name.to_string_lossy().into_owned();
        return Ok(Step::Leave { what, why: "the name is a version's" });
    }
    link_step(ground, name, target)
}

/// The tree at `target` as a version, unless the name is taken.
pub(super) fn link_step(ground: &Ground, name: &OsStr, target: PathBuf) -> Result<Step, Error> {
    let places = ground.places();
    if !is_name(name) {
        let what = name.to_string_lossy().into_owned();
        return Ok(Step::Leave { what, why: "it cannot be a version's name" });
    }
    Ok(match Installation::at(&places.version(name))?.map(|found| found.form) {
        None | Some(Form::Dangling(_)) => Step::Link { name: name.to_owned(), target },
        Some(Form::Link(there)) if there == target => {
            Step::Leave { what: name.to_string_lossy().into_owned(), why: "linked already" }
        }
        Some(Form::Tree | Form::Shut | Form::Link(_)) => {
            Step::Leave { what: name.to_string_lossy().into_owned(), why: "the name is taken" }
        }
    })
}

/// The other tool's global versions, unless ours are set.
pub(super) fn global_step(ground: &Ground, versions: Vec<OsString>) -> Result<Option<Step>, Error> {
    if versions.is_empty() || versions.iter().all(|version| version == "system") {
        return Ok(None);
    }
    let file = ground.root().join("version");
    let set = || Step::Leave { what: "the global version".to_owned(), why: "it is set already" };
    Ok(Some(if disk::follow(&file)?.is_some() { set() } else { Step::Global(versions) }))
}

/// The directories in a directory, by name, links left out; none when it is not there.
pub(super) fn trees(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = entries(directory)?;
    found.retain(|path| {
        disk::look(path).is_ok_and(|found| found.is_some_and(|found| found.is_directory()))
    });
    Ok(found)
}

/// What stands in a directory, by name, but hidden entries; nothing when it is not there.
pub(super) fn entries(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let listing = disk::entries(directory)?.into_iter();
    let visible = listing.filter(|entry| !entry.name.as_encoded_bytes().starts_with(b"."));
    let mut found: Vec<PathBuf> = visible.map(|entry| directory.join(entry.name)).collect();
    found.sort();
    Ok(found)
}

/// The first words of the lines of a version file; none when it is not there.
pub(super) fn words(file: &Path) -> Result<Vec<OsString>, Error> {
    let lines = text(file)?;
    let words = lines.lines().filter_map(|line| line.split_whitespace().next());
    Ok(words.filter(|word| !word.starts_with('#')).map(OsString::from).collect())
}

/// A file's text; empty when it is not there.
pub(super) fn text(file: &Path) -> Result<String, Error> {
    let bytes = disk::read(file)?.unwrap_or_default();
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A directory named by a variable, else a place below the home.
pub(super) fn place(ground: &Ground, variable: &str, below_home: &str) -> Result<PathBuf, Error> {
    let named = ground.machine.variable(variable).map(PathBuf::from);
    let default = || Some(ground.machine.home()?.join(below_home));
    named.filter(|path| path.is_absolute()).or_else(default).ok_or(Error::NoHome)
}

/// Nothing of the tool's is here.
pub(super) fn absent(tool: &'static str, place: &Path) -> Error {
    Error::NothingToImport { tool, place: place.to_path_buf() }
}
