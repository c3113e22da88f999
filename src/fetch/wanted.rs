//! A file to be had, who takes its bytes on the way, and what was had: the words that all of a download speaks in.

use std::io;
use std::path::PathBuf;

use crate::fetch::digest::Sha256;
use crate::fetch::url::Url;

/// A file to be had.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where it may be, in order of preference.
    pub candidates: Vec<Url>,
    /// Its digest, which alone decides whether a copy is it.
    pub sha256: Option<Sha256>,
    /// Its size in bytes; no more is read.
    pub size: Option<u64>,
    /// Its name in the cache.
    pub file_name: String,
}

/// Takes the bytes of a file while they come.
///
/// They are verified only when [`download`](crate::fetch::download) returns. An error from here ends it at once, so give one
/// only for what no other copy would cure (a full disk): bytes that make no sense are better
/// ignored until the digest has spoken.
pub trait Sink {
    /// All bytes so far were of a bad copy; the next is the file's first.
    fn restart(&mut self) -> io::Result<()>;

    /// The next bytes, in order.
    fn write(&mut self, chunk: &[u8]) -> io::Result<()>;
}

/// A sink for those who only want the file in the cache.
#[derive(Debug, Clone, Copy, Default)]
pub struct Discard;

/// A file that was had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Downloaded {
    /// The copy in the cache; a file of this machine is left where it is.
    pub path: PathBuf,
    /// Its digest, which is the one wanted if one was.
    pub sha256: Sha256,
    /// Its size in bytes.
    pub size: u64,
    /// Who served it; none when the kept copy was good.
    pub from: Option<Url>,
}

impl Downloaded {
    /// Who served it, for a record; a file that was here is the cache's.
    pub fn source(&self, file: &str) -> String {
        self.from.as_ref().map_or_else(|| format!("cache:{file}"), ToString::to_string)
    }
}

impl Sink for Discard {
    fn restart(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn write(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
}
