//! An installation goes: decided as a value first, then out of sight by one rename, then deleted.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Component, Path, PathBuf};

use super::publish::settle;
use super::stage::Stage;
use super::{Error, Workshop};
use crate::inventory::{Form, Inventory, Lock, Places};

/// What removing something means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The name it was asked for by, as it stands under `versions/`.
    pub name: OsString,
    /// Its entry.
    pub path: PathBuf,
    /// Trees that go: none for a link to what is not ours.
    pub trees: Vec<PathBuf>,
    /// Links under `versions/` that go, because what they lead to does.
    pub links: Vec<PathBuf>,
    /// Environments inside the tree, which go with it.
    pub environments: Vec<PathBuf>,
}

impl Removal {
    /// What it means to remove the entry `name`, which may be an environment inside a version (`3.12.1/envs/web`).
    ///
    /// A link is unlinked, what it leads to untouched, unless that is an environment of ours: inside a
    /// version, or in `homes`, the directories of named environments and of those in linked versions.
    pub fn of(places: &Places, name: &OsStr, homes: &[PathBuf]) -> Result<Option<Self>, Error> {
        let Some(path) = entry(places, name, homes)? else { return Ok(None) };
        let metadata = match fs_err::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let mut removal = Self {
            name: name.to_owned(),
            path: path.clone(),
            trees: Vec::new(),
            links: Vec::new(),
            environments: Vec::new(),
        };
        if !metadata.is_symlink() && !metadata.is_dir() {
            return Ok(None);
        }
        if metadata.is_symlink() {
            removal.links.push(path.clone());
            removal.trees.extend(own_environment(places, &path, homes)?);
        } else {
            if path.parent().is_some_and(|folder| folder.ends_with("envs")) && is_condas(&path) {
                return Err(Error::OfConda { name: name.to_owned(), prefix: path });
            }
            removal.trees.push(path.clone());
            removal.environments = environments(&path)?;
        }
        removal.links.extend(links_into(places, &removal.trees, &removal.links)?);
        Ok(Some(removal))
    }

    /// Whether what stands there, or what the link leads to, is conda's.
    pub fn is_condas(&self) -> bool {
        is_condas(&self.path)
    }
}

/// Where the entry of this name would stand: an entry of `versions/` itself, or an environment inside a version.
/// Nothing else under `versions/` is an installation; and a version that is a link is somebody else's tree, of which
/// nothing is ever removed but the environments we made there.
fn entry(places: &Places, name: &OsStr, homes: &[PathBuf]) -> Result<Option<PathBuf>, Error> {
    let parts: Vec<Component<'_>> = Path::new(name).components().collect();
    match parts.as_slice() {
        [Component::Normal(_)] => Ok(Some(places.version(name))),
        [Component::Normal(version), Component::Normal(envs), Component::Normal(_)]
            if *envs == "envs" =>
        {
            let (version, path) = (places.version(version), places.version(name));
            let linked = version.join("envs").is_symlink() || version.is_symlink();
            if linked && !homes.contains(&path) {
                let tree = fs_err::canonicalize(&version)?;
                return Err(Error::Foreign { name: name.to_owned(), tree });
            }
            Ok(Some(path))
        }
        _ => Ok(None),
    }
}

impl Workshop<'_> {
    /// Removes.
    pub fn remove(&self, removal: &Removal) -> Result<(), Error> {
        let name = removal.name.to_string_lossy().into_owned();
        let label = name.replace(['/', '\\'], "-");
        let work = format!("removing {name}");
        let _lock = Lock::take(self.places, &label, &work, self.progress)?;
        for link in &removal.links {
            unlink(link)?;
        }
        for tree in &removal.trees {
            let stage = Stage::begin(self.places, &label, self.checkpoints)?;
            take_away(tree, &stage)?;
        }
        settle(self.places, &name, self.progress)
    }
}

/// Out of sight at once where one file system allows; else removed where it stands.
fn take_away(tree: &Path, stage: &Stage) -> Result<(), Error> {
    match stage.take_away(tree) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            Ok(super::stage::remove_tree(tree)?)
        }
        Err(error) => Err(error.into()),
    }
}

fn unlink(link: &Path) -> io::Result<()> {
    match fs_err::remove_file(link) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The environment that a link leads to, when it is one of ours.
fn own_environment(
    places: &Places,
    link: &Path,
    homes: &[PathBuf],
) -> Result<Option<PathBuf>, Error> {
    let Ok(target) = fs_err::canonicalize(link) else {
        return Ok(None);
    };
    if is_condas(&target) {
        return Ok(None);
    }
    let versions = fs_err::canonicalize(places.versions())?;
    let envs = target.parent().filter(|folder| folder.ends_with("envs"));
    if envs.and_then(Path::parent).and_then(Path::parent) == Some(&versions) {
        return Ok(Some(target));
    }
    let inside =
        |place: &PathBuf| fs_err::canonicalize(place).is_ok_and(|place| target.starts_with(place));
    let ours = target.starts_with(&versions) || homes.iter().any(inside);
    Ok((ours && is_environment(&target)?).then_some(target))
}

fn is_condas(directory: &Path) -> bool {
    directory.join("conda-meta").is_dir()
}

/// `pyvenv.cfg`, or virtualenv's mark of the time before it.
fn is_environment(directory: &Path) -> Result<bool, Error> {
    if directory.join("pyvenv.cfg").is_file() {
        return Ok(true);
    }
    let library = directory.join("lib");
    let entries = match fs_err::read_dir(library) {
        Ok(entries) => entries,
        Err(error) if crate::world::absent(&error) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(b"python")
            && entry.path().join("orig-prefix.txt").is_file()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The environments in a version's `envs/`.
fn environments(tree: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = match fs_err::read_dir(tree.join("envs")) {
        Ok(entries) => entries,
        Err(error) if crate::world::absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The links under `versions/` that lead into one of the trees.
fn links_into(
    places: &Places,
    trees: &[PathBuf],
    known: &[PathBuf],
) -> Result<Vec<PathBuf>, Error> {
    let mut trees = trees.iter().map(fs_err::canonicalize).collect::<io::Result<Vec<_>>>()?;
    trees.dedup();
    let mut found = Vec::new();
    for installation in Inventory::read(places)?.iter() {
        match &installation.form {
            Form::Tree | Form::Dangling(_) => {}
            Form::Link(_) => {
                let target = fs_err::canonicalize(&installation.path)?;
                let goes = trees.iter().any(|tree| target.starts_with(tree));
                if goes && !known.contains(&installation.path) {
                    found.push(installation.path.clone());
                }
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::install::system::symlink;

    fn names(paths: &[PathBuf], root: &Path) -> Vec<String> {
        let inside = |path: &PathBuf| path.strip_prefix(root).unwrap().display().to_string();
        paths.iter().map(inside).collect()
    }

    #[cfg(unix)]
    #[test]
    fn what_goes_with_what_is_decided_from_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let places = Places::new(&root);
        let home = root.join("workon");
        for made in ["versions/3.12.1/bin", "versions/3.12.1/envs/web", "foreign/bin", "workon/api"]
        {
            fs_err::create_dir_all(root.join(made)).unwrap();
        }
        for environment in ["versions/3.12.1/envs/web", "workon/api"] {
            fs_err::write(root.join(environment).join("pyvenv.cfg"), "").unwrap();
        }
        for (name, target) in [
            ("web", "3.12.1/envs/web"),
            ("three", "3.12.1"),
            ("sys", "../foreign"),
            ("api", "../workon/api"),
            ("gone", "nowhere"),
        ] {
            symlink(Path::new(target), &places.version(name)).unwrap();
        }
        let removal = |name: &str| {
            let homes = [home.clone()];
            let removal = Removal::of(&places, OsStr::new(name), &homes).unwrap().unwrap();
            (names(&removal.trees, &root), names(&removal.links, &root))
        };
        let list = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let cases = [
            ("3.12.1", list(&["versions/3.12.1"]), list(&["versions/three", "versions/web"])),
            ("3.12.1/envs/web", list(&["versions/3.12.1/envs/web"]), list(&["versions/web"])),
            ("web", list(&["versions/3.12.1/envs/web"]), list(&["versions/web"])),
            ("three", list(&[]), list(&["versions/three"])),
            ("sys", list(&[]), list(&["versions/sys"])),
            ("api", list(&["workon/api"]), list(&["versions/api"])),
            ("gone", list(&[]), list(&["versions/gone"])),
        ];
        for (name, trees, links) in cases {
            assert_eq!(removal(name), (trees, links), "{name}");
        }
        assert_eq!(Removal::of(&places, OsStr::new("none"), &[]).unwrap(), None);
    }
}
