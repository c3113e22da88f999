//! Where the kernel hands over: from a bare stack to arguments, variables and the auxiliary vector.
//!
//! Layout: System V ABI, "Process Initialization": argc, the arguments, a null, the variables, a
//! null, pairs of auxiliary values. Nothing is copied: the slices are the kernel's own.

use core::ffi::{CStr, c_char};
use core::{iter, ptr, slice};

/// The key of the path the program was started by (`AT_EXECFN`, `<linux/auxvec.h>`).
const STARTED_AS: usize = 31;

/// What a process is given at its start.
#[derive(Clone, Copy)]
pub(super) struct Start {
    stack: *const usize,
}

impl Start {
    /// # Safety
    /// `stack` is the stack pointer at the very start of the process, and nothing wrote there since.
    pub(super) const unsafe fn new(stack: *const usize) -> Self {
        Self { stack }
    }

    /// The arguments, `argv[0]` first; empty when the caller passed none at all.
    pub(super) fn arguments(&self) -> &'static [*const c_char] {
        // SAFETY: by `new`, the count stands at `stack` and as many pointers follow it; the
        // initial stack is never unmapped or written.
        unsafe { slice::from_raw_parts(self.stack.add(1).cast(), *self.stack) }
    }

    /// The variables, `NAME=value`.
    pub(super) fn variables(&self) -> &'static [*const c_char] {
        let first = self.first_variable();
        let count = iter::successors(Some(0_usize), |&index| Some(index + 1))
            // SAFETY: the variables end with a null pointer, where `find` stops.
            .find(|&index| unsafe { (*first.add(index)).is_null() });
        // SAFETY: as many pointers were just seen.
        unsafe { slice::from_raw_parts(first, count.unwrap_or(0)) }
    }

    /// The path the kernel was given, as it was given.
    pub(super) fn started_as(&self) -> Option<&'static [u8]> {
        // SAFETY: the auxiliary vector begins one pointer after the last variable.
        let pairs: *const [usize; 2] =
            unsafe { self.first_variable().add(self.variables().len() + 1) }.cast();
        // SAFETY: the vector ends with a pair whose key is 0, after which `successors` stops.
        let pair = |index| unsafe { *pairs.add(index) };
        iter::successors(Some(0), |&index| {
            ({
                let [key, _] = pair(index);
                key != 0
            })
            .then_some(index + 1)
        })
        .map(pair)
        .find(|[key, _]| *key == STARTED_AS)
        // SAFETY: the value of this key is the address of a string that lives for ever.
        .map(|[_, value]| unsafe { bytes(ptr::with_exposed_provenance(value)) })
    }

    fn first_variable(&self) -> *const *const c_char {
        // SAFETY: one null pointer stands between the arguments and the variables.
        unsafe { self.stack.add(self.arguments().len() + 2).cast() }
    }
}

/// The bytes of a string of the kernel's, without its NUL.
///
/// # Safety
/// `text` points to a NUL-terminated string that is never freed.
pub(super) unsafe fn bytes(text: *const c_char) -> &'static [u8] {
    // SAFETY: by this function's contract.
    unsafe { CStr::from_ptr(text) }.to_bytes()
}

/// What follows `name=` in a variable of the kernel's; none when its name is another.
///
/// # Safety
/// `variable` points to a NUL-terminated string that is never freed.
pub(super) unsafe fn value(variable: *const c_char, name: &[u8]) -> Option<&'static [u8]> {
    let mut rest: *const u8 = variable.cast();
    for expected in name.iter().chain(b"=") {
        // SAFETY: all bytes before this one were as expected, so none of them was the NUL. (A name
        // with a NUL in it differs from every variable's there.)
        if unsafe { *rest } != *expected || *expected == 0 {
            return None;
        }
        rest = rest.wrapping_add(1);
    }
    // SAFETY: the NUL is still to come.
    Some(unsafe { bytes(rest.cast()) })
}
