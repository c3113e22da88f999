//! An installation that comes to stand at its place: every file that names another, or a tool that is not here.

use std::io;
use std::path::{Path, PathBuf};

use super::documents::{self, Document, documents, files, folders, starts};
use super::header::Header;
use super::runpath::{self, Place};
use super::text::{self, Notation};
use super::tools;
use crate::disk;
use crate::world::{self, layout};

/// The prefix of python-build-standalone's builds, whose programs have relative run paths.
const INSTALL: &str = "/install";

/// Where a tree stands now, where it will stand, and what else it may have been told.
#[derive(Debug)]
pub(crate) struct Relocation<'a> {
    /// Where the files are.
    pub(crate) tree: &'a Path,
    /// The prefix they are to name.
    pub(crate) prefix: &'a Path,
    /// Prefixes they may name besides the one their own records state.
    pub(crate) former: &'a [PathBuf],
    /// The absolute directories in which this machine's compilers are looked for.
    pub(crate) search: &'a [PathBuf],
}

/// What became of a tree's programs and libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binaries {
    /// None was written to.
    AsItWas,
    /// One has another run path now: whether it starts is to be seen.
    Changed,
}

impl Relocation<'_> {
    /// Rewrites every file that names a former prefix or a tool that is not here.
    pub(crate) fn apply(&self) -> io::Result<Binaries> {
        let documents = documents(self.tree)?;
        let mut former = self.former.to_vec();
        former.extend(documents::stated_prefixes(&documents)?);
        former.retain(|one| one != self.prefix && is_specific(one));
        former.sort();
        former.dedup();
        for document in &documents {
            self.document(document, &former)?;
        }
        for commands in layout::commands(self.tree) {
            for path in files(&commands)? {
                self.executable(&path, &former)?;
            }
        }
        let mut binaries = Binaries::AsItWas;
        for one in former.iter().filter(|one| *one != Path::new(INSTALL)) {
            if self.run_paths(one)? {
                binaries = Binaries::Changed;
            }
        }
        Ok(binaries)
    }

    /// Programs and libraries of a tree that was packed elsewhere look for their own beside themselves.
    fn run_paths(&self, former: &Path) -> io::Result<bool> {
        let mut changed = false;
        for path in files(&self.tree.join("bin"))? {
            changed |= runpath::relative(&path, former, Place::Program)?;
        }
        let library = layout::libraries(self.tree);
        for path in files(&library)?.iter().filter(|path| starts(path, "lib")) {
            changed |= runpath::relative(path, former, Place::Library)?;
        }
        for room in folders(&library)? {
            for path in files(&room.join("lib-dynload"))? {
                changed |= runpath::relative(&path, former, Place::Module)?;
            }
        }
        Ok(changed)
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
        documents::forget_compiled(&document.path)
    }

    /// A script in `bin/`: its first lines name the interpreter, its text perhaps the prefix.
    fn executable(&self, path: &Path, former: &[PathBuf]) -> io::Result<()> {
        let Some(before) = documents::script(path)? else {
            return Ok(());
        };
        let after = self.headed(&before, former).unwrap_or_else(|| {
            tools::without_foreign_flags(&self.renamed(&before, former, Notation::Shell))
        });
        if after == before { Ok(()) } else { disk::rewrite(path, &after) }
    }

    /// The same script run by the interpreter of its name in our `bin`; none when no interpreter of the tree runs it.
    fn headed(&self, text: &[u8], former: &[PathBuf]) -> Option<Vec<u8>> {
        let header = Header::of(text)?;
        let bin = layout::interpreters(self.prefix);
        let of_former = || former.iter().any(|prefix| header.is_in(&layout::interpreters(prefix)));
        (header.is_in(&bin) || of_former()).then(|| header.script_in(&bin))
    }

    fn renamed(&self, text: &[u8], former: &[PathBuf], notation: Notation) -> Vec<u8> {
        let written = notation.write(world::bytes(self.prefix));
        former
            .iter()
            .fold(text.to_vec(), |text, old| text::replaced(&text, world::bytes(old), &written))
    }
}

/// The scripts and records of `tree` that name another place as theirs, `former`: what does not work there.
pub(crate) fn naming(tree: &Path, former: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let names = |text: &[u8]| text::names(text, world::bytes(former));
    for document in documents(tree)? {
        if names(&disk::read(&document.path)?.unwrap_or_default()) {
            found.push(document.path);
        }
    }
    for commands in layout::commands(tree) {
        for path in files(&commands)? {
            if documents::script(&path)?.is_some_and(|text| names(&text)) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// Prefixes that other programs have too are no trace of where a tree was made.
fn is_specific(prefix: &Path) -> bool {
    !["/", "/usr", "/usr/local", "/opt"].iter().any(|shared| prefix == Path::new(shared))
}

/// A small tree in python-build-standalone's shape, moved twice.
#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::Relocation;
    use crate::relocate::documents::{files, folders};

    fn tree() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            (
                "lib/python3.12/_sysconfigdata__linux_x86_64-linux-gnu.py",
                "build_time_vars = {'BINDIR': '/install/bin',\n 'CC': 'no-such-clang -pthread',\n \
                 'INSTALL': '/usr/bin/install -c',\n 'prefix': '/install'}\n",
            ),
            (
                "lib/python3.12/config-3.12-x86_64-linux-gnu/Makefile",
                "prefix=\t\t/install\nAR=\t/tools/no-ar\n",
            ),
            ("lib/python3.12/os.py", "'/install'\n"),
            ("lib/pkgconfig/python-3.12.pc", "prefix=/install\n"),
            ("lib/python3.12/build-details.json", "{\"base_prefix\": \"/install\"}\n"),
            ("bin/pip3", "#!/install/bin/python3.12\nimport pip\n"),
            ("bin/python3.12-config", "#!/bin/sh\nprefix=\"/install\"\n"),
            ("bin/python3.12", "\x7fELF /install"),
            (
                "lib/python3.12/__pycache__/_sysconfigdata__linux_x86_64-linux-gnu.cpython-312.pyc",
                "x",
            ),
            ("lib/python3.12/__pycache__/os.cpython-312.pyc", "x"),
        ];
        for (name, text) in files {
            let path = folder.path().join(name);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
        folder
    }

    fn relocate(tree: &Path, prefix: &str) -> Vec<(PathBuf, Vec<u8>)> {
        Relocation { tree, prefix: Path::new(prefix), former: &[], search: &[] }.apply().unwrap();
        contents(tree)
    }

    fn contents(tree: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut open = vec![tree.to_owned()];
        while let Some(folder) = open.pop() {
            for path in files(&folder).unwrap() {
                found.push((
                    path.strip_prefix(tree).unwrap().to_owned(),
                    fs_err::read(path).unwrap(),
                ));
            }
            open.extend(folders(&folder).unwrap());
        }
        found.sort();
        found
    }

    #[test]
    fn a_moved_tree_names_its_new_place_and_tools_that_exist() {
        let folder = tree();
        relocate(folder.path(), "/my root/versions/3.12.7");
        let read = |name: &str| fs_err::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(
            read("lib/python3.12/_sysconfigdata__linux_x86_64-linux-gnu.py"),
            "build_time_vars = {'BINDIR': '/my root/versions/3.12.7/bin',\n 'CC': 'cc -pthread',\n \
             'INSTALL': '/usr/bin/install -c',\n 'prefix': '/my root/versions/3.12.7'}\n"
        );
        assert_eq!(
            read("lib/python3.12/config-3.12-x86_64-linux-gnu/Makefile"),
            "prefix=\t\t/my root/versions/3.12.7\nAR=\tar\n"
        );
        assert_eq!(read("lib/pkgconfig/python-3.12.pc"), "prefix=/my\\ root/versions/3.12.7\n");
        assert_eq!(
            read("bin/pip3"),
            "#!/bin/sh\n'''exec' \"/my root/versions/3.12.7/bin/python3.12\" \"$0\" \"$@\"\n' '''\nimport pip\n"
        );
        assert_eq!(
            read("bin/python3.12-config"),
            "#!/bin/sh\nprefix=\"/my root/versions/3.12.7\"\n"
        );
        assert_eq!(read("lib/python3.12/os.py"), "'/install'\n", "no record of the build");
        assert_eq!(read("bin/python3.12"), "\x7fELF /install", "no script");
        let compiled = folder.path().join("lib/python3.12/__pycache__");
        assert_eq!(files(&compiled).unwrap(), [compiled.join("os.cpython-312.pyc")]);
    }

    #[test]
    fn moving_again_changes_nothing_and_moving_on_changes_everything() {
        let folder = tree();
        let once = relocate(folder.path(), "/install/versions/3.12.7");
        assert_eq!(relocate(folder.path(), "/install/versions/3.12.7"), once);

        let direct = relocate(tree().path(), "/elsewhere/3.12.7");
        assert_eq!(relocate(folder.path(), "/elsewhere/3.12.7"), direct);
    }
}
