//! A shim: the command of its name, out of whatever version is in force.

use alloc::vec::Vec;

use pyman_shim::{Ask, Error, Home, Place, Resolver, changes_commands, environment};

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

/// By this variable CPython knows which environment it runs for (since 3.7.2).
const LAUNCHER: &[u8] = b"__PYVENV_LAUNCHER__";

/// As venv's own redirector says that there is no interpreter at home.
const NO_PYTHON: u8 = 103;

/// Stands for the interpreter of a base where this program is an environment's own, as `Scripts\python.exe`.
pub(crate) fn redirect(process: &impl Process, file: &[u8]) -> Option<u8> {
    // What cannot be read is not known to be an environment: the program is a shim, and says what it lacks.
    let program = environment::redirected(process, file).unwrap_or_default()?;
    let variables = Vec::from([(LAUNCHER.to_vec(), Some(file.to_vec()))]);
    let image = Image { program, leading: Vec::new(), skipped: 1, variables };
    Some(process.replace(&image).unwrap_or_else(|fault| {
        if process::say_why(process, &image.program, fault) {
            process.say(b"hint: run `pyman venv repair'\n");
        }
        NO_PYTHON
    }))
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
