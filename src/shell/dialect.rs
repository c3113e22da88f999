//! What a shell has of its own, and what it is told of: whose files, which part of them, how the manager is called.

use std::path::{Path, PathBuf};

use crate::disk;

/// What a shell has of its own. One implementation a file of this room.
pub(super) trait Dialect {
    /// Every name it goes by; the first is what `PYMAN_SHELL` says.
    fn names(&self) -> &'static [&'static str];

    /// A word that stands for exactly these bytes.
    fn quote(&self, value: &[u8]) -> Vec<u8>;

    /// The same in double quotes, as pyenv prints them, when nothing in it could mean anything there.
    fn word(&self, value: Option<&[u8]>) -> Vec<u8> {
        let value = value.unwrap_or_default();
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-+:/@".contains(byte);
        if value.iter().all(plain) { [b"\"", value, b"\""].concat() } else { self.quote(value) }
    }

    /// The script templates, in sections (see `template`); the first that has a section is asked.
    fn templates(&self) -> &'static [&'static str];

    /// The scripts of virtualenvwrapper's functions, for the shells that have them.
    fn wrapper(&self) -> &'static [&'static str] {
        &[]
    }

    /// The words that run the manager itself, whatever else has its name.
    fn call(&self, manager: &Call) -> Vec<u8>;

    /// Code that is to be read only after the code before it has been run, and means the same whatever a person set.
    fn later(&self, code: Vec<u8>) -> Vec<u8> {
        code
    }

    /// The same, of code that runs what people wrote, under the options they set.
    fn later_with_hooks(&self, code: Vec<u8>) -> Vec<u8> {
        code
    }

    /// What a start-up file needs to say, in order.
    fn statements(&self, account: &Account, part: Part) -> Vec<Vec<u8>>;

    /// The line that does so while the manager is there: at a login after it went nothing is said.
    fn guarded(&self, _: &Account, line: Vec<u8>) -> Vec<u8> {
        line
    }

    /// The line that reads the code from a file instead; none where asking for it costs nothing beside the
    /// shell's own start.
    fn reading(&self, _: &Account, _: Part, _: &Path) -> Option<Vec<u8>> {
        None
    }

    /// The start-up files it reads, in the order they are to be written.
    fn files(&self, account: &Account) -> Vec<(PathBuf, Part)>;

    /// Every file that `files` may ever have named.
    fn candidates(&self, account: &Account) -> Vec<PathBuf> {
        self.files(account).into_iter().map(|(file, _)| file).collect()
    }
}

/// How much of the integration a start-up file asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it.
    Everything,
    /// All of it, for whichever shell reads the file.
    Whoever,
    /// The PATH alone.
    Path,
    /// The PATH alone, above the place where the file sends away shells that are not interactive, if it does.
    Early,
    /// The PATH alone, in a shell that another machine asked for one command.
    Remote,
    /// The printed code itself, since the shell cannot evaluate what a program prints.
    Code,
}

/// How the code calls the manager.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// By name, as PATH has it.
    ByName,
    /// By path: PATH has none, or another one.
    ByPath(PathBuf),
}

/// Whose start-up files they are.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// The home directory.
    pub home: PathBuf,
    /// The root the shells are to use.
    pub root: PathBuf,
    /// `ZDOTDIR`.
    pub zdotdir: Option<PathBuf>,
    /// `ENV`, as written.
    pub env: Option<String>,
    /// `XDG_CONFIG_HOME`.
    pub xdg_config_home: Option<PathBuf>,
    /// How a start-up file is to call the manager.
    pub program: PathBuf,
}

impl Account {
    /// A file in the home directory.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    /// The first of these that the home directory has.
    pub(super) fn first_of(&self, names: &[&'static str]) -> Option<&'static str> {
        names
            .iter()
            .copied()
            .find(|name| disk::look(&self.file(name)).is_ok_and(|found| found.is_some()))
    }

    /// Where this person's configuration stands.
    pub(super) fn configuration(&self) -> PathBuf {
        self.xdg_config_home.clone().unwrap_or_else(|| self.file(".config"))
    }

    /// The root, when a shell has to be told of it.
    pub(super) fn unusual_root(&self) -> Option<&Path> {
        (self.root != self.home.join(".pyman")).then_some(&self.root)
    }

    /// The file `ENV` names, which POSIX shells read when interactive; they expand variables in it.
    pub(super) fn interactive(&self) -> Option<PathBuf> {
        let value = self.env.as_deref().filter(|value| !value.is_empty())?;
        let in_home = ["$HOME/", "${HOME}/", "~/"].iter().find_map(|home| value.strip_prefix(home));
        let path = in_home.map_or_else(|| PathBuf::from(value), |rest| self.home.join(rest));
        path.is_absolute().then_some(path)
    }
}
