//! Memory: an allocator that only ever grows (the process replaces itself within the millisecond),
//! and the six functions the compiler takes for granted.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::{Cell, UnsafeCell};
use core::ptr;

use super::{call, machine};

/// Enough for every ordinary run; pages of it that are never touched cost nothing.
const FIRST: usize = 256 * 1024;

/// What is asked of the kernel at least, when that was not enough.
const MORE: usize = 4 * 1024 * 1024;

#[global_allocator]
static BUMP: Bump = Bump {
    arena: UnsafeCell::new([0; FIRST]),
    next: Cell::new(ptr::null_mut()),
    left: Cell::new(0),
};

/// Hands out one piece after the other and takes back only the last.
struct Bump {
    arena: UnsafeCell<[u8; FIRST]>,
    next: Cell<*mut u8>,
    left: Cell<usize>,
}

// SAFETY: the program never starts a thread.
unsafe impl Sync for Bump {}

// SAFETY: every piece lies wholly in the arena or in a fresh mapping, begins aligned, and overlaps
// no other: `next` moves forward past it, and back only over the last piece, when that is freed.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.next.get().is_null() {
            self.next.set(self.arena.get().cast());
            self.left.set(FIRST);
        }
        self.cut(layout).unwrap_or_else(|| {
            let size = layout.size().saturating_add(layout.align()).max(MORE);
            let Some(fresh) = call::map(size) else {
                return ptr::null_mut();
            };
            self.next.set(fresh);
            self.left.set(size);
            self.cut(layout).unwrap_or(ptr::null_mut())
        })
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        if self.is_last(old, layout) {
            self.next.set(old);
            self.left.set(self.left.get() + layout.size());
        }
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let is_last = self.is_last(old, layout);
        let room = layout.size() + if is_last { self.left.get() } else { 0 };
        if size <= room {
            if is_last {
                self.next.set(old.wrapping_add(size));
                self.left.set(room - size);
            }
            return old;
        }
        // SAFETY: the caller's layout is valid, and so is its alignment for the new size.
        let fresh = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        if !fresh.is_null() {
            // SAFETY: both pieces hold at least the old size, and a fresh piece overlaps nothing.
            unsafe { ptr::copy_nonoverlapping(old, fresh, layout.size()) };
        }
        fresh
    }
}

impl Bump {
    /// Whether nothing was handed out after this piece.
    fn is_last(&self, piece: *mut u8, layout: Layout) -> bool {
        piece.wrapping_add(layout.size()) == self.next.get()
    }

    /// The next aligned piece, if what is left holds it.
    fn cut(&self, layout: Layout) -> Option<*mut u8> {
        let next = self.next.get();
        let skip = next.align_offset(layout.align());
        let left = self.left.get().checked_sub(skip)?.checked_sub(layout.size())?;
        let piece = next.wrapping_add(skip);
        self.next.set(piece.wrapping_add(layout.size()));
        self.left.set(left);
        Some(piece)
    }
}

/// # Safety
/// As in C: `to` and `from` hold `count` bytes and do not overlap.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
    // SAFETY: by this function's contract.
    unsafe { machine::copy(to, from, count) };
    to
}

/// # Safety
/// As in C: `to` and `from` hold `count` bytes; they may overlap.
#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
    if to.addr().wrapping_sub(from.addr()) >= count {
        // SAFETY: by this function's contract; the target does not begin within the source, so
        // copying forward overwrites only what was already copied.
        unsafe { machine::copy(to, from, count) };
    } else {
        for index in (0..count).rev() {
            // SAFETY: `index` is below `count`. Volatile, or the compiler would call this
            // very function instead of the loop.
            unsafe { to.add(index).write_volatile(from.add(index).read()) };
        }
    }
    to
}

/// # Safety
/// As in C: `to` holds `count` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, value: i32, count: usize) -> *mut u8 {
    let [byte, ..] = value.to_le_bytes();
    // SAFETY: by this function's contract.
    unsafe { machine::fill(to, byte, count) };
    to
}

/// # Safety
/// As in C: both hold `count` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, count: usize) -> i32 {
    for index in 0..count {
        // SAFETY: `index` is below `count`.
        let (left, right) = unsafe { (*left.add(index), *right.add(index)) };
        if left != right {
            return i32::from(left) - i32::from(right);
        }
    }
    0
}

/// # Safety
/// As [`memcmp`].
#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(left: *const u8, right: *const u8, count: usize) -> i32 {
    // SAFETY: by this function's contract.
    unsafe { memcmp(left, right, count) }
}

/// # Safety
/// As in C: `text` ends with a NUL.
#[unsafe(no_mangle)]
unsafe extern "C" fn strlen(text: *const u8) -> usize {
    let mut length = 0;
    // SAFETY: up to and with the NUL the bytes are there. Volatile for the reason in `memmove`.
    while unsafe { text.add(length).read_volatile() } != 0 {
        length += 1;
    }
    length
}
