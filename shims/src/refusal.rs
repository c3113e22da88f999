//! What is said on stderr: remarks on the way to a decision, and why a program could not be started.

use alloc::format;

use pyman_shim::{Fault, Resolver, Shown};

use crate::process::Process;

/// Found, but not to be run.
pub(crate) const NOT_RUNNABLE: u8 = 126;
/// Gone since it was found.
pub(crate) const NOT_FOUND: u8 = 127;

/// Shows the remarks made so far: warnings always, the rest to who asks for it.
pub(crate) fn remarks(process: &impl Process, resolver: &Resolver<'_>) {
    let debug = process.is_debugged();
    for note in resolver.take_notes() {
        if debug || !note.is_debug() {
            process.say(format!("pyman: {note}\n").as_bytes());
        }
    }
}

/// Says why a program could not be started; whether it is gone.
pub(crate) fn report(process: &impl Process, program: &[u8], fault: Fault) -> bool {
    let there = process.is_executable(program);
    let reason = match fault {
        Fault(2) if there => "what its first line names is not there",
        Fault(2) => "it is not there any more",
        Fault(7) => "its arguments and variables are longer than the system takes",
        Fault(8) => "its format is none that this system runs",
        Fault(12) => "there is not enough memory",
        Fault(13) => "this user may not run it",
        Fault(26) => "it is being written",
        Fault(40) => "its first line leads round in a circle",
        Fault(_) => "the system refuses",
    };
    let Fault(number) = fault;
    let program = Shown(program);
    process.say(format!("pyman: cannot run {program}: {reason} (error {number})\n").as_bytes());
    !there
}
