//! Run paths: of programs packed with an absolute one, and of link commands that name ours. Pure but for reading.

use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use memchr::memmem;

use super::text::{Notation, substituted};
use crate::disk;

/// Beside a program, and beside a library: what both need is in `lib/`.
const BESIDE_PROGRAM: &[u8] = b"$ORIGIN/../lib";
const BESIDE_LIBRARY: &[u8] = b"$ORIGIN";
/// In `lib/pythonX.Y/lib-dynload/`.
const BESIDE_MODULE: &[u8] = b"$ORIGIN/../..";

/// Where in a tree a binary is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// `bin/`
    Program,
    /// `lib/`
    Library,
    /// `lib/pythonX.Y/lib-dynload/`
    Module,
}

/// `text` with our relative run path, as link commands write it for make and the shell, made absolute: a
/// module or a program linked with it stands elsewhere.
pub(super) fn absolute(text: &[u8], written_prefix: &[u8], notation: Notation) -> Vec<u8> {
    // The dollars as make and a Python literal have them, doubled once more by some releases.
    let forms: &[&[u8]] = match notation {
        Notation::Makefile => &[br"\$$$$ORIGIN/../lib", br"\$$ORIGIN/../lib"],
        Notation::Python | Notation::Json => &[br"\\$$ORIGIN/../lib", br"\\$ORIGIN/../lib"],
        Notation::PkgConfig | Notation::Shell => &[br"\$$ORIGIN/../lib", br"\$ORIGIN/../lib"],
    };
    let library = [written_prefix, b"/lib"].concat();
    forms.iter().fold(text.to_vec(), |text, form| {
        let old = [b"-Wl,-rpath,", *form].concat();
        let new = [b"-Wl,-rpath,".as_slice(), &library].concat();
        substituted(&text, &old, &new)
    })
}

/// Overwrites, where it stands, the run path `FORMER/lib` of the ELF file at `path` by a relative one, in a tree that nobody
/// uses yet. It is shorter, and the rest is filled with zeros, so that nothing moves. A file without that run path is left
/// alone; whether this one had it.
pub(super) fn relative(path: &Path, former: &Path, place: Place) -> io::Result<bool> {
    let bytes = disk::read(path)?.unwrap_or_default();
    if !bytes.starts_with(b"\x7fELF") {
        return Ok(false);
    }
    let old = [b"\0", crate::world::bytes(former), b"/lib\0"].concat();
    let new = match place {
        Place::Program => BESIDE_PROGRAM,
        Place::Library => BESIDE_LIBRARY,
        Place::Module => BESIDE_MODULE,
    };
    let Some(at) = memmem::find(&bytes, &old) else {
        return Ok(false);
    };
    let room = old.len() - 1;
    if new.len() >= room {
        return Ok(false);
    }
    let mut new = new.to_vec();
    new.resize(room, 0);
    disk::patch(path, &mut |file| {
        file.seek(SeekFrom::Start(at as u64 + 1))?;
        file.write_all(&new)
    })?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_commands_name_the_library_directory() {
        let cases: [(Notation, &[u8], &[u8]); 3] = [
            (
                Notation::Python,
                br"'LDSHARED': 'gcc -Wl,-rpath,\\$ORIGIN/../lib -Wl,-rpath,\\$$ORIGIN/../lib',",
                br"'LDSHARED': 'gcc -Wl,-rpath,/p/lib -Wl,-rpath,/p/lib',",
            ),
            (
                Notation::Makefile,
                br"LDFLAGS=-Wl,-rpath,\$$ORIGIN/../lib",
                b"LDFLAGS=-Wl,-rpath,/p/lib",
            ),
            (Notation::Makefile, b"X=$ORIGIN/../lib", b"X=$ORIGIN/../lib"),
        ];
        for (notation, before, after) in cases {
            assert_eq!(absolute(before, b"/p", notation), after);
        }
    }

    #[test]
    fn an_absolute_run_path_becomes_relative_in_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("python3.12");
        fs_err::write(&file, b"\x7fELF..\0/some/former/prefix/lib\0rest").unwrap();
        assert!(relative(&file, Path::new("/some/former/prefix"), Place::Program).unwrap());
        let expected = b"\x7fELF..\0$ORIGIN/../lib\0\0\0\0\0\0\0\0\0\0rest";
        assert_eq!(fs_err::read(&file).unwrap(), expected);

        fs_err::write(&file, b"\x7fELF..\0/other/lib\0").unwrap();
        assert!(!relative(&file, Path::new("/some/former/prefix"), Place::Program).unwrap());
        assert_eq!(fs_err::read(&file).unwrap(), b"\x7fELF..\0/other/lib\0");
    }
}
