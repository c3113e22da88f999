//! The machine as the resolver sees it, over bare system calls.

use alloc::borrow::Cow;
use alloc::ffi::CString;
use alloc::vec::Vec;
use core::cell::OnceCell;
use core::ffi::{CStr, c_char};

use pyman_shim::{Fault, File, FileId, World, path};

use super::call::{self, Errno, Status};
use super::start::{Start, value};

/// Kind of file, of its mode (`<linux/stat.h>`).
const KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;

/// Permission to execute for owner, group and others.
const ANYBODY: u32 = 0o111;

/// Links followed before a path counts as endless, as in the kernel.
const LINKS: usize = 40;

/// Bytes of a directory's listing asked for at once.
const LISTING: usize = 8 * 1024;

/// Where the name stands in a `struct linux_dirent64`, and before it the size of the entry.
const ENTRY_SIZE: usize = 16;
const ENTRY_NAME: usize = 19;

/// This process and the kernel below it.
pub(super) struct Linux {
    start: Start,
    standing: OnceCell<bool>,
}

impl Linux {
    pub(super) const fn new(start: Start) -> Self {
        Self { start, standing: OnceCell::new() }
    }

    /// The variables, as the kernel keeps them.
    pub(super) fn variables(&self) -> &'static [*const c_char] {
        self.start.variables()
    }

    /// The arguments, as the kernel keeps them.
    pub(super) fn given(&self) -> &'static [*const c_char] {
        self.start.arguments()
    }

    /// The file this program was started from, links followed as far as its root is concerned.
    pub(super) fn executable_file(&self) -> Option<Vec<u8>> {
        let started_as = self.start.started_as();
        if let Some(path) = started_as.filter(|_| self.stands_in_its_root()) {
            return Some(path.to_vec());
        }
        call::link_target(SELF).ok().or_else(|| self.canonical(started_as?))
    }

    /// The path the kernel was given, where it leads to this very program. A descriptor's number is no name.
    pub(super) fn started_path(&self) -> Option<&'static [u8]> {
        let path = self.start.started_as()?;
        if self.stands_in_its_root() {
            return Some(path);
        }
        let ours = call::status(SELF).ok()?.identity;
        let is_number = path.starts_with(b"/dev/fd/") || path.starts_with(b"/proc/");
        (!is_number && identity(path) == Some(ours)).then_some(path)
    }

    /// Whether the path the kernel was given says as much as `/proc` would; asked once.
    fn stands_in_its_root(&self) -> bool {
        *self.standing.get_or_init(|| self.start.started_as().is_some_and(stands_in_its_root))
    }
}

/// This program's own file, as the kernel knows it.
const SELF: &CStr = c"/proc/self/exe";

fn identity(path: &[u8]) -> Option<(u64, u64)> {
    Some(call::status(&terminated(path).ok()?).ok()?.identity)
}

/// Whether the path the kernel was given says as much as `/proc` would, which costs 0.011 ms
/// (2026-11-20: what is in there for a new process is made when first looked at): a shim whose
/// root has this very file as its program.
fn stands_in_its_root(path: &[u8]) -> bool {
    let normal = |part: &[u8]| !matches!(part, b"" | b"." | b"..");
    let Some(parts) = path.strip_prefix(b"/") else {
        return false;
    };
    let Some(shims) = path::parent(path).filter(|shims| path::name(shims) == b"shims") else {
        return false;
    };
    let program = path::parent(shims).map(|root| path::join(root, b"bin/pyman-shim"));
    parts.split(|byte| *byte == b'/').all(normal)
        && program.is_some_and(|program| {
            identity(&program).is_some_and(|program| identity(path) == Some(program))
        })
}

impl World for Linux {
    fn read(&self, path: &[u8], limit: usize) -> Result<Option<Vec<u8>>, Fault> {
        // Whoever writes to a FIFO must not see it opened and closed again: it is looked at first.
        let opened = terminated(path).and_then(|path| {
            let is_regular = call::status(&path)?.mode & KIND == REGULAR;
            is_regular.then(|| call::File::open(&path)).transpose()
        });
        let Some(file) = found(opened)?.flatten() else {
            return Ok(None);
        };
        let mut contents = Vec::new();
        while contents.len() < limit {
            // A version file is a few bytes long.
            let room = (limit - contents.len()).min(256.max(contents.len()));
            if file.read(&mut contents, room).map_err(fault)? < room {
                break;
            }
        }
        Ok(Some(contents))
    }

    fn list(&self, directory: &[u8]) -> Result<Vec<Vec<u8>>, Fault> {
        let opened = terminated(directory).and_then(|path| call::File::open_directory(&path));
        let Some(opened) = found(opened)? else {
            return Ok(Vec::new());
        };
        let mut names = Vec::new();
        let mut entries = Vec::new();
        while opened.entries(&mut entries, LISTING).map_err(fault)? != 0 {
            names.extend(listed(&entries).map(<[u8]>::to_vec));
            entries.clear();
        }
        Ok(names)
    }

    fn raw_variable(&self, name: &[u8]) -> Option<Cow<'_, [u8]>> {
        // SAFETY: the kernel's own strings.
        let value = self.variables().iter().find_map(|&variable| unsafe { value(variable, name) });
        value.map(Cow::Borrowed)
    }

    fn executable(&self, path: &[u8]) -> Option<File> {
        let path = terminated(path).ok()?;
        let status = call::status(&path).ok()?;
        // The usual case costs no second question: everybody may.
        let permitted = || status.mode & ANYBODY == ANYBODY || call::may_execute(&path);
        let runs = status.mode & KIND == REGULAR && permitted();
        runs.then(|| File { id: status.id(), size: status.size })
    }

    fn directory(&self, path: &[u8]) -> Option<FileId> {
        let status = call::status(&terminated(path).ok()?).ok()?;
        (status.mode & KIND == DIRECTORY).then(|| status.id())
    }

    fn canonical(&self, path: &[u8]) -> Option<Vec<u8>> {
        resolved(path, || self.working_directory())
    }

    fn working_directory(&self) -> Option<Vec<u8>> {
        // "(unreachable)/…" is what the kernel says of a directory outside this process's root.
        call::working_directory().ok().filter(|path| path.starts_with(b"/"))
    }

    fn process(&self) -> u32 {
        call::process()
    }

    fn owned(&self, path: &[u8]) -> bool {
        let status = terminated(path).and_then(|path| call::status(&path));
        status.is_ok_and(|status| status.user == call::user())
    }
}

impl Status {
    const fn id(&self) -> FileId {
        let (device, inode) = self.identity;
        FileId { device, inode }
    }
}

/// The names in a listing but `.` and `..`.
fn listed(mut entries: &[u8]) -> impl Iterator<Item = &[u8]> {
    core::iter::from_fn(move || {
        loop {
            let size: [u8; 2] = entries.get(ENTRY_SIZE..)?.first_chunk().copied()?;
            let (entry, rest) = entries.split_at_checked(u16::from_ne_bytes(size).into())?;
            entries = rest;
            let name = entry.get(ENTRY_NAME..)?.split(|byte| *byte == 0).next()?;
            if name != b"." && name != b".." {
                return Some(name);
            }
        }
    })
}

/// A path with every link resolved, one component after the other.
fn resolved(path: &[u8], here: impl Fn() -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    let mut done = if path.starts_with(b"/") { Vec::new() } else { here()? };
    let mut left: Vec<Vec<u8>> = components(path);
    let mut links = 0;
    while let Some(name) = left.pop() {
        if name == b".." {
            let parent = done.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
            done.truncate(parent);
            continue;
        }
        let parent = done.len();
        done.push(b'/');
        done.extend_from_slice(&name);
        match call::link_target(&terminated(&done).ok()?) {
            Ok(target) => {
                links += 1;
                done.truncate(if target.starts_with(b"/") { 0 } else { parent });
                left.extend(components(&target));
            }
            Err(Errno::NO_LINK) if links < LINKS => {}
            Err(_) => return None,
        }
    }
    if done.is_empty() {
        done.push(b'/');
    }
    Some(done)
}

/// The components of a path but empty ones and `.`, the last one first.
fn components(path: &[u8]) -> Vec<Vec<u8>> {
    let components = path.split(|byte| *byte == b'/');
    components.filter(|name| !matches!(*name, b"" | b".")).rev().map(<[u8]>::to_vec).collect()
}

/// The path as the kernel takes it; one with a NUL in it leads nowhere.
pub(super) fn terminated(path: &[u8]) -> Result<CString, Errno> {
    CString::new(path).map_err(|_| Errno::NO_SUCH_FILE)
}

/// What is not there is an answer.
fn found<T>(answer: Result<T, Errno>) -> Result<Option<T>, Fault> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(
            Errno::NO_SUCH_FILE
            | Errno::NO_DEVICE
            | Errno::NO_DIRECTORY
            | Errno::NAME_TOO_LONG
            | Errno::LOOP,
        ) => Ok(None),
        Err(error) => Err(fault(error)),
    }
}

const fn fault(error: Errno) -> Fault {
    Fault(error.0)
}
