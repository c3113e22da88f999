//! What stands at a path: its kind, size, age and owner, asked without opening it.

use std::ffi::OsString;
use std::time::SystemTime;

/// Which file this is: the same for links to the same file only.
pub(crate) type Identity = pyman_shim::FileId;

/// The kinds of things that have a name on a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, or a junction.
    Link,
    /// A FIFO, a socket, a device.
    Other,
}

/// What stands somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// Bytes of a file.
    pub size: u64,
    /// Its permissions, as Unix has them.
    pub mode: u32,
    /// The user it belongs to, by number.
    pub owner: u32,
    /// The group it belongs to, by number.
    pub group: u32,
    /// How many names it has.
    pub names: u64,
    /// When it was last written to.
    pub modified: SystemTime,
    /// Which one it is.
    pub identity: Identity,
}

impl Found {
    /// Whether it is a regular file.
    pub fn is_file(&self) -> bool {
        self.kind == Kind::File
    }

    /// Whether it is a directory.
    pub fn is_directory(&self) -> bool {
        self.kind == Kind::Directory
    }

    /// Whether it is a link.
    pub fn is_link(&self) -> bool {
        self.kind == Kind::Link
    }

    /// Whether anybody may write to it.
    pub fn is_open_to_all(&self) -> bool {
        self.mode & 0o002 != 0
    }

    /// Whether somebody may execute it.
    pub fn is_executable(&self) -> bool {
        self.is_file() && self.mode & 0o111 != 0
    }
}

/// One name in a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name alone.
    pub name: OsString,
    /// What it is, no link followed.
    pub kind: Kind,
    /// The number of the file on its device, as the directory tells it; 0 where it does not.
    pub number: u64,
}
