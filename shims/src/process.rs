//! What the program asks of the process it runs in, beyond what the resolver asks of the world; and what it says on stderr:
//! remarks on the way to a decision, why a program could not be started.

use alloc::format;
use alloc::vec::Vec;

use pyman_shim::{CHAIN, Fault, Launch, Resolver, Shown, World};

/// Another program, and what it is given.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    /// Its path, and its `argv[0]`: no program ever takes the shim for itself.
    pub(crate) program: Vec<u8>,
    /// Arguments that stand before this process's own.
    pub(crate) leading: Vec<Vec<u8>>,
    /// How many of this process's own arguments, its name among them, are left out. The others are
    /// passed on as they are, not even copied.
    pub(crate) skipped: usize,
    /// Variables that change, with their new values. All others are passed on as they are.
    pub(crate) variables: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Image {
    /// What is to be launched, with these arguments before this process's own but the first ones.
    pub(crate) fn new(launch: Launch, leading: Vec<Vec<u8>>, skipped: usize) -> Self {
        let mut variables = Vec::from([(CHAIN.to_vec(), launch.chain)]);
        if let Some(search_path) = launch.search_path {
            variables.push((b"PATH".to_vec(), Some(search_path)));
        }
        Self { program: launch.program, leading, skipped, variables }
    }
}

/// This process.
pub(crate) trait Process: World {
    /// The arguments it was given, its name first; even that may be missing.
    fn arguments(&self) -> Vec<&[u8]>;

    /// The path it was started by, as it was given, where that is this very program: of a script that names a shim
    /// behind its `#!` it is the script.
    fn started_as(&self) -> Option<Vec<u8>>;

    /// The file it was started from, links followed.
    fn program(&self) -> Option<Vec<u8>>;

    /// Writes to stdout, and says whether all of it could be written; a reader that went away has all it wants.
    fn print(&self, text: &[u8]) -> bool;

    /// Writes to stderr.
    fn say(&self, text: &[u8]);

    /// Becomes the other program. Where that cannot be, runs it, and its status becomes ours.
    fn replace(&self, image: &Image) -> Result<u8, Fault>;
}

/// Found, but not to be run.
pub(crate) const NOT_RUNNABLE: u8 = 126;
/// Gone since it was found.
pub(crate) const NOT_FOUND: u8 = 127;

/// Shows the remarks made so far: warnings always, the rest to who asks for it.
pub(crate) fn say_remarks(process: &impl Process, resolver: &Resolver<'_>) {
    let debug = process.is_debugged();
    for note in resolver.take_notes() {
        if debug || !note.is_debug() {
            process.say(format!("pyman: {note}\n").as_bytes());
        }
    }
}

/// Says why a program could not be started; whether it is gone.
pub(crate) fn say_why(process: &impl Process, program: &[u8], fault: Fault) -> bool {
    let there = process.is_executable(program);
    let reason = match fault {
        Fault(160) => "a batch file cannot be given one of its arguments as it is",
        Fault(2) if there => "what its first line names is not there",
        Fault(2) => "it is not there any more",
        Fault(7 | 206) => "its arguments and variables are longer than the system takes",
        Fault(8 | 193) => "its format is none that this system runs",
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
