//! The printed code, kept in the root for start-up files to read: a shell that begins so starts no process.

use super::{Account, Edit, Error, Init, Part, Shell, rc};
use crate::world;
use fs_err as fs;
use std::io;
use std::path::{Path, PathBuf};

/// The parts that are kept: the code is the same whoever asks, and when.
const PARTS: [Part; 2] = [Part::Everything, Part::Path];

/// A part's line, and its code in the root; none where the shell asks the manager at each start.
pub(super) fn part(
    shell: Shell,
    part: Part,
    account: &Account,
    init: &Init<'_>,
) -> Result<Option<(Vec<u8>, Edit)>, Error> {
    let Some(file) = file(init.root, shell, part) else { return Ok(None) };
    let Some(line) = shell.dialect().reading(account, &file) else { return Ok(None) };
    Ok(Some((line, edit(file, shell, part, init)?)))
}

/// Makes the code that the root keeps what this manager prints. What is no file there is for `doctor` to name.
pub fn renew(init: &Init<'_>) -> Result<(), Error> {
    if !directory(init.root).is_dir() {
        return Ok(());
    }
    for (shell, part, file) in files(init.root).filter(|(_, _, file)| file.is_file()) {
        edit(file, shell, part, init)?.add()?;
    }
    Ok(())
}

/// Removes what the root keeps for a shell.
pub(super) fn remove(root: &Path, shell: Shell) -> Result<(), Error> {
    for (_, _, file) in files(root).filter(|(its, _, _)| *its == shell) {
        rc::remove(&file)?;
    }
    match fs::remove_dir(directory(root)) {
        Err(error) if world::absent(&error) || error.kind() == io::ErrorKind::DirectoryNotEmpty => {
            Ok(())
        }
        result => Ok(result?),
    }
}

fn edit(file: PathBuf, shell: Shell, part: Part, init: &Init<'_>) -> Result<Edit, Error> {
    let code = match part {
        Part::Path => init.path(shell, shell.name())?,
        Part::Everything | Part::Whoever | Part::Code => init.code(shell, shell.name())?,
    };
    Ok(Edit::whole(file, &code))
}

fn files(root: &Path) -> impl Iterator<Item = (Shell, Part, PathBuf)> {
    Shell::ALL.into_iter().flat_map(move |shell| {
        PARTS.into_iter().filter_map(move |part| Some((shell, part, file(root, shell, part)?)))
    })
}

fn file(root: &Path, shell: Shell, part: Part) -> Option<PathBuf> {
    let name = match part {
        Part::Everything => shell.name().to_owned(),
        Part::Path => format!("{}-path", shell.name()),
        Part::Whoever | Part::Code => return None,
    };
    Some(directory(root).join(name))
}

fn directory(root: &Path) -> PathBuf {
    root.join("init")
}
