//! Where an environment stands or is to stand: a path or a name as typed, and what cannot be one; then judged: what makes,
//! changes, moves or removes one is given its plot.
//!
//! There is one check for all of them, and nothing but it makes a [`Plot`], so that no command can do without.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use pyman_shim::{Form, Layout, Name as VersionName, Request, Wanted};

use crate::disk::{self, Directory, Found};
use crate::environment::{Environment, Error};
use crate::inventory::{Places, Spot};
use crate::world;

/// What a person meant by the one argument of a `venv` command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// This directory, absolute and lexically normal, links kept.
    Path(PathBuf),
    /// A named environment, in `$WORKON_HOME`.
    Named(Name),
}

/// A name that no command takes for a version, an option or a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(OsString);

/// Bytes of a path that shells, `PATH` or pip's own scripts cannot carry; on Windows pip's launchers carry what a path can have.
const REFUSED: &[u8] = if Layout::HERE.has_redirectors() { b";\"" } else { b":\"$`\\" };

impl Goal {
    /// Reads the argument, `.venv` when there is none; a path counts from `here`.
    ///
    /// With a separator or a leading dot it is a path, and so are `venv` and `env`, as everyone means them.
    pub fn read(argument: Option<&OsStr>, here: &Path) -> Result<Self, Error> {
        let argument = argument.unwrap_or_else(|| OsStr::new(".venv"));
        let bytes = argument.as_encoded_bytes();
        let is_path = bytes.first() == Some(&b'.') && !matches!(bytes, b"." | b"..")
            || pyman_shim::path::has_directory(bytes)
            || matches!(bytes, b"." | b".." | b"venv" | b"env");
        if is_path {
            return Ok(Self::Path(normal(here, Path::new(argument))));
        }
        Name::parse(argument).map(Self::Named)
    }

    /// Its directory, given where named environments stand.
    pub fn directory(&self, workon_home: &Path) -> PathBuf {
        match self {
            Self::Path(path) => path.clone(),
            Self::Named(name) => workon_home.join(&name.0),
        }
    }
}

impl Name {
    /// Reads a name; what would be taken for something else is refused.
    pub fn parse(text: &OsStr) -> Result<Self, Error> {
        let bytes = text.as_encoded_bytes();
        let is_version = || match Request::parse(bytes).wanted() {
            Wanted::Series { .. } | Wanted::Specifier { .. } | Wanted::Stem(_) | Wanted::System => {
                true
            }
            Wanted::Exact => !matches!(VersionName::parse(bytes).form(), Form::Plain),
        };
        let why = match bytes {
            b"" => Some("it is empty"),
            b"." | b".." => Some("it is a directory's"),
            [b'-', ..] => Some("it begins with a hyphen"),
            _ if pyman_shim::path::has_directory(bytes) => Some("it holds a separator"),
            _ if is_version() => Some("it reads as a version"),
            _ if disk::is_temporary(text) => Some("it is kept for what is being made"),
            _ if disk::is_nobodys(text) => Some("file systems keep it for themselves"),
            _ => None,
        };
        match why {
            Some(why) => Err(Error::Name { name: text.to_string_lossy().into_owned(), why }),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The name itself.
    pub fn text(&self) -> &OsStr {
        &self.0
    }
}

/// `given`, counted from `here`, without dots, doubled separators or one at its end; links are kept.
pub fn normal(here: &Path, given: &Path) -> PathBuf {
    let normal = pyman_shim::path::normal(world::bytes(here), world::bytes(given));
    world::path(&normal).into_owned()
}

/// Whether an environment can stand at `path`: one line that says why not.
pub(super) fn judge(path: &Path) -> Result<(), Error> {
    let bytes = world::bytes(path);
    let refuse = |why: String| Err(Error::Path { path: path.to_owned(), why });
    if let Some(byte) = bytes.iter().find(|byte| REFUSED.contains(byte)) {
        return refuse(format!("scripts cannot carry a path with `{}' in it", char::from(*byte)));
    }
    if bytes.iter().any(u8::is_ascii_control) {
        return refuse("it has a control character in it".into());
    }
    if path.parent().is_none() {
        return refuse("it is the root of the file system".into());
    }
    if path.file_name().is_some_and(disk::is_temporary) {
        return refuse("its name is kept for what is being made".into());
    }
    Ok(())
}

/// The same for a 2.7 that is to have pip, whose scripts are ASCII.
pub(super) fn judge_legacy(path: &Path) -> Result<(), Error> {
    if path.as_os_str().is_ascii() {
        return Ok(());
    }
    let why = "2.7 cannot carry a path that is not ASCII in pip's scripts".to_owned();
    Err(Error::Path { path: path.to_owned(), why })
}

/// The place of one environment, which no link takes: neither its own nor, below the root, that of a directory which leads
/// there. Whatever leads to the root, to `$WORKON_HOME` or to a project may be links, and so may a version be.
#[derive(Debug, Clone)]
pub struct Plot {
    path: PathBuf,
    spot: Spot,
}

impl Plot {
    /// Judges an absolute path. A link there is refused, but to where the caller stands: that is a project.
    pub fn at(places: &Places, path: &Path) -> Result<Self, Error> {
        let plot = Self { path: path.to_owned(), spot: places.spot(path)? };
        if !plot.look()?.is_some_and(|found| found.is_link()) {
            return Ok(plot);
        }
        let refused = || Error::Link(path.to_owned());
        let here = Directory::open(Path::new(".")).map_err(|_| refused())?;
        if !disk::is_directory(path) || !Directory::open(path)?.is(&here)? {
            return Err(refused());
        }
        let real = disk::canonical(path)?.ok_or_else(refused)?;
        Ok(Self { spot: places.spot(&real)?, ..plot })
    }

    /// Where it is, as it was named.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the directory itself is: elsewhere, when it is where the caller stands and was named by a link.
    pub(super) fn standing(&self) -> &Path {
        self.spot.path()
    }

    /// The directory around it, and its name there.
    pub(super) const fn spot(&self) -> &Spot {
        &self.spot
    }

    /// What stands there, no link followed.
    pub(super) fn look(&self) -> Result<Option<Found>, Error> {
        Ok(self.spot.look()?)
    }

    /// The environment there, if one is.
    pub fn environment(&self) -> Result<Option<Environment>, Error> {
        match self.spot.directory()? {
            Some(_) => Ok(Environment::at(&self.path)?),
            None => Ok(None),
        }
    }

    /// The same; none there is an error.
    pub fn inhabited(&self) -> Result<Environment, Error> {
        self.environment()?.ok_or_else(|| Error::NoEnvironment(self.path.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_word_is_a_name_and_everything_else_a_path() {
        let cases = [
            (None, "/w/.venv"),
            (Some(".venv"), "/w/.venv"),
            (Some("venv"), "/w/venv"),
            (Some("env"), "/w/env"),
            (Some("."), "/w"),
            (Some(".."), "/"),
            (Some("a/b"), "/w/a/b"),
            (Some("./web"), "/w/web"),
            (Some("sub/../up/"), "/w/up"),
            (Some("/abs//x/"), "/abs/x"),
            (Some("web"), "name web"),
            (Some("web 2"), "name web 2"),
            (Some("é"), "name é"),
        ];
        for (argument, expected) in cases {
            let goal = Goal::read(argument.map(OsStr::new), Path::new("/w")).unwrap();
            let shown = match &goal {
                Goal::Path(path) => path.display().to_string(),
                Goal::Named(name) => format!("name {}", name.text().display()),
            };
            assert_eq!(shown, expected, "{argument:?}");
        }
    }

    #[test]
    fn a_name_is_never_taken_for_something_else() {
        let refused = [
            "3.12",
            "3",
            "2.7.18",
            "3.13t",
            "system",
            "",
            "-x",
            "--clear",
            "pypy3.10",
            ">=3.9",
            "python3.9",
            "latest",
            "3.12-dev",
            "miniforge3",
        ];
        for name in refused {
            assert!(Name::parse(OsStr::new(name)).is_err(), "{name}");
        }
        for name in [".", "..", "a/b"] {
            assert!(Name::parse(OsStr::new(name)).is_err(), "{name}");
        }
        for name in ["web", "3.12-web", "pythonista", "web-3.12", "system2", "a b", "$(x)"] {
            assert!(Name::parse(OsStr::new(name)).is_ok(), "{name}");
        }
    }

    #[test]
    fn paths_that_no_script_can_carry_are_refused() {
        for path in ["/a:b", "/a\"b", "/a$b", "/a`b", "/a\\b", "/a\nb", "/a\x1bb", "/a\x7f", "/"] {
            assert!(judge(Path::new(path)).is_err(), "{path}");
        }
        for path in ["/a b", "/it's", "/a;b", "/a!b", "/é", "/a%b", "/(x)", "/#", "/a'''b"] {
            assert!(judge(Path::new(path)).is_ok(), "{path}");
        }
        assert!(judge_legacy(Path::new("/é")).is_err());
    }
}
