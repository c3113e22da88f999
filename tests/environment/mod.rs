//! Virtual environments by the real binary, over the real Pythons of this machine.

mod carrying;
mod creating;
mod faults;
mod kills;
mod legacy;
mod living;
mod places;
mod together;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::live;
use crate::support::sandbox::{Ran, Sandbox};

/// A Python of this machine, which nothing here writes to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Python {
    /// `3.12.1`
    version: String,
    prefix: PathBuf,
}

impl Python {
    /// Every one there is, newest first: pyenv's and those that `live` compiled, then the distribution's.
    fn all() -> Vec<Self> {
        let trees = [
            std::env::home_dir().unwrap().join(".pyenv/versions"),
            Path::new(live::KEPT).join("versions"),
        ];
        let mut found: Vec<Self> = trees
            .into_iter()
            .filter_map(|trees| fs::read_dir(trees).ok())
            .flatten()
            .map(|entry| entry.unwrap().path())
            .filter(|prefix| prefix.join("bin/python").exists())
            .map(|prefix| Self {
                version: prefix.file_name().unwrap().to_string_lossy().into_owned(),
                prefix,
            })
            .filter(|python| numbers(&python.version).len() == 3)
            .collect();
        found.sort_by_key(|python| std::cmp::Reverse(numbers(&python.version)));
        let script = "import platform; print(platform.python_version())";
        if let Ok(output) = Command::new("/usr/bin/python3").args(["-I", "-c", script]).output() {
            let version = String::from_utf8(output.stdout).unwrap().trim().to_owned();
            if found.iter().all(|python| python.version != version) {
                found.push(Self { version, prefix: "/usr".into() });
            }
        }
        assert!(!found.is_empty(), "this machine has no Python");
        found
    }

    /// Those of Python 3.
    fn modern() -> Vec<Self> {
        Self::all().into_iter().filter(|python| numbers(&python.version)[0] == 3).collect()
    }

    /// The newest that brings pip's wheel.
    fn newest() -> Self {
        let brings = |python: &&Self| python.brings_pip();
        let all = Self::modern();
        all.iter().find(brings).or(all.first()).unwrap().clone()
    }

    /// Of all there are, the newest of each of two minors.
    fn two() -> Option<[Self; 2]> {
        let all = Self::modern();
        let one = all.first()?.clone();
        let other = all.iter().find(|python| python.minor() != one.minor())?.clone();
        Some([one, other])
    }

    fn brings_pip(&self) -> bool {
        let library = self.prefix.join("lib").join(format!("python{}", self.minor()));
        let has = |directory: PathBuf| {
            fs::read_dir(directory)
                .into_iter()
                .flatten()
                .any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with("pip-"))
        };
        has(library.join("ensurepip/_bundled"))
            || self.prefix == Path::new("/usr") && has("/usr/share/python-wheels".into())
    }

    fn minor(&self) -> String {
        self.version.rsplit_once('.').unwrap().0.to_owned()
    }
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map_while(|number| number.parse().ok()).collect()
}

/// A sandbox in which these Pythons are installed, as links.
fn sandbox(pythons: &[Python]) -> Sandbox {
    let sandbox = Sandbox::new();
    let versions = sandbox.root().join("versions");
    fs::create_dir_all(&versions).unwrap();
    for python in pythons {
        symlink(&python.prefix, versions.join(&python.version)).unwrap();
    }
    sandbox
}

/// `venv create` with these arguments.
fn create(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    sandbox.run(&[&["venv", "create"], arguments].concat())
}

/// What a program of the sandbox prints when it succeeds.
#[track_caller]
fn output(sandbox: &Sandbox, program: impl AsRef<Path>, arguments: &[&str]) -> String {
    let program = program.as_ref();
    let output = sandbox.command(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} {arguments:?}: {said}", program.display());
    String::from_utf8(output.stdout).unwrap()
}

/// The names in a directory, sorted.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
