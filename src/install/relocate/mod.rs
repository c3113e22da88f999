//! Fixes what an archive cannot know: where its tree came to stand, and which tools this machine has.
//!
//! Text files only, and only those whose place says what they are; run again, it changes nothing.

mod prefix;
mod recorded;
mod runpath;
mod script;
mod text;
mod tools;

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{self, Kind};
use crate::world;
use prefix::Notation;
use runpath::Place;

/// The prefix of python-build-standalone's builds, whose programs have relative run paths.
const INSTALL: &str = "/install";

/// Where a tree stands now, where it will stand, and what else it may have been told.
#[derive(Debug)]
pub(crate) struct Relocation<'a> {
    /// Where the files are.
    pub tree: &'a Path,
    /// The prefix they are to name.
    pub prefix: &'a Path,
    /// Prefixes they may name besides the one their own records state.
    pub former: &'a [PathBuf],
    /// The absolute directories in which this machine's compilers are looked for.
    pub search: &'a [PathBuf],
}

/// A file to fix, and how paths are written in it.
struct Document {
    path: PathBuf,
    notation: Notation,
}

impl Relocation<'_> {
    /// Rewrites every file that names a former prefix or a tool that is not here.
    pub(crate) fn apply(&self) -> io::Result<()> {
        let documents = documents(self.tree)?;
        let mut former = self.former.to_vec();
        former.extend(recorded::prefix(&documents)?);
        former.retain(|one| one != self.prefix && is_specific(one));
        former.sort();
        former.dedup();
        for document in &documents {
            self.document(document, &former)?;
        }
        for path in files(&self.tree.join("bin"))? {
            self.executable(&path, &former)?;
        }
        former
            .iter()
            .filter(|one| *one != Path::new(INSTALL))
            .try_for_each(|one| self.run_paths(one))
    }

    /// Programs and libraries of a tree that was packed elsewhere look for their own beside themselves.
    fn run_paths(&self, former: &Path) -> io::Result<()> {
        for path in files(&self.tree.join("bin"))? {
            runpath::relative(&path, former, Place::Program)?;
        }
        let library = self.tree.join("lib");
        for path in files(&library)?.iter().filter(|path| starts(path, "lib")) {
            runpath::relative(path, former, Place::Library)?;
        }
        for room in folders(&library)? {
            for path in files(&room.join("lib-dynload"))? {
                runpath::relative(&path, former, Place::Module)?;
            }
        }
        Ok(())
    }

    fn document(&self, document: &Document, former: &[PathBuf]) -> io::Result<()> {
        let before = disk::read(&document.path)?.unwrap_or_default();
        let written = document.notation.write(world::bytes(self.prefix));
        let after = runpath::absolute(&before, &written, document.notation);
        let mut after = self.renamed(&after, former, document.notation);
        after = tools::replaced(&after, document.notation, self.search);
        if after == before {
            return Ok(());
        }
        disk::rewrite(&document.path, &after)?;
        text::forget_compiled(&document.path)
    }

    /// A script in `bin/`: its first lines name the interpreter, its text perhaps the prefix.
    fn executable(&self, path: &Path, former: &[PathBuf]) -> io::Result<()> {
        let Some(before) = text::script(path)? else {
            return Ok(());
        };
        let after =
            script::headed(&before, &self.prefix.join("bin"), former).unwrap_or_else(|| {
                tools::without_foreign_flags(&self.renamed(&before, former, Notation::Shell))
            });
        if after == before { Ok(()) } else { disk::rewrite(path, &after) }
    }

    fn renamed(&self, text: &[u8], former: &[PathBuf], notation: Notation) -> Vec<u8> {
        former.iter().fold(text.to_vec(), |text, old| {
            prefix::replaced(&text, world::bytes(old), world::bytes(self.prefix), notation)
        })
    }
}

/// The scripts and records of `tree` that name another place as theirs, `former`: what does not work there.
pub(crate) fn naming(tree: &Path, former: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let names = |text: &[u8], notation| {
        let nowhere = Path::new("/\0");
        let (old, new) = (world::bytes(former), world::bytes(nowhere));
        prefix::replaced(text, old, new, notation) != text
    };
    for document in documents(tree)? {
        if names(&disk::read(&document.path)?.unwrap_or_default(), document.notation) {
            found.push(document.path);
        }
    }
    for path in files(&tree.join("bin"))? {
        if text::script(&path)?.is_some_and(|text| names(&text, Notation::Shell)) {
            found.push(path);
        }
    }
    Ok(found)
}

/// Prefixes that other programs have too are no trace of where a tree was made.
fn is_specific(prefix: &Path) -> bool {
    !["/", "/usr", "/usr/local", "/opt"].iter().any(|shared| prefix == Path::new(shared))
}

/// The files of a tree in which a prefix may be written, by their places.
fn documents(tree: &Path) -> io::Result<Vec<Document>> {
    let mut found = Vec::new();
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

fn starts(path: &Path, with: &str) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(with))
}

/// The regular files directly in `directory`; none when there is no such directory.
fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    entries(directory, Kind::File)
}

fn folders(directory: &Path) -> io::Result<Vec<PathBuf>> {
    entries(directory, Kind::Directory)
}

fn entries(directory: &Path, wanted: Kind) -> io::Result<Vec<PathBuf>> {
    let entries = disk::entries(directory)?.into_iter().filter(|entry| entry.kind == wanted);
    Ok(entries.map(|entry| directory.join(entry.name)).collect())
}

#[cfg(test)]
mod tests;
