//! What the interpreter of a staged tree says of itself: isolated, in a clean environment.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pyman_shim::Version;

/// An interpreter that answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) version: Version,
    /// `cpython`, `pypy`, `graalpy`, in lower case.
    pub(super) implementation: String,
    /// Compiled without the global interpreter lock.
    pub(super) free_threaded: bool,
    /// Compiled with debugging checks.
    pub(super) debug: bool,
}

/// Words that every Python since 2.3 reads.
const QUESTION: &str = "import sys
v = sys.version_info
s = ''
if v[3] != 'final':
    s = {'alpha': 'a', 'beta': 'b', 'candidate': 'rc'}[v[3]] + str(v[4])
try:
    n = sys.implementation.name
except AttributeError:
    n = 'cpython'
    if hasattr(sys, 'pypy_version_info'):
        n = 'pypy'
f = getattr(sys, 'abiflags', '')
sys.stdout.write('%d.%d.%d%s %s t=%d d=%d' % (v[0], v[1], v[2], s, n, 't' in f,
    'd' in f or hasattr(sys, 'gettotalrefcount')))
";

/// Asks the interpreter at `path`; the reason when it does not answer.
pub(super) fn probe(path: &Path) -> Result<Answer, String> {
    let mut command = Command::new(path);
    // -I is unknown to 2.7; these two mean nearly the same, and no variable is left anyway.
    command.args(["-E", "-s", "-B", "-c", QUESTION]).env_clear().stdin(Stdio::null());
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => return Err(format!("does not run here: {error}")),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.trim().lines().last().unwrap_or_default().to_owned();
        return Err(format!("does not run here ({}): {last}", output.status));
    }
    let said = String::from_utf8_lossy(&output.stdout);
    parse(&said).ok_or_else(|| format!("answers {said:?}"))
}

fn parse(said: &str) -> Option<Answer> {
    let mut words = said.split_whitespace();
    let version = words.next()?.parse().ok()?;
    let implementation = words.next()?.to_lowercase();
    let free_threaded = words.next()? == "t=1";
    let debug = words.next()? == "d=1";
    Some(Answer { version, implementation, free_threaded, debug })
}

/// The interpreter in a tree's `bin/`: the most exact name first.
pub(super) fn interpreter(tree: &Path) -> io::Result<Option<PathBuf>> {
    let bin = tree.join("bin");
    let entries = match fs_err::read_dir(&bin) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut names: Vec<OsString> = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        if rank(name.as_encoded_bytes()).is_some() && bin.join(&name).is_file() {
            names.push(name);
        }
    }
    let best = names.into_iter().max_by_key(|name| rank(name.as_encoded_bytes()));
    Ok(best.map(|name| bin.join(name)))
}

/// `python3.12` before `python3` before `python` before `pypy3`; no `python3-config`.
fn rank(name: &[u8]) -> Option<(bool, usize)> {
    let stems: [(&[u8], bool); 4] =
        [(b"python", true), (b"pypy", false), (b"graalpy", false), (b"graalpython", false)];
    stems.iter().find_map(|(stem, usual)| {
        let rest = name.strip_prefix(*stem)?;
        let digits = rest.iter().all(|byte| byte.is_ascii_digit() || b".td".contains(byte));
        digits.then_some((*usual, rest.iter().filter(|byte| !b"td".contains(byte)).count()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_and_nonsense_is_not() {
        let answer = parse("3.13.0rc2 CPython t=1 d=0").unwrap();
        assert_eq!(answer.version, "3.13.0rc2".parse().unwrap());
        assert_eq!(answer.implementation, "cpython");
        assert!(answer.free_threaded && !answer.debug);
        assert_eq!(parse("hello"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn the_most_exact_name_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(interpreter(folder.path()).unwrap(), None);
        let bin = folder.path().join("bin");
        fs_err::create_dir(&bin).unwrap();
        for name in ["pypy3.10", "python", "python3", "python3.10", "python3.10-config", "pip"] {
            fs_err::write(bin.join(name), "").unwrap();
        }
        assert_eq!(interpreter(folder.path()).unwrap(), Some(bin.join("python3.10")));
    }
}
