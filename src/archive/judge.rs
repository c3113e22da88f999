//! What may be unpacked, and where to: the rules for an archive, and what they decide entry by entry, over names alone.

use std::collections::{HashMap, HashSet};

use crate::archive::error::{Error, Refusal, shown};
use crate::archive::names::{components, folded, inward};

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
    /// All of it, its names as they are.
    Whole,
    /// The directory of this path, `top` or `top/install`; what else is in the same top
    /// directory is judged and passed over.
    Below(Vec<u8>),
}

impl Default for Limits {
    fn default() -> Self {
        const GIB: u64 = 1 << 30;
        Self { bytes: 4 * GIB, ratio: 200, ratio_from: GIB, entries: 60_000 }
    }
}

impl Policy {
    /// The limits of published archives, with this part kept.
    pub fn limited(root: Root) -> Self {
        Self { limits: Some(Limits::default()), root }
    }
}

/// Which modes survive: no setuid, no sticky bit, nothing for others to write.
const MODE: u32 = 0o755;

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
enum Taken {
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
    taken: HashMap<Vec<u8>, Taken>,
    /// Links by their name in small letters: where `A` and `a` are one name, a link is in the way of both.
    folded_links: HashSet<Vec<u8>>,
    /// The directory that the last entry lay in: the next mostly does too.
    last_parent: Vec<u8>,
    entries: u64,
    kept: bool,
}

impl<'p> Judge<'p> {
    pub(super) fn new(policy: &'p Policy) -> Self {
        let above = match &policy.root {
            Root::Single | Root::Whole => Vec::new(),
            Root::Below(path) => path.split(|byte| *byte == b'/').map(<[u8]>::to_vec).collect(),
        };
        Self {
            limits: policy.limits,
            above,
            root: &policy.root,
            taken: HashMap::new(),
            folded_links: HashSet::new(),
            last_parent: Vec::new(),
            entries: 0,
            kept: false,
        }
    }

    /// What to do for the next entry, or the rule that it breaks.
    pub(super) fn judge(&mut self, entry: &Entry<'_>) -> Result<Action, Refusal> {
        let nothing = Action { parents: Vec::new(), made: Made::Nothing };
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
                self.claim(&path, Taken::File)?;
                Made::File { path, mode: entry.mode & MODE }
            }
            Kind::Symlink { target } => {
                inward(target, ancestors.len())?;
                self.claim(&path, Taken::Link)?;
                self.folded_links.insert(folded(&path));
                Made::Symlink { path, target: target.to_vec() }
            }
            Kind::HardLink { target } => {
                let original = self.original(target)?;
                self.claim(&path, Taken::File)?;
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
            Root::Single | Root::Whole => "it".into(),
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
        if *self.root == Root::Whole {
            return Ok(Some(names));
        }
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
            match self.taken.get(&path) {
                Some(Taken::Directory) => {}
                Some(Taken::Link) => return Err(Refusal::ThroughLink(shown(&path))),
                Some(Taken::File) => return Err(Refusal::ThroughFile(shown(&path))),
                None => {
                    self.fresh_directory(&path)?;
                    missing.push(path.clone());
                }
            }
        }
        // Those that no entry names count, too: otherwise one entry could make a whole path of them.
        self.count(missing.len() as u64)?;
        self.last_parent = parent;
        Ok(missing)
    }

    fn fresh_directory(&mut self, path: &[u8]) -> Result<(), Refusal> {
        if self.folded_links.contains(&folded(path)) {
            return Err(Refusal::ThroughLink(shown(path)));
        }
        self.taken.insert(path.to_vec(), Taken::Directory);
        Ok(())
    }

    /// A directory may be named after what is in it, and again.
    fn directory(&mut self, path: Vec<u8>, mode: u32) -> Result<Made, Refusal> {
        let fresh = match self.taken.get(&path) {
            None => true,
            Some(Taken::Directory) => false,
            Some(Taken::File | Taken::Link) => return Err(Refusal::Duplicate),
        };
        if fresh {
            self.fresh_directory(&path)?;
        }
        let mode = mode & MODE;
        Ok(Made::Directory { path, mode, fresh })
    }

    fn claim(&mut self, path: &[u8], taken: Taken) -> Result<(), Refusal> {
        // Of two of one name some readers keep the first and some the last: what was inspected may be the other.
        match self.taken.insert(path.to_vec(), taken) {
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
        match self.taken.get(&path) {
            Some(Taken::File) => Ok(path),
            Some(Taken::Directory | Taken::Link) | None => Err(Refusal::Original(shown(target))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(root: Root, entries: &[(&str, Kind<'_>)]) -> Result<Vec<Made>, (usize, Refusal)> {
        let policy = Policy::limited(root);
        let mut judge = Judge::new(&policy);
        let mut made = Vec::new();
        for (index, (name, kind)) in entries.iter().enumerate() {
            let entry = Entry { name: name.as_bytes(), kind: *kind, mode: 0o7777 };
            made.push(judge.judge(&entry).map_err(|refusal| (index, refusal))?.made);
        }
        Ok(made)
    }

    fn symlink(target: &str) -> Kind<'_> {
        Kind::Symlink { target: target.as_bytes() }
    }

    fn hard_link(target: &str) -> Kind<'_> {
        Kind::HardLink { target: target.as_bytes() }
    }

    #[test]
    fn the_top_is_a_directory() {
        let file = judged(Root::Single, &[("top", Kind::File)]);
        assert_eq!(file, Err((0, Refusal::OutsideTop("top".into()))));
        let nameless = judged(Root::Single, &[(".", Kind::File)]);
        assert_eq!(nameless, Err((0, Refusal::Name("is empty"))));
        let dot = judged(Root::Single, &[("./", Kind::Directory), ("./top/", Kind::Directory)]);
        assert_eq!(dot, Ok(vec![Made::Nothing, Made::Nothing]));
    }

    #[test]
    fn a_link_that_leads_out_is_refused() {
        let verdict = judged(Root::Single, &[("top/bin/l", symlink("../../x"))]);
        assert_eq!(verdict, Err((0, Refusal::Target("../../x".into()))));
    }

    #[test]
    fn a_second_top_directory_is_refused() {
        let entries = [("top/a", Kind::File), ("other/a", Kind::File)];
        let outside = Refusal::OutsideTop("top".into());
        assert_eq!(judged(Root::Single, &entries), Err((1, outside.clone())));
        let below = Root::Below(b"top".to_vec());
        assert_eq!(judged(below, &entries), Err((1, outside)));
    }

    #[test]
    fn only_the_wanted_part_is_kept() {
        let made = judged(
            Root::Below(b"top/install".to_vec()),
            &[
                ("top/BUILD.json", Kind::File),
                ("top/build/x.o", Kind::File),
                ("top/install/bin/tool", Kind::File),
            ],
        );
        let file = Made::File { path: b"bin/tool".to_vec(), mode: 0o755 };
        assert_eq!(made, Ok(vec![Made::Nothing, Made::Nothing, file]));
    }

    #[test]
    fn nothing_goes_through_a_link() {
        let through = |path: &str| Refusal::ThroughLink(path.into());
        let cases = [
            ("top/l/x", Kind::File, through("l")),
            ("top/l/x/", Kind::Directory, through("l")),
            ("top/l/x", symlink("y"), through("l")),
            ("top/L/x", Kind::File, through("L")),
            ("top/l", Kind::File, Refusal::Duplicate),
            ("top/l/", Kind::Directory, Refusal::Duplicate),
            ("top/h", hard_link("top/l"), Refusal::Original("top/l".into())),
        ];
        for (name, kind, expected) in cases {
            let entries = [("top/l", symlink("lib")), (name, kind)];
            assert_eq!(judged(Root::Single, &entries), Err((1, expected)), "{name}");
        }
    }

    #[test]
    fn a_name_is_given_once() {
        let cases = [
            ("top/a", Kind::File, Refusal::Duplicate),
            ("top/a", symlink("b"), Refusal::Duplicate),
            ("top/a", Kind::Directory, Refusal::Duplicate),
            ("top/./a", Kind::File, Refusal::Duplicate),
            ("top/a/b", Kind::File, Refusal::ThroughFile("a".into())),
        ];
        for (name, kind, expected) in cases {
            let entries = [("top/a", Kind::File), (name, kind)];
            assert_eq!(judged(Root::Single, &entries), Err((1, expected)), "{name}");
        }
    }

    #[test]
    fn names_that_differ_by_case_are_two() {
        let entries = [("top/e/x", Kind::File), ("top/E/X", Kind::File)];
        assert_eq!(judged(Root::Single, &entries).unwrap().len(), 2);
    }

    #[test]
    fn hard_links_repeat_a_file_that_is_there() {
        let cases = [
            ("top/a", Ok(b"a".to_vec())),
            ("./top/a", Ok(b"a".to_vec())),
            ("top/b", Err(Refusal::Original("top/b".into()))),
            ("a", Err(Refusal::Target("a".into()))),
            ("/etc/passwd", Err(Refusal::Target("/etc/passwd".into()))),
            ("top/../../x", Err(Refusal::Target("top/../../x".into()))),
        ];
        for (target, expected) in cases {
            let entries = [("top/a", Kind::File), ("top/h", hard_link(target))];
            let made = judged(Root::Single, &entries).map(|mut made| made.remove(1));
            let expected = expected
                .map(|original| Made::HardLink { path: b"h".to_vec(), original })
                .map_err(|refusal| (1, refusal));
            assert_eq!(made, expected, "{target}");
        }
    }

    #[test]
    fn directories_are_counted_with_the_entries() {
        let limits = Limits { entries: 5, ..Limits::default() };
        let policy = Policy { limits: Some(limits), root: Root::Single };
        let mut judge = Judge::new(&policy);
        let mut judge = |name: &str| {
            judge
                .judge(&Entry { name: name.as_bytes(), kind: Kind::File, mode: 0 })
                .map(|action| action.parents)
        };
        assert_eq!(judge("top/a/b/x"), Ok(vec![b"a".to_vec(), b"a/b".to_vec()]));
        assert_eq!(judge("top/a/b/y"), Ok(vec![]));
        assert_eq!(judge("top/c/x"), Err(Refusal::TooMany(5)));
    }
}
