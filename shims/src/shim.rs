//! A shim: the command of its name, out of whatever version is in force.

use alloc::vec;
use alloc::vec::Vec;

use pyman_shim::{Ask, CHAIN, Error, Home, Launch, Place, Resolver, changes_commands};

use crate::process::{Image, Process};
use crate::refusal;

/// There while some plugin is to be told of what runs.
const HOOKED: &[u8] = b".hooked";

/// The manager's command that runs for us what changes the set of commands, or is to be told of.
const RUN: &[u8] = b"_run";

/// Arguments looked at to tell what changes the set of commands.
const LOOKED_AT: usize = 64;

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
    if let Some(managed) = &plan.managed
        && let Ok(status) = process.replace(managed)
    {
        return status;
    }
    match process.replace(&plan.direct) {
        Ok(status) => status,
        Err(fault) => refusal::report(process, &plan.direct.program, fault),
    }
}

fn plan(process: &impl Process, name: &[u8], program: &[u8]) -> Result<Plan, Error> {
    let home = Home::of_shim(process, program).ok_or(Error::NoRoot)?;
    let resolver = Resolver::new(process, home);
    let found = resolver.which(Ask::shim(name));
    refusal::remarks(process, &resolver);
    let found = found?;
    let installed = found.place != Place::Path;
    let direct = image(resolver.launch(program, found)?);
    let is_managed = is_hooked(process, resolver.home())
        || installed && changes_commands(name, &arguments(process));
    Ok(Plan { managed: is_managed.then(|| managed(resolver.home(), &direct)), direct })
}

fn image(launch: Launch) -> Image {
    let mut variables = vec![(CHAIN.to_vec(), launch.chain)];
    if let Some(search_path) = launch.search_path {
        variables.push((b"PATH".to_vec(), Some(search_path)));
    }
    Image { program: launch.program, leading: Vec::new(), skipped: 1, variables }
}

/// The same program, run by the manager of this root, whatever the variables say.
fn managed(home: &Home, direct: &Image) -> Image {
    Image {
        program: home.manager(),
        leading: vec![RUN.to_vec(), home.root().to_vec(), direct.program.clone()],
        ..direct.clone()
    }
}

fn is_hooked(process: &impl Process, home: &Home) -> bool {
    process.read(&home.join(HOOKED), 0).is_ok_and(|mark| mark.is_some())
}

fn arguments(process: &impl Process) -> Vec<&[u8]> {
    process.arguments().into_iter().skip(1).take(LOOKED_AT).collect()
}
