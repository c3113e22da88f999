//! A directory → an archive: the same bytes for the same tree, whoever packs it and when.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};

use crate::archive::error::Error;
use crate::archive::format::Format;
use crate::archive::names::system;
use crate::disk::{self, Directory, Kind};
use crate::progress::{Heeding, Progress};

/// What to pack.
pub struct Packing<'a> {
    /// The directory whose contents are packed.
    pub tree: &'a Path,
    /// The path they get in the archive: its one top directory.
    pub top: &'a Path,
    /// tar, tar.gz or tar.zst.
    pub format: Format,
    /// The times of the files.
    pub stamps: Stamps,
    /// Whether to pack this path, relative to the tree; what is below one left out is left out too.
    pub keep: &'a dyn Fn(&Path) -> bool,
    /// A file that the tree has not: its path there and its content, the first thing in the archive.
    pub label: Option<(&'a Path, &'a [u8])>,
}

/// Which times the packed files have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamps {
    /// One for all, so that equal trees make equal archives.
    Fixed,
    /// Their own: compiled modules stay valid.
    Kept,
}

/// What was packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Packed {
    /// Regular files.
    pub files: u64,
    /// The sum of their sizes, in bytes.
    pub bytes: u64,
}

/// 1 January 2000, noon: no time zone makes it 1999, and zip's clock (1980) can tell it.
const FIXED: u64 = 946_728_000;

/// Packs a tree, sorted by name, owned by nobody. Links stay links and must lead into the tree; an
/// absolute one that does becomes relative. Directories are written only when they are empty.
pub fn pack(
    packing: &Packing<'_>,
    writer: impl Write,
    progress: &dyn Progress,
) -> Result<Packed, Error> {
    match packing.format {
        Format::Tar => append(packing, writer, progress).map(|(packed, _)| packed),
        Format::TarGz => {
            // Its header has neither a name nor a time, which would make equal trees unequal archives.
            let encoder = GzEncoder::new(writer, Compression::default());
            let (packed, encoder) = append(packing, encoder, progress)?;
            encoder.finish().map_err(Error::Disk)?;
            Ok(packed)
        }
        Format::TarZst => {
            let encoder = zstd::Encoder::new(writer, 3).map_err(Error::Disk)?;
            let (packed, encoder) = append(packing, encoder, progress)?;
            encoder.finish().map_err(Error::Disk)?;
            Ok(packed)
        }
        Format::TarXz | Format::TarBz2 | Format::Zip => {
            Err(Error::UnknownFormat(packing.format.ending().into()))
        }
    }
}

fn append<W: Write>(
    packing: &Packing<'_>,
    writer: W,
    progress: &dyn Progress,
) -> Result<(Packed, W), Error> {
    let tree = Directory::open(packing.tree).map_err(Error::Disk)?;
    let mut archive = Builder::new(writer);
    let mut packed = Packed::default();
    if let Some((path, content)) = packing.label {
        let name = name_of(packing, path).map_err(Error::Disk)?;
        let mut header = header(FIXED);
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, content).map_err(Error::Disk)?;
    }
    for path in listed(packing, &tree).map_err(Error::Disk)? {
        if progress.interrupted() {
            return Err(Error::Interrupted);
        }
        let bytes =
            append_one(&mut archive, packing, &tree, (&path, progress)).map_err(|error| {
                if progress.interrupted() { Error::Interrupted } else { Error::Disk(error) }
            })?;
        if let Some(bytes) = bytes {
            packed.files += 1;
            packed.bytes += bytes;
        }
    }
    let writer = archive.into_inner().map_err(Error::Disk)?;
    Ok((packed, writer))
}

/// Every file, link and empty directory, relative to the tree and sorted as bytes.
fn listed(packing: &Packing<'_>, tree: &Directory) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![PathBuf::new()];
    while let Some(directory) = pending.pop() {
        let top = directory.as_os_str().is_empty();
        let entries = if top { tree.entries() } else { disk::entries(&tree.join(&directory)) }?;
        if entries.is_empty() {
            found.push(directory);
            continue;
        }
        for entry in entries {
            let path = directory.join(&entry.name);
            if !(packing.keep)(&path) {
                continue;
            }
            match entry.kind {
                Kind::Directory => pending.push(path),
                Kind::File | Kind::Link | Kind::Other => found.push(path),
            }
        }
    }
    // Each disk has an order of its own, and equal trees are to make equal archives.
    found.sort();
    Ok(found)
}

/// Appends what stands at a path; gives the size of a regular file.
fn append_one<W: Write>(
    archive: &mut Builder<W>,
    packing: &Packing<'_>,
    tree: &Directory,
    (relative, progress): (&Path, &dyn Progress),
) -> io::Result<Option<u64>> {
    let path = tree.join(relative);
    let name = name_of(packing, relative)?;
    let found = if relative.as_os_str().is_empty() {
        tree.found()?
    } else {
        tree.look(relative)?.ok_or_else(|| vanished(&path))?
    };
    let mut header = header(match packing.stamps {
        Stamps::Fixed => FIXED,
        Stamps::Kept => seconds(found.modified),
    });
    match found.kind {
        Kind::Link => {
            let target = disk::link_target(&path)?.ok_or_else(|| vanished(&path))?;
            header.set_entry_type(EntryType::Symlink);
            header.set_mode(0o777);
            archive.append_link(&mut header, name, within(packing.tree, relative, &target)?)?;
            Ok(None)
        }
        Kind::Directory => {
            header.set_entry_type(EntryType::Directory);
            archive.append_data(&mut header, name, io::empty())?;
            Ok(None)
        }
        Kind::File => {
            header.set_entry_type(EntryType::Regular);
            header.set_size(found.size);
            // One of two modes, as git has them: whose umask made the tree is not to be told.
            if found.mode & 0o100 == 0 {
                header.set_mode(0o644);
            }
            let file = tree.open_file(relative)?.ok_or_else(|| vanished(&path))?;
            let file = Heeding::new(file, progress);
            archive.append_data(&mut header, name, Exactly::new(file, found.size))?;
            Ok(Some(found.size))
        }
        Kind::Other => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{} is neither a file nor a directory nor a link", path.display()),
        )),
    }
}

/// The name in the archive of what is at a path of the tree.
fn name_of(packing: &Packing<'_>, relative: &Path) -> io::Result<PathBuf> {
    system::path(&system::bytes(&packing.top.join(relative))?)
}

/// Nobody's, empty, and everybody's to run.
fn header(time: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(0);
    header.set_mode(0o755);
    header.set_mtime(time);
    header
}

fn vanished(path: &Path) -> io::Error {
    let said = format!("{} vanished while it was packed", path.display());
    io::Error::new(io::ErrorKind::NotFound, said)
}

/// The target of a link as other machines can follow it: relative, and inside the tree.
fn within(tree: &Path, link: &Path, target: &Path) -> io::Result<PathBuf> {
    let leads_out = || {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!(
                "{} links to {}, outside the tree",
                tree.join(link).display(),
                target.display()
            ),
        )
    };
    let depth = link.components().count().saturating_sub(1);
    if target.is_relative() {
        let mut level = depth;
        for component in target.components() {
            level = match component {
                std::path::Component::ParentDir => level.checked_sub(1).ok_or_else(leads_out)?,
                std::path::Component::Normal(_) => level.saturating_add(1),
                _ => level,
            };
        }
        return Ok(target.into());
    }
    let inside = target.strip_prefix(tree).map_err(|_| leads_out())?;
    Ok((0..depth).map(|_| Path::new("..")).collect::<PathBuf>().join(inside))
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A reader that gives exactly as many bytes as its header promised, or an error: a file may change
/// while it is packed.
struct Exactly<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Exactly<R> {
    fn new(inner: R, left: u64) -> Self {
        Self { inner, left }
    }
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.by_ref().take(self.left).read(buffer)?;
        self.left -= count as u64;
        if count == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "a file became shorter while it was packed",
            ));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{Policy, Root, Unpacked, unpack};
    use crate::progress::Silent;

    fn tree() -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        let at = |name: &str| tree.path().join(name);
        fs_err::create_dir_all(at("bin")).unwrap();
        fs_err::create_dir_all(at("lib/empty")).unwrap();
        fs_err::create_dir_all(at("left-out/below")).unwrap();
        fs_err::write(at("bin/tool"), "#!").unwrap();
        fs_err::write(at("left-out/below/file"), "x").unwrap();
        fs_err::write(at("lib").join("n".repeat(200)), "long").unwrap();
        fs_err::os::unix::fs::symlink("tool", at("bin/relative")).unwrap();
        fs_err::os::unix::fs::symlink(at("bin/tool"), at("lib/absolute")).unwrap();
        tree
    }

    fn packed(tree: &Path, format: Format, stamps: Stamps) -> Result<Vec<u8>, Error> {
        let mut archive = Vec::new();
        let keep = |path: &Path| path != Path::new("left-out");
        let top = Path::new("top");
        let packing = Packing { tree, top, format, stamps, keep: &keep, label: None };
        let packed = pack(&packing, &mut archive, &Silent)?;
        assert_eq!(packed, Packed { files: 2, bytes: 6 });
        Ok(archive)
    }

    #[test]
    fn what_was_packed_unpacks_the_same() {
        let tree = tree();
        for format in [Format::Tar, Format::TarGz, Format::TarZst] {
            let archive = packed(tree.path(), format, Stamps::Kept).unwrap();
            let into = tempfile::tempdir().unwrap();
            let policy = Policy::limited(Root::Below(b"top".to_vec()));
            let made = unpack(&*archive, format, into.path(), &policy, &Silent).unwrap();
            assert_eq!(made, Unpacked { files: 2, directories: 3, links: 2, bytes: 6 });
            let target = |name: &str| fs_err::read_link(into.path().join(name)).unwrap();
            assert_eq!(target("bin/relative"), Path::new("tool"));
            assert_eq!(target("lib/absolute"), Path::new("../bin/tool"));
            let time = |tree: &Path| {
                let modified = fs_err::metadata(tree.join("bin/tool")).unwrap().modified();
                seconds(modified.unwrap())
            };
            assert_eq!(time(tree.path()), time(into.path()));
            assert!(!fs_err::exists(into.path().join("left-out")).unwrap());
        }
    }

    #[test]
    fn equal_trees_make_equal_archives() {
        for format in [Format::Tar, Format::TarGz, Format::TarZst] {
            let [one, other] =
                [tree(), tree()].map(|tree| packed(tree.path(), format, Stamps::Fixed).unwrap());
            assert!(one == other, "{format}");
        }
    }

    #[test]
    fn a_link_out_of_the_tree_is_named() {
        for target in ["/etc/passwd", "../../outside"] {
            let tree = tree();
            fs_err::os::unix::fs::symlink(target, tree.path().join("bin/out")).unwrap();
            let error = packed(tree.path(), Format::Tar, Stamps::Fixed).unwrap_err().to_string();
            assert!(error.ends_with(&format!("bin/out links to {target}, outside the tree")));
        }
    }
}
