//! Running a program and waiting for it, as if it stood in our place: what is sent to us reaches
//! it, and we end as it ended.

use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH};
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::iterator::exfiltrator::origin::Origin;
use signal_hook::low_level::emulate_default_handler;

use super::unix::Ignored;
use crate::cli::status::Status;

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
