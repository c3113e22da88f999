//! The files of an installation that may name its place: which they are, how each writes a path, what they state.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::text::Notation;
use crate::disk::{self, Kind};
use crate::world;

/// No script that pip or a build writes comes near this; a larger file is a program with odd first bytes.
const LARGEST_SCRIPT: u64 = 1 << 20;

/// A file to fix, and how paths are written in it.
pub(super) struct Document {
    pub(super) path: PathBuf,
    pub(super) notation: Notation,
}

/// The files of a tree in which a prefix may be written, by their places.
pub(super) fn documents(tree: &Path) -> io::Result<Vec<Document>> {
    let mut found = Vec::new();
    // Fedora and SUSE have what is compiled in `lib64' (`sys.platlibdir').
    for library in ["lib", "lib64"].map(|name| tree.join(name)) {
        for room in folders(&library)? {
            for path in files(&room)? {
                found.extend(document(path));
            }
            for config in folders(&room)?.into_iter().filter(|path| starts(path, "config")) {
                for path in files(&config)? {
                    found.extend(document(path));
                }
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// What the file's name says of how it writes paths; none for all others.
fn document(path: PathBuf) -> Option<Document> {
    let name = path.file_name()?.to_str()?;
    let extension = path.extension().and_then(|extension| extension.to_str());
    let notation = match extension {
        Some("py") if name.starts_with("_sysconfigdata") || name == "python-config.py" => {
            Notation::Python
        }
        Some("json") if name.starts_with("_sysconfig_vars") || name == "build-details.json" => {
            Notation::Json
        }
        Some("pc") => Notation::PkgConfig,
        None if name == "Makefile" => Notation::Makefile,
        Some(_) | None => return None,
    };
    Some(Document { path, notation })
}

/// The prefixes stated by the tree's records, none for a tree without them.
pub(super) fn stated_prefixes(documents: &[Document]) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for document in documents {
        match document.notation {
            Notation::Python if starts(&document.path, "_sysconfigdata") => {
                let text = disk::read(&document.path)?.unwrap_or_default();
                found.extend(stated(&text).map(|path| world::path(path).into_owned()));
            }
            Notation::Python
            | Notation::Json
            | Notation::Makefile
            | Notation::PkgConfig
            | Notation::Shell => {}
        }
    }
    Ok(found)
}

/// The value of `'prefix': '…'`, when it is a plain absolute path.
fn stated(text: &[u8]) -> Option<&[u8]> {
    let line = text
        .split(|&byte| byte == b'\n')
        .find_map(|line| line.trim_ascii().strip_prefix(b"'prefix':"))?
        .trim_ascii_start();
    let (&quote, rest) = line.split_first()?;
    let value = rest.split(|&byte| byte == quote).next()?;
    let plain = b"'\"".contains(&quote) && !value.contains(&b'\\');
    (plain && value.starts_with(b"/") && value.len() > 1).then_some(value)
}

/// The text of a script: a regular file that begins with `#!`.
pub(super) fn script(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let Some(mut file) = disk::open(path)? else { return Ok(None) };
    let mut head = Vec::new();
    file.by_ref().take(2).read_to_end(&mut head)?;
    if head != b"#!" || file.metadata()?.len() > LARGEST_SCRIPT {
        return Ok(None);
    }
    file.read_to_end(&mut head)?;
    Ok(Some(head))
}

/// Removes what Python compiled from `path`: it may be trusted by date, or not be checked at all.
pub(super) fn forget_compiled(path: &Path) -> io::Result<()> {
    let (Some(folder), Some(stem)) = (path.parent(), path.file_stem().and_then(|s| s.to_str()))
    else {
        return Ok(());
    };
    for beside in ["pyc", "pyo"].map(|extension| path.with_extension(extension)) {
        disk::unlink(&beside)?;
    }
    let stem = format!("{stem}.");
    for compiled in files(&folder.join("__pycache__"))? {
        if starts(&compiled, &stem) {
            disk::unlink(&compiled)?;
        }
    }
    Ok(())
}

pub(super) fn starts(path: &Path, with: &str) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(with))
}

/// The regular files directly in `directory`; none when there is no such directory.
pub(super) fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    entries(directory, Kind::File)
}

pub(super) fn folders(directory: &Path) -> io::Result<Vec<PathBuf>> {
    entries(directory, Kind::Directory)
}

fn entries(directory: &Path, wanted: Kind) -> io::Result<Vec<PathBuf>> {
    let entries = disk::entries(directory)?.into_iter().filter(|entry| entry.kind == wanted);
    Ok(entries.map(|entry| directory.join(entry.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::stated;

    #[test]
    fn the_stated_prefix_is_read_from_the_literal() {
        let text = b"build_time_vars = {'A': 1,\n 'exec_prefix': '/no',\n 'prefix': '/install',\n}";
        assert_eq!(stated(text), Some(&b"/install"[..]));
        assert_eq!(stated(b" 'prefix': \"/it's\"}"), Some(&b"/it's"[..]));
        assert_eq!(stated(b" 'prefix': 'relative',"), None);
        assert_eq!(stated(b"nothing here"), None);
    }
}
