//! What may be unpacked, and where to: decided entry by entry, over names alone.
//!
//! Nothing here looks at the disk. The directory being filled is the unpacker's own, so what the
//! archive has made so far is all there is in it, and a set of names is the whole truth.

use std::collections::{HashMap, HashSet};

use super::error::Error;
use super::refusal::{Refusal, shown};
use super::system;

/// Longest path of an entry, in bytes.
const LONGEST: usize = 1024;

/// Longest single name, in bytes, as on every usual file system.
const LONGEST_NAME: usize = 255;

/// Most names in a path.
const DEEPEST: usize = 64;

/// Which modes survive: no setuid, no sticky bit, nothing for others to write.
const MODE: u32 = 0o755;

/// The rules for one archive.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// How much may come out of it; `None` for archives of one's own (`--trust`).
    pub limits: Option<Limits>,
    /// What is kept of it.
    pub root: Root,
}

/// How much may come out of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most decoded bytes, headers included.
    pub bytes: u64,
    /// Most times its own size…
    pub ratio: u64,
    /// …once it has given more than this many bytes.
    pub ratio_from: u64,
    /// Most files, links and directories.
    pub entries: u64,
}

/// Which part of an archive is kept; its path is taken off every name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Root {
    /// The one directory at its top, whatever its name.
    #[default]
    Single,
    /// The directory of this path, `python` or `python/install`; what else is in the same top
    /// directory is judged and passed over.
    Below(Vec<u8>),
}

/// An entry as the archive describes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'e> {
    pub(super) name: &'e [u8],
    pub(super) kind: Kind<'e>,
    pub(super) mode: u32,
}

/// The four kinds that are unpacked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind<'e> {
    File,
    Directory,
    Symlink {
        target: &'e [u8],
    },
    /// `target` is a name in the archive, counted from its top.
    HardLink {
        target: &'e [u8],
    },
}

/// What to do for an entry: paths are relative to the directory being filled.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Action {
    /// Directories to make first, outermost first.
    pub(super) parents: Vec<Vec<u8>>,
    pub(super) made: Made,
}

/// What an entry becomes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Made {
    Nothing,
    File {
        path: Vec<u8>,
        mode: u32,
    },
    /// `fresh` when it is not there yet.
    Directory {
        path: Vec<u8>,
        mode: u32,
        fresh: bool,
    },
    Symlink {
        path: Vec<u8>,
        target: Vec<u8>,
    },
    HardLink {
        path: Vec<u8>,
        original: Vec<u8>,
    },
}

/// What stands under a name by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Directory,
    File,
    Link,
}

/// Judges the entries of one archive in order.
pub(super) struct Judge<'p> {
    limits: Option<Limits>,
    /// The components above what is kept; none known yet for [`Root::Single`].
    above: Vec<Vec<u8>>,
    root: &'p Root,
    standing: HashMap<Vec<u8>, Standing>,
    /// Links by their name in small letters: where `A` and `a` are one name, a link is in the way of both.
    folded_links: HashSet<Vec<u8>>,
    /// The directory that the last entry lay in: the next mostly does too.
    last_parent: Vec<u8>,
    entries: u64,
    kept: bool,
}

impl Default for Limits {
    fn default() -> Self {
        const GIB: u64 = 1 << 30;
        Self {
            bytes: 4 * GIB,
            ratio: 200,
            ratio_from: GIB,
            entries: 60_000,
        }
    }
}

impl Policy {
    /// The limits of published archives, with this part kept.
    pub fn limited(root: Root) -> Self {
        Self {
            limits: Some(Limits::default()),
            root,
        }
    }
}

impl<'p> Judge<'p> {
    pub(super) fn new(policy: &'p Policy) -> Self {
        let above = match &policy.root {
            Root::Single => Vec::new(),
            Root::Below(path) => path
                .split(|byte| *byte == b'/')
                .map(<[u8]>::to_vec)
                .collect(),
        };
        Self {
            limits: policy.limits,
            above,
            root: &policy.root,
            standing: HashMap::new(),
            folded_links: HashSet::new(),
            last_parent: Vec::new(),
            entries: 0,
            kept: false,
        }
    }

    /// What to do for the next entry, or the rule that it breaks.
    pub(super) fn judge(&mut self, entry: &Entry<'_>) -> Result<Action, Refusal> {
        let nothing = Action {
            parents: Vec::new(),
            made: Made::Nothing,
        };
        self.count(1)?;
        let names = components(entry.name)?;
        let directory = matches!(entry.kind, Kind::Directory);
        if names.is_empty() && directory {
            return Ok(nothing); // `./`, which `tar c .` writes
        }
        let Some(inside) = self.below(&names, directory)? else {
            return Ok(nothing);
        };
        self.kept = true;
        let Some((_, ancestors)) = inside.split_last() else {
            return Ok(nothing); // the kept directory itself
        };
        let parents = self.enter(ancestors)?;
        let path = inside.join(&b'/');
        let made = match entry.kind {
            Kind::Directory => self.directory(path, entry.mode)?,
            Kind::File => {
                self.claim(&path, Standing::File)?;
                Made::File {
                    path,
                    mode: entry.mode & MODE,
                }
            }
            Kind::Symlink { target } => {
                inward(target, ancestors.len())?;
                self.claim(&path, Standing::Link)?;
                self.folded_links.insert(folded(&path));
                Made::Symlink {
                    path,
                    target: target.to_vec(),
                }
            }
            Kind::HardLink { target } => {
                let original = self.original(target)?;
                self.claim(&path, Standing::File)?;
                Made::HardLink { path, original }
            }
        };
        Ok(Action { parents, made })
    }

    /// The archive is at its end: there must have been something to keep.
    pub(super) fn finish(&self) -> Result<(), Error> {
        if self.kept {
            return Ok(());
        }
        Err(Error::Nothing(match self.root {
            Root::Single => "it".into(),
            Root::Below(path) => shown(path),
        }))
    }

    fn count(&mut self, more: u64) -> Result<(), Refusal> {
        self.entries = self.entries.saturating_add(more);
        match self.limits {
            Some(limits) if self.entries > limits.entries => Err(Refusal::TooMany(limits.entries)),
            Some(_) | None => Ok(()),
        }
    }

    /// The components below the kept directory; none when the entry is beside it.
    fn below<'n, 'e>(
        &mut self,
        names: &'n [&'e [u8]],
        directory: bool,
    ) -> Result<Option<&'n [&'e [u8]]>, Refusal> {
        let Some(top) = names.first() else {
            return Err(Refusal::Name("is empty"));
        };
        if self.above.is_empty() {
            self.above.push(top.to_vec());
        }
        let mut rest = names;
        for (depth, above) in self.above.iter().enumerate() {
            match rest.split_first() {
                Some((name, below)) if name == above => rest = below,
                Some(_) if depth == 0 => return Err(Refusal::OutsideTop(shown(above))),
                Some(_) | None => return Ok(None),
            }
        }
        if rest.is_empty() && !directory {
            return Err(Refusal::OutsideTop(shown(top)));
        }
        Ok(Some(rest))
    }

    /// Goes through the directories above an entry; gives those that are not there yet.
    fn enter(&mut self, ancestors: &[&[u8]]) -> Result<Vec<Vec<u8>>, Refusal> {
        let parent = ancestors.join(&b'/');
        let mut missing = Vec::new();
        if parent == self.last_parent {
            return Ok(missing);
        }
        let mut path = Vec::with_capacity(parent.len());
        for name in ancestors {
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(name);
            match self.standing.get(&path) {
                Some(Standing::Directory) => {}
                Some(Standing::Link) => return Err(Refusal::ThroughLink(shown(&path))),
                Some(Standing::File) => return Err(Refusal::ThroughFile(shown(&path))),
                None => {
                    self.fresh_directory(&path)?;
                    missing.push(path.clone());
                }
            }
        }
        self.count(missing.len() as u64)?;
        self.last_parent = parent;
        Ok(missing)
    }

    fn fresh_directory(&mut self, path: &[u8]) -> Result<(), Refusal> {
        if self.folded_links.contains(&folded(path)) {
            return Err(Refusal::ThroughLink(shown(path)));
        }
        self.standing.insert(path.to_vec(), Standing::Directory);
        Ok(())
    }

    /// A directory may be named after what is in it, and again.
    fn directory(&mut self, path: Vec<u8>, mode: u32) -> Result<Made, Refusal> {
        let fresh = match self.standing.get(&path) {
            None => true,
            Some(Standing::Directory) => false,
            Some(Standing::File | Standing::Link) => return Err(Refusal::Duplicate),
        };
        if fresh {
            self.fresh_directory(&path)?;
        }
        let mode = mode & MODE;
        Ok(Made::Directory { path, mode, fresh })
    }

    fn claim(&mut self, path: &[u8], standing: Standing) -> Result<(), Refusal> {
        match self.standing.insert(path.to_vec(), standing) {
            None => Ok(()),
            Some(_) => Err(Refusal::Duplicate),
        }
    }

    /// The file that a hard link repeats.
    fn original(&mut self, target: &[u8]) -> Result<Vec<u8>, Refusal> {
        let names = components(target).map_err(|_| Refusal::Target(shown(target)))?;
        let Ok(Some(inside)) = self.below(&names, false) else {
            return Err(Refusal::Target(shown(target)));
        };
        let path = inside.join(&b'/');
        match self.standing.get(&path) {
            Some(Standing::File) => Ok(path),
            Some(Standing::Directory | Standing::Link) | None => {
                Err(Refusal::Original(shown(target)))
            }
        }
    }
}

/// The names in a path. A slash doubled or at the end and a `.` change nothing and are dropped.
fn components(path: &[u8]) -> Result<Vec<&[u8]>, Refusal> {
    if path.is_empty() {
        return Err(Refusal::Name("is empty"));
    }
    if path.starts_with(b"/") {
        return Err(Refusal::Name("is absolute"));
    }
    if path.len() > LONGEST {
        return Err(Refusal::Path("long"));
    }
    if path.iter().any(u8::is_ascii_control) {
        return Err(Refusal::Name("has control characters"));
    }
    if path.contains(&b'\\') {
        return Err(Refusal::Name("has a backslash"));
    }
    let mut names = Vec::new();
    for name in path.split(|byte| *byte == b'/') {
        match name {
            b"" | b"." => continue,
            b".." => return Err(Refusal::Name("has `..'")),
            _ if name.len() > LONGEST_NAME => return Err(Refusal::Path("long")),
            _ => {}
        }
        if let Some(reason) = system::unusable(name) {
            return Err(Refusal::Name(reason));
        }
        names.push(name);
    }
    if names.len() > DEEPEST {
        return Err(Refusal::Path("deep"));
    }
    Ok(names)
}

/// A symbolic link may climb no higher than the tree and must then only descend: after a name,
/// `..` means the parent of wherever that name leads, which no reading of the text can tell.
fn inward(target: &[u8], depth: usize) -> Result<(), Refusal> {
    let leads_out = || Refusal::Target(shown(target));
    let control = target.iter().any(u8::is_ascii_control);
    if control || target.is_empty() || target.len() > LONGEST {
        return Err(leads_out());
    }
    if target.starts_with(b"/") || target.contains(&b'\\') {
        return Err(leads_out());
    }
    let (mut climbed, mut descending) = (0, false);
    for name in target.split(|byte| *byte == b'/') {
        match name {
            b"" | b"." => {}
            b".." if descending || climbed == depth => return Err(leads_out()),
            b".." => climbed += 1,
            _ if system::unusable(name).is_some() => return Err(leads_out()),
            _ => descending = true,
        }
    }
    Ok(())
}

fn folded(path: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(path).to_lowercase().into_bytes()
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
