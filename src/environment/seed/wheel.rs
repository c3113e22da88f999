//! The wheels an environment begins with, and what their names say: project, version, what they run on; those that a Python
//! brings for its own ensurepip.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::environment::{Base, Error};

/// What ensurepip installs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Project {
    Pip,
    Setuptools,
}

impl Project {
    /// Its name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Pip => "pip",
            Self::Setuptools => "setuptools",
        }
    }
}

/// What a wheel's file name says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WheelName {
    /// In small letters.
    pub(super) project: String,
    /// Its numbers: 23.2.1 is newer than 23.2 and older than 23.10.
    pub(super) version: Vec<u32>,
    /// The name without `.whl`.
    pub(super) stem: String,
}

impl WheelName {
    /// `pip-23.2.1-py3-none-any.whl`.
    pub(super) fn parse(file: &str) -> Option<Self> {
        Self::parse_stem(file.strip_suffix(".whl")?)
    }

    /// The same without `.whl`: a wheel for any machine, of a release that is no pre-release.
    pub(super) fn parse_stem(stem: &str) -> Option<Self> {
        let mut parts = stem.split('-');
        let project = parts.next()?.to_lowercase();
        let version = parts.next()?;
        let version = version.split('.').map(str::parse).collect::<Result<_, _>>();
        let tags: Vec<&str> = parts.collect();
        let [_, "none", "any"] = tags.as_slice() else {
            return None;
        };
        Some(Self { project, version: version.ok()?, stem: stem.to_owned() })
    }
}

/// The base's wheel of a project: the one its ensurepip names, else the newest.
pub(super) fn wheel(base: &Base, project: &str) -> Result<Option<(WheelName, PathBuf)>, Error> {
    let library = base.prefix.join(base.library_within());
    let module = library.join("ensurepip");
    let named = version_named(&module.join("__init__.py"), project)?;
    let mut found = wheels(&module.join("_bundled"), project)?;
    if found.is_empty()
        && let Some(directory) = packaged(&library)?
    {
        found = wheels(&directory, project)?;
    }
    found.sort();
    let is_named = |name: &WheelName| {
        let version: Vec<String> = name.version.iter().map(u32::to_string).collect();
        named.as_ref().is_some_and(|named| *named == version.join("."))
    };
    let index = found.iter().position(|(name, _)| is_named(name));
    Ok(match index {
        Some(index) => Some(found.swap_remove(index)),
        None => found.pop(),
    })
}

fn wheels(directory: &Path, project: &str) -> io::Result<Vec<(WheelName, PathBuf)>> {
    let mut found = Vec::new();
    for entry in disk::entries(directory)? {
        let name = entry.name.to_str().and_then(WheelName::parse);
        if let Some(name) = name.filter(|name| name.project == project) {
            found.push((name, directory.join(&entry.name)));
        }
    }
    Ok(found)
}

/// The version in `_PIP_VERSION = "23.2.1"`.
fn version_named(module: &Path, project: &str) -> io::Result<Option<String>> {
    let Some(text) = disk::read(module)? else { return Ok(None) };
    let text = String::from_utf8_lossy(&text);
    Ok(assigned(&text, &format!("_{}_VERSION", project.to_uppercase())))
}

/// Distributions keep the wheels elsewhere: `WHEEL_PKG_DIR` of sysconfig, read and not asked.
fn packaged(library: &Path) -> io::Result<Option<PathBuf>> {
    for entry in disk::entries(library)? {
        let path = library.join(&entry.name);
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_python = path.extension().is_some_and(|extension| extension == "py");
        if !name.starts_with("_sysconfigdata") || !is_python {
            continue;
        }
        let Some(text) = disk::read(&path)? else { continue };
        let text = String::from_utf8_lossy(&text);
        let value = text.lines().find_map(|line| {
            let (_, value) = line.split_once("'WHEEL_PKG_DIR':")?;
            literal(value)
        });
        if let Some(directory) = value.filter(|value| value.starts_with('/')) {
            return Ok(Some(directory.into()));
        }
    }
    Ok(None)
}

fn assigned(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let value = line.strip_prefix(name)?.trim_start().strip_prefix('=')?;
        literal(value)
    })
}

/// The string that a line begins with.
fn literal(text: &str) -> Option<String> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let (value, _) = text.strip_prefix(quote)?.split_once(quote)?;
    Some(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers_and_other_names_are_none() {
        let version = |name: &str| WheelName::parse(name).map(|name| name.version);
        assert!(version("pip-23.10-py3-none-any.whl") > version("pip-23.2.1-py3-none-any.whl"));
        assert_eq!(version("pip-19.2.3-py2.py3-none-any.whl"), Some(vec![19, 2, 3]));
        for name in [
            "pip-25.0b1-py3-none-any.whl",
            "pip-23.2.1-py3-none-any",
            "pip-23.2.1-cp312-cp312-linux_x86_64.whl",
            ".pyman-stage-0123",
            "",
        ] {
            assert_eq!(version(name), None, "{name}");
        }
    }

    #[test]
    fn strings_are_read_from_python_text() {
        let text = "x = 1\n_SETUPTOOLS_VERSION = \"56.0.0\"\n_PIP_VERSION = '23.0.1'  # newest\n";
        assert_eq!(assigned(text, "_PIP_VERSION").as_deref(), Some("23.0.1"));
        assert_eq!(assigned(text, "_SETUPTOOLS_VERSION").as_deref(), Some("56.0.0"));
        assert_eq!(assigned(text, "_WHEEL_VERSION"), None);
        assert_eq!(
            literal(" '/usr/share/python-wheels/',").as_deref(),
            Some("/usr/share/python-wheels/")
        );
        assert_eq!(literal(" 0,"), None);
    }
}
