//! A world made of a few lines, for table tests here and in the manager: no disk, no process, no variable but these.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cell::Cell;

use crate::path;
use crate::world::Fault;
use crate::world::{File, FileId, World};

/// A world in memory, built by chaining. Directories above what is put in it come by themselves.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    nodes: BTreeMap<Vec<u8>, Node>,
    variables: BTreeMap<Vec<u8>, Vec<u8>>,
    here: Option<Vec<u8>>,
    process: u32,
    next: u64,
    asked: Cell<usize>,
    /// The directories in which this user may not search.
    denied: Vec<Vec<u8>>,
}

#[derive(Debug, Clone)]
struct Node {
    inode: u64,
    kind: Kind,
    owned: bool,
}

#[derive(Debug, Clone)]
enum Kind {
    File {
        content: Vec<u8>,
        runs: bool,
    },
    Directory,
    Link(Vec<u8>),
    /// A FIFO or a device.
    Special,
    /// A file that may not be read.
    Secret,
}

/// What `EACCES` is on Linux.
const DENIED: Fault = Fault(13);
/// As many links as Linux follows.
const LINKS: usize = 40;

impl Memory {
    /// An empty world, standing nowhere.
    pub fn new() -> Self {
        Self { process: 4711, ..Self::default() }
    }

    /// Stands in this directory, which is made.
    #[must_use]
    pub fn at(mut self, here: &str) -> Self {
        self.here = Some(here.as_bytes().to_vec());
        self.directory(here)
    }

    /// Has another process id.
    #[must_use]
    pub const fn as_process(mut self, process: u32) -> Self {
        self.process = process;
        self
    }

    /// Sets a variable.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.variables.insert(name.as_bytes().to_vec(), value.as_ref().to_vec());
        self
    }

    /// Puts a file that only reads.
    #[must_use]
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let content = content.as_ref().to_vec();
        self.with(path, Kind::File { content, runs: false })
    }

    /// Puts a file that runs.
    #[must_use]
    pub fn program(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let content = content.as_ref().to_vec();
        self.with(path, Kind::File { content, runs: true })
    }

    /// Makes a directory.
    #[must_use]
    pub fn directory(mut self, path: &str) -> Self {
        self.make(path.as_bytes());
        self
    }

    /// Puts a symbolic link.
    #[must_use]
    pub fn link(self, path: &str, target: &str) -> Self {
        self.with(path, Kind::Link(target.as_bytes().to_vec()))
    }

    /// Gives a file that is there a second name.
    #[must_use]
    pub fn hard_link(mut self, path: &str, existing: &str) -> Self {
        let node = self.node(existing.as_bytes()).cloned();
        if let Some(node) = node {
            let place = self.place(path.as_bytes());
            self.nodes.insert(place, node);
        }
        self
    }

    /// Puts what is no regular file.
    #[must_use]
    pub fn special(self, path: &str) -> Self {
        self.with(path, Kind::Special)
    }

    /// Puts a file that may not be read.
    #[must_use]
    pub fn secret(self, path: &str) -> Self {
        self.with(path, Kind::Secret)
    }

    /// Lets nobody into a directory: what is in it can neither be listed nor reached.
    #[must_use]
    pub fn denied(mut self, directory: &str) -> Self {
        self = self.directory(directory);
        self.denied.push(directory.as_bytes().to_vec());
        self
    }

    /// Makes what stands there somebody else's.
    #[must_use]
    pub fn foreign(mut self, path: &str) -> Self {
        if let Some(node) = self.nodes.get_mut(path.as_bytes()) {
            node.owned = false;
        }
        self
    }

    /// How often the machine was asked for anything but a variable.
    pub const fn asked(&self) -> usize {
        self.asked.get()
    }

    fn with(mut self, path: &str, kind: Kind) -> Self {
        let place = self.place(path.as_bytes());
        let node = self.fresh(kind);
        self.nodes.insert(place, node);
        self
    }

    fn fresh(&mut self, kind: Kind) -> Node {
        self.next += 1;
        Node { inode: self.next, kind, owned: true }
    }

    /// Where a new entry goes: its directory with links followed, made when it is not there.
    fn place(&mut self, path: &[u8]) -> Vec<u8> {
        let Some(parent) = path::parent(path) else {
            return path.to_vec();
        };
        self.make(parent);
        let parent = self.follow(parent).unwrap_or_else(|| parent.to_vec());
        path::join(&parent, path::name(path))
    }

    fn make(&mut self, path: &[u8]) {
        if self.follow(path).is_some() {
            return;
        }
        let place = self.place(path);
        let node = self.fresh(Kind::Directory);
        self.nodes.insert(place, node);
    }

    /// The canonical path of what is there and can be reached.
    fn follow(&self, path: &[u8]) -> Option<Vec<u8>> {
        self.reach(path).filter(|place| !self.is_within_denied(place))
    }

    fn is_within_denied(&self, place: &[u8]) -> bool {
        let mut above = path::parent(place);
        core::iter::from_fn(|| {
            let directory = above?;
            above = path::parent(directory);
            Some(directory)
        })
        .any(|directory| self.denied.iter().any(|denied| denied == directory))
    }

    /// Whether permission is what is missing.
    fn is_denied(&self, path: &[u8]) -> bool {
        self.reach(path).is_some_and(|place| self.is_within_denied(&place))
    }

    fn reach(&self, path: &[u8]) -> Option<Vec<u8>> {
        let here = self.here.as_deref().unwrap_or(b"/");
        let mut path = if path::is_absolute(path) { path.to_vec() } else { path::join(here, path) };
        for _ in 0..LINKS {
            match self.walk(&path)? {
                Walk::Arrived(place) => return Some(place),
                Walk::Again(elsewhere) => path = elsewhere,
            }
        }
        None
    }

    /// Component by component, until the end or the first link.
    fn walk(&self, path: &[u8]) -> Option<Walk> {
        let mut place = b"/".to_vec();
        let mut parts =
            path.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".");
        while let Some(part) = parts.next() {
            if part == b".." {
                place = path::parent(&place).unwrap_or(b"/").to_vec();
                continue;
            }
            let next = path::join(&place, part);
            if let Kind::Link(target) = &self.nodes.get(&next)?.kind {
                let start = if path::is_absolute(target) {
                    target.clone()
                } else {
                    path::join(&place, target)
                };
                return Some(Walk::Again(parts.fold(start, |path, part| path::join(&path, part))));
            }
            place = next;
        }
        Some(Walk::Arrived(place))
    }

    fn node(&self, path: &[u8]) -> Option<&Node> {
        self.nodes.get(&self.follow(path)?)
    }

    fn ask(&self) {
        self.asked.set(self.asked.get() + 1);
    }
}

enum Walk {
    Arrived(Vec<u8>),
    Again(Vec<u8>),
}

impl World for Memory {
    fn read(&self, path: &[u8], limit: usize) -> Result<Option<Vec<u8>>, Fault> {
        self.ask();
        if self.is_denied(path) {
            return Err(DENIED);
        }
        match self.node(path).map(|node| &node.kind) {
            Some(Kind::File { content, .. }) => {
                Ok(Some(content.iter().copied().take(limit).collect()))
            }
            Some(Kind::Secret) => Err(DENIED),
            Some(Kind::Directory | Kind::Link(_) | Kind::Special) | None => Ok(None),
        }
    }

    fn list(&self, directory: &[u8]) -> Result<Vec<Vec<u8>>, Fault> {
        self.ask();
        let is_denied = |place: &Vec<u8>| self.denied.contains(place);
        if self.is_denied(directory) || self.follow(directory).as_ref().is_some_and(is_denied) {
            return Err(DENIED);
        }
        let Some(directory) = self.follow(directory) else {
            return Ok(Vec::new());
        };
        Ok(self
            .nodes
            .keys()
            .filter(|path| path::parent(path) == Some(&directory))
            .map(|path| path::name(path).to_vec())
            .collect())
    }

    fn raw_variable(&self, name: &[u8]) -> Option<Cow<'_, [u8]>> {
        self.variables.get(name).map(|value| Cow::Borrowed(value.as_slice()))
    }

    fn executable(&self, path: &[u8]) -> Option<File> {
        self.ask();
        let node = self.node(path)?;
        let Kind::File { content, runs: true } = &node.kind else {
            return None;
        };
        Some(File {
            id: FileId { device: 1, inode: node.inode },
            size: u64::try_from(content.len()).unwrap_or(u64::MAX),
        })
    }

    fn directory(&self, path: &[u8]) -> Option<FileId> {
        self.ask();
        let place = self.follow(path)?;
        let inode = match self.nodes.get(&place) {
            Some(Node { inode, kind: Kind::Directory, .. }) => *inode,
            None if place == b"/" => 0,
            Some(_) | None => return None,
        };
        Some(FileId { device: 1, inode })
    }

    fn canonical(&self, path: &[u8]) -> Option<Vec<u8>> {
        self.ask();
        self.follow(path)
    }

    fn working_directory(&self) -> Option<Vec<u8>> {
        self.ask();
        self.follow(self.here.as_deref()?)
    }

    fn process(&self) -> u32 {
        self.process
    }

    fn owned(&self, path: &[u8]) -> bool {
        self.ask();
        self.node(path).is_some_and(|node| node.owned)
    }
}
