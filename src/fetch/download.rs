//! One file into the cache, and through a sink on its way.

use std::io;
use std::path::{Path, PathBuf};

use crate::fetch::client::Client;
use crate::fetch::digest::Sha256;
use crate::fetch::entry::Entry;
use crate::fetch::error::Error;
use crate::fetch::local;
use crate::fetch::lock::Lock;
use crate::fetch::outlet::Outlet;
use crate::fetch::queue::Queue;
use crate::fetch::transfer::Transfer;
use crate::fetch::url::Url;
use crate::progress::Progress;

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
/// They are verified only when [`download`] returns. An error from here ends it at once, so give one
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

impl Sink for Discard {
    fn restart(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn write(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
}

/// Brings the file: the kept copy when it is good, else the first source that serves it.
///
/// What comes is written beside its place in the cache and renamed there once the digest matched.
/// A part that is left by a drop, an interruption or a kill is gone on with, whoever serves the
/// rest. Two processes that want the same file fetch it once. Without a digest neither the kept
/// copy nor a part of an earlier run is trusted.
pub fn download(
    client: &Client,
    wanted: &Wanted,
    cache: &Path,
    sink: &mut dyn Sink,
    progress: &dyn Progress,
) -> Result<Downloaded, Error> {
    let mut entry = Entry::new(cache, &wanted.file_name)?;
    let task = progress.begin(&wanted.file_name, wanted.size);
    let mut outlet = Outlet::new(sink, progress, task);
    if let Some(kept) = kept(&entry, wanted, &mut outlet)? {
        return Ok(kept);
    }
    let mut queue = Queue::new(client, wanted, progress);
    while let Some(source) = queue.next_local() {
        let path = source.url.local().unwrap_or(cache);
        match local::read(path, wanted.sha256, &mut outlet)? {
            Ok(found) => {
                queue.served();
                return Ok(found);
            }
            Err(reason) => queue.give_up(source, reason),
        }
    }
    let Some(first) = queue.next() else {
        return Err(queue.unserved(&wanted.file_name));
    };
    queue.put_first(first);
    entry.make_room()?;
    let lock = Lock::take(&entry, progress)?;
    if !lock.is_held() {
        entry.keep_apart();
    }
    // Another may have fetched it since it was looked for.
    if let Some(kept) = kept(&entry, wanted, &mut outlet)? {
        return Ok(kept);
    }
    Transfer::new(client, wanted, &entry, outlet, queue)?.run()
}

fn kept(
    entry: &Entry,
    wanted: &Wanted,
    outlet: &mut Outlet<'_>,
) -> Result<Option<Downloaded>, Error> {
    match wanted.sha256 {
        Some(expected) => entry.reuse(expected, outlet),
        None => Ok(None),
    }
}
