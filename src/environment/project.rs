//! What a project says of the Python it is for: `requires-python` of the nearest `pyproject.toml`.

use std::io;
use std::path::{Path, PathBuf};

use pyman_shim::{Specifiers, Version};
use serde::Deserialize;

use crate::disk;

/// No project's file is longer. In bytes.
const LARGEST: u64 = 1 << 20;

/// What a project requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Where it says so.
    pub file: PathBuf,
    /// As written: `>=3.10`.
    pub text: String,
}

/// As much of a `pyproject.toml` as is read.
#[derive(Deserialize)]
struct Document {
    project: Option<Project>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Project {
    requires_python: Option<String>,
}

impl Requirement {
    /// That of the project in `directory` or above it. What is no TOML, or says nothing that can be understood, requires
    /// nothing; nor does a directory that may not be read.
    pub fn of(directory: &Path) -> io::Result<Option<Self>> {
        for above in directory.ancestors() {
            let file = above.join("pyproject.toml");
            let text = match disk::read_head(&file, LARGEST) {
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => continue,
                read => read?,
            };
            if let Some(text) = text {
                let text = required(&String::from_utf8_lossy(&text));
                return Ok(text.map(|text| Self { file, text }));
            }
        }
        Ok(None)
    }

    /// Whether a Python of this version is one the project is for.
    pub fn allows(&self, version: Version) -> bool {
        Specifiers::parse(self.text.as_bytes()).is_none_or(|specifiers| {
            specifiers.allow(version) || specifiers.allow(Version { pre: None, ..version })
        })
    }
}

fn required(text: &str) -> Option<String> {
    let document = toml::from_str::<Document>(text);
    let text = document.map_or(None, |document| document.project?.requires_python)?;
    let text = text.trim().to_owned();
    Specifiers::parse(text.as_bytes()).map(|_| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_project_says_what_it_is_for() {
        let cases = [
            ("[project]\nname = 'x'\nrequires-python = '>=3.10'\n", Some(">=3.10")),
            (
                "[project]\nrequires-python = \" >=3.8, <3.13 \"\n[tool.x]\ny = 1\n",
                Some(">=3.8, <3.13"),
            ),
            ("[project]\nname = 'x'\n", None),
            ("[tool.poetry]\nname = 'x'\n", None),
            ("[project]\nrequires-python = 'soon'\n", None),
            ("[project\n", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(required(text).as_deref(), expected, "{text:?}");
        }
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b");
        fs_err::create_dir_all(&deep).unwrap();
        fs_err::write(folder.path().join("pyproject.toml"), cases[0].0).unwrap();
        let found = Requirement::of(&deep).unwrap().unwrap();
        assert_eq!(found.text, ">=3.10");
        assert!(found.allows(Version::new(3, 12, 1)) && !found.allows(Version::new(3, 9, 18)));
        fs_err::write(folder.path().join("a/pyproject.toml"), "").unwrap();
        assert_eq!(Requirement::of(&deep).unwrap(), None);
    }
}
