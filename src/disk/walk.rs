//! Every entry below a directory, no link followed.

use std::io;
use std::path::{Path, PathBuf};

use super::entry::{Entry, Kind};
use super::look::entries;

/// Whether to go into a directory that was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// What is in it comes too.
    Into,
    /// Its contents are of no interest.
    Over,
}

/// Visits what is below `top`, each with its path relative to it, directories before what is in them. The first error of
/// `visit` ends the walk; what it says of anything but a directory does not matter.
pub(crate) fn walk<E: From<io::Error>>(
    top: &Path,
    visit: &mut dyn FnMut(&Path, &Entry) -> Result<Step, E>,
) -> Result<(), E> {
    let mut pending = vec![PathBuf::new()];
    while let Some(directory) = pending.pop() {
        for entry in entries(&top.join(&directory))? {
            let path = directory.join(&entry.name);
            if visit(&path, &entry)? == Step::Into && entry.kind == Kind::Directory {
                pending.push(path);
            }
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn links_are_met_and_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs_err::create_dir_all(at("a/b")).unwrap();
        fs_err::create_dir_all(at("over/hidden")).unwrap();
        fs_err::write(at("a/b/file"), "").unwrap();
        fs_err::os::unix::fs::symlink("..", at("a/link")).unwrap();
        let mut met = Vec::new();
        walk::<io::Error>(folder.path(), &mut |path, entry| {
            met.push((path.to_owned(), entry.kind));
            Ok(if path == Path::new("over") { Step::Over } else { Step::Into })
        })
        .unwrap();
        met.sort_by(|one, other| one.0.cmp(&other.0));
        let expected = [
            ("a", Kind::Directory),
            ("a/b", Kind::Directory),
            ("a/b/file", Kind::File),
            ("a/link", Kind::Link),
            ("over", Kind::Directory),
        ];
        assert_eq!(met, expected.map(|(path, kind)| (PathBuf::from(path), kind)));
    }
}
