//! The machine and this process where the standard library stands between us and the system.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{self, Read as _, Write as _};
use std::process::{Command, ExitCode};
use std::{env, fs};

use pyman_shim::{Fault, File, FileId, World};

use crate::process::{Image, Process};

/// This process, its arguments and variables as it was given them.
struct Hosted {
    arguments: Vec<Vec<u8>>,
    variables: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// Where the standard library begins.
pub(crate) fn start() -> ExitCode {
    let bytes = |text: &OsStr| text.as_encoded_bytes().to_vec();
    let process = Hosted {
        arguments: env::args_os().map(|argument| bytes(&argument)).collect(),
        variables: env::vars_os()
            .map(|(name, value)| (system::variable_name(bytes(&name)), bytes(&value)))
            .collect(),
    };
    ExitCode::from(crate::run(&process))
}

impl Process for Hosted {
    fn arguments(&self) -> Vec<&[u8]> {
        self.arguments.iter().map(Vec::as_slice).collect()
    }

    fn started_as(&self) -> Option<Vec<u8>> {
        let path = env::current_exe().ok()?;
        Some(system::plain(path.as_os_str().as_encoded_bytes()).to_vec())
    }

    fn program(&self) -> Option<Vec<u8>> {
        let program = env::current_exe().and_then(fs::canonicalize).ok()?;
        Some(system::plain(program.as_os_str().as_encoded_bytes()).to_vec())
    }

    fn print(&self, text: &[u8]) -> bool {
        let mut stdout = io::stdout();
        match stdout.write_all(text).and_then(|()| stdout.flush()) {
            Ok(()) => true,
            Err(error) => error.kind() == io::ErrorKind::BrokenPipe,
        }
    }

    fn say(&self, text: &[u8]) {
        io::stderr().write_all(text).unwrap_or_default();
    }

    fn replace(&self, image: &Image) -> Result<u8, Fault> {
        let given = self.arguments.iter().skip(image.skipped);
        let mut command = Command::new(system::path(&image.program));
        command.args(image.leading.iter().chain(given).map(|argument| system::path(argument)));
        for (name, value) in &image.variables {
            match value {
                Some(value) => command.env(system::path(name), system::path(value)),
                None => command.env_remove(system::path(name)),
            };
        }
        system::replace(&mut command).map_err(|error| fault(&error))
    }
}

impl World for Hosted {
    fn read(&self, path: &[u8], limit: usize) -> Result<Option<Vec<u8>>, Fault> {
        let path = system::path(path);
        // Opening a FIFO would wait for its writer.
        if !found(fs::metadata(&path))?.is_some_and(|metadata| metadata.is_file()) {
            return Ok(None);
        }
        let Some(file) = found(fs::File::open(&path))? else {
            return Ok(None);
        };
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let mut contents = Vec::new();
        file.take(limit).read_to_end(&mut contents).map_err(|error| fault(&error))?;
        Ok(Some(contents))
    }

    fn list(&self, directory: &[u8]) -> Result<Vec<Vec<u8>>, Fault> {
        let Some(entries) = found(fs::read_dir(system::path(directory)))? else {
            return Ok(Vec::new());
        };
        entries
            .map(|entry| Ok(entry?.file_name().as_encoded_bytes().to_vec()))
            .collect::<io::Result<_>>()
            .map_err(|error| fault(&error))
    }

    fn raw_variable(&self, name: &[u8]) -> Option<Cow<'_, [u8]>> {
        self.variables
            .get(&system::variable_name(name.to_vec()))
            .map(|value| Cow::Borrowed(value.as_slice()))
    }

    fn executable(&self, path: &[u8]) -> Option<File> {
        let path = system::path(path);
        let metadata = fs::metadata(&path).ok()?;
        let id = system::id(&path, &metadata)?;
        system::runs(&path, &metadata).then_some(File { id, size: metadata.len() })
    }

    fn directory(&self, path: &[u8]) -> Option<FileId> {
        let path = system::path(path);
        let metadata = fs::metadata(&path).ok()?;
        if metadata.is_dir() { system::id(&path, &metadata) } else { None }
    }

    fn canonical(&self, path: &[u8]) -> Option<Vec<u8>> {
        let path = fs::canonicalize(system::path(path)).ok()?;
        Some(system::plain(path.as_os_str().as_encoded_bytes()).to_vec())
    }

    fn working_directory(&self) -> Option<Vec<u8>> {
        Some(env::current_dir().ok()?.as_os_str().as_encoded_bytes().to_vec())
    }

    fn process(&self) -> u32 {
        std::process::id()
    }

    fn owned(&self, path: &[u8]) -> bool {
        system::owned(&system::path(path))
    }
}

/// What is not there is an answer.
fn found<T>(answer: io::Result<T>) -> Result<Option<T>, Fault> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::InvalidFilename
            | io::ErrorKind::InvalidInput => Ok(None),
            _ => Err(fault(&error)),
        },
    }
}

fn fault(error: &io::Error) -> Fault {
    /// What Windows calls a bad argument: what the standard library refuses to hand to a batch file is one.
    const BAD_ARGUMENTS: i32 = 160;
    match (error.raw_os_error(), error.kind()) {
        (Some(number), _) => Fault(number),
        (None, io::ErrorKind::InvalidInput) => Fault(BAD_ARGUMENTS),
        (None, _) => Fault(0),
    }
}

/// What the standard library leaves to Unix: macOS, the BSDs, Linux on other processors.
#[cfg(unix)]
mod system {
    use std::ffi::OsStr;
    use std::fs::{self, Metadata};
    use std::io;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use pyman_shim::FileId;

    /// Bytes are a path, whatever they are.
    pub(super) fn path(bytes: &[u8]) -> PathBuf {
        PathBuf::from(OsStr::from_bytes(bytes))
    }

    /// A resolved path as people write it.
    pub(super) const fn plain(path: &[u8]) -> &[u8] {
        path
    }

    /// How a variable's name is compared.
    pub(super) const fn variable_name(name: Vec<u8>) -> Vec<u8> {
        name
    }

    /// Which file this is.
    #[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
    pub(super) fn id(_: &Path, metadata: &Metadata) -> Option<FileId> {
        Some(FileId { device: metadata.dev(), inode: metadata.ino() })
    }

    /// Whether it could be run.
    pub(super) fn runs(_: &Path, metadata: &Metadata) -> bool {
        metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
    }

    /// Whether it is this user's: as far as the standard library can tell, the owner of the home.
    pub(super) fn owned(path: &Path) -> bool {
        let owner = |path: &Path| fs::metadata(path).map(|metadata| metadata.uid());
        let home = std::env::var_os("HOME").map(PathBuf::from);
        home.is_some_and(|home| matches!((owner(path), owner(&home)), (Ok(a), Ok(b)) if a == b))
    }

    /// Becomes the command. Returns only if that was not possible.
    pub(super) fn replace(command: &mut Command) -> io::Result<u8> {
        Err(command.exec())
    }
}

/// What the standard library leaves to Windows.
#[cfg(windows)]
mod system {
    use std::ffi::{OsStr, OsString};
    use std::fs::{self, Metadata};
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    use std::io;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use pyman_shim::FileId;

    /// The extensions of what can be run without an interpreter of its own.
    const RUNS: [&str; 3] = ["exe", "bat", "cmd"];

    /// Paths come from the system or are put together of what did, so they are text but for lone
    /// surrogates, of which nothing of ours has a name.
    pub(super) fn path(bytes: &[u8]) -> PathBuf {
        PathBuf::from(OsString::from(String::from_utf8_lossy(bytes).into_owned()))
    }

    /// A resolved path as people write it.
    pub(super) fn plain(path: &[u8]) -> &[u8] {
        path.strip_prefix(br"\\?\").filter(|rest| !rest.starts_with(b"UNC")).unwrap_or(path)
    }

    /// How a variable's name is compared: in any case.
    pub(super) fn variable_name(mut name: Vec<u8>) -> Vec<u8> {
        name.make_ascii_uppercase();
        name
    }

    /// Which file this is: its resolved path, since the standard library tells no number.
    pub(super) fn id(path: &Path, _: &Metadata) -> Option<FileId> {
        let mut hasher = DefaultHasher::new();
        fs::canonicalize(path).ok()?.hash(&mut hasher);
        Some(FileId { device: 0, inode: hasher.finish() })
    }

    /// Whether it could be run.
    pub(super) fn runs(path: &Path, metadata: &Metadata) -> bool {
        let extension = path.extension().map(OsStr::to_ascii_lowercase);
        metadata.is_file()
            && extension.is_some_and(|extension| RUNS.iter().any(|runs| extension == *runs))
    }

    /// Whether it is this user's: what can be written to below the profile.
    pub(super) fn owned(path: &Path) -> bool {
        let profile = std::env::var_os("USERPROFILE").map(PathBuf::from);
        profile.is_some_and(|profile| path.starts_with(profile))
    }

    /// Runs the command and waits: the system cannot replace a process. It ends with us, however we end; an interrupt, which
    /// the console sends to us both, is its own affair.
    #[expect(clippy::exit, reason = "a status has 32 bits here, and an ExitCode 8")]
    pub(super) fn replace(command: &mut Command) -> io::Result<u8> {
        call::outlive_interrupts();
        let mut child = command.spawn()?;
        let job = call::end_with_us(&child);
        let code = child.wait()?.code().unwrap_or(1);
        drop(job);
        std::process::exit(code)
    }

    /// The calls of Windows' that the standard library has no words for.
    #[expect(unsafe_code, reason = "the shim takes no guests, whose words these would be")]
    mod call {
        use std::ffi::c_void;
        use std::mem::size_of;
        use std::os::windows::io::{AsRawHandle as _, FromRawHandle as _, OwnedHandle, RawHandle};
        use std::process::Child;
        use std::ptr;

        /// `JOBOBJECT_EXTENDED_LIMIT_INFORMATION`.
        #[repr(C)]
        #[derive(Default)]
        struct Limits {
            times: [i64; 2],
            flags: u32,
            working_set: [usize; 2],
            processes: u32,
            affinity: usize,
            priority: u32,
            scheduling: u32,
            io: [u64; 6],
            memory: [usize; 4],
        }

        /// That of `Limits`.
        const CLASS: i32 = 9;

        /// `KILL_ON_JOB_CLOSE`, and `SILENT_BREAKAWAY_OK`: what the child starts lives as long as it likes, as under py.exe.
        const FLAGS: u32 = 0x2000 | 0x1000;

        #[link(name = "kernel32")]
        unsafe extern "system" {
            fn CreateJobObjectW(attributes: *const c_void, name: *const u16) -> RawHandle;
            fn SetInformationJobObject(
                job: RawHandle,
                class: i32,
                information: *const Limits,
                length: u32,
            ) -> i32;
            fn AssignProcessToJobObject(job: RawHandle, process: RawHandle) -> i32;
            fn SetConsoleCtrlHandler(handler: extern "system" fn(u32) -> i32, add: i32) -> i32;
        }

        /// Handled: nothing comes of it.
        extern "system" fn handled(_: u32) -> i32 {
            1
        }

        /// Nothing that the console sends ends this process; a child asks for itself.
        pub(super) fn outlive_interrupts() {
            // SAFETY: the handler is a function that touches nothing. Without a console there is none to set.
            unsafe { SetConsoleCtrlHandler(handled, 1) };
        }

        /// The job that ends a child when its last handle goes: ours, which the system closes if nobody else does. None where
        /// the system makes none, or has the child in a job that takes no other: then it is only waited for.
        pub(super) fn end_with_us(child: &Child) -> Option<OwnedHandle> {
            let length = u32::try_from(size_of::<Limits>()).unwrap_or_default();
            let limits = Limits { flags: FLAGS, ..Limits::default() };
            // SAFETY: no attributes and no name are asked for; the result is checked, and owned by nobody else.
            let job = unsafe {
                let job = CreateJobObjectW(ptr::null(), ptr::null());
                (!job.is_null()).then(|| OwnedHandle::from_raw_handle(job))
            }?;
            // SAFETY: both handles are open as long as the calls take, and the limits are as long as is said.
            let is_done = unsafe {
                SetInformationJobObject(job.as_raw_handle(), CLASS, &raw const limits, length) != 0
                    && AssignProcessToJobObject(job.as_raw_handle(), child.as_raw_handle()) != 0
            };
            is_done.then_some(job)
        }
    }
}
