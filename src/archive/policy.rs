//! The rules that an archive is unpacked by.

/// The rules for one archive.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// How much may come out of it; `None` for archives of one's own (`--trust`).
    pub limits: Option<Limits>,
    /// What is kept of it.
    pub root: Root,
}

/// How much may come out of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most decoded bytes, headers included.
    pub bytes: u64,
    /// Most times its own size…
    pub ratio: u64,
    /// …once it has given more than this many bytes.
    pub ratio_from: u64,
    /// Most files, links and directories.
    pub entries: u64,
}

/// Which part of an archive is kept; its path is taken off every name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Root {
    /// The one directory at its top, whatever its name.
    #[default]
    Single,
    /// All of it, its names as they are.
    Whole,
    /// The directory of this path, `top` or `top/install`; what else is in the same top
    /// directory is judged and passed over.
    Below(Vec<u8>),
}

impl Default for Limits {
    fn default() -> Self {
        const GIB: u64 = 1 << 30;
        Self { bytes: 4 * GIB, ratio: 200, ratio_from: GIB, entries: 60_000 }
    }
}

impl Policy {
    /// The limits of published archives, with this part kept.
    pub fn limited(root: Root) -> Self {
        Self { limits: Some(Limits::default()), root }
    }
}
