//! The entries of a tar, in order: headers read, judged, made.
//!
//! The tar crate finds and checks the headers; names longer than a header, pax records and the end
//! of the archive are read here, within bounds, because the crate believes their sizes.

use std::io::{self, BufReader, Read};

use tar::{EntryType, Header};

use crate::archive::error::Error;
use crate::archive::extended::{self, Extended, terminated};
use crate::archive::judge::{Entry, Judge, Kind};
use crate::archive::refusal::Refusal;
use crate::archive::tree::{Contents, Tree};
use crate::archive::watch::{Stream, Watch};

/// Unpacks every entry, then reads to the end, which has to be nothing but zeros.
pub(super) fn unpack(
    mut stream: BufReader<Stream<'_, '_, impl Read>>,
    watch: &Watch<'_>,
    judge: &mut Judge<'_>,
    tree: &mut Tree,
) -> Result<(), Error> {
    let explain = |error: io::Error| watch.explain(&error);
    let mut archive = tar::Archive::new(&mut stream);
    let mut ahead = Extended::default();
    for entry in archive.entries().map_err(explain)?.raw(true) {
        let mut entry = entry.map_err(explain)?;
        let size = entry.header().entry_size().map_err(explain)?;
        watch.expect(size)?;
        let kind = entry.header().entry_type();
        let label = name(entry.header());
        let refused = |why| Error::refused(&label, why);
        if kind.is_gnu_longname()
            || kind.is_gnu_longlink()
            || kind.is_pax_local_extensions()
            || kind.is_pax_global_extensions()
        {
            let content = extended::content(&mut entry, size).map_err(explain)?;
            let content = content.ok_or_else(|| refused(Refusal::Path("long")))?;
            match kind {
                EntryType::GNULongName => ahead.long_name(&content),
                EntryType::GNULongLink => ahead.long_target(&content),
                EntryType::XHeader => ahead.records(&content),
                _ => extended::global_records(&content),
            }
            .map_err(refused)?;
            continue;
        }
        let ahead = std::mem::take(&mut ahead);
        let header = entry.header().clone();
        let name = ahead.name.unwrap_or(label);
        let refused = |why| Error::refused(&name, why);
        let target = ahead.target.unwrap_or_else(|| terminated(&header.as_old().linkname).to_vec());
        if ahead.size.is_some_and(|said| said != size) {
            return Err(refused(Refusal::Headers("size")));
        }
        let described = Entry {
            name: &name,
            kind: described(kind, &name, &target, size).map_err(refused)?,
            mode: header.mode().map_err(explain)?,
        };
        let action = judge.judge(&described).map_err(refused)?;
        let contents = Contents {
            reader: &mut entry,
            size,
            modified: ahead.modified.or_else(|| header.mtime().ok()),
        };
        tree.perform(&action, &name, contents, watch)?;
    }
    drain(&mut stream, watch)
}

/// The kind of an entry. Readers differ in whether what is no file has contents, so it has none.
fn described<'e>(
    kind: EntryType,
    name: &[u8],
    target: &'e [u8],
    size: u64,
) -> Result<Kind<'e>, Refusal> {
    let slash = name.ends_with(b"/");
    let described = match kind {
        EntryType::Regular if !slash => return Ok(Kind::File),
        // Before ustar, a directory was a file whose name ends with a slash.
        EntryType::Regular | EntryType::Directory => Kind::Directory,
        EntryType::Symlink => Kind::Symlink { target },
        EntryType::Link => Kind::HardLink { target },
        EntryType::Char | EntryType::Block => return Err(Refusal::Kind("a device")),
        EntryType::Fifo => return Err(Refusal::Kind("a FIFO")),
        EntryType::GNUSparse => return Err(Refusal::Kind("a sparse file")),
        _ => return Err(Refusal::Kind("of no known type")),
    };
    if size == 0 { Ok(described) } else { Err(Refusal::Headers("size")) }
}

/// The name in a header: ustar has a prefix for long ones.
fn name(header: &Header) -> Vec<u8> {
    let name = terminated(&header.as_old().name);
    match header.as_ustar().map(|ustar| terminated(&ustar.prefix)) {
        Some(prefix) if !prefix.is_empty() => [prefix, name].join(&b'/'),
        Some(_) | None => name.to_vec(),
    }
}

/// Reads what follows the end mark: the decoder then checks its trailer.
fn drain(
    stream: &mut BufReader<Stream<'_, '_, impl Read>>,
    watch: &Watch<'_>,
) -> Result<(), Error> {
    if watch.ended() && stream.buffer().is_empty() {
        return Err(Error::Damaged("it ends without an end mark".into()));
    }
    let mut rest = [0; 8192];
    loop {
        match stream.read(&mut rest) {
            Ok(0) => return Ok(()),
            Ok(count) => {
                if rest.iter().take(count).any(|byte| *byte != 0) {
                    return Err(Error::Damaged("something follows its end mark".into()));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(watch.explain(&error)),
        }
    }
}
