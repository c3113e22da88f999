//! `system`: the first match on PATH that is not a shim, however PATH, links and copies of shims are arranged.

use alloc::vec::Vec;

use crate::path;
use crate::resolver::Resolver;
use crate::world::File;

/// Stands in every shim program ever built, so that a copy is known wherever it lies and whatever it is called.
pub const MARKER: &[u8; 24] = b"\0pyman-shim\0not-a-python";

/// Programs above this size are no shims: 25 KiB without a libc, some hundred with std. In bytes.
const LARGEST: u64 = 1 << 20;

/// Where nothing is ever `system`: a manager's shims, ours or another's.
const SHIMS: &[u8] = b"shims";

impl Resolver<'_> {
    /// The first match for the command on PATH. Empty and relative entries are skipped, and so are shims; a
    /// command with a separator in it is that file.
    pub fn on_path(&self, command: &[u8]) -> Option<Vec<u8>> {
        if command.iter().any(|byte| path::is_separator(*byte)) {
            return self.world().is_executable(command).then(|| command.to_vec());
        }
        path::search(&self.world().variable(b"PATH")?)
            .filter(|directory| path::name(directory) != SHIMS)
            .map(|directory| path::join(directory, command))
            .find(|candidate| self.is_system(candidate))
    }

    /// Whether the program can be run and is neither a shim of ours nor inside anybody's `shims/`.
    pub fn is_system(&self, program: &[u8]) -> bool {
        let Some(file) = self.world().executable(program) else {
            return false;
        };
        let within_shims = || {
            self.world().canonical(program).is_some_and(|canonical| {
                path::parent(&canonical).is_some_and(|parent| path::name(parent) == SHIMS)
            })
        };
        !self.is_marked(program, file) && !within_shims()
    }

    /// Whether the program can be run and is not our own, linked or copied: what stands in an installation or an
    /// environment is compared with the one program that every shim is a link to.
    pub fn runnable(&self, program: &[u8]) -> bool {
        let Some(file) = self.world().executable(program) else {
            return false;
        };
        let own = self.own.get_or_init(|| self.world().executable(&self.home().shim_program()));
        let ours = own.is_some_and(|own| {
            own.id == file.id || (own.size == file.size && self.is_marked(program, file))
        });
        !ours
    }

    fn is_marked(&self, program: &[u8], file: File) -> bool {
        let Ok(limit) = usize::try_from(LARGEST) else {
            return false;
        };
        if file.size > LARGEST {
            return false;
        }
        // A program that may be run but not read is none of ours: we write them readable.
        match self.world().read(program, limit) {
            Ok(Some(bytes)) => bytes.windows(MARKER.len()).any(|window| window == MARKER),
            Ok(None) | Err(_) => false,
        }
    }
}
