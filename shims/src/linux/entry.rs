//! Where the kernel begins: the first instruction, what it leads to, and the end of a program that met a fault of its own;
//! with the two names by which the compiler's libraries, built for unwinding, would reach the next frame. Here nothing ever
//! unwinds.

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

/// x86-64: the first instruction.
#[cfg(target_arch = "x86_64")]
mod x86_64 {
    use core::arch::naked_asm;

    use crate::linux::entry::begin;

    /// The stack pointer becomes the argument of [`begin`].
    #[unsafe(naked)]
    #[unsafe(no_mangle)]
    unsafe extern "C" fn _start() -> ! {
        naked_asm!(
            "xor ebp, ebp",
            "mov rdi, rsp",
            "and rsp, -16",
            "call {begin}",
            "ud2",
            begin = sym begin,
        )
    }
}

/// aarch64: the first instruction.
#[cfg(target_arch = "aarch64")]
mod aarch64 {
    use core::arch::naked_asm;

    use crate::linux::entry::begin;

    /// The stack pointer becomes the argument of [`begin`].
    #[unsafe(naked)]
    #[unsafe(no_mangle)]
    unsafe extern "C" fn _start() -> ! {
        naked_asm!(
            "mov x29, xzr",
            "mov x30, xzr",
            "mov x0, sp",
            "b {begin}",
            begin = sym begin,
        )
    }
}
