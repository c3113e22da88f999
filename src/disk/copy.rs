//! A file or a tree a second time: by its blocks, by another name, by its bytes.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::absent::failed;
use super::entry::{Entry, Kind};
use super::replace::is_temporary;
use super::seal::{MARK, has_mark};
use super::{Directory, cannot_link, kernel, system};

/// Files taken between two looks at whether to stop.
const CHUNK: usize = 64;

/// Ways to have a file twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Its blocks, until one of the two is written to.
    Reflink,
    /// The file itself.
    HardLink,
    /// Its bytes.
    Copy,
}

/// Puts a file of `from` into `to` by the first of `ways` that works here; gives those that may still be tried for the
/// next file. Permissions and the time of the last change are kept.
pub(crate) fn copy_file<'w>(
    from: &Directory,
    file: &Path,
    to: &Directory,
    name: &Path,
    ways: &'w [Way],
) -> io::Result<&'w [Way]> {
    copy_file_until(from, file, (to, name), ways, &|| false)
}

/// The same; an error of kind `Interrupted` when `stop` says so meanwhile.
pub(crate) fn copy_file_until<'w>(
    from: &Directory,
    file: &Path,
    (to, name): (&Directory, &Path),
    ways: &'w [Way],
    stop: &dyn Fn() -> bool,
) -> io::Result<&'w [Way]> {
    let Some((way, others)) = ways.split_first() else {
        return Err(failed("copy", &from.join(file), io::ErrorKind::Unsupported.into()));
    };
    let made = match way {
        Way::HardLink => to.hard_link(name, from, file),
        Way::Reflink => kernel::reflink(from, file, to, name),
        Way::Copy => system::copy(from, file, to, name, stop),
    };
    match made {
        Ok(()) => Ok(ways),
        Err(error) if *way != Way::Copy && cannot_link(&error) => {
            // A clone that is refused leaves the empty file that it was to fill.
            to.unlink(name)?;
            copy_file_until(from, file, (to, name), others, stop)
        }
        Err(error) => Err(failed("copy", &from.join(file), error)),
    }
}

/// Whether it is a stage, a successor or the mark of one: each is known by where it was made, and would be nobody's elsewhere.
fn stays(from: &Directory, entry: &Entry) -> io::Result<bool> {
    match entry.kind {
        Kind::File => Ok(entry.name == MARK),
        Kind::Directory if is_temporary(&entry.name) => match from.below(&entry.name)? {
            Some(made) => has_mark(&made, &entry.name),
            None => Ok(false),
        },
        Kind::Directory | Kind::Link | Kind::Other => Ok(false),
    }
}

/// Fills the directory `to` with what is in `from` but unfinished work of ours, files by the first of `ways` that works, links
/// as links to what `retarget` says of their targets. A directory is no more open than the one it is made of, `to` itself
/// among them. An error of kind `Interrupted` when `stop` says so meanwhile.
pub(crate) fn copy_tree(
    from: &Directory,
    to: &Directory,
    ways: &[Way],
    retarget: &dyn Fn(PathBuf) -> PathBuf,
    stop: &dyn Fn() -> bool,
) -> io::Result<()> {
    let (source, made) = (from.found()?, to.found()?);
    if made.mode & 0o777 & !kept(source.mode) != 0 {
        to.set_mode(".", made.mode & kept(source.mode))?;
    }
    let mut ways = ways;
    let mut count = 0_usize;
    let mut pending = vec![PathBuf::new()];
    while let Some(directory) = pending.pop() {
        let (Some(from), Some(to)) = (within(from, &directory)?, within(to, &directory)?) else {
            continue;
        };
        for entry in from.entries()? {
            count += 1;
            if count.is_multiple_of(CHUNK) && stop() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let name: &OsStr = &entry.name;
            if directory.as_os_str().is_empty() && stays(&from, &entry)? {
                continue;
            }
            match entry.kind {
                Kind::Directory => {
                    let Some(found) = from.look(name)? else { continue };
                    to.make_directory_as(name, kept(found.mode))?;
                    pending.push(directory.join(name));
                }
                Kind::Link => {
                    if let Some(target) = super::link_target(&from.join(name))? {
                        to.link(name, &retarget(target))?;
                    }
                }
                Kind::File => {
                    let file = Path::new(name);
                    ways = copy_file_until(&from, file, (&to, file), ways, stop)?;
                }
                Kind::Other => {}
            }
        }
    }
    Ok(())
}

/// What of a directory's mode its copy has, to which we write.
const fn kept(mode: u32) -> u32 {
    mode & 0o055 | 0o700
}

fn within(top: &Directory, directory: &Path) -> io::Result<Option<Directory>> {
    if directory.as_os_str().is_empty() { top.try_clone().map(Some) } else { top.below(directory) }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    use super::*;

    #[test]
    fn a_copy_has_its_own_files_with_their_modes_and_times() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs_err::create_dir_all(at("from/deep")).unwrap();
        fs_err::create_dir(at("to")).unwrap();
        fs_err::write(at("from/deep/file"), "text").unwrap();
        fs_err::set_permissions(at("from/deep/file"), std::fs::Permissions::from_mode(0o755))
            .unwrap();
        fs_err::os::unix::fs::symlink("from", at("from/link")).unwrap();
        let open = |name: &str| Directory::open(&at(name)).unwrap();
        let retarget = |_| PathBuf::from("to");
        let ways = [Way::Reflink, Way::Copy];
        copy_tree(&open("from"), &open("to"), &ways, &retarget, &|| false).unwrap();
        let (one, other) = (
            fs_err::metadata(at("from/deep/file")).unwrap(),
            fs_err::metadata(at("to/deep/file")).unwrap(),
        );
        assert_ne!(one.ino(), other.ino());
        assert_eq!((one.mode(), one.mtime_nsec()), (other.mode(), other.mtime_nsec()));
        assert_eq!(fs_err::read_link(at("to/link")).unwrap(), Path::new("to"));

        let modes =
            [("from", 0o750), ("from/deep", 0o700), ("from/shut", 0o500), ("from/open", 0o777)];
        for (name, mode) in modes {
            fs_err::create_dir_all(at(name)).unwrap();
            fs_err::set_permissions(at(name), std::fs::Permissions::from_mode(mode)).unwrap();
        }
        fs_err::create_dir(at("private")).unwrap();
        copy_tree(&open("from"), &open("private"), &ways, &retarget, &|| false).unwrap();
        let open_to = |name: &str| fs_err::metadata(at(name)).unwrap().mode() & 0o777;
        assert_eq!(open_to("private") & 0o027, 0);
        assert_eq!(open_to("private/deep"), 0o700);
        assert_eq!(open_to("private/shut"), 0o700);
        assert_eq!(open_to("private/open") & 0o722, 0o700);

        fs_err::create_dir(at("linked")).unwrap();
        copy_tree(&open("from"), &open("linked"), &[Way::HardLink], &retarget, &|| false).unwrap();
        assert_eq!(one.ino(), fs_err::metadata(at("linked/deep/file")).unwrap().ino());
    }
}
