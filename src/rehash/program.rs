//! The shim program on disk: one file, `bin/pyman-shim`, of which every shim is a hard link, or a
//! copy where links cannot be.
//!
//! Nobody may write to it: through one shim's name a stray `>` would empty them all. What was emptied all the same, or is
//! another release's, is replaced by a new file, and each shim by a link to that.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::Path;

use super::system;
use crate::disk::{self, Directory, Entry, Found, Privacy};

/// The program, as `build.rs` built it.
const BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/shim-program"));

/// The program as it stands on disk.
#[derive(Debug)]
pub(super) struct Program<'a> {
    /// `bin`.
    directory: &'a Directory,
}

/// What an entry of `shims/` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Our program, this very one.
    Right,
    /// An older one, a torn one, or something else altogether.
    Wrong,
}

impl<'a> Program<'a> {
    /// Writes the program, unless it is there already, bit for bit.
    pub(super) fn write(directory: &'a Directory) -> io::Result<Self> {
        match look(directory)? {
            Some(found) if found.mode & 0o222 == 0 || !found.is_own() => {}
            // Links to it are sealed with it. Where the disk keeps no modes this does nothing.
            Some(found) => directory.set_mode(system::PROGRAM, found.mode & 0o555)?,
            None if directory.look(system::PROGRAM)?.is_some_and(|found| found.is_strangers()) => {}
            None => put(directory, system::PROGRAM.as_ref())?,
        }
        Ok(Self { directory })
    }

    /// Every entry of `shims/`, and whether it is this program.
    pub(super) fn present(&self, shims: &Directory) -> io::Result<BTreeMap<OsString, State>> {
        // Looked at anew each time: of several that write it at once the last one's file is the program.
        let program = self.directory.look(system::PROGRAM)?;
        let mut present = BTreeMap::new();
        for entry in shims.entries()? {
            // What another process is writing stands for nothing yet.
            if disk::is_temporary(&entry.name) {
                continue;
            }
            let right = match &program {
                Some(program) => is(program, shims, &entry)?,
                None => false,
            };
            present.insert(entry.name, if right { State::Right } else { State::Wrong });
        }
        Ok(present)
    }

    /// Makes `shim` this program, whatever stood there; the name never stands for nothing meanwhile.
    pub(super) fn link(&self, shims: &Directory, shim: &OsString) -> io::Result<()> {
        match shims.hard_link(shim, self.directory, system::PROGRAM) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if shims.has_directory(shim)? {
                    shims.make_way(shim)?;
                }
            }
            Ok(()) => return Ok(()),
            Err(_) => {}
        }
        match shims.point_hard(shim, self.directory, system::PROGRAM) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                // Of another account's file some systems make no links; the directory itself may be writable.
                put(shims, shim.as_ref()).map_err(|_| error)
            }
            Err(_) => put(shims, shim.as_ref()),
            Ok(()) => Ok(()),
        }
    }
}

/// Whether the program stands in `directory`, bit for bit; an error when there is none.
pub(super) fn is_written(directory: &Directory) -> io::Result<bool> {
    Ok(look(directory)?.is_some())
}

/// Makes `bin/pyman` lead to the manager, unless it does, or is a manager installed right here.
pub(super) fn point(directory: &Directory, manager: &Path) -> io::Result<()> {
    match directory.look(system::MANAGER)? {
        Some(found) if found.is_strangers() => return Ok(()),
        Some(found) if found.is_file() && !system::is_outdated(&found, manager)? => return Ok(()),
        Some(found) if found.is_link() => {
            let there = disk::canonical(&directory.join(system::MANAGER))?;
            if there.is_some() && there == disk::canonical(manager)? {
                return Ok(());
            }
        }
        Some(_) | None => {}
    }
    system::lead(directory, manager)
}

/// The program in `bin`, when it is that of this release and may be run.
fn look(directory: &Directory) -> io::Result<Option<Found>> {
    let Some(found) = directory.look(system::PROGRAM)? else { return Ok(None) };
    Ok(holds_program(directory, system::PROGRAM.as_ref(), &found)?.then_some(found))
}

/// Whether an entry is a link to this program, or, where links cannot be, a good copy.
fn is(program: &Found, shims: &Directory, entry: &Entry) -> io::Result<bool> {
    // Links to one file stand on one device: mostly the directory says enough by itself.
    if entry.kind == disk::Kind::File && entry.number != 0 && entry.number == program.identity.inode
    {
        return Ok(true);
    }
    let Some(found) = shims.look(&entry.name)? else { return Ok(false) };
    // A file of several names is none of our copies: its bytes need not be compared.
    if found.names > 1 {
        return Ok(found.is_file() && found.identity == program.identity);
    }
    holds_program(shims, entry.name.as_ref(), &found)
}

/// Whether a file holds the program, bit for bit, and may be run.
fn holds_program(directory: &Directory, name: &Path, found: &Found) -> io::Result<bool> {
    Ok(found.is_executable()
        && found.size == BYTES.len() as u64
        && directory.read(name)?.is_some_and(|bytes| bytes == BYTES))
}

/// Puts a whole copy of the program under a name.
fn put(directory: &Directory, name: &Path) -> io::Result<()> {
    if directory.has_directory(name)? {
        directory.make_way(name)?;
    }
    directory.replace(name, BYTES, Privacy::Sealed)
}
