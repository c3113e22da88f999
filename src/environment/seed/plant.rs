//! Puts an unpacked wheel into an environment: shared files, fresh records, scripts for its interpreter.

use std::path::{Path, PathBuf};

use pyman_shim::{Layout as Trees, Version};

use super::records;
use super::unpacked::{self, Unpacked};
use crate::archive;
use crate::disk::{self, Directory, Privacy, Way};
use crate::environment::order::Order;
use crate::environment::{Error, Layout};
use crate::progress::Progress;
use crate::relocate::{header, launched};

/// A wheel to begin with.
#[derive(Debug)]
pub(in crate::environment) enum Seed {
    /// Unpacked in the cache.
    Unpacked(Unpacked),
    /// As the base brings it: the cache cannot be written.
    Wheel(PathBuf),
}

/// Files planted between two looks at whether to stop.
const CHUNK: usize = 64;

/// Within the stage of an environment: a wheel that is unpacked there.
const ASIDE: &str = ".pyman-wheel";

impl Seed {
    /// The one unpacked in `folder`; none when it is torn, or was written to through a hard link.
    pub(super) fn open(folder: Directory) -> Result<Option<Self>, Error> {
        Ok(Unpacked::open(folder)?.map(Self::Unpacked))
    }

    /// One that has to be unpacked where it is planted.
    pub(super) const fn of_wheel(wheel: PathBuf) -> Self {
        Self::Wheel(wheel)
    }

    /// Whether a Python of this version can run it.
    pub(super) fn supports(&self, version: Version) -> bool {
        match self {
            Self::Unpacked(unpacked) => unpacked.manifest.supports(version),
            // The base's own.
            Self::Wheel(_) => true,
        }
    }

    /// Plants it into the tree at `layout`, which will stand at `goal`.
    pub(in crate::environment) fn plant(
        &self,
        layout: &Layout,
        goal: &Layout,
        order: &Order<'_>,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        match self {
            Self::Unpacked(unpacked) => unpacked.plant(layout, goal, order, progress),
            Self::Wheel(wheel) => {
                let tree = Directory::open(layout.directory())?;
                let folder = tree.make_below(ASIDE)?;
                unpacked::unpack(wheel, folder, progress)?.plant(layout, goal, order, progress)?;
                Ok(tree.remove(ASIDE)?)
            }
        }
    }
}

impl Unpacked {
    fn plant(
        &self,
        layout: &Layout,
        goal: &Layout,
        order: &Order<'_>,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let tree = self.tree()?;
        let to = Directory::open(&layout.site_packages())?;
        for directory in &self.manifest.directories {
            to.make_directory(directory, Privacy::Program)?;
        }
        let mut ways = &[Way::Reflink, Way::HardLink, Way::Copy][..];
        for (count, file) in self.manifest.files.iter().enumerate() {
            if count % CHUNK == 0 && progress.interrupted() {
                return Err(Error::Interrupted);
            }
            ways = disk::copy_file(&tree, &file.path, &to, &file.path, ways)?;
        }
        let rows = self.scripts(layout, goal, order)?;
        let mut records = tree.read(&self.manifest.record)?.unwrap_or_default();
        records.extend_from_slice(rows.as_bytes());
        Ok(to.write_new(&self.manifest.record, &records, Privacy::Shared)?)
    }

    /// Writes the console scripts; gives their rows.
    fn scripts(&self, layout: &Layout, goal: &Layout, order: &Order<'_>) -> Result<String, Error> {
        let python = goal.python();
        let launcher = launcher(layout)?;
        let commands = Directory::open(&layout.commands())?;
        let way = layout.commands_from_site_packages();
        let mut rows = String::new();
        for (name, object) in records::names(&self.manifest.scripts, order.base.version) {
            let Some(body) = records::body(&object) else {
                continue;
            };
            let (name, text) = match &launcher {
                None => (name, [&header(&python, b""), body.as_bytes()].concat()),
                Some(program) => {
                    let archive = archive::zip_of_one("__main__.py", body.as_bytes());
                    let archive = archive.map_err(|error| disk::failed("write", &python, error))?;
                    (format!("{name}.exe"), launched(program, &python, &archive))
                }
            };
            commands.replace(Path::new(&name), &text, Privacy::Program)?;
            rows.push_str(&records::record_row(&format!("{way}/{name}"), &text));
        }
        Ok(rows)
    }
}

/// The program that starts scripts where nothing reads their first lines: pip brings it, for 64 bits, as which it starts
/// programs of every sort; on other processors the system translates it.
const LAUNCHER: &str = "pip/_vendor/distlib/t64.exe";

/// That of the pip that is planted; none where scripts need none. An environment without pip has no scripts.
fn launcher(layout: &Layout) -> Result<Option<Vec<u8>>, Error> {
    if !Trees::HERE.has_redirectors() {
        return Ok(None);
    }
    let file = layout.site_packages().join(LAUNCHER);
    let missing = || disk::failed("read", &file, std::io::ErrorKind::NotFound.into());
    Ok(Some(disk::read(&file)?.ok_or_else(missing)?))
}
