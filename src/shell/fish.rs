//! fish: every file in `conf.d` is read by every fish.

use super::dialect::{Account, Call, Dialect, Part};
use crate::quote;
use std::path::{Path, PathBuf};

/// virtualenvwrapper's functions.
const WRAPPER: &[&str] = &[
    include_str!("../../plugins/virtualenvwrapper/fish/places.fish"),
    include_str!("../../plugins/virtualenvwrapper/fish/hooks.fish"),
    include_str!("../../plugins/virtualenvwrapper/fish/making.fish"),
    include_str!("../../plugins/virtualenvwrapper/fish/working.fish"),
    include_str!("../../plugins/virtualenvwrapper/fish/showing.fish"),
    include_str!("../../plugins/virtualenvwrapper/fish/moving.fish"),
    include_str!("../../plugins/virtualenvwrapper/fish/projects.fish"),
    include_str!("../../plugins/virtualenvwrapper/fish/packages.fish"),
    include_str!("../../plugins/virtualenvwrapper/fish/loading.fish"),
];

/// The friendly interactive shell.
pub(super) struct Fish;

impl Dialect for Fish {
    fn names(&self) -> &'static [&'static str] {
        &["fish"]
    }

    fn quote(&self, value: &[u8]) -> Vec<u8> {
        quote::fish(value)
    }

    fn templates(&self) -> &'static [&'static str] {
        &[include_str!("init/fish.fish"), include_str!("init/activate.fish")]
    }

    fn wrapper(&self) -> &'static [&'static str] {
        WRAPPER
    }

    fn call(&self, manager: &Call) -> Vec<u8> {
        match manager {
            Call::ByName => b"command pyman".to_vec(),
            Call::ByPath(path) => {
                [b"command ".as_slice(), &self.quote(path.as_os_str().as_encoded_bytes())].concat()
            }
        }
    }

    fn statements(&self, account: &Account, _: Part) -> Vec<Vec<u8>> {
        let word = |path: &Path| quote::plainly(path.as_os_str().as_encoded_bytes(), quote::fish);
        let root = account.unusual_root();
        let root = root.map(|root| [b"set -gx PYMAN_ROOT ", word(root).as_slice()].concat());
        let load = [&word(&account.program), b" init - fish | source".as_slice()].concat();
        root.into_iter().chain([load]).collect()
    }

    fn reading(&self, _: &Account, _: Part, file: &Path) -> Option<Vec<u8>> {
        let file = self.quote(file.as_os_str().as_encoded_bytes());
        Some([b"if test -r ".as_slice(), &file, b"; source ", &file, b"; end"].concat())
    }

    fn files(&self, account: &Account) -> Vec<(PathBuf, Part)> {
        vec![(account.configuration().join("fish/conf.d/pyman.fish"), Part::Everything)]
    }
}
