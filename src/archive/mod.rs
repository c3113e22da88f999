//! An archive → a directory, or the reason why not; and a directory → an archive.
//!
//! Knows paths and bytes, nothing of what they are for. Every entry is judged by [`Policy`] before
//! anything is made; what is made lies below one directory, which the caller keeps private until
//! all of it is there.

mod error;
mod format;
mod judge;
mod names;
mod pack;
mod tarball;
mod tree;
mod watch;
mod zip;

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::disk;
use crate::progress::Progress;

pub use error::{Error, Refusal};
pub use format::Format;
pub use judge::{Limits, Policy, Root};
pub use pack::{Packed, Packing, Stamps, pack};
pub use tree::Unpacked;
pub(crate) use zip::of_one as zip_of_one;

use judge::Judge;
use tree::Tree;
use watch::Watch;

/// Unpacks what `reader` gives into `into`, which is made when missing and must be empty.
///
/// The reader is drained to its end, so that a digest taken on the way is the whole archive's. On
/// an error `into` holds a part, and is the caller's to remove. A zip is first copied into a file
/// without a name, because it is read from its end: [`unpack_file`] spares that.
pub fn unpack(
    reader: impl Read,
    format: Format,
    into: &Path,
    policy: &Policy,
    progress: &dyn Progress,
) -> Result<Unpacked, Error> {
    let mut tree = Tree::open(into)?;
    let mut judge = Judge::new(policy);
    let watch = Watch::new(policy.limits, progress);
    match format {
        Format::Zip => {
            let mut spool = tree.root().nameless().map_err(Error::Disk)?;
            let mut source = watch.source(reader);
            io::copy(&mut source, &mut spool).map_err(|error| watch.or_disk(error))?;
            zip::unpack(&spool, &watch, &mut judge, &mut tree)?;
        }
        Format::Tar | Format::TarGz | Format::TarXz | Format::TarZst | Format::TarBz2 => {
            let stream = format::open(watch.source(reader), format)
                .map_err(|error| watch.explain(&error))?;
            tarball::unpack(watch.stream(stream), &watch, &mut judge, &mut tree)?;
        }
    }
    judge.finish()?;
    Ok(tree.made())
}

/// Unpacks a file, its format told by its first bytes.
pub fn unpack_file(
    archive: &Path,
    into: &Path,
    policy: &Policy,
    progress: &dyn Progress,
) -> Result<Unpacked, Error> {
    let opened = disk::open(archive).map_err(Error::Source)?;
    let mut file = opened.ok_or_else(|| missing(archive))?;
    let mut head = Vec::with_capacity(format::HEAD);
    file.by_ref().take(format::HEAD as u64).read_to_end(&mut head).map_err(Error::Source)?;
    let format = Format::of_bytes(&head).ok_or_else(|| Error::UnknownFormat(archive.into()))?;
    file.seek(SeekFrom::Start(0)).map_err(Error::Source)?;
    if format != Format::Zip {
        return unpack(file, format, into, policy, progress);
    }
    let mut tree = Tree::open(into)?;
    let mut judge = Judge::new(policy);
    let watch = Watch::new(policy.limits, progress);
    zip::unpack(&file, &watch, &mut judge, &mut tree)?;
    judge.finish()?;
    Ok(tree.made())
}

fn missing(archive: &Path) -> Error {
    Error::Source(disk::failed("open", archive, io::ErrorKind::NotFound.into()))
}
