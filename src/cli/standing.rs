//! Which environments stand on an installation, and so would break without it.

use std::io;
use std::path::{Path, PathBuf};

use crate::cli::context::Context;
use crate::error::Error;
use crate::install::Removal;
use crate::world;

/// Where named environments are: `$WORKON_HOME`, else `~/.virtualenvs`.
pub(crate) fn homes(context: &Context) -> Vec<PathBuf> {
    let named = context.machine.variable("WORKON_HOME").map(PathBuf::from);
    let usual = || context.machine.home().map(|home| home.join(".virtualenvs"));
    named.or_else(usual).into_iter().collect()
}

/// The environments that would no longer run: those inside, and the named ones made from this version.
pub(crate) fn environments(removal: &Removal, homes: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut broken = removal.environments.clone();
    for home in homes {
        let entries = match fs_err::read_dir(home) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error.into()),
        };
        for entry in entries {
            let directory = entry?.path();
            if base(&directory)?.is_some_and(|base| stands_on(&base, removal)) {
                broken.push(directory);
            }
        }
    }
    broken.retain(|environment| !removal.trees.contains(environment));
    Ok(broken)
}

/// The directory of the interpreter an environment was made from, as its `pyvenv.cfg` has it.
fn base(environment: &Path) -> Result<Option<PathBuf>, Error> {
    let text = match fs_err::read(environment.join("pyvenv.cfg")) {
        Ok(text) => text,
        Err(error) if world::absent(&error) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let value = text.split(|&byte| byte == b'\n').find_map(|line| {
        let rest = line.trim_ascii().strip_prefix(b"home")?.trim_ascii_start();
        rest.strip_prefix(b"=")
    });
    Ok(value.map(|value| world::path(value.trim_ascii()).into_owned()))
}

fn stands_on(base: &Path, removal: &Removal) -> bool {
    let real = fs_err::canonicalize(base).unwrap_or_else(|_| base.to_owned());
    removal.trees.iter().any(|tree| {
        let own = fs_err::canonicalize(tree).unwrap_or_else(|_| tree.clone());
        real.starts_with(own) || base.starts_with(tree)
    })
}
