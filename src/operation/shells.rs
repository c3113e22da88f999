//! The calling shell on behalf of a command: which it is, and how it is to call us.

use std::path::{Path, PathBuf};

use crate::disk;
use crate::error::Error;
use crate::operation::Ground;
use crate::shell::{self, Account, Call, Init, PROGRAM, Push, Shell};

/// The shell of this name and the name, without the directories before it.
pub(crate) fn named(name: &str) -> Result<(Shell, String), Error> {
    let shell = Shell::named(name).ok_or_else(|| shell::Error::Unknown(name.to_owned()))?;
    Ok((shell, shell::base(name).to_owned()))
}

/// How the calling shell reaches this very manager: by name when PATH leads here, else by its path.
pub(crate) fn manager(ground: &Ground) -> Result<Call, Error> {
    let executable = ground.machine.executable()?;
    let Some(found) = on_path(ground) else {
        let link = link(ground.root());
        let stable = same(&link, &executable)?;
        return Ok(Call::ByPath(if stable { link } else { executable }));
    };
    Ok(if same(&found, &executable)? { Call::ByName } else { Call::ByPath(executable) })
}

/// What `init` prints for this root.
pub(crate) fn init<'a>(ground: &'a Ground, stamp: &'a Path, push: Push) -> Result<Init<'a>, Error> {
    let root = ground.root();
    let bin = root.join("bin");
    let unreachable = on_path(ground).is_none() && ground.program() == link(root);
    Ok(Init {
        root,
        stamp,
        manager: manager(ground)?,
        rooted: !is_usual(ground, root) || ground.machine.variable("PYMAN_ROOT").is_some(),
        push,
        pyenv: shell::is_pyenv(root)?,
        wrapped: false,
        last: unreachable.then_some(bin),
    })
}

/// What `setup` keeps in a root, the same whoever asks: the manager is called by the root's own link, which PATH
/// has last.
pub(crate) fn kept<'a>(
    ground: &Ground,
    root: &'a Path,
    stamp: &'a Path,
) -> Result<Init<'a>, Error> {
    Ok(Init {
        root,
        stamp,
        manager: Call::ByPath(link(root)),
        rooted: !is_usual(ground, root),
        push: Push::First,
        pyenv: shell::is_pyenv(root)?,
        wrapped: false,
        last: Some(root.join("bin")),
    })
}

/// Whether the root is the one that pyman takes by itself.
fn is_usual(ground: &Ground, root: &Path) -> bool {
    ground.machine.home().is_some_and(|home| home.join(".pyman") == root)
}

/// The account whose start-up files `setup` writes and `init` speaks of: the one that a variable names, never
/// another that the system may know this process by.
pub(crate) fn account(ground: &Ground, program: PathBuf) -> Result<Account, Error> {
    let directory = |name| ground.machine.variable(name).map(PathBuf::from);
    let named = directory("HOME").or_else(|| directory("USERPROFILE"));
    let home = named.and_then(|_| ground.machine.home());
    Ok(Account {
        home: home.ok_or(shell::Error::Homeless)?,
        root: ground.root().to_owned(),
        zdotdir: directory("ZDOTDIR"),
        env: ground.machine.text("ENV"),
        xdg_config_home: directory("XDG_CONFIG_HOME").filter(|path| path.is_absolute()),
        program,
    })
}

/// The manager's link in the root: it stays where it is when the manager is upgraded.
pub(crate) fn link(root: &Path) -> PathBuf {
    root.join("bin").join(PROGRAM)
}

/// The first `pyman` on PATH.
fn on_path(ground: &Ground) -> Option<PathBuf> {
    let mut files = ground.machine.search_path().into_iter().map(|path| path.join(PROGRAM));
    files.find(|file| disk::executable(file))
}

fn same(one: &Path, other: &Path) -> Result<bool, Error> {
    let one = disk::canonical(one)?;
    Ok(one.is_some() && one == disk::canonical(other)?)
}
