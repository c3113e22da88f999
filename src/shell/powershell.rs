//! PowerShell: the profile of this user for every host.

use super::dialect::{Account, Call, Dialect, Part};
use super::system;
use crate::quote;
use std::path::{Path, PathBuf};

/// PowerShell, on any system.
pub(super) struct PowerShell;

impl Dialect for PowerShell {
    fn names(&self) -> &'static [&'static str] {
        &["pwsh", "powershell", "pwsh-preview"]
    }

    fn quote(&self, value: &[u8]) -> Vec<u8> {
        quote::powershell(value)
    }

    fn templates(&self) -> &'static [&'static str] {
        &[include_str!("init/powershell.ps1")]
    }

    fn call(&self, manager: &Call) -> Vec<u8> {
        match manager {
            Call::ByName => {
                b"(Get-Command pyman -CommandType Application | Select-Object -First 1)".to_vec()
            }
            Call::ByPath(path) => self.quote(path.as_os_str().as_encoded_bytes()),
        }
    }

    fn statements(&self, account: &Account, _: Part) -> Vec<Vec<u8>> {
        let word = |path: &Path| self.quote(path.as_os_str().as_encoded_bytes());
        let root = account.unusual_root();
        let root = root.map(|root| [b"$env:PYMAN_ROOT = ", word(root).as_slice()].concat());
        let load = [
            b"(& ".as_slice(),
            &word(&account.program),
            b" init - pwsh) -join \"`n\" | Invoke-Expression",
        ];
        root.into_iter().chain([load.concat()]).collect()
    }

    fn guarded(&self, _: &Account, line: Vec<u8>) -> Vec<u8> {
        [b"try { ".as_slice(), &line, b" } catch { Write-Warning \"pyman: $_\" }"].concat()
    }

    fn files(&self, account: &Account) -> Vec<(PathBuf, Part)> {
        let directory = system::powershell(account);
        vec![(directory.join("profile.ps1"), Part::Everything)]
    }
}
