//! The readers around the decoder: they count, keep the limits of size, hear the user's stop, and
//! remember which of them an error came from (decoders and the tar reader only pass it on).

use std::cell::{Cell, RefCell};
use std::io::{self, BufReader, Read};

use crate::archive::error::Error;
use crate::archive::judge::Limits;
use crate::progress::Progress;

/// What the two readers know together.
pub(super) struct Watch<'a> {
    limits: Option<Limits>,
    progress: &'a dyn Progress,
    /// Compressed bytes taken from the source.
    taken: Cell<u64>,
    /// Decoded bytes given to the unpacker.
    given: Cell<u64>,
    /// The decoder said that its input is at its end.
    ended: Cell<bool>,
    cause: RefCell<Option<Error>>,
}

/// Below the decoder: the archive as it was published.
pub(super) struct Source<'w, 'a, R> {
    watch: &'w Watch<'a>,
    inner: R,
}

/// Above the decoder: the archive as entries and contents.
pub(super) struct Stream<'w, 'a, R> {
    watch: &'w Watch<'a>,
    inner: R,
}

impl<'a> Watch<'a> {
    pub(super) fn new(limits: Option<Limits>, progress: &'a dyn Progress) -> Self {
        Self {
            limits,
            progress,
            taken: Cell::new(0),
            given: Cell::new(0),
            ended: Cell::new(false),
            cause: RefCell::new(None),
        }
    }

    pub(super) fn source<R: Read>(&self, inner: R) -> Source<'_, 'a, R> {
        Source { watch: self, inner }
    }

    /// Headers are read from the buffer, the bulk of a large file past it.
    pub(super) fn stream<R: Read>(&self, inner: R) -> BufReader<Stream<'_, 'a, R>> {
        BufReader::with_capacity(64 * 1024, Stream { watch: self, inner })
    }

    /// The decoder has nothing more to give.
    pub(super) fn ended(&self) -> bool {
        self.ended.get()
    }

    /// Says how many compressed bytes there are, where they are not read through a [`Source`].
    pub(super) fn took(&self, bytes: u64) {
        self.taken.set(bytes);
    }

    /// What an error that came up through the decoder is: ours, the source's, else damage.
    pub(super) fn explain(&self, error: &io::Error) -> Error {
        self.cause.take().unwrap_or_else(|| Error::Damaged(error.to_string()))
    }

    /// What an error of copying is: ours, the source's, else the disk's.
    pub(super) fn or_disk(&self, error: io::Error) -> Error {
        self.cause.take().unwrap_or(Error::Disk(error))
    }

    /// A header promises this many bytes: too many are refused before the first is written.
    pub(super) fn expect(&self, size: u64) -> Result<(), Error> {
        match self.limits {
            Some(limits) if size > limits.bytes.saturating_sub(self.given.get()) => {
                Err(too_large(limits))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Remembers the cause, and gives the error that tells the decoder to stop.
    fn stop(&self, cause: Error) -> io::Error {
        self.cause.replace(Some(cause));
        io::Error::other("stopped")
    }

    fn check(&self) -> Result<(), Error> {
        if self.progress.interrupted() {
            return Err(Error::Interrupted);
        }
        let Some(limits) = self.limits else {
            return Ok(());
        };
        let given = self.given.get();
        if given > limits.bytes {
            return Err(too_large(limits));
        }
        // Divided: a product of numbers that an archive chose may overflow.
        if given > limits.ratio_from && given / limits.ratio > self.taken.get() {
            return Err(Error::TooLarge(format!("{} times its own size", limits.ratio)));
        }
        Ok(())
    }
}

fn too_large(limits: Limits) -> Error {
    Error::TooLarge(format!("{} bytes", limits.bytes))
}

impl<R: Read> Read for Source<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(count) => {
                let taken = self.watch.taken.get().saturating_add(count as u64);
                self.watch.taken.set(taken);
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => Err(self.watch.stop(Error::Source(error))),
        }
    }
}

impl<R: Read> Read for Stream<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Err(cause) = self.watch.check() {
            return Err(self.watch.stop(cause));
        }
        let count = self.inner.read(buffer)?;
        let given = self.watch.given.get().saturating_add(count as u64);
        self.watch.given.set(given);
        if count == 0 && !buffer.is_empty() {
            self.watch.ended.set(true);
        }
        Ok(count)
    }
}
