//! Directories of what can be had again, tagged as such: <https://bford.info/cachedir/>.
//!
//! The tag says who made the directory, too. One that a person had before is no place of ours, whatever a variable or a
//! setting calls it: we keep things there, and remove nothing.

use std::io;
use std::path::Path;

use super::replace::is_temporary;
use super::{Directory, Privacy};

/// The name of the tag, in every such directory of every program.
pub(crate) const TAG: &str = "CACHEDIR.TAG";
/// What it holds: the signature that the convention asks for, and whose it is.
const TEXT: &[u8] =
    b"Signature: 8a477f597d28d172789f06886806bc55\n# This directory was made by pyman.\n";

impl Directory {
    /// Opens a cache at a path, as [`Directory::at`]; it and those above it are made if need be. One with nothing in it is
    /// tagged.
    pub fn make_cache(path: &Path) -> io::Result<Self> {
        let cache = Self::make_at(path)?;
        if cache.look(TAG)?.is_none()
            && cache.entries()?.iter().all(|entry| is_temporary(&entry.name))
        {
            cache.replace(TAG, TEXT, Privacy::Shared)?;
        }
        Ok(cache)
    }

    /// Whether this is a cache that we made.
    pub fn is_our_cache(&self) -> io::Result<bool> {
        let found = self.look(TAG)?;
        let is_own = found.is_some_and(|found| found.is_file() && !found.is_strangers());
        Ok(is_own && self.read(TAG)?.is_some_and(|text| text == TEXT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_before_is_no_cache_of_ours() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for empty in ["new", "empty"] {
            fs_err::create_dir_all(at("empty")).unwrap();
            for _ in 0..2 {
                assert!(Directory::make_cache(&at(empty)).unwrap().is_our_cache().unwrap());
            }
        }
        fs_err::create_dir(at("theirs")).unwrap();
        fs_err::write(at("theirs/thesis"), "").unwrap();
        assert!(!Directory::make_cache(&at("theirs")).unwrap().is_our_cache().unwrap());
        fs_err::write(at("theirs").join(TAG), "Signature: 8a477f597d28d172789f06886806bc55\n")
            .unwrap();
        assert!(!Directory::make_cache(&at("theirs")).unwrap().is_our_cache().unwrap());
    }
}
