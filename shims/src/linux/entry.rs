//! What the first instruction leads to, and the end of a program that met a fault of its own; with the two names by which
//! the compiler's libraries, built for unwinding, would reach the next frame. Here nothing ever unwinds.

use core::panic::PanicInfo;

use super::call;
use super::start::Start;

/// Where the first instruction leads.
pub(super) extern "C" fn begin(stack: *const usize) -> ! {
    // SAFETY: `_start` calls this, and only it, with the stack pointer as it found it; what the
    // program pushes lies below.
    let start = unsafe { Start::new(stack) };
    call::exit(super::main(start))
}

/// Found, but could not be run.
const STATUS: u8 = 126;

#[panic_handler]
fn panicked(_: &PanicInfo<'_>) -> ! {
    call::write(2, b"pyman: the shim met a fault of its own\n");
    call::exit(STATUS)
}

#[unsafe(no_mangle)]
extern "C" fn _Unwind_Resume() -> ! {
    call::exit(STATUS)
}

#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() -> ! {
    call::exit(STATUS)
}
