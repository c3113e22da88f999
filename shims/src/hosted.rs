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
    Fault(error.raw_os_error().unwrap_or_default())
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

    /// Runs the command and waits: the system cannot replace a process. Both stand in one console, so
    /// an interrupt reaches the command itself.
    #[expect(clippy::exit, reason = "a status has 32 bits here, and an ExitCode 8")]
    pub(super) fn replace(command: &mut Command) -> io::Result<u8> {
        let code = command.status()?.code().unwrap_or(1);
        std::process::exit(code)
    }
}
