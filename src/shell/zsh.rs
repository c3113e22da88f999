//! Zsh: interactive shells read `.zshrc`, login shells `.zprofile`, both in `ZDOTDIR`.

use super::{Account, Call, Dialect, Part, posix};
use crate::quote;
use std::path::{Path, PathBuf};

/// Z shell.
pub(super) struct Zsh;

impl Dialect for Zsh {
    fn names(&self) -> &'static [&'static str] {
        &["zsh"]
    }

    fn quote(&self, value: &[u8]) -> Vec<u8> {
        quote::posix(value)
    }

    fn templates(&self) -> &'static [&'static str] {
        &[include_str!("init/zsh.zsh"), posix::TEMPLATE, posix::ACTIVATION]
    }

    fn wrapper(&self) -> &'static [&'static str] {
        posix::WRAPPER
    }

    fn call(&self, manager: &Call) -> Vec<u8> {
        posix::call(manager, b"\\command pyman")
    }

    /// Zsh reads all of what it evaluates before it runs any.
    fn later(&self, code: Vec<u8>) -> Vec<u8> {
        [b"'builtin' 'eval' ".as_slice(), &self.quote(&code), b"\n"].concat()
    }

    fn statements(&self, account: &Account, part: Part) -> Vec<Vec<u8>> {
        posix::statements(account, part, "zsh")
    }

    fn guarded(&self, account: &Account, line: Vec<u8>) -> Vec<u8> {
        posix::guarded(account, &line)
    }

    fn reading(&self, account: &Account, file: &Path) -> Option<Vec<u8>> {
        Some(posix::reading(account, file))
    }

    fn files(&self, account: &Account) -> Vec<(PathBuf, Part)> {
        let directory = account.zdotdir.as_ref().unwrap_or(&account.home);
        vec![
            (directory.join(".zshrc"), Part::Everything),
            (directory.join(".zprofile"), Part::Path),
        ]
    }
}
