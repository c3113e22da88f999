//! Every fault of a network, injected for real by a loopback server, met through `pyman::fetch`.

mod cache;
mod documents;
mod faults;
mod refusals;
mod secrets;
mod sources;
mod trust;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use pyman::fetch::{
    Client, ClientOptions, Downloaded, Error, Patience, Sha256, Sink, Wanted, download,
};
use pyman::progress::{Progress, Silent, Task};

/// Bytes in which every place differs from every other.
fn noise(count: usize) -> Vec<u8> {
    let mut state: u32 = 0x9e37_79b9;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    (0..count).map(|_| next()).collect()
}

/// One file wanted, a cache of its own, and what came through the sink.
struct Case {
    directory: tempfile::TempDir,
    options: ClientOptions,
    wanted: Wanted,
    sink: Collected,
    progress: Watch,
}

/// A sink that keeps everything.
#[derive(Default)]
struct Collected {
    bytes: Vec<u8>,
    restarts: usize,
}

/// Keeps the notes, and interrupts when told to.
#[derive(Default)]
struct Watch {
    notes: Mutex<Vec<String>>,
    stop: AtomicBool,
}

impl Case {
    /// The file with these bytes, at these addresses; retried without pauses.
    fn new(body: &[u8], urls: &[String]) -> Self {
        let patience = Patience { pause: Duration::from_millis(1), ..Patience::default() };
        let wanted = Wanted {
            candidates: urls.iter().map(|url| url.parse().unwrap()).collect(),
            sha256: Some(Sha256::of(body)),
            size: None,
            file_name: "file.bin".to_owned(),
        };
        Self {
            directory: tempfile::tempdir().unwrap(),
            options: ClientOptions { patience, ..ClientOptions::default() },
            wanted,
            sink: Collected::default(),
            progress: Watch::default(),
        }
    }

    fn unpinned(mut self) -> Self {
        self.wanted.sha256 = None;
        self
    }

    /// Silence is death after this long.
    fn idle(mut self, idle: Duration) -> Self {
        self.options.patience.idle = idle;
        self
    }

    /// Silence is answered by the next source after this long.
    fn silence(mut self, silence: Duration) -> Self {
        self.options.patience.silence = silence;
        self
    }

    fn cache(&self) -> PathBuf {
        self.directory.path().join("cache")
    }

    /// Fetches with a client of its own, as one run of the program.
    fn run(&mut self) -> Result<Downloaded, Error> {
        self.run_with(&Client::new(self.options.clone()))
    }

    fn run_with(&mut self, client: &Client) -> Result<Downloaded, Error> {
        self.sink = Collected::default();
        download(client, &self.wanted, &self.cache(), &mut self.sink, &self.progress)
    }

    /// The names in the cache.
    fn kept(&self) -> Vec<String> {
        names(&self.cache())
    }

    /// Asserts that the file came, once through the sink and once into the cache, and nothing else.
    #[track_caller]
    fn served(&mut self, body: &[u8]) -> Downloaded {
        let found = self.run().unwrap();
        assert!(self.sink.bytes == body, "the sink got other bytes");
        assert_eq!(self.kept(), ["file.bin"]);
        assert!(std::fs::read(self.cache().join("file.bin")).unwrap() == body);
        assert_eq!((found.sha256, found.size), (Sha256::of(body), body.len() as u64));
        found
    }

    /// Asserts that no source served it, and that nothing under the file's name was published.
    #[track_caller]
    fn refused(&mut self) -> Error {
        let error = self.run().unwrap_err();
        assert!(!self.kept().contains(&"file.bin".to_owned()));
        error
    }
}

fn names(directory: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

impl Sink for Collected {
    fn restart(&mut self) -> io::Result<()> {
        self.bytes.clear();
        self.restarts += 1;
        Ok(())
    }

    fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }
}

impl Progress for Watch {
    fn begin(&self, _: &str, _: Option<u64>) -> Box<dyn Task> {
        Box::new(Silent)
    }

    fn note(&self, line: &str) {
        self.notes.lock().unwrap().push(line.to_owned());
    }

    fn interrupted(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }
}
