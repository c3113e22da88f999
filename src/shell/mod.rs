//! The shells pyman speaks: the code `init` prints, the files `setup` writes, quoting. What a shell has of
//! its own stands in its file; deciding what to say is left to the commands.

mod dialect;
mod fish;
mod init;
mod nushell;
mod posix;
mod powershell;
mod rc;
mod script;
mod setup;
mod system;
mod template;
mod zsh;

use crate::disk;
use std::path::PathBuf;

pub(crate) use dialect::{Account, Call};
pub(crate) use init::renew;
pub(crate) use init::{Init, Push};
pub(crate) use rc::{Edit, Outcome};
pub(crate) use script::{Activation, Choice, Deactivation, Script};
pub(crate) use setup::{Asked, asked, detect};
pub(crate) use setup::{Setup, become_pyenv, is_pyenv, leave_pyenv, pyenv, undo};
pub(crate) use system::{KEEPS_PATH, PROGRAM, delist, enlist};

use dialect::Dialect;

/// A command interpreter people type into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shell {
    /// GNU Bourne-Again shell, 3.2 and later.
    Bash,
    /// Z shell, 5.0 and later.
    Zsh,
    /// fish, 3.4 and later.
    Fish,
    /// Korn shells: ksh93 and mksh.
    Ksh,
    /// Any other POSIX shell.
    Dash,
    /// PowerShell 5.1 and later, on any system.
    #[expect(clippy::enum_variant_names, reason = "it is called so")]
    PowerShell,
    /// Nushell.
    Nushell,
}

/// Why the shells' part could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither the parent process nor `SHELL` is a shell of ours.
    #[error("cannot tell which shell to set up")]
    Undetected,
    /// A name that is no shell of ours.
    #[error("no such shell `{0}'")]
    Unknown(String),
    /// There is a pyenv, which ours would hide.
    #[error("pyenv is here: {}", .0.display())]
    Pyenv(PathBuf),
    /// A root that cannot stand in PATH.
    #[error("`{}' cannot stand in PATH, which `:' divides", .0.display())]
    Divided(PathBuf),
    /// A root that cannot stand in one line.
    #[error("`{}' cannot stand in a start-up file, since it holds a line break", .0.display())]
    Broken(PathBuf),
    /// A shell without virtualenvwrapper's functions.
    #[error("virtualenvwrapper's functions are for bash, zsh and fish")]
    Unwrapped,
    /// A shell for which there is no completion code.
    #[error("there is completion for bash, zsh, fish, pwsh and nu")]
    Incomplete,
    /// No home directory to find start-up files in.
    #[error("HOME is not set: nobody says whose start-up files these are to be")]
    Homeless,
    /// Something else than a file where a start-up file is read from.
    #[error("`{}' is no start-up file", .0.display())]
    NotAFile(PathBuf),
    /// The file system's answer.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Error {
    /// A way out.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown(_) => {
                let names: Vec<&str> = Shell::ALL.iter().map(|shell| shell.name()).collect();
                Some(format!("the shells are {}", names.join(", ")))
            }
            Self::Undetected => Some("name it: `pyman setup bash'".to_owned()),
            Self::Divided(_) | Self::Broken(_) => {
                Some("set PYMAN_ROOT to a directory without `:' and line breaks".to_owned())
            }
            Self::Pyenv(_) => Some(
                "`pyman import pyenv' takes over what it has; then its program can go".to_owned(),
            ),
            Self::Homeless => Some("set HOME to an absolute directory".to_owned()),
            Self::Io(error) => disk::is_linked(error).then(|| "run `pyman doctor'".to_owned()),
            Self::Unwrapped | Self::Incomplete | Self::NotAFile(_) => None,
        }
    }

    /// The status a command ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Undetected
            | Self::Unknown(_)
            | Self::Pyenv(_)
            | Self::Divided(_)
            | Self::Broken(_)
            | Self::Unwrapped
            | Self::Incomplete
            | Self::Homeless => 1,
            Self::NotAFile(_) | Self::Io(_) => 5,
        }
    }
}

impl Shell {
    /// Every shell, in the order help texts name them.
    pub(crate) const ALL: [Self; 7] =
        [Self::Bash, Self::Zsh, Self::Fish, Self::Ksh, Self::Dash, Self::PowerShell, Self::Nushell];

    /// The shell of this name, which may be a path and begin with the `-` of a login shell.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let name = base(name);
        Self::ALL.into_iter().find(|shell| shell.dialect().names().contains(&name))
    }

    /// The name `PYMAN_SHELL` carries.
    pub(crate) fn name(self) -> &'static str {
        self.dialect().names().first().copied().unwrap_or_default()
    }

    /// A word of this shell's language that stands for exactly these bytes.
    pub(crate) fn quote(self, value: &[u8]) -> Vec<u8> {
        self.dialect().quote(value)
    }

    /// How the names of its scripts end.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Fish => "fish",
            Self::PowerShell => "ps1",
            Self::Nushell => "nu",
            Self::Bash | Self::Zsh | Self::Ksh | Self::Dash => "sh",
        }
    }

    fn dialect(self) -> &'static dyn Dialect {
        match self {
            Self::Bash => &posix::BASH,
            Self::Zsh => &zsh::Zsh,
            Self::Fish => &fish::Fish,
            Self::Ksh => &posix::KSH,
            Self::Dash => &posix::DASH,
            Self::PowerShell => &powershell::PowerShell,
            Self::Nushell => &nushell::Nushell,
        }
    }
}

/// A shell's name without the directories before it and the `-` of a login shell.
pub(crate) fn base(name: &str) -> &str {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let base = base.strip_prefix('-').unwrap_or(base);
    base.strip_suffix(".exe").unwrap_or(base)
}
