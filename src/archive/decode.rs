//! Compressed bytes → a tar's bytes. Several streams in a row are one archive, as for gzip and xz.

use std::io::{self, BufReader, Read};

use bzip2::read::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use xz2::stream::{CONCATENATED, Stream};

use crate::archive::format::Format;

/// Large enough that a read of the source costs nothing, small enough for the second-level cache.
const BUFFER: usize = 128 * 1024;

/// What xz may take to decode: `-9` needs 65 MiB, a hostile header can ask for 4 GiB.
const XZ_MEMORY: u64 = 128 * 1024 * 1024;

/// The decoder for a format; a zip has none of its own and is passed through.
pub(super) fn open<'r>(source: impl Read + 'r, format: Format) -> io::Result<Box<dyn Read + 'r>> {
    let source = BufReader::with_capacity(BUFFER, source);
    Ok(match format {
        Format::Tar | Format::Zip => Box::new(source),
        Format::TarGz => Box::new(MultiGzDecoder::new(source)),
        Format::TarXz => {
            let stream = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED)?;
            Box::new(xz2::bufread::XzDecoder::new_stream(source, stream))
        }
        Format::TarZst => Box::new(zstd::stream::read::Decoder::with_buffer(source)?),
        Format::TarBz2 => Box::new(MultiBzDecoder::new(source)),
    })
}
