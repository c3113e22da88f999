//! Nushell: it evaluates nothing a program prints, so its autoload directory holds the code itself.

use super::dialect::{Account, Call, Dialect, Part};
use crate::quote;
use std::path::PathBuf;

/// Nushell.
pub(super) struct Nushell;

impl Dialect for Nushell {
    fn names(&self) -> &'static [&'static str] {
        &["nu", "nushell"]
    }

    fn quote(&self, value: &[u8]) -> Vec<u8> {
        quote::nushell(value)
    }

    /// JSON, since that is what it reads from us.
    fn word(&self, value: Option<&[u8]>) -> Vec<u8> {
        let text = value.map(String::from_utf8_lossy);
        serde_json::json!(text).to_string().into_bytes()
    }

    fn templates(&self) -> &'static [&'static str] {
        &[include_str!("init/nushell.nu")]
    }

    fn call(&self, manager: &Call) -> Vec<u8> {
        match manager {
            Call::ByName => b"^pyman".to_vec(),
            Call::ByPath(path) => {
                let word = self.quote(path.as_os_str().as_encoded_bytes());
                [b"^(".as_slice(), &word, b")"].concat()
            }
        }
    }

    fn statements(&self, account: &Account, _: Part) -> Vec<Vec<u8>> {
        let word = self.quote(account.program.as_os_str().as_encoded_bytes());
        let save = [
            b"^(".as_slice(),
            &word,
            b") init - nu | save --force ($nu.user-autoload-dirs.0 | path join pyman.nu)",
        ];
        vec![save.concat()]
    }

    fn files(&self, account: &Account) -> Vec<(PathBuf, Part)> {
        vec![(account.configuration().join("nushell/autoload/pyman.nu"), Part::Code)]
    }
}
