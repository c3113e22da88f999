//! What is installed → the set of shims on disk, and the shim program itself, written from the
//! bytes built in.
//!
//! Any number may run at once, and none waits: there is no lock. Each pass reads what is there,
//! reads what should be, and mends the difference; whoever changed anything looks again, so that
//! the last to change something is also the last to have seen that all is well.

mod commands;
mod program;
mod stamp;
mod system;

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use program::{Console, bytes};
pub(crate) use stamp::{is_due, marks, path as stamp};
pub(crate) use system::{LAUNCHERS, PROGRAM, WINDOWED};

use commands::Scan;
use program::{Program, State};

use crate::disk::{self, Directory, Hindrance, Kind};
use crate::quote;

/// Passes after which we stop looking again: others are changing things faster than we can mend
/// them, and each of them looks again as well.
const PASSES: usize = 16;

/// Where to rehash, and what the shims are to know.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// `$PYMAN_ROOT`.
    pub root: &'a Path,
    /// The manager's own executable, to which `bin/pyman` leads afterwards.
    pub manager: &'a Path,
    /// Whether some plugin has a hook for `exec` or `which`: then every shim asks the manager.
    pub hooked: bool,
}

/// What a rehash changed: names, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rehashed {
    /// Shims that were missing, or were another program.
    pub written: BTreeSet<OsString>,
    /// Shims that stood for nothing.
    pub removed: BTreeSet<OsString>,
}

/// Why the shims could not be rewritten. The ones that are there keep working.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The directory, or something in it, is not ours to change.
    #[error("cannot rehash: {} isn't writable", .path.display())]
    NotWritable {
        /// The directory of the shims, or of the programs.
        path: PathBuf,
    },
    /// A disk that is full, broken, or gone.
    #[error("cannot rehash: {0}")]
    Disk(#[from] io::Error),
}

impl Error {
    /// 1 as pyenv's, 5 for a disk.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NotWritable { .. } => 1,
            Self::Disk(_) => 5,
        }
    }

    /// What to run, or look at, next.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotWritable { path } => Some(format!(
                "see `ls -ld {}'; the shims that are there keep working",
                quote::shown(path)
            )),
            Self::Disk(error) => disk::is_linked(error).then(|| "run `pyman doctor'".to_owned()),
        }
    }

    fn at(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::NotWritable { path: path.to_owned() }
            }
            _ => Self::Disk(source),
        }
    }
}

/// Makes `shims/` hold exactly the launcher and a shim for every command that is installed.
pub fn rehash(order: Order<'_>) -> Result<Rehashed, Error> {
    let root = Directory::make(order.root).map_err(Error::at(order.root))?;
    let shims = below(&root, "shims")?;
    let programs = below(&root, "bin")?;
    // Before any shim: each is another name of it.
    let program = Program::write(&programs).map_err(Error::at(programs.path()))?;
    program::point(&programs, order.manager).map_err(Error::at(programs.path()))?;
    stamp::record_hooks(&root, order.hooked).map_err(Error::at(order.root))?;
    let mut changed = Rehashed::default();
    let mut scan = Scan::default();
    for _ in 0..PASSES {
        let (pass, seen) = pass(&root, &shims, &program, &scan)?;
        scan = seen;
        if pass.is_nothing() {
            remember(&root, &scan)?;
            break;
        }
        changed.add(pass);
    }
    Ok(changed)
}

/// Tells the shims whether a command of a version that nothing selects is refused.
pub fn record_refusal(root: &Path, refused: bool) -> Result<(), Error> {
    let directory = Directory::make(root).map_err(Error::at(root))?;
    stamp::record_refusal(&directory, refused).map_err(Error::at(root))
}

/// A directory of programs, cleared of what writers that died left in it.
fn below(root: &Directory, name: &str) -> Result<Directory, Error> {
    let path = root.join(name);
    let directory = root.make_below(name).map_err(Error::at(&path))?;
    directory.sweep_temporaries().map_err(Error::at(&path))?;
    Ok(directory)
}

/// Dates the stamp. Where that may not be written the shims are right all the same, and the next one looks again.
fn remember(root: &Directory, scan: &Scan) -> Result<(), Error> {
    match stamp::write(root, scan).map_err(Error::at(root.path())) {
        Ok(()) | Err(Error::NotWritable { .. }) => Ok(()),
        Err(error @ Error::Disk(_)) => Err(error),
    }
}

/// What a rehash could not write over, where that is ours to mend: asked as it asks.
pub(crate) fn hindered(root: &Path) -> io::Result<Vec<(PathBuf, Hindrance)>> {
    let Some(top) = Directory::at(root)? else { return Ok(Vec::new()) };
    let marks = marks();
    let marks = marks.iter().map(|mark| mark.as_os_str());
    let mut found = hindrances(&top, marks)?;
    if let Some(programs) = top.below("bin")? {
        found.extend(hindrances(&programs, [system::PROGRAM, system::MANAGER].map(OsStr::new))?);
    }
    if let Some(shims) = top.below("shims")? {
        let entries = shims.entries()?;
        let folders = entries.iter().filter(|entry| entry.kind == Kind::Directory);
        let folders = hindrances(&shims, folders.map(|entry| entry.name.as_os_str()))?;
        let commands = Scan::of(&root.join("versions"), &Scan::default())?.commands;
        let is_command =
            |place: &PathBuf| place.file_name().is_some_and(|it| commands.contains(it));
        // What stands for no command stays, and so does another account's.
        found.extend(folders.into_iter().filter(|(place, hindrance)| match hindrance {
            Hindrance::Mount => true,
            Hindrance::Holding => is_command(place),
            Hindrance::Anothers => false,
        }));
    }
    Ok(found)
}

/// Whatever of these names in a directory of ours cannot be written over.
fn hindrances<'a>(
    folder: &Directory,
    names: impl IntoIterator<Item = &'a OsStr>,
) -> io::Result<Vec<(PathBuf, Hindrance)>> {
    let mut found = Vec::new();
    for name in names {
        if let Some(hindrance) = disk::hindrance(folder, name)? {
            found.push((folder.join(name), hindrance));
        }
    }
    Ok(found)
}

/// Whether `bin/pyman-shim` is the program that this manager carries; an error when there is none.
pub fn is_current(root: &Path) -> io::Result<bool> {
    program::is_written(&Directory::open(&root.join("bin"))?)
}

/// Whether `shims/` holds exactly a shim for every command that is installed, by name.
pub fn is_complete(root: &Path) -> io::Result<bool> {
    let scan = Scan::of(&root.join("versions"), &Scan::default())?;
    let mut shims = BTreeSet::new();
    let place = root.join("shims");
    for entry in disk::entries(&place)? {
        let stays = || -> io::Result<bool> {
            let path = place.join(&entry.name);
            let Some(found) = disk::look(&path)? else { return Ok(true) };
            Ok(disk::is_temporary(&entry.name)
                || found.is_strangers()
                || found.is_directory() && !disk::entries(&path)?.is_empty())
        };
        // What a rehash would leave is nothing to be mended by one.
        if scan.commands.contains(&entry.name) || !stays()? {
            shims.insert(entry.name);
        }
    }
    Ok(shims == scan.commands)
}

/// The names of all commands that are installed.
pub fn executables(root: &Path) -> io::Result<BTreeSet<OsString>> {
    let mut commands = Scan::of(&root.join("versions"), &Scan::default())?.commands;
    commands.retain(|name| !system::LAUNCHERS.iter().any(|launcher| name == launcher));
    Ok(commands)
}

/// What is there is read before what should be there: a shim that another process writes for a
/// new command meanwhile is then no candidate for removal.
fn pass(
    root: &Directory,
    shims: &Directory,
    program: &Program<'_>,
    earlier: &Scan,
) -> Result<(Rehashed, Scan), Error> {
    let present = program.present(shims)?;
    let scan = Scan::of(&root.join("versions"), earlier)?;
    let mut pass = Rehashed::default();
    for name in scan.commands.iter().filter(|name| present.get(*name) != Some(&State::Right)) {
        // Another account's shims are theirs to write and to remove, in a root that is shared.
        if is_anothers(shims, name).map_err(Error::at(shims.path()))? {
            continue;
        }
        program.link(shims, name).map_err(Error::at(shims.path()))?;
        pass.written.insert(name.clone());
    }
    for name in present.into_keys().filter(|name| !scan.commands.contains(name)) {
        if is_anothers(shims, &name).map_err(Error::at(shims.path()))? {
            continue;
        }
        // A directory with something in it is somebody's.
        if shims.has_directory(&name).map_err(Error::at(shims.path()))? {
            if !shims.remove_empty(&name).map_err(Error::at(shims.path()))? {
                continue;
            }
        } else {
            shims.unlink(&name).map_err(Error::at(shims.path()))?;
        }
        pass.removed.insert(name);
    }
    Ok((pass, scan))
}

/// Whether an entry is another account's, and this is not root.
fn is_anothers(folder: &Directory, name: &OsStr) -> io::Result<bool> {
    Ok(folder.look(name)?.is_some_and(|found| found.is_strangers()))
}

impl Rehashed {
    fn is_nothing(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }

    fn add(&mut self, later: Self) {
        self.written.extend(later.written);
        self.removed.extend(later.removed);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt, symlink};
    use std::thread;

    use fs_err as fs;

    use super::*;

    struct Root(tempfile::TempDir);

    impl Root {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn command(&self, name: &str) {
            let path = self.at("versions").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "#!/bin/sh\n").unwrap();
            fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        }

        fn at(&self, path: &str) -> PathBuf {
            self.0.path().join(path)
        }

        fn rehash(&self) -> Rehashed {
            let manager = Path::new("/usr/bin/env");
            rehash(Order { root: self.0.path(), manager, hooked: false }).unwrap()
        }

        fn shims(&self) -> Vec<String> {
            let entries = fs::read_dir(self.at("shims")).unwrap();
            let mut names: Vec<String> =
                entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }

        /// All that a rehash could write to, and when each last changed.
        fn state(&self) -> Vec<(PathBuf, i64, i64)> {
            let times = |path: PathBuf| {
                let metadata = fs::symlink_metadata(&path).unwrap();
                (path, metadata.ctime(), metadata.ctime_nsec())
            };
            ["", "shims", "shims/py", "bin", "bin/pyman", "bin/pyman-shim", ".rehashed"]
                .map(|path| times(self.at(path)))
                .into()
        }
    }

    #[test]
    fn every_executable_of_versions_and_their_environments_gets_a_shim() {
        let root = Root::new();
        root.command("3.12.7/bin/python3");
        root.command("3.12.7/bin/pip");
        root.command("3.12.7/envs/web/bin/flask");
        root.command("3.11.9/bin/pip");
        root.command("3.11.9/bin/activate");
        root.command("3.11.9/bin/deactivate");
        root.command("3.11.9/bin/pyman");
        root.command("3.11.9/bin/.hidden");
        fs::write(root.at("versions/3.11.9/bin/readme"), "").unwrap();
        fs::create_dir(root.at("versions/3.11.9/bin/directory")).unwrap();
        symlink("/nowhere", root.at("versions/3.11.9/bin/dangling")).unwrap();
        symlink("loop", root.at("versions/loop")).unwrap();
        root.rehash();
        assert_eq!(root.shims(), ["flask", "pip", "py", "python3"]);
        let inode = |path: &str| fs::metadata(root.at(path)).unwrap().ino();
        assert_eq!(inode("shims/pip"), inode("bin/pyman-shim"));
        assert_eq!(inode("shims/py"), inode("bin/pyman-shim"));
    }

    #[test]
    fn what_stands_for_nothing_is_removed() {
        let root = Root::new();
        root.command("3.12.7/bin/python3");
        root.rehash();
        fs::write(root.at("shims/old"), "").unwrap();
        fs::create_dir(root.at("shims/directory")).unwrap();
        symlink("/nowhere", root.at("shims/dangling")).unwrap();
        fs::remove_dir_all(root.at("versions/3.12.7")).unwrap();
        let changed = root.rehash();
        assert_eq!(root.shims(), ["py"]);
        let removed: Vec<_> = changed.removed.iter().collect();
        assert_eq!(removed, ["dangling", "directory", "old", "python3"]);
    }

    #[test]
    fn a_directory_with_something_in_it_stays() {
        let root = Root::new();
        root.command("3.12.7/bin/python3");
        root.rehash();
        for directory in ["notes", "pip"] {
            fs::create_dir(root.at("shims").join(directory)).unwrap();
            fs::write(root.at("shims").join(directory).join("thesis"), "precious").unwrap();
        }
        root.rehash();
        root.command("3.12.7/bin/pip");
        let manager = Path::new("/usr/bin/env");
        let order = Order { root: root.0.path(), manager, hooked: false };
        let error = super::rehash(order).unwrap_err();
        assert!(error.to_string().contains("shims/pip"), "{error}");
        for directory in ["notes", "pip"] {
            assert!(root.at("shims").join(directory).join("thesis").try_exists().unwrap());
        }
    }

    #[test]
    fn what_is_right_is_not_written_again() {
        let root = Root::new();
        root.command("3.12.7/bin/python3");
        let past = std::time::SystemTime::now() - std::time::Duration::from_mins(1);
        for directory in ["versions", "versions/3.12.7/bin"] {
            fs::File::open(root.at(directory)).unwrap().into_file().set_modified(past).unwrap();
        }
        root.rehash();
        let before = root.state();
        assert_eq!(root.rehash(), Rehashed::default());
        assert_eq!(root.state(), before);
        assert!(!is_due(root.0.path()).unwrap());
        root.command("3.12.7/bin/flask");
        assert!(is_due(root.0.path()).unwrap());
    }

    #[test]
    fn a_clock_that_was_wrong_makes_no_rehash_due_for_ever() {
        let root = Root::new();
        root.command("3.12.7/bin/python3");
        let now = std::time::SystemTime::now();
        let day = std::time::Duration::from_hours(24);
        let date = |path: &str, time| {
            fs::File::open(root.at(path)).unwrap().into_file().set_modified(time).unwrap();
        };
        let elsewhere = tempfile::tempdir().unwrap();
        fs::create_dir(elsewhere.path().join("bin")).unwrap();
        symlink(elsewhere.path(), root.at("versions/linked")).unwrap();
        date("versions/linked/bin", now + day);
        date("versions", now - day);
        date("versions/3.12.7/bin", now + day);
        root.rehash();
        let changed = |path: &str| fs::metadata(root.at(path)).unwrap().modified().unwrap();
        assert!(changed("versions/3.12.7/bin") < now + day, "ours is dated back");
        assert_eq!(changed("versions/linked/bin"), now + day, "what is another's stays");
        date("versions/linked/bin", now - day);
        date("versions/3.12.7/bin", now - day);
        root.rehash();
        assert!(!is_due(root.0.path()).unwrap());
        date(".rehashed", now + day);
        assert!(is_due(root.0.path()).unwrap(), "a stamp of the future says nothing");
    }

    #[test]
    fn another_program_is_replaced_everywhere() {
        let root = Root::new();
        root.command("3.12.7/bin/python3");
        root.command("3.12.7/bin/pip");
        root.rehash();
        // Nobody writes to it where it stands, its owner neither.
        fs::remove_file(root.at("bin/pyman-shim")).unwrap();
        fs::write(root.at("bin/pyman-shim"), "an older one").unwrap();
        fs::remove_file(root.at("shims/pip")).unwrap();
        fs::create_dir(root.at("shims/pip")).unwrap();
        root.rehash();
        let inode = |path: &str| fs::metadata(root.at(path)).unwrap().ino();
        for shim in ["py", "python3", "pip"] {
            assert_eq!(inode(&format!("shims/{shim}")), inode("bin/pyman-shim"), "{shim}");
        }
        assert_eq!(fs::read_dir(root.at("bin")).unwrap().count(), 2);
    }

    #[test]
    fn a_copy_is_as_good_as_a_link() {
        let root = Root::new();
        root.command("3.12.7/bin/python3");
        root.rehash();
        let bytes = fs::read(root.at("bin/pyman-shim")).unwrap();
        fs::remove_file(root.at("shims/python3")).unwrap();
        fs::write(root.at("shims/python3"), bytes).unwrap();
        fs::set_permissions(root.at("shims/python3"), PermissionsExt::from_mode(0o755)).unwrap();
        assert_eq!(root.rehash(), Rehashed::default());
    }

    #[test]
    fn a_hundred_at_once_leave_exactly_the_shims_there_should_be() {
        let root = Root::new();
        root.command("3.12.7/bin/python3");
        thread::scope(|scope| {
            for number in 0..100 {
                let root = &root;
                scope.spawn(move || {
                    root.command(&format!("3.12.7/bin/command{number}"));
                    root.rehash();
                });
            }
        });
        let mut wanted: Vec<String> = (0..100).map(|number| format!("command{number}")).collect();
        wanted.extend(["py".to_owned(), "python3".to_owned()]);
        wanted.sort();
        assert_eq!(root.shims(), wanted);
        assert_eq!(fs::read_dir(root.at("bin")).unwrap().count(), 2);
    }

    #[test]
    fn commands_that_come_and_go_while_others_rehash_end_right() {
        let root = Root::new();
        root.command("3.12.7/bin/kept");
        thread::scope(|scope| {
            for number in 0..16 {
                let root = &root;
                scope.spawn(move || {
                    for _ in 0..20 {
                        let name = format!("{number}/bin/passing");
                        root.command(&name);
                        root.rehash();
                        fs::remove_dir_all(root.at("versions").join(number.to_string())).unwrap();
                        root.rehash();
                        assert!(root.at("shims/kept").is_file());
                    }
                });
            }
        });
        assert_eq!(root.shims(), ["kept", "py"]);
    }

    #[test]
    fn what_a_killed_rehash_left_is_swept() {
        let root = Root::new();
        root.rehash();
        for left in ["bin/.pyman-new-4194999-0", "shims/.pyman-new-4194999-1"] {
            fs::write(root.at(left), "half").unwrap();
        }
        fs::hard_link(root.at("bin/pyman-shim"), root.at("shims/.pyman-new-4194999-2")).unwrap();
        symlink("/nowhere", root.at("bin/.pyman-new-4194999-3")).unwrap();
        root.rehash();
        assert_eq!(root.shims(), ["py"]);
        assert_eq!(fs::read_dir(root.at("bin")).unwrap().count(), 2);
    }

    #[test]
    fn nobody_writes_to_the_program_and_what_was_emptied_is_mended() {
        let root = Root::new();
        root.command("3.12.7/bin/pip");
        root.rehash();
        let mode = |path: &str| fs::metadata(root.at(path)).unwrap().permissions().mode();
        assert_eq!(mode("shims/pip") & 0o777, 0o555);
        fs::set_permissions(root.at("bin/pyman-shim"), PermissionsExt::from_mode(0o755)).unwrap();
        let inode = |path: &str| fs::metadata(root.at(path)).unwrap().ino();
        let former = inode("shims/pip");
        assert_eq!(root.rehash(), Rehashed::default());
        assert_eq!((inode("shims/pip"), mode("shims/pip") & 0o777), (former, 0o555));

        fs::set_permissions(root.at("shims/pip"), PermissionsExt::from_mode(0o755)).unwrap();
        fs::write(root.at("shims/pip"), "").unwrap();
        root.rehash();
        for shim in ["pip", "py"] {
            assert_eq!(inode(&format!("shims/{shim}")), inode("bin/pyman-shim"), "{shim}");
        }
        assert!(is_current(root.0.path()).unwrap());
    }

    #[test]
    fn nothing_is_written_or_removed_through_a_link_in_our_places() {
        for name in ["shims", "bin"] {
            let root = Root::new();
            root.command("3.12.7/bin/pip");
            let canary = tempfile::tempdir().unwrap();
            fs::write(canary.path().join("file"), "precious").unwrap();
            symlink(canary.path(), root.at(name)).unwrap();
            let manager = Path::new("/usr/bin/env");
            let refused =
                rehash(Order { root: root.0.path(), manager, hooked: false }).unwrap_err();
            assert!(refused.to_string().contains(&format!("{name} is a link")), "{refused}");
            assert_eq!(
                (refused.exit_code(), refused.hint()),
                (5, Some("run `pyman doctor'".into()))
            );
            assert_eq!(fs::read_dir(canary.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn what_stands_where_a_stamp_or_a_mark_belongs_blocks_nobody() {
        let root = Root::new();
        for name in [".rehashed", ".hooked"] {
            rustix::fs::mkfifoat(rustix::fs::CWD, root.at(name), 0o600.into()).unwrap();
        }
        let manager = Path::new("/usr/bin/env");
        rehash(Order { root: root.0.path(), manager, hooked: true }).unwrap();
        for name in [".rehashed", ".hooked"] {
            assert!(fs::symlink_metadata(root.at(name)).unwrap().is_file(), "{name}");
        }
    }

    #[test]
    fn what_is_there_to_be_sourced_gets_no_shim() {
        let root = Root::new();
        for name in ["gettext.sh", "pip", "sourced", "binary", "empty", "unfinished"] {
            root.command(&format!("3.12.7/bin/{name}"));
        }
        fs::write(root.at("versions/3.12.7/bin/sourced"), "echo text\n").unwrap();
        fs::write(root.at("versions/3.12.7/bin/empty"), "").unwrap();
        fs::write(root.at("versions/3.12.7/bin/binary"), b"\x7fELF\x02\x01\x01\0").unwrap();
        root.command(".pyman-stage-3.13.0/bin/unfinished2");
        root.rehash();
        assert_eq!(root.shims(), ["binary", "empty", "pip", "py", "unfinished"]);
    }

    #[test]
    fn hooks_are_recorded_and_forgotten() {
        let root = Root::new();
        for hooked in [true, true, false, false] {
            let manager = Path::new("/usr/bin/env");
            rehash(Order { root: root.0.path(), manager, hooked }).unwrap();
            assert_eq!(root.at(".hooked").try_exists().unwrap(), hooked);
        }
    }
}
