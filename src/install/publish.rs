//! Carries a plan out: lock, stage, make, finish, receipt, one rename, minor link.
//!
//! # The way of a tree
//!
//! * *Locked* by its name, where the plan knows it; else as soon as its interpreter has said it. What stands at the goal by
//!   then settles the matter, unless it is to be replaced.
//! * *Made* in the stage, where nobody sees it; who dies leaves it to the next run's sweep.
//! * *Finished*: what it brings that is only ours is left out, its interpreter is asked, its files name their final place, and
//!   the receipt, which counts them, is written last.
//! * *Published* by one rename: before it there is nothing, after it all.
//! * *Settled*: the minor's link follows. Who dies before that has installed the tree, and the same command, which finds its
//!   work done, makes the link follow ([`tidy`]).

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use pyman_shim::{Identity, Series, Variant, Version};

use crate::archive::{Format, Limits, Policy, Root};
use crate::catalogue::{Build, Release};
use crate::compatibility::Writer;
use crate::disk::{self, Directory, Existing};
use crate::fetch::{Sha256, Url, Wanted};
use crate::inventory::{self, Lock, Origin, Receipt, Waited, count_tree};
use crate::relocate::Binaries;

use super::checkpoint::Moment;
use super::finish::{Completion, Finish, Finished, Made};
use super::make::{SourceMaterial, Sources};
use super::pack::unlabel;
use super::plan::{Material, Offer, Plan, Target};
use super::prebuilt::fetch_and_unpack;
use super::stage::{Place, Stage};
use super::{Error, Session, compile, reserved, tidy};

/// What became of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Installed {
    /// Its name under `versions/`, or what it would be called there.
    pub name: String,
    /// Where it stands.
    pub prefix: PathBuf,
    /// Who put it there.
    pub done: Done,
}

/// Whether there was anything to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// This process installed it.
    Here,
    /// Another process finished installing it while this one waited.
    Elsewhere,
}

impl Session<'_> {
    /// Installs.
    pub(crate) fn install(&self, plan: &Plan) -> Result<Installed, Error> {
        let label = plan.label();
        let place = match &plan.target {
            Target::Version => self.places.versions(),
            Target::Directory(directory) => directory.clone(),
        };
        if place.to_str().is_none() {
            // Its own files are, and name it.
            return Err(Error::Prefix { prefix: place, why: "is no UTF-8" });
        }
        // What only its contents describe has no name yet, and is locked when it has one.
        let lock = match (&plan.target, plan.name()) {
            (Target::Version, Some(name)) => Some(self.lock(&name)?),
            (Target::Version | Target::Directory(_), _) => None,
        };
        if let Some(prefix) = plan.prefix(self.places) {
            match self.standing(plan, &label, &prefix, lock.as_ref()) {
                Ok(None) => {}
                // Who made it may have died before the links followed.
                Ok(Some(installed)) => {
                    tidy(self.places, self.progress)?;
                    return Ok(installed);
                }
                Err(error) => {
                    tidy(self.places, self.progress)?;
                    return Err(error);
                }
            }
        }
        let stage = Stage::begin(self.places, plan.stage_label(&label), self.checkpoints)?;
        if let (Target::Version, Some(name)) = (&plan.target, plan.name()) {
            stage.refuse_anothers(&Place::of_version(self.places, OsStr::new(&name))?)?;
        }
        let made = match &plan.material {
            Material::Release(offers) => self.release(plan, offers, &stage)?,
            Material::Archive { url, sha256 } => self.archive(plan, url, *sha256, &stage)?,
            Material::Sources(directory) => {
                let material = SourceMaterial::Directory(directory);
                self.sources(plan, directory, material, &stage)?
            }
        };
        self.publish(plan, made, lock, &stage)
    }

    fn lock(&self, name: &str) -> Result<Lock, Error> {
        let work = format!("installing {name}");
        Ok(inventory::lock(self.places, name, &work, self.progress)?)
    }

    /// The first offer that can be had. Another is tried only where the network was at fault.
    fn release(&self, plan: &Plan, offers: &[Offer], stage: &Stage) -> Result<Unfinished, Error> {
        let mut offers = offers.iter().peekable();
        let mut earlier = None;
        while let Some(offer) = offers.next() {
            let prefix = plan
                .prefix(self.places)
                .unwrap_or_else(|| self.places.version(offer.build.release.name()));
            match self.make(offer, &prefix, &plan.making, plan.trust, stage) {
                Ok(made) => return Ok(Unfinished::of_build(made, &offer.build)),
                Err(mut error) => {
                    if let Some(earlier) = earlier.take() {
                        error.comes_after(earlier);
                    }
                    let Some(next) = offers.peek().filter(|_| error.is_of_the_network()) else {
                        return Err(error);
                    };
                    // Offline nobody was asked, and only sources that are kept will be built.
                    if next.build.kind != offer.build.kind && !error.is_offline() {
                        let name = next.build.release.name();
                        self.progress.note(&format!(
                            "no host serves {}: building {name} from source",
                            offer.build.file
                        ));
                    }
                    earlier = Some(error);
                }
            }
        }
        Err(Error::Nothing(plan.label()))
    }

    /// An archive that only its contents describe: a tree, or sources.
    fn archive(
        &self,
        plan: &Plan,
        url: &Url,
        sha256: Option<Sha256>,
        stage: &Stage,
    ) -> Result<Unfinished, Error> {
        let file_name = plan.label();
        let format = Format::of_name(&file_name)
            .ok_or_else(|| crate::archive::Error::UnknownFormat(file_name.clone().into()))?;
        let limits = (!plan.trust).then(Limits::default);
        let policy = Policy { limits, root: Root::Single };
        let candidates = vec![url.clone()];
        let wanted = Wanted { candidates, sha256, size: None, file_name: file_name.clone() };
        let tree = stage.tree();
        let downloaded = fetch_and_unpack(self, &wanted, format, &policy, &tree)?;
        stage.reach(Moment::Unpacked);
        if compile::stated_version(&tree)?.is_some() {
            let from = downloaded.source(&file_name);
            let (file, sha256) = (downloaded.path.as_path(), downloaded.sha256);
            let material = SourceMaterial::Tarball { file, sha256, from };
            return self.sources(plan, &tree, material, stage);
        }
        // A whole build has its tree one directory further down.
        let tree =
            if disk::is_directory(&tree.join("install/bin")) { tree.join("install") } else { tree };
        let source = downloaded.source(&file_name);
        let origin = Origin::Prebuilt { source, sha256: downloaded.sha256.to_string() };
        let made =
            Made { tree, origin, former: Vec::new(), completion: Completion::Full, around: None };
        Ok(Unfinished::new(made, file_name))
    }

    fn sources(
        &self,
        plan: &Plan,
        directory: &Path,
        material: SourceMaterial<'_>,
        stage: &Stage,
    ) -> Result<Unfinished, Error> {
        let version = compile::stated_version(directory)?
            .ok_or_else(|| super::compile::Error::NoSources(directory.to_owned()))?;
        let variant = if plan.making.debug { Variant::Debug } else { Variant::Default };
        let name = Release::cpython(version, variant).name();
        let prefix = match &plan.target {
            Target::Version => self.places.version(&name),
            Target::Directory(directory) => directory.clone(),
        };
        let prefix = prefix.as_path();
        let sources = Sources { name: &name, version, variant, prefix, material };
        let made = self.compile(&sources, &plan.making, stage)?;
        Ok(Unfinished { name: Some(name.clone()), ..Unfinished::new(made, name.clone()) })
    }

    fn publish(
        &self,
        plan: &Plan,
        unfinished: Unfinished,
        lock: Option<Lock>,
        stage: &Stage,
    ) -> Result<Installed, Error> {
        let Unfinished { made, source_name, name, expected, build } = unfinished;
        let Made { tree, origin, former, completion, around: _around } = made;
        unlabel(&tree, &source_name)?;
        reserved::leave_out(&tree, &source_name, self.progress)?;
        let foreign = build.as_ref().and_then(|build| self.foreign(build));
        let finish = Finish {
            tree: &tree,
            source_name: &source_name,
            expected,
            foreign: foreign.as_ref(),
            former,
            search: &self.variables.search,
            progress: self.progress,
        };
        let finished = finish.identify()?;
        let name = name.unwrap_or_else(|| finished.name.clone());
        let (prefix, lock) = match &plan.target {
            Target::Directory(directory) => (directory.clone(), None),
            Target::Version => {
                let lock = match lock {
                    Some(lock) => lock,
                    None => self.lock(&name)?,
                };
                (self.places.version(&name), Some(lock))
            }
        };
        // Asked again: the name may be known only now, and only now be locked.
        if let Some(installed) = self.standing(plan, &name, &prefix, lock.as_ref())? {
            tidy(self.places, self.progress)?;
            return Ok(installed);
        }
        let binaries = match completion {
            Completion::Full => finish.complete(&finished, &prefix, stage)?,
            // An installer's twin was exchanged for the prefix, in programs too.
            Completion::None => Binaries::Changed,
        };
        let receipt = receipt(&name, &finished, origin, build.as_ref(), &prefix, &tree)?;
        receipt.write(&tree, &finished.identity())?;
        if binaries == Binaries::Changed {
            finish.starts(&finished)?;
        }
        stage.reach(Moment::Receipted);
        if self.progress.interrupted() {
            return Err(Error::Interrupted);
        }
        // Only where it is asked for: what a power cut tears otherwise, the receipt's count tells.
        if plan.sync {
            disk::sync(&Directory::open(&tree)?)?;
        }
        match &plan.target {
            Target::Version => {
                if plan.existing == Existing::Replace {
                    reserved::carry_environments(&prefix, &tree, self.progress)?;
                }
                let place = Place::of_version(self.places, OsStr::new(&name))?;
                stage.publish(&tree, &place, plan.existing)?;
                inventory::settle(self.places, None, self.progress)?;
                stage.reach(Moment::Settled);
            }
            Target::Directory(directory) => {
                stage.publish(&tree, &Place::at(directory)?, plan.existing)?;
            }
        }
        Ok(Installed { name, prefix, done: Done::Here })
    }

    /// What already stands at `prefix` settles the matter, unless it is to be replaced.
    fn standing(
        &self,
        plan: &Plan,
        name: &str,
        prefix: &Path,
        lock: Option<&Lock>,
    ) -> Result<Option<Installed>, Error> {
        let there = disk::look(prefix)?.is_some();
        let waited = lock.is_some_and(|lock| lock.waited() == Waited::Yes);
        match (there, plan.existing) {
            (false, _) => Ok(None),
            (true, Existing::Replace) => {
                reserved::refuse_over_named(self.places, prefix)?;
                // Another format is a newer pyman's, and not ours to replace; a broken receipt is mended so.
                match (Receipt::read(prefix), &plan.target) {
                    (Err(error @ inventory::Error::Newer { .. }), _) => Err(error.into()),
                    (receipt, Target::Directory(directory))
                        if !is_empty(directory)?
                            && (matches!(receipt, Ok(None)) || self.stands_in(directory)?) =>
                    {
                        Err(Error::Occupied(directory.clone()))
                    }
                    (Ok(_) | Err(_), Target::Version | Target::Directory(_)) => Ok(None),
                }
            }
            (true, Existing::Keep) if waited => {
                let (name, prefix) = (name.to_owned(), prefix.to_owned());
                Ok(Some(Installed { name, prefix, done: Done::Elsewhere }))
            }
            (true, Existing::Keep) => match &plan.target {
                Target::Directory(directory) if is_empty(directory)? => Ok(None),
                Target::Directory(directory) => {
                    // Who made it may have died just before it was done.
                    Place::at(directory)?.forget_stage()?;
                    Err(Error::Exists(prefix.to_owned()))
                }
                Target::Version => Err(Error::Exists(prefix.to_owned())),
            },
        }
    }

    /// Whether the root is this directory, or in it.
    fn stands_in(&self, directory: &Path) -> Result<bool, Error> {
        let root = disk::canonical(self.places.root())?;
        let directory = disk::canonical(directory)?;
        Ok(root.zip(directory).is_some_and(|(root, directory)| root.starts_with(directory)))
    }

    /// What a build for another machine is believed to be.
    fn foreign(&self, build: &Build) -> Option<Finished> {
        let (there, here) = (build.platform?, self.platform?);
        let version = build.release.version()?;
        let implementation = build.release.implementation.clone();
        let (name, variant) = (build.release.name(), build.release.variant);
        let foreign = Finished { name, version, implementation, variant };
        here.distance(there).is_none().then_some(foreign)
    }
}

/// A tree that was made, and what is known of it before its interpreter is asked.
struct Unfinished {
    made: Made,
    source_name: String,
    name: Option<String>,
    expected: Option<Version>,
    build: Option<Build>,
}

impl Unfinished {
    fn new(made: Made, source_name: String) -> Self {
        Self { made, source_name, name: None, expected: None, build: None }
    }

    fn of_build(made: Made, build: &Build) -> Self {
        Self {
            made,
            source_name: build.file.clone(),
            name: Some(build.release.name()),
            expected: build.release.version(),
            build: Some(build.clone()),
        }
    }
}

impl Finished {
    fn identity(&self) -> Identity {
        Identity {
            implementation: self.implementation.clone().into_bytes(),
            series: Series::Patch(self.version),
            variant: self.variant,
        }
    }
}

fn is_empty(directory: &Path) -> Result<bool, Error> {
    Ok(disk::is_directory(directory) && disk::entries(directory)?.is_empty())
}

fn receipt(
    name: &str,
    finished: &Finished,
    origin: Origin,
    build: Option<&Build>,
    prefix: &Path,
    tree: &Path,
) -> Result<Receipt, Error> {
    // A clock before 1970 is no reason not to install.
    let installed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    Ok(Receipt {
        version: finished.version.to_string(),
        format: Receipt::FORMAT,
        pyman: Writer::this(),
        name: name.to_owned(),
        implementation: finished.implementation.clone(),
        variant: finished.variant.suffix().to_owned(),
        origin,
        build: build.and_then(|build| build.tag.clone()),
        platform: build.and_then(|build| build.platform).map(|platform| platform.to_string()),
        prefix: prefix.to_owned(),
        installed,
        tree: count_tree(tree)?,
    })
}
