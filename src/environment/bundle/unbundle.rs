//! A bundle → an environment: unpacked aside, judged, every digest compared, put on a base, renamed.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

use super::{MANIFEST, Manifest, TOP, TREE};
use crate::archive::{Policy, Root, unpack_file};
use crate::disk::{self, Directory, Kind};
use crate::environment::order::{BeginWith, Making, Order, Packages};
use crate::environment::relocation::Relocation;
use crate::environment::stage::Stage;
use crate::environment::unfinished::Work;
use crate::environment::{Base, Error, Plot, create, plot};
use crate::fetch::Sha256;
use crate::inventory::Places;
use crate::progress::{Heeding, Progress};

/// A bundle unpacked aside, to be put on a base.
#[derive(Debug)]
pub struct Unbundled {
    /// What it says of itself.
    pub manifest: Manifest,
    stage: Stage,
    goal: Plot,
}

/// Within the stage: the bundle as unpacked.
const UNPACKED: &str = ".bundle";

impl Unbundled {
    /// Unpacks `file` beside `goal`, which must be free, and compares every digest.
    pub fn open(file: &Path, goal: &Plot, progress: &dyn Progress) -> Result<Self, Error> {
        plot::judge(goal.path())?;
        super::super::moving::is_free(goal)?;
        let stage = Stage::begin(goal, progress)?;
        let policy = Policy { limits: None, root: Root::Below(TOP.as_bytes().to_vec()) };
        unpack_file(file, &stage.directory().join(UNPACKED), &policy, progress)?;
        let none = || Error::Bundle("it has no manifest".into());
        let unpacked = stage.directory().below(UNPACKED)?.ok_or_else(none)?;
        let manifest = Manifest::parse(&unpacked.read(MANIFEST)?.ok_or_else(none)?)?;
        let this = Self { manifest, stage, goal: goal.clone() };
        this.verify(&unpacked, progress)
            .map_err(|error| if progress.interrupted() { Error::Interrupted } else { error })?;
        Ok(this)
    }

    /// Whether it can be used here; another X.Y or machine is refused, naming both.
    pub fn judge(&self, base: &Base, platform: Option<&str>) -> Result<(), Error> {
        let here = base.minor();
        if self.manifest.minor != here {
            let there = &self.manifest.minor;
            return Err(Error::Bundle(format!("it is for Python {there}, not {here}")));
        }
        match (&self.manifest.platform, platform) {
            (Some(there), Some(here)) if there != here => {
                Err(Error::Bundle(format!("it is for {there}, not {here}")))
            }
            (Some(_) | None, _) => Ok(()),
        }
    }

    /// Puts it on the base and in its place.
    pub fn finish(
        self,
        base: &Base,
        places: &Places,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let making = Making {
            base_packages: if self.manifest.system_site_packages {
                Packages::Seen
            } else {
                Packages::Hidden
            },
            prompt: self.manifest.prompt.clone(),
            begin_with: BeginWith::Nothing,
            ..Making::default()
        };
        let order = Order { goal: &self.goal, base, making: &making, places };
        create::furnish(&self.stage, self.goal.path(), &order, &[], progress)?;
        let tree = self.stage.directory();
        if let Some(unpacked) = tree.below(UNPACKED)?
            && let Some(from) = unpacked.below(TREE)?
        {
            merge(&from, tree, Path::new(""), &Listed::by(&self.manifest))?;
        }
        tree.remove(UNPACKED)?;
        let former = [PathBuf::from(&self.manifest.prefix)];
        Relocation { tree: self.stage.tree(), former: &former, goal: self.goal.path() }.apply()?;
        self.stage.mark(&Work::Unbundling)?;
        if progress.interrupted() {
            return Err(Error::Interrupted);
        }
        self.stage.publish()
    }

    fn verify(&self, unpacked: &Directory, progress: &dyn Progress) -> Result<(), Error> {
        let tree = unpacked.below(TREE)?;
        for (path, digest) in &self.manifest.files {
            if progress.interrupted() {
                return Err(Error::Interrupted);
            }
            let shown = path.escape_debug();
            if !is_inside(Path::new(path)) {
                return Err(Error::Bundle(format!("`{shown}' in its manifest leads out of it")));
            }
            let file = tree.as_ref().map(|tree| tree.open_file(path)).transpose()?.flatten();
            let Some(file) = file else {
                return Err(Error::Bundle(format!("`{shown}' is missing in it")));
            };
            if Sha256::of_reader(Heeding::new(file, progress))?.to_string() != *digest {
                return Err(Error::Bundle(format!("`{shown}' in it is not what was bundled")));
            }
        }
        Ok(())
    }
}

/// A path of plain names.
fn is_inside(path: &Path) -> bool {
    let mut parts = path.components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// What a manifest lists.
struct Listed<'a> {
    files: HashSet<&'a Path>,
    links: HashMap<&'a Path, &'a Path>,
    /// Whatever leads to one of them.
    directories: HashSet<&'a Path>,
}

impl<'a> Listed<'a> {
    fn by(manifest: &'a Manifest) -> Self {
        let files: HashSet<&Path> =
            manifest.files.iter().map(|(path, _)| Path::new(path)).collect();
        let links = manifest.links.iter().map(|(path, to)| (Path::new(path), Path::new(to)));
        let links: HashMap<&Path, &Path> = links.collect();
        let paths = files.iter().chain(links.keys());
        let directories = paths.flat_map(|path| path.ancestors().skip(1)).collect();
        Self { files, links, directories }
    }
}

/// Moves what the manifest lists from `from` to `to`, of the links those that stay inside; directories that both have become
/// one. What every environment has of its own is never a bundle's, and what is not listed stays behind.
fn merge(
    from: &Directory,
    to: &Directory,
    within: &Path,
    listed: &Listed<'_>,
) -> Result<(), Error> {
    for entry in from.entries()? {
        let path = within.join(&entry.name);
        if super::stays(&path) {
            continue;
        }
        let name = &entry.name;
        match entry.kind {
            Kind::Directory if listed.directories.contains(&*path) => {
                if let Some(inner) = from.below(name)? {
                    merge(&inner, &to.make_below(name)?, &path, listed)?;
                }
            }
            Kind::File if listed.files.contains(&*path) => {
                to.remove(name)?;
                from.rename(name, to, name)?;
            }
            Kind::Link => {
                let target = disk::link_target(&from.join(name))?.unwrap_or_default();
                let is_listed = listed.links.get(&*path).is_some_and(|to| *to == target);
                if is_listed && super::stays_inside(&path, &target) {
                    to.remove(name)?;
                    from.rename(name, to, name)?;
                }
            }
            Kind::Directory | Kind::File | Kind::Other => {}
        }
    }
    Ok(())
}
