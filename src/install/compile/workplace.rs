//! Where a build works: in the stage, or where a variable says; cleared afterwards unless it is to be kept.
//!
//! What stands outside the root is a person's until its name, its owner and the mark inside it say that a build made it.

use std::io;
use std::path::{Path, PathBuf};

use super::{Error, Variables};
use crate::disk::{self, Begun, Directory, Privacy};
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

/// What is to be unpacked or copied, and compiled there.
pub(crate) struct WorkingTree<'a> {
    /// The build's name, that of its directory under `versions/`.
    pub(crate) name: &'a str,
    /// The directory that is copied, where it is no tarball.
    pub(crate) sources: Option<&'a Path>,
    /// Whether it stays.
    pub(crate) keep: Keep,
    /// What the user set.
    pub(crate) variables: &'a Variables,
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
    /// It stays; where a person named the directory around it, that is held while the build lasts.
    Kept(Option<disk::Stage>),
    /// It goes with the directory around it, which is ours alone.
    Removed(Option<disk::Stage>),
    /// It goes with the directory around it; and so does this one, which a variable names and this build made.
    Cleared(disk::Stage, PathBuf),
}

impl Workplace {
    /// Chooses it, and removes what an earlier build of the same name left there; not where the sources themselves stand,
    /// which are copied.
    pub(super) fn prepare(
        tree: &WorkingTree<'_>,
        places: &Places,
        stage: &Stage,
    ) -> Result<Self, Error> {
        let WorkingTree { name, sources, keep, variables } = *tree;
        let own = format!("Python-{name}");
        let among_others = |folder: Directory| {
            // Others write there, too: a name that nobody can foretell, and nobody else may enter.
            disk::Stage::begin_among_others(folder, &format!("python-build.{name}."))
        };
        let (base, after) = if let Some(root) = &variables.build_root {
            // Whole: what builds runs in another directory than this process.
            let root = Directory::make(&std::path::absolute(root)?)?;
            refuse_within(sources, &root.join(name).join(&own))?;
            let around = keep_in(&root, name, &own)?;
            (around.directory().try_clone()?, After::Kept(Some(around)))
        } else if keep == Keep::Yes {
            let base = ours(places.make(Folder::Sources)?.make_below(name)?)?;
            refuse_within(sources, &base.join(&own))?;
            base.remove(&own)?;
            (base, After::Kept(None))
        } else if let Some(path) = &variables.build_path {
            let path = std::path::absolute(path)?;
            let is_new = disk::look(&path)?.is_none();
            refuse_within(sources, &path.join(&own))?;
            let around = among_others(Directory::make(&path)?)?;
            let base = around.directory().try_clone()?;
            let after =
                if is_new { After::Cleared(around, path) } else { After::Removed(Some(around)) };
            (base, after)
        } else if let Some(temporary) = &variables.temporary {
            let around = among_others(Directory::open(&std::path::absolute(temporary)?)?)?;
            (around.directory().try_clone()?, After::Removed(Some(around)))
        } else {
            let base = stage.directory().make_below("build")?;
            base.remove(&own)?;
            (base, After::Removed(None))
        };
        Ok(Self { directory: base.join(own), after })
    }

    /// Where the tree stays; none when it goes.
    pub(super) fn kept(&self) -> Option<&Path> {
        match self.after {
            After::Kept(_) => Some(&self.directory),
            After::Removed(_) | After::Cleared(..) => None,
        }
    }

    /// The build is over.
    pub(super) fn leave(self) -> io::Result<()> {
        match self.after {
            After::Kept(None) | After::Removed(None) => Ok(()),
            After::Kept(Some(around)) => {
                around.keep(self.directory.file_name().unwrap_or_default())
            }
            After::Removed(Some(around)) => {
                drop(around);
                Ok(())
            }
            After::Cleared(around, path) => {
                drop(around);
                remove_if_empty(&path)
            }
        }
    }
}

/// The directory for a tree that stays, in one that a person named; what an earlier build kept there goes. What has not the
/// mark of a build is somebody's, and is left.
fn keep_in(folder: &Directory, name: &str, own: &str) -> Result<disk::Stage, Error> {
    match disk::Stage::begin_kept(folder.try_clone()?, name.as_ref(), own.as_ref())? {
        Begun::Here(stage) => Ok(stage),
        Begun::Elsewhere => Err(Error::Busy(folder.join(name))),
        Begun::Occupied(place) if disk::look(&place)?.is_some_and(|found| !found.is_own()) => {
            Err(Error::Foreign(place))
        }
        Begun::Occupied(place) => Err(Error::Occupied(place)),
    }
}

/// An error where a copy of the sources would be made within them, or in the place of what they stand in.
fn refuse_within(sources: Option<&Path>, place: &Path) -> Result<(), Error> {
    let Some(sources) = sources else { return Ok(()) };
    // What of the place is there already; what is not there yet is reached by no link.
    let real = |path: &Path| -> io::Result<PathBuf> {
        for above in path.ancestors() {
            if let Some(real) = disk::canonical(above)? {
                return Ok(real.join(path.strip_prefix(above).unwrap_or(path)));
            }
        }
        Ok(path.to_owned())
    };
    let (from, to) = (real(sources)?, real(place)?);
    if from.starts_with(&to) || to.starts_with(&from) {
        return Err(Error::Within { sources: sources.to_owned(), place: place.to_owned() });
    }
    Ok(())
}

/// The directory, if our account made it: what another's holds may change while it is compiled, and what is compiled runs.
fn ours(directory: Directory) -> Result<Directory, Error> {
    if directory.found()?.is_own() {
        Ok(directory)
    } else {
        Err(Error::Foreign(directory.path().to_owned()))
    }
}

/// A directory that was made because `PYTHON_BUILD_BUILD_PATH` names it goes when nothing else is in it.
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::install::Checkpoints;

    #[test]
    fn a_working_tree_is_where_variables_say_and_goes_unless_kept() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path().join("root"));
        let stage = Stage::begin(&places, "3.13.5", &Checkpoints::default()).unwrap();
        let place = |keep, variables: &Variables| {
            let tree = WorkingTree { name: "3.13.5", sources: None, keep, variables };
            let place = Workplace::prepare(&tree, &places, &stage).unwrap();
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
        let path = folder.path().join("path");
        variables.build_path = Some(path.clone());
        let (shown, stands) = place(Keep::No, &variables);
        assert!(shown.starts_with("path/python-build.3.13.5.") && !stands, "{shown}");
        assert!(!path.try_exists().unwrap());
        fs_err::create_dir_all(path.join("Python-3.13.5/mine")).unwrap();
        place(Keep::No, &variables);
        assert_eq!(fs_err::read_dir(&path).unwrap().count(), 1);
        assert!(path.join("Python-3.13.5/mine").try_exists().unwrap());
        variables.build_root = Some(folder.path().join("kept"));
        for _ in 0..2 {
            assert_eq!(place(Keep::No, &variables), ("kept/3.13.5".into(), true));
        }
    }

    #[test]
    fn sources_are_not_cleared_for_their_own_copy() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path().join("root"));
        let stage = Stage::begin(&places, "3.13.5", &Checkpoints::default()).unwrap();
        let kept = folder.path().join("root/sources/3.13.5/Python-3.13.5");
        let named = folder.path().join("kept/3.13.5/Python-3.13.5");
        let of = |path: &Path| Variables { build_root: Some(path.into()), ..Variables::default() };
        let usual = Variables::default();
        let link = folder.path().join("link");
        fs_err::os::unix::fs::symlink(kept.parent().unwrap(), &link).unwrap();
        for (sources, variables) in [
            (kept.clone(), &usual),
            (kept.join("deeper"), &usual),
            (link.join("Python-3.13.5"), &usual),
            (folder.path().join("root"), &usual),
            (named.clone(), &of(&folder.path().join("kept"))),
            (folder.path().join("mine"), &of(&folder.path().join("mine/kept"))),
        ] {
            fs_err::create_dir_all(&sources).unwrap();
            fs_err::write(sources.join("configure"), "").unwrap();
            let (keep, sources) = (Keep::Yes, Some(sources.as_path()));
            let tree = WorkingTree { name: "3.13.5", sources, keep, variables };
            let error = Workplace::prepare(&tree, &places, &stage).unwrap_err();
            assert!(matches!(error, Error::Within { .. }), "{error}");
            assert!(sources.unwrap().join("configure").try_exists().unwrap());
        }
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
