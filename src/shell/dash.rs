//! Any other POSIX shell: login shells read `.profile`, interactive ones the file `ENV` names.

use super::dialect::{Account, Call, Dialect, Part};
use super::posix;
use crate::quote;
use std::path::{Path, PathBuf};

/// dash, and `sh` whatever it is.
pub(super) struct Dash;

impl Dialect for Dash {
    fn names(&self) -> &'static [&'static str] {
        &["sh", "dash", "ash", "posh", "yash"]
    }

    fn quote(&self, value: &[u8]) -> Vec<u8> {
        quote::posix(value)
    }

    fn templates(&self) -> &'static [&'static str] {
        &[posix::TEMPLATE, posix::ACTIVATION]
    }

    fn call(&self, manager: &Call) -> Vec<u8> {
        posix::call(manager, b"\\command pyman")
    }

    fn statements(&self, account: &Account, part: Part) -> Vec<Vec<u8>> {
        posix::statements(account, part, "sh")
    }

    fn guarded(&self, account: &Account, line: Vec<u8>) -> Vec<u8> {
        posix::guarded(account, &line)
    }

    fn reading(&self, account: &Account, _: Part, file: &Path) -> Option<Vec<u8>> {
        Some(posix::reading(account, file))
    }

    fn files(&self, account: &Account) -> Vec<(PathBuf, Part)> {
        let interactive = account.interactive().map(|file| (file, Part::Everything));
        let login = (account.file(".profile"), Part::Whoever);
        [login].into_iter().chain(interactive).collect()
    }
}
