//! Programs called `pyman-NAME` (or `pyman-sh-NAME`, for the calling shell) in plugins and on PATH.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::disk;
use crate::plugin::{Error, entries, plugins};

/// No command: the shim program stands beside the manager under such a name.
const SHIM: &str = "shim";

/// A command that is a program of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct External {
    /// `foo` of `pyman-foo`.
    pub name: OsString,
    /// The program.
    pub file: PathBuf,
    /// Whether its output is for the calling shell to evaluate (`pyman-sh-foo`).
    pub shell: bool,
}

/// Finds the command `name`: plugins before PATH, `pyman-NAME` before `pyman-sh-NAME`, and before all of them what
/// may be run; what may not can still be asked for its help.
pub(crate) fn find(
    root: &Path,
    search: &[PathBuf],
    name: &OsStr,
) -> Result<Option<External>, Error> {
    if name.is_empty() || name == SHIM || name.as_encoded_bytes().contains(&b'/') {
        return Ok(None);
    }
    let directories = directories(root, search)?;
    let files = [("pyman-", false), ("pyman-sh-", true)].into_iter().flat_map(|(prefix, shell)| {
        let mut program = OsString::from(prefix);
        program.push(name);
        directories.iter().map(move |directory| External {
            name: name.to_owned(),
            file: directory.join(&program),
            shell,
        })
    });
    let files: Vec<External> = files.filter(|external| disk::is_file(&external.file)).collect();
    let runs = files.iter().position(|external| disk::executable(&external.file));
    Ok(files.into_iter().nth(runs.unwrap_or_default()))
}

/// Every such command, by name; where two have one name, the first that [`find`] would take.
pub(crate) fn commands(root: &Path, search: &[PathBuf]) -> Result<Vec<External>, Error> {
    let mut found: BTreeMap<OsString, External> = BTreeMap::new();
    for directory in directories(root, search)? {
        for file in entries(&directory)? {
            let Some(external) = External::at(file) else { continue };
            found.entry(external.name.clone()).or_insert(external);
        }
    }
    Ok(found.into_values().collect())
}

impl External {
    /// The command that this file is, if it is one.
    fn at(file: PathBuf) -> Option<Self> {
        let name = file.file_name()?.to_str()?.strip_prefix("pyman-")?;
        let (name, shell) = name.strip_prefix("sh-").map_or((name, false), |name| (name, true));
        if name.is_empty() || name == SHIM || !disk::executable(&file) {
            return None;
        }
        Some(Self { name: name.into(), shell, file })
    }
}

/// Where the plugins keep their programs; as in pyenv, the last plugin by name comes first.
pub(crate) fn programs(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let directories = plugins(root)?.into_iter().map(|plugin| plugin.join("bin"));
    Ok(directories.rev().filter(|directory| disk::is_directory(directory)).collect())
}

fn directories(root: &Path, search: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut directories = programs(root)?;
    directories.extend_from_slice(search);
    Ok(directories)
}
