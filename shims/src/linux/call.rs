//! The system calls, each as a safe function: what the kernel does with a wrong argument is an
//! error number, never undefined behaviour.

use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use core::ptr;

use super::machine;

/// An error number of the kernel's (`<asm-generic/errno.h>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Errno(pub(super) i32);

impl Errno {
    pub(super) const NO_SUCH_FILE: Self = Self(2);
    pub(super) const NO_DEVICE: Self = Self(6);
    pub(super) const NO_EXECUTABLE: Self = Self(8);
    pub(super) const NOT_ALLOWED: Self = Self(13);
    pub(super) const NO_DIRECTORY: Self = Self(20);
    pub(super) const NO_LINK: Self = Self(22);
    pub(super) const OUT_OF_RANGE: Self = Self(34);
    pub(super) const NO_READER: Self = Self(32);
    pub(super) const NAME_TOO_LONG: Self = Self(36);
    pub(super) const LOOP: Self = Self(40);
}

/// An open file; closed when dropped.
pub(super) struct File(usize);

/// The part of a file's status that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Status {
    /// Kind and permissions (`<linux/stat.h>`).
    pub(super) mode: u32,
    /// The owner.
    pub(super) user: u32,
    /// The file system and the number in it: the same for the same file only.
    pub(super) identity: (u64, u64),
    /// In bytes.
    pub(super) size: u64,
}

/// `AT_FDCWD`: relative paths begin at the working directory.
const HERE: usize = (-100_isize).cast_unsigned();
/// `O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC`: opening a FIFO or a terminal has no effect.
const READ_ONLY: usize = 0o4_000 | 0o400 | 0o2_000_000;
/// `EINTR`.
const INTERRUPTED: Errno = Errno(4);

impl File {
    /// Opens a file for reading; a FIFO without waiting.
    pub(super) fn open(path: &CStr) -> Result<Self, Errno> {
        Self::open_with(path, READ_ONLY)
    }

    /// Opens a directory for listing.
    pub(super) fn open_directory(path: &CStr) -> Result<Self, Errno> {
        Self::open_with(path, READ_ONLY | machine::O_DIRECTORY)
    }

    fn open_with(path: &CStr, flags: usize) -> Result<Self, Errno> {
        // SAFETY: the kernel only reads the NUL-terminated path.
        retry(|| unsafe { call(machine::OPENAT, [HERE, address(path), flags, 0, 0, 0]) }).map(Self)
    }

    /// Reads what comes next, at most `limit` bytes, to the end of `into`; 0 is the end.
    pub(super) fn read(&self, into: &mut Vec<u8>, limit: usize) -> Result<usize, Errno> {
        self.fill(machine::READ, into, limit)
    }

    /// Reads the next entries of a directory, `struct linux_dirent64` each; 0 is the end.
    pub(super) fn entries(&self, into: &mut Vec<u8>, limit: usize) -> Result<usize, Errno> {
        self.fill(machine::GETDENTS64, into, limit)
    }

    fn fill(&self, number: usize, into: &mut Vec<u8>, limit: usize) -> Result<usize, Errno> {
        into.reserve(limit);
        let room = into.spare_capacity_mut().as_mut_ptr().expose_provenance();
        // SAFETY: `limit` bytes were reserved there, and the kernel writes no more than that.
        let count = retry(|| unsafe { call(number, [self.0, room, limit, 0, 0, 0]) })?;
        // SAFETY: the kernel has written the first `count` of them.
        unsafe { into.set_len(into.len() + count) };
        Ok(count)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: the descriptor is ours. Linux has closed it whatever the answer says.
        let _closed = unsafe { call(machine::CLOSE, [self.0, 0, 0, 0, 0, 0]) };
    }
}

/// The status of what a path leads to, links followed.
pub(super) fn status(path: &CStr) -> Result<Status, Errno> {
    let mut raw = machine::Stat::default();
    let room = (&raw mut raw).expose_provenance();
    // SAFETY: the kernel reads the NUL-terminated path and writes one `struct stat`, 144 bytes on
    // x86-64 and 128 on aarch64, for which `Stat` has room.
    unsafe { call(machine::NEWFSTATAT, [HERE, address(path), room, 0, 0, 0]) }?;
    Ok(Status {
        mode: raw.mode,
        user: raw.user,
        identity: (raw.device, raw.number),
        size: raw.size,
    })
}

/// Whether this user may execute what a path leads to.
pub(super) fn may_execute(path: &CStr) -> bool {
    // SAFETY: the kernel only reads the NUL-terminated path. 1 is X_OK.
    unsafe { call(machine::FACCESSAT, [HERE, address(path), 1, 0, 0, 0]) }.is_ok()
}

/// Where a link points.
pub(super) fn link_target(path: &CStr) -> Result<Vec<u8>, Errno> {
    growing(|room, size| {
        // SAFETY: the kernel reads the NUL-terminated path and writes at most `size` bytes.
        let count = unsafe { call(machine::READLINKAT, [HERE, address(path), room, size, 0, 0]) }?;
        // What fills all the room may have been cut.
        if count < size { Ok(count) } else { Err(Errno::OUT_OF_RANGE) }
    })
}

/// The working directory; an error when it was deleted.
pub(super) fn working_directory() -> Result<Vec<u8>, Errno> {
    growing(|room, size| {
        // SAFETY: the kernel writes at most `size` bytes.
        let count = unsafe { call(machine::GETCWD, [room, size, 0, 0, 0, 0]) }?;
        // It counts the NUL at the end.
        Ok(count.saturating_sub(1))
    })
}

/// What the kernel writes into room whose address and size it is given, tried with more and more.
fn growing(mut write: impl FnMut(usize, usize) -> Result<usize, Errno>) -> Result<Vec<u8>, Errno> {
    let mut text = Vec::with_capacity(256);
    loop {
        let room = text.spare_capacity_mut().as_mut_ptr().expose_provenance();
        match write(room, text.capacity()) {
            Ok(count) => {
                // SAFETY: the kernel has written that many bytes there.
                unsafe { text.set_len(count) };
                return Ok(text);
            }
            Err(Errno::OUT_OF_RANGE) => text.reserve(text.capacity() * 2),
            Err(error) => return Err(error),
        }
    }
}

/// Writes all of it, and says whether it could; a reader that went away has all it wants.
pub(super) fn write(descriptor: usize, mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        let (from, size) = (bytes.as_ptr().expose_provenance(), bytes.len());
        // SAFETY: the kernel only reads `size` bytes.
        let written = retry(|| unsafe { call(machine::WRITE, [descriptor, from, size, 0, 0, 0]) });
        match written.map(|count| bytes.get(count..)) {
            Ok(Some(rest)) if rest.len() < size => bytes = rest,
            Err(Errno::NO_READER) => return true,
            Ok(_) | Err(_) => return false,
        }
    }
    true
}

/// Becomes another program. Returns only if that was not possible.
///
/// `arguments` and `variables` end with a null pointer.
pub(super) fn execute(
    program: &CStr,
    arguments: &[*const c_char],
    variables: &[*const c_char],
) -> Errno {
    let lists = [arguments, variables].map(|list| list.as_ptr().expose_provenance());
    let [arguments, variables] = lists;
    // SAFETY: the kernel only reads; a pointer it cannot follow is `EFAULT`.
    let answer =
        unsafe { call(machine::EXECVE, [address(program), arguments, variables, 0, 0, 0]) };
    answer.err().unwrap_or(Errno::NOT_ALLOWED)
}

/// The number of this process.
pub(super) fn process() -> u32 {
    // SAFETY: takes nothing and cannot go wrong.
    let answer = unsafe { call(machine::GETPID, [0; 6]) };
    answer.ok().and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
}

/// The user this process acts as.
pub(super) fn user() -> u32 {
    // SAFETY: takes nothing and cannot go wrong.
    let answer = unsafe { call(machine::GETEUID, [0; 6]) };
    answer.ok().and_then(|number| u32::try_from(number).ok()).unwrap_or(u32::MAX)
}

/// Fresh memory, zeroed.
pub(super) fn map(size: usize) -> Option<*mut u8> {
    // PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, no file.
    let arguments = [0, size, 1 | 2, 0x02 | 0x20, usize::MAX, 0];
    // SAFETY: the kernel chooses an address where nothing is.
    let address = unsafe { call(machine::MMAP, arguments) }.ok()?;
    Some(ptr::with_exposed_provenance_mut(address))
}

/// Ends the process.
pub(super) fn exit(status: u8) -> ! {
    loop {
        // SAFETY: takes a number; does not return.
        let _never = unsafe { call(machine::EXIT_GROUP, [usize::from(status), 0, 0, 0, 0, 0]) };
    }
}

fn address(text: &CStr) -> usize {
    text.as_ptr().expose_provenance()
}

fn retry(mut call: impl FnMut() -> Result<usize, Errno>) -> Result<usize, Errno> {
    loop {
        match call() {
            Err(INTERRUPTED) => {}
            answer => return answer,
        }
    }
}

/// One system call.
///
/// # Safety
/// What this call does with these arguments must be sound.
unsafe fn call(number: usize, arguments: [usize; 6]) -> Result<usize, Errno> {
    // SAFETY: by this function's contract.
    let answer = unsafe { machine::call(number, arguments) };
    usize::try_from(answer).map_err(|_| {
        let number = i32::try_from(answer.unsigned_abs());
        Errno(number.unwrap_or(i32::MAX))
    })
}
