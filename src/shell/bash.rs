//! Bash: interactive shells read `.bashrc`, login shells the first of three profiles.

use super::dialect::{Account, Call, Dialect, Part};
use super::posix;
use crate::quote;
use std::path::{Path, PathBuf};

/// What a login shell looks for; it reads the first it finds.
const PROFILES: [&str; 3] = [".bash_profile", ".bash_login", ".profile"];

/// GNU Bourne-Again shell.
pub(super) struct Bash;

impl Dialect for Bash {
    fn names(&self) -> &'static [&'static str] {
        &["bash"]
    }

    fn quote(&self, value: &[u8]) -> Vec<u8> {
        quote::posix(value)
    }

    fn templates(&self) -> &'static [&'static str] {
        &[include_str!("init/bash.sh"), posix::TEMPLATE, posix::ACTIVATION]
    }

    fn wrapper(&self) -> &'static [&'static str] {
        posix::WRAPPER
    }

    fn call(&self, manager: &Call) -> Vec<u8> {
        posix::call(manager, b"\\command pyman")
    }

    fn statements(&self, account: &Account, part: Part) -> Vec<Vec<u8>> {
        posix::statements(account, part, "bash")
    }

    fn guarded(&self, account: &Account, line: Vec<u8>) -> Vec<u8> {
        posix::guarded(account, &line)
    }

    fn reading(&self, account: &Account, _: Part, file: &Path) -> Option<Vec<u8>> {
        Some(posix::reading(account, file))
    }

    /// A profile may be read by `sh` as well, so it names no shell. `ssh HOST python` has `.bashrc` read too, as far as that
    /// lets a shell that is not interactive read on.
    fn files(&self, account: &Account) -> Vec<(PathBuf, Part)> {
        let profile = account.first_of(&PROFILES).unwrap_or(".profile");
        let part = if profile == ".profile" { Part::Whoever } else { Part::Everything };
        let rc = account.file(".bashrc");
        vec![(rc.clone(), Part::Early), (rc, Part::Everything), (account.file(profile), part)]
    }

    fn candidates(&self, account: &Account) -> Vec<PathBuf> {
        [".bashrc"].iter().chain(&PROFILES).map(|name| account.file(name)).collect()
    }
}
