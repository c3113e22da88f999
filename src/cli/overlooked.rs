//! Words that pyenv's commands do not look at.

use std::ffi::OsString;

/// Whatever stands after the words a command knows: pyenv's scripts pay no heed to it, so nor do we.
#[derive(clap::Args)]
pub(crate) struct Overlooked {
    #[arg(hide = true, allow_hyphen_values = true)]
    _overlooked: Vec<OsString>,
}
