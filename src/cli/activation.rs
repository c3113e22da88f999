//! Which environment is to be active, and which is: on behalf of `sh-activate` and `sh-deactivate`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use pyman_shim::{Request, Resolution, Resolver};

use crate::cli::context::Context;
use crate::cli::run::Status;
use crate::cli::shell;
use crate::disk;
use crate::error::Error;
use crate::operation::environments;
use crate::shell::{Deactivation, Script};
use crate::world::{self, Machine, layout};

/// An environment by the name it answers to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// `web`, or `3.12.1/envs/web`.
    pub(crate) name: Vec<u8>,
    /// Its directory, the link under `versions/` followed.
    pub(crate) prefix: PathBuf,
}

/// The names of the versions in force, as far as they are installed.
pub(crate) fn in_force(resolver: &Resolver<'_>) -> Result<Vec<Vec<u8>>, Error> {
    let selection = resolver.pins()?;
    Ok(resolver.in_force(&selection).into_iter().flatten().collect())
}

/// The first version that is asked for, installed or not.
pub(crate) fn wanted(context: &Context) -> Result<Vec<u8>, Error> {
    let selection = context.ground.resolver().pins()?;
    let first = selection.entries.first();
    Ok(first.map_or_else(|| b"system".to_vec(), |request| request.text().to_vec()))
}

/// The environment called `name`: under `versions/`, inside the first version in force, in `WORKON_HOME`.
pub(crate) fn find(context: &Context, name: &[u8]) -> Result<Option<Named>, Error> {
    let resolver = context.ground.resolver();
    if let Some(found) = under_versions(&resolver, name)? {
        return Ok(Some(found));
    }
    if let Some(version) = in_force(&resolver)?.into_iter().next() {
        let text = String::from_utf8_lossy(&version).into_owned();
        let base = text.split_once("/envs/").map_or(text.as_str(), |(base, _)| base);
        let inside = [base.as_bytes(), b"/envs/", name].concat();
        if let Some(found) = under_versions(&resolver, &inside)? {
            return Ok(Some(found));
        }
    }
    if !pyman_shim::stays_inside(name) {
        return Ok(None);
    }
    let prefix = environments::workon_home(&context.ground)?.join(world::path(name));
    Ok(is_environment(&prefix)?.then(|| Named { name: name.to_vec(), prefix }))
}

/// The environment that is active, as the variables say.
pub(crate) fn active(context: &Context) -> Option<PathBuf> {
    context.machine.variable("VIRTUAL_ENV").map(PathBuf::from)
}

/// How `deactivate` is asked for.
#[derive(clap::Args, Default)]
pub(crate) struct Leave {
    /// Also when none is active
    #[arg(short, long)]
    force: bool,
    /// Say nothing
    #[arg(short, long)]
    quiet: bool,
    /// Say what is done
    #[arg(short, long, overrides_with = "quiet")]
    verbose: bool,
}

/// Prints the code that deactivates what is active; that nothing is, is an error.
pub(crate) fn leave(context: &Context, how: &Leave) -> Result<Status, Error> {
    let active = active(context);
    if active.is_none() && !how.force {
        if !how.quiet {
            context.printer.say("pyman: no virtualenv has been activated.");
        }
        shell::print(context, Script::Fail)?;
        return Ok(Status::FAILURE);
    }
    let verbose = how.verbose || context.machine.flag("PYMAN_VIRTUALENV_VERBOSE_ACTIVATE");
    if let Some(prefix) = active.filter(|_| verbose) {
        let versions = context.root().join("versions");
        let inside = prefix.strip_prefix(versions).map_or(None, |name| name.to_str());
        let last = prefix.file_name().unwrap_or_default().to_string_lossy();
        let name = inside.filter(|name| name.contains("/envs/")).unwrap_or(&last);
        context.printer.say(&format!("pyman: deactivate {name}"));
    }
    deactivate(context)?;
    Ok(Status::SUCCESS)
}

/// Prints the code that deactivates what is active.
pub(crate) fn deactivate(context: &Context) -> Result<(), Error> {
    let prefix = active(context).unwrap_or_default();
    let deactivation = Deactivation {
        conda: is_conda(&prefix),
        chosen: context.machine.variable("PYMAN_ACTIVATE_SHELL").is_some(),
        scripts: scripts(context, &prefix, "deactivate.d")?,
    };
    shell::print(context, Script::Deactivate(&deactivation))
}

/// Whether conda made it: known by its records, or by its program where no other tool's mark is.
pub(crate) fn is_conda(prefix: &Path) -> bool {
    // What cannot be read is another's, and nothing of it is sourced.
    prefix.is_absolute() && Machine.is_condas(prefix).is_ok_and(|is| is)
}

/// What conda calls its environment at `prefix`: by the name in `envs/`, its first one `root`.
pub(crate) fn conda(prefix: &Path) -> Option<Vec<u8>> {
    let inside = prefix.parent().is_some_and(|folder| folder.ends_with("envs"));
    let name = prefix.file_name().filter(|_| inside).unwrap_or(OsStr::new("root"));
    is_conda(prefix).then(|| name.as_encoded_bytes().to_vec())
}

/// What conda's packages want sourced on the occasion, as far as the calling shell can, in order.
pub(crate) fn scripts(
    context: &Context,
    prefix: &Path,
    occasion: &str,
) -> Result<Vec<PathBuf>, Error> {
    if !is_conda(prefix) {
        return Ok(Vec::new());
    }
    let directory = prefix.join("etc/conda").join(occasion);
    let extension = shell::calling(context).extension();
    let entries = disk::entries(&directory)?.into_iter();
    let mut found: Vec<PathBuf> = entries.map(|entry| directory.join(entry.name)).collect();
    found.retain(|path| path.extension() == Some(OsStr::new(extension)));
    found.sort();
    Ok(found)
}

fn under_versions(resolver: &Resolver<'_>, name: &[u8]) -> Result<Option<Named>, Error> {
    let Resolution::Installed(found) = resolver.resolve(&Request::parse(name)) else {
        return Ok(None);
    };
    let directory = world::path(&found.directory).into_owned();
    if !is_environment(&directory)? {
        return Ok(None);
    }
    let prefix = match disk::link_target(&directory)? {
        Some(target) => directory.parent().map_or(target.clone(), |parent| parent.join(target)),
        None => directory,
    };
    Ok(Some(Named { name: found.name, prefix }))
}

/// Whether there is an environment that runs; what conda made counts, too.
fn is_environment(directory: &Path) -> Result<bool, Error> {
    if !disk::executable(&layout::environments_python(directory)) {
        return Ok(false);
    }
    Ok(is_conda(directory) || Machine.is_environment(directory)?)
}
