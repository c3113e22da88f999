//! What an installation will be, decided before anything is touched: a value that can also just be shown.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::catalogue::{Build, Kind};
use crate::fetch::{Sha256, Url, Wanted};
use crate::inventory::Places;

use super::compile::Keep;
use crate::disk::Existing;

/// One installation to be.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// What it is made of.
    pub material: Material,
    /// Where it goes.
    pub target: Target,
    /// What happens to a tree that stands there.
    pub existing: Existing,
    /// How sources are built.
    pub making: Making,
    /// Whether the limits on an archive's size are lifted.
    pub trust: bool,
    /// Whether to wait until the disk has it.
    pub sync: bool,
}

/// What an installation is made of.
#[derive(Debug, Clone)]
pub(crate) enum Material {
    /// Builds of one release, in the order to try them, each with the places it may be had from.
    Release(Vec<Offer>),
    /// An archive named by hand; what it is shows when it is unpacked.
    Archive {
        /// Where it is.
        url: Url,
        /// Its digest, if one was given.
        sha256: Option<Sha256>,
    },
    /// A directory of sources, which is copied, not touched.
    Sources(PathBuf),
}

/// A build and its candidates.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    /// The build.
    pub build: Build,
    /// Where its file may be, in order.
    pub candidates: Vec<Url>,
}

impl Offer {
    /// What to fetch for it.
    pub(super) fn wanted(&self) -> Wanted {
        Wanted {
            candidates: self.candidates.clone(),
            sha256: self.build.sha256,
            size: self.build.size,
            file_name: self.build.file.clone(),
        }
    }
}

/// Where an installation goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Into `versions/`, under the release's name.
    Version,
    /// Into a directory of the user's, registered nowhere.
    Directory(PathBuf),
}

/// Packages of the system that a build needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Prerequisites {
    /// Missing ones are told of.
    #[default]
    Named,
    /// Missing ones are installed first.
    Installed,
}

/// How sources are built.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Making {
    /// With profile-guided and link-time optimisation.
    pub optimized: bool,
    /// With debugging checks.
    pub debug: bool,
    /// A patch to apply first.
    pub patch: Option<Vec<u8>>,
    /// Whether the working tree stays.
    pub keep: Keep,
    /// What to do about packages that a build needs and that are missing.
    pub prerequisites: Prerequisites,
    /// Whether the compiler's words are shown.
    pub verbose: bool,
    /// Processes at once.
    pub jobs: Option<usize>,
}

impl Plan {
    /// The name it will have under `versions/`; none when only the unpacked tree can tell.
    pub(crate) fn name(&self) -> Option<String> {
        match &self.material {
            Material::Release(offers) => offers.first().map(|offer| offer.build.release.name()),
            Material::Archive { .. } | Material::Sources(_) => None,
        }
    }

    /// Where it will stand, when that is known before.
    pub(crate) fn prefix(&self, places: &Places) -> Option<PathBuf> {
        match &self.target {
            Target::Directory(directory) => Some(directory.clone()),
            Target::Version => self.name().map(|name| places.version(name)),
        }
    }

    /// What its stage is called. An installer script makes its tree at a path as long as the final one: it has
    /// to be short.
    pub(super) fn stage_label<'a>(&self, label: &'a str) -> &'a str {
        match &self.material {
            Material::Release(offers)
                if offers.iter().any(|offer| offer.build.kind == Kind::Installer) =>
            {
                "i"
            }
            Material::Release(_) | Material::Archive { .. } | Material::Sources(_) => label,
        }
    }

    /// The last part of what it is made from: what to call it as long as it has no name.
    pub(super) fn label(&self) -> String {
        let file = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        match &self.material {
            Material::Release(_) => self.name(),
            Material::Archive { url, .. } => Some(url.file_name()),
            Material::Sources(directory) => file(directory),
        }
        .filter(|label| !label.is_empty())
        .unwrap_or_else(|| "archive".to_owned())
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.material {
            Material::Release(offers) => {
                for (index, offer) in offers.iter().enumerate() {
                    let how = match offer.build.kind {
                        Kind::Prebuilt => "unpack",
                        Kind::Source => "build",
                        Kind::Installer => "run",
                    };
                    let lead = if index == 0 { "" } else { "\nelse " };
                    write!(formatter, "{lead}{how} {} from", offer.build.file)?;
                    for url in &offer.candidates {
                        write!(formatter, "\n  {url}")?;
                    }
                }
                Ok(())
            }
            Material::Archive { url, .. } => write!(formatter, "unpack {url}"),
            Material::Sources(directory) => write!(formatter, "build {}", directory.display()),
        }
    }
}
