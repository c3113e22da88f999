//! An environment that is there: what it says of itself, and whether its base still stands.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::{Config, Error, Layout};
use crate::world;

/// An environment on disk, made by us or by any other tool.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Where it stands.
    pub directory: PathBuf,
    /// Its `pyvenv.cfg`; empty for one of an old virtualenv.
    pub config: Config,
    layout: Layout,
}

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
        let libraries = libraries(directory)?;
        let config = if let Some(config) = Config::read(directory)? {
            config
        } else {
            let old = |library: &PathBuf| directory.join(library).join("orig-prefix.txt");
            match libraries.iter().map(old).find(|file| file.is_file()) {
                Some(file) => of_virtualenv(&file)?,
                None => return Ok(None),
            }
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
        let alone = self.home().is_none_or(|home| home.is_dir());
        if world::executable(&python) && alone { Health::Sound } else { Health::Broken }
    }
}

/// `lib/python3.12` and the like, newest name last.
fn libraries(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs_err::read_dir(directory.join("lib")) {
        Ok(entries) => entries,
        Err(error) if world::absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
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

/// What a virtualenv before 20 left of its base: a prefix, in a file of its own.
fn of_virtualenv(file: &Path) -> io::Result<Config> {
    let prefix = fs_err::read_to_string(file)?;
    let mut config = Config::default();
    config.set("home", format!("{}/bin", prefix.trim()));
    let library = file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    config.set("version", library.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()));
    Ok(config)
}
