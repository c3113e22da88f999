//! Where a build works: in the stage, or where a variable says; cleared afterwards unless it is to be kept.

use std::io;
use std::path::{Path, PathBuf};

use super::{Error, Variables};
use crate::install::stage::remove_tree;
use crate::install::{Stage, system};
use crate::inventory::Places;

/// Whether a working tree stays when the build is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keep {
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
    /// The directory it is in, which may hold what is not ours.
    base: PathBuf,
    keep: Keep,
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
        let keep = if variables.build_root.is_some() { Keep::Yes } else { keep };
        let base = match (keep, &variables.build_path, &variables.temporary) {
            (Keep::Yes, _, _) => {
                let root = variables.build_root.clone().unwrap_or_else(|| places.sources());
                root.join(name)
            }
            (Keep::No, Some(path), _) => path.clone(),
            (Keep::No, None, Some(temporary)) => {
                let base = temporary.join(format!("python-build.{name}.{}", std::process::id()));
                stage.adopt(&base)?;
                base
            }
            (Keep::No, None, None) => stage.path("build"),
        };
        let base = std::path::absolute(&base)?;
        let directory = base.join(format!("Python-{name}"));
        remove_tree(&directory)?;
        fs_err::create_dir_all(&base)?;
        Ok(Self { directory, base, keep })
    }

    /// Where the tree stays; none when it goes.
    pub(super) fn kept(&self) -> Option<&Path> {
        match self.keep {
            Keep::Yes => Some(&self.directory),
            Keep::No => None,
        }
    }

    /// The build is over.
    pub(super) fn leave(&self) -> io::Result<()> {
        match self.keep {
            Keep::Yes => return Ok(()),
            Keep::No => remove_tree(&self.directory)?,
        }
        match fs_err::remove_dir(&self.base) {
            Err(error) if error.kind() != io::ErrorKind::DirectoryNotEmpty => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// Refuses a `TMPDIR` in which nothing can be made or run; one that is not there is not made, as in python-build.
pub fn check_temporary(temporary: &Path) -> Result<(), Error> {
    let refused = |_| Error::Temporary(temporary.to_owned());
    tempfile::tempfile_in(temporary).map_err(refused)?;
    if system::runs_programs(temporary).map_err(refused)? {
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
            fs_err::create_dir(&place.directory).unwrap();
            place.leave().unwrap();
            let base = place.base.strip_prefix(folder.path()).unwrap().to_string_lossy();
            let shown = base.replace(&std::process::id().to_string(), "PID");
            (shown, place.base.try_exists().unwrap())
        };
        let mut variables = Variables::default();
        assert_eq!(place(Keep::No, &variables), ("root/stage/3.13.5.PID.0/build".into(), false));
        assert_eq!(place(Keep::Yes, &variables), ("root/sources/3.13.5".into(), true));
        variables.temporary = Some(folder.path().join("tmp"));
        assert_eq!(place(Keep::No, &variables), ("tmp/python-build.3.13.5.PID".into(), false));
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
    }
}
