//! How an interpreter that is already here becomes a version, and when it cannot.
//!
//! A tree that holds nothing but a Python becomes one link. A prefix that it shares with the rest of
//! a system must not: every command in it would get a shim.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use pyman_shim::{Identity, Series, Variant, identity};

use crate::disk::{self, Directory, Privacy, executable};
use crate::interpreter::answer::Interpreter;
use crate::interpreter::discover::{children, interpreters, real};
use crate::interpreter::system;
use crate::quote;
use crate::world::{bytes, layout, path};

/// Where what we know of a version stands in it.
const RECORDS: &str = ".pyman";
/// The file there that says that a directory under `versions/` was made by `pyman link`.
const MARKER: &str = "link";
/// No first line of a script is longer that names an interpreter, in bytes.
const LONGEST_HEADER: u64 = 512;

/// What stands under `versions/` for an interpreter from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Adoption {
    /// A link to its whole tree.
    Tree(PathBuf),
    /// A directory with links to an interpreter's own commands.
    Commands {
        /// The interpreter, links followed.
        file: PathBuf,
        /// The commands, by name.
        commands: BTreeMap<OsString, PathBuf>,
        /// What it said, in a line: names alone tell no patch.
        identity: Option<Identity>,
    },
}

/// Why something is not linked, or not unlinked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A virtual environment is no version.
    #[error("{} is a virtual environment", .prefix.display())]
    Environment {
        /// The environment.
        prefix: PathBuf,
        /// What it stands on.
        base: PathBuf,
    },
    /// A directory without an interpreter.
    #[error("{} has no interpreter in its bin", .0.display())]
    Nothing(PathBuf),
    /// It stands under `versions/` itself.
    #[error("{} is installed already", .0.display())]
    Ours(PathBuf),
    /// The name is empty, `system`, or no single name.
    #[error("`{}' cannot be a version's name", .0.display())]
    Name(OsString),
    /// The name says another version than the interpreter does.
    #[error("`{}' is the name of another version: this is {is}", .name.display())]
    Misnamed {
        /// The name that was wanted.
        name: OsString,
        /// What the interpreter would be called.
        is: String,
    },
    /// The name is taken.
    #[error("version `{}' already exists", .0.display())]
    Taken(OsString),
    /// There is nothing of that name.
    #[error("version `{}' not installed", .0.display())]
    NotInstalled(OsString),
    /// It was installed, or made by another command.
    #[error("version `{}' was not made by `pyman link'", .0.display())]
    NotLinked(OsString),
    /// An environment that was made in it, or a link through it, would go with it.
    #[error("without version `{}' there would be no `{}'", .name.display(), .first.display())]
    Inhabited {
        /// The version.
        name: OsString,
        /// What would go with it, or the first of these.
        first: OsString,
    },
}

impl Error {
    /// What may be done about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Environment { base, .. } => {
                Some(format!("link what it stands on: run `pyman link {}'", quote::shown(base)))
            }
            Self::Taken(_) => Some("give it another name: `pyman link PATH NAME'".to_owned()),
            Self::NotLinked(name) | Self::Inhabited { name, .. } => {
                Some(format!("run `pyman uninstall {}'", quote::shown(name)))
            }
            Self::Nothing(_)
            | Self::Ours(_)
            | Self::Name(_)
            | Self::Misnamed { .. }
            | Self::NotInstalled(_) => None,
        }
    }

    /// The exit status it leads to.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Name(_) | Self::Misnamed { .. } => 2,
            Self::Environment { .. }
            | Self::Nothing(_)
            | Self::Ours(_)
            | Self::Taken(_)
            | Self::NotInstalled(_)
            | Self::NotLinked(_)
            | Self::Inhabited { .. } => 1,
        }
    }
}

impl Adoption {
    /// What the version leads to.
    pub(crate) fn target(&self) -> &Path {
        match self {
            Self::Tree(target) | Self::Commands { file: target, .. } => target,
        }
    }

    /// How this interpreter would become a version.
    pub(crate) fn of(interpreter: &Interpreter) -> Result<Self, Error> {
        if interpreter.environment {
            let (prefix, base) = (interpreter.prefix.clone(), interpreter.base_prefix.clone());
            return Err(Error::Environment { prefix, base });
        }
        let file = real(&interpreter.executable).unwrap_or_else(|| interpreter.executable.clone());
        let tree = &interpreter.prefix;
        let whole = layout::commands(tree).any(|commands| {
            executable(&layout::program(&commands, "python"))
                && real(&commands).as_deref() == file.parent()
        });
        if whole && !system::is_shared(tree) {
            return Ok(Self::Tree(tree.clone()));
        }
        let commands = commands(interpreter, &file);
        Ok(Self::Commands { file, commands, identity: identity_of(interpreter) })
    }

    /// Makes it at `place`, where nothing stands yet.
    pub(crate) fn make(&self, place: &Path) -> io::Result<()> {
        let (folder, name) = disk::parts(place, "make")?;
        let folder = Directory::open(folder)?;
        match self {
            Self::Tree(tree) => folder.link(name, tree),
            Self::Commands { commands, identity, .. } => {
                let place = folder.make_below(name)?;
                let records = place.make_below(RECORDS)?;
                records.replace(MARKER, b"", Privacy::Shared)?;
                if let Some(identity) = identity {
                    let file = path(identity::FILE);
                    let file = file.file_name().unwrap_or_default();
                    records.replace(file, format!("{identity}\n").as_bytes(), Privacy::Shared)?;
                }
                let directory = Directory::make(&layout::interpreters(place.path()))?;
                for (name, target) in commands {
                    system::link_file(&directory, name, target)?;
                }
                Ok(())
            }
        }
    }
}

/// Whether the directory was made by [`Adoption::make`].
pub(crate) fn is_adopted(directory: &Path) -> io::Result<bool> {
    Ok(disk::follow(&directory.join(RECORDS).join(MARKER))?.is_some())
}

/// The interpreter in a tree: `python` before `python3` before any other.
pub(crate) fn interpreter_in(tree: &Path) -> Result<PathBuf, Error> {
    let mut found = layout::commands(tree).flat_map(|commands| {
        ["python", "python3"]
            .map(|name| layout::program(&commands, name))
            .into_iter()
            .filter(|path| executable(path))
            .chain(interpreters(&commands))
            .collect::<Vec<_>>()
    });
    found.next().ok_or_else(|| Error::Nothing(tree.to_owned()))
}

/// Whether a version may be called so, whatever it is.
pub(crate) fn is_name(name: &OsStr) -> bool {
    let text = name.as_encoded_bytes();
    let special = text.starts_with(b".") || text.starts_with(b"-") || text == b"system";
    let separates =
        |byte: &u8| matches!(byte, b'/' | b'\\' | b':' | b' ') || byte.is_ascii_control();
    !text.is_empty() && !special && !text.iter().any(separates)
}

/// Whether a version may be called so, when it is this interpreter.
pub(crate) fn check_name(name: &OsStr, interpreter: &Interpreter) -> Result<(), Error> {
    let text = name.as_encoded_bytes();
    if !is_name(name) {
        return Err(Error::Name(name.to_owned()));
    }
    let is = interpreter.name();
    let installation = pyman_shim::Version::parse(text.strip_suffix(b"t").unwrap_or(text));
    if installation.is_some() && text != is.as_bytes() {
        return Err(Error::Misnamed { name: name.to_owned(), is });
    }
    Ok(())
}

fn identity_of(interpreter: &Interpreter) -> Option<Identity> {
    Some(Identity {
        implementation: interpreter.implementation.clone().into_bytes(),
        series: Series::parse(interpreter.version.to_string().as_bytes())?,
        variant: interpreter.variant,
    })
}

/// The commands beside an interpreter that are its own, and the names it always has.
fn commands(interpreter: &Interpreter, file: &Path) -> BTreeMap<OsString, PathBuf> {
    let version = interpreter.version;
    let free = if interpreter.variant == Variant::FreeThreaded { "t" } else { "" };
    let minor = format!("{}.{}{free}", version.major, version.minor);
    let mut found = BTreeMap::new();
    for beside in file.parent().map(children).unwrap_or_default() {
        let Some(name) = beside.file_name() else { continue };
        if belongs(&beside, &minor, file) && executable(&beside) {
            found.insert(name.to_owned(), beside);
        }
    }
    for name in ["python".to_owned(), format!("python{}", version.major), format!("python{minor}")]
    {
        let name = layout::program(Path::new(""), &name).into_os_string();
        found.entry(name).or_insert_with(|| file.to_owned());
    }
    found
}

/// Whether a command is this interpreter's: by the version in its name, else by what it leads to.
fn belongs(command: &Path, minor: &str, file: &Path) -> bool {
    let Some(version) = own_version(command) else {
        return false;
    };
    if version == minor.as_bytes() {
        return true;
    }
    if version.contains(&b'.') {
        return false;
    }
    match real(command) {
        Some(real) if real == file => true,
        Some(real) => {
            own_version(&real) == Some(minor.as_bytes())
                || header(&real).is_some_and(|named| self::real(&named).as_deref() == Some(file))
        }
        None => false,
    }
}

/// What follows `python`, `pip`, `idle`, `pydoc` and friends in a command's name: `3.12` of
/// `python3.12-config`; none for any other command.
fn own_version(command: &Path) -> Option<&[u8]> {
    const OWN: [&[u8]; 6] = [b"python", b"pip", b"idle", b"pydoc", b"pypy", b"graalpy"];
    let name = system::stem(command.file_name()?.as_encoded_bytes());
    let rest = OWN.iter().find_map(|own| name.strip_prefix(*own))?;
    let version = rest.strip_suffix(b"-config").unwrap_or(rest);
    let digits = version.strip_suffix(b"t").unwrap_or(version);
    digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.').then_some(version)
}

/// The interpreter that a script's first line names.
fn header(script: &Path) -> Option<PathBuf> {
    let head = disk::read_head(script, LONGEST_HEADER).unwrap_or_default()?;
    let line = head.split(|byte| *byte == b'\n').next()?;
    let command = line.strip_prefix(b"#!")?.trim_ascii();
    let named = path(command.split(|byte| *byte == b' ').next()?).into_owned();
    named.is_absolute().then_some(named)
}

/// Whether a path lies inside a directory, links in both followed.
pub(crate) fn is_inside(path: &Path, directory: &Path) -> bool {
    let directory = real(directory).unwrap_or_else(|| directory.to_owned());
    let inside = real(path).unwrap_or_else(|| path.to_owned());
    inside.starts_with(&directory) && bytes(&inside) != bytes(&directory)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpreter::probe;
    use crate::progress::Silent;

    fn tree(commands: &[&str]) -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        fs_err::create_dir(tree.path().join("bin")).unwrap();
        for command in commands {
            let (name, target) = command.split_once(" -> ").unwrap();
            fs_err::os::unix::fs::symlink(target, tree.path().join("bin").join(name)).unwrap();
        }
        tree
    }

    fn system_python() -> Interpreter {
        probe(Path::new("/usr/bin/python3"), &Silent).unwrap()
    }

    #[test]
    fn a_tree_of_its_own_becomes_a_link() {
        let tree = tree(&["python -> /usr/bin/python3"]);
        let place = tree.path().canonicalize().unwrap();
        let interpreter = Interpreter {
            executable: place.join("bin/python3.12"),
            prefix: place.clone(),
            ..system_python()
        };
        assert_eq!(Adoption::of(&interpreter).unwrap(), Adoption::Tree(place));
    }

    #[test]
    fn of_a_shared_prefix_only_its_own_commands_are_linked() {
        let interpreter = system_python();
        let Adoption::Commands { commands, .. } = Adoption::of(&interpreter).unwrap() else {
            panic!("/usr is no tree of its own");
        };
        let names: Vec<&str> = commands.keys().map(|name| name.to_str().unwrap()).collect();
        let minor = format!("python{}.{}", interpreter.version.major, interpreter.version.minor);
        for name in ["python", "python3", minor.as_str()] {
            assert!(names.contains(&name), "{name} is not in {names:?}");
        }
        let own = ["python", "pip", "idle", "pydoc"];
        assert!(names.iter().all(|name| own.iter().any(|own| name.starts_with(own))), "{names:?}");
    }

    #[test]
    fn commands_belong_by_their_version_or_by_what_they_lead_to() {
        let tree = tree(&[
            "python3.12 -> /usr/bin/env",
            "python3.11 -> /usr/bin/env",
            "python3 -> python3.12",
            "python -> python3.11",
            "pip3.12 -> /usr/bin/env",
            "pydoc3 -> pydoc3.12",
            "python3.12-config -> /usr/bin/env",
            "python3.12t -> /usr/bin/env",
            "pipx -> /usr/bin/env",
            "python-argcomplete -> /usr/bin/env",
            "env -> /usr/bin/env",
        ]);
        let bin = tree.path().canonicalize().unwrap().join("bin");
        fs_err::remove_file(bin.join("python3.12")).unwrap();
        fs_err::copy("/usr/bin/env", bin.join("python3.12")).unwrap();
        let file = bin.join("python3.12");
        let scripts = [("pip", "python3"), ("idle", "python3.11"), ("pydoc3.12", "python3.11")];
        for (name, header) in scripts {
            let script = format!("#!{}\n", bin.join(header).display());
            fs_err::write(bin.join(name), script).unwrap();
        }
        let mut own: Vec<String> = children(&bin)
            .into_iter()
            .filter(|command| belongs(command, "3.12", &file))
            .map(|command| command.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        own.sort();
        let expected =
            ["pip", "pip3.12", "pydoc3", "pydoc3.12", "python3", "python3.12", "python3.12-config"];
        assert_eq!(own, expected);
    }

    #[test]
    fn names_are_checked_before_anything_is_made() {
        let interpreter = system_python();
        let own = interpreter.name();
        for name in ["web", "3.12-uv", "system-3", own.as_str()] {
            assert!(check_name(OsStr::new(name), &interpreter).is_ok(), "{name}");
        }
        for name in ["", ".", "..", "system", "-x", "a/b", "a b", "a\nb", "2.7.1", "3.99.0t"] {
            assert!(check_name(OsStr::new(name), &interpreter).is_err(), "{name}");
        }
    }

    #[test]
    fn what_was_adopted_is_known_by_its_marker() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().join("3.11.2");
        Adoption::of(&system_python()).unwrap().make(&place).unwrap();
        assert!(is_adopted(&place).unwrap());
        assert!(!is_adopted(directory.path()).unwrap());
        let linked = probe(&place.join("bin/python"), &Silent).unwrap();
        assert_eq!(linked.version, system_python().version);
        assert_eq!(linked.prefix, Path::new("/usr"));
    }
}
