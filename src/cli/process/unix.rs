//! This process on Unix: INT, TERM and HUP, of which the first is noted and the second ends it; `execve`; and running a
//! program as if it stood in our place: what is sent to us reaches it, and we end as it ended.

use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use rustix::io::Errno;
use rustix::process::{Pid, Resource, Signal, getrlimit, kill_process};
use rustix::termios::tcgetwinsize;
use signal_hook::consts::{
    SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGXFSZ,
};
use signal_hook::flag;
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::iterator::exfiltrator::origin::Origin;
use signal_hook::low_level::emulate_default_handler;

use crate::cli::status::Status;
use crate::disk;

/// Notes the number of the first signal in `noted`; when one has been noted, the next ends the
/// process at once with 128 + its number.
pub(crate) fn listen(noted: &Arc<AtomicUsize>) -> io::Result<()> {
    let again = Arc::new(AtomicBool::new(false));
    for signal in heard() {
        let number = usize::try_from(signal).map_err(io::Error::other)?;
        // In this order: the shutdown looks at the flag before this very signal sets it.
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&again))?;
        flag::register(signal, Arc::clone(&again))?;
        flag::register_usize(signal, Arc::clone(noted), number)?;
    }
    Ok(())
}

/// While `asking`, INT, TERM and HUP end the process at once with 128 + their number; otherwise, while `unwatched`, they
/// do what they did before.
pub(crate) fn leave_questions(
    asking: &Arc<AtomicBool>,
    unwatched: &Arc<AtomicBool>,
) -> io::Result<()> {
    for signal in heard() {
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(asking))?;
        flag::register_conditional_default(signal, Arc::clone(unwatched))?;
    }
    Ok(())
}

/// Sends this process a signal again; 0 is none.
pub(crate) fn raise(signal: usize) -> io::Result<()> {
    match i32::try_from(signal) {
        Ok(0) => Ok(()),
        Ok(signal) => signal_hook::low_level::raise(signal),
        Err(error) => Err(io::Error::other(error)),
    }
}

/// The signals that ask to stop, but for those that this process was started to ignore: `nohup pyman install`.
fn heard() -> impl Iterator<Item = i32> {
    let ignored = Ignored::read();
    [SIGINT, SIGTERM, SIGHUP].into_iter().filter(move |signal| !ignored.has(*signal))
}

/// Makes a file that grows beyond `ulimit -f` an error like that of a full disk, where the system would end the process
/// without a word. A program that is run finds the signal as it was: a handler does not outlive `execve`.
pub(crate) fn outlive_size_limit() -> io::Result<()> {
    let limited = getrlimit(Resource::Fsize).current.is_some();
    if limited && !Ignored::read().has(SIGXFSZ) {
        flag::register(SIGXFSZ, Arc::default())?;
    }
    Ok(())
}

/// The width of the terminal that stderr is; none when it is none, or does not say.
pub(crate) fn columns() -> Option<u16> {
    tcgetwinsize(io::stderr()).ok().map(|size| size.ws_col).filter(|columns| *columns > 0)
}

/// As much of what the system says of a process as has its signals.
const STATUS: u64 = 4096;

/// The signals that this process was started to ignore, where the system tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ignored(u64);

impl Ignored {
    /// Asks the system.
    pub(super) fn read() -> Self {
        let status = disk::read_head(Path::new("/proc/self/status"), STATUS);
        let status = status.ok().flatten().unwrap_or_default();
        let mut lines = status.split(|byte| *byte == b'\n');
        let mask = lines.find_map(|line| line.strip_prefix(b"SigIgn:"));
        let mask = mask.and_then(|mask| std::str::from_utf8(mask).ok());
        Self(mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default())
    }

    /// Whether this one is among them.
    pub(super) const fn has(self, signal: i32) -> bool {
        self.0 >> (signal - 1) & 1 == 1
    }
}

/// Becomes `command`: same process, its status is the program's own. Returns only if it cannot start.
pub(crate) fn replace(command: &mut Command) -> io::Result<Status> {
    Err(command.exec())
}

/// The signal that ended a program, if one did.
pub(crate) fn signal(status: ExitStatus) -> Option<i32> {
    status.signal()
}

/// What is passed on.
const PASSED: [i32; 7] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH];

/// How a program ended that we waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ended(ExitStatus);

impl Ended {
    /// Ends as it ended: by the same signal, or with the status this returns.
    pub(crate) fn follow(self) -> io::Result<Status> {
        if let Some(signal) = self.0.signal() {
            emulate_default_handler(signal)?;
        }
        let code = self.0.code().and_then(|code| u8::try_from(code).ok());
        Ok(Status::new(code.unwrap_or(1)))
    }
}

/// Runs `command` to its end.
pub(crate) fn wait(command: &mut Command) -> io::Result<Ended> {
    // Listening begins before it starts, so that no signal falls between. What this process was
    // started to ignore, it ignores, and so does the program: `nohup pip install`.
    let ignored = Ignored::read();
    let heard = PASSED.into_iter().filter(|signal| !ignored.has(*signal)).chain([SIGCHLD]);
    let mut signals = SignalsInfo::<WithOrigin>::new(heard)?;
    let mut child = match command.spawn() {
        // No `#!`: the shell's, as with `execvp`.
        Err(error) if Errno::from_io_error(&error) == Some(Errno::NOEXEC) => {
            through_shell(command).spawn()?
        }
        started => started?,
    };
    let process = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Ended(status));
        }
        for origin in signals.wait() {
            if let (Some(process), Some(signal)) = (process, passed_on(&origin)) {
                match kill_process(process, signal) {
                    // It ended meanwhile: the next look says how.
                    Ok(()) | Err(Errno::SRCH) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
}

fn through_shell(command: &Command) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

/// A signal that somebody sent to us alone. What the terminal sends, it sends to the program too.
fn passed_on(origin: &Origin) -> Option<Signal> {
    origin
        .process
        .and(Signal::from_named_raw(origin.signal))
        .filter(|signal| *signal != Signal::CHILD)
}
