//! Where things stand under the root, and how their folders are opened: as directories, never through links.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{self, Directory};

/// The folders of one root (`$PYMAN_ROOT`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    root: PathBuf,
    /// Where `versions/` may be a link to.
    admitted: Option<PathBuf>,
}

/// A folder of the root that pyman writes or clears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// One directory, or link to one, for each installation.
    Versions,
    /// `minor/3.12`: links to the newest patch of each minor.
    Minor,
    /// Where trees are made before one rename publishes them.
    Stage,
    /// Files that the kernel locks for us.
    Locks,
    /// Downloads kept, unless a variable names another place.
    Cache,
    /// Logs of source builds that failed.
    Logs,
    /// Source trees kept by `install --keep`.
    Sources,
    /// The commands on PATH.
    Shims,
    /// Our own programs.
    Programs,
    /// Rows that were added to the catalogue.
    Catalogue,
    /// The registry of environments.
    Environments,
    /// The shells' code.
    Init,
}

impl Folder {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Versions,
        Self::Minor,
        Self::Stage,
        Self::Locks,
        Self::Cache,
        Self::Logs,
        Self::Sources,
        Self::Shims,
        Self::Programs,
        Self::Catalogue,
        Self::Environments,
        Self::Init,
    ];

    /// Its name in the root.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Versions => "versions",
            Self::Minor => "minor",
            Self::Stage => "stage",
            Self::Locks => "locks",
            Self::Cache => "cache",
            Self::Logs => "logs",
            Self::Sources => "sources",
            Self::Shims => "shims",
            Self::Programs => "bin",
            Self::Catalogue => "catalogue",
            Self::Environments => "environments",
            Self::Init => "init",
        }
    }
}

/// Within `versions/` on a file system of its own: what stands in for the root's stage, from which no rename leads there.
const STAGE_OF_VERSIONS: &str = ".pyman-stage";

impl Places {
    /// The places under `root`, which is absolute.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), admitted: None }
    }

    /// The same, where `versions/` may be a link if it leads to this directory.
    #[must_use]
    pub fn admitting(self, versions: Option<PathBuf>) -> Self {
        Self { admitted: versions, ..self }
    }

    /// The root itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a folder is.
    pub fn folder(&self, folder: Folder) -> PathBuf {
        self.root.join(folder.name())
    }

    /// Opens a folder; `None` when there is none, an error when a link stands in its place.
    pub fn open(&self, folder: Folder) -> io::Result<Option<Directory>> {
        if !disk::is_directory(&self.root) {
            return Ok(None);
        }
        let root = Directory::open(&self.root)?;
        match root.below(folder.name()) {
            Err(error) if folder == Folder::Versions && disk::is_linked(&error) => {
                self.admit(error).map(Some)
            }
            result => result,
        }
    }

    /// Opens a folder, made if need be; an error when a link stands in its place.
    pub fn make(&self, folder: Folder) -> io::Result<Directory> {
        let root = Directory::make(&self.root)?;
        if let (Folder::Versions, Some(elsewhere)) = (folder, &self.admitted) {
            self.lead(&root, elsewhere)?;
        }
        match root.make_below(folder.name()) {
            Err(error) if folder == Folder::Versions && disk::is_linked(&error) => {
                self.admit(error)
            }
            result => result,
        }
    }

    /// Makes `versions/` a link to the directory that the settings name, where nothing is installed in the root itself.
    fn lead(&self, root: &Directory, elsewhere: &Path) -> io::Result<()> {
        let name = Folder::Versions.name();
        if root.look(name)?.is_some_and(|found| found.is_link()) {
            return Ok(());
        }
        self.check_versions()?;
        if root.look(name)?.is_some() && !root.remove_empty(name)? {
            return Ok(());
        }
        Directory::make(elsewhere)?;
        match root.link(name, elsewhere) {
            // Another process made it meanwhile.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            made => made,
        }
    }

    /// An error where versions stand in the root itself and the settings name another directory for them.
    pub fn check_versions(&self) -> io::Result<()> {
        let (versions, Some(elsewhere)) = (self.versions(), &self.admitted) else { return Ok(()) };
        if !elsewhere.is_absolute() {
            let elsewhere = elsewhere.display();
            let said = format!("settings.toml keeps versions in `{elsewhere}', no absolute path");
            return Err(io::Error::other(said));
        }
        if disk::entries(&versions)?.is_empty()
            || disk::canonical(&versions)? == disk::canonical(elsewhere)?
        {
            return Ok(());
        }
        Err(io::Error::other(format!(
            "settings.toml keeps versions in `{}', and there are some in `{1}': move those there, and remove `{1}'",
            elsewhere.display(),
            versions.display()
        )))
    }

    /// The directory that the link `versions` leads to, when that is the one that the settings name.
    fn admit(&self, error: io::Error) -> io::Result<Directory> {
        let versions = self.versions();
        let led = disk::canonical(&versions)?;
        let named = self.admitted.as_deref().map(disk::canonical).transpose()?.flatten();
        if led.is_some() && led == named {
            return Directory::open(&versions);
        }
        Err(error)
    }

    /// The directories in which trees for `versions/` are made: that from which a rename leads there first.
    pub fn stages(&self) -> io::Result<Vec<Directory>> {
        let mut stages: Vec<_> = self.open(Folder::Stage)?.into_iter().collect();
        if let Some(versions) = self.open(Folder::Versions)?
            && let Some(stage) = versions.below(STAGE_OF_VERSIONS)?
        {
            stages.insert(0, stage);
        }
        Ok(stages)
    }

    /// Removes the directory that stood in for the root's stage, where nothing is in it.
    pub fn leave_stage(&self) -> io::Result<()> {
        match self.open(Folder::Versions)? {
            Some(versions) => versions.remove_empty(STAGE_OF_VERSIONS).map(|_| ()),
            None => Ok(()),
        }
    }

    /// A directory from which a rename leads to `versions/`.
    pub fn make_stage(&self) -> io::Result<Directory> {
        let stage = self.make(Folder::Stage)?;
        let versions = match self.admitted {
            Some(_) => Some(self.make(Folder::Versions)?),
            None => self.open(Folder::Versions)?,
        };
        match versions {
            Some(versions) if !disk::is_same_file_system(&versions, &stage)? => {
                versions.make_below(STAGE_OF_VERSIONS)
            }
            Some(_) | None => Ok(stage),
        }
    }

    /// One directory, or link to one, for each installation.
    pub fn versions(&self) -> PathBuf {
        self.folder(Folder::Versions)
    }

    /// Where an installation of this name stands, or would.
    pub fn version(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.versions().join(name.as_ref())
    }

    /// `minor/3.12`: links to the newest patch of each minor.
    pub fn minor(&self) -> PathBuf {
        self.folder(Folder::Minor)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_link_in_a_place_of_ours_is_refused_but_for_versions_that_the_settings_name() {
        let folder = tempfile::tempdir().unwrap();
        let (root, elsewhere) = (folder.path().join("root"), folder.path().join("elsewhere"));
        for made in [&root, &elsewhere] {
            fs_err::create_dir(made).unwrap();
        }
        let places = Places::new(&root);
        for each in Folder::ALL {
            assert!(places.open(each).unwrap().is_none(), "{each:?}");
            fs_err::os::unix::fs::symlink(&elsewhere, places.folder(each)).unwrap();
            let refused = [places.open(each).unwrap_err(), places.make(each).unwrap_err()];
            assert!(refused.iter().all(disk::is_linked), "{each:?}");
        }
        let admitting = places.clone().admitting(Some(elsewhere));
        assert!(admitting.open(Folder::Versions).unwrap().is_some());
        admitting.make(Folder::Versions).unwrap();
        admitting.make(Folder::Minor).unwrap_err();
        let other = places.admitting(Some(folder.path().to_owned()));
        other.make(Folder::Versions).unwrap_err();
    }
}
