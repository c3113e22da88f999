//! A file to be had, who takes its bytes on the way, and what was had; where bytes go as they come: the hasher, the sink
//! and the bar move together.

use std::io::{self, Read};
use std::path::PathBuf;

use crate::fetch::digest::{Hasher, Sha256};
use crate::fetch::error::Error;
use crate::fetch::url::Url;
use crate::progress::{Progress, Task};

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

/// How much of a file is read at once.
const CHUNK: usize = 256 * 1024;

/// Everyone who is told of each byte, and how many that were.
pub(super) struct Outlet<'a> {
    sink: &'a mut dyn Sink,
    progress: &'a dyn Progress,
    task: Box<dyn Task>,
    hasher: Hasher,
    position: u64,
}

impl<'a> Outlet<'a> {
    pub(super) fn new(
        sink: &'a mut dyn Sink,
        progress: &'a dyn Progress,
        task: Box<dyn Task>,
    ) -> Self {
        Self { sink, progress, task, hasher: Hasher::default(), position: 0 }
    }

    pub(super) fn progress(&self) -> &'a dyn Progress {
        self.progress
    }

    /// How many bytes of the present copy were taken.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    pub(super) fn digest(&self) -> Sha256 {
        self.hasher.clone().finish()
    }

    pub(super) fn expect(&self, total: u64) {
        self.task.total(total);
    }

    /// What comes next is served by this place.
    pub(super) fn served_by(&self, url: &Url) {
        let shown = url.to_string();
        let place = shown.split_once("://").map_or(shown.as_str(), |(_, rest)| rest);
        self.task.source(place.split('/').next().unwrap_or(place));
    }

    /// An error when the user has asked to stop. Asked before bytes go anywhere: the file and the count stay of one mind.
    pub(super) fn go_on(&self) -> Result<(), Error> {
        if self.progress.interrupted() { Err(Error::Interrupted) } else { Ok(()) }
    }

    /// The next bytes of the copy.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.hasher.update(bytes);
        self.sink.write(bytes).map_err(Error::Sink)?;
        self.position = self.position.saturating_add(bytes.len() as u64);
        self.task.position(self.position);
        Ok(())
    }

    /// The bytes so far were of a bad copy: the next is the first again.
    pub(super) fn restart(&mut self) -> Result<(), Error> {
        if self.position > 0 {
            self.hasher = Hasher::default();
            self.position = 0;
            self.task.position(0);
            self.sink.restart().map_err(Error::Sink)?;
        }
        Ok(())
    }

    /// Takes everything the reader holds; what it says when it cannot be read is the inner error.
    pub(super) fn pour(&mut self, reader: &mut impl Read) -> Result<io::Result<()>, Error> {
        let mut buffer = vec![0; CHUNK];
        loop {
            self.go_on()?;
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(Ok(())),
                Ok(count) => self.take(buffer.get(..count).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Ok(Err(error)),
            }
        }
    }
}
