//! Named moments at which a test may have the process killed, as a power cut or an impatient user would.
//!
//! `_PYMAN_KILL_AT=published` kills at the moment of that name; programs built for release never look.

use std::ffi::OsString;

use super::system;

/// The moments of an installation, in the order they come; each is called as it is here, in small letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The stage exists and is empty.
    Staged,
    /// The first bytes of an archive are on their way to the disk.
    Unpacking,
    /// The tree is there, untouched.
    Unpacked,
    /// The tree names its final place.
    Relocated,
    /// The receipt is written.
    Receipted,
    /// The tree is in its place.
    Published,
    /// The minor link is settled; the stage remains to be cleared.
    Settled,
    /// Compiling began.
    Building,
    /// A removed tree is out of sight, but still on disk.
    Removed,
}

/// Whether to die at some moment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checkpoints {
    kill_at: Option<OsString>,
}

impl Checkpoints {
    /// Dies at the moment named, if one is: the value of `_PYMAN_KILL_AT`.
    pub(crate) const fn new(kill_at: Option<OsString>) -> Self {
        Self { kill_at }
    }

    /// This moment has come.
    pub(crate) fn reach(&self, moment: Moment) {
        if cfg!(debug_assertions)
            && let Some(name) = &self.kill_at
            && name.as_os_str() == format!("{moment:?}").to_ascii_lowercase().as_str()
        {
            system::die();
        }
    }
}
