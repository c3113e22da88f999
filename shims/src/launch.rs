//! What is handed to the system so that a found command runs: its path, the child's PATH and the loop counter.
//!
//! The counter against loops between managers, `_PYMAN_CHAIN=pid:count`, is set only when what runs was found on PATH. It
//! counts only under the same process id (an exec loop keeps it, a child does not), so that honest nesting of any depth
//! works, and never reaches an installed interpreter.

use alloc::format;
use alloc::vec::Vec;

use crate::command::{Found, Place};
use crate::error::Error;
use crate::installed::Installation;
use crate::path;
use crate::resolver::Resolver;
use crate::version::number;

/// The variable.
pub const VARIABLE: &[u8] = b"_PYMAN_CHAIN";

/// More programs than this in one process, each handing over to the next, are a loop. Thirty still work.
const LONGEST: u32 = 40;

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
            Place::Installed(_) | Place::Environment(_) => (self.first_on_path(&found), None),
            Place::Path => match self.next_in_chain() {
                Some(chain) => (self.first_on_path(&found), Some(chain)),
                None => {
                    return Err(Error::Chain { shim: shim.to_vec(), found: found.program });
                }
            },
        };
        Ok(Launch { program: found.program, search_path, chain })
    }

    /// The PATH of what was found: with the version's commands first that was selected; none leaves it as it is.
    pub fn first_on_path(&self, found: &Found) -> Option<Vec<u8>> {
        let first = match &found.place {
            Place::Installed(installation) => installation,
            Place::Path => found.selected.as_ref()?,
            Place::Environment(_) => return None,
        };
        Some(self.search_path(first))
    }

    /// PATH with the installation's commands first, and nowhere else. An unset PATH has nothing in it, so nothing
    /// follows.
    pub fn search_path(&self, installation: &Installation) -> Vec<u8> {
        let bins: Vec<Vec<u8>> = installation.bins().collect();
        let mut search_path = bins.join(&path::LIST_SEPARATOR);
        let Some(rest) = self.world().variable(b"PATH") else {
            return search_path;
        };
        let others = rest
            .split(|byte| *byte == path::LIST_SEPARATOR)
            .filter(|entry| !bins.iter().any(|bin| path::trimmed(entry) == bin));
        for entry in others {
            search_path.push(path::LIST_SEPARATOR);
            search_path.extend_from_slice(entry);
        }
        search_path
    }
}

impl Resolver<'_> {
    /// The counter's next value; none when this is a loop.
    pub fn next_in_chain(&self) -> Option<Vec<u8>> {
        let process = self.world().process();
        let count = self
            .world()
            .variable(VARIABLE)
            .and_then(|value| count_of(&value, process))
            .unwrap_or(0);
        (count < LONGEST).then(|| format!("{process}:{}", count + 1).into_bytes())
    }
}

/// The count, when the value was written under this process id.
fn count_of(value: &[u8], process: u32) -> Option<u32> {
    let separator = value.iter().position(|byte| *byte == b':')?;
    let (mine, count) = value.split_at_checked(separator)?;
    if mine != format!("{process}").as_bytes() {
        return None;
    }
    match number(count.strip_prefix(b":")?)? {
        (count, b"") => Some(count),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{which, world};
    use crate::home::Home;
    use crate::memory::Memory;

    fn launch(world: &Memory, command: &str) -> Result<Launch, Error> {
        let found = which(world, command).unwrap();
        Resolver::new(world, Home::new(b"/r")).launch(b"/r/shims/ls", found)
    }

    #[test]
    fn the_versions_bin_comes_first_and_once() {
        let bin = "/r/versions/3.12.1/bin";
        let cases = [
            ("/r/shims:/usr/bin", "/r/versions/3.12.1/bin:/r/shims:/usr/bin"),
            ("/usr/bin:/r/versions/3.12.1/bin", "/r/versions/3.12.1/bin:/usr/bin"),
            ("/r/versions/3.12.1/bin/:/usr/bin", "/r/versions/3.12.1/bin:/usr/bin"),
            (
                "/r/versions/3.9.18/bin:/usr/bin",
                "/r/versions/3.12.1/bin:/r/versions/3.9.18/bin:/usr/bin",
            ),
            (":/usr/bin:", "/r/versions/3.12.1/bin::/usr/bin:"),
            ("", bin),
        ];
        for (before, after) in cases {
            let world = world().file("/r/version", "3.12").variable("PATH", before);
            let launch = launch(&world, "python").unwrap();
            assert_eq!(launch.program, b"/r/versions/3.12.1/bin/python");
            assert_eq!(launch.search_path.as_deref(), Some(after.as_bytes()), "{before:?}");
            assert_eq!(launch.chain, None);
        }
    }

    #[test]
    fn the_system_and_an_environment_leave_path_alone() {
        let system = launch(&world(), "ls").unwrap();
        assert_eq!(system.search_path, None);
        assert_eq!(system.chain.as_deref(), Some(b"4711:1".as_slice()));
        let active = world().program("/venv/bin/python", "").variable("VIRTUAL_ENV", "/venv/");
        let active = active.variable("_PYMAN_CHAIN", "4711:40");
        let environment = launch(&active, "python").unwrap();
        assert_eq!(environment.program, b"/venv/bin/python");
        assert_eq!((environment.search_path, environment.chain), (None, None));
        let pinned = world().file("/r/version", "3.12").variable("PATH", "/usr/bin");
        let beside = launch(&pinned, "ls").unwrap();
        assert_eq!(
            beside.search_path.as_deref(),
            Some(b"/r/versions/3.12.1/bin:/usr/bin".as_slice())
        );
        assert_eq!(beside.chain.as_deref(), Some(b"4711:1".as_slice()));
    }

    #[test]
    fn a_loop_ends_naming_both() {
        let world = world().variable("_PYMAN_CHAIN", "4711:40");
        let error = launch(&world, "ls").unwrap_err();
        assert_eq!(error.exit_code(), 127);
        assert_eq!(
            error.report(),
            "pyman: /r/shims/ls and /usr/bin/ls call each other\n\
             hint: take the directory of /usr/bin/ls out of PATH, \
             or put it behind the Python that is to run\n"
        );
    }

    fn next(value: &str) -> Option<Vec<u8>> {
        let world = Memory::new().as_process(4711).variable("_PYMAN_CHAIN", value);
        Resolver::new(&world, Home::new(b"/r")).next_in_chain()
    }

    #[test]
    fn the_counter_counts_under_one_process_id() {
        let cases = [
            ("", "4711:1"),
            ("4711:1", "4711:2"),
            ("4711:39", "4711:40"),
            ("4712:39", "4711:1"),
            ("471:9", "4711:1"),
            ("4711", "4711:1"),
            ("4711:", "4711:1"),
            ("4711:x", "4711:1"),
            ("4711:-1", "4711:1"),
            ("4711:9999999999", "4711:1"),
            ("garbage", "4711:1"),
        ];
        for (value, expected) in cases {
            assert_eq!(next(value), Some(expected.as_bytes().to_vec()), "{value:?}");
        }
        assert_eq!(next("4711:40"), None);
        assert_eq!(next("4711:999999999"), None);
    }
}
