//! What an environment stands on: an interpreter, the directory it is named by, and the version it is.

use std::path::{Path, PathBuf};

use pyman_shim::{Identity, Installation, Layout, Series, Variant, Version};

use super::probe_cache::{self, Answer};
use super::{Config, Error, named};
use crate::disk;
use crate::inventory::{self, Places};
use crate::progress::Progress;
use crate::world::{self, layout};

/// The Python that an environment's links lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// The directory of its interpreter, as `pyvenv.cfg` names it.
    pub home: PathBuf,
    /// The interpreter, in that directory.
    pub executable: PathBuf,
    /// Where its library stands.
    pub prefix: PathBuf,
    /// The version of the language.
    pub version: Version,
    /// Which build.
    pub variant: Variant,
    /// Whose it is.
    pub implementation: Implementation,
}

/// The implementations for which we know how an environment looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Implementation {
    /// CPython, conda's included.
    CPython,
    /// `PyPy`.
    PyPy,
}

/// Whether an environment stays with its patch or goes with its minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// This very release.
    Patch,
    /// `minor/3.12`, whatever the newest installed 3.12 is.
    Minor,
}

/// Environments made of environments end here.
const DEPTH: usize = 8;

/// Where bases are looked for, and who may stop an interpreter that takes its time to answer.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// The root's folders.
    pub places: &'a Places,
    /// Looked at while an interpreter is asked.
    pub progress: &'a dyn Progress,
}

impl Base {
    /// An installation under `versions/`; what it is, its name or its receipt said. Nothing is started
    /// unless neither did.
    pub fn of_installation(
        asking: &Asking<'_>,
        installation: &Installation,
        identity: Option<&Identity>,
        followed: Followed,
    ) -> Result<Self, Error> {
        let directory = world::path(&installation.directory).into_owned();
        if let Some(config) = Config::read(&directory)? {
            return Self::behind(asking, &directory, &config, DEPTH);
        }
        let known = identity.and_then(|identity| match identity.series {
            Series::Patch(version) => {
                let implementation = Implementation::of(&identity.implementation)?;
                Some((version, identity.variant, implementation))
            }
            Series::Major(_) | Series::Minor(..) => None,
        });
        let Some((version, variant, implementation)) = known else {
            return Self::in_home(asking, &layout::interpreters(&directory));
        };
        let prefix = match followed {
            Followed::Minor => minor(asking, &installation.name, version, variant)?,
            Followed::Patch => None,
        };
        let prefix = prefix.unwrap_or(directory);
        let home = layout::interpreters(&prefix);
        let executable = interpreter(&home, version, variant, implementation)
            .ok_or_else(|| Error::NoPython(home.clone()))?;
        Ok(Self { home, executable, prefix, version, variant, implementation })
    }

    /// The Python at a path: an interpreter, or a tree that has one. A path inside an environment stands for
    /// that environment's base.
    pub fn at(places: &Places, path: &Path, progress: &dyn Progress) -> Result<Self, Error> {
        Self::reach(&Asking { places, progress }, path, DEPTH)
    }

    fn reach(asking: &Asking<'_>, path: &Path, depth: usize) -> Result<Self, Error> {
        if disk::is_directory(path) {
            return match Config::read(path)? {
                Some(config) => Self::behind(asking, path, &config, depth),
                None if disk::is_directory(&layout::interpreters(path)) => {
                    Self::in_home(asking, &layout::interpreters(path))
                }
                None => Self::in_home(asking, path),
            };
        }
        let standing = path.parent().and_then(Path::parent);
        if let Some(tree) = standing
            && let Some(config) = Config::read(tree)?
        {
            return Self::behind(asking, tree, &config, depth);
        }
        if let Some(base) = Self::by_place(asking.places, path)? {
            return Ok(base);
        }
        if !disk::executable(path) {
            return Err(Error::NoPython(path.to_owned()));
        }
        let answer = probe_cache::ask(asking.places, path, asking.progress)?;
        Self::of_answer(path, &answer)
    }

    /// The base that an environment names by its home; of one that names none (Bazel's have an empty `pyvenv.cfg`) that
    /// which its interpreter leads to.
    fn behind(
        asking: &Asking<'_>,
        tree: &Path,
        config: &Config,
        depth: usize,
    ) -> Result<Self, Error> {
        let Some(home) = config.home() else {
            let python = layout::environments_python(tree);
            let real = disk::canonical(&python)?.filter(|real| !real.starts_with(tree));
            return match (real, depth.checked_sub(1)) {
                (Some(real), Some(depth)) => Self::reach(asking, &real, depth),
                (None, _) | (_, None) => Err(Error::NoPython(python)),
            };
        };
        let version: Vec<&str> = config.version().unwrap_or_default().split('.').take(2).collect();
        let exact = format!("python{}", version.join("."));
        // virtualenv up to 20.15 wrote the prefix for the home, and beside it what it had started.
        let started = config.value("base-executable").map(PathBuf::from);
        let within = layout::interpreters(&home);
        let candidates =
            [Some(layout::program(&home, &exact)), started, Some(layout::program(&within, &exact))];
        let found = candidates
            .into_iter()
            .flatten()
            .find(|path| path.is_absolute() && disk::executable(path))
            .or_else(|| any_interpreter(&home))
            .or_else(|| any_interpreter(&within));
        match (found, depth.checked_sub(1)) {
            (Some(path), Some(depth)) => Self::reach(asking, &path, depth),
            (None, _) | (_, None) => Err(Error::NoPython(home)),
        }
    }

    fn in_home(asking: &Asking<'_>, home: &Path) -> Result<Self, Error> {
        let path = any_interpreter(home).ok_or_else(|| Error::NoPython(home.to_owned()))?;
        if let Some(base) = Self::by_place(asking.places, &path)? {
            return Ok(base);
        }
        let answer = probe_cache::ask(asking.places, &path, asking.progress)?;
        Self::of_answer(&path, &answer)
    }

    /// What stands in `versions/3.12.1/bin` or `minor/3.12/bin` is told by its place.
    fn by_place(places: &Places, path: &Path) -> Result<Option<Self>, Error> {
        let Some(home) = path.parent() else {
            return Ok(None);
        };
        let Some(prefix) = layout::tree_of(home) else {
            return Ok(None);
        };
        let known = if prefix.parent() == Some(&places.versions()) {
            prefix.file_name().and_then(inventory::tag)
        } else if prefix.parent() == Some(&places.minor()) {
            let target = disk::link_target(prefix)?;
            target.and_then(|target| inventory::tag(target.file_name()?))
        } else {
            None
        };
        let Some((version, variant)) = known else {
            return Ok(None);
        };
        let implementation = Implementation::CPython;
        let base = interpreter(home, version, variant, implementation).map(|executable| Self {
            home: home.to_owned(),
            executable,
            prefix: prefix.to_owned(),
            version,
            variant,
            implementation,
        });
        Ok(base)
    }

    /// The interpreter where its library stands, when it is there; else where it says it is.
    fn of_answer(asked: &Path, answer: &Answer) -> Result<Self, Error> {
        let Answer { version, variant, base_prefix, executable, .. } = answer;
        let implementation = Implementation::of(answer.implementation.as_bytes())
            .ok_or_else(|| Error::Unsupported(format!("{} ({version})", answer.implementation)))?;
        let bin = layout::interpreters(base_prefix);
        let standing = interpreter(&bin, *version, *variant, implementation);
        let executable = standing.unwrap_or_else(|| executable.clone());
        let home = executable.parent().ok_or_else(|| Error::NoPython(asked.to_owned()))?;
        Ok(Self {
            home: home.to_owned(),
            prefix: base_prefix.clone(),
            version: *version,
            variant: *variant,
            implementation,
            executable,
        })
    }

    /// The directory of its standard library, and of its environments' packages: counted from either tree.
    pub(super) fn library_within(&self) -> PathBuf {
        let name: &[u8] = match self.implementation {
            Implementation::CPython => b"cpython",
            Implementation::PyPy => b"pypy",
        };
        let series = Series::Patch(self.version);
        Layout::HERE.library(name, series, self.variant).unwrap_or_default().into()
    }

    /// `3.12`, `3.13t`.
    pub fn minor(&self) -> String {
        let Version { major, minor, .. } = self.version;
        match self.variant {
            Variant::FreeThreaded => format!("{major}.{minor}t"),
            Variant::Default | Variant::Debug => format!("{major}.{minor}"),
        }
    }
}

impl Implementation {
    fn of(name: &[u8]) -> Option<Self> {
        match name {
            b"cpython" => Some(Self::CPython),
            b"pypy" => Some(Self::PyPy),
            _ => None,
        }
    }
}

/// `minor/3.12` when it leads to this installation; the link is made when it is missing.
fn minor(
    asking: &Asking<'_>,
    name: &[u8],
    version: Version,
    variant: Variant,
) -> Result<Option<PathBuf>, Error> {
    let Asking { places, progress } = *asking;
    let link = places.minor().join(inventory::minor(version, variant));
    let leads_here =
        |target: PathBuf| target.file_name().is_some_and(|found| found.as_encoded_bytes() == name);
    if disk::link_target(&link)?.is_some_and(leads_here) {
        return Ok(Some(link));
    }
    match inventory::settle(places, None, progress) {
        // In a root of another account's the environment stands on the release itself.
        Err(inventory::Error::Disk(error))
            if named::is_unwritable(&error) || disk::cannot_link(&error) =>
        {
            return Ok(None);
        }
        settled => settled?,
    }
    Ok(disk::link_target(&link)?.is_some_and(leads_here).then_some(link))
}

/// The interpreter of this version in a `bin/`, by its most exact name.
fn interpreter(
    home: &Path,
    version: Version,
    variant: Variant,
    implementation: Implementation,
) -> Option<PathBuf> {
    let Version { major, minor, .. } = version;
    let letter = match variant {
        Variant::FreeThreaded => "t",
        Variant::Default | Variant::Debug => "",
    };
    let names = match implementation {
        Implementation::CPython => [
            format!("python{major}.{minor}{letter}"),
            format!("python{major}.{minor}"),
            format!("python{major}"),
            "python".to_owned(),
        ],
        Implementation::PyPy => [
            format!("pypy{major}.{minor}"),
            format!("pypy{major}"),
            "pypy".to_owned(),
            "python".to_owned(),
        ],
    };
    names.iter().map(|name| layout::program(home, name)).find(|path| disk::executable(path))
}

/// Any interpreter in a `bin/`, newest first: 2 is as good as 3 where nothing else is known.
fn any_interpreter(home: &Path) -> Option<PathBuf> {
    let names = ["python", "python3", "python2", "pypy3", "pypy"];
    names.iter().map(|name| layout::program(home, name)).find(|path| disk::executable(path))
}
