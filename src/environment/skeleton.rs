//! The tree of an environment for 3.3 and later (PEP 405): links to the base, and no Python started.

use std::path::Path;

use super::create::{Order, Packages, Programs};
use super::{Base, Config, Error, Implementation, Layout, config, system};
use crate::world;

/// Makes everything but packages and activation scripts below `layout`, as it will be at `goal`.
pub(super) fn make(layout: &Layout, goal: &Path, order: &Order<'_>) -> Result<(), Error> {
    let base = order.base;
    fs_err::create_dir_all(layout.site_packages())?;
    fs_err::create_dir(layout.commands())?;
    fs_err::create_dir(layout.directory().join("include"))?;
    if cfg!(target_pointer_width = "64") {
        system::symlink(Path::new("lib"), &layout.directory().join("lib64"))?;
    }
    match order.making.programs {
        Programs::Links => system::symlink(&base.executable, &layout.python())?,
        Programs::Copies => copy_interpreter(layout, base)?,
    }
    for name in other_names(base) {
        system::symlink(Path::new("python"), &layout.commands().join(name))?;
    }
    // Whoever keeps the environment in a repository did not mean to.
    system::write_new(&layout.directory().join(".gitignore"), 0o666, b"*\n")?;
    configure(layout, goal, order)
}

/// Writes `pyvenv.cfg`: last of all, since by it an environment is known.
pub(super) fn configure(layout: &Layout, goal: &Path, order: &Order<'_>) -> Result<(), Error> {
    let base = order.base;
    let home = base.home.to_str().ok_or_else(|| Error::Path {
        path: base.home.clone(),
        why: "pyvenv.cfg cannot carry a base whose path is not UTF-8".into(),
    })?;
    let seen = match order.making.base_packages {
        Packages::Seen => "true",
        Packages::Hidden => "false",
    };
    let mut config = Config::default();
    config.set("home", home);
    config.set("include-system-site-packages", seen);
    config.set("version", base.version.to_string());
    config.set("executable", resolved(&base.executable));
    config.set("command", command(goal, base));
    if base.version.major < 3 {
        // 2.7 cannot say it when asked: `sys.base_prefix` came with 3.3.
        config.set("base-prefix", base.prefix.to_string_lossy());
    }
    if let Some(prompt) = &order.making.prompt {
        config.set_prompt(prompt);
    }
    let file = layout.directory().join(config::FILE);
    Ok(system::write_new(&file, 0o666, config.text().as_bytes())?)
}

/// The command that makes the same again.
pub(super) fn command(goal: &Path, base: &Base) -> String {
    format!("pyman venv create -p {} {}", base.version, goal.display())
}

pub(super) fn resolved(executable: &Path) -> String {
    let resolved = fs_err::canonicalize(executable);
    resolved.unwrap_or_else(|_| executable.to_owned()).display().to_string()
}

/// A copy of the interpreter, and beside it the links to the library that it may look for there.
pub(super) fn copy_interpreter(layout: &Layout, base: &Base) -> Result<(), Error> {
    fs_err::copy(&base.executable, layout.python())?;
    link_shared_libraries(layout, base)
}

/// Links the library that a copied interpreter may look for beside itself.
pub(super) fn link_shared_libraries(layout: &Layout, base: &Base) -> Result<(), Error> {
    let library = layout.directory().join("lib");
    let entries = match fs_err::read_dir(base.prefix.join("lib")) {
        Ok(entries) => entries,
        Err(error) if world::absent(&error) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(b"libpython") {
            system::symlink(&entry.path(), &library.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// The names by which the interpreter is called besides `python`.
pub(super) fn other_names(base: &Base) -> Vec<String> {
    let (major, minor) = (base.version.major, base.minor());
    let numbers = [major.to_string(), minor];
    let mut names: Vec<String> = numbers.iter().map(|number| format!("python{number}")).collect();
    match base.implementation {
        Implementation::CPython => {}
        Implementation::PyPy => {
            names.push("pypy".to_owned());
            names.extend(numbers.iter().map(|number| format!("pypy{number}")));
        }
    }
    names
}
