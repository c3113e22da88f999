//! An archive is unpacked while it comes: hashed and fetched here, decoded and written by a second thread.
//!
//! What was unpacked counts only when the digest matched; a bad copy is thrown away and the next one unpacked.

use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, Scope, ScopedJoinHandle};

use super::checkpoint::{Checkpoints, Moment};
use super::{Error, Session};
use crate::archive::{self, Format, Policy, Unpacked};
use crate::disk;
use crate::fetch::{self, Downloaded, Sink, Wanted};
use crate::progress::Progress;

/// Chunks on their way between the threads: enough to keep both busy, little to hold in memory.
const AHEAD: usize = 8;

/// Fetches `wanted` and unpacks it into `tree`.
pub(super) fn fetch_and_unpack(
    session: &Session<'_>,
    wanted: &Wanted,
    format: Format,
    policy: &Policy,
    tree: &Path,
) -> Result<Downloaded, Error> {
    thread::scope(|scope| {
        let work = Work { format, tree, policy, progress: session.progress };
        let (state, checkpoints) = (work.begin(scope)?, session.checkpoints);
        let mut unpacking = Unpacking { scope, work, state, checkpoints };
        let downloaded = fetch::download(
            session.client,
            wanted,
            session.cache,
            &mut unpacking,
            session.progress,
        );
        let unpacked = unpacking.state.end();
        match (downloaded, unpacked) {
            (Ok(downloaded), Ok(_)) => Ok(downloaded),
            // The sink gave up: what the unpacking met is the reason.
            (Ok(_) | Err(fetch::Error::Sink(_)), Err(error)) => Err(error.into()),
            (Err(error), _) => Err(error.into()),
        }
    })
}

/// What an unpacking thread is given.
#[derive(Clone, Copy)]
struct Work<'a> {
    format: Format,
    tree: &'a Path,
    policy: &'a Policy,
    progress: &'a dyn Progress,
}

/// The unpacking of the copy that is coming now.
struct Unpacking<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    work: Work<'scope>,
    state: State<'scope>,
    checkpoints: &'scope Checkpoints,
}

enum State<'scope> {
    Running(SyncSender<Vec<u8>>, ScopedJoinHandle<'scope, Result<Unpacked, archive::Error>>),
    /// It ended before the bytes did: well (nothing was to follow), or with an error that the digest may yet explain.
    Over(Result<Unpacked, archive::Error>),
}

impl<'scope> Work<'scope> {
    fn begin(self, scope: &'scope Scope<'scope, '_>) -> io::Result<State<'scope>> {
        let (sender, receiver) = sync_channel(AHEAD);
        let chunks = Chunks { receiver, current: io::Cursor::new(Vec::new()) };
        let thread = thread::Builder::new().spawn_scoped(scope, move || {
            archive::unpack(chunks, self.format, self.tree, self.policy, self.progress)
        })?;
        Ok(State::Running(sender, thread))
    }
}

impl State<'_> {
    /// Lets the thread come to its end, which it does when no bytes can follow.
    fn end(self) -> Result<Unpacked, archive::Error> {
        match self {
            Self::Running(sender, thread) => {
                drop(sender);
                thread.join().unwrap_or_else(|_| {
                    Err(archive::Error::Disk(io::Error::other("the unpacking thread died")))
                })
            }
            Self::Over(result) => result,
        }
    }
}

impl Unpacking<'_, '_> {
    fn take(&mut self) -> State<'_> {
        std::mem::replace(&mut self.state, State::Over(Ok(Unpacked::default())))
    }
}

impl Sink for Unpacking<'_, '_> {
    fn restart(&mut self) -> io::Result<()> {
        // What became of the bad copy does not matter.
        drop(self.take().end());
        disk::remove(self.work.tree)?;
        self.state = self.work.begin(self.scope)?;
        Ok(())
    }

    fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        let State::Running(sender, _) = &self.state else {
            // It ended early: what still comes is read for its digest alone.
            return Ok(());
        };
        if sender.send(chunk.to_vec()).is_ok() {
            self.checkpoints.reach(Moment::Unpacking);
            return Ok(());
        }
        let result = self.take().end();
        // Any other error may be the bytes' fault, of which the digest tells at the end.
        let hopeless = matches!(result, Err(archive::Error::Disk(_) | archive::Error::Interrupted));
        self.state = State::Over(result);
        if hopeless { Err(io::Error::other("unpacking has ended")) } else { Ok(()) }
    }
}

/// The chunks of a channel as one stream.
struct Chunks {
    receiver: Receiver<Vec<u8>>,
    current: io::Cursor<Vec<u8>>,
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.current.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            match self.receiver.recv() {
                Ok(chunk) => self.current = io::Cursor::new(chunk),
                Err(_) => return Ok(0),
            }
        }
    }
}
