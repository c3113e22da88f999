//! The calling shell on behalf of a command: which it is, and how it is to call us.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use pyman_shim::{Home, Origin, Request, Resolution, Resolver, VERSION, Why};

use crate::cli::context::Context;
use crate::cli::status::Status;
use crate::error::Error;
use crate::shell::{self, Account, Call, Choice, Init, PROGRAM, Push, Script, Shell};
use crate::{disk, world};

/// The shell whose function called, as `PYMAN_SHELL` says, else `SHELL`, else any POSIX shell.
pub(crate) fn calling(context: &Context) -> Shell {
    let named = |variable| context.machine.text(variable).and_then(|name| Shell::named(&name));
    named("PYMAN_SHELL").or_else(|| named("SHELL")).unwrap_or(Shell::Dash)
}

/// Prints a change for the calling shell to evaluate.
pub(crate) fn print(context: &Context, script: Script<'_>) -> Result<(), Error> {
    let variable = |name| context.machine.variable(name).map(OsString::into_encoded_bytes);
    let (present, earlier) = (variable(VERSION), variable("PYMAN_VERSION_OLD"));
    let choice = Choice { present: present.as_deref(), earlier: earlier.as_deref() };
    context.printer.out(script.code(calling(context), &manager(context)?, choice))
}

/// The shell of this name and the name, without the directories before it.
pub(crate) fn named(name: &str) -> Result<(Shell, String), Error> {
    let shell = Shell::named(name).ok_or_else(|| shell::Error::Unknown(name.to_owned()))?;
    Ok((shell, shell::base(name).to_owned()))
}

/// How the calling shell reaches this very manager: by name when PATH leads here, else by its path.
pub(crate) fn manager(context: &Context) -> Result<Call, Error> {
    let executable = context.machine.executable()?;
    let Some(found) = on_path(context) else {
        let link = link(context.root());
        let stable = same(&link, &executable)?;
        return Ok(Call::ByPath(if stable { link } else { executable }));
    };
    Ok(if same(&found, &executable)? { Call::ByName } else { Call::ByPath(executable) })
}

/// What `init` prints for this root.
pub(crate) fn init<'a>(
    context: &'a Context,
    stamp: &'a Path,
    push: Push,
) -> Result<Init<'a>, Error> {
    let root = context.root();
    let bin = root.join("bin");
    let unreachable = on_path(context).is_none() && context.program() == link(root);
    Ok(Init {
        root,
        stamp,
        manager: manager(context)?,
        rooted: !is_usual(context, root) || context.machine.variable("PYMAN_ROOT").is_some(),
        push,
        pyenv: shell::is_pyenv(root)?,
        wrapped: false,
        last: unreachable.then_some(bin),
    })
}

/// What `setup` keeps in a root, the same whoever asks: the manager is called by the root's own link, which PATH
/// has last.
pub(crate) fn kept<'a>(
    context: &Context,
    root: &'a Path,
    stamp: &'a Path,
) -> Result<Init<'a>, Error> {
    Ok(Init {
        root,
        stamp,
        manager: Call::ByPath(link(root)),
        rooted: !is_usual(context, root),
        push: Push::First,
        pyenv: shell::is_pyenv(root)?,
        wrapped: false,
        last: Some(root.join("bin")),
    })
}

/// Whether the root is the one that pyman takes by itself.
fn is_usual(context: &Context, root: &Path) -> bool {
    context.machine.home().is_some_and(|home| home.join(".pyman") == root)
}

/// The account whose start-up files `setup` writes and `init` speaks of: the one that a variable names, never
/// another that the system may know this process by.
pub(crate) fn account(context: &Context, program: PathBuf) -> Result<Account, Error> {
    let directory = |name| context.machine.variable(name).map(PathBuf::from);
    let named = directory("HOME").or_else(|| directory("USERPROFILE"));
    let home = named.and_then(|_| context.machine.home());
    Ok(Account {
        home: home.ok_or(shell::Error::Homeless)?,
        root: context.root().to_owned(),
        zdotdir: directory("ZDOTDIR"),
        env: context.machine.text("ENV"),
        xdg_config_home: directory("XDG_CONFIG_HOME").filter(|path| path.is_absolute()),
        program,
    })
}

/// The manager's link in the root: it stays where it is when the manager is upgraded.
pub(crate) fn link(root: &Path) -> PathBuf {
    root.join("bin").join(PROGRAM)
}

/// The first `pyman` on PATH.
fn on_path(context: &Context) -> Option<PathBuf> {
    let mut files = context.machine.search_path().into_iter().map(|path| path.join(PROGRAM));
    files.find(|file| disk::executable(file))
}

fn same(one: &Path, other: &Path) -> Result<bool, Error> {
    let one = disk::canonical(one)?;
    Ok(one.is_some() && one == disk::canonical(other)?)
}

/// Prints the code that sets the version of the calling shell, separated by `:` where they are several; what is not
/// installed is named instead.
pub(crate) fn choose(context: &Context, versions: &[u8]) -> Result<Status, Error> {
    if !all_installed(context, versions) {
        print(context, Script::Fail)?;
        return Ok(Status::FAILURE);
    }
    let present = context.machine.variable(VERSION).map(OsString::into_encoded_bytes);
    if present.as_deref() != Some(versions) {
        print(context, Script::SetVersion(versions))?;
    }
    Ok(Status::SUCCESS)
}

/// Whether every version is one; the first that is none is named.
fn all_installed(context: &Context, versions: &[u8]) -> bool {
    let resolver = Resolver::new(&context.machine, Home::new(world::bytes(context.root())));
    let missing = versions.split(|&byte| byte == b':').find(|version| {
        match resolver.resolve(&Request::parse(version)) {
            Resolution::System | Resolution::Installed(_) => false,
            Resolution::Missing => true,
        }
    });
    if let Some(version) = missing {
        let missing = resolver.missing(&Request::parse(version), &Origin::Argument);
        let version = String::from_utf8_lossy(version);
        context.printer.say(&match missing.why {
            Why::Absent | Why::Empty => format!("pyman: version `{version}' not installed"),
            Why::Unreadable(_) | Why::Unclear { .. } => format!("pyman: {missing}"),
        });
    }
    missing.is_none()
}
