//! What can go wrong with a plugin.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// A plugin that cannot be found, started or heard.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk.
    #[error(transparent)]
    Disk(#[from] io::Error),
    /// A hook cannot be started, or did not listen.
    #[error("the hook {} cannot be run: {source}", file.display())]
    Hook {
        /// The hook.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A hook ended badly.
    #[error("the hook {} ended with {status}", file.display())]
    Refused {
        /// The hook.
        file: PathBuf,
        /// How it ended.
        status: ExitStatus,
    },
}
