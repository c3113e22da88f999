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
