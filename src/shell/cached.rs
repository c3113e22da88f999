//! The printed code, kept in the root for start-up files to read: a shell that begins so starts no process.

use super::dialect::{Account, Part};
use super::{Error, Init, Outcome, Shell, rc};
use crate::disk::{self, Directory, Privacy};
use std::path::{Path, PathBuf};

/// The parts that are kept: the code is the same whoever asks, and when.
const PARTS: [Part; 2] = [Part::Everything, Part::Path];

/// Where they are kept, counted from the root.
const FOLDER: &str = "init";

/// A file of the root, and what is to be in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kept {
    root: PathBuf,
    name: String,
    text: Vec<u8>,
}

impl Kept {
    /// What would come of keeping it.
    pub(super) fn outcome(&self) -> Result<Outcome, Error> {
        let there = folder(&self.root)?.map(|folder| folder.read(&self.name)).transpose()?;
        let unchanged = there.flatten().as_ref() == Some(&self.text);
        Ok(if unchanged { Outcome::Unchanged } else { Outcome::Changed })
    }

    /// Keeps it.
    pub(super) fn write(&self) -> Result<(), Error> {
        let folder = Directory::make(&self.root)?.make_below(FOLDER)?;
        folder.sweep_temporaries()?;
        Ok(folder.replace(&self.name, &self.text, Privacy::Shared)?)
    }
}

/// A part's line, and its code in the root; none where the shell asks the manager at each start.
pub(super) fn part(
    shell: Shell,
    part: Part,
    account: &Account,
    init: &Init<'_>,
) -> Result<Option<(Vec<u8>, Kept)>, Error> {
    let Some(name) = name(shell, part) else { return Ok(None) };
    let file = init.root.join(FOLDER).join(&name);
    let Some(line) = shell.dialect().reading(account, part, &file) else { return Ok(None) };
    Ok(Some((line, kept(name, shell, part, init)?)))
}

/// Makes the code that the root keeps what this manager prints. What is no file there is for `doctor` to name.
pub(crate) fn renew(init: &Init<'_>) -> Result<(), Error> {
    let Some(folder) = folder(init.root)? else { return Ok(()) };
    for (shell, part, name) in names() {
        if folder.look(&name)?.is_some_and(|found| found.is_file()) {
            let kept = kept(name, shell, part, init)?;
            if kept.outcome()? == Outcome::Changed {
                kept.write()?;
            }
        }
    }
    Ok(())
}

/// Removes what the root keeps for a shell.
pub(super) fn remove(root: &Path, shell: Shell) -> Result<(), Error> {
    let Some(folder) = folder(root)? else { return Ok(()) };
    for (_, _, name) in names().filter(|(its, _, _)| *its == shell) {
        if folder.read(&name)?.is_some_and(|text| rc::is_whole(&text)) {
            folder.unlink(&name)?;
        }
    }
    folder.sweep_temporaries()?;
    Directory::open(root)?.remove_empty(FOLDER)?;
    Ok(())
}

fn kept(name: String, shell: Shell, part: Part, init: &Init<'_>) -> Result<Kept, Error> {
    let code = match part {
        Part::Path | Part::Early | Part::Remote => init.path(shell, shell.name())?,
        Part::Everything | Part::Whoever | Part::Code => init.code(shell, shell.name())?,
    };
    Ok(Kept { root: init.root.to_owned(), name, text: rc::whole(&code) })
}

fn names() -> impl Iterator<Item = (Shell, Part, String)> {
    Shell::ALL.into_iter().flat_map(move |shell| {
        PARTS.into_iter().filter_map(move |part| Some((shell, part, name(shell, part)?)))
    })
}

fn name(shell: Shell, part: Part) -> Option<String> {
    match part {
        Part::Everything => Some(shell.name().to_owned()),
        Part::Path | Part::Early | Part::Remote => Some(format!("{}-path", shell.name())),
        Part::Whoever | Part::Code => None,
    }
}

/// The directory of what is kept; none where nothing is. What is none is for `doctor` to name.
fn folder(root: &Path) -> Result<Option<Directory>, Error> {
    if !disk::is_directory(root) {
        return Ok(None);
    }
    let root = Directory::open(root)?;
    match root.look(FOLDER)? {
        Some(found) if found.is_directory() || found.is_link() => Ok(root.below(FOLDER)?),
        Some(_) | None => Ok(None),
    }
}
