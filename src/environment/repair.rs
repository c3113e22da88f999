//! An environment whose base is gone, was upgraded, or that was moved by hand, runs again.

use std::io;
use std::path::Path;

use super::relocate::{self, Relocation};
use super::{Base, Environment, Error, activation, config, legacy, skeleton, stage, system};
use crate::world;

/// What was mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mended {
    /// Its files named another place.
    pub moved: bool,
    /// It stands on another base now.
    pub linked: bool,
}

/// Tells the environment's files where it stands, and puts it on `base` when there is one.
pub fn mend(environment: &Environment, base: Option<&Base>) -> Result<Mended, Error> {
    let mut mended = Mended::default();
    let directory = &environment.directory;
    let former = relocate::former(&environment.layout().commands())?;
    if let Some(former) = former.filter(|former| !is_same(former, directory)) {
        Relocation { tree: directory, former: &[former], goal: directory }.apply()?;
        mended.moved = true;
    } else {
        // What has no script of pip's may have been moved too.
        activation::write(environment.layout(), directory, environment.config.prompt().as_deref())?;
    }
    if let Some(base) = base {
        stand_on(&Environment::open(directory)?, base)?;
        mended.linked = true;
    }
    Ok(mended)
}

/// Puts an environment on another base of the same X.Y: its links, and `pyvenv.cfg` last.
pub fn stand_on(environment: &Environment, base: &Base) -> Result<(), Error> {
    let layout = environment.layout();
    let commands = layout.commands();
    let python = layout.python();
    if base.version.major < 3 {
        legacy::relink(layout, base)?;
        put(&python, |aside| Ok(fs_err::copy(&base.executable, aside).map(drop)?))?;
    } else if fs_err::symlink_metadata(&python).is_ok_and(|found| found.is_file()) {
        put(&python, |aside| Ok(fs_err::copy(&base.executable, aside).map(drop)?))?;
    } else {
        put(&python, |aside| Ok(system::symlink(&base.executable, aside)?))?;
    }
    for name in skeleton::other_names(base) {
        let link = commands.join(name);
        // Another tool's may be copies, or lead to the base themselves.
        let leads_here = fs_err::read_link(&link).is_ok_and(|target| target == Path::new("python"));
        if !leads_here {
            put(&link, |aside| Ok(system::symlink(Path::new("python"), aside)?))?;
        }
    }
    let mut config = environment.config.clone();
    let home = base.home.to_string_lossy();
    config.set("home", home);
    let key = if config.value("version_info").is_some() { "version_info" } else { "version" };
    config.set(key, base.version.to_string());
    for key in ["executable", "base-executable"] {
        if config.value(key).is_some() {
            config.set(key, skeleton::resolved(&base.executable));
        }
    }
    for key in ["base-prefix", "base-exec-prefix"] {
        if config.value(key).is_some() {
            config.set(key, base.prefix.to_string_lossy());
        }
    }
    let text = config.text();
    put(&environment.directory.join(config::FILE), |aside| {
        Ok(system::write_new(aside, 0o666, text.as_bytes())?)
    })
}

/// Makes a file beside its place and renames it.
fn put(path: &Path, make: impl FnOnce(&Path) -> Result<(), Error>) -> Result<(), Error> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".pyman");
    let aside = path.with_file_name(name);
    stage::remove(&aside)?;
    make(&aside)?;
    Ok(fs_err::rename(aside, path)?)
}

/// Whether two paths are one place, by whatever links.
fn is_same(one: &Path, other: &Path) -> bool {
    let identity =
        |path: &Path| -> io::Result<_> { Ok(system::identity(&fs_err::metadata(path)?)) };
    match (identity(one), identity(other)) {
        (Ok(one), Ok(other)) => one == other,
        (Err(error), _) | (_, Err(error)) => !world::absent(&error) && one == other,
    }
}
