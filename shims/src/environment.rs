//! What an environment is, and what conda made: the one definition, for the shim and for every room of the manager.
//!
//! Told by marks alone; what stands in them is left to who reads them.

use crate::layout::Layout;
use crate::path;
use crate::world::Fault;
use crate::world::World;

/// By this file an environment is known since PEP 405.
pub const CONFIG: &[u8] = b"pyvenv.cfg";

/// What virtualenv before 20 left in the library of an environment: the prefix of its base.
pub const LEGACY: &[u8] = b"orig-prefix.txt";

/// The directory of conda's records, in every tree that conda made.
pub const CONDA: &[u8] = b"conda-meta";

/// Whether the directory is a virtual environment: it has a `pyvenv.cfg`, or `lib/python*/orig-prefix.txt` from a
/// virtualenv before 20. A directory with `bin/python` and `bin/activate` alone is none.
pub fn is_environment(world: &dyn World, directory: &[u8]) -> Result<bool, Fault> {
    Ok(is_file(world, &path::join(directory, CONFIG))? || legacy(world, directory)?)
}

/// Whether conda made the directory, be it an installation of conda's or an environment: it has a directory
/// `conda-meta`, or runs `conda` and is no virtual environment.
pub fn is_conda(world: &dyn World, directory: &[u8]) -> Result<bool, Fault> {
    if world.is_directory(&path::join(directory, CONDA)) {
        return Ok(true);
    }
    let scripts = Layout::HERE.scripts_of(directory);
    // A `conda` that pip installed stands in an environment of another tool's.
    Ok(world.is_executable(&path::program(&scripts, b"conda"))
        && !is_environment(world, directory)?)
}

fn legacy(world: &dyn World, directory: &[u8]) -> Result<bool, Fault> {
    let library = path::join(directory, b"lib");
    // PyPy's are called by its own name, those of old ones stand in a directory of their own.
    let numbered = |name: &[u8]| name.starts_with(b"python") || name.starts_with(b"pypy");
    for name in world.list(&library)?.iter().filter(|name| numbered(name)) {
        if is_file(world, &path::join(&path::join(&library, name), LEGACY))? {
            return Ok(true);
        }
    }
    let library = path::join(directory, b"lib-python");
    for name in world.list(&library)? {
        if is_file(world, &path::join(&path::join(&library, &name), LEGACY))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a regular file is there, links followed; nothing of it is read.
fn is_file(world: &dyn World, path: &[u8]) -> Result<bool, Fault> {
    Ok(world.read(path, 0)?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Memory;

    /// Whether it is an environment, and whether it is conda's.
    fn kinds(world: &Memory) -> (Result<bool, Fault>, Result<bool, Fault>) {
        (is_environment(world, b"/e"), is_conda(world, b"/e"))
    }

    #[test]
    fn an_environment_is_known_by_its_marks_alone() {
        let tree = || Memory::new().program("/e/bin/python", "");
        let cases = [
            (tree().file("/e/pyvenv.cfg", "home = /usr/bin\n"), true, false),
            (tree().file("/e/pyvenv.cfg", ""), true, false),
            (tree().file("/c", "").link("/e/pyvenv.cfg", "/c"), true, false),
            (tree().link("/e/pyvenv.cfg", "/gone"), false, false),
            (tree().directory("/e/pyvenv.cfg"), false, false),
            (tree().special("/e/pyvenv.cfg"), false, false),
            (tree().file("/e/lib/python2.7/orig-prefix.txt", "/usr"), true, false),
            (tree().file("/e/lib/pypy2.7/orig-prefix.txt", "/usr"), true, false),
            (tree().file("/e/lib-python/2.7/orig-prefix.txt", "/usr"), true, false),
            (tree().file("/e/lib/orig-prefix.txt", "/usr"), false, false),
            (tree().file("/e/lib/perl5/orig-prefix.txt", "/usr"), false, false),
            (tree().file("/e/bin/activate", ""), false, false),
            (tree().directory("/e/conda-meta"), false, true),
            (tree().file("/e/conda-meta", ""), false, false),
            (tree().program("/e/bin/conda", ""), false, true),
            (tree().file("/e/bin/conda", ""), false, false),
            (tree().program("/e/bin/conda", "").file("/e/pyvenv.cfg", ""), true, false),
            (tree().directory("/e/conda-meta").file("/e/pyvenv.cfg", ""), true, true),
            (tree(), false, false),
            (Memory::new(), false, false),
        ];
        for (world, environment, conda) in cases {
            assert_eq!(kinds(&world), (Ok(environment), Ok(conda)), "{world:?}");
        }
    }

    #[test]
    fn what_may_not_be_read_is_no_answer() {
        let secret = Memory::new().secret("/e/pyvenv.cfg");
        assert_eq!(is_environment(&secret, b"/e"), Err(Fault(13)));
    }
}
