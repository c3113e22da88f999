//! A directory → an archive: the same bytes for the same tree, whoever packs it and when.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};

use super::error::Error;
use super::format::Format;
use super::system;
use crate::progress::Progress;

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
    let mut archive = Builder::new(writer);
    let mut packed = Packed::default();
    for path in listed(packing).map_err(Error::Disk)? {
        if progress.interrupted() {
            return Err(Error::Interrupted);
        }
        let bytes = append_one(&mut archive, packing, &path).map_err(Error::Disk)?;
        if let Some(bytes) = bytes {
            packed.files += 1;
            packed.bytes += bytes;
        }
    }
    let writer = archive.into_inner().map_err(Error::Disk)?;
    Ok((packed, writer))
}

/// Every file, link and empty directory, relative to the tree and sorted as bytes.
fn listed(packing: &Packing<'_>) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![PathBuf::new()];
    while let Some(directory) = pending.pop() {
        let mut empty = true;
        for entry in fs_err::read_dir(packing.tree.join(&directory))? {
            let entry = entry?;
            let path = directory.join(entry.file_name());
            empty = false;
            if !(packing.keep)(&path) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                pending.push(path);
            } else {
                found.push(path);
            }
        }
        if empty {
            found.push(directory);
        }
    }
    found.sort();
    Ok(found)
}

/// Appends what stands at a path; gives the size of a regular file.
fn append_one<W: Write>(
    archive: &mut Builder<W>,
    packing: &Packing<'_>,
    relative: &Path,
) -> io::Result<Option<u64>> {
    let path = packing.tree.join(relative);
    let name = system::path(&system::bytes(&packing.top.join(relative))?)?;
    let metadata = fs_err::symlink_metadata(&path)?;
    let mut header = Header::new_gnu();
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(0);
    header.set_mtime(match packing.stamps {
        Stamps::Fixed => FIXED,
        Stamps::Kept => seconds(metadata.modified()?),
    });
    header.set_mode(if metadata.is_file() && !system::executable(&metadata) {
        0o644
    } else {
        0o755
    });
    if metadata.is_symlink() {
        let target = within(packing.tree, relative, &fs_err::read_link(&path)?)?;
        header.set_entry_type(EntryType::Symlink);
        header.set_mode(0o777);
        archive.append_link(&mut header, name, target)?;
        return Ok(None);
    }
    if metadata.is_dir() {
        header.set_entry_type(EntryType::Directory);
        archive.append_data(&mut header, name, io::empty())?;
        return Ok(None);
    }
    if !metadata.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{} is neither a file nor a directory nor a link", path.display()),
        ));
    }
    header.set_entry_type(EntryType::Regular);
    header.set_size(metadata.len());
    let file = fs_err::File::open(&path)?;
    archive.append_data(&mut header, name, Exactly::new(file, metadata.len()))?;
    Ok(Some(metadata.len()))
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
