//! What the program asks of the process it runs in, beyond what the resolver asks of the world.

use alloc::vec::Vec;

use pyman_shim::{CHAIN, Fault, Launch, World};

/// Another program, and what it is given.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    /// Its path, and its `argv[0]`: no program ever takes the shim for itself.
    pub(crate) program: Vec<u8>,
    /// Arguments that stand before this process's own.
    pub(crate) leading: Vec<Vec<u8>>,
    /// How many of this process's own arguments, its name among them, are left out. The others are
    /// passed on as they are, not even copied.
    pub(crate) skipped: usize,
    /// Variables that change, with their new values. All others are passed on as they are.
    pub(crate) variables: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Image {
    /// What is to be launched, with these arguments before this process's own but the first ones.
    pub(crate) fn new(launch: Launch, leading: Vec<Vec<u8>>, skipped: usize) -> Self {
        let mut variables = Vec::from([(CHAIN.to_vec(), launch.chain)]);
        if let Some(search_path) = launch.search_path {
            variables.push((b"PATH".to_vec(), Some(search_path)));
        }
        Self { program: launch.program, leading, skipped, variables }
    }
}

/// This process.
pub(crate) trait Process: World {
    /// The arguments it was given, its name first; even that may be missing.
    fn arguments(&self) -> Vec<&[u8]>;

    /// The path it was started by, as it was given, where that is this very program: of a script that names a shim
    /// behind its `#!` it is the script.
    fn started_as(&self) -> Option<Vec<u8>>;

    /// The file it was started from, links followed.
    fn program(&self) -> Option<Vec<u8>>;

    /// Writes to stdout, and says whether all of it could be written; a reader that went away has all it wants.
    fn print(&self, text: &[u8]) -> bool;

    /// Writes to stderr.
    fn say(&self, text: &[u8]);

    /// Becomes the other program. Where that cannot be, runs it, and its status becomes ours.
    fn replace(&self, image: &Image) -> Result<u8, Fault>;
}
