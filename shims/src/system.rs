//! `system`: the first match on PATH that is not a shim, however PATH, links and copies of shims are arranged.

use alloc::vec::Vec;

use crate::path;
use crate::resolver::Resolver;
use crate::world::File;

/// Stands in every shim program ever built, so that a copy is known wherever it lies and whatever it is called.
pub const MARKER: &[u8; 24] = b"\0pyman-shim\0not-a-python";

/// Where the mark stands in the program. A constant alone would be folded into the comparison.
static MARK: [u8; MARKER.len()] = *MARKER;

/// Programs above this size are no shims: 25 KiB without a libc, some hundred with std. In bytes.
const LARGEST: u64 = 1 << 20;

/// Where nothing is ever `system`: a manager's shims, ours or another's.
const SHIMS: &[u8] = b"shims";

impl Resolver<'_> {
    /// The first match for the command on PATH. Empty and relative entries are skipped, and so are shims; a
    /// command with a separator in it is that file.
    pub fn on_path(&self, command: &[u8]) -> Option<Vec<u8>> {
        if path::has_directory(command) {
            return self.world().is_executable(command).then(|| command.to_vec());
        }
        path::search(&self.world().variable(b"PATH")?)
            .filter(|directory| path::name(directory) != SHIMS)
            .map(|directory| path::program(directory, command))
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
        // Whether a version has an interpreter is asked right before the command, which most often is it.
        if let Some((last, answer)) = &*self.last.borrow()
            && last == program
        {
            return *answer;
        }
        let answer = self.is_runnable(program);
        self.last.replace(Some((program.to_vec(), answer)));
        answer
    }

    fn is_runnable(&self, program: &[u8]) -> bool {
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
        let mark = core::hint::black_box(MARK.as_slice());
        // A program that may be run but not read is none of ours: we write them readable.
        match self.world().read(program, limit) {
            Ok(Some(bytes)) => bytes.windows(mark.len()).any(|window| window == mark),
            Ok(None) | Err(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fixtures::shim;
    use crate::home::Home;
    use crate::memory::Memory;

    fn on_path(world: &Memory, command: &str) -> Option<Vec<u8>> {
        Resolver::new(world, Home::new(b"/r")).on_path(command.as_bytes())
    }

    #[test]
    fn no_shim_is_ever_the_system_by_whatever_route() {
        let world = || {
            Memory::new()
                .at("/w/shims")
                .program("/r/bin/pyman-shim", shim())
                .hard_link("/r/shims/python", "/r/bin/pyman-shim")
                .program("/usr/bin/python", "the real one")
        };
        let real = Some(b"/usr/bin/python".to_vec());
        let routes = [
            world().variable("PATH", "/r/shims:/usr/bin"),
            world().variable("PATH", "/r/shims/:/r//shims:/r/./shims:/usr/bin"),
            world().variable("PATH", "/r/bin/../shims:/usr/bin"),
            world().variable("PATH", ".:shims::../../r/shims:/usr/bin:"),
            world().link("/alias", "/r/shims").variable("PATH", "/alias:/usr/bin"),
            world().link("/home", "/r").variable("PATH", "/home/shims:/usr/bin"),
            world().link("/b/python", "/r/shims/python").variable("PATH", "/b:/usr/bin"),
            world()
                .link("/b/python", "/c/python")
                .link("/c/python", "/r/bin/pyman-shim")
                .variable("PATH", "/b:/c:/usr/bin"),
            world().hard_link("/b/python", "/r/bin/pyman-shim").variable("PATH", "/b:/usr/bin"),
            world().program("/b/python", shim()).variable("PATH", "/b:/usr/bin"),
            world().program("/b/shims/python", "another's").variable("PATH", "/b/shims:/usr/bin"),
            world()
                .program("/b/shims/python", "another's")
                .link("/c/python", "/b/shims/python")
                .variable("PATH", "/c:/usr/bin"),
            world().file("/b/python", "no program").variable("PATH", "/b:/usr/bin"),
            world().directory("/b/python").variable("PATH", "/b:/usr/bin"),
        ];
        for world in routes {
            assert_eq!(on_path(&world, "python"), real, "{world:?}");
        }
    }

    /// What may stand in a directory of PATH under the name of a command.
    #[derive(Debug, Clone, Copy)]
    enum Candidate {
        Nothing,
        Real,
        HardLink,
        Link,
        LinkOfLink,
        Copy,
    }

    proptest! {
        #[test]
        fn the_first_real_program_is_found_among_any_shims(
            candidates in prop::collection::vec(
                prop::sample::select(std::vec![
                    Candidate::Nothing,
                    Candidate::Real,
                    Candidate::HardLink,
                    Candidate::Link,
                    Candidate::LinkOfLink,
                    Candidate::Copy,
                ]),
                0..8,
            ),
        ) {
            let mut world = Memory::new()
                .program("/r/bin/pyman-shim", shim())
                .hard_link("/r/shims/tool", "/r/bin/pyman-shim")
                .link("/l/tool", "/r/shims/tool");
            for (index, candidate) in candidates.iter().enumerate() {
                let path = std::format!("/d{index}/tool");
                world = match candidate {
                    Candidate::Nothing => world,
                    Candidate::Real => world.program(&path, "real"),
                    Candidate::HardLink => world.hard_link(&path, "/r/bin/pyman-shim"),
                    Candidate::Link => world.link(&path, "/r/shims/tool"),
                    Candidate::LinkOfLink => world.link(&path, "/l/tool"),
                    Candidate::Copy => world.program(&path, shim()),
                };
            }
            let list = "/r/shims:/d0:/d1:/d2::/d3:/d4:.:/d5:/d6:/r/shims/:/d7";
            let first = candidates.iter().position(|found| matches!(found, Candidate::Real));
            let expected = first.map(|index| std::format!("/d{index}/tool").into_bytes());
            prop_assert_eq!(on_path(&world.variable("PATH", list), "tool"), expected);
        }
    }

    #[test]
    fn nothing_is_found_where_nothing_may_be() {
        let world = || {
            Memory::new()
                .at("/w")
                .program("/w/python", "planted")
                .program("/r/bin/pyman-shim", shim())
                .hard_link("/r/shims/python", "/r/bin/pyman-shim")
        };
        assert_eq!(on_path(&world(), "python"), None);
        for list in ["", ".", ":", "w", "./", "/r/shims", "/gone"] {
            assert_eq!(on_path(&world().variable("PATH", list), "python"), None, "{list:?}");
        }
    }

    #[test]
    fn large_programs_are_not_searched_for_the_mark() {
        let mut large = std::vec![0_u8; 2 << 20];
        large.extend_from_slice(MARKER);
        let world = Memory::new().program("/usr/bin/python", large).variable("PATH", "/usr/bin");
        assert_eq!(on_path(&world, "python"), Some(b"/usr/bin/python".to_vec()));
    }
}
