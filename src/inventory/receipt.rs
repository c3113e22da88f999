//! The receipt inside an installed tree: what was installed, from where, with which hash, and how large: what it holds that is
//! not meant to change is counted, so that a tree torn by a power cut is known later.
//!
//! Only trees that pyman made have one. Beside it stands the line that the resolver reads instead.

use std::io;
use std::path::{Path, PathBuf};

use pyman_shim::{Identity, identity};
use serde::{Deserialize, Serialize};

use crate::compatibility::Writer;
use crate::disk::{self, Kind, Privacy, Step};
use crate::inventory::Error;
use crate::world;

/// What was installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Receipt {
    /// The interpreter's own version, `3.12.7`.
    pub version: String,
    /// The layout of this file.
    pub format: u32,
    /// The pyman that wrote it; before 0.2 none said.
    #[serde(default, skip_serializing_if = "Writer::is_unknown")]
    pub pyman: Writer,
    /// The directory's name under `versions/`.
    pub name: String,
    /// `cpython`, `pypy`, …
    pub implementation: String,
    /// Empty, `t` or `d`.
    pub variant: String,
    /// Where the bytes came from.
    pub origin: Origin,
    /// The publisher's tag of this build, by which a rebuild of the same version is known: `20241016`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// The platform it was built for, where the catalogue named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// The prefix that the tree's text files name.
    pub prefix: PathBuf,
    /// Seconds since 1970 at which it was installed.
    pub installed: u64,
    /// What the tree held when it was complete.
    pub tree: Tree,
}

/// How a tree came to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Origin {
    /// An archive, unpacked.
    Prebuilt {
        /// Where it was fetched from.
        source: String,
        /// Its digest, in hexadecimal.
        sha256: String,
    },
    /// Built here.
    Source {
        /// Where the sources were fetched from.
        source: String,
        /// Their digest; none for a source directory.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sha256: Option<String>,
        /// What `configure` was told.
        configure: Vec<String>,
    },
    /// Made by an installer script.
    Installer {
        /// Where the script was fetched from.
        source: String,
        /// Its digest, in hexadecimal.
        sha256: String,
    },
}

/// The size of what was installed and is not meant to change: no caches, no `site-packages`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Tree {
    /// Regular files.
    pub files: u64,
    /// The sum of their sizes.
    pub bytes: u64,
}

impl Receipt {
    /// The layout of the receipts this program writes; a larger one is a newer program's.
    pub(crate) const FORMAT: u32 = 1;

    /// Where the receipt of the tree at `prefix` is.
    pub(crate) fn path(prefix: &Path) -> PathBuf {
        prefix.join(".pyman/receipt.json")
    }

    /// Reads the receipt of the tree at `prefix`; none when it has none.
    pub(crate) fn read(prefix: &Path) -> Result<Option<Self>, Error> {
        let path = Self::path(prefix);
        match disk::read_at_most(&path, 1 << 20)? {
            Some(text) => Self::parse(&text, &path).map(Some),
            None if disk::look(&path)?.is_some() => {
                Err(Error::Receipt { path, why: "no regular file".to_owned() })
            }
            None => Ok(None),
        }
    }

    /// Writes receipt and identity into the (staged, not yet visible) tree at `prefix`.
    pub(crate) fn write(&self, prefix: &Path, identity: &Identity) -> Result<(), Error> {
        let path = Self::path(prefix);
        let line = format!("{identity}\n");
        disk::replace(&prefix.join(world::path(identity::FILE)), line.as_bytes(), Privacy::Shared)?;
        let mut text = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::Receipt { path: path.clone(), why: error.to_string() })?;
        text.push(b'\n');
        Ok(disk::replace(&path, &text, Privacy::Shared)?)
    }

    fn parse(text: &[u8], path: &Path) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
            #[serde(default)]
            pyman: Writer,
        }
        let broken = |error: serde_json::Error| Error::Receipt {
            path: path.to_owned(),
            why: error.to_string(),
        };
        // The head alone first: what a later pyman wrote may have another shape, and is to be told as that.
        let head: Head = serde_json::from_slice(text).map_err(broken)?;
        if head.format > Self::FORMAT || head.pyman.is_newer() {
            return Err(Error::Newer { path: path.to_owned(), writer: head.pyman });
        }
        serde_json::from_slice(text).map_err(broken)
    }
}

/// Directories that live: caches, what pip installs, manual pages it adds.
const LIVING: [&str; 6] = ["__pycache__", "site-packages", "share", "envs", "etc", ".pyman"];

/// The regular files below `tree` and their sizes; without `bin/`, caches and installed packages.
pub(crate) fn count_tree(tree: &Path) -> io::Result<Tree> {
    let mut count = Tree::default();
    disk::walk::<io::Error>(tree, &mut |path, entry| {
        let at_top = path.parent().is_none_or(|folder| folder.as_os_str().is_empty());
        let living = LIVING.iter().any(|living| entry.name == *living);
        match entry.kind {
            // What pip installs puts its commands into `bin'.
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
    use crate::compatibility::OWN;

    fn example() -> Receipt {
        Receipt {
            version: "3.12.7".to_owned(),
            format: Receipt::FORMAT,
            pyman: Writer::this(),
            name: "3.12.7".to_owned(),
            implementation: "cpython".to_owned(),
            variant: String::new(),
            origin: Origin::Prebuilt {
                source: "https://example.org/a.tar.gz".to_owned(),
                sha256: "00".repeat(32),
            },
            build: Some("20241016".to_owned()),
            platform: None,
            prefix: PathBuf::from("/home/ada/.pyman/versions/3.12.7"),
            installed: 1_732_000_000,
            tree: Tree { files: 3, bytes: 1_000 },
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_the_resolver_has_its_line() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Receipt::read(folder.path()).unwrap(), None);
        let identity = Identity::parse(b"cpython 3.12.7 default").unwrap();
        example().write(folder.path(), &identity).unwrap();
        assert_eq!(Receipt::read(folder.path()).unwrap(), Some(example()));
        let line = fs_err::read_to_string(folder.path().join(".pyman/identity")).unwrap();
        assert_eq!(line, "cpython 3.12.7 default\n");
    }

    #[test]
    fn a_receipt_of_a_newer_program_or_of_none_is_refused() {
        let path = Path::new("/v/3.12.7/.pyman/receipt.json");
        let newer = Receipt::parse(br#"{"version":"3.12.7","format":9,"shape":"new"}"#, path);
        let said = newer.unwrap_err().to_string();
        assert!(
            said.starts_with("/v/3.12.7/.pyman/receipt.json was written by a newer pyman"),
            "{said}"
        );
        let named = br#"{"version":"3.12.7","format":1,"pyman":"99.1.0","shape":"new"}"#;
        let said = Receipt::parse(named, path).unwrap_err().to_string();
        assert_eq!(said, format!("{} was written by pyman 99.1.0, this is {OWN}", path.display()));
        let torn = Receipt::parse(b"{\"version\": \"3.1", path);
        assert!(matches!(torn, Err(Error::Receipt { .. })));
    }

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
        let before = count_tree(folder.path()).unwrap();
        assert_eq!(before, Tree { files: 2, bytes: 8 });
        write("lib/python3.12/__pycache__/os.pyc", "x");
        write("lib/python3.12/site-packages/six.py", "x");
        write("bin/six", "x");
        assert_eq!(count_tree(folder.path()).unwrap(), before);
        write("lib/python3.12/os.py", "");
        assert_ne!(count_tree(folder.path()).unwrap(), before);
    }
}
