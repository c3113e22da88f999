//! What an ELF file says of itself in its program headers: the loader it wants, the libraries it needs and where it
//! looks for them. The one reader of executables' headers; what stands in their sections is nobody's business here.
//!
//! The file may be anybody's: every number is a claim, nothing it claims is read beyond the bounds below.

use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use crate::disk::{self, File};

/// More than the file header has, in bytes.
const HEADER: u64 = 64;
/// More program headers than any file has; they number a dozen.
const MOST_SEGMENTS: u64 = 512;
/// Longer than the path of any loader.
const LONGEST_PATH: u64 = 4096;
/// More than any table of dynamic entries has, in bytes.
const LONGEST_DYNAMIC: u64 = 64 << 10;
/// More than the names that entries lead to take, in bytes; a large library's strings have a few MB.
const LONGEST_NAMES: u64 = 64 << 20;

/// Kinds of program headers (System V ABI, "Program Header").
const LOAD: u64 = 1;
const DYNAMIC: u64 = 2;
const INTERPRETER: u64 = 3;
/// Kinds of dynamic entries (System V ABI, "Dynamic Section").
const NEEDED: u64 = 1;
const STRINGS: u64 = 5;
const STRINGS_SIZE: u64 = 10;
const RPATH: u64 = 15;
const RUNPATH: u64 = 29;

/// What a program or library asks of the loader.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Dynamic {
    /// The libraries it needs, as it names them.
    pub needed: Vec<String>,
    /// Where it looks for them first; `$ORIGIN` is its own directory.
    pub search: Vec<String>,
}

/// The program interpreter that a file names; none for a static program, or what is no ELF file.
pub fn interpreter(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let Some(mut elf) = Elf::open(path)? else { return Ok(None) };
    let Some(segment) = elf.segments.iter().find(|segment| segment.kind == INTERPRETER) else {
        return Ok(None);
    };
    let (offset, size) = (segment.offset, segment.size.min(LONGEST_PATH));
    elf.read(offset, size).map(Some)
}

/// What a file asks of the loader; none for what is no ELF file or asks nothing.
pub fn dynamic(path: &Path) -> io::Result<Option<Dynamic>> {
    let Some(mut elf) = Elf::open(path)? else { return Ok(None) };
    let Some(segment) = elf.segments.iter().find(|segment| segment.kind == DYNAMIC) else {
        return Ok(None);
    };
    let (offset, size) = (segment.offset, segment.size.min(LONGEST_DYNAMIC));
    let table = elf.read(offset, size)?;
    let width = elf.word();
    let entries: Vec<(u64, u64)> = table
        .chunks_exact(width * 2)
        .filter_map(|entry| Some((elf.number(entry, 0, width)?, elf.number(entry, width, width)?)))
        .take_while(|(kind, _)| *kind != 0)
        .collect();
    let value = |wanted: u64| entries.iter().find(|(kind, _)| *kind == wanted).map(|entry| entry.1);
    let Some(strings) = value(STRINGS).and_then(|address| elf.offset(address)) else {
        return Ok(None);
    };
    let strings = elf.read(strings, value(STRINGS_SIZE).unwrap_or_default().min(LONGEST_NAMES))?;
    let texts = |wanted: &[u64]| -> Vec<String> {
        let named = entries.iter().filter(|(kind, _)| wanted.contains(kind));
        named.filter_map(|(_, at)| text(&strings, *at)).collect()
    };
    let paths = texts(&[RUNPATH, RPATH]);
    let search = paths.iter().flat_map(|paths| paths.split(':')).map(str::to_owned).collect();
    Ok(Some(Dynamic { needed: texts(&[NEEDED]), search }))
}

/// The text that begins at a place in a table of strings.
fn text(strings: &[u8], at: u64) -> Option<String> {
    let rest = strings.get(usize::try_from(at).ok()?..)?;
    let text = rest.split(|byte| *byte == 0).next()?;
    Some(String::from_utf8_lossy(text).into_owned())
}

/// An ELF file, and how its numbers are written.
struct Elf {
    file: File,
    wide: bool,
    big: bool,
    segments: Vec<Segment>,
}

/// A program header.
struct Segment {
    kind: u64,
    offset: u64,
    address: u64,
    size: u64,
}

impl Elf {
    fn open(path: &Path) -> io::Result<Option<Self>> {
        let Some(file) = disk::open(path)? else { return Ok(None) };
        let mut elf = Self { file, wide: false, big: false, segments: Vec::new() };
        let header = elf.read(0, HEADER)?;
        let Some(rest) = header.strip_prefix(b"\x7fELF") else { return Ok(None) };
        elf.wide = rest.first() == Some(&2);
        elf.big = rest.get(1) == Some(&2);
        let (table, size, count) = if elf.wide { (32, 54, 56) } else { (28, 42, 44) };
        let number = |at, width| elf.number(&header, at, width).unwrap_or_default();
        let (table, size, count) = (number(table, elf.word()), number(size, 2), number(count, 2));
        let least = if elf.wide { 56 } else { 32 };
        if size < least || count > MOST_SEGMENTS {
            return Ok(None);
        }
        let headers = elf.read(table, size * count)?;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let segments = headers.chunks_exact(size).filter_map(|header| elf.segment(header));
        elf.segments = segments.collect();
        Ok(Some(elf))
    }

    fn segment(&self, header: &[u8]) -> Option<Segment> {
        let (offset, address, size) = if self.wide { (8, 16, 32) } else { (4, 8, 16) };
        let number = |at| self.number(header, at, self.word());
        Some(Segment {
            kind: self.number(header, 0, 4)?,
            offset: number(offset)?,
            address: number(address)?,
            size: number(size)?,
        })
    }

    /// Where in the file stands what is loaded at an address.
    fn offset(&self, address: u64) -> Option<u64> {
        let loaded = self.segments.iter().filter(|segment| segment.kind == LOAD);
        let mut offsets = loaded.filter_map(|segment| {
            let within = address.checked_sub(segment.address)?;
            (within < segment.size).then(|| segment.offset.checked_add(within)).flatten()
        });
        offsets.next()
    }

    /// The bytes at a place; fewer where the file ends.
    fn read(&mut self, offset: u64, size: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        // No system reads from where no file can reach to.
        if offset >= self.file.metadata()?.len() {
            return Ok(bytes);
        }
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.by_ref().take(size).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// How many bytes an address has.
    const fn word(&self) -> usize {
        if self.wide { 8 } else { 4 }
    }

    fn number(&self, bytes: &[u8], at: usize, width: usize) -> Option<u64> {
        let bytes = bytes.get(at..at.checked_add(width)?)?;
        let join = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(if self.big { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of three segments (loaded whole at 0x1000, the loader's path, dynamic entries), in any width and order.
    fn elf(wide: bool, big: bool) -> Vec<u8> {
        let number = |value: u64, width: usize| -> Vec<u8> {
            let bytes = value.to_be_bytes();
            let mut bytes = bytes[8 - width..].to_vec();
            if !big {
                bytes.reverse();
            }
            bytes
        };
        let word = if wide { 8 } else { 4 };
        let (header, size) = if wide { (64, 56) } else { (52, 32) };
        let strings = b"\0libpq.so.5\0$ORIGIN/../p.libs:/opt/lib\0".as_slice();
        let loader = b"/lib/ld-musl-x86_64.so.1".as_slice();
        let at = header + 3 * size;
        let (strings_at, loader_at) = (at, at + strings.len());
        let dynamic_at = loader_at + loader.len();
        let entries = [
            (NEEDED, 1),
            (RUNPATH, 12),
            (STRINGS, 0x1000 + strings_at as u64),
            (STRINGS_SIZE, strings.len() as u64),
            (0, 0),
        ];
        let dynamic: Vec<u8> = entries
            .iter()
            .flat_map(|(kind, value)| [number(*kind, word), number(*value, word)].concat())
            .collect();
        let mut file = b"\x7fELF".to_vec();
        file.extend([if wide { 2 } else { 1 }, if big { 2 } else { 1 }]);
        file.resize(header, 0);
        let (table_at, size_at, count_at) = if wide { (32, 54, 56) } else { (28, 42, 44) };
        file[table_at..table_at + word].copy_from_slice(&number(header as u64, word));
        file[size_at..size_at + 2].copy_from_slice(&number(size as u64, 2));
        file[count_at..count_at + 2].copy_from_slice(&number(3, 2));
        let segments = [
            (LOAD, 0, 0x1000, dynamic_at + dynamic.len()),
            (INTERPRETER, loader_at, 0, loader.len()),
            (DYNAMIC, dynamic_at, 0, dynamic.len()),
        ];
        for (kind, offset, address, length) in segments {
            let mut segment = number(kind, 4);
            segment.resize(size, 0);
            let places = if wide { [8, 16, 32] } else { [4, 8, 16] };
            for (place, value) in places.into_iter().zip([offset as u64, address, length as u64]) {
                segment[place..place + word].copy_from_slice(&number(value, word));
            }
            file.extend(segment);
        }
        file.extend(strings);
        file.extend(loader);
        file.extend(dynamic);
        file
    }

    #[test]
    fn the_loader_and_the_libraries_are_read_in_every_width_and_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("program");
        for (wide, big) in [(true, false), (true, true), (false, false), (false, true)] {
            fs_err::write(&path, elf(wide, big)).unwrap();
            let loader = interpreter(&path).unwrap().unwrap();
            assert_eq!(loader, b"/lib/ld-musl-x86_64.so.1", "{wide} {big}");
            let expected = Dynamic {
                needed: vec!["libpq.so.5".to_owned()],
                search: ["$ORIGIN/../p.libs", "/opt/lib"].map(str::to_owned).to_vec(),
            };
            assert_eq!(dynamic(&path).unwrap().unwrap(), expected, "{wide} {big}");
        }
    }

    #[test]
    fn a_real_program_needs_the_library_of_c() {
        let shell = dynamic(Path::new("/bin/sh")).unwrap().unwrap();
        assert!(shell.needed.iter().any(|name| name.starts_with("lib")), "{shell:?}");
    }

    #[test]
    fn what_is_torn_or_lies_says_nothing_and_breaks_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("program");
        let whole = elf(true, false);
        for length in 0..whole.len() {
            fs_err::write(&path, &whole[..length]).unwrap();
            interpreter(&path).unwrap();
            dynamic(&path).unwrap();
        }
        for at in 0..whole.len() {
            let mut lie = whole.clone();
            lie[at] = 0xff;
            fs_err::write(&path, &lie).unwrap();
            interpreter(&path).unwrap();
            dynamic(&path).unwrap();
        }
        fs_err::write(&path, "#!/bin/sh\n").unwrap();
        assert_eq!((interpreter(&path).unwrap(), dynamic(&path).unwrap()), (None, None));
    }
}
