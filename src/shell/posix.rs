//! The POSIX shells: what they have in common, Bash, Korn shells, and any other.

use std::path::{Path, PathBuf};

use crate::quote;
use crate::shell::dialect::{Account, Call, Dialect, Part};

/// The template they share.
pub(super) const TEMPLATE: &str = include_str!("init/posix.sh");

/// The template of what they activate with.
pub(super) const ACTIVATION: &str = include_str!("init/activate.sh");

/// virtualenvwrapper's functions for bash and zsh.
pub(super) const WRAPPER: &[&str] = &[
    include_str!("../../plugins/virtualenvwrapper/sh/places.sh"),
    include_str!("../../plugins/virtualenvwrapper/sh/hooks.sh"),
    include_str!("../../plugins/virtualenvwrapper/sh/making.sh"),
    include_str!("../../plugins/virtualenvwrapper/sh/working.sh"),
    include_str!("../../plugins/virtualenvwrapper/sh/showing.sh"),
    include_str!("../../plugins/virtualenvwrapper/sh/moving.sh"),
    include_str!("../../plugins/virtualenvwrapper/sh/projects.sh"),
    include_str!("../../plugins/virtualenvwrapper/sh/packages.sh"),
    include_str!("../../plugins/virtualenvwrapper/sh/loading.sh"),
];

/// What a login Bash looks for; it reads the first it finds.
const PROFILES: [&str; 3] = [".bash_profile", ".bash_login", ".profile"];

/// GNU Bourne-Again shell.
pub(super) const BASH: Posix = Posix {
    names: &["bash"],
    templates: &[include_str!("init/bash.sh"), TEMPLATE, ACTIVATION],
    wrapper: WRAPPER,
    files: bash_files,
    candidates: |account| {
        [".bashrc"].iter().chain(&PROFILES).map(|name| account.file(name)).collect()
    },
};

/// ksh93 and mksh.
pub(super) const KSH: Posix = Posix {
    names: &["ksh", "ksh93", "ksh93u+m", "mksh", "ksh2020"],
    templates: &[include_str!("init/ksh.sh"), TEMPLATE, ACTIVATION],
    wrapper: &[],
    files: ksh_files,
    candidates: |account| {
        let own = [".kshrc", ".mkshrc", ".profile"].iter().map(|name| account.file(name));
        own.chain(account.interactive()).collect()
    },
};

/// dash, and `sh` whatever it is.
pub(super) const DASH: Posix = Posix {
    names: &["sh", "dash", "ash", "posh", "yash"],
    templates: &[TEMPLATE, ACTIVATION],
    wrapper: &[],
    files: dash_files,
    candidates: |account| dash_files(account).into_iter().map(|(file, _)| file).collect(),
};

/// A shell of the family: what differs are its names, its templates and the files it reads.
pub(super) struct Posix {
    /// The first is what `init` is told.
    names: &'static [&'static str],
    templates: &'static [&'static str],
    wrapper: &'static [&'static str],
    files: fn(&Account) -> Vec<(PathBuf, Part)>,
    candidates: fn(&Account) -> Vec<PathBuf>,
}

impl Dialect for Posix {
    fn names(&self) -> &'static [&'static str] {
        self.names
    }

    fn quote(&self, value: &[u8]) -> Vec<u8> {
        quote::posix(value)
    }

    fn templates(&self) -> &'static [&'static str] {
        self.templates
    }

    fn wrapper(&self) -> &'static [&'static str] {
        self.wrapper
    }

    fn call(&self, manager: &Call) -> Vec<u8> {
        call(manager, b"\\command pyman")
    }

    fn statements(&self, account: &Account, part: Part) -> Vec<Vec<u8>> {
        statements(account, part, self.names.first().copied().unwrap_or_default())
    }

    fn guarded(&self, account: &Account, line: Vec<u8>) -> Vec<u8> {
        guarded(account, &line)
    }

    fn reading(&self, account: &Account, _: Part, file: &Path) -> Option<Vec<u8>> {
        Some(reading(account, file))
    }

    fn files(&self, account: &Account) -> Vec<(PathBuf, Part)> {
        (self.files)(account)
    }

    fn candidates(&self, account: &Account) -> Vec<PathBuf> {
        (self.candidates)(account)
    }
}

/// A profile may be read by `sh` as well, so it names no shell. `ssh HOST python` has `.bashrc` read too, as far as that
/// lets a shell that is not interactive read on.
fn bash_files(account: &Account) -> Vec<(PathBuf, Part)> {
    let profile = account.first_of(&PROFILES).unwrap_or(".profile");
    let part = if profile == ".profile" { Part::Whoever } else { Part::Everything };
    let rc = account.file(".bashrc");
    vec![(rc.clone(), Part::Early), (rc, Part::Everything), (account.file(profile), part)]
}

/// Interactive Korn shells read the file that `ENV` names or one of their own, login shells `.profile`.
fn ksh_files(account: &Account) -> Vec<(PathBuf, Part)> {
    let own = account.first_of(&[".kshrc", ".mkshrc"]).unwrap_or(".kshrc");
    let interactive = account.interactive().unwrap_or_else(|| account.file(own));
    vec![(interactive, Part::Everything), (account.file(".profile"), Part::Whoever)]
}

/// Login shells read `.profile`, interactive ones the file that `ENV` names and nothing else.
fn dash_files(account: &Account) -> Vec<(PathBuf, Part)> {
    let interactive = account.interactive().map(|file| (file, Part::Everything));
    let login = (account.file(".profile"), Part::Whoever);
    [login].into_iter().chain(interactive).collect()
}

/// The manager by name, in words no alias or function takes, or by path.
pub(super) fn call(manager: &Call, named: &[u8]) -> Vec<u8> {
    match manager {
        Call::ByName => named.to_vec(),
        Call::ByPath(path) => quote::posix(path.as_os_str().as_encoded_bytes()),
    }
}

/// `eval "$(… init - bash)"`, with the root in front when it is not the one pyman takes by itself.
pub(super) fn statements(account: &Account, part: Part, shell: &str) -> Vec<Vec<u8>> {
    let arguments = match part {
        Part::Everything | Part::Code => format!("init - {shell}"),
        Part::Whoever => "init -".to_owned(),
        Part::Path | Part::Early | Part::Remote => format!("init --path {shell}"),
    };
    let root = account.unusual_root();
    let root = root.map(|root| [b"export PYMAN_ROOT=", word(account, root).as_slice()].concat());
    let program = word(account, &account.program);
    let load = [b"eval \"$(", program.as_slice(), format!(" {arguments})\"").as_bytes()].concat();
    root.into_iter().chain([load]).collect()
}

/// The line, as far as the manager is there to be asked.
pub(super) fn guarded(account: &Account, line: &[u8]) -> Vec<u8> {
    let program = word(account, &account.program);
    [b"if [ -x ".as_slice(), &program, b" ]; then ", line, b"; fi"].concat()
}

/// The line that reads the code from a file, if it is there: a `.` that fails ends some shells.
pub(super) fn reading(account: &Account, file: &Path) -> Vec<u8> {
    let file = word(account, file);
    [b"if [ -r ".as_slice(), &file, b" ]; then . ", &file, b"; fi"].concat()
}

/// A path as people write it: `"$HOME"/…` when it stands there.
fn word(account: &Account, path: &Path) -> Vec<u8> {
    let plain = |path: &Path| quote::plainly(path.as_os_str().as_encoded_bytes(), quote::posix);
    match path.strip_prefix(&account.home) {
        Ok(rest) => [b"\"$HOME\"/".as_slice(), &plain(rest)].concat(),
        Err(_) => plain(path),
    }
}
