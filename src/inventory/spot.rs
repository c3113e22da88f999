//! A name in a directory: where a tree stands, is to stand, or goes from. Below the root nothing that leads there is a link.
//!
//! Every room that makes, changes or removes a tree at a path asks for its spot, and works in the directory that this opens.
//! What is exchanged for a link meanwhile is refused when it is opened: the way is walked by handles, each from the one above.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use super::places::{Folder, Places};
use crate::disk::{self, Directory, Found};

/// A place that was judged. Only [`Places::spot`] makes one.
#[derive(Debug, Clone)]
pub struct Spot {
    path: PathBuf,
    route: Route,
}

/// How the directory around it is reached.
#[derive(Debug, Clone)]
enum Route {
    /// It is a person's, and what leads to it may be links.
    Outside,
    /// It is below a folder of the root.
    Below {
        places: Places,
        folder: Folder,
        /// The names from the folder down to the directory.
        names: Vec<OsString>,
        first: First,
    },
}

/// The first name below a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    /// A directory.
    Own,
    /// A version that is a link: another tool's tree, in which environments may be made.
    LinkedVersion,
}

impl Places {
    /// The spot at an absolute path; an error where a link takes the place of a directory below the root that leads there. A
    /// version may be a link.
    pub fn spot(&self, path: &Path) -> io::Result<Spot> {
        let mut spot = Spot { path: path.to_owned(), route: Route::Outside };
        let Some((folder, names)) = self.below(path)? else { return Ok(spot) };
        let mut first = First::Own;
        if folder == Folder::Versions
            && let Some(name) = names.first()
            && let Some(versions) = self.open(folder)?
            && versions.look(name)?.is_some_and(|found| found.is_link())
        {
            first = First::LinkedVersion;
        }
        spot.route = Route::Below { places: self.clone(), folder, names, first };
        // Walked once now: a link on the way is said before anything is begun.
        spot.open()?;
        Ok(spot)
    }

    /// The folder of the root that the directory of a path is in, and the names from there on; `None` outside the root.
    fn below(&self, path: &Path) -> io::Result<Option<(Folder, Vec<OsString>)>> {
        let Some(directory) = path.parent() else { return Ok(None) };
        let root = disk::follow(self.root())?.map(|found| found.identity);
        let versions = disk::follow(&self.versions())?.map(|found| found.identity);
        let mut above: Vec<&Path> = directory.ancestors().collect();
        // From the top: a link further down may lead back into the root.
        above.reverse();
        for ancestor in above {
            let Some(found) = disk::follow(ancestor)?.map(|found| found.identity) else {
                return Ok(None);
            };
            let rest = directory.strip_prefix(ancestor).unwrap_or(directory);
            let mut names: Vec<OsString> = rest.iter().map(OsStr::to_owned).collect();
            if Some(&found) == versions.as_ref() {
                return Ok(Some((Folder::Versions, names)));
            }
            if Some(&found) == root.as_ref() && !names.is_empty() {
                let first = names.remove(0);
                let folder = Folder::ALL.into_iter().find(|folder| first == folder.name());
                return Ok(folder.map(|folder| (folder, names)));
            }
        }
        Ok(None)
    }
}

impl Spot {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its name in the directory around it.
    pub fn name(&self) -> io::Result<&OsStr> {
        self.path.file_name().ok_or_else(|| {
            let said = format!("{} has no name of its own", self.path.display());
            io::Error::new(io::ErrorKind::InvalidInput, said)
        })
    }

    /// The directory around it; `None` when there is none.
    pub fn open(&self) -> io::Result<Option<Directory>> {
        match &self.route {
            Route::Outside => match Directory::open(self.around()) {
                Err(error) if disk::absent(&error) => Ok(None),
                opened => opened.map(Some),
            },
            Route::Below { places, folder, names, first } => {
                let Some(top) = places.open(*folder)? else { return Ok(None) };
                walk(top, names, *first, &|above, name| above.below(name))
            }
        }
    }

    /// The directory around it, made if need be.
    pub fn make(&self) -> io::Result<Directory> {
        match &self.route {
            Route::Outside => Directory::make(self.around()),
            Route::Below { places, folder, names, first } => {
                let top = places.make(*folder)?;
                let made =
                    walk(top, names, *first, &|above, name| above.make_below(name).map(Some))?;
                made.ok_or_else(|| io::ErrorKind::NotFound.into())
            }
        }
    }

    /// What stands there, no link followed.
    pub fn look(&self) -> io::Result<Option<Found>> {
        match self.open()? {
            Some(around) => around.look(self.name()?),
            None => Ok(None),
        }
    }

    /// Whether it is below a folder of the root, where nobody but pyman makes anything.
    pub const fn is_below_root(&self) -> bool {
        matches!(self.route, Route::Below { .. })
    }

    /// An error where something is mounted at it, or in it.
    pub fn refuse_mounts(&self) -> io::Result<()> {
        match self.open()? {
            Some(around) => around.refuse_mounts(self.name()?),
            None => Ok(()),
        }
    }

    /// The directory that stands there; an error when that is a link.
    pub fn directory(&self) -> io::Result<Option<Directory>> {
        match self.open()? {
            Some(around) => around.below(self.name()?),
            None => Ok(None),
        }
    }

    /// An error where what stands there is another account's.
    pub fn refuse_anothers(&self) -> io::Result<()> {
        match self.open()? {
            Some(around) => around.refuse_strangers(self.name()?),
            None => Ok(()),
        }
    }

    fn around(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }
}

/// Goes down from `top`, name by name.
fn walk(
    top: Directory,
    names: &[OsString],
    first: First,
    step: &dyn Fn(&Directory, &OsStr) -> io::Result<Option<Directory>>,
) -> io::Result<Option<Directory>> {
    let mut reached = top;
    for (depth, name) in names.iter().enumerate() {
        let is_version = depth == 0 && first == First::LinkedVersion;
        let next = if is_version && reached.look(name)?.is_some_and(|found| found.is_link()) {
            Some(Directory::open(&reached.join(name))?)
        } else {
            step(&reached, name)?
        };
        let Some(next) = next else { return Ok(None) };
        reached = next;
    }
    Ok(Some(reached))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn no_link_below_the_root_leads_to_a_spot_but_a_version() {
        let folder = tempfile::tempdir().unwrap();
        let (root, foreign) = (folder.path().join("root"), folder.path().join("foreign"));
        for made in ["versions/3.12.1", "versions/3.11.5/envs", "versions/3.10.2"] {
            fs_err::create_dir_all(root.join(made)).unwrap();
        }
        fs_err::create_dir_all(foreign.join("envs/q")).unwrap();
        symlink(&foreign, root.join("versions/3.12.1/envs")).unwrap();
        symlink("..", root.join("versions/3.10.2/envs")).unwrap();
        symlink(&foreign, root.join("versions/linked")).unwrap();
        symlink(&foreign, root.join("cache")).unwrap();
        symlink(&root, folder.path().join("alias")).unwrap();
        let places = Places::new(&root);
        let cases = [
            ("root/versions/3.12.1/envs/q", false),
            ("root/versions/3.12.1/envs/envs/q", false),
            ("alias/versions/3.12.1/envs/q", false),
            ("root/versions/3.10.2/envs/q", false),
            ("root/cache/q", false),
            ("root/versions/3.11.5/envs/q", true),
            ("root/versions/3.9.1/envs/q", true),
            ("root/versions/linked/envs/q", true),
            ("root/versions/q", true),
            ("root/q", true),
            ("foreign/q", true),
            ("nowhere/below/q", true),
        ];
        for (path, is_well) in cases {
            let judged = places.spot(&folder.path().join(path));
            assert_eq!(judged.is_ok(), is_well, "{path}: {judged:?}");
            if let Err(error) = judged {
                assert!(disk::is_linked(&error), "{path}: {error}");
            }
        }
        assert!(!root.join("versions/3.9.1").try_exists().unwrap());
    }

    #[test]
    fn what_is_exchanged_for_a_link_afterwards_is_refused_when_it_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let (root, foreign) = (folder.path().join("root"), folder.path().join("foreign"));
        let version = root.join("versions/3.12.1");
        fs_err::create_dir_all(version.join("envs/q")).unwrap();
        fs_err::create_dir_all(foreign.join("envs/q")).unwrap();
        let spot = Places::new(&root).spot(&version.join("envs/q")).unwrap();
        assert!(spot.directory().unwrap().is_some());
        for (planted, target) in [(version.join("envs"), foreign.join("envs")), (version, foreign)]
        {
            fs_err::rename(&planted, planted.with_extension("aside")).unwrap();
            symlink(&target, &planted).unwrap();
            assert!(disk::is_linked(&spot.open().unwrap_err()));
            assert!(disk::is_linked(&spot.make().unwrap_err()));
            fs_err::remove_file(&planted).unwrap();
            fs_err::rename(planted.with_extension("aside"), &planted).unwrap();
        }
    }
}
