//! The entries of a zip, in the order of its directory: read, judged, made.

use std::io::{self, BufReader, Cursor, Read, Write as _};

use ::zip::result::ZipError;
use ::zip::write::{SimpleFileOptions, ZipWriter};
use ::zip::{CompressionMethod, ZipArchive};

use crate::archive::error::{Error, Refusal};
use crate::archive::judge::{Entry, Judge, Kind};
use crate::archive::tree::{Contents, Tree};
use crate::archive::watch::Watch;
use crate::disk::File;

/// The type bits of a Unix mode, and the two types a zip's entry may have beside directories.
const TYPE: u32 = 0o170_000;
const FILE: u32 = 0o100_000;
const LINK: u32 = 0o120_000;
const DIRECTORY: u32 = 0o040_000;

/// Longest target of a link, in bytes; as the policy's longest path.
const TARGET: u64 = 1024;

/// Unpacks every entry.
pub(super) fn unpack(
    file: &File,
    watch: &Watch<'_>,
    judge: &mut Judge<'_>,
    tree: &mut Tree,
) -> Result<(), Error> {
    watch.took(file.metadata().map_err(Error::Source)?.len());
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    // One truth: what a reader from the front would see (names, sizes, what shares its bytes or stands in no directory)
    // is what the directory at the end says.
    archive.validate_header_consistency().map_err(damaged)?;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(damaged)?;
        let name = entry.name_raw().to_vec();
        let refused = |why| Error::refused(&name, why);
        let mode = entry.unix_mode().unwrap_or(0o644);
        let size = entry.size();
        watch.expect(size)?;
        let directory = entry.is_dir();
        let mut reader = watch.stream(entry);
        let mut target = Vec::new();
        let kind = match mode & TYPE {
            _ if directory => Kind::Directory,
            LINK => {
                let mut bounded = reader.by_ref().take(TARGET + 1);
                bounded.read_to_end(&mut target).map_err(|error| watch.explain(&error))?;
                Kind::Symlink { target: &target }
            }
            0 | FILE => Kind::File,
            // By its mode, but not by the slash at its name's end: readers differ in which they believe.
            DIRECTORY => return Err(refused(Refusal::Headers("type"))),
            _ => return Err(refused(Refusal::Kind("of no known type"))),
        };
        let described = Entry { name: &name, kind, mode };
        let action = judge.judge(&described).map_err(refused)?;
        // A zip's clock has no time zone: what it says is another moment on each machine.
        let contents = Contents { reader: &mut reader, size, modified: None };
        tree.perform(&action, &name, contents, watch)?;
        ended(&mut reader, watch)?;
    }
    Ok(())
}

/// An entry is read to its end, where its checksum is compared, and is no longer than it says.
/// An archive of one file, stored as it is: the same bytes whenever it is made.
pub(crate) fn of_one(name: &str, contents: &[u8]) -> io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    archive.start_file(name, stored.last_modified_time(::zip::DateTime::default()))?;
    archive.write_all(contents)?;
    Ok(archive.finish()?.into_inner())
}

fn ended(reader: &mut impl Read, watch: &Watch<'_>) -> Result<(), Error> {
    match reader.read(&mut [0]) {
        Ok(0) => Ok(()),
        Ok(_) => Err(Error::Damaged("an entry is longer than it says".into())),
        Err(error) => Err(watch.explain(&error)),
    }
}

fn damaged(error: ZipError) -> Error {
    match error {
        ZipError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            Error::Source(error)
        }
        other => Error::Damaged(other.to_string()),
    }
}
