//! PowerShell: the profile of this user for every host.

use super::{Account, Call, Dialect, Part, system};
use crate::quote;
use std::path::PathBuf;

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

    fn line(&self, account: &Account, _: Part) -> Vec<u8> {
        let mut line = Vec::new();
        if let Some(root) = account.unusual_root() {
            line.extend_from_slice(b"$env:PYMAN_ROOT = ");
            line.extend(self.quote(root.as_os_str().as_encoded_bytes()));
            line.extend_from_slice(b"; ");
        }
        line.extend_from_slice(b"(& ");
        line.extend(self.quote(account.program.as_os_str().as_encoded_bytes()));
        line.extend_from_slice(b" init - pwsh) -join \"`n\" | Invoke-Expression");
        line
    }

    fn files(&self, account: &Account) -> Vec<(PathBuf, Part)> {
        let directory = system::powershell(account);
        vec![(directory.join("profile.ps1"), Part::Everything)]
    }
}
