//! How an archive is packed, told by its file name or its first bytes, and the decoder for it.

use std::fmt;
use std::io::{self, BufReader, Read};

use bzip2::read::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use xz2::stream::{CONCATENATED, Stream};

/// How many first bytes [`Format::of_bytes`] wants to see: one block of a tar.
pub(super) const HEAD: usize = 512;

/// The archive formats that releases are published in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// An uncompressed tar.
    Tar,
    /// gzip: most prebuilt archives, `.tgz` sources.
    TarGz,
    /// xz: sources.
    TarXz,
    /// Zstandard: the `full` prebuilt archives, bundles, the build cache.
    TarZst,
    /// bzip2: `PyPy`.
    TarBz2,
    /// zip: Windows archives.
    Zip,
}

impl Format {
    /// Every format with the endings that file names have.
    const NAMES: [(Self, &'static [&'static str]); 6] = [
        (Self::TarGz, &[".tar.gz", ".tgz"]),
        (Self::TarXz, &[".tar.xz", ".txz"]),
        (Self::TarZst, &[".tar.zst", ".tzst"]),
        (Self::TarBz2, &[".tar.bz2", ".tbz2", ".tbz"]),
        (Self::Tar, &[".tar"]),
        (Self::Zip, &[".zip"]),
    ];

    /// The format that a file name promises; capitals do not matter.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Self::NAMES
            .iter()
            .find(|(_, endings)| endings.iter().any(|ending| name.ends_with(ending)))
            .map(|(format, _)| *format)
    }

    /// The format that a file's first bytes show; 512 of them settle every case.
    pub fn of_bytes(head: &[u8]) -> Option<Self> {
        const MAGIC: [(Format, &[u8]); 6] = [
            (Format::TarGz, b"\x1f\x8b"),
            (Format::TarXz, b"\xfd7zXZ\0"),
            (Format::TarZst, b"\x28\xb5\x2f\xfd"),
            (Format::TarBz2, b"BZh"),
            (Format::Zip, b"PK\x03\x04"),
            (Format::Zip, b"PK\x05\x06"),
        ];
        if let Some((format, _)) = MAGIC.iter().find(|(_, magic)| head.starts_with(magic)) {
            return Some(*format);
        }
        let tar = head.get(257..262).is_some_and(|magic| magic == b"ustar");
        tar.then_some(Self::Tar)
    }

    /// The usual ending of such a file's name, dot included.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Tar => ".tar",
            Self::TarGz => ".tar.gz",
            Self::TarXz => ".tar.xz",
            Self::TarZst => ".tar.zst",
            Self::TarBz2 => ".tar.bz2",
            Self::Zip => ".zip",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.ending().trim_start_matches('.'))
    }
}

/// Large enough that a read of the source costs nothing, small enough for the second-level cache.
const BUFFER: usize = 128 * 1024;

/// What xz may take to decode: `-9` needs 65 MiB, a hostile header can ask for 4 GiB.
const XZ_MEMORY: u64 = 128 * 1024 * 1024;

/// The decoder for a format; a zip has none of its own and is passed through.
pub(super) fn open<'r>(source: impl Read + 'r, format: Format) -> io::Result<Box<dyn Read + 'r>> {
    let source = BufReader::with_capacity(BUFFER, source);
    Ok(match format {
        Format::Tar | Format::Zip => Box::new(source),
        // Several streams one after the other are one file (RFC 1952 §2.2; pbzip2 and bgzip write such).
        Format::TarGz => Box::new(MultiGzDecoder::new(source)),
        Format::TarXz => {
            let stream = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED)?;
            Box::new(xz2::bufread::XzDecoder::new_stream(source, stream))
        }
        Format::TarZst => Box::new(zstd::stream::read::Decoder::with_buffer(source)?),
        Format::TarBz2 => Box::new(MultiBzDecoder::new(source)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_formats() {
        let cases = [
            ("cpython-3.12.1+20240107-install_only.tar.gz", Some(Format::TarGz)),
            ("Python-2.7.18.tgz", Some(Format::TarGz)),
            ("Python-3.13.5.tar.xz", Some(Format::TarXz)),
            ("cpython-full.tar.zst", Some(Format::TarZst)),
            ("pypy3.10.tar.bz2", Some(Format::TarBz2)),
            ("PYTHON.ZIP", Some(Format::Zip)),
            ("plain.tar", Some(Format::Tar)),
            ("Miniforge3.sh", None),
        ];
        for (name, expected) in cases {
            assert_eq!(Format::of_name(name), expected, "{name}");
        }
    }

    #[test]
    fn first_bytes_tell_formats() {
        let mut tar = vec![0; 512];
        tar[257..262].copy_from_slice(b"ustar");
        let cases: [(&[u8], _); 6] = [
            (b"\x1f\x8b\x08", Some(Format::TarGz)),
            (b"BZh91AY", Some(Format::TarBz2)),
            (b"PK\x03\x04", Some(Format::Zip)),
            (&tar, Some(Format::Tar)),
            (b"<html>", None),
            (b"", None),
        ];
        for (head, expected) in cases {
            assert_eq!(Format::of_bytes(head), expected, "{head:?}");
        }
    }
}
