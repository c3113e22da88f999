//! An installation goes: decided as a value first; then the links that lead to it, then itself out of sight by one rename,
//! then deleted. So there is no moment at which something that is listed leads nowhere.

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use pyman_shim::path;

use super::stage::{Place, Stage};
use super::{Error, Session, sweep};
use crate::disk::{self, Directory, Kind};
use crate::inventory::{self, Form, Inventory, Places, Receipt, Spot};
use crate::progress::Progress;
use crate::world::{self, Machine};

/// What removing something means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Removal {
    /// The name it was asked for by, as it stands under `versions/`.
    pub name: OsString,
    /// Its entry.
    pub path: PathBuf,
    /// Trees that go: none for a link to what is not ours.
    pub trees: Vec<PathBuf>,
    /// Links under `versions/` that go, because what they lead to does, or because they lead through a link that does.
    pub links: Vec<PathBuf>,
    /// Environments inside the tree, which go with it; of a linked one those that we made there.
    pub environments: Vec<PathBuf>,
}

impl Removal {
    /// What it means to remove the entry `name`, which may be an environment inside a version (`3.12.1/envs/web`).
    ///
    /// A link is unlinked, what it leads to untouched, unless that is an environment of ours: inside a
    /// version, or in `homes`, the directories of named environments and of those in linked versions.
    pub(crate) fn of(
        places: &Places,
        name: &OsStr,
        homes: &[PathBuf],
    ) -> Result<Option<Self>, Error> {
        let Some(path) = entry(places, name, homes)? else { return Ok(None) };
        let Some(found) = disk::look(&path)? else { return Ok(None) };
        let mut removal = Self {
            name: name.to_owned(),
            path: path.clone(),
            trees: Vec::new(),
            links: Vec::new(),
            environments: Vec::new(),
        };
        match found.kind {
            Kind::File | Kind::Other => return Ok(None),
            Kind::Link => {
                removal.links.push(path.clone());
                removal.trees.extend(own_environment(places, &path, homes)?);
                if removal.trees.is_empty() {
                    removal.links.extend(links_through(places, &path)?);
                    removal.environments = made_inside(&path, homes)?;
                }
            }
            Kind::Directory => {
                let inside = path.parent().is_some_and(|folder| folder.ends_with("envs"));
                if inside && Machine.is_condas(&path).is_ok_and(|is| is) {
                    return Err(Error::OfConda { name: name.to_owned(), prefix: path });
                }
                if inside && !is_environment(&path)? && !is_begun(&path)? {
                    return Err(Error::NoEnvironment { name: name.to_owned(), place: path });
                }
                removal.trees.push(path.clone());
                removal.environments = environments(&path)?;
            }
        }
        for tree in &removal.trees {
            refuse_newer(places, tree)?;
        }
        removal.links.extend(links_into(places, &removal.trees, &removal.links)?);
        Ok(Some(removal))
    }

    /// Whether what stands there, or what the link leads to, is conda's.
    pub(crate) fn is_condas(&self) -> bool {
        Machine.is_condas(&self.path).is_ok_and(|is| is)
    }
}

/// Where the entry of this name would stand: an entry of `versions/` itself, or an environment inside a version.
/// Nothing else under `versions/` is an installation; and a version that is a link is somebody else's tree, of which
/// nothing is ever removed but the environments we made there.
fn entry(places: &Places, name: &OsStr, homes: &[PathBuf]) -> Result<Option<PathBuf>, Error> {
    let parts: Vec<Component<'_>> = Path::new(name).components().collect();
    match parts.as_slice() {
        [Component::Normal(name)] if disk::is_temporary(name) => Ok(None),
        [Component::Normal(_)] => Ok(Some(places.version(name))),
        [Component::Normal(version), Component::Normal(envs), Component::Normal(_)]
            if *envs == "envs" =>
        {
            let (version, path) = (places.version(version), places.version(name));
            let is_link = |path: &Path| {
                disk::look(path).map(|found| found.is_some_and(|found| found.is_link()))
            };
            let foreign = is_link(&version)? && !homes.contains(&path);
            if foreign || is_link(&version.join("envs"))? {
                let link = if foreign { version } else { version.join("envs") };
                let tree = disk::canonical(&link)?.unwrap_or(link);
                return Err(Error::Foreign { name: name.to_owned(), tree });
            }
            Ok(Some(path))
        }
        _ => Ok(None),
    }
}

impl Session<'_> {
    /// Removes.
    pub(crate) fn remove(&self, removal: &Removal) -> Result<(), Error> {
        let name = removal.name.to_string_lossy().into_owned();
        let label = name.replace(['/', '\\'], "-");
        let work = format!("removing {name}");
        let _lock = inventory::lock(self.places, &label, &work, self.progress)?;
        let begin = || Stage::begin(self.places, &label, self.checkpoints);
        // Everything is judged before anything goes: a refusal after the first tree would leave half of what was asked for.
        let judge = begin()?;
        let spots = |paths: &[PathBuf]| {
            paths.iter().map(|path| self.places.spot(path)).collect::<io::Result<Vec<Spot>>>()
        };
        let (links, trees) = (spots(&removal.links)?, spots(&removal.trees)?);
        let mut linked = Vec::new();
        for link in &links {
            let place = Place::of(link)?;
            judge.refuse_anothers(&place)?;
            linked.push(place);
        }
        let mut going = Vec::new();
        for tree in &trees {
            let place = Place::of(tree)?;
            judge.refuse_anothers(&place)?;
            tree.refuse_mounts()?;
            // A stage for each: what is taken away has one and the same name in it.
            going.push((begin()?, place, tree.path()));
        }
        drop(judge);
        for link in linked {
            link.unlink()?;
        }
        inventory::settle(self.places, Some(&removal.name), self.progress)?;
        for (stage, place, tree) in going {
            stage.take_away(&place)?;
            inventory::leave_no_envs(self.places, tree)?;
        }
        tidy(self.places, self.progress)
    }
}

/// Sweeps what the dead left, and points each minor's link where it belongs.
pub(crate) fn tidy(places: &Places, progress: &dyn Progress) -> Result<(), Error> {
    for left in sweep(places)? {
        let remedy = if left.is_mounted() {
            format!("{}: unmount what is mounted there first", left.error)
        } else if left.is_aside() {
            format!("`{}' is what was to stand where something else does now", left.path.display())
        } else {
            let word = crate::quote::shown(&left.path);
            format!("{} cannot be removed: `sudo rm -rf {word}' does", left.path.display())
        };
        progress.note(&remedy);
    }
    Ok(inventory::settle(places, None, progress)?)
}

/// The environment that a link leads to, when it is one of ours.
fn own_environment(
    places: &Places,
    link: &Path,
    homes: &[PathBuf],
) -> Result<Option<PathBuf>, Error> {
    let target = match disk::canonical(link) {
        Ok(Some(target)) => target,
        Ok(None) => return Ok(None),
        // What we may not even look at is another's, and its link is ours to remove.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if Machine.is_condas(&target).is_ok_and(|is| is) {
        return Ok(None);
    }
    let Some(versions) = disk::canonical(&places.versions())? else { return Ok(None) };
    let envs = target.parent().filter(|folder| folder.ends_with("envs"));
    let mut ours = envs.and_then(Path::parent).and_then(Path::parent) == Some(&versions)
        || target.starts_with(&versions);
    let leads_to = disk::follow(link)?.map(|found| found.identity);
    for home in homes {
        if home.starts_with(places.versions()) {
            // In a linked version, and there by no other link: what leads to it may be exchanged while we look.
            let stands =
                places.spot(home)?.directory()?.map(|stands| stands.found()).transpose()?;
            if stands.is_some_and(|stands| leads_to == Some(stands.identity)) {
                return Ok(Machine.is_environment(home)?.then(|| home.clone()));
            }
        } else {
            ours = ours || disk::canonical(home)?.is_some_and(|home| target.starts_with(home));
        }
    }
    Ok((ours && Machine.is_environment(&target)?).then_some(target))
}

/// An error where the version that a tree is, or stands in, was written by a newer pyman: it is for that one to change.
fn refuse_newer(places: &Places, tree: &Path) -> Result<(), Error> {
    let below = tree.strip_prefix(places.versions()).ok();
    let Some(version) = below.and_then(|below| below.components().next()) else { return Ok(()) };
    match Receipt::read(&places.version(version)) {
        Err(error @ inventory::Error::Newer { .. }) => Err(error.into()),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The environments in a version's `envs/`.
fn environments(tree: &Path) -> Result<Vec<PathBuf>, Error> {
    let envs = tree.join("envs");
    let mut found = Vec::new();
    for entry in disk::entries(&envs)? {
        let path = envs.join(&entry.name);
        if !disk::is_nobodys(&entry.name) && is_environment(&path)? {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The environments that we made in the tree of a linked version: without its link they are nowhere, and do not run.
fn made_inside(link: &Path, homes: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for home in homes.iter().filter(|home| home.starts_with(link)) {
        if Machine.is_environment(home)? {
            found.push(home.clone());
        }
    }
    Ok(found)
}

/// The links under `versions/` that lead through a link of it, one by another.
fn links_through(places: &Places, link: &Path) -> Result<Vec<PathBuf>, Error> {
    let versions = places.versions();
    let mut through = vec![link.to_owned()];
    let inventory = Inventory::read(places)?;
    loop {
        let before = through.len();
        for path in inventory.iter().map(|installation| &installation.path) {
            let Some(target) = disk::link_target(path)? else { continue };
            let target = path::normal(world::bytes(&versions), world::bytes(&target));
            let goes = through.iter().any(|gone| world::path(&target).starts_with(gone));
            if goes && !through.contains(path) {
                through.push(path.clone());
            }
        }
        if through.len() == before {
            return Ok(through.split_off(1));
        }
    }
}

/// Whether it is an environment, conda's too; what may not be looked at is one of somebody's.
fn is_environment(directory: &Path) -> Result<bool, Error> {
    let asked = [Machine.is_environment(directory), Machine.is_condas(directory)];
    let mut is_one = false;
    for answer in asked {
        is_one = is_one || disk::permitted(answer)?.unwrap_or(true);
    }
    Ok(is_one)
}

/// Whether a process died over it while it removed it: what makes it an environment may be gone.
fn is_begun(directory: &Path) -> Result<bool, Error> {
    match (directory.parent(), directory.file_name()) {
        (Some(folder), Some(name)) => Ok(disk::is_condemned(&Directory::open(folder)?, name)?),
        (_, _) => Ok(false),
    }
}

/// The links under `versions/` that lead into one of the trees.
fn links_into(
    places: &Places,
    trees: &[PathBuf],
    known: &[PathBuf],
) -> Result<Vec<PathBuf>, Error> {
    let mut real = Vec::new();
    for tree in trees {
        real.extend(disk::canonical(tree)?);
    }
    let mut found = Vec::new();
    for installation in Inventory::read(places)?.iter() {
        match &installation.form {
            Form::Tree | Form::Shut | Form::Dangling(_) => {}
            Form::Link(_) => {
                let target = disk::canonical(&installation.path)?;
                let goes =
                    target.is_some_and(|target| real.iter().any(|tree| target.starts_with(tree)));
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
    use std::os::unix::fs::symlink;

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
            symlink(Path::new(target), places.version(name)).unwrap();
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
