//! One file into the cache, and through a sink on its way.

use std::path::Path;

use crate::fetch::client::Client;
use crate::fetch::entry::Entry;
use crate::fetch::error::Error;
use crate::fetch::sources::{self, Queue};
use crate::fetch::transfer::Transfer;
use crate::fetch::wanted::{Downloaded, Outlet, Sink, Wanted};
use crate::progress::Progress;

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
    // Files of this machine that come first need neither a lock nor a partial copy.
    while let Some(source) = queue.next_local() {
        let path = source.url.local().unwrap_or(cache);
        match sources::read_local(path, wanted.sha256, &mut outlet)? {
            Ok(found) => {
                queue.served();
                return Ok(found);
            }
            Err(reason) => queue.give_up(source, reason),
        }
    }
    // Where there is nobody to ask, that is said without making a cache or waiting for a lock.
    let Some(first) = queue.next() else {
        return Err(queue.unserved(&wanted.file_name));
    };
    queue.put_first(first);
    let _lock = entry.lock(progress)?;
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
    let (Some(expected), Some(room)) = (wanted.sha256, entry.open()?) else { return Ok(None) };
    room.reuse(expected, outlet)
}
