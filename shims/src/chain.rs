//! The counter against loops between managers: `_PYMAN_CHAIN=pid:count`.
//!
//! Set only when what runs was found on PATH. It counts only under the same process id (an exec loop keeps it, a
//! child does not), so that honest nesting of any depth works, and never reaches an installed interpreter.

use alloc::format;
use alloc::vec::Vec;

use crate::resolver::Resolver;
use crate::version::number;

/// The variable.
pub const VARIABLE: &[u8] = b"_PYMAN_CHAIN";

/// More programs than this in one process, each handing over to the next, are a loop. Thirty still work.
const LONGEST: u32 = 40;

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
    use crate::home::Home;
    use crate::memory::Memory;

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
