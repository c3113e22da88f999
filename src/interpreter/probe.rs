//! Asks an executable what it is: one short script, a clean environment, a time limit; and why one did not answer.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{Builder, sleep};
use std::time::{Duration, Instant};

use crate::interpreter::answer::{Interpreter, Line};
use crate::interpreter::system;
use crate::progress::Progress;

/// Runs on 2.6 and everything after it; says nothing but one line.
const SCRIPT: &str = include_str!("probe.py");

/// Longer than any interpreter takes to start on a cold, slow disk.
const PATIENCE: Duration = Duration::from_secs(10);

/// More than an answer has; what is longer is none.
const LONGEST: u64 = 32 * 1024;

/// What went wrong when an executable was asked what it is.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It could not be started: not there, not executable, of another architecture.
    #[error("{} cannot be run: {source}", .path.display())]
    NotRunnable {
        /// What was to be run.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It ran, and said something else or nothing.
    #[error("{} is no Python interpreter{}", .path.display(), after(said))]
    NoAnswer {
        /// What was run.
        path: PathBuf,
        /// The last line that it wrote to stderr.
        said: String,
    },
    /// It was still running after the time an interpreter may take to start.
    #[error("{} gives no answer within {seconds} s", .path.display())]
    Slow {
        /// What was run.
        path: PathBuf,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// What may be done about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoAnswer { said, .. } if said.contains("shared librar") => {
                Some("a library it needs is missing, or it was moved without its own".into())
            }
            Self::NotRunnable { .. }
            | Self::NoAnswer { .. }
            | Self::Slow { .. }
            | Self::Interrupted => None,
        }
    }

    /// The exit status it leads to: 1 could not, 130 interrupted.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NotRunnable { .. } | Self::NoAnswer { .. } | Self::Slow { .. } => 1,
            Self::Interrupted => 130,
        }
    }
}

fn after(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!(": {line}") }
}

/// Starts a program. One that was written just now is still open for writing in whatever another thread started meanwhile,
/// until that runs its own program (ETXTBSY): a moment, which is waited for, a second at most.
pub(crate) fn start(command: &mut Command, pause: &mut dyn FnMut(Duration)) -> io::Result<Child> {
    for doubled in 0..10 {
        match command.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {
                pause(Duration::from_millis(1 << doubled));
            }
            started => return started,
        }
    }
    command.spawn()
}

/// Asks `path` what it is.
///
/// No variable of the caller's reaches it, no `site`, user directory or working directory is
/// looked into, no `.pyc` written: `-I` would say most of this, but 2.7 does not know it.
pub(crate) fn probe(path: &Path, progress: &dyn Progress) -> Result<Interpreter, Error> {
    let mut command = Command::new(path);
    command
        .args(["-E", "-s", "-S", "-B", "-c", SCRIPT])
        .env_clear()
        .envs(system::variables())
        .current_dir(system::NEUTRAL_DIRECTORY)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let not_runnable = |source| Error::NotRunnable { path: path.into(), source };
    let mut child = start(&mut command, &mut sleep).map_err(not_runnable)?;
    let heard_both =
        listen(child.stdout.take()).and_then(|stdout| Ok((stdout, listen(child.stderr.take())?)));
    let (stdout, stderr) = match heard_both {
        Ok(both) => both,
        Err(error) => {
            // No thread is to be had: nobody would hear what it says.
            stop(&mut child).map_err(not_runnable)?;
            return Err(not_runnable(error));
        }
    };
    let status = match wait(&mut child, progress).map_err(not_runnable)? {
        Waited::Ended(status) => status,
        Waited::TooLong => {
            return Err(Error::Slow { path: path.into(), seconds: PATIENCE.as_secs() });
        }
        Waited::Interrupted => return Err(Error::Interrupted),
    };
    let answer = heard(&stdout);
    let line = serde_json::from_str::<Line>(answer.trim());
    let interpreter = line.map_or(None, |line| line.interpreter(path.into()));
    match interpreter {
        Some(interpreter) if status.success() => Ok(interpreter),
        Some(_) | None => {
            let said = heard(&stderr);
            let said = said.lines().last().unwrap_or_default().trim().to_owned();
            Err(Error::NoAnswer { path: path.into(), said })
        }
    }
}

/// How the waiting for an interpreter's end ended.
enum Waited {
    Ended(ExitStatus),
    TooLong,
    Interrupted,
}

/// Waits for the end; kills what has not ended in time, or when the user asks to stop.
fn wait(child: &mut Child, progress: &dyn Progress) -> io::Result<Waited> {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(1);
    let gave_up = loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Waited::Ended(status));
        }
        if progress.interrupted() {
            break Waited::Interrupted;
        }
        if begun.elapsed() >= PATIENCE {
            break Waited::TooLong;
        }
        sleep(pause);
        pause = (pause * 5 / 4).min(Duration::from_millis(50));
    };
    stop(child)?;
    Ok(gave_up)
}

fn stop(child: &mut Child) -> io::Result<()> {
    child.kill()?;
    child.wait().map(drop)
}

/// Reads a pipe aside: a grandchild may hold it open for ever.
fn listen(pipe: Option<impl Read + Send + 'static>) -> io::Result<Receiver<Vec<u8>>> {
    let (sender, receiver) = channel();
    if let Some(pipe) = pipe {
        Builder::new().spawn(move || {
            let mut bytes = Vec::new();
            // What cannot be read was not said, and nobody may be listening any more.
            if pipe.take(LONGEST).read_to_end(&mut bytes).is_ok() {
                sender.send(bytes).unwrap_or_default();
            }
        })?;
    }
    Ok(receiver)
}

/// What was said by one who has ended.
fn heard(pipe: &Receiver<Vec<u8>>) -> String {
    let bytes = pipe.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    use super::*;
    use crate::progress::{Silent, Task};

    /// A script for `/bin/sh`, written by a shell: a file this threaded process wrote may be busy.
    fn script(directory: &Path, body: &str) -> PathBuf {
        let file = directory.join("python");
        let text = format!("#!/bin/sh\n{body}\n");
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", "printf %s \"$1\" > \"$2\"; chmod 755 \"$2\"", "sh", &text]).arg(&file);
        assert!(shell.status().unwrap().success());
        file
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_program_that_is_still_open_for_writing_is_waited_for() {
        let directory = tempfile::tempdir().unwrap();
        let file = script(directory.path(), "exit 0");
        let mut writer = Some(fs_err::OpenOptions::new().append(true).open(&file).unwrap());
        let mut pauses = 0;
        let mut pause = |_| {
            pauses += 1;
            writer = None;
        };
        let mut child = start(&mut Command::new(&file), &mut pause).unwrap();
        assert!(child.wait().unwrap().success());
        assert!(pauses > 0);
    }

    #[test]
    fn a_real_interpreter_says_what_it_is() {
        let interpreter = probe(Path::new("/usr/bin/python3"), &Silent).unwrap();
        assert_eq!(interpreter.implementation, "cpython");
        assert_eq!(interpreter.version.major, 3);
        assert_eq!(interpreter.version, interpreter.own_version);
        assert_eq!(interpreter.bits, 64);
        assert_eq!(interpreter.architecture, std::env::consts::ARCH);
        assert_eq!(interpreter.prefix, Path::new("/usr"));
        assert_eq!(interpreter.base_prefix, Path::new("/usr"));
        assert!(!interpreter.environment);
    }

    #[test]
    fn an_environment_says_so_and_names_its_base() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().canonicalize().unwrap();
        fs_err::create_dir(place.join("bin")).unwrap();
        fs_err::os::unix::fs::symlink("/usr/bin/python3", place.join("bin/python")).unwrap();
        fs_err::write(place.join("pyvenv.cfg"), "home = /usr/bin\n").unwrap();
        let interpreter = probe(&place.join("bin/python"), &Silent).unwrap();
        assert!(interpreter.environment);
        assert_eq!(interpreter.prefix, place);
        assert_eq!(interpreter.base_prefix, Path::new("/usr"));
    }

    #[test]
    fn what_answers_nothing_is_no_interpreter() {
        let cases = [
            ("exit 0", ""),
            ("echo '{}'", ""),
            ("echo one >&2; echo two >&2; exit 1", ": two"),
            ("printf '\\377'", ""),
        ];
        for (body, said) in cases {
            let directory = tempfile::tempdir().unwrap();
            let file = script(directory.path(), body);
            let message = probe(&file, &Silent).unwrap_err().to_string();
            assert_eq!(message, format!("{} is no Python interpreter{said}", file.display()));
        }
    }

    #[test]
    fn the_callers_variables_do_not_reach_it() {
        let directory = tempfile::tempdir().unwrap();
        let file =
            script(directory.path(), "echo $HOME$PATH$CARGO_MANIFEST_DIR$LD_PRELOAD >&2; pwd >&2");
        let message = probe(&file, &Silent).unwrap_err().to_string();
        assert_eq!(message, format!("{} is no Python interpreter: /", file.display()));
    }

    #[test]
    fn what_cannot_be_started_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("python");
        let not_runnable = |file: &Path| matches!(probe(file, &Silent), Err(Error::NotRunnable { path, .. }) if path == file);
        assert!(not_runnable(&file));
        fs_err::write(&file, "no program").unwrap();
        assert!(not_runnable(&file));
        fs_err::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(not_runnable(&file));
    }

    /// Asks to stop at once.
    struct Stopped;

    impl Progress for Stopped {
        fn begin(&self, _: &str, _: Option<u64>) -> Box<dyn Task> {
            Box::new(Silent)
        }
        fn note(&self, _: &str) {}
        fn interrupted(&self) -> bool {
            true
        }
    }

    #[test]
    fn a_slow_interpreter_holds_up_nobody_who_asks_to_stop() {
        let directory = tempfile::tempdir().unwrap();
        let file = script(directory.path(), "exec sleep 60");
        assert!(matches!(probe(&file, &Stopped), Err(Error::Interrupted)));
    }
}
