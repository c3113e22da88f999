//! Archives made by hand, header by header: what no archiver would write, and what every one may.

use std::io::Write as _;

/// The time that every entry was last changed at, in seconds since 1970.
pub(crate) const MODIFIED: u64 = 1_704_072_512;

/// One tar header with its contents, every field as told.
#[derive(Clone)]
pub(crate) struct Entry {
    name: Vec<u8>,
    prefix: Vec<u8>,
    target: Vec<u8>,
    kind: u8,
    mode: u32,
    content: Vec<u8>,
    size: Option<Vec<u8>>,
    magic: &'static [u8; 8],
}

impl Entry {
    /// A header of any type.
    pub(crate) fn of(kind: u8, name: impl AsRef<[u8]>) -> Self {
        Self {
            name: name.as_ref().to_vec(),
            prefix: Vec::new(),
            target: Vec::new(),
            kind,
            mode: 0o644,
            content: Vec::new(),
            size: None,
            magic: b"ustar\x0000",
        }
    }

    pub(crate) fn file(name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> Self {
        Self { content: content.as_ref().to_vec(), ..Self::of(b'0', name) }
    }

    pub(crate) fn directory(name: impl AsRef<[u8]>) -> Self {
        Self::of(b'5', name).mode(0o755)
    }

    pub(crate) fn symlink(name: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        Self { target: target.as_ref().to_vec(), ..Self::of(b'2', name).mode(0o777) }
    }

    pub(crate) fn hard_link(name: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        Self { target: target.as_ref().to_vec(), ..Self::of(b'1', name) }
    }

    /// pax records (`x` for the next entry, `g` for all that follow).
    pub(crate) fn pax(kind: u8, records: &[(&str, &str)]) -> Self {
        let mut content = Vec::new();
        for (key, value) in records {
            let rest = key.len() + value.len() + 3;
            let mut length = rest + 1;
            while length != rest + length.to_string().len() {
                length += 1;
            }
            content.extend(format!("{length} {key}={value}\n").bytes());
        }
        Self { content, ..Self::of(kind, "pax") }
    }

    /// GNU's long name (`L`) or long target (`K`) for the next entry.
    pub(crate) fn gnu_long(kind: u8, name: impl AsRef<[u8]>) -> Self {
        let content = [name.as_ref(), b"\0"].concat();
        Self { content, magic: b"ustar  \0", ..Self::of(kind, "././@LongLink") }
    }

    pub(crate) fn mode(self, mode: u32) -> Self {
        Self { mode, ..self }
    }

    /// ustar's directory part of a long name.
    pub(crate) fn prefix(self, prefix: impl AsRef<[u8]>) -> Self {
        Self { prefix: prefix.as_ref().to_vec(), ..self }
    }

    /// Contents for a header of any type.
    pub(crate) fn content(self, content: impl AsRef<[u8]>) -> Self {
        Self { content: content.as_ref().to_vec(), ..self }
    }

    /// A size field that need not be true.
    pub(crate) fn says_size(self, octal: &str) -> Self {
        Self { size: Some(octal.as_bytes().to_vec()), ..self }
    }

    /// A header from before ustar.
    pub(crate) fn old(self) -> Self {
        Self { magic: b"\0\0\0\0\0\0\0\0", ..self }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut header = [0_u8; 512];
        let mut put = |at: usize, field: &[u8]| header[at..at + field.len()].copy_from_slice(field);
        put(0, &self.name);
        put(100, format!("{:07o}", self.mode).as_bytes());
        put(108, b"0000000");
        put(116, b"0000000");
        let size = format!("{:011o}", self.content.len());
        put(124, self.size.as_deref().unwrap_or(size.as_bytes()));
        put(136, format!("{MODIFIED:011o}").as_bytes());
        put(148, b"        ");
        put(156, &[self.kind]);
        put(157, &self.target);
        put(257, self.magic);
        put(345, &self.prefix);
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let mut bytes = header.to_vec();
        bytes.extend(&self.content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
        bytes
    }
}

/// A tar: the entries and the end mark.
pub(crate) fn tar(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = endless_tar(entries);
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

/// A tar without its end mark.
pub(crate) fn endless_tar(entries: &[Entry]) -> Vec<u8> {
    entries.iter().flat_map(Entry::bytes).collect()
}

pub(crate) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = xz2::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zst(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A zip of stored entries: name, Unix mode (type bits included), contents.
pub(crate) fn zip(entries: &[(&str, u32, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for (name, mode, content) in entries {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let (offset, size) = (length(&bytes), length(content));
        let mut common = Vec::new();
        common.extend(20_u16.to_le_bytes()); // version needed
        common.extend([0; 4]); // flags, method: stored
        common.extend([0, 0, 0x21, 0]); // 1 January 1980
        common.extend(crc.sum().to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        common.extend([0; 2]); // extra field
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(name.bytes());
        bytes.extend(*content);
        directory.extend(b"PK\x01\x02");
        directory.extend([20, 3]); // made by Unix
        directory.extend(&common);
        directory.extend([0; 6]); // comment, disk, internal attributes
        directory.extend((mode << 16).to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(name.bytes());
    }
    let start = length(&bytes);
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count);
    bytes.extend(count);
    bytes.extend(length(&directory).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap()
}
