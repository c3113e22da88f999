//! The interpreters of this machine, found once: pyenv's if it is here, and the system's.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::support::sandbox::Sandbox;

/// One of them.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Interpreter {
    /// Its version, as numbers.
    pub(super) version: [u32; 3],
    /// The executable itself.
    pub(super) executable: PathBuf,
}

impl Interpreter {
    /// `3.12.1`
    pub(super) fn name(&self) -> String {
        self.version.map(|number| number.to_string()).join(".")
    }

    /// `3.12`
    pub(super) fn minor(&self) -> String {
        let [major, minor, _] = self.version;
        format!("{major}.{minor}")
    }

    /// Makes it a version of the sandbox's root.
    pub(super) fn register(&self, sandbox: &Sandbox) {
        let bin = sandbox.root().join("versions").join(self.name()).join("bin");
        fs::create_dir_all(&bin).unwrap();
        let [major, ..] = self.version;
        for name in
            ["python".to_owned(), format!("python{major}"), format!("python{}", self.minor())]
        {
            symlink(&self.executable, bin.join(name)).unwrap();
        }
    }
}

/// All of them, the oldest first; final releases of CPython, the newest of each minor. There is always one.
pub(super) fn interpreters() -> &'static [Interpreter] {
    static FOUND: OnceLock<Vec<Interpreter>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let mut found: Vec<Interpreter> =
            candidates().iter().filter_map(|path| probe(path)).collect();
        found.sort_unstable_by(|one, other| other.cmp(one));
        found.dedup_by_key(|interpreter| interpreter.minor());
        found.reverse();
        assert!(!found.is_empty(), "these tests need a Python");
        found
    })
}

fn candidates() -> Vec<PathBuf> {
    let mut candidates =
        vec![PathBuf::from("/usr/bin/python3"), PathBuf::from("/usr/local/bin/python3")];
    let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let root = root.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".pyenv")));
    if let Some(Ok(entries)) = root.map(|root| fs::read_dir(root.join("versions"))) {
        candidates.extend(entries.map(|entry| entry.unwrap().path().join("bin/python")));
    }
    candidates
}

fn probe(path: &Path) -> Option<Interpreter> {
    let code = "import os, sys; v = sys.version_info; print('%d %d %d %s' % (tuple(v[:3]) + (v[3],))); \
                print(os.path.realpath(sys.executable)); print(getattr(sys, 'abiflags', ''))";
    let output = Command::new(path).env_clear().args(["-E", "-s", "-c", code]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut lines = text.lines();
    let mut words = lines.next()?.split(' ');
    let mut number = || words.next()?.parse().ok();
    let version = [number()?, number()?, number()?];
    let executable = PathBuf::from(lines.next()?);
    let ordinary = words.next() == Some("final") && matches!(lines.next(), Some("" | "m"));
    ordinary.then_some(Interpreter { version, executable })
}
