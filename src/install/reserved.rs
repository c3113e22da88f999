//! The places in a tree that are ours alone, `.pyman` and `envs/`: left out of what a tree brings along before it is
//! finished, and handed on where a version is replaced, whose environments outlive the tree.
//!
//! Records below `.pyman`, the marks of what is unfinished and the environments in `envs/` are believed because nobody but
//! pyman writes them. An archive, a build or an installer script may hold such names; they would be anybody's word.
//!
//! They are there twice for a moment, as other names of the same files; so there is none at which they are nowhere.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use crate::disk::{self, Directory, Kind, Way};
use crate::install::Error;
use crate::inventory::{Form, Inventory, Places};
use crate::progress::Progress;

/// Where our records of a tree are.
const RECORDS: &str = ".pyman";
/// Where the environments of a version are.
const ENVIRONMENTS: &str = "envs";

/// Removes from a tree that nobody sees yet what only pyman may have put there, and says so.
pub(super) fn leave_out(tree: &Path, source_name: &str, progress: &dyn Progress) -> io::Result<()> {
    let tree = Directory::open(tree)?;
    for entry in tree.entries()? {
        let gone = if is(&entry.name, RECORDS)
            || disk::is_temporary(&entry.name.to_ascii_lowercase())
        {
            // A pack's label was taken from there, and left it empty.
            let is_empty = tree.has_directory(&entry.name)? && tree.remove_empty(&entry.name)?;
            tree.remove(&entry.name)?;
            !is_empty
        } else if is(&entry.name, ENVIRONMENTS) {
            clear(&tree, &entry.name)?
        } else {
            false
        };
        if gone {
            let name = entry.name.to_string_lossy();
            progress.note(&format!("{source_name} holds `{name}', which is left out"));
        }
    }
    Ok(())
}

/// Removes what might be taken for an environment; whether anything was. Files that a package manager counts stay.
fn clear(tree: &Directory, name: &OsStr) -> io::Result<bool> {
    if !tree.has_directory(name)? {
        tree.unlink(name)?;
        return Ok(true);
    }
    let Some(folder) = tree.below(name)? else { return Ok(false) };
    let mut gone = false;
    for entry in folder.entries()?.into_iter().filter(|entry| entry.kind != Kind::File) {
        folder.remove(&entry.name)?;
        gone = true;
    }
    Ok(gone)
}

/// The same name, also where the file system knows no capitals.
fn is(name: &OsStr, ours: &str) -> bool {
    name.eq_ignore_ascii_case(ours)
}

/// Gives the environments of the version at `prefix` their names whose makers died just before.
pub(crate) fn succeed_environments(prefix: &Path) -> io::Result<()> {
    if !disk::look(prefix)?.is_some_and(|found| found.is_directory()) {
        return Ok(());
    }
    let former = Directory::open(prefix)?;
    if former.has_directory(ENVIRONMENTS)?
        && let Some(environments) = former.below(ENVIRONMENTS)?
    {
        environments.succeed()?;
    }
    Ok(())
}

/// Gives `tree` the `envs/` of the version at `prefix`. A link to a tree of somebody else's has nothing of ours.
pub(super) fn carry_environments(
    prefix: &Path,
    tree: &Path,
    progress: &dyn Progress,
) -> Result<(), Error> {
    if !disk::look(prefix)?.is_some_and(|found| found.is_directory()) {
        return Ok(());
    }
    succeed_environments(prefix)?;
    let (former, tree) = (Directory::open(prefix)?, Directory::open(tree)?);
    if !former.has_directory(ENVIRONMENTS)? {
        return Ok(());
    }
    let Some(from) = former.below(ENVIRONMENTS)? else { return Ok(()) };
    let to = tree.make_below(ENVIRONMENTS)?;
    let ways = [Way::HardLink, Way::Reflink, Way::Copy];
    match disk::copy_tree(&from, &to, &ways, &|target| target, &|| progress.interrupted()) {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(Error::Interrupted),
        result => result?,
    }
    for entry in to.entries()?.iter().filter(|entry| entry.kind == Kind::Directory) {
        if let (Some(former), Some(carried)) = (from.below(&entry.name)?, to.below(&entry.name)?) {
            disk::hand_on_unfinished(&former, &carried)?;
        }
    }
    Ok(())
}

/// An error where a linked version would be replaced and names lead through its link: the environments that they name stand
/// in a tree that is not ours, and stay there.
pub(super) fn refuse_over_named(places: &Places, prefix: &Path) -> Result<(), Error> {
    if !disk::look(prefix)?.is_some_and(|found| found.is_link()) {
        return Ok(());
    }
    let Some(tree) = disk::canonical(prefix)? else { return Ok(()) };
    for installation in Inventory::read(places)?.iter() {
        let target = match &installation.form {
            Form::Link(_) => disk::link_target(&installation.path)?,
            Form::Tree | Form::Shut | Form::Dangling(_) => None,
        };
        let through = target.map(|target| places.versions().join(target));
        if through.is_some_and(|through| through != prefix && through.starts_with(prefix)) {
            return Err(Error::Foreign { name: installation.name.clone(), tree });
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn what_only_pyman_writes_is_left_out_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let canary = folder.path().join("canary");
        let tree = folder.path().join("tree");
        for made in [".pyman/deep", "ENVS/evil", "envs/evil/bin", "bin", "lib/.pyman", "lib/envs/x"]
        {
            fs_err::create_dir_all(tree.join(made)).unwrap();
        }
        fs_err::create_dir(&canary).unwrap();
        fs_err::write(canary.join("precious"), "").unwrap();
        for (place, text) in [
            (".pyman/successor", "3.12.3"),
            (".pyman-stage", ""),
            (".Pyman-unfinished", "removing"),
            ("envs/.conda_envs_dir_test", ""),
        ] {
            fs_err::write(tree.join(place), text).unwrap();
        }
        for place in [".PYMAN", "envs/web", ".pyman/deep/link"] {
            fs_err::os::unix::fs::symlink(&canary, tree.join(place)).unwrap();
        }
        leave_out(&tree, "a.tar.gz", &Silent).unwrap();
        let names = |path: &Path| {
            let entries = disk::entries(path).unwrap().into_iter();
            let mut names: Vec<_> = entries.map(|entry| entry.name).collect();
            names.sort();
            names
        };
        assert_eq!(names(&tree), ["ENVS", "bin", "envs", "lib"]);
        assert_eq!(names(&tree.join("envs")), [".conda_envs_dir_test"]);
        assert_eq!(names(&tree.join("lib")), [".pyman", "envs"]);
        assert_eq!(names(&canary), ["precious"]);
    }
}
