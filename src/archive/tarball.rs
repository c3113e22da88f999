//! The entries of a tar, in order: headers read, with what GNU's long names and pax records say ahead of them, judged, made.
//!
//! The tar crate finds and checks the headers; names longer than a header, pax records and the end
//! of the archive are read here, within bounds, because the crate believes their sizes.

use std::io::{self, BufReader, Read};

use tar::{EntryType, Header};

use crate::archive::error::{Error, Refusal};
use crate::archive::judge::{Entry, Judge, Kind};
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
            let content = content(&mut entry, size).map_err(explain)?;
            let content = content.ok_or_else(|| refused(Refusal::Path("long")))?;
            match kind {
                EntryType::GNULongName => ahead.long_name(&content),
                EntryType::GNULongLink => ahead.long_target(&content),
                EntryType::XHeader => ahead.records(&content),
                _ => global_records(&content),
            }
            .map_err(refused)?;
            continue;
        }
        // It holds for this entry alone: the next one has none.
        let ahead = std::mem::take(&mut ahead);
        let header = entry.header().clone();
        let name = ahead.name.unwrap_or(label);
        let refused = |why| Error::refused(&name, why);
        let target = ahead.target.unwrap_or_else(|| terminated(&header.as_old().linkname).to_vec());
        // By either size the rest would be another archive.
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
    // POSIX has an archive end in two blocks of zeros: without them it may have been cut between two entries.
    if watch.ended() && stream.buffer().is_empty() {
        return Err(Error::Damaged("it ends without an end mark".into()));
    }
    let mut rest = [0; 8192];
    loop {
        match stream.read(&mut rest) {
            Ok(0) => return Ok(()),
            Ok(count) => {
                // A second archive behind the first is read by some (`tar -i') and not by others.
                if rest.iter().take(count).any(|byte| *byte != 0) {
                    return Err(Error::Damaged("something follows its end mark".into()));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(watch.explain(&error)),
        }
    }
}

/// Longest run of such records for one entry, in bytes; attributes that are not unpacked count too.
pub(super) const LONGEST: u64 = 256 * 1024;

/// What was said ahead of one entry.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Extended {
    pub(super) name: Option<Vec<u8>>,
    pub(super) target: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) modified: Option<u64>,
}

impl Extended {
    /// GNU `L`: a name with a NUL at its end.
    pub(super) fn long_name(&mut self, content: &[u8]) -> Result<(), Refusal> {
        set(&mut self.name, terminated(content).to_vec(), "name")
    }

    /// GNU `K`: the same for the target of a link.
    pub(super) fn long_target(&mut self, content: &[u8]) -> Result<(), Refusal> {
        set(&mut self.target, terminated(content).to_vec(), "target")
    }

    /// pax `x`: records that hold for the next entry.
    pub(super) fn records(&mut self, content: &[u8]) -> Result<(), Refusal> {
        each_record(content, |key, value| match key {
            b"path" => set(&mut self.name, value.to_vec(), "name"),
            b"linkpath" => set(&mut self.target, value.to_vec(), "target"),
            b"size" => set(&mut self.size, number(value)?, "size"),
            b"mtime" => {
                // A fraction of a second is dropped; a time before 1970 is none.
                let whole = value.split(|byte| *byte == b'.').next().unwrap_or_default();
                self.modified = number(whole).ok();
                Ok(())
            }
            _ if key.starts_with(b"GNU.sparse.") => Err(Refusal::Kind("a sparse file")),
            _ => Ok(()), // owners, attributes, comments: not unpacked
        })
    }
}

/// pax `g`: records that hold for all that follows. `git archive` leaves a comment there; what would
/// change a name or a size is refused, because readers differ in whether they obey it.
pub(super) fn global_records(content: &[u8]) -> Result<(), Refusal> {
    each_record(content, |key, _| match key {
        b"path" => Err(Refusal::Headers("name")),
        b"linkpath" => Err(Refusal::Headers("target")),
        b"size" => Err(Refusal::Headers("size")),
        _ if key.starts_with(b"GNU.sparse.") => Err(Refusal::Kind("a sparse file")),
        _ => Ok(()),
    })
}

/// The whole of a record's content, which must not be larger than any honest one.
pub(super) fn content(reader: &mut impl Read, size: u64) -> std::io::Result<Option<Vec<u8>>> {
    if size > LONGEST {
        return Ok(None);
    }
    let mut content = Vec::new();
    let count = reader.take(size).read_to_end(&mut content)?;
    if count as u64 == size {
        Ok(Some(content))
    } else {
        Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "it ends inside a header"))
    }
}

/// A field without the NULs that fill it up; one in the middle stays, to be refused.
pub(super) fn terminated(field: &[u8]) -> &[u8] {
    let end = field.iter().rposition(|byte| *byte != 0);
    end.and_then(|last| field.get(..=last)).unwrap_or_default()
}

fn set<T: PartialEq>(slot: &mut Option<T>, value: T, what: &'static str) -> Result<(), Refusal> {
    match slot.replace(value) {
        None => Ok(()),
        Some(before) if slot.as_ref() == Some(&before) => Ok(()),
        Some(_) => Err(Refusal::Headers(what)),
    }
}

/// `LENGTH KEY=VALUE\n` again and again, LENGTH counting all of it (POSIX.1-2017, pax, "Extended Header").
fn each_record(
    mut content: &[u8],
    mut record: impl FnMut(&[u8], &[u8]) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    const MALFORMED: Refusal = Refusal::Headers("pax records");
    while !content.is_empty() {
        let blank = content.iter().position(|byte| *byte == b' ').ok_or(MALFORMED)?;
        let digits = content.get(..blank).unwrap_or_default();
        let length = usize::try_from(number(digits)?).map_err(|_| MALFORMED)?;
        let text = content.get(blank + 1..length).ok_or(MALFORMED)?;
        let text = text.strip_suffix(b"\n").ok_or(MALFORMED)?;
        let equals = text.iter().position(|byte| *byte == b'=').ok_or(MALFORMED)?;
        let (key, value) = text.split_at(equals);
        record(key, value.get(1..).unwrap_or_default())?;
        content = content.get(length..).unwrap_or_default();
    }
    Ok(())
}

fn number(digits: &[u8]) -> Result<u64, Refusal> {
    let plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let text = str::from_utf8(digits).unwrap_or_default();
    match text.parse() {
        Ok(number) if plain => Ok(number),
        Ok(_) | Err(_) => Err(Refusal::Headers("pax records")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_by_their_length() {
        let mut extended = Extended::default();
        extended
            .records(b"19 path=python/a=b\n20 mtime=1700000.25\n15 comment=a\nb\n11 size=12\n")
            .unwrap();
        let expected = Extended {
            name: Some(b"python/a=b".to_vec()),
            target: None,
            size: Some(12),
            modified: Some(1_700_000),
        };
        assert_eq!(extended, expected);
    }

    #[test]
    fn malformed_records_are_refused() {
        let cases: [&[u8]; 8] = [
            b"path=x\n",
            b"9 path=x",
            b"99 path=x\n",
            b"1 path=x\n",
            b"9 pathxxx\n",
            b"-9 path=x\n",
            b"+9 path=x\n",
            b"18446744073709551616 path=x\n",
        ];
        for content in cases {
            let refusal = Extended::default().records(content).unwrap_err();
            assert_eq!(refusal, Refusal::Headers("pax records"), "{content:?}");
        }
    }

    #[test]
    fn two_names_for_one_entry_are_refused() {
        let mut extended = Extended::default();
        extended.long_name(b"python/a\0").unwrap();
        extended.records(b"17 path=python/a\n").unwrap();
        let refusal = extended.records(b"17 path=python/b\n").unwrap_err();
        assert_eq!(refusal, Refusal::Headers("name"));
    }

    #[test]
    fn global_records_may_comment_and_no_more() {
        assert_eq!(global_records(b"13 comment=a\n"), Ok(()));
        assert_eq!(global_records(b"9 path=x\n"), Err(Refusal::Headers("name")));
    }
}
