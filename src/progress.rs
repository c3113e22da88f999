//! What long work tells whoever watches it, and the one thing it asks: whether to stop.
//!
//! `fetch`, `archive`, `install` and `environment` report here; only `cli` draws.

use std::io::{self, Read};

/// Whoever watches work being done. Shared by threads.
pub trait Progress: Sync {
    /// A piece of work begins; `total` is its size in bytes when known.
    fn begin(&self, label: &str, total: Option<u64>) -> Box<dyn Task>;

    /// One line for people, said once (a fall-back taken, a retry, a wait).
    fn note(&self, line: &str);

    /// Whether the user asked to stop: work returns its `Interrupted` error at the next chunk.
    fn interrupted(&self) -> bool;
}

/// One piece of work under way; dropped when it ends, well or badly.
pub trait Task: Send {
    /// The size in bytes became known, or changed.
    fn total(&self, bytes: u64);

    /// Stands now at this many bytes.
    fn position(&self, bytes: u64);

    /// Comes from there: the host that serves it. Said when its bytes begin to come, and again when another goes on.
    fn source(&self, _host: &str) {}

    /// What is being done now, in a word or two: `unpacking`, `make`.
    fn phase(&self, text: &str);
}

/// A reader that ends with an error once the user asks to stop: whoever gets one asks [`Progress::interrupted`] why.
pub struct Heeding<'a, R> {
    inner: R,
    progress: &'a dyn Progress,
}

impl<'a, R> Heeding<'a, R> {
    /// Reads what `inner` does.
    pub fn new(inner: R, progress: &'a dyn Progress) -> Self {
        Self { inner, progress }
    }
}

impl<R: Read> Read for Heeding<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.progress.interrupted() {
            return Err(io::Error::other("interrupted"));
        }
        self.inner.read(buffer)
    }
}

/// Nobody watches and nobody interrupts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: Option<u64>) -> Box<dyn Task> {
        Box::new(Self)
    }

    fn note(&self, _: &str) {}

    fn interrupted(&self) -> bool {
        false
    }
}

impl Task for Silent {
    fn total(&self, _: u64) {}
    fn position(&self, _: u64) {}
    fn phase(&self, _: &str) {}
}
