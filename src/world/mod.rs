//! The machine as the manager sees it. The only file that reads variables and asks where we are.
#![expect(clippy::disallowed_methods, reason = "the one door to std::env")]

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use pyman_shim::{Fault, File, FileId, World};

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

pub use system::{
    as_created, create_private, executable, has_no_locks, open_regular, open_to_all, path,
    stranger, writable,
};

/// This process's surroundings.
#[derive(Debug, Clone, Copy, Default)]
pub struct Machine;

impl Machine {
    /// A variable; an empty one is an unset one.
    pub fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name).filter(|value| !value.is_empty())
    }

    /// A variable that must be text; what is not UTF-8 is replaced.
    pub fn text(&self, name: &str) -> Option<String> {
        self.variable(name).map(|value| value.to_string_lossy().into_owned())
    }

    /// Whether a variable is set to what people write for yes (anything but `0`, `no`, `false`, `off`).
    pub fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| !matches!(value.as_str(), "0" | "no" | "false" | "off"))
    }

    /// Whether the directory is a virtual environment: what `VIRTUAL_ENV` names while it is there.
    pub fn is_environment(&self, directory: &str) -> bool {
        Path::new(directory).join("bin").is_dir() || Path::new(directory).join("Scripts").is_dir()
    }

    /// Every variable, for handing a chosen set to a child.
    pub fn variables(&self) -> impl Iterator<Item = (OsString, OsString)> + use<> {
        std::env::vars_os()
    }

    /// The working directory; an error when it has been deleted.
    pub fn current_directory(&self) -> io::Result<PathBuf> {
        std::env::current_dir()
    }

    /// The running program's own file; where the system does not tell (no `/proc`), what its first argument leads to.
    pub fn executable(&self) -> io::Result<PathBuf> {
        std::env::current_exe().or_else(|error| self.called().ok_or(error))
    }

    /// The file that the first argument names, by its path or on PATH, links followed.
    fn called(self) -> Option<PathBuf> {
        let name = PathBuf::from(std::env::args_os().next()?);
        let by_path = name.components().nth(1).is_some() || name.is_absolute();
        let places = if by_path { vec![PathBuf::new()] } else { self.search_path() };
        let files = places.into_iter().map(|place| place.join(&name));
        files.filter(|file| executable(file)).find_map(|file| fs_err::canonicalize(file).ok())
    }

    /// The user's home, when it is known and absolute.
    pub fn home(&self) -> Option<PathBuf> {
        std::env::home_dir().filter(|home| home.is_absolute())
    }

    /// `TMPDIR`, else the system's place for temporary files.
    pub fn temporary_directory(&self) -> PathBuf {
        std::env::temp_dir()
    }

    /// The absolute directories of PATH, in order; empty and relative entries are skipped.
    pub fn search_path(&self) -> Vec<PathBuf> {
        self.variable("PATH").map_or_else(Vec::new, |path| {
            std::env::split_paths(&path).filter(|entry| entry.is_absolute()).collect()
        })
    }

    /// The entries of a list like PATH's, empty ones left out.
    pub fn paths(&self, list: &OsStr) -> Vec<PathBuf> {
        std::env::split_paths(list).filter(|entry| !entry.as_os_str().is_empty()).collect()
    }

    /// PATH as it is, with directories before and after its entries.
    pub fn path_between(&self, before: &[PathBuf], after: Option<&Path>) -> io::Result<OsString> {
        let path = self.variable("PATH").unwrap_or_default();
        let entries = std::env::split_paths(&path).filter(|_| !path.is_empty());
        let all = before.iter().cloned().chain(entries).chain(after.map(Path::to_path_buf));
        std::env::join_paths(all).map_err(io::Error::other)
    }

    /// `given` as an absolute path, counted from the working directory; nothing is resolved.
    pub fn absolute(&self, given: &Path) -> io::Result<PathBuf> {
        std::path::absolute(given)
    }
}

/// The resolver's view, over std.
impl World for Machine {
    fn read(&self, name: &[u8], limit: usize) -> Result<Option<Vec<u8>>, Fault> {
        let Some(file) = open_regular(&path(name)).map_err(fault)? else {
            return Ok(None);
        };
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let mut text = Vec::new();
        file.take(limit).read_to_end(&mut text).map_err(fault)?;
        Ok(Some(text))
    }

    fn list(&self, directory: &[u8]) -> Result<Vec<Vec<u8>>, Fault> {
        let entries = match fs_err::read_dir(&*path(directory)) {
            Ok(entries) => entries,
            Err(error) if system::leads_nowhere(&error) => return Ok(Vec::new()),
            Err(error) => return Err(fault(error)),
        };
        entries
            .map(|entry| Ok(entry?.file_name().into_encoded_bytes()))
            .collect::<io::Result<_>>()
            .map_err(fault)
    }

    fn raw_variable(&self, name: &[u8]) -> Option<Cow<'_, [u8]>> {
        let value = std::env::var_os(path(name).as_os_str())?;
        Some(Cow::Owned(value.into_encoded_bytes()))
    }

    fn executable(&self, file: &[u8]) -> Option<File> {
        let file = path(file);
        let metadata = executable(&file).then(|| fs_err::metadata(&*file))?;
        metadata.map_or(None, |metadata| {
            Some(File { id: system::identity(&metadata), size: metadata.len() })
        })
    }

    fn directory(&self, directory: &[u8]) -> Option<FileId> {
        let metadata = fs_err::metadata(&*path(directory));
        metadata.map_or(None, |found| found.is_dir().then(|| system::identity(&found)))
    }

    fn canonical(&self, name: &[u8]) -> Option<Vec<u8>> {
        let canonical = fs_err::canonicalize(&*path(name));
        canonical.map_or(None, |path| Some(path.into_os_string().into_encoded_bytes()))
    }

    fn working_directory(&self) -> Option<Vec<u8>> {
        let here = std::env::current_dir();
        here.map_or(None, |path| Some(path.into_os_string().into_encoded_bytes()))
    }

    fn process(&self) -> u32 {
        std::process::id()
    }

    fn owned(&self, name: &[u8]) -> bool {
        system::owned(&path(name))
    }
}

/// The file to put another in place of, where `file` is to be written: what a link leads to, so that the link stays. What
/// is there and no regular file is refused: a device that was replaced by a file is one no more.
pub fn replaceable(file: &Path) -> io::Result<PathBuf> {
    let target = match fs_err::canonicalize(file) {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(file.to_path_buf()),
        Err(error) => return Err(error),
    };
    if fs_err::metadata(&target)?.is_file() {
        return Ok(target);
    }
    let said = format!("`{}' is no regular file, and is left as it is", file.display());
    Err(io::Error::new(io::ErrorKind::InvalidInput, said))
}

/// The text of a file; none when there is no regular file. An error when it has more than `limit` bytes.
pub fn read_text(file: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let Some(opened) = system::open_regular(file)? else {
        return Ok(None);
    };
    let mut text = Vec::new();
    opened.take(limit.saturating_add(1)).read_to_end(&mut text)?;
    if text.len() as u64 > limit {
        let said = format!("`{}' has more than {limit} bytes", file.display());
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, said));
    }
    Ok(Some(text))
}

/// What a link leads to, as it says; none when there is no link, or no more.
pub fn link_target(link: &Path) -> io::Result<Option<PathBuf>> {
    match fs_err::read_link(link) {
        Ok(target) => Ok(Some(target)),
        Err(error) if absent(&error) || error.kind() == io::ErrorKind::InvalidInput => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the error says no more than that there is nothing there; links in a circle lead to nothing, too.
pub fn absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
        || number(error) == Some(system::ENDLESS)
}

/// The system's number, also of an error that was wrapped to name its path.
pub fn number(error: &io::Error) -> Option<i32> {
    let inner = error.get_ref().and_then(|wrapped| wrapped.source()?.downcast_ref::<io::Error>());
    inner.unwrap_or(error).raw_os_error()
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn fault(error: io::Error) -> Fault {
    Fault(number(&error).unwrap_or_default())
}

/// The bytes of a path, as the resolver takes them.
pub fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_a_link_leads_somewhere() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        fs_err::os::unix::fs::symlink("nowhere", &link).unwrap();
        fs_err::write(folder.path().join("file"), "").unwrap();
        assert_eq!(link_target(&link).unwrap(), Some(PathBuf::from("nowhere")));
        for none in ["file", "missing", "file/below", "."] {
            assert_eq!(link_target(&folder.path().join(none)).unwrap(), None, "{none}");
        }
    }
}
