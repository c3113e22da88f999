//! Which environment is to be active, and which is: on behalf of `sh-activate` and `sh-deactivate`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use fs_err as fs;
use pyman_shim::{Request, Resolution, Resolver};

use crate::cli::asking;
use crate::cli::context::Context;
use crate::cli::shell;
use crate::error::Error;
use crate::shell::{Deactivation, Script};
use crate::world;

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
    let names = selection.entries.iter().filter_map(|request| match resolver.resolve(request) {
        Resolution::System => Some(b"system".to_vec()),
        Resolution::Installed(found) => Some(found.name),
        Resolution::Missing => None,
    });
    Ok(names.collect())
}

/// The environment called `name`: under `versions/`, inside the first version in force, in `WORKON_HOME`.
pub(crate) fn find(context: &Context, name: &[u8]) -> Result<Option<Named>, Error> {
    let resolver = asking::resolver(context);
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
    let Some(workon_home) = workon_home(context).filter(|_| pyman_shim::stays_inside(name)) else {
        return Ok(None);
    };
    let prefix = workon_home.join(world::path(name));
    Ok(is_environment(&prefix)?.then(|| Named { name: name.to_vec(), prefix }))
}

/// The environment that is active, as the variables say.
pub(crate) fn active(context: &Context) -> Option<PathBuf> {
    context.machine.variable("VIRTUAL_ENV").map(PathBuf::from)
}

/// Prints the code that deactivates what is active.
pub(crate) fn deactivate(context: &Context) -> Result<(), Error> {
    let prefix = active(context).unwrap_or_default();
    let deactivation = Deactivation {
        conda: is_conda(&prefix),
        chosen: context.machine.variable("PYMAN_ACTIVATE_SHELL").is_some(),
        scripts: scripts(context, &prefix.join("etc/conda/deactivate.d"))?,
    };
    shell::print(context, Script::Deactivate(&deactivation))
}

/// Whether conda made it.
pub(crate) fn is_conda(prefix: &Path) -> bool {
    !prefix.as_os_str().is_empty() && prefix.join("conda-meta").is_dir()
}

/// The scripts in a directory that the calling shell can source, in order.
pub(crate) fn scripts(context: &Context, directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let extension = shell::calling(context).extension();
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if world::absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new(extension)) {
            found.push(path);
        }
    }
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
    let prefix = match fs::read_link(&directory) {
        Ok(target) => directory.parent().map_or(target.clone(), |parent| parent.join(target)),
        Err(_) => directory,
    };
    Ok(Some(Named { name: found.name, prefix }))
}

/// An environment is known by `pyvenv.cfg`, by the `orig-prefix.txt` that virtualenv wrote for 2.7, or as conda's.
fn is_environment(directory: &Path) -> Result<bool, Error> {
    if !world::executable(&directory.join("bin/python")) {
        return Ok(false);
    }
    if directory.join("pyvenv.cfg").is_file() || is_conda(directory) {
        return Ok(true);
    }
    match fs::read_dir(directory.join("lib")) {
        Ok(entries) => {
            let mut entries = entries.filter_map(Result::ok);
            Ok(entries.any(|entry| entry.path().join("orig-prefix.txt").is_file()))
        }
        Err(error) if world::absent(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn workon_home(context: &Context) -> Option<PathBuf> {
    let named = context.machine.variable("WORKON_HOME").map(PathBuf::from);
    named.or_else(|| context.machine.home().map(|home| home.join(".virtualenvs")))
}
