//! The end of a program that met a fault of its own; and the two names by which the compiler's
//! libraries, built for unwinding, would reach the next frame. Here nothing ever unwinds.

use core::panic::PanicInfo;

use super::call;

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
