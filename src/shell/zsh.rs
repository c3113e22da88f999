//! Zsh: interactive shells read `.zshrc`, login shells `.zprofile`, those that run one command `.zshenv` alone; all in
//! `ZDOTDIR`.

use super::dialect::{Account, Call, Dialect, Part};
use super::posix;
use crate::quote;
use std::path::{Path, PathBuf};

/// Every zsh reads `.zshenv`, scripts within an environment too; the first of a connection is the one that runs
/// `ssh HOST python`, which bash finds out the same way.
const REMOTE: &[u8] = b"if [ -n \"${SSH_CONNECTION-}\" ] && [ \"${SHLVL:-1}\" -le 1 ]; then ";

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

    /// Zsh reads all of what it evaluates before it runs any. What a person set (`nounset`, `ksharrays`, `rcexpandparam`)
    /// neither changes what this code says nor, later, what its functions do: they keep the options they were read under.
    fn later(&self, code: Vec<u8>) -> Vec<u8> {
        let emulate = b"'builtin' 'emulate' 'zsh' '-o' 'no_aliases' '-c' ".as_slice();
        [emulate, &quote::zsh_lines(&code), b"\n"].concat()
    }

    fn later_with_hooks(&self, code: Vec<u8>) -> Vec<u8> {
        [b"'builtin' 'eval' ".as_slice(), &quote::zsh_lines(&code), b"\n"].concat()
    }

    fn statements(&self, account: &Account, part: Part) -> Vec<Vec<u8>> {
        posix::statements(account, part, "zsh")
    }

    fn guarded(&self, account: &Account, line: Vec<u8>) -> Vec<u8> {
        posix::guarded(account, &line)
    }

    fn reading(&self, account: &Account, part: Part, file: &Path) -> Option<Vec<u8>> {
        let line = posix::reading(account, file);
        Some(if part == Part::Remote { [REMOTE, &line, b"; fi"].concat() } else { line })
    }

    fn files(&self, account: &Account) -> Vec<(PathBuf, Part)> {
        let directory = account.zdotdir.as_ref().unwrap_or(&account.home);
        vec![
            (directory.join(".zshrc"), Part::Everything),
            (directory.join(".zprofile"), Part::Path),
            (directory.join(".zshenv"), Part::Remote),
        ]
    }
}
