//! A prefix that stands anywhere in a tree's files, in programs too, exchanged for another of the same length.
//!
//! With equal lengths nothing moves inside a file: compiled modules, sizes and dates stay right, and no format
//! need be known. Text that is only ever written to known places is `relocate`'s.

use std::ffi::OsString;
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use memchr::memmem;

use super::stage::Stage;
use super::{Error, system};
use crate::disk::{self, Begun, Directory, Kind, Step};
use crate::inventory::Places;
use crate::progress::Progress;
use crate::world;

/// Read at once.
const CHUNK: u64 = 1 << 20;

/// How a program for macOS begins.
const MACH_O: [u8; 4] = [0xcf, 0xfa, 0xed, 0xfe];

/// A place to make a tree in whose path is as long as the final one.
pub(super) struct Twin {
    /// Where the tree is to be made; nothing stands there yet.
    pub(super) tree: PathBuf,
    /// The directory around it, where that is not the stage: it goes when this is dropped.
    pub(super) around: Option<disk::Stage>,
}

/// A path as long as `prefix` where a tree can be made unseen: in the stage, else in the root, else beside a directory of
/// the user's own.
pub(super) fn twin(places: &Places, stage: &Stage, prefix: &Path) -> io::Result<Twin> {
    let length = world::bytes(prefix).len();
    if let Some(tree) = as_long(&stage.path("t"), length, 't') {
        return Ok(Twin { tree, around: None });
    }
    let in_versions = prefix.parent().is_none_or(|parent| *parent == places.versions());
    let (folder, names) = if in_versions {
        (Directory::make(places.root())?, vec![".pyman-t".to_owned()])
    } else {
        let folder = Directory::make(prefix.parent().unwrap_or(prefix))?;
        // One letter: with what is around it the path must be no longer than the one it stands for.
        (folder, ('a'..='z').map(String::from).collect())
    };
    for name in names {
        let Some(tree) = as_long(&folder.join(&name).join("t"), length, 't') else { break };
        let begun = disk::Stage::begin_named(folder.try_clone()?, OsString::from(name))?;
        if let Begun::Here(around) = begun {
            return Ok(Twin { tree, around: Some(around) });
        }
    }
    Err(io::Error::other(format!(
        "no place beside {} is as long and free: a name of three letters or more has one",
        prefix.display()
    )))
}

/// The path, its last part drawn out to `length` bytes; none when it is longer already.
fn as_long(path: &Path, length: usize, fill: char) -> Option<PathBuf> {
    let spare = length.checked_sub(world::bytes(path).len())?;
    let mut name = path.file_name()?.to_owned();
    name.push(fill.to_string().repeat(spare));
    Some(path.with_file_name(name))
}

/// What stands for what, each pair of one length.
#[derive(Debug)]
pub(super) struct Replacement {
    pairs: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Replacement {
    /// The tree that stands at `twin` is to name `prefix`; also where it named what the links on the way lead to.
    pub(super) fn new(twin: &Path, prefix: &Path) -> io::Result<Self> {
        let mut pairs = vec![(twin.to_owned(), prefix.to_owned())];
        if let (Some(folder), Some(name)) = (prefix.parent(), prefix.file_name()) {
            Directory::make(folder)?;
            if let (Some(twin), Some(folder)) = (disk::canonical(twin)?, disk::canonical(folder)?) {
                pairs.push((twin, folder.join(name)));
            }
        }
        let bytes = |path: PathBuf| world::bytes(&path).to_vec();
        let pairs = pairs.into_iter().map(|(former, latter)| (bytes(former), bytes(latter)));
        let mut pairs: Vec<_> =
            pairs.filter(|(former, latter)| former.len() == latter.len()).collect();
        pairs.dedup();
        Ok(Self { pairs })
    }

    /// Rewrites every file and link below `tree` that names the former prefix.
    pub(super) fn exchange(&self, tree: &Path, progress: &dyn Progress) -> Result<(), Error> {
        disk::walk(tree, &mut |path, entry| {
            let path = tree.join(path);
            match entry.kind {
                Kind::Directory if progress.interrupted() => return Err(Error::Interrupted),
                Kind::Link => self.link(&path)?,
                Kind::File => self.file(&path)?,
                Kind::Directory | Kind::Other => {}
            }
            Ok(Step::Into)
        })
    }

    fn link(&self, path: &Path) -> io::Result<()> {
        let Some(target) = disk::link_target(path)? else { return Ok(()) };
        let mut text = world::bytes(&target).to_vec();
        let places = self.places(text.as_slice())?;
        if places.is_empty() {
            return Ok(());
        }
        for (at, latter) in places {
            let at = usize::try_from(at).unwrap_or(usize::MAX);
            text.splice(at..at.saturating_add(latter.len()), latter.iter().copied());
        }
        match (path.parent(), path.file_name()) {
            (Some(folder), Some(name)) => Directory::open(folder)?.point(name, &world::path(&text)),
            _ => Ok(()),
        }
    }

    /// Writes into the file itself, so that all its hard links see it, and leaves it the date by which compiled
    /// modules know their source.
    fn file(&self, path: &Path) -> io::Result<()> {
        let Some(opened) = disk::open(path)? else { return Ok(()) };
        let places = self.places(opened)?;
        if places.is_empty() {
            return Ok(());
        }
        let mut is_program = false;
        disk::patch(path, &mut |file| {
            for (at, latter) in &places {
                file.seek(SeekFrom::Start(*at))?;
                file.write_all(latter)?;
            }
            let mut head = [0; MACH_O.len()];
            file.seek(SeekFrom::Start(0))?;
            is_program = file.read_exact(&mut head).is_ok() && head == MACH_O;
            Ok(())
        })?;
        if is_program { system::sign(path) } else { Ok(()) }
    }

    /// Where what is to be written.
    fn places(&self, mut reader: impl Read) -> io::Result<Vec<(u64, &[u8])>> {
        let longest = self.pairs.iter().map(|(former, _)| former.len()).max().unwrap_or_default();
        let mut found = Vec::new();
        let (mut begin, mut text) = (0_u64, Vec::new());
        while reader.by_ref().take(CHUNK).read_to_end(&mut text)? > 0 {
            for (former, latter) in &self.pairs {
                let places = memmem::find_iter(&text, former);
                found.extend(places.map(|at| (begin + at as u64, latter.as_slice())));
            }
            // What may be the beginning of an occurrence is looked at again with what follows.
            let done = text.len().saturating_sub(longest.saturating_sub(1));
            text.drain(..done);
            begin += done as u64;
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::super::checkpoint::Checkpoints;
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn a_twin_is_as_long_and_never_in_versions() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path());
        let stage = Stage::begin(&places, "i", &Checkpoints::default()).unwrap();
        for name in ["miniforge3-24.11.0-0", "c"] {
            let prefix = places.version(name);
            let made = twin(&places, &stage, &prefix).unwrap().tree;
            assert_eq!(world::bytes(&made).len(), world::bytes(&prefix).len(), "{name}");
            assert!(!made.starts_with(places.versions()), "{}", made.display());
        }
        let target = folder.path().join("conda");
        fs_err::create_dir(folder.path().join("a")).unwrap();
        fs_err::write(folder.path().join("a/mine"), "").unwrap();
        let beside = twin(&places, &stage, &target).unwrap();
        assert_eq!(beside.tree, folder.path().join("b/ttt"));
        drop(beside);
        assert!(!folder.path().join("b").try_exists().unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn programs_texts_and_links_name_the_other_prefix_and_keep_their_dates() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let (tree, prefix) = (folder.path().join("staged"), folder.path().join("proper"));
        let here = tree.display().to_string();
        fs_err::create_dir_all(tree.join("lib")).unwrap();
        let chunk = usize::try_from(CHUNK).unwrap();
        let across = "x".repeat(chunk - 7);
        let texts = [
            ("lib/a.pyc", format!("\0\u{1}{here}/lib/a.py\0{here}\0")),
            ("lib/across", format!("{across}{here}/x")),
            ("other", "nothing".to_owned()),
        ];
        for (name, text) in &texts {
            fs_err::write(tree.join(name), text).unwrap();
        }
        fs_err::os::unix::fs::symlink(tree.join("lib/a.pyc"), tree.join("link")).unwrap();
        fs_err::set_permissions(tree.join("lib/a.pyc"), std::fs::Permissions::from_mode(0o444))
            .unwrap();
        let metadata = || fs_err::metadata(tree.join("lib/a.pyc")).unwrap();
        let before = metadata();

        Replacement::new(&tree, &prefix).unwrap().exchange(&tree, &Silent).unwrap();
        for (name, text) in &texts {
            let now = fs_err::read_to_string(tree.join(name)).unwrap();
            assert!(now == text.replace(&here, &prefix.display().to_string()), "{name}");
        }
        assert_eq!(fs_err::read_link(tree.join("link")).unwrap(), prefix.join("lib/a.pyc"));
        assert_eq!(metadata().modified().unwrap(), before.modified().unwrap());
        assert_eq!(metadata().permissions(), before.permissions());
    }
}
