//! Linux on x86-64: the first instruction.

use core::arch::naked_asm;

use crate::linux::entry::begin;

/// Where the kernel begins: the stack pointer becomes the argument of [`begin`].
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
