//! From an offer to a finished tree in the stage: unpacked, or fetched, compiled and kept for the next time.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use pyman_shim::{Variant, Version};

use crate::archive::{self, Format, Limits, Policy, Root};
use crate::catalogue::Kind;
use crate::disk::{self, Directory, Way};
use crate::fetch::{self, Discard, Sha256};
use crate::inventory::Origin;

use super::checkpoint::Moment;
use super::compile::{
    self, Configuration, LOG, Order, WorkingTree, check_modules, check_temporary,
    install_prerequisites, preflight,
};
use super::finish::{Completion, Made};
use super::plan::{Making, Offer, Prerequisites};
use super::prebuilt::fetch_and_unpack;
use super::stage::Stage;
use super::store::Shelf;
use super::{Error, Session, executable, script, space};

/// Sources to compile, wherever they came from.
pub(super) struct Sources<'a> {
    /// The directory's name under `versions/`.
    pub(super) name: &'a str,
    pub(super) version: Version,
    pub(super) variant: Variant,
    pub(super) prefix: &'a Path,
    pub(super) material: SourceMaterial<'a>,
}

/// Where sources are.
pub(super) enum SourceMaterial<'a> {
    /// A tarball of this digest, from there.
    Tarball { file: &'a Path, sha256: Sha256, from: String },
    /// A directory, which is copied.
    Directory(&'a Path),
}

impl Session<'_> {
    /// Makes what one offer offers.
    pub(super) fn make(
        &self,
        offer: &Offer,
        prefix: &Path,
        making: &Making,
        trust: bool,
        stage: &Stage,
    ) -> Result<Made, Error> {
        let build = &offer.build;
        space::check(build, stage.directory().path())?;
        match build.kind {
            Kind::Prebuilt => {
                let format = Format::of_name(&build.file)
                    .ok_or_else(|| archive::Error::UnknownFormat(build.file.clone().into()))?;
                let root = build.root().map_or(Root::Single, |root| Root::Below(root.into()));
                let policy = Policy { limits: (!trust).then(Limits::default), root };
                let tree = stage.tree();
                let downloaded = fetch_and_unpack(self, &offer.wanted(), format, &policy, &tree)?;
                stage.reach(Moment::Unpacked);
                let origin = Origin::Prebuilt {
                    source: downloaded.source(&build.file),
                    sha256: downloaded.sha256.to_string(),
                };
                Ok(Made {
                    tree,
                    origin,
                    former: Vec::new(),
                    completion: Completion::Full,
                    around: None,
                })
            }
            Kind::Source => {
                let version =
                    build.release.version().ok_or_else(|| Error::Nothing(build.release.name()))?;
                let name = build.release.name();
                // What was built before is only unpacked; made otherwise, it is no use, and there is a second look.
                if !Shelf::has_any(self.cache, &name)? {
                    self.look_at_room(&name, making, stage)?;
                }
                let sources = |material| Sources {
                    name: &name,
                    version,
                    variant: build.release.variant,
                    prefix,
                    material,
                };
                // What is missing here is said before anything is fetched; offline nothing will be.
                if !self.client.is_offline() {
                    self.look(&sources(SourceMaterial::Directory(Path::new(""))), making, stage)?;
                }
                let downloaded = fetch::download(
                    self.client,
                    &offer.wanted(),
                    self.cache,
                    &mut Discard,
                    self.progress,
                )?;
                let from = downloaded.source(&build.file);
                let (file, sha256) = (downloaded.path.as_path(), downloaded.sha256);
                let material = SourceMaterial::Tarball { file, sha256, from };
                self.compile(&sources(material), making, stage)
            }
            Kind::Installer => script::install(self, offer, prefix, stage, making.verbose),
        }
    }

    /// An error where there is no room to compile in.
    fn look_at_room(&self, name: &str, making: &Making, stage: &Stage) -> Result<(), Error> {
        space::check_workplace(name, stage.directory().path(), self.variables, making)
    }

    /// What the machine has for a build of these sources; what it lacks is installed first, if that was asked for.
    fn look(
        &self,
        sources: &Sources<'_>,
        making: &Making,
        stage: &Stage,
    ) -> Result<compile::Tools, Error> {
        if sources.prefix.as_os_str().as_encoded_bytes().iter().any(u8::is_ascii_whitespace) {
            return Err(compile::Error::Blank(sources.prefix.to_owned()).into());
        }
        if let Some(temporary) = &self.variables.temporary {
            check_temporary(temporary)?;
        }
        let (name, version) = (sources.name, sources.version);
        let look = || preflight(name, version, self.variables, &stage.path("."), self.packager);
        let (Prerequisites::Installed, Some(packager)) = (making.prerequisites, self.packager)
        else {
            return Ok(look()?);
        };
        // The lock holds a turn and no value: a thread that panicked with it left nothing half changed.
        let turn = self.compiling.lock().unwrap_or_else(PoisonError::into_inner);
        let needs = match look() {
            Ok(tools) => tools.needs(),
            Err(compile::Error::Missing { needs, .. }) => needs,
            Err(error) => return Err(error.into()),
        };
        if !needs.is_empty() {
            install_prerequisites(packager, &needs, self.variables, self.progress)?;
        }
        drop(turn);
        Ok(look()?)
    }

    /// Compiles, or takes what the same sources and configuration gave before.
    pub(super) fn compile(
        &self,
        sources: &Sources<'_>,
        making: &Making,
        stage: &Stage,
    ) -> Result<Made, Error> {
        let tools = self.look(sources, making, stage)?;
        let configuration = Configuration {
            version: sources.version,
            variant: sources.variant,
            optimized: making.optimized,
            jobs: making.jobs,
        };
        let order = Order {
            tree: WorkingTree {
                name: sources.name,
                sources: match &sources.material {
                    SourceMaterial::Directory(directory) => Some(directory),
                    SourceMaterial::Tarball { .. } => None,
                },
                keep: making.keep,
                variables: self.variables,
            },
            configuration: &configuration,
            prefix: sources.prefix,
            tools: &tools,
            patch: making.patch.as_deref(),
            verbose: making.verbose,
            machine: self.machine,
        };
        let (from, sha256) = match &sources.material {
            SourceMaterial::Tarball { from, sha256, .. } => (from.clone(), Some(*sha256)),
            SourceMaterial::Directory(path) => (path.display().to_string(), None),
        };
        let made = |tree: PathBuf, configure: Vec<String>| {
            let sha256 = sha256.map(|digest| digest.to_string());
            let origin = Origin::Source { source: from.clone(), sha256, configure };
            Made { tree, origin, former: Vec::new(), completion: Completion::Full, around: None }
        };
        let mut traits = order.traits();
        traits.extend(making.patch.as_deref().map(|patch| Sha256::of(patch).to_string()));
        let kept = sha256
            // A directory has no digest to be known by; and a working tree that is to stay has to be made.
            .filter(|_| !order.keeps())
            .map(|digest| Shelf::of(self.cache, sources.name, digest, &traits));
        if let Some(shelf) = &kept
            && shelf.take(&stage.tree(), self.progress)?
        {
            self.progress.note(&format!("{}: built before, taken from the cache", sources.name));
            stage.reach(Moment::Unpacked);
            return Ok(made(stage.tree(), order.configure()));
        }
        self.look_at_room(sources.name, making, stage)?;
        self.progress.note(&format!(
            "{}: building from source (log: {})",
            sources.name,
            stage.path(LOG).display()
        ));
        if let Some(warning) = tools.warning() {
            self.progress.note(&warning);
        }
        let turn = self.compiling.lock().unwrap_or_else(PoisonError::into_inner);
        let unpack = |directory: &Path| self.unpack_sources(&sources.material, directory);
        let compiled = compile::compile(&order, self.places, stage, unpack, self.progress)?;
        drop(turn);
        let interpreter = executable::interpreter(&compiled.tree)?
            .ok_or_else(|| Error::NoInterpreter(sources.name.to_owned()))?;
        check_modules(&order, &interpreter, self.progress)?;
        if let Some(shelf) = &kept {
            shelf.put(&compiled.tree, stage, self.progress)?;
        }
        Ok(made(compiled.tree, compiled.configure))
    }

    fn unpack_sources(&self, material: &SourceMaterial<'_>, into: &Path) -> Result<PathBuf, Error> {
        match material {
            SourceMaterial::Tarball { file, .. } => {
                let policy = Policy::limited(Root::Single);
                archive::unpack_file(file, into, &policy, self.progress)?;
            }
            SourceMaterial::Directory(directory) => {
                let (from, to) = (Directory::open(directory)?, Directory::make(into)?);
                disk::copy_tree(&from, &to, &[Way::Reflink, Way::Copy], &|target| target, &|| {
                    self.progress.interrupted()
                })?;
            }
        }
        Ok(into.to_owned())
    }
}
