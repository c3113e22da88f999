//! Every interpreter on this machine: looked for where its tools keep them, asked, each told once, and whose it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

use crate::disk::{self, executable};
use crate::interpreter::answer::Interpreter;
use crate::interpreter::probe::{Error, probe};
use crate::interpreter::system;
use crate::interpreter::tool::{Grounds, Tool};
use crate::progress::Progress;
use crate::world::parallel::together;
use crate::world::{Machine, layout};

/// No list of trees is longer, in bytes.
const LONGEST_LIST: u64 = 1 << 20;

/// An interpreter of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// What it said; its `path` has no links in it.
    pub interpreter: Interpreter,
    /// Whose it is.
    pub tool: Tool,
}

/// What a look around found.
#[derive(Debug, Default)]
pub(crate) struct Discovery {
    /// Newest first, by path where versions are equal.
    pub found: Vec<Found>,
    /// Files with an interpreter's name that did not answer as one.
    pub silent: Vec<Error>,
}

/// Looks everywhere and asks whatever has an interpreter's name. Virtual environments are not told:
/// what they stand on is.
pub(crate) fn discover(grounds: &Grounds, progress: &dyn Progress) -> Discovery {
    let candidates: Vec<(PathBuf, Tool)> = candidates(grounds).into_iter().collect();
    let mut discovery = Discovery::default();
    let mut told = BTreeMap::new();
    // Starting is what costs: several are started at once.
    let workers = thread::available_parallelism().map_or(1, |count| count.get().min(8));
    let answers = together(&candidates, workers, |(path, _)| probe(path, progress));
    for ((path, tool), answer) in candidates.iter().zip(answers) {
        match answer {
            Ok(interpreter) if interpreter.environment => {}
            Ok(interpreter) => {
                // A wrapper leads to an interpreter that is told already, or will be.
                let real = real(&interpreter.executable).unwrap_or_else(|| path.clone());
                let found = Found { interpreter, tool: *tool };
                if real == *path || !told.contains_key(&real) {
                    told.insert(real, found);
                }
            }
            Err(error) => discovery.silent.push(error),
        }
    }
    discovery.found = told.into_values().collect();
    discovery.found.sort_by(|one, other| {
        let key = |found: &Found| (found.interpreter.version, found.interpreter.own_version);
        key(other).cmp(&key(one)).then_with(|| one.interpreter.path.cmp(&other.interpreter.path))
    });
    discovery
}

/// Every executable file with an interpreter's name, links followed, each once.
fn candidates(grounds: &Grounds) -> BTreeMap<PathBuf, Tool> {
    let mut trees = grounds.trees.clone();
    for (collection, tool) in &grounds.collections {
        trees.extend(children(collection).into_iter().map(|tree| (tree, *tool)));
    }
    for list in &grounds.lists {
        trees.extend(registered(list).into_iter().map(|tree| (tree, Tool::Conda)));
    }
    let mut found = BTreeMap::new();
    for (tree, tool) in trees {
        for commands in layout::commands(&tree) {
            for path in interpreters(&commands) {
                // A version may be a link to another's interpreter: then it is the other's.
                let tool = match grounds.tool(&path) {
                    Tool::Nobody => tool,
                    known => known,
                };
                found.insert(path, tool);
            }
        }
    }
    for commands in &grounds.commands {
        for path in interpreters(commands) {
            found.entry(path).or_insert_with_key(|path| grounds.tool(path));
        }
    }
    found
}

/// The interpreters in a directory of commands, links followed; none in a directory of shims.
pub(super) fn interpreters(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in children(directory) {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        if !is_interpreters_name(system::stem(name)) || !executable(&path) {
            continue;
        }
        let Some(real) = real(&path) else { continue };
        let shim = |path: &Path| path.parent().is_some_and(|parent| parent.ends_with("shims"));
        if !shim(&path) && !shim(&real) {
            found.push(real);
        }
    }
    found
}

/// `python`, `python3`, `python3.13t`, `pypy`, `pypy3.10`, `graalpy`; not `python3-config`.
fn is_interpreters_name(name: &[u8]) -> bool {
    let names: [&[u8]; 3] = [b"python", b"pypy", b"graalpy"];
    let version = names.iter().find_map(|prefix| name.strip_prefix(*prefix));
    version.is_some_and(|version| {
        let version = version.strip_suffix(b"t").or(version.strip_suffix(b"d")).unwrap_or(version);
        version.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
    })
}

/// The file behind a path; none behind a link that leads nowhere, or around, or where we may not look.
pub(super) fn real(path: &Path) -> Option<PathBuf> {
    disk::canonical(path).unwrap_or_default()
}

/// What is in a directory. One that is not there, or not ours to look into, holds nothing for us.
pub(super) fn children(directory: &Path) -> Vec<PathBuf> {
    let entries = disk::entries(directory).unwrap_or_default();
    entries.into_iter().map(|entry| directory.join(entry.name)).collect()
}

/// The trees of conda's that a list of its names, this account's and the system's: no other is started because a file says so.
fn registered(list: &Path) -> Vec<PathBuf> {
    let is_trusted = |path: &Path| {
        disk::follow(path).is_ok_and(|found| found.is_some_and(|found| !found.is_strangers()))
    };
    if !is_trusted(list) {
        return Vec::new();
    }
    let mut trees = lines(list);
    trees.retain(|tree| {
        let records = tree.join("conda-meta");
        tree.is_absolute()
            && disk::is_directory(&records)
            && is_trusted(tree)
            && is_trusted(&records)
    });
    trees
}

/// The paths in a list; an unreadable one names none.
fn lines(file: &Path) -> Vec<PathBuf> {
    let text = disk::read_at_most(file, LONGEST_LIST).unwrap_or_default().unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(PathBuf::from).collect()
}

impl Grounds {
    /// Where this machine's tools keep theirs, by their variables or their defaults.
    pub(crate) fn of(machine: Machine, root: &Path) -> Self {
        let mut grounds = Self::default();
        grounds.collection(root.join("versions"), Tool::Pyman);
        let home = machine.home();
        let below_home = |path: &str| home.as_ref().map(|home| home.join(path));
        let place = |variable: &str, otherwise: Option<PathBuf>| {
            machine.variable(variable).map(PathBuf::from).or(otherwise)
        };
        let data = place("XDG_DATA_HOME", below_home(".local/share"));
        let below_data = |path: &str| data.as_ref().map(|data| data.join(path));
        // After `setup --as-pyenv` the variable names us.
        let pyenv = place("PYENV_ROOT", None).filter(|place| place != root);
        let pyenv = pyenv.or_else(|| below_home(".pyenv"));
        let known = [
            (pyenv, "versions", Tool::Pyenv),
            (place("UV_PYTHON_INSTALL_DIR", below_data("uv/python")), "", Tool::Uv),
            (place("MISE_DATA_DIR", below_data("mise")), "installs/python", Tool::Mise),
            (place("ASDF_DATA_DIR", below_home(".asdf")), "installs/python", Tool::Asdf),
        ];
        for (place, below, tool) in known {
            grounds.collections.extend(place.map(|place| (place.join(below), tool)));
        }
        for name in ["miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba"] {
            for place in below_home(name).into_iter().chain([Path::new("/opt").join(name)]) {
                grounds.collection(place.join("envs"), Tool::Conda);
                grounds.trees.push((place, Tool::Conda));
            }
        }
        grounds.trees.push(("/opt/conda".into(), Tool::Conda));
        grounds.lists.extend(below_home(".conda/environments.txt"));
        system::grounds(&mut grounds);
        grounds.commands.splice(0..0, machine.search_path());
        grounds
    }

    /// Whose the interpreter at `path` is, by where it stands; links are not followed here.
    pub(super) fn tool(&self, path: &Path) -> Tool {
        let known = self.collections.iter().chain(&self.trees);
        let within = known.filter(|(place, _)| path.starts_with(place));
        // The deepest of them: pyman's root may stand inside another tool's, or the reverse.
        match within.max_by_key(|(place, _)| place.components().count()) {
            Some((_, tool)) => *tool,
            None if is_brewed(path) => Tool::Homebrew,
            None => system::tool(path),
        }
    }
}

/// Whether a directory on the way is one of Homebrew's, whose prefix may be anywhere.
fn is_brewed(path: &Path) -> bool {
    let names = ["Cellar", ".linuxbrew", "homebrew"];
    path.iter().any(|part| names.iter().any(|name| part == *name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn interpreters_are_known_by_name() {
        let cases: [(&[u8], bool); 13] = [
            (b"python", true),
            (b"python3", true),
            (b"python3.12", true),
            (b"python3.13t", true),
            (b"pypy3.10", true),
            (b"pypy", true),
            (b"graalpy", true),
            (b"python-config", false),
            (b"python3.12-config", false),
            (b"python3-gdb.py", false),
            (b"pythonw", false),
            (b"pip", false),
            (b"ipython3", false),
        ];
        for (name, expected) in cases {
            assert_eq!(is_interpreters_name(name), expected, "{}", name.escape_ascii());
        }
    }

    #[test]
    fn each_is_told_once_and_environments_and_shims_not_at_all() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().canonicalize().unwrap();
        for made in
            ["uv/system/bin", "web/bin", "shims", "list/bin", "list/conda-meta", "stray/bin"]
        {
            fs_err::create_dir_all(place.join(made)).unwrap();
        }
        fs_err::write(place.join("web/pyvenv.cfg"), "home = /usr/bin\n").unwrap();
        for link in ["uv/system/bin/python3", "web/bin/python", "shims/python3", "list/bin/python"]
        {
            fs_err::os::unix::fs::symlink("/usr/bin/python3", place.join(link)).unwrap();
        }
        // It says when it is started, which it is not.
        let stray = place.join("stray/bin/python3");
        let program = format!("#!/bin/sh\ntouch {}\n", place.join("started").display());
        fs_err::write(&stray, program).unwrap();
        let mode = <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o755);
        fs_err::set_permissions(&stray, mode).unwrap();
        let list = |tree: &str| place.join(tree).display().to_string();
        let listed = format!("{}\n\n/nowhere\n{}\n", list("list"), list("stray"));
        fs_err::write(place.join("environments.txt"), listed).unwrap();
        let grounds = Grounds {
            collections: vec![(place.join("uv"), Tool::Uv)],
            trees: Vec::new(),
            commands: vec![
                place.join("web/bin"),
                place.join("shims"),
                "/usr/bin".into(),
                "/bin".into(),
            ],
            lists: vec![place.join("environments.txt")],
        };
        let discovery = discover(&grounds, &Silent);
        let real = Path::new("/usr/bin/python3").canonicalize().unwrap();
        let told: Vec<_> =
            discovery.found.iter().filter(|found| found.interpreter.path == real).collect();
        assert_eq!(told.len(), 1);
        assert!(!place.join("started").try_exists().unwrap());
        assert!(discovery.found.iter().all(|found| !found.interpreter.environment));
        assert!(discovery.found.iter().all(|found| found.interpreter.path.is_absolute()));
    }

    #[test]
    fn what_does_not_answer_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let broken = directory.path().canonicalize().unwrap().join("python3.9");
        fs_err::os::unix::fs::symlink("/bin/false", &broken).unwrap();
        let grounds = Grounds { commands: vec![directory.path().into()], ..Grounds::default() };
        let discovery = discover(&grounds, &Silent);
        assert!(discovery.found.is_empty());
        let silent: Vec<String> = discovery.silent.iter().map(ToString::to_string).collect();
        let real = broken.canonicalize().unwrap();
        assert_eq!(silent, [format!("{} is no Python interpreter", real.display())]);
    }

    #[test]
    fn an_interpreter_is_its_directorys() {
        let mut grounds = Grounds::default();
        grounds.collection("/home/ada/.pyman/versions", Tool::Pyman);
        grounds.collection("/home/ada/.pyenv/versions", Tool::Pyenv);
        grounds.collection("/home/ada/.pyenv/versions/mini/envs", Tool::Conda);
        let cases = [
            ("/home/ada/.pyman/versions/3.12.1/bin/python3.12", Tool::Pyman),
            ("/home/ada/.pyenv/versions/3.12.1/bin/python3.12", Tool::Pyenv),
            ("/home/ada/.pyenv/versions/mini/envs/a/bin/python3.12", Tool::Conda),
            ("/home/ada/python/bin/python3.12", Tool::Nobody),
            ("/usr/local/bin/python3.12", Tool::Nobody),
            ("/usr/bin/python3.11", Tool::System),
            ("/home/linuxbrew/.linuxbrew/Cellar/python@3.12/3.12.7/bin/python3", Tool::Homebrew),
            ("/opt/homebrew/opt/python@3.12/bin/python3.12", Tool::Homebrew),
        ];
        for (path, tool) in cases {
            assert_eq!(grounds.tool(Path::new(path)), tool, "{path}");
        }
    }
}
