//! What is handed to the system so that a found command runs: its path, the child's PATH and the loop counter.

use alloc::vec::Vec;

use crate::command::{Found, Place};
use crate::error::Error;
use crate::path;
use crate::resolver::Resolver;

/// How to run what was found. `argv[0]` is `program`; every other argument and variable stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// The file to execute.
    pub program: Vec<u8>,
    /// The child's PATH; none leaves it as it is.
    pub search_path: Option<Vec<u8>>,
    /// The child's `_PYMAN_CHAIN`; none takes it away.
    pub chain: Option<Vec<u8>>,
}

impl Resolver<'_> {
    /// How `shim` runs what was found; an error when it and what it found call each other for ever.
    pub fn launch(&self, shim: &[u8], found: Found) -> Result<Launch, Error> {
        let (search_path, chain) = match &found.place {
            Place::Installed(installation) => (Some(self.search_path(&installation.bin())), None),
            Place::Environment(_) => (None, None),
            Place::Path => match self.next_in_chain() {
                Some(chain) => (None, Some(chain)),
                None => {
                    return Err(Error::Chain { shim: shim.to_vec(), found: found.program });
                }
            },
        };
        Ok(Launch { program: found.program, search_path, chain })
    }

    /// PATH with `bin` first, and nowhere else. An unset PATH has nothing in it, so nothing follows.
    pub fn search_path(&self, bin: &[u8]) -> Vec<u8> {
        let mut search_path = bin.to_vec();
        let Some(rest) = self.world().variable(b"PATH") else {
            return search_path;
        };
        let others = rest
            .split(|byte| *byte == path::LIST_SEPARATOR)
            .filter(|entry| path::trimmed(entry) != bin);
        for entry in others {
            search_path.push(path::LIST_SEPARATOR);
            search_path.extend_from_slice(entry);
        }
        search_path
    }
}
