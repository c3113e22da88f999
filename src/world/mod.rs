//! The machine as the manager sees it. The only file that reads variables and asks where we are.
#![expect(clippy::disallowed_methods, reason = "the one door to std::env")]

pub(crate) mod parallel;

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use pyman_shim::{Fault, File, FileId, World, environment};

use crate::disk;

#[cfg(unix)]
use as_bytes::everybodys_settings;
#[cfg(unix)]
pub(crate) use as_bytes::path;
#[cfg(windows)]
use as_utf16::everybodys_settings;
#[cfg(windows)]
pub(crate) use as_utf16::path;

/// This process's surroundings.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Machine;

#[expect(
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_self,
    reason = "who is not handed the machine cannot look at it; so no method is without it, and it may hold more one day"
)]
impl Machine {
    /// A variable; an empty one is an unset one.
    pub(crate) fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name).filter(|value| !value.is_empty())
    }

    /// Every variable that is set, by name; what is not UTF-8 is replaced.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let text = |text: OsString| text.to_string_lossy().into_owned();
        let mut all: Vec<(String, String)> =
            std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect();
        all.sort();
        all
    }

    /// A variable that must be text; what is not UTF-8 is replaced.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.variable(name).map(|value| value.to_string_lossy().into_owned())
    }

    /// Whether a variable is set to what people write for yes (anything but `0`, `no`, `false`, `off`).
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| !matches!(value.as_str(), "0" | "no" | "false" | "off"))
    }

    /// Whether the directory is an environment, by the definition that the shim has, too; the error names it.
    pub(crate) fn is_environment(&self, directory: &Path) -> io::Result<bool> {
        environment::is_environment(self, bytes(directory)).map_err(unreadable(directory))
    }

    /// Whether conda made the directory, likewise.
    pub(crate) fn is_condas(&self, directory: &Path) -> io::Result<bool> {
        environment::is_conda(self, bytes(directory)).map_err(unreadable(directory))
    }

    /// Whether the directory has commands, as what `VIRTUAL_ENV` names has while it is there.
    pub(crate) fn has_commands(&self, directory: &str) -> bool {
        disk::is_directory(&layout::scripts(Path::new(directory)))
    }

    /// The working directory; an error when it has been deleted.
    pub(crate) fn current_directory(&self) -> io::Result<PathBuf> {
        std::env::current_dir()
    }

    /// The running program's own file; where the system does not tell (no `/proc`), what its first argument leads to.
    pub(crate) fn executable(&self) -> io::Result<PathBuf> {
        std::env::current_exe().or_else(|error| self.called().ok_or(error))
    }

    /// The file that the first argument names, by its path or on PATH, links followed.
    fn called(self) -> Option<PathBuf> {
        let name = PathBuf::from(std::env::args_os().next()?);
        let by_path = name.components().nth(1).is_some() || name.is_absolute();
        let places = if by_path { vec![PathBuf::new()] } else { self.search_path() };
        let files = places.into_iter().map(|place| place.join(&name));
        let mut files = files.filter(|file| disk::executable(file));
        files.find_map(|file| disk::canonical(&file).map_or(None, |file| file))
    }

    /// The user's home, when it is known and absolute.
    pub(crate) fn home(&self) -> Option<PathBuf> {
        // A relative one would mean another place in each directory.
        std::env::home_dir().filter(|home| home.is_absolute())
    }

    /// The settings of everybody on this machine, whether there are any or not.
    pub(crate) fn everybodys_settings(&self) -> Option<PathBuf> {
        everybodys_settings(&|name| self.variable(name))
    }

    /// `TMPDIR`, else the system's place for temporary files.
    pub(crate) fn temporary_directory(&self) -> PathBuf {
        std::env::temp_dir()
    }

    /// The absolute directories of PATH, in order; empty and relative entries are skipped.
    pub(crate) fn search_path(&self) -> Vec<PathBuf> {
        self.variable("PATH").map_or_else(Vec::new, |path| {
            std::env::split_paths(&path).filter(|entry| entry.is_absolute()).collect()
        })
    }

    /// The entries of a list like PATH's, empty ones left out.
    pub(crate) fn paths(&self, list: &OsStr) -> Vec<PathBuf> {
        std::env::split_paths(list).filter(|entry| !entry.as_os_str().is_empty()).collect()
    }

    /// PATH as it is, with directories before and after its entries; but for what cannot stand in it, as a directory
    /// with a `:`.
    pub(crate) fn path_between(
        &self,
        before: &[PathBuf],
        after: Option<&Path>,
    ) -> io::Result<OsString> {
        let path = self.variable("PATH").unwrap_or_default();
        let entries = std::env::split_paths(&path).filter(|_| !path.is_empty());
        let all = before.iter().cloned().chain(entries).chain(after.map(Path::to_path_buf));
        let can_stand = |entry: &PathBuf| std::env::join_paths([entry]).is_ok();
        std::env::join_paths(all.filter(can_stand)).map_err(io::Error::other)
    }

    /// `given` as an absolute path, counted from the working directory; nothing is resolved.
    pub(crate) fn absolute(&self, given: &Path) -> io::Result<PathBuf> {
        std::path::absolute(given)
    }
}

/// The resolver's view, over the floor for files.
impl World for Machine {
    fn read(&self, name: &[u8], limit: usize) -> Result<Option<Vec<u8>>, Fault> {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        disk::read_head(&path(name), limit).map_err(fault)
    }

    fn list(&self, directory: &[u8]) -> Result<Vec<Vec<u8>>, Fault> {
        let entries = disk::entries(&path(directory)).map_err(fault)?;
        Ok(entries.into_iter().map(|entry| entry.name.into_encoded_bytes()).collect())
    }

    fn raw_variable(&self, name: &[u8]) -> Option<Cow<'_, [u8]>> {
        let value = std::env::var_os(path(name).as_os_str())?;
        Some(Cow::Owned(value.into_encoded_bytes()))
    }

    fn executable(&self, file: &[u8]) -> Option<File> {
        let file = path(file);
        let found = disk::executable(&file).then(|| disk::follow(&file))?;
        found.map_or(None, |found| found.map(|found| File { id: found.identity, size: found.size }))
    }

    fn directory(&self, directory: &[u8]) -> Option<FileId> {
        let found = disk::follow(&path(directory)).map_or(None, |found| found)?;
        found.is_directory().then_some(found.identity)
    }

    fn canonical(&self, name: &[u8]) -> Option<Vec<u8>> {
        let canonical = disk::canonical(&path(name)).map_or(None, |path| path)?;
        Some(canonical.into_os_string().into_encoded_bytes())
    }

    fn working_directory(&self) -> Option<Vec<u8>> {
        let here = std::env::current_dir();
        here.map_or(None, |path| Some(path.into_os_string().into_encoded_bytes()))
    }

    fn process(&self) -> u32 {
        std::process::id()
    }

    fn owned(&self, name: &[u8]) -> bool {
        disk::follow(&path(name)).is_ok_and(|found| found.is_some_and(|found| found.is_own()))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn fault(error: io::Error) -> Fault {
    Fault(disk::number(&error).unwrap_or_default())
}

/// What the system said of a directory to the shim's crate.
fn unreadable(directory: &Path) -> impl FnOnce(Fault) -> io::Error + '_ {
    move |fault| {
        let kind = io::Error::from_raw_os_error(fault.0).kind();
        io::Error::new(kind, format!("cannot read `{}': {fault}", directory.display()))
    }
}

/// The bytes of a path, as the resolver takes them.
pub(crate) fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// Where trees keep their commands and their library here, as the manager's paths: the shim's own answer, so that the two
/// cannot disagree. Names only: nothing here looks.
pub(crate) mod layout {
    use std::path::{Path, PathBuf};

    use pyman_shim::{Layout, path as written};

    use super::{bytes, path};

    /// The directory of an installation's interpreter: `bin`, or the tree itself.
    pub(crate) fn interpreters(tree: &Path) -> PathBuf {
        path(&Layout::HERE.interpreters_of(bytes(tree))).into_owned()
    }

    /// The directories of an installation's commands, that of its interpreter first.
    pub(crate) fn commands(tree: &Path) -> impl Iterator<Item = PathBuf> {
        let all: Vec<_> = Layout::HERE.commands_of(bytes(tree)).collect();
        all.into_iter().map(|directory| path(&directory).into_owned())
    }

    /// The directory of a virtual environment's commands.
    pub(crate) fn scripts(environment: &Path) -> PathBuf {
        environment.join(Layout::HERE.scripts)
    }

    /// The directory above a tree's standard library, or that library itself: `lib`, `Lib`.
    pub(crate) fn libraries(tree: &Path) -> PathBuf {
        tree.join(Layout::HERE.libraries)
    }

    /// The file of a command in a directory: `python`, `python.exe`.
    pub(crate) fn program(directory: &Path, command: &str) -> PathBuf {
        path(&written::program(bytes(directory), command.as_bytes())).into_owned()
    }

    /// The file of an installation's interpreter.
    pub(crate) fn python(tree: &Path) -> PathBuf {
        program(&interpreters(tree), "python")
    }

    /// The file of a virtual environment's interpreter.
    pub(crate) fn environments_python(environment: &Path) -> PathBuf {
        program(&scripts(environment), "python")
    }

    /// The tree that a directory of interpreters belongs to: `/opt/python` of `/opt/python/bin`; none where the name of the
    /// directory is not that of one.
    pub(crate) fn tree_of(interpreters: &Path) -> Option<&Path> {
        match Layout::HERE.commands.first().copied().unwrap_or_default() {
            "" => Some(interpreters),
            name => interpreters.parent().filter(|_| interpreters.ends_with(name)),
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_tree_and_its_interpreters_lead_to_each_other() {
            let tree = Path::new("/opt/python");
            let home = interpreters(tree);
            assert_eq!(tree_of(&home), Some(tree));
            assert_eq!(commands(tree).next(), Some(home.clone()));
            assert_eq!(python(tree).parent(), Some(home.as_path()));
            assert_eq!(python(tree).file_stem(), Some("python".as_ref()));
            assert_eq!(environments_python(tree).parent(), Some(scripts(tree).as_path()));
        }
    }
}

#[cfg(unix)]
mod as_bytes {
    use std::borrow::Cow;
    use std::ffi::{OsStr, OsString};
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::{Path, PathBuf};

    /// The path these bytes name.
    pub(crate) fn path(bytes: &[u8]) -> Cow<'_, Path> {
        Cow::Borrowed(Path::new(OsStr::from_bytes(bytes)))
    }

    /// Where a machine's administrator says what holds for everybody on it.
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere a variable says it, or does not")]
    pub(super) fn everybodys_settings(_: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
        Some(PathBuf::from("/etc/pyman/settings.toml"))
    }
}

#[cfg(windows)]
mod as_utf16 {
    use std::borrow::Cow;
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    /// The path these bytes name, in std's encoded form and with one separator; unpaired surrogates are replaced.
    pub(crate) fn path(bytes: &[u8]) -> Cow<'_, Path> {
        Cow::Owned(PathBuf::from(String::from_utf8_lossy(bytes).replace('/', "\\")))
    }

    /// Where a machine's administrator says what holds for everybody on it.
    pub(super) fn everybodys_settings(
        variable: &dyn Fn(&str) -> Option<OsString>,
    ) -> Option<PathBuf> {
        let place = variable("ProgramData").map(PathBuf::from)?;
        Some(place.join("pyman").join("settings.toml")).filter(|file| file.is_absolute())
    }
}
