//! Korn shells: interactive ones read the file `ENV` names or one of their own, login shells `.profile`.

use super::dialect::{Account, Call, Dialect, Part};
use super::posix;
use crate::quote;
use std::path::{Path, PathBuf};

/// ksh93 and mksh.
pub(super) struct Ksh;

impl Dialect for Ksh {
    fn names(&self) -> &'static [&'static str] {
        &["ksh", "ksh93", "ksh93u+m", "mksh", "ksh2020"]
    }

    fn quote(&self, value: &[u8]) -> Vec<u8> {
        quote::posix(value)
    }

    fn templates(&self) -> &'static [&'static str] {
        &[include_str!("init/ksh.sh"), posix::TEMPLATE, posix::ACTIVATION]
    }

    fn call(&self, manager: &Call) -> Vec<u8> {
        posix::call(manager, b"\\command pyman")
    }

    fn statements(&self, account: &Account, part: Part) -> Vec<Vec<u8>> {
        posix::statements(account, part, "ksh")
    }

    fn guarded(&self, account: &Account, line: Vec<u8>) -> Vec<u8> {
        posix::guarded(account, &line)
    }

    fn reading(&self, account: &Account, _: Part, file: &Path) -> Option<Vec<u8>> {
        Some(posix::reading(account, file))
    }

    fn files(&self, account: &Account) -> Vec<(PathBuf, Part)> {
        let own = account.first_of(&[".kshrc", ".mkshrc"]).unwrap_or(".kshrc");
        let interactive = account.interactive().unwrap_or_else(|| account.file(own));
        vec![(interactive, Part::Everything), (account.file(".profile"), Part::Whoever)]
    }

    fn candidates(&self, account: &Account) -> Vec<PathBuf> {
        let own = [".kshrc", ".mkshrc", ".profile"].iter().map(|name| account.file(name));
        own.chain(account.interactive()).collect()
    }
}
