//! The system ends the process by itself; what was staged is swept by the next run.

use std::io;
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use crate::cli::status::Status;

/// Leaves the system's own handling in place.
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(crate) fn listen(_: &Arc<AtomicUsize>) -> io::Result<()> {
    Ok(())
}

/// The system ends a process that is being asked by itself.
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(crate) fn leave_questions(_: &Arc<AtomicBool>, _: &Arc<AtomicBool>) -> io::Result<()> {
    Ok(())
}

/// Nothing is noted here that could be sent again.
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(crate) fn raise(_: usize) -> io::Result<()> {
    Ok(())
}

/// Not asked here.
pub(crate) const fn columns() -> Option<u16> {
    None
}

/// Files here may grow as long as the disk has room.
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(crate) fn outlive_size_limit() -> io::Result<()> {
    Ok(())
}

/// Runs `command` and waits: the system cannot replace a process. Its status becomes ours.
pub(crate) fn replace(command: &mut Command) -> io::Result<Status> {
    wait(command)?.follow()
}

/// How a program ended that we waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ended(ExitStatus);

impl Ended {
    /// Ends as it ended: with a status that `main` cannot return at once, with the others as any command.
    #[expect(clippy::disallowed_methods, reason = "a status has 32 bits here, and an ExitCode 8")]
    pub(crate) fn follow(self) -> io::Result<Status> {
        let code = self.0.code().unwrap_or(1);
        match u8::try_from(code) {
            Ok(code) => Ok(Status::new(code)),
            Err(_) => std::process::exit(code),
        }
    }
}

/// Runs `command` to its end. Both stand in one console: an interrupt reaches it by itself.
pub(crate) fn wait(command: &mut Command) -> io::Result<Ended> {
    command.status().map(Ended)
}

/// No signal ends a program here.
pub(crate) fn signal(_: ExitStatus) -> Option<i32> {
    None
}
