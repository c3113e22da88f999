//! What the POSIX shells have in common.

use super::dialect::{Account, Call, Part};
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
