//! `py`: the Python that a command line asks for.

use alloc::vec::Vec;

use pyman_shim::launcher::{Action, CLEARED, Launcher, Run};
use pyman_shim::{Error, Home, Resolver, changes_commands};

use crate::manager::{self, LOOKED_AT};
use crate::process::{self, Image, Process};

/// Found, but could not be started.
const NOT_STARTED: u8 = 101;

/// stdout would not take what was to be printed: as for any command of the manager's.
const NOT_WRITTEN: u8 = 5;

/// Does what the words after `py` ask for. Returns a status when there is nothing to become.
pub(crate) fn run(process: &impl Process, program: &[u8]) -> u8 {
    let Some(home) = Home::of_shim(process, program) else {
        process.say(Error::NoRoot.report().as_bytes());
        return Error::NoRoot.exit_code();
    };
    let resolver = Resolver::new(process, home);
    let words = process.arguments();
    let words = words.get(1..).unwrap_or_default();
    let action = Launcher::new(&resolver, program).decide(words);
    process::say_remarks(process, &resolver);
    match action {
        Action::Run(run) => start(process, resolver.home(), run, words),
        Action::Print { text, then } => {
            if !process.print(&text) {
                process.say(b"py: cannot write the output\n");
                return NOT_WRITTEN;
            }
            then.map_or(0, |run| start(process, resolver.home(), run, words))
        }
        Action::Fail(error) => {
            process.say(error.report().as_bytes());
            error.exit_code()
        }
    }
}

fn start(process: &impl Process, home: &Home, run: Run, words: &[&[u8]]) -> u8 {
    let is_ours = run.launch.chain.is_none();
    let mut direct = Image::new(run.launch, run.leading, run.skipped + 1);
    direct.variables.extend(CLEARED.map(|name| (name.to_vec(), None)));
    direct.variables.extend(run.root.map(|root| (b"PYMAN_ROOT".to_vec(), Some(root))));
    let leading = direct.leading.iter().map(Vec::as_slice);
    let given = words.iter().skip(run.skipped).copied();
    let arguments: Vec<&[u8]> = leading.chain(given).take(LOOKED_AT).collect();
    let is_managed = is_ours && changes_commands(b"python", &arguments);
    let managed = is_managed.then(|| manager::image(home, &direct));
    manager::start(process, managed.as_ref(), &direct).unwrap_or_else(|fault| {
        process::say_why(process, &direct.program, fault);
        NOT_STARTED
    })
}
