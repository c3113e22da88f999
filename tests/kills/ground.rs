//! What a command is killed on: a sandbox that is put back to what it was as often as need be.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::support::sandbox::PARTS;
use crate::support::tiny::Stall;

use super::cases::Case;
use super::layers::{self, Layers};
use super::points::{self, CALLS, Call, Point};

pub(super) struct Ground<'a> {
    case: &'a Case,
    /// What it stands on, where it is not what it began as. Goes before the sandbox does.
    layers: OnceCell<Layers>,
    pub(super) stall: Stall,
}

/// Everything below the three, by its path from the sandbox: `-> target`, `mode/`, `mode size`.
pub(super) type Seen = BTreeMap<String, String>;

impl<'a> Ground<'a> {
    /// Where the case can be tried.
    pub(super) fn new(case: &'a Case) -> Self {
        let ground = Self { case, layers: OnceCell::new(), stall: Stall::open() };
        (case.prepare)(&ground.stall);
        ground
    }

    pub(super) fn path(&self) -> PathBuf {
        self.stall.sandbox.path()
    }

    /// Whether the command mends what stands at this place, where it stands.
    pub(super) fn mends(&self, place: &str) -> bool {
        self.case.mends == Some(place)
    }

    /// Keeps what is there before anything is killed; where there are layers, in the lower one.
    pub(super) fn keep_the_beginning(&self) {
        if layers::are_there() {
            self.layers.get_or_init(|| Layers::lay(self.path()));
        } else {
            self.stall.sandbox.keep("before");
        }
    }

    /// Puts back what was there before anything was killed.
    pub(super) fn begin_again(&self) {
        match self.layers.get() {
            Some(layers) => layers.begin(None),
            None => self.stall.sandbox.bring_back("before"),
        }
    }

    /// Keeps what a kill left.
    pub(super) fn keep_the_dead(&self) {
        match self.layers.get() {
            Some(layers) => layers.keep("dead"),
            None => self.stall.sandbox.keep("dead"),
        }
    }

    /// Puts back what a kill left.
    pub(super) fn bring_back_the_dead(&self) {
        match self.layers.get() {
            Some(layers) => layers.begin(Some("dead")),
            None => self.stall.sandbox.bring_back("dead"),
        }
    }

    /// The command, by a program that starts it.
    fn started_by(&self, starter: &[&str]) -> Command {
        match self.case.program {
            Some(program) => {
                let program = self.path().join(program).display().to_string();
                self.stall.started(starter, &program, self.case.command)
            }
            None => self.stall.started_by(starter, self.case.command),
        }
    }

    fn finished(&self, mut command: Command) -> Output {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env("SHELL", "/bin/bash");
        let mut child = command.spawn().unwrap();
        // Who was killed before it read has closed the pipe.
        child.stdin.take().unwrap().write_all(self.case.answers.as_bytes()).unwrap_or_default();
        child.wait_with_output().unwrap()
    }

    /// Runs the command to its end: the calls it made, and how it ended. The ground is as it is afterwards.
    pub(super) fn traced(&self) -> (Vec<Call>, Again) {
        let trace = self.path().join("trace");
        let what = format!("trace={}", CALLS.join(","));
        let strace = ["strace", "-f", "-qq", "-o", trace.to_str().unwrap(), "-e", &what];
        let output = self.finished(self.started_by(&strace));
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{}: {said}", self.case.name);
        let calls = points::calls(&fs::read_to_string(trace).unwrap());
        (calls, Again { status: output.status.code(), stderr: said.into_owned() })
    }

    /// Runs the command and kills it there; whether it came to that.
    pub(super) fn killed(&self, point: &Point) -> bool {
        let inject = format!("inject={}:signal=KILL:when={}", point.call, point.nth);
        let what = format!("trace={}", point.call);
        let strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &what, "-e", &inject];
        let output = self.finished(self.started_by(&strace));
        // strace ends as what it traced did.
        output.status.signal() == Some(9) || output.status.code() == Some(137)
    }

    /// Runs the command.
    pub(super) fn again(&self) -> Again {
        let output = self.finished(self.started_by(&[]));
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        Again { status: output.status.code(), stderr }
    }

    /// What doctor has to say of the root: its lines.
    pub(super) fn doctor(&self) -> Vec<String> {
        let ran = self.stall.run(&["doctor"]);
        (ran.stdout + &ran.stderr).lines().map(str::to_owned).collect()
    }

    /// Everything that is there.
    pub(super) fn seen(&self) -> Seen {
        let mut seen = Seen::new();
        for part in PARTS {
            look(&self.path().join(part), part, &mut seen);
        }
        seen
    }
}

/// What running a command again came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Again {
    pub(super) status: Option<i32>,
    pub(super) stderr: String,
}

fn look(directory: &Path, name: &str, seen: &mut Seen) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for entry in entries {
        let entry = entry.unwrap();
        let name = format!("{name}/{}", entry.file_name().display());
        let metadata = entry.metadata().unwrap();
        let mode = metadata.permissions().mode() & 0o7777;
        let what = if metadata.is_symlink() {
            format!("-> {}", fs::read_link(entry.path()).unwrap().display())
        } else if metadata.is_dir() {
            look(&entry.path(), &name, seen);
            format!("{mode:o}/")
        } else if name.ends_with("/.pyman/receipt.json") {
            // It holds when it was written.
            format!("{mode:o}")
        } else if name.ends_with(".tar.gz") {
            // Its members' times are packed more or less well.
            format!("{mode:o} {}", unpacked(&entry.path()))
        } else {
            format!("{mode:o} {}", metadata.len())
        };
        seen.insert(name, what);
    }
}

/// How long a compressed file is unpacked; said where it is none.
fn unpacked(file: &Path) -> String {
    let mut bytes = Vec::new();
    match flate2::read::MultiGzDecoder::new(fs::File::open(file).unwrap()).read_to_end(&mut bytes) {
        Ok(length) => length.to_string(),
        Err(error) => error.to_string(),
    }
}
