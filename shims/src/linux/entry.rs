//! What the first instruction leads to.

use super::call;
use super::start::Start;

/// Where the first instruction leads.
pub(super) extern "C" fn begin(stack: *const usize) -> ! {
    // SAFETY: `_start` calls this, and only it, with the stack pointer as it found it; what the
    // program pushes lies below.
    let start = unsafe { Start::new(stack) };
    call::exit(super::main(start))
}
