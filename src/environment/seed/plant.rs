//! Puts an unpacked wheel into an environment: shared files, fresh records, scripts for its interpreter.

use std::path::{Path, PathBuf};

use pyman_shim::Version;
use tempfile::TempDir;

use super::manifest::Manifest;
use super::{entry_points, record};
use crate::environment::create::Order;
use crate::environment::system::{self, Folder, Way};
use crate::environment::{Error, Layout, script};
use crate::progress::Progress;

/// An unpacked wheel in the cache.
#[derive(Debug)]
pub(in crate::environment) struct Seed {
    folder: PathBuf,
    manifest: Manifest,
    /// Where it stands when the cache cannot be written; removed with it.
    _own: Option<TempDir>,
}

/// Files planted between two looks at whether to stop.
const CHUNK: usize = 64;

impl Seed {
    /// One just unpacked.
    pub(super) const fn new(folder: PathBuf, manifest: Manifest) -> Self {
        Self { folder, manifest, _own: None }
    }

    /// The one unpacked in `folder`; none when it is torn, or was written to through a hard link.
    pub(super) fn open(folder: &Path) -> Result<Option<Self>, Error> {
        let manifest = Manifest::read(folder)?;
        let seed = manifest.map(|manifest| Self::new(folder.to_owned(), manifest));
        match seed {
            Some(seed) if seed.is_whole()? => Ok(Some(seed)),
            Some(_) | None => Ok(None),
        }
    }

    /// The same, in a directory that goes with it.
    pub(super) fn within(self, own: TempDir) -> Self {
        Self { _own: Some(own), ..self }
    }

    /// Whether a Python of this version can run it.
    pub(super) fn supports(&self, version: Version) -> bool {
        self.manifest.supports(version)
    }

    /// Plants it into the tree at `layout`, which will stand at `goal`.
    pub(in crate::environment) fn plant(
        &self,
        layout: &Layout,
        goal: &Layout,
        order: &Order<'_>,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let tree = self.folder.join("tree");
        let (from, to) = (Folder::open(&tree)?, Folder::open(&layout.site_packages())?);
        for directory in &self.manifest.directories {
            to.make(directory)?;
        }
        let mut ways = &[Way::Reflink, Way::HardLink, Way::Copy][..];
        for (count, file) in self.manifest.files.iter().enumerate() {
            if count % CHUNK == 0 && progress.interrupted() {
                return Err(Error::Interrupted);
            }
            ways = to.take(&from, &file.path, ways)?;
        }
        let rows = self.scripts(layout, goal, order)?;
        let mut records = fs_err::read_to_string(tree.join(&self.manifest.record))?;
        records.push_str(&rows);
        let place = layout.site_packages().join(&self.manifest.record);
        Ok(system::write_new(&place, 0o666, records.as_bytes())?)
    }

    fn is_whole(&self) -> Result<bool, Error> {
        let from = Folder::open(&self.folder.join("tree"))?;
        for file in &self.manifest.files {
            match from.stat(&file.path) {
                Ok(found) if found == (file.size, file.changed) => {}
                Ok(_) => return Ok(false),
                Err(error) if crate::world::absent(&error) => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// Writes the console scripts; gives their rows.
    fn scripts(&self, layout: &Layout, goal: &Layout, order: &Order<'_>) -> Result<String, Error> {
        let head = script::head(&goal.python(), b"");
        let commands = layout.commands();
        let way = layout.commands_from_site_packages();
        let mut rows = String::new();
        for (name, object) in entry_points::names(&self.manifest.scripts, order.base.version) {
            let Some(body) = entry_points::body(&object) else {
                continue;
            };
            let text = [&head[..], body.as_bytes()].concat();
            system::write_new(&commands.join(Path::new(&name)), 0o777, &text)?;
            rows.push_str(&record::row(&format!("{way}/{name}"), &text));
        }
        Ok(rows)
    }
}
