//! A root, a HOME and a working directory of a test's own, and the real binary run in them.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

/// The parts of a sandbox that commands change.
pub(crate) const PARTS: [&str; 3] = ["pyman", "home", "work"];

/// Where one test lives; removed when it ends.
pub(crate) struct Sandbox {
    directory: tempfile::TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let directory = tempfile::Builder::new().prefix("pyman-test-").tempdir().unwrap();
        let sandbox = Self { directory };
        for made in [sandbox.home(), sandbox.work()] {
            fs::create_dir_all(made).unwrap();
        }
        sandbox
    }

    /// The sandbox's own directory, links resolved: `…/pyman`, `…/home`, `…/work` stand in it.
    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().canonicalize().unwrap()
    }

    /// `$PYMAN_ROOT`.
    pub(crate) fn root(&self) -> PathBuf {
        self.path().join("pyman")
    }

    /// `$HOME`.
    pub(crate) fn home(&self) -> PathBuf {
        self.path().join("home")
    }

    /// The working directory.
    pub(crate) fn work(&self) -> PathBuf {
        self.path().join("work")
    }

    /// Keeps what is there now under a name.
    pub(crate) fn keep(&self, name: &str) {
        let kept = self.path().join("kept").join(name);
        if kept.exists() {
            fs::remove_dir_all(&kept).unwrap();
        }
        fs::create_dir_all(&kept).unwrap();
        copy_parts(&self.path(), &kept);
    }

    /// Puts back what was kept; times and hard links included.
    pub(crate) fn bring_back(&self, name: &str) {
        for part in PARTS.map(|part| self.path().join(part)) {
            match fs::symlink_metadata(&part) {
                Ok(found) if found.is_dir() => fs::remove_dir_all(&part).unwrap(),
                Ok(_) => fs::remove_file(&part).unwrap(),
                Err(error) => assert_eq!(error.kind(), ErrorKind::NotFound),
            }
        }
        copy_parts(&self.path().join("kept").join(name), &self.path());
    }

    /// Writes a file below the sandbox's directory, making its directories.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let file = self.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, contents).unwrap();
        file
    }

    /// An installation whose commands are fake: each prints its own path and its arguments.
    pub(crate) fn fake_version(&self, name: &str, commands: &[&str]) -> PathBuf {
        let tree = self.root().join("versions").join(name);
        for command in commands {
            Self::script(&tree.join("bin").join(command), "echo \"$0\" \"$@\"");
        }
        tree
    }

    /// A script for `/bin/sh` at `file`, safe to be run at once by a threaded test.
    ///
    /// A file just written by this process may still be open for writing in a child another thread
    /// is forking (ETXTBSY), so a shell writes it.
    pub(crate) fn script(file: &Path, body: &str) {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let text = format!("#!/bin/sh\n{body}\n");
        let status = Command::new("/bin/sh")
            .args(["-c", "printf %s \"$1\" > \"$2\" && chmod 755 \"$2\"", "sh", &text])
            .arg(file)
            .status()
            .unwrap();
        assert!(status.success());
        assert_ne!(fs::metadata(file).unwrap().permissions().mode() & 0o111, 0);
    }

    /// The real binary, in this sandbox: no network, no user's variables, a PATH of the system's own.
    pub(crate) fn pyman<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> Command {
        let mut command = self.command(crate::support::program());
        command.args(arguments);
        command
    }

    /// Any program, in this sandbox.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", self.home())
            .env("PYMAN_ROOT", self.root())
            .env("PATH", "/usr/bin:/bin")
            .env("LANG", "C.UTF-8")
            .env("PYMAN_OFFLINE", "1")
            .current_dir(self.work());
        command
    }

    /// Runs the binary and takes all it printed, with the sandbox's own path shown as `[SANDBOX]`.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.ran(&mut self.pyman(arguments))
    }

    /// Runs a prepared command and takes all it printed.
    pub(crate) fn ran(&self, command: &mut Command) -> Ran {
        loop {
            match command.output() {
                // What another thread's child held open for writing while it began.
                Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => {
                    thread::sleep(Duration::from_millis(10));
                }
                output => return Ran::new(&output.unwrap(), &self.path()),
            }
        }
    }
}

fn copy_parts(from: &Path, to: &Path) {
    let parts = PARTS.iter().map(|part| from.join(part)).filter(|part| part.exists());
    let parts: Vec<PathBuf> = parts.collect();
    let status = Command::new("cp").arg("-a").args(&parts).arg(to).status().unwrap();
    assert!(status.success());
    for part in parts {
        reseal(&part, &to.join(part.file_name().unwrap()));
    }
}

/// What a seal says of the directory it is in.
#[cfg(unix)]
pub(crate) fn identity(directory: &Path) -> String {
    use std::os::unix::fs::MetadataExt as _;
    let found = fs::symlink_metadata(directory).unwrap();
    let born = found.created().ok().and_then(|made| made.duration_since(UNIX_EPOCH).ok());
    let born = born.map_or(0, |born| born.as_nanos());
    if born == 0 { format!("number {} ", found.ino()) } else { format!("born {born} ") }
}

/// A copy is another directory than what was sealed: the seals that count are written anew for it.
#[cfg(unix)]
pub(crate) fn reseal(from: &Path, to: &Path) {
    let Ok(entries) = fs::read_dir(from) else { return };
    for entry in entries {
        let entry = entry.unwrap();
        let copy = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            reseal(&entry.path(), &copy);
        } else if entry.file_name() == ".pyman-stage" && entry.file_type().unwrap().is_file() {
            let said = fs::read_to_string(entry.path()).unwrap();
            if let Some(name) = said.strip_prefix(&identity(from)) {
                fs::write(copy, format!("{}{name}", identity(to))).unwrap();
            }
        }
    }
}

/// Nearly every sandbox has no shims on PATH, and `install` and `global` say so: `beginning.rs` states that for all.
fn without_path_hint(stderr: &str) -> String {
    let is_it = |line: &&str| {
        line.starts_with("hint: run `pyman setup': ")
            && line.ends_with("/shims is not on PATH: shims are never run\n")
    };
    stderr.split_inclusive('\n').filter(|line| !is_it(line)).collect()
}

/// Every download says where it comes from and how long it took, which differs each time: `screens` states that for all.
fn without_downloads(stderr: &str) -> String {
    let is_one = |line: &&str| {
        line.starts_with("fetching ") && line.contains(" from ")
            || line.starts_with("fetched ") && line.ends_with(" s\n")
    };
    stderr.split_inclusive('\n').filter(|line| !is_one(line)).collect()
}

/// All that a program left: a test states every part.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The exit status; none when a signal ended it.
    pub(crate) status: Option<i32>,
}

impl Ran {
    fn new(output: &Output, sandbox: &Path) -> Self {
        let redact = |bytes: &[u8]| {
            String::from_utf8_lossy(bytes).replace(&*sandbox.to_string_lossy(), "[SANDBOX]")
        };
        Self {
            stdout: redact(&output.stdout),
            stderr: without_downloads(&without_path_hint(&redact(&output.stderr))),
            status: output.status.code(),
        }
    }

    /// Asserts stdout, an empty stderr and status 0.
    #[track_caller]
    pub(crate) fn succeeds(&self, stdout: &str) {
        self.is(stdout, "", 0);
    }

    /// Asserts an empty stdout, stderr and a status.
    #[track_caller]
    pub(crate) fn fails(&self, stderr: &str, status: i32) {
        self.is("", stderr, status);
    }

    /// Asserts everything.
    #[track_caller]
    pub(crate) fn is(&self, stdout: &str, stderr: &str, status: i32) {
        let expected =
            Self { stdout: stdout.to_owned(), stderr: stderr.to_owned(), status: Some(status) };
        assert_eq!(*self, expected);
    }
}
