//! The shim program on disk: one file, `bin/pyman-shim`, of which every shim is a hard link, or a
//! copy where links cannot be; on Windows a twin of it, too, that gets no console.
//!
//! Nobody may write to it: through one shim's name a stray `>` would empty them all. What was emptied all the same, or is
//! another release's, is replaced by a new file, and each shim by a link to that.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

use super::system;
use crate::disk::{self, Directory, Entry, Found, Privacy};

/// The program, as `build.rs` built it.
const BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/shim-program"));

/// Whether Windows gives a program a console of its own where it is started without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Console {
    /// It does.
    Wanted,
    /// Never: a window is all that it has, and who starts it from a shell does not wait.
    Unwanted,
}

/// The program, as one of its twins.
pub(crate) fn bytes(console: Console) -> Cow<'static, [u8]> {
    match console {
        Console::Wanted => Cow::Borrowed(BYTES),
        Console::Unwanted => windowed(BYTES).map_or(Cow::Borrowed(BYTES), Cow::Owned),
    }
}

/// The same program without a console; none of what is no program of Windows'.
///
/// Which it wants stands in `IMAGE_OPTIONAL_HEADER`: `Subsystem`, at the same place with 32 and with 64 bits.
fn windowed(program: &[u8]) -> Option<Vec<u8>> {
    const WINDOWS: u16 = 2;
    let number = program.get(0x3c..)?.first_chunk::<4>()?;
    let header = usize::try_from(u32::from_le_bytes(*number)).ok()?;
    program.get(header..)?.starts_with(b"PE\0\0").then_some(())?;
    let mut twin = program.to_vec();
    *twin.get_mut(header + 0x5c..)?.first_chunk_mut::<2>()? = WINDOWS.to_le_bytes();
    Some(twin)
}

/// The program as it stands on disk.
#[derive(Debug)]
pub(super) struct Program<'a> {
    /// `bin`.
    directory: &'a Directory,
    twins: Vec<Twin>,
}

/// The program, or the twin of it that has no console.
#[derive(Debug)]
struct Twin {
    name: &'static str,
    bytes: Cow<'static, [u8]>,
}

impl Twin {
    /// All of this system, the program itself first.
    fn all() -> Vec<Self> {
        let other = system::WINDOWED.map(|name| (name, Console::Unwanted));
        let all = [(system::PROGRAM, Console::Wanted)].into_iter().chain(other);
        all.map(|(name, console)| Self { name, bytes: bytes(console) }).collect()
    }

    /// Whether the shim of this name is it; the program itself is every shim that no other is.
    fn stands_for(&self, shim: &OsStr) -> bool {
        self.name == system::PROGRAM || system::is_windowed(shim)
    }

    /// The one in `bin`, when it is that of this release and may be run.
    fn look(&self, directory: &Directory) -> io::Result<Option<Found>> {
        let Some(found) = directory.look(self.name)? else { return Ok(None) };
        Ok(self.is_held(directory, self.name.as_ref(), &found)?.then_some(found))
    }

    /// Whether a file holds it, bit for bit, and may be run.
    fn is_held(&self, directory: &Directory, name: &Path, found: &Found) -> io::Result<bool> {
        Ok(found.is_executable()
            && found.size == self.bytes.len() as u64
            && directory.read(name)?.is_some_and(|bytes| bytes == *self.bytes))
    }

    /// Whether an entry is a link to it, as it stands in `bin`, or, where links cannot be, a good copy.
    fn is(&self, program: &Found, shims: &Directory, entry: &Entry) -> io::Result<bool> {
        // Links to one file stand on one device: mostly the directory says enough by itself.
        if entry.kind == disk::Kind::File
            && entry.number != 0
            && entry.number == program.identity.inode
        {
            return Ok(true);
        }
        let Some(found) = shims.look(&entry.name)? else { return Ok(false) };
        // A file of several names is none of our copies: its bytes need not be compared.
        if found.names > 1 {
            return Ok(found.is_file() && found.identity == program.identity);
        }
        self.is_held(shims, entry.name.as_ref(), &found)
    }

    /// Puts a whole copy of it under a name.
    fn put(&self, directory: &Directory, name: &Path) -> io::Result<()> {
        if directory.has_directory(name)? {
            directory.make_way(name)?;
        }
        directory.replace(name, &self.bytes, Privacy::Sealed)
    }
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
        let twins = Twin::all();
        for twin in &twins {
            match twin.look(directory)? {
                Some(found) if found.mode & 0o222 == 0 || !found.is_own() => {}
                // Links to it are sealed with it. Where the disk keeps no modes this does nothing.
                Some(found) => directory.set_mode(twin.name, found.mode & 0o555)?,
                None if directory.look(twin.name)?.is_some_and(|found| found.is_strangers()) => {}
                None => twin.put(directory, twin.name.as_ref())?,
            }
        }
        Ok(Self { directory, twins })
    }

    /// Every entry of `shims/`, and whether it is this program.
    pub(super) fn present(&self, shims: &Directory) -> io::Result<BTreeMap<OsString, State>> {
        // Looked at anew each time: of several that write it at once the last one's file is the program.
        let programs = self.twins.iter().map(|twin| self.directory.look(twin.name));
        let programs = programs.collect::<io::Result<Vec<_>>>()?;
        let mut present = BTreeMap::new();
        for entry in shims.entries()? {
            // What another process is writing stands for nothing yet.
            if disk::is_temporary(&entry.name) {
                continue;
            }
            let mut twins = self.twins.iter().zip(&programs);
            let right = match twins.rfind(|(twin, _)| twin.stands_for(&entry.name)) {
                Some((twin, Some(program))) => twin.is(program, shims, &entry)?,
                Some((_, None)) | None => false,
            };
            present.insert(entry.name, if right { State::Right } else { State::Wrong });
        }
        Ok(present)
    }

    /// Makes `shim` this program, whatever stood there; the name never stands for nothing meanwhile.
    pub(super) fn link(&self, shims: &Directory, shim: &OsString) -> io::Result<()> {
        let Some(twin) = self.twins.iter().rfind(|twin| twin.stands_for(shim)) else {
            return Ok(());
        };
        match shims.hard_link(shim, self.directory, twin.name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if shims.has_directory(shim)? {
                    shims.make_way(shim)?;
                }
            }
            Ok(()) => return Ok(()),
            Err(_) => {}
        }
        match shims.point_hard(shim, self.directory, twin.name) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                // Of another account's file some systems make no links; the directory itself may be writable.
                twin.put(shims, shim.as_ref()).map_err(|_| error)
            }
            Err(_) => twin.put(shims, shim.as_ref()),
            Ok(()) => Ok(()),
        }
    }
}

/// Whether the program stands in `directory`, bit for bit; an error when there is none.
pub(super) fn is_written(directory: &Directory) -> io::Result<bool> {
    for twin in Twin::all() {
        if twin.look(directory)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twin_without_a_console_differs_in_that_alone() {
        let mut program = vec![0; 0x200];
        program[..2].copy_from_slice(b"MZ");
        program[0x3c] = 0x80;
        program[0x80..0x84].copy_from_slice(b"PE\0\0");
        program[0x80 + 0x5c] = 3;
        let twin = windowed(&program).unwrap();
        program[0x80 + 0x5c] = 2;
        assert_eq!(twin, program);
        for other in
            [b"\x7fELF".to_vec(), vec![0; 0x200], vec![0xff; 0x200], program[..0xa0].to_vec()]
        {
            assert_eq!(windowed(&other), None);
        }
    }
}
