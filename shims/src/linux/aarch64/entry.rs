//! Linux on aarch64: the first instruction.

use core::arch::naked_asm;

use crate::linux::entry::begin;

/// Where the kernel begins: the stack pointer becomes the argument of [`begin`].
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
