//! Linux on aarch64: the system call, its numbers, the copying.

use core::arch::asm;

// `<asm-generic/unistd.h>`
pub(super) const GETCWD: usize = 17;
pub(super) const FACCESSAT: usize = 48;
pub(super) const OPENAT: usize = 56;
pub(super) const CLOSE: usize = 57;
pub(super) const GETDENTS64: usize = 61;
pub(super) const READ: usize = 63;
pub(super) const WRITE: usize = 64;
pub(super) const READLINKAT: usize = 78;
pub(super) const NEWFSTATAT: usize = 79;
pub(super) const EXIT_GROUP: usize = 94;
pub(super) const GETPID: usize = 172;
pub(super) const GETEUID: usize = 175;
pub(super) const EXECVE: usize = 221;
pub(super) const MMAP: usize = 222;

/// `<asm/fcntl.h>`
pub(super) const O_DIRECTORY: usize = 0o40_000;

/// `struct stat`, 128 bytes, as far as it is read (`<asm-generic/stat.h>`).
#[repr(C)]
#[derive(Default)]
pub(super) struct Stat {
    pub(super) device: u64,
    pub(super) number: u64,
    pub(super) mode: u32,
    links: u32,
    pub(super) user: u32,
    group: u32,
    kind: [u64; 2],
    pub(super) size: u64,
    rest: [u64; 9],
}

/// One system call, and the kernel's answer: negative is an error number.
///
/// # Safety
/// What this call does with these arguments must be sound.
pub(super) unsafe fn call(number: usize, arguments: [usize; 6]) -> isize {
    let [first, second, third, fourth, fifth, sixth] = arguments;
    let answer;
    // SAFETY: by this function's contract; the kernel keeps all registers but x0.
    unsafe {
        asm!(
            "svc 0",
            inlateout("x0") first => answer,
            in("x1") second, in("x2") third, in("x3") fourth, in("x4") fifth, in("x5") sixth, in("x8") number,
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
    for index in 0..count {
        // SAFETY: `index` is below `count`. Volatile, or the compiler would call `memcpy`, which
        // calls this function, instead of the loop.
        unsafe { to.add(index).write_volatile(from.add(index).read()) };
    }
}

/// Makes every byte `value`.
///
/// # Safety
/// `to` holds `count` bytes.
pub(super) unsafe fn fill(to: *mut u8, value: u8, count: usize) {
    for index in 0..count {
        // SAFETY: `index` is below `count`. Volatile for the reason given in `copy`.
        unsafe { to.add(index).write_volatile(value) };
    }
}
