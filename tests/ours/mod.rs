//! Ours is what we made, where we made it: whatever is planted below the root, nothing beyond it is read as an order,
//! written or removed, and nothing makes a command wait.
//!
//! Every test runs as an ordinary user, on canaries of its own sandbox.

mod asking;
mod blocking;
mod brought;
mod builds;
pub(crate) mod fixture;
mod foreign;
mod forged;
mod limits;
mod linked;
mod modes;
mod names;
mod personal;
mod planted;
mod scratch;
mod shared;
mod stages;
mod volumes;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::sandbox::Ran;
use crate::support::tiny::Stall;

/// Longer than any command takes here, however busy the machine is.
const PATIENCE: Duration = Duration::from_mins(1);

/// A directory beside the root with what somebody else holds dear.
struct Canary {
    place: PathBuf,
    before: BTreeMap<PathBuf, String>,
}

impl Canary {
    /// Files, directories and links whose names are those that our own have.
    fn beside(stall: &Stall) -> Self {
        let place = stall.sandbox.path().join("canary");
        for directory in ["x.2.0", "3.12.2/bin", "web/bin", "deep/er"] {
            fs::create_dir_all(place.join(directory)).unwrap();
        }
        for file in [
            "precious",
            "python",
            "pyman",
            "pyman-shim",
            "x.2.0.lock",
            "x.2.0/file",
            "3.12.2/bin/python",
            "3.12.2.lock",
            "3.12.1.lock",
            "a.tar.gz.partial",
            "old.tar.gz",
            "web/pyvenv.cfg",
            "web/bin/python",
            "bash.sh",
            ".rehashed",
            ".pyman-new-01-1",
            ".pyman-new-notes",
            "deep/er/file",
        ] {
            fs::write(place.join(file), format!("the precious {file}\n")).unwrap();
        }
        std::os::unix::fs::symlink("nowhere", place.join("3.12")).unwrap();
        Self { before: everything(&place), place }
    }

    /// Everything is as it was.
    #[track_caller]
    fn lives(&self, after: &str) {
        let now = everything(&self.place);
        let changed: Vec<_> = self
            .before
            .iter()
            .filter(|(path, what)| now.get(*path) != Some(*what))
            .map(|(path, what)| format!("{}: {what:?} is {:?}", path.display(), now.get(path)))
            .chain(
                now.iter()
                    .filter(|(path, _)| !self.before.contains_key(*path))
                    .map(|(path, what)| format!("{}: {what:?} is new", path.display())),
            )
            .collect();
        assert!(changed.is_empty(), "after {after}: {changed:#?}");
    }
}

/// What stands below a directory and how: modes, times, contents, targets.
fn everything(directory: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(next) = pending.pop() {
        let metadata = fs::symlink_metadata(&next).unwrap();
        let kind = metadata.file_type();
        let what = if kind.is_symlink() {
            format!("-> {}", fs::read_link(&next).unwrap().display())
        } else if kind.is_dir() {
            pending.extend(fs::read_dir(&next).unwrap().map(|entry| entry.unwrap().path()));
            "directory".to_owned()
        } else if kind.is_fifo() || kind.is_socket() {
            "special".to_owned()
        } else {
            String::from_utf8_lossy(&fs::read(&next).unwrap()).into_owned()
        };
        // A hard link made or removed elsewhere changes nothing that a file's owner sees.
        let stamp = format!("{:o} {}.{}", metadata.mode(), metadata.mtime(), metadata.mtime_nsec());
        found.insert(next, format!("{stamp} {what}"));
    }
    found
}

/// How many days it takes until every file of ours came to its turn.
const DAYS: usize = 6;

/// Runs a command that has to end by itself.
#[track_caller]
fn bounded(stall: &Stall, command: &mut Command) -> Ran {
    let begun = Instant::now();
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let read = thread::spawn(move || {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        out.read_to_end(&mut stdout).unwrap();
        err.read_to_end(&mut stderr).unwrap();
        (stdout, stderr)
    });
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it does not end: {command:?}");
        }
        thread::sleep(Duration::from_millis(2));
    };
    let (stdout, stderr) = read.join().unwrap();
    let redacted = |bytes: Vec<u8>| {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        text.replace(&*stall.sandbox.path().to_string_lossy(), "[SANDBOX]")
    };
    let ran = Ran { stdout: redacted(stdout), stderr: redacted(stderr), status: status.code() };
    assert!(!ran.stderr.contains("panicked"), "{command:?}: {ran:?}");
    ran
}

/// Runs pyman, which has to end by itself.
#[track_caller]
fn run(stall: &Stall, arguments: &[&str]) -> Ran {
    bounded(stall, &mut stall.pyman(arguments))
}

/// Whether an interpreter is there, and runs.
fn starts(stall: &Stall, python: &Path) -> bool {
    let mut command = stall.sandbox.command(python);
    command.args(["-c", "pass"]).stdin(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// A root that has been lived in: two versions, environments of each sort, start-up files.
fn lived_in() -> Stall {
    let stall = Stall::open();
    stall.prepare(&["install", "3.12.1", "3.11.5"]);
    stall.prepare(&["global", "3.11.5"]);
    stall.prepare(&["venv", "create", "-p", "3.12", "web"]);
    stall.prepare(&["venv", "create", "--no-pip", "-p", "3.12.1", "./env"]);
    stall.prepare(&["virtualenv", "--no-pip", "3.12.1", "api"]);
    stall.prepare(&["setup", "bash"]);
    stall.sandbox.keep("lived in");
    stall
}

/// The same again, whatever was done to it.
fn restored(stall: &Stall) {
    stall.sandbox.bring_back("lived in");
}

/// What changes something, in an order in which each can be done.
const COMMANDS: [&[&str]; 19] = [
    &["rehash"],
    &["install", "3.12.2"],
    &["install", "-f", "3.12.1"],
    &["venv", "create", "--no-pip", "-p", "3.12", "site"],
    &["virtualenv", "--no-pip", "3.12.1", "shop"],
    &["venv", "move", "site", "moved"],
    &["venv", "clone", "web", "second"],
    &["venv", "remove", "moved"],
    &["virtualenv-delete", "-f", "shop"],
    &["global", "3.12.1"],
    &["link", "../home/.virtualenvs/web/bin/python", "linked"],
    &["unlink", "linked"],
    &["setup", "bash"],
    &["init", "-", "bash"],
    &["mirror", "set", "tuna"],
    &["upgrade"],
    &["cache", "clean"],
    &["doctor"],
    &["uninstall", "-f", "3.11.5"],
];
