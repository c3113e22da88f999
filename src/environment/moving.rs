//! An environment comes to stand elsewhere, or a second time: made aside, told where it is, renamed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::relocate::Relocation;
use super::stage::Stage;
use super::tree::{self, Sharing};
use super::{Environment, Error, goal, relocate};
use crate::progress::Progress;
use crate::world;

/// Makes a second environment at `to` like `from`, with files of its own.
pub fn clone(from: &Environment, to: &Path, progress: &dyn Progress) -> Result<(), Error> {
    double(from, to, Sharing::Own, progress)
}

/// Makes the environment stand at `to`. Until it does, it stands where it stood.
pub fn relocate_to(from: &Environment, to: &Path, progress: &dyn Progress) -> Result<(), Error> {
    double(from, to, Sharing::Same, progress)?;
    super::removing::remove_tree(&from.directory)
}

/// Where another environment may be made that is to take the place of the one at `directory`.
pub fn beside(directory: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(directory.file_name().unwrap_or_default());
    name.push(".anew");
    directory.with_file_name(name)
}

/// Puts the environment in the place of the one at `to`, at one stroke.
pub fn take_place(from: &Environment, to: &Path, progress: &dyn Progress) -> Result<(), Error> {
    let stage = Stage::begin(to, progress)?;
    made_in(&stage, from, to, Sharing::Same, progress)?;
    stage.replace()?;
    super::removing::remove_tree(&from.directory)
}

fn double(
    from: &Environment,
    to: &Path,
    sharing: Sharing,
    progress: &dyn Progress,
) -> Result<(), Error> {
    goal::judge(to)?;
    if to.starts_with(&from.directory) {
        let why = format!("it is within `{}'", from.directory.display());
        return Err(Error::Path { path: to.to_owned(), why });
    }
    is_free(to)?;
    let stage = Stage::begin(to, progress)?;
    is_free(to)?;
    made_in(&stage, from, to, sharing, progress)?;
    stage.publish()
}

/// Makes in the stage what is to stand at `to`.
fn made_in(
    stage: &Stage,
    from: &Environment,
    to: &Path,
    sharing: Sharing,
    progress: &dyn Progress,
) -> Result<(), Error> {
    tree::fill(&from.directory, stage.tree(), to, sharing, progress)?;
    let mut former = vec![from.directory.clone()];
    former.extend(relocate::former(&from.layout().commands())?);
    former.extend(fs_err::canonicalize(&from.directory));
    former.dedup();
    Relocation { tree: stage.tree(), former: &former, goal: to }.apply()?;
    if progress.interrupted() {
        return Err(Error::Interrupted);
    }
    Ok(())
}

/// Nothing, or an empty directory.
pub(super) fn is_free(to: &Path) -> Result<(), Error> {
    match fs_err::read_dir(to) {
        Ok(mut entries) => match entries.next().transpose()? {
            Some(_) => Err(Error::Exists(to.to_owned())),
            None => Ok(()),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) if world::absent(&error) => Err(Error::Exists(to.to_owned())),
        Err(error) => Err(error.into()),
    }
}
