//! Where a build works: in the stage, or where a variable says; cleared afterwards unless it is to be kept.

use std::io;
use std::path::{Path, PathBuf};

use super::{Error, Variables};
use crate::disk::{self, Directory, Privacy};
use crate::install::Stage;
use crate::inventory::{Folder, Places};

/// Whether a working tree stays when the build is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Keep {
    /// It goes, well or badly.
    #[default]
    No,
    /// It stays under `PYMAN_BUILD_ROOT`, else under `sources/`.
    Yes,
}

/// A directory to unpack and compile in.
#[derive(Debug)]
pub(super) struct Workplace {
    /// The sources' own directory, which does not exist yet.
    pub(super) directory: PathBuf,
    after: After,
}

/// What becomes of the working tree.
#[derive(Debug)]
enum After {
    /// It stays.
    Kept,
    /// It goes with the directory around it, which is ours alone.
    Removed(Option<disk::Stage>),
    /// It goes; the directory around it is the one that a variable names.
    Cleared(Directory),
}

impl Workplace {
    /// Chooses it, and removes what an earlier build of the same name left there.
    pub(super) fn prepare(
        name: &str,
        keep: Keep,
        variables: &Variables,
        places: &Places,
        stage: &Stage,
    ) -> Result<Self, Error> {
        let own = format!("Python-{name}");
        let kept = match &variables.build_root {
            Some(root) => Some(Directory::make(&std::path::absolute(root)?)?),
            None if keep == Keep::Yes => Some(places.make(Folder::Sources)?),
            None => None,
        };
        let (base, after) = if let Some(kept) = kept {
            (ours(kept.make_below(name)?)?, After::Kept)
        } else if let Some(path) = &variables.build_path {
            let base = Directory::make(&std::path::absolute(path)?)?;
            let after = After::Cleared(base.try_clone()?);
            (base, after)
        } else if let Some(temporary) = &variables.temporary {
            // Others write there, too: a name that nobody can foretell, and nobody else may enter.
            let folder = Directory::open(&std::path::absolute(temporary)?)?;
            let around = disk::Stage::begin_among_others(folder, &format!("python-build.{name}."))?;
            (around.directory().try_clone()?, After::Removed(Some(around)))
        } else {
            (stage.directory().make_below("build")?, After::Removed(None))
        };
        base.remove(&own)?;
        Ok(Self { directory: base.join(own), after })
    }

    /// Where the tree stays; none when it goes.
    pub(super) fn kept(&self) -> Option<&Path> {
        match self.after {
            After::Kept => Some(&self.directory),
            After::Removed(_) | After::Cleared(_) => None,
        }
    }

    /// The build is over.
    pub(super) fn leave(self) -> io::Result<()> {
        match self.after {
            After::Kept | After::Removed(None) => Ok(()),
            After::Removed(Some(around)) => {
                drop(around);
                Ok(())
            }
            After::Cleared(base) => {
                let name = self.directory.file_name().unwrap_or_default().to_owned();
                base.remove(name)?;
                remove_if_empty(base.path())
            }
        }
    }
}

/// The directory, if our account made it: what another's holds may change while it is compiled, and what is compiled runs.
fn ours(directory: Directory) -> Result<Directory, Error> {
    if directory.found()?.is_own() {
        Ok(directory)
    } else {
        Err(Error::Foreign(directory.path().to_owned()))
    }
}

/// A directory that `PYTHON_BUILD_BUILD_PATH` names goes, as in python-build, when nothing else is in it.
fn remove_if_empty(path: &Path) -> io::Result<()> {
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => Directory::open(folder)?.remove_empty(name).map(|_| ()),
        _ => Ok(()),
    }
}

/// Refuses a `TMPDIR` in which nothing can be made or run; one that is not there is not made, as in python-build.
pub(crate) fn check_temporary(temporary: &Path) -> Result<(), Error> {
    let refused = |_| Error::Temporary(temporary.to_owned());
    let tried = Directory::open(temporary).and_then(|folder| {
        let trial = disk::Stage::begin_among_others(folder, "python-build.")?;
        trial.directory().create("trial", Privacy::Program).map(drop)
    });
    tried.map_err(refused)?;
    if disk::runs_programs(temporary).map_err(refused)? {
        Ok(())
    } else {
        Err(Error::NoExec(temporary.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::install::Checkpoints;

    #[test]
    fn a_working_tree_is_where_variables_say_and_goes_unless_kept() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path().join("root"));
        let stage = Stage::begin(&places, "3.13.5", &Checkpoints::default()).unwrap();
        let place = |keep, variables: &Variables| {
            let place = Workplace::prepare("3.13.5", keep, variables, &places, &stage).unwrap();
            let directory = place.directory.clone();
            fs_err::create_dir(&directory).unwrap();
            place.leave().unwrap();
            let base = directory.parent().unwrap();
            let shown = base.strip_prefix(folder.path()).unwrap().to_string_lossy().into_owned();
            (shown, base.try_exists().unwrap())
        };
        let mut variables = Variables::default();
        let process = std::process::id();
        let staged = format!("root/stage/3.13.5.{process}.0/build");
        assert_eq!(place(Keep::No, &variables), (staged, true));
        assert_eq!(place(Keep::Yes, &variables), ("root/sources/3.13.5".into(), true));
        let temporary = folder.path().join("tmp");
        fs_err::create_dir(&temporary).unwrap();
        variables.temporary = Some(temporary.clone());
        let (shown, stands) = place(Keep::No, &variables);
        assert!(shown.starts_with("tmp/python-build.") && !stands, "{shown}");
        assert_eq!(fs_err::read_dir(&temporary).unwrap().count(), 0);
        variables.build_path = Some(folder.path().join("exactly"));
        assert_eq!(place(Keep::No, &variables), ("exactly".into(), false));
        variables.build_root = Some(folder.path().join("kept"));
        assert_eq!(place(Keep::No, &variables), ("kept/3.13.5".into(), true));
    }

    #[test]
    fn a_temporary_directory_that_is_none_is_named_and_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let (file, missing) = (folder.path().join("file"), folder.path().join("missing"));
        fs_err::write(&file, "").unwrap();
        for none in [&file, &missing] {
            let error = check_temporary(none).unwrap_err();
            assert!(error.to_string().starts_with(&format!("TMPDIR={}", none.display())));
            assert_eq!(error.exit_code(), 5);
        }
        assert!(!missing.try_exists().unwrap());
        check_temporary(folder.path()).unwrap();
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);
    }
}
