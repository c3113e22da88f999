//! The shim program on disk: one file, `bin/pyman-shim`, of which every shim is a hard link, or a
//! copy where links cannot be.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;

use fs_err as fs;
use tempfile::{Builder, NamedTempFile};

use super::system;

/// The program, as `build.rs` built it.
const BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/shim-program"));

/// How the names of what is being written begin; the writer's process follows.
const BESIDE: &str = ".pyman-shim-";

/// How often something is written anew that another process swept away under our hands.
const ATTEMPTS: usize = 8;

/// The program as it stands on disk.
#[derive(Debug)]
pub(super) struct Program {
    directory: PathBuf,
    path: PathBuf,
    identity: system::Identity,
}

/// What an entry of `shims/` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Our program, this very one.
    Right,
    /// An older one, a torn one, or something else altogether.
    Wrong,
}

impl Program {
    /// Writes the program, unless it is there already, bit for bit.
    pub(super) fn write(directory: &Path) -> io::Result<Self> {
        sweep(directory)?;
        let path = directory.join(system::PROGRAM);
        if !is_program(&path)? {
            again(|| publish(directory, &path))?;
        }
        let identity = system::identity(&fs::metadata(&path)?);
        Ok(Self { directory: directory.to_owned(), path, identity })
    }

    /// Whether the program stands in `directory`, bit for bit.
    pub(super) fn is_written(directory: &Path) -> io::Result<bool> {
        is_program(&directory.join(system::PROGRAM))
    }

    /// Every entry of `shims/`, and whether it is this program.
    pub(super) fn present(&self, shims: &Path) -> io::Result<BTreeMap<OsString, State>> {
        fs::read_dir(shims)?
            .map(|entry| {
                let entry = entry?;
                let right = system::is_link_to(&entry, self.identity) || self.is(&entry.path())?;
                Ok((entry.file_name(), if right { State::Right } else { State::Wrong }))
            })
            .collect()
    }

    /// Makes `shim` this program, whatever stood there.
    pub(super) fn link(&self, shim: &Path) -> io::Result<()> {
        match fs::hard_link(&self.path, shim) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.replace(shim),
            Err(_) => again(|| fs::rename(copy(&self.directory)?.path(), shim)),
            Ok(()) => Ok(()),
        }
    }

    /// Beside first, then over it by a rename, so that the name never stands for nothing.
    fn replace(&self, shim: &Path) -> io::Result<()> {
        if fs::symlink_metadata(shim).is_ok_and(|metadata| metadata.is_dir()) {
            remove(shim)?;
        }
        again(|| match beside(&self.directory, |beside| fs::hard_link(&self.path, beside)) {
            // Two links to the same file: a rename would do nothing and leave both.
            Ok(beside) => fs::rename(beside.path(), shim),
            Err(_) => fs::rename(copy(&self.directory)?.path(), shim),
        })
    }

    /// Whether an entry that does not look like a link to this program is one, or, where links
    /// cannot be, a good copy.
    fn is(&self, shim: &Path) -> io::Result<bool> {
        let metadata = match fs::symlink_metadata(shim) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        Ok(metadata.is_file()
            && (system::identity(&metadata) == self.identity || is_program(shim)?))
    }
}

/// Makes `bin/pyman` lead to the manager, unless it does, or is a manager installed right here.
pub(super) fn point(directory: &Path, manager: &Path) -> io::Result<()> {
    let link = directory.join(system::MANAGER);
    match fs::symlink_metadata(&link) {
        Ok(metadata) if !metadata.is_symlink() => return Ok(()),
        Ok(_) if leads_to(&link, manager)? => return Ok(()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    again(|| {
        let beside = beside(directory, |beside| system::lead(beside, manager))?;
        fs::rename(beside.path(), &link)
    })
}

/// Removes what stands for nothing; what is gone already is no error.
pub(super) fn remove(entry: &Path) -> io::Result<()> {
    let removed = fs::symlink_metadata(entry).and_then(|metadata| {
        if metadata.is_dir() { fs::remove_dir_all(entry) } else { fs::remove_file(entry) }
    });
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn leads_to(link: &Path, manager: &Path) -> io::Result<bool> {
    match fs::canonicalize(link) {
        Ok(target) => Ok(target == fs::canonicalize(manager)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a file holds the program, bit for bit, and may be run.
fn is_program(path: &Path) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.len() != BYTES.len() as u64 => Ok(false),
        Ok(_) => Ok(system::is_command(path) && fs::read(path)? == BYTES),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Puts the program where it belongs. Of several that do so at once for the first time one wins,
/// and the shims of all are links to its file.
fn publish(directory: &Path, path: &Path) -> io::Result<()> {
    let fresh = copy(directory)?;
    match fs::hard_link(fresh.path(), path) {
        Err(_) if !is_program(path)? => fs::rename(fresh.path(), path),
        _ => Ok(()),
    }
}

/// A whole copy of the program beside its goal.
fn copy(directory: &Path) -> io::Result<NamedTempFile<fs::File>> {
    let mut fresh = beside(directory, |beside| fs::File::create_new(beside))?;
    fresh.as_file_mut().write_all(BYTES)?;
    system::make_executable(fresh.path())?;
    Ok(fresh)
}

/// Makes something in `directory` under a name that says who is making it. Dropped, it is removed.
fn beside<R>(
    directory: &Path,
    make: impl FnMut(&Path) -> io::Result<R>,
) -> io::Result<NamedTempFile<R>> {
    Builder::new().prefix(&format!("{BESIDE}{}-", process::id())).make_in(directory, make)
}

/// Removes what processes that are no more left beside the program.
fn sweep(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name();
        let writer = name.to_str().and_then(|name| name.strip_prefix(BESIDE)?.split('-').next());
        let writer = writer.and_then(|number| number.parse().ok());
        if writer.is_some_and(|number| !system::is_alive(number)) {
            remove(&directory.join(&name))?;
        }
    }
    Ok(())
}

/// Does it again when what was being written vanished: in another process's eyes (a container's,
/// that shares this root) its writer does not live.
fn again(mut write: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    let mut answer = write();
    for _ in 1..ATTEMPTS {
        match answer {
            Err(error) if error.kind() == io::ErrorKind::NotFound => answer = write(),
            answer => return answer,
        }
    }
    answer
}
