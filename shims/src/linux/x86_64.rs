//! Linux on x86-64: the system call, its numbers, the copying.

use core::arch::asm;

// `<asm/unistd_64.h>`
pub(super) const READ: usize = 0;
pub(super) const WRITE: usize = 1;
pub(super) const CLOSE: usize = 3;
pub(super) const MMAP: usize = 9;
pub(super) const GETPID: usize = 39;
pub(super) const EXECVE: usize = 59;
pub(super) const GETCWD: usize = 79;
pub(super) const GETEUID: usize = 107;
pub(super) const GETDENTS64: usize = 217;
pub(super) const EXIT_GROUP: usize = 231;
pub(super) const OPENAT: usize = 257;
pub(super) const NEWFSTATAT: usize = 262;
pub(super) const READLINKAT: usize = 267;
pub(super) const FACCESSAT: usize = 269;

/// `<asm-generic/fcntl.h>`
pub(super) const O_DIRECTORY: usize = 0o200_000;

/// `struct stat`, 144 bytes, as far as it is read (`<asm/stat.h>`).
#[repr(C)]
#[derive(Default)]
pub(super) struct Stat {
    pub(super) device: u64,
    pub(super) number: u64,
    links: u64,
    pub(super) mode: u32,
    pub(super) user: u32,
    group: u64,
    kind: u64,
    pub(super) size: u64,
    rest: [u64; 11],
}

/// One system call, and the kernel's answer: negative is an error number.
///
/// # Safety
/// What this call does with these arguments must be sound.
pub(super) unsafe fn call(number: usize, arguments: [usize; 6]) -> isize {
    let [first, second, third, fourth, fifth, sixth] = arguments;
    let answer;
    // SAFETY: by this function's contract; the kernel keeps all registers but rax, rcx and r11.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number => answer,
            in("rdi") first, in("rsi") second, in("rdx") third, in("r10") fourth, in("r8") fifth, in("r9") sixth,
            lateout("rcx") _, lateout("r11") _,
            options(nostack),
        );
    }
    answer
}

/// Copies from the first byte to the last.
///
/// # Safety
/// Both hold `count` bytes, and `to` does not begin within `from`, but at its first byte.
pub(super) unsafe fn copy(to: *mut u8, from: *const u8, count: usize) {
    // SAFETY: by this function's contract; the direction flag is clear at every call (ABI).
    unsafe {
        asm!(
            "rep movsb",
            inout("rcx") count => _, inout("rdi") to => _, inout("rsi") from => _,
            options(nostack, preserves_flags),
        );
    }
}

/// Makes every byte `value`.
///
/// # Safety
/// `to` holds `count` bytes.
pub(super) unsafe fn fill(to: *mut u8, value: u8, count: usize) {
    // SAFETY: by this function's contract; the direction flag is clear at every call (ABI).
    unsafe {
        asm!(
            "rep stosb",
            inout("rcx") count => _, inout("rdi") to => _, in("al") value,
            options(nostack, preserves_flags),
        );
    }
}
