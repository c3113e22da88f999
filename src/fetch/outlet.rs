//! Where bytes go as they come: the hasher, the sink and the bar move together.

use std::io::{self, Read};

use crate::fetch::digest::{Hasher, Sha256};
use crate::fetch::error::Error;
use crate::fetch::wanted::Sink;
use crate::progress::{Progress, Task};

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

    /// The next bytes of the copy.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.progress.interrupted() {
            return Err(Error::Interrupted);
        }
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
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(Ok(())),
                Ok(count) => self.take(buffer.get(..count).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Ok(Err(error)),
            }
        }
    }
}
