//! An environment that is there: what it says of itself, and whether its base still stands.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::{Config, Error, Layout};
use crate::disk;
use crate::world::{Machine, layout};

/// An environment on disk, made by us or by any other tool.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Where it stands.
    pub directory: PathBuf,
    /// Its `pyvenv.cfg`; empty for one of an old virtualenv.
    pub config: Config,
    layout: Layout,
}

/// The file in which a virtualenv before 20 kept the prefix of its base.
const PREFIX: &str = "orig-prefix.txt";

/// No path is longer. In bytes.
const LONGEST_PREFIX: u64 = 4096;

/// Whether an environment can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Its interpreter is there.
    Sound,
    /// Its base is gone.
    Broken,
}

impl Environment {
    /// The environment at `directory`, known by `pyvenv.cfg` or `lib/python*/orig-prefix.txt`.
    pub fn at(directory: &Path) -> io::Result<Option<Self>> {
        if !Machine.is_environment(directory)? {
            return Ok(None);
        }
        let libraries = libraries(directory)?;
        let config = match Config::read(directory)? {
            Some(config) => config,
            None => of_virtualenv(directory, &libraries)?,
        };
        let layout = Layout::new(directory, library(&config, &libraries));
        Ok(Some(Self { directory: directory.to_owned(), config, layout }))
    }

    /// The same; none there is an error.
    pub fn open(directory: &Path) -> Result<Self, Error> {
        Self::at(directory)?.ok_or_else(|| Error::NoEnvironment(directory.to_owned()))
    }

    /// Where it keeps what.
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Its name: the last part of its path.
    pub fn name(&self) -> &OsStr {
        self.directory.file_name().unwrap_or(self.directory.as_os_str())
    }

    /// `3.12.1`, as it was when the environment was made; what follows a minor may be newer by now.
    pub fn version(&self) -> Option<String> {
        // virtualenv writes `3.12.1.final.0`.
        let parts: Vec<&str> = self.config.version()?.split('.').take(3).collect();
        Some(parts.join("."))
    }

    /// `3.12`, `3.13t`: the version its packages are for.
    pub fn minor(&self) -> Option<String> {
        if !pyman_shim::Layout::HERE.has_numbered_commands() {
            let parts: Vec<&str> = self.config.version()?.split('.').take(2).collect();
            return Some(parts.join("."));
        }
        let library = self.layout.library();
        let name = library.file_name()?.to_str()?;
        let of_library = name.strip_prefix("python").or_else(|| name.strip_prefix("pypy"));
        of_library.map(str::to_owned)
    }

    /// The directory of the base's interpreter, as it was written.
    pub fn home(&self) -> Option<PathBuf> {
        self.config.home()
    }

    /// Whether it can run.
    pub fn health(&self) -> Health {
        let python = self.layout.python();
        let alone = self.home().is_none_or(|home| disk::is_directory(&home));
        if disk::executable(&python) && alone { Health::Sound } else { Health::Broken }
    }
}

/// `lib/python3.12` and the like, newest name last.
fn libraries(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !pyman_shim::Layout::HERE.has_numbered_commands() {
        return Ok(vec![layout::libraries(Path::new(""))]);
    }
    for disk::Entry { name, .. } in disk::entries(&directory.join("lib"))? {
        let bytes = name.as_encoded_bytes();
        if bytes.starts_with(b"python") || bytes.starts_with(b"pypy") {
            found.push(Path::new("lib").join(name));
        }
    }
    found.sort();
    Ok(found)
}

/// The library that the configuration's version names, else the one there is.
fn library(config: &Config, libraries: &[PathBuf]) -> PathBuf {
    let minor = config.version().map(|version| {
        let parts: Vec<&str> = version.split('.').take(2).collect();
        parts.join(".")
    });
    let named = minor.and_then(|minor| {
        libraries.iter().find(|library| {
            let name = library.file_name().unwrap_or_default().to_string_lossy();
            let number = name.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
            number.trim_end_matches('t') == minor
        })
    });
    let known = named.or(libraries.last()).cloned();
    known.unwrap_or_else(|| PathBuf::from("lib"))
}

/// What a virtualenv before 20 left of its base: a prefix, in a file of its own in the library.
fn of_virtualenv(directory: &Path, libraries: &[PathBuf]) -> io::Result<Config> {
    let mut config = Config::default();
    let pypys = directory.join("lib-python");
    let old = disk::entries(&pypys)?.into_iter().map(|entry| pypys.join(entry.name));
    for library in libraries.iter().map(|library| directory.join(library)).chain(old) {
        let Some(prefix) = disk::read_head(&library.join(PREFIX), LONGEST_PREFIX)? else {
            continue;
        };
        config.set("home", format!("{}/bin", String::from_utf8_lossy(&prefix).trim()));
        let name = library.file_name().unwrap_or_default().to_string_lossy();
        let version = name.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
        config.set("version", version);
        break;
    }
    Ok(config)
}
