//! A person's own file: start-up files, `pip.conf`, settings, `.python-version`.
//!
//! A link to it stays where it leads to a file of the same account, and that file is replaced; it keeps its mode and
//! its owner. What is no regular file (a device, a FIFO) is refused: replaced by a file it would be one no more. In a
//! directory where this account may make nothing, its own file is written in place, and so is a file that something is
//! mounted at (a container's `-v file:file`): there is no other way.

use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::absent::failed;
use super::directory::parts;
use super::{Directory, Found, Privacy, canonical, follow, link_target, look, system};

/// Puts a file of these bytes where a person keeps one; `privacy` is that of a new file, and a secret one is kept from
/// others whatever it was.
pub(crate) fn replace_personal(file: &Path, bytes: &[u8], privacy: Privacy) -> io::Result<()> {
    let (file, former) = resolve(file)?;
    let (folder, name) = parts(&file, "write")?;
    let folder = Directory::make(folder)?;
    folder.sweep_temporaries()?;
    let owner = folder.found()?;
    let replaced = folder.replace_whosever(name, privacy, |beside| {
        beside.write_all(bytes)?;
        match &former {
            Some(former) => system::keep_owner_and_mode(beside, former, privacy),
            None => system::keep_owner(beside, &owner),
        }
    });
    match (replaced, former) {
        (Err(error), Some(former))
            if error.kind() == io::ErrorKind::PermissionDenied
                && former.is_own()
                // Written in place, a file of several names would change under all of them.
                && former.names == 1 =>
        {
            overwrite(&folder, Path::new(name), bytes).map_err(|_| error)
        }
        (Err(error), Some(former))
            if error.kind() == io::ErrorKind::ResourceBusy && former.names == 1 =>
        {
            overwrite(&folder, Path::new(name), bytes)
                .map_err(|error| failed("write", &file, error))
        }
        (replaced, _) => replaced,
    }
}

/// Takes away what was put where a person keeps a file: the file, or where a link leads to it or it is mounted its contents.
pub(crate) fn remove_personal(file: &Path) -> io::Result<()> {
    if look(file)?.is_some_and(|found| found.is_link()) {
        return replace_personal(file, b"", Privacy::Shared);
    }
    match super::unlink(file) {
        Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
            replace_personal(file, b"", Privacy::Shared)
        }
        unlinked => unlinked,
    }
}

/// Writes a file where it stands. Where there is no room for it the former text is put back, whose room there was.
fn overwrite(folder: &Directory, name: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = system::open_to_write(folder, name)?;
    let mut former = Vec::new();
    file.read_to_end(&mut former)?;
    let mut put = |bytes: &[u8]| {
        file.rewind()?;
        file.write_all(bytes)?;
        file.set_len(bytes.len() as u64)
    };
    put(bytes).inspect_err(|_| put(&former).unwrap_or_default())
}

/// The file itself, where a link leads to it, and what it is today.
fn resolve(file: &Path) -> io::Result<(PathBuf, Option<Found>)> {
    let refused = |why: &str| {
        let said = format!("`{}' {why}, and is left as it is", file.display());
        Err(io::Error::new(io::ErrorKind::InvalidInput, said))
    };
    let Some(link) = look(file)? else { return Ok((file.to_owned(), None)) };
    let Some(target) = canonical(file)? else {
        // A link to a file that is not there yet, in a directory that is.
        return match missing(file)? {
            Some(target) => Ok((target, None)),
            None if link.is_link() => refused("is a link that leads nowhere"),
            None => Ok((file.to_owned(), None)),
        };
    };
    let former = follow(&target)?;
    match former {
        Some(former) if !former.is_file() => refused("is no regular file"),
        Some(former) if link.is_link() && link.owner != former.owner => {
            refused("is a link to another account's file")
        }
        former if link.is_link() => Ok((target, former)),
        former => Ok((file.to_owned(), former)),
    }
}

/// What a link leads to where nothing is, if the directory around that is there.
fn missing(link: &Path) -> io::Result<Option<PathBuf>> {
    let Some(target) = link_target(link)? else { return Ok(None) };
    let target = link.parent().unwrap_or(Path::new(".")).join(target);
    let (Some(folder), Some(name)) = (target.parent(), target.file_name()) else { return Ok(None) };
    let Some(folder) = canonical(folder)? else { return Ok(None) };
    let target = folder.join(name);
    Ok(if look(&target)?.is_none() { Some(target) } else { None })
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_link_and_a_mode_stay_and_a_secret_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mode = |name: &str| fs_err::metadata(at(name)).unwrap().permissions().mode() & 0o777;
        fs_err::write(at("kept"), "old").unwrap();
        fs_err::set_permissions(at("kept"), std::fs::Permissions::from_mode(0o640)).unwrap();
        fs_err::os::unix::fs::symlink("kept", at("link")).unwrap();
        replace_personal(&at("link"), b"new", Privacy::Shared).unwrap();
        assert!(at("link").is_symlink());
        assert_eq!(fs_err::read_to_string(at("kept")).unwrap(), "new");
        assert_eq!(mode("kept"), 0o640);
        replace_personal(&at("link"), b"secret", Privacy::Secret).unwrap();
        assert_eq!(mode("kept"), 0o640);
        fs_err::set_permissions(at("kept"), std::fs::Permissions::from_mode(0o644)).unwrap();
        replace_personal(&at("link"), b"secret", Privacy::Secret).unwrap();
        assert_eq!(mode("kept"), 0o600);
        replace_personal(&at("fresh"), b"secret", Privacy::Secret).unwrap();
        assert_eq!(mode("fresh"), 0o600);
        replace_personal(Path::new("/dev/null"), b"x", Privacy::Shared).unwrap_err();
        remove_personal(&at("link")).unwrap();
        assert!(at("link").is_symlink());
        assert_eq!(fs_err::read_to_string(at("kept")).unwrap(), "");
        fs_err::remove_file(at("kept")).unwrap();
        replace_personal(&at("link"), b"anew", Privacy::Shared).unwrap();
        assert!(at("link").is_symlink());
        assert_eq!(fs_err::read_to_string(at("kept")).unwrap(), "anew");
        fs_err::os::unix::fs::symlink("nowhere/at/all", at("lost")).unwrap();
        replace_personal(&at("lost"), b"x", Privacy::Shared).unwrap_err();
        assert!(at("lost").is_symlink());
    }
}
