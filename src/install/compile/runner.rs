//! Runs the programs of a build: output to a log, one process group, stopped as a whole.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead as _, BufReader, PipeReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::Error;
use crate::disk::{self, Privacy};
use crate::install::system;
use crate::progress::Progress;

/// How many lines of the log are shown when a step fails, as in python-build.
const TAIL: usize = 10;
/// How often a running program is looked at.
const PAUSE: Duration = Duration::from_millis(30);
/// How long a stopped program may take to tidy up.
const GRACE: Duration = Duration::from_millis(800);
/// The longest line kept of a log that has no line ends.
const LONGEST: u64 = 64 * 1024;

/// Runs one step after another in the same surroundings.
pub(in crate::install) struct Runner<'a> {
    pub(in crate::install) directory: &'a Path,
    pub(in crate::install) surroundings: Surroundings<'a>,
    /// Everything the programs say; appended to.
    pub(in crate::install) log: PathBuf,
    /// Whether what they say is also said to the user.
    pub(in crate::install) verbose: bool,
    pub(in crate::install) progress: &'a dyn Progress,
}

/// The variables a program is given.
pub(in crate::install) enum Surroundings<'a> {
    /// The user's, with these set, or taken out.
    Changed(&'a [(&'static str, Option<OsString>)]),
    /// These and no others.
    Only(&'a [(&'static str, OsString)]),
}

/// How a step ended when it did not end well.
pub(in crate::install) struct Ended {
    pub(in crate::install) status: String,
    pub(in crate::install) tail: VecDeque<String>,
}

impl Runner<'_> {
    /// Runs a program to its end, `input` on its stdin.
    pub(in crate::install) fn run<A: AsRef<OsStr>>(
        &self,
        program: &Path,
        arguments: impl IntoIterator<Item = A>,
        input: Option<&[u8]>,
    ) -> Result<Result<(), Ended>, Error> {
        self.run_heard(program, arguments, input, &mut |_| {})
    }

    /// The same, each line that it says heard by somebody.
    pub(in crate::install) fn run_heard<A: AsRef<OsStr>>(
        &self,
        program: &Path,
        arguments: impl IntoIterator<Item = A>,
        input: Option<&[u8]>,
        hear: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Result<(), Ended>, Error> {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.directory);
        self.surroundings.give(&mut command);
        let (reader, writer) = io::pipe()?;
        command.stdin(self.stdin(input)?).stdout(writer.try_clone()?).stderr(writer);
        system::own_group(&mut command);
        self.logged(&format!("{command:?}\n"))?;
        let mut child = command.spawn()?;
        // Our ends of the pipe go with the command, so that the reader sees the end.
        drop(command);
        let (status, tail) = thread::scope(|scope| {
            let reading = thread::Builder::new().spawn_scoped(scope, || self.read(reader, hear));
            let reading = match reading {
                Ok(reading) => reading,
                Err(error) => {
                    // No thread is to be had: nobody would read what it says.
                    stop(&mut child)?;
                    return Err(error.into());
                }
            };
            let status = self.wait(child);
            let tail = reading.join().unwrap_or_else(|_| Err(io::Error::other("reader died")));
            Ok::<_, Error>((status?, tail?))
        })?;
        if status.success() {
            return Ok(Ok(()));
        }
        Ok(Err(Ended { status: ended(status), tail }))
    }

    /// A nameless file that holds `input`: no pipe to feed while the output is read.
    fn stdin(&self, input: Option<&[u8]>) -> io::Result<Stdio> {
        let Some(input) = input else {
            return Ok(Stdio::null());
        };
        let path = self.log.with_extension("input");
        disk::replace(&path, input, Privacy::Shared)?;
        let file = disk::open(&path)?;
        disk::unlink(&path)?;
        Ok(file.map_or_else(Stdio::null, |file| Stdio::from(file.into_file())))
    }

    fn logged(&self, text: &str) -> io::Result<()> {
        let mut log = disk::append(&self.log)?;
        log.write_all(text.as_bytes())
    }

    /// Copies what the program says into the log; its last lines come back.
    fn read(
        &self,
        pipe: PipeReader,
        hear: &mut (dyn FnMut(&str) + Send),
    ) -> io::Result<VecDeque<String>> {
        let mut log = disk::append(&self.log)?;
        let mut tail = VecDeque::with_capacity(TAIL + 1);
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        loop {
            line.clear();
            if reader.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
                return Ok(tail);
            }
            log.write_all(&line)?;
            let text = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
            hear(&text);
            if self.verbose {
                self.progress.note(&text);
            }
            tail.push_back(text);
            if tail.len() > TAIL {
                tail.pop_front();
            }
        }
    }

    fn wait(&self, mut child: Child) -> Result<ExitStatus, Error> {
        loop {
            // Asked again and again: who waits for a child as std does hears no signal meanwhile.
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if self.progress.interrupted() {
                stop(&mut child)?;
                return Err(Error::Interrupted);
            }
            thread::sleep(PAUSE);
        }
    }
}

impl Surroundings<'_> {
    fn give(&self, command: &mut Command) {
        match self {
            Self::Changed(changes) => {
                for (name, value) in *changes {
                    match value {
                        Some(value) => command.env(name, value),
                        None => command.env_remove(name),
                    };
                }
            }
            Self::Only(variables) => {
                command.env_clear().envs(variables.iter().map(|(name, value)| (name, value)));
            }
        }
    }
}

/// Ends a program and all it started: asked first, then killed.
fn stop(child: &mut Child) -> io::Result<()> {
    system::ask_group(child)?;
    let asked = Instant::now();
    while child.try_wait()?.is_none() && asked.elapsed() < GRACE {
        thread::sleep(PAUSE);
    }
    // Also when the program itself ended: its own children may not have.
    system::kill_group(child)?;
    child.wait()?;
    Ok(())
}

fn ended(status: ExitStatus) -> String {
    status.code().map_or_else(|| status.to_string(), |code| format!("status {code}"))
}
