//! What an environment is, and what conda made: the one definition, for the shim and for every room of the manager.
//!
//! Told by marks alone; what stands in them is left to who reads them, but for the home of a base that a redirector stands for.

use alloc::vec::Vec;

use crate::layout::Layout;
use crate::path;
use crate::shebang::line;
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

/// The interpreter that a redirector stands for: that of its own name in the home which the `pyvenv.cfg` above it names. None
/// for a program that is no environment's interpreter.
pub fn redirected(world: &dyn World, program: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    let name = path::name(program);
    let Some(scripts) = path::parent(program) else { return Ok(None) };
    let is_ours = path::name(scripts).eq_ignore_ascii_case(Layout::HERE.scripts.as_bytes())
        && [b"python".as_slice(), b"pypy"].iter().any(|stem| {
            name.get(..stem.len()).is_some_and(|start| start.eq_ignore_ascii_case(stem))
        });
    let Some(directory) = path::parent(scripts).filter(|_| is_ours) else { return Ok(None) };
    let home = configured(world, directory, &[b"home"])?.filter(|home| path::is_absolute(home));
    Ok(home.map(|home| path::join(&home, name)))
}

/// The first value that the `pyvenv.cfg` in a directory has under one of these keys.
pub fn configured(
    world: &dyn World,
    directory: &[u8],
    keys: &[&[u8]],
) -> Result<Option<Vec<u8>>, Fault> {
    const LIMIT: usize = 16 * 1024;
    let Some(text) = world.read(&path::join(directory, CONFIG), LIMIT)? else { return Ok(None) };
    let mut rest = text.as_slice();
    while !rest.is_empty() {
        let (pair, after) = line(rest);
        rest = after;
        let mut parts = pair.splitn(2, |byte| *byte == b'=');
        let key = parts.next().unwrap_or_default().trim_ascii();
        if let Some(value) = parts.next()
            && keys.iter().any(|known| key.eq_ignore_ascii_case(known))
        {
            return Ok(Some(value.trim_ascii().to_vec()));
        }
    }
    Ok(None)
}

/// Whether a regular file is there, links followed; nothing of it is read.
fn is_file(world: &dyn World, path: &[u8]) -> Result<bool, Fault> {
    Ok(world.read(path, 0)?.is_some())
}

#[cfg(test)]
mod tests {
    use alloc::format;

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
    fn a_redirector_stands_for_the_interpreter_at_home() {
        let tree = |home: &str| {
            Memory::new().file("/e/pyvenv.cfg", format!("a = b\n{home}\nversion = 3\n"))
        };
        let cases = [
            ("HOME=/v/3.12.1/bin ", "/e/bin/python", Some("/v/3.12.1/bin/python")),
            ("home = /v", "/e/bin/python3.12", Some("/v/python3.12")),
            ("home = v", "/e/bin/python", None),
            ("homes = /v", "/e/bin/python", None),
            ("home = /v", "/e/bin/pip", None),
            ("home = /v", "/e/shims/python", None),
            ("home = /v", "/f/bin/python", None),
            ("home = /v", "python", None),
        ];
        for (home, program, expected) in cases {
            let found = redirected(&tree(home), program.as_bytes()).unwrap();
            assert_eq!(found, expected.map(|path| path.as_bytes().to_vec()), "{home} {program}");
        }
    }

    #[test]
    fn what_may_not_be_read_is_no_answer() {
        let secret = Memory::new().secret("/e/pyvenv.cfg");
        assert_eq!(is_environment(&secret, b"/e"), Err(Fault(13)));
    }
}
