//! A build: one file of a release, with everything needed to fetch it and know it again.

use crate::catalogue::release::Release;
use crate::fetch::{Sha256, Url};
use crate::platform::Platform;

/// One file that gives a release on a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// What it is a file of.
    pub release: Release,
    /// What has to be done with it.
    pub kind: Kind,
    /// The tag of the build, `20241016`; a later one of the same version counts as newer.
    pub tag: Option<String>,
    /// Where it runs; none for sources.
    pub platform: Option<Platform>,
    /// Its path below a mirror's base, in the layout of the canonical hosts: `3.13.0/Python-3.13.0rc2.tgz`.
    pub path: String,
    /// The last part of the path: its name in the cache.
    pub file: String,
    /// Where it is, when the catalogue says so itself; these replace the family's hosts.
    pub urls: Vec<Url>,
    /// The digest that decides whether a file is this one; none was published for a few.
    pub sha256: Option<Sha256>,
    /// Its size in bytes, when known.
    pub size: Option<u64>,
    /// For sources, the OpenSSL it wants.
    pub openssl: Openssl,
}

/// What a build is, and so what installing it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A tree to unpack.
    Prebuilt,
    /// A tree to compile.
    Source,
    /// A script that installs, such as Miniforge's.
    Installer,
}

/// The OpenSSL a source is compiled with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Openssl {
    /// The line its `ssl` module was written for: `3`, `1.1`; none: whatever it was, it is gone.
    pub line: Option<String>,
    /// The library, by its name among the source libraries, to build where the system's is of another line.
    pub library: Option<String>,
}

impl Build {
    /// The directories above the tree inside the archive, `python/install` for a whole build's; none
    /// when the tree is the archive's one top directory, whatever it is called.
    pub fn root(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Source | Kind::Installer => None,
            Kind::Prebuilt if self.release.version().is_none() => None,
            Kind::Prebuilt
                if self.file.ends_with(".tar.zst") && !self.file.contains("install_only") =>
            {
                Some("python/install")
            }
            Kind::Prebuilt => Some("python"),
        }
    }
}

impl Kind {
    /// The word catalogues and tables use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Prebuilt => "prebuilt",
            Self::Source => "source",
            Self::Installer => "installer",
        }
    }

    /// The kind a word names.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Prebuilt, Self::Source, Self::Installer].into_iter().find(|kind| kind.word() == word)
    }
}
