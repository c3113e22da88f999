//! Counts what a tree holds that is not meant to change, so that a tree torn by a power cut is known later.

use std::io;
use std::path::Path;

use crate::disk::{self, Kind, Step};
use crate::inventory::Tree;

/// Directories that live: caches, what pip installs, manual pages it adds.
const LIVING: [&str; 6] = ["__pycache__", "site-packages", "share", "envs", "etc", ".pyman"];

/// The regular files below `tree` and their sizes; without `bin/`, caches and installed packages.
pub(crate) fn census(tree: &Path) -> io::Result<Tree> {
    let mut count = Tree::default();
    disk::walk::<io::Error>(tree, &mut |path, entry| {
        let at_top = path.parent().is_none_or(|folder| folder.as_os_str().is_empty());
        let living = LIVING.iter().any(|living| entry.name == *living);
        match entry.kind {
            Kind::Directory if living || (at_top && entry.name == "bin") => return Ok(Step::Over),
            Kind::File if !at_top => {
                count.files += 1;
                count.bytes += disk::look(&tree.join(path))?.map_or(0, |found| found.size);
            }
            Kind::Directory | Kind::File | Kind::Link | Kind::Other => {}
        }
        Ok(Step::Into)
    })?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_in_use_is_not_counted_and_what_is_torn_shows() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        };
        write("lib/python3.12/os.py", "12345");
        write("lib/libpython3.12.so", "123");
        let before = census(folder.path()).unwrap();
        assert_eq!(before, Tree { files: 2, bytes: 8 });
        write("lib/python3.12/__pycache__/os.pyc", "x");
        write("lib/python3.12/site-packages/six.py", "x");
        write("bin/six", "x");
        assert_eq!(census(folder.path()).unwrap(), before);
        write("lib/python3.12/os.py", "");
        assert_ne!(census(folder.path()).unwrap(), before);
    }
}
