//! What is held of a directory on Windows: nothing. One that is open can be neither renamed nor removed there.

/// In place of a handle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unheld;
