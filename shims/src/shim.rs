//! A shim: the command of its name, out of whatever version is in force.

use alloc::vec::Vec;

use pyman_shim::{Ask, Error, Home, Place, Resolver, changes_commands};

use crate::manager::{self, LOOKED_AT};
use crate::process::{self, Image, Process};

/// What to become; and first the same through the manager, where it has a part in it.
struct Plan {
    managed: Option<Image>,
    direct: Image,
}

/// Becomes the command. Returns a status only when that cannot be.
pub(crate) fn run(process: &impl Process, name: &[u8], program: &[u8]) -> u8 {
    let plan = match plan(process, name, program) {
        Ok(plan) => plan,
        Err(error) => {
            process.say(error.report().as_bytes());
            return error.exit_code();
        }
    };
    match manager::start(process, plan.managed.as_ref(), &plan.direct) {
        Ok(status) => status,
        Err(fault) => {
            let gone = process::say_why(process, &plan.direct.program, fault);
            if gone { process::NOT_FOUND } else { process::NOT_RUNNABLE }
        }
    }
}

fn plan(process: &impl Process, name: &[u8], program: &[u8]) -> Result<Plan, Error> {
    let home = Home::of_shim(process, program).ok_or(Error::NoRoot)?;
    let resolver = Resolver::new(process, home);
    let found = resolver.which(Ask::shim(name));
    process::say_remarks(process, &resolver);
    let found = found?;
    let is_ours = found.place != Place::Path;
    let launch = resolver.launch(program, found)?;
    let direct = Image::new(launch, Vec::new(), 1);
    let looked_at = || process.arguments().into_iter().skip(1).take(LOOKED_AT).collect::<Vec<_>>();
    let is_managed = manager::is_hooked(process, resolver.home())
        || is_ours && changes_commands(name, &looked_at());
    Ok(Plan { managed: is_managed.then(|| manager::image(resolver.home(), &direct)), direct })
}
