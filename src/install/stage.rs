//! A place beside `versions/` in which a tree is made, and the one rename that publishes it.
//!
//! A stage is a directory and, beside it, a file that the kernel locks while its maker lives. What is not
//! locked was left by a process that died, and is swept by the next one; `Drop` is only a courtesy.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use fs_err::{File, OpenOptions};

use super::checkpoint::{Checkpoints, Moment};
use super::{carried, system};
use crate::inventory::{Places, try_lock};

/// Within a stage: where the tree goes that is being replaced.
const DISPLACED: &str = "displaced";
/// Within a stage: what links to things that had to be made elsewhere (`TMPDIR`, the cache) begin with.
const ELSEWHERE: &str = "elsewhere.";

/// A directory of this process's own, removed when dropped.
#[derive(Debug)]
pub struct Stage {
    directory: PathBuf,
    file: PathBuf,
    checkpoints: Checkpoints,
    lock: File,
}

/// What to do about a tree that already stands where one is to be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Leave it: an error of kind `AlreadyExists`, or `DirectoryNotEmpty`.
    Keep,
    /// Put the new one in its place, at once.
    Replace,
}

impl Stage {
    /// Sweeps what the dead left, and begins a stage for `name`.
    pub fn begin(places: &Places, name: &str, checkpoints: &Checkpoints) -> io::Result<Self> {
        sweep(places)?;
        fs_err::create_dir_all(places.stage())?;
        for attempt in 0_u32.. {
            let stem = format!("{name}.{}.{attempt}", std::process::id());
            if let Some((file, lock)) = claim(&places.stage(), &stem)? {
                let directory = places.stage().join(stem);
                fs_err::create_dir(&directory)?;
                let checkpoints = checkpoints.clone();
                checkpoints.reach(Moment::Staged);
                return Ok(Self { directory, file, checkpoints, lock });
            }
        }
        Err(io::Error::other("no name is free in the stage"))
    }

    /// A path within the stage.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.directory.join(name)
    }

    /// Where a tree is made that `publish` will move.
    pub fn tree(&self) -> PathBuf {
        self.path("tree")
    }

    /// This moment has come.
    pub fn reach(&self, moment: Moment) {
        self.checkpoints.reach(moment);
    }

    /// Remembers a path outside the stage that is to go when the stage goes, even if this process dies.
    pub fn adopt(&self, path: &Path) -> io::Result<()> {
        for number in 0_u32.. {
            match system::symlink(path, &self.path(format!("{ELSEWHERE}{number}"))) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                result => return result,
            }
        }
        Ok(())
    }

    /// An error where `versions/` is on another file system, to which no rename leads. Nothing is moved: the system compares
    /// the places before it looks for what is to go.
    pub fn reaches(&self, places: &Places) -> io::Result<()> {
        match fs_err::rename(self.path("nothing"), places.version("nothing")) {
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                let (versions, stage) = (places.versions(), places.stage());
                let said = format!(
                    "{} and {} are on two file systems",
                    versions.display(),
                    stage.display()
                );
                Err(io::Error::new(io::ErrorKind::CrossesDevices, said))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Moves `tree`, a directory on the same file system, to `target` by one rename.
    ///
    /// A tree that is replaced goes by the same stroke where the system can exchange two directories,
    /// otherwise aside first; it comes back if the second rename fails, or by the next sweep.
    pub fn publish(&self, tree: &Path, target: &Path, standing: Standing) -> io::Result<()> {
        if let Some(folder) = target.parent() {
            fs_err::create_dir_all(folder)?;
        }
        match standing {
            Standing::Keep => fs_err::rename(tree, target)?,
            Standing::Replace => self.replace(tree, target)?,
        }
        self.reach(Moment::Published);
        Ok(())
    }

    /// Takes what stands at `target` out of sight by one rename; it is deleted with the stage.
    pub fn take_away(&self, target: &Path) -> io::Result<()> {
        fs_err::rename(target, self.path("removed"))?;
        self.reach(Moment::Removed);
        Ok(())
    }

    fn replace(&self, tree: &Path, target: &Path) -> io::Result<()> {
        if system::exchange(tree, target) {
            self.reach(Moment::Displaced);
            return Ok(());
        }
        let aside = self.path(DISPLACED);
        fs_err::create_dir(&aside)?;
        let aside = aside.join(target.file_name().unwrap_or_default());
        match fs_err::rename(target, &aside) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        self.reach(Moment::Displaced);
        fs_err::rename(tree, target).or_else(|error| {
            fs_err::rename(&aside, target)?;
            Err(error)
        })
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What cannot be removed now is the next sweep's.
        let cleared = clear(&self.directory).and_then(|()| remove_file(&self.file));
        cleared.and_then(|()| self.lock.file().unlock()).unwrap_or_default();
    }
}

/// Makes and locks the file that says a stage is alive; none when the name is taken or was swept meanwhile.
fn claim(folder: &Path, stem: &str) -> io::Result<Option<(PathBuf, File)>> {
    let path = folder.join(format!("{stem}.lock"));
    let file = match OpenOptions::new().write(true).create_new(true).open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
        Err(error) => return Err(error),
    };
    match try_lock(&file) {
        Ok(true) => {}
        Ok(false) => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
        Err(error) => return Err(error),
    }
    // Between making and locking, a sweep may have taken the file for a dead one's.
    let stands = path.try_exists()?;
    Ok(stands.then_some((path, file)))
}

/// Removes the stages whose makers are dead, and puts back what they displaced.
///
/// A stage that is a link is refused: nothing is ever removed through one.
pub fn sweep(places: &Places) -> io::Result<()> {
    if fs_err::symlink_metadata(places.stage()).is_ok_and(|found| found.is_symlink()) {
        let place = places.stage().display().to_string();
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, format!("{place} is a link")));
    }
    let entries = match fs_err::read_dir(places.stage()) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new("lock")) {
            let _living = sweep_one(places, &path)?;
        } else if !lock_of(&path).try_exists()? {
            // The lock goes last and comes first: a directory without one is a dead one's.
            clear(&path)?;
        }
    }
    Ok(())
}

/// Whether the stage of this lock file lives; if not it is gone now.
fn sweep_one(places: &Places, lock: &Path) -> io::Result<bool> {
    let file = match File::open(lock) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    match try_lock(&file) {
        Ok(true) => {}
        Ok(false) => return Ok(true),
        // Without locks nothing tells the living from the dead.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(true),
        Err(error) => return Err(error),
    }
    let directory = lock.with_extension("");
    restore(places, &directory.join(DISPLACED))?;
    carried::bring_back(&directory)?;
    clear(&directory)?;
    remove_file(lock)?;
    Ok(false)
}

/// Puts a displaced installation back, if nothing took its place.
fn restore(places: &Places, displaced: &Path) -> io::Result<()> {
    let entries = match fs_err::read_dir(displaced) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let home = places.version(entry.file_name());
        match fs_err::symlink_metadata(&home) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs_err::rename(entry.path(), &home)?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Removes a stage's directory, what it adopted first. No link is followed but that one.
fn clear(directory: &Path) -> io::Result<()> {
    let entries = match fs_err::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) => return remove_tree(directory),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let adopts = entry.file_name().as_encoded_bytes().starts_with(ELSEWHERE.as_bytes());
        if adopts && entry.file_type()?.is_symlink() {
            remove_tree(&fs_err::read_link(entry.path())?)?;
        }
    }
    remove_tree(directory)
}

/// Removes whatever stands at `path`, directories made unwritable by their own permissions included.
pub(super) fn remove_tree(path: &Path) -> io::Result<()> {
    match fs_err::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return remove_file(path),
        Err(error) if is_absent(&error) => return Ok(()),
        Err(error) => return Err(error),
    }
    match fs_err::remove_dir_all(path) {
        Ok(()) => Ok(()),
        Err(error) if is_absent(&error) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            system::open_up(path)?;
            fs_err::remove_dir_all(path)
        }
        Err(error) => Err(error),
    }
}

fn remove_file(path: &Path) -> io::Result<()> {
    match fs_err::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error) if is_absent(&error) => Ok(()),
        Err(error) => Err(error),
    }
}

fn is_absent(error: &io::Error) -> bool {
    // A path through what is a file, or no link where one was asked for, leads nowhere either.
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidInput
    )
}

fn lock_of(directory: &Path) -> PathBuf {
    let mut name = OsString::from(directory.as_os_str());
    name.push(".lock");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture() -> (tempfile::TempDir, Places) {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path());
        (folder, places)
    }

    fn entries(path: &Path) -> usize {
        fs_err::read_dir(path).map_or(0, Iterator::count)
    }

    fn fill(tree: &Path, text: &str) {
        fs_err::create_dir_all(tree).unwrap();
        fs_err::write(tree.join("file"), text).unwrap();
    }

    /// What a killed process leaves: everything but its lock.
    fn abandon(stage: Stage) {
        stage.lock.file().unlock().unwrap();
        std::mem::forget(stage);
    }

    #[test]
    fn a_stage_is_published_by_a_rename_and_leaves_nothing() {
        let (_folder, places) = fixture();
        let stage = Stage::begin(&places, "3.12.7", &Checkpoints::default()).unwrap();
        fill(&stage.tree(), "new");
        let target = places.version("3.12.7");
        stage.publish(&stage.tree(), &target, Standing::Keep).unwrap();
        drop(stage);
        assert_eq!(fs_err::read_to_string(target.join("file")).unwrap(), "new");
        assert_eq!(entries(&places.stage()), 0);
    }

    #[test]
    fn what_stands_is_kept_unless_replacing_was_asked_for() {
        let (_folder, places) = fixture();
        let target = places.version("3.12.7");
        fill(&target, "old");
        let stage = Stage::begin(&places, "3.12.7", &Checkpoints::default()).unwrap();
        fill(&stage.tree(), "new");
        stage.publish(&stage.tree(), &target, Standing::Keep).unwrap_err();
        assert_eq!(fs_err::read_to_string(target.join("file")).unwrap(), "old");
        stage.publish(&stage.tree(), &target, Standing::Replace).unwrap();
        drop(stage);
        assert_eq!(fs_err::read_to_string(target.join("file")).unwrap(), "new");
        assert_eq!(entries(&places.stage()), 0);
    }

    #[test]
    fn the_dead_are_swept_and_the_living_are_not() {
        let (_folder, places) = fixture();
        let living = Stage::begin(&places, "3.12.7", &Checkpoints::default()).unwrap();
        let dead = Stage::begin(&places, "3.13.5", &Checkpoints::default()).unwrap();
        fill(&living.tree(), "x");
        fill(&dead.tree(), "x");
        let elsewhere = places.root().join("python-build.1");
        fill(&elsewhere, "objects");
        dead.adopt(&elsewhere).unwrap();
        dead.adopt(&places.root().join("never made")).unwrap();
        abandon(dead);
        fill(&places.stage().join("lockless"), "x");

        sweep(&places).unwrap();
        assert!(living.tree().join("file").is_file());
        assert!(!elsewhere.try_exists().unwrap());
        assert_eq!(entries(&places.stage()), 2, "the living stage and its lock");
        drop(living);
        assert_eq!(entries(&places.stage()), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_planted_as_the_stage_is_refused() {
        let (folder, places) = fixture();
        let victim = folder.path().join("victim");
        fill(&victim.join("tree"), "precious");
        system::symlink(&victim, &places.stage()).unwrap();
        let refused = Stage::begin(&places, "3.12.7", &Checkpoints::default()).unwrap_err();
        assert!(refused.to_string().ends_with("stage is a link"), "{refused}");
        assert!(victim.join("tree/file").is_file());
    }

    #[test]
    fn a_tree_displaced_by_the_dead_comes_back() {
        let (_folder, places) = fixture();
        let dead = Stage::begin(&places, "3.12.7", &Checkpoints::default()).unwrap();
        fill(&dead.path("displaced/3.12.7"), "old");
        abandon(dead);
        fs_err::create_dir_all(places.versions()).unwrap();
        sweep(&places).unwrap();
        let file = places.version("3.12.7").join("file");
        assert_eq!(fs_err::read_to_string(file).unwrap(), "old");
        assert_eq!(entries(&places.stage()), 0);
    }
}
