//! What the POSIX shells have in common.

use super::{Account, Call, Part};
use crate::quote;
use std::path::Path;

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

/// The manager by name, in words no alias or function takes, or by path.
pub(super) fn call(manager: &Call, named: &[u8]) -> Vec<u8> {
    match manager {
        Call::ByName => named.to_vec(),
        Call::ByPath(path) => quote::posix(path.as_os_str().as_encoded_bytes()),
    }
}

/// `eval "$(… init - bash)"`, with the root in front when it is not the one pyman takes by itself.
pub(super) fn line(account: &Account, part: Part, shell: &str) -> Vec<u8> {
    let arguments = match part {
        Part::Everything | Part::Code => format!("init - {shell}"),
        Part::Whoever => "init -".to_owned(),
        Part::Path => format!("init --path {shell}"),
    };
    let mut line = Vec::new();
    if let Some(root) = account.unusual_root() {
        line.extend_from_slice(b"export PYMAN_ROOT=");
        line.extend(word(account, root));
        line.extend_from_slice(b"; ");
    }
    line.extend_from_slice(b"eval \"$(");
    line.extend(word(account, &account.program));
    line.extend_from_slice(format!(" {arguments})\"").as_bytes());
    line
}

/// A path as people write it: `"$HOME"/…` when it stands there.
fn word(account: &Account, path: &Path) -> Vec<u8> {
    match path.strip_prefix(&account.home) {
        Ok(rest) => {
            [b"\"$HOME\"/".as_slice(), &plain_or_quoted(rest.as_os_str().as_encoded_bytes())]
                .concat()
        }
        Err(_) => plain_or_quoted(path.as_os_str().as_encoded_bytes()),
    }
}

fn plain_or_quoted(value: &[u8]) -> Vec<u8> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-+/".contains(byte);
    if value.iter().all(plain) { value.to_vec() } else { quote::posix(value) }
}
