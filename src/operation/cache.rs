//! The downloads and finished builds that are kept: what there is, and removing it.

use std::path::{Path, PathBuf};

use crate::disk::{self, Directory, Lock};
use crate::error::Error;
use crate::operation::Ground;

/// A file that is kept.
pub(crate) struct Kept {
    /// Where, in the cache.
    pub(crate) name: PathBuf,
    pub(crate) bytes: u64,
}

impl Kept {
    /// Whether it is a finished build.
    pub(crate) fn is_build(&self) -> bool {
        self.name.starts_with(BUILDS)
    }

    /// Whether it is only there to be locked.
    pub(crate) fn is_lock(&self) -> bool {
        self.name.extension().is_some_and(|extension| extension == "lock")
    }
}

/// Where finished builds are, in the cache.
const BUILDS: &str = "builds";

/// A directory of the cache.
struct Folder {
    /// Its name, counted from the cache.
    name: &'static str,
    directory: Directory,
}

/// The cache that the settings name.
pub(crate) fn directory(ground: &Ground) -> Result<&Path, Error> {
    Ok(&ground.settings()?.cache.value)
}

/// Makes a cache outside the root, so that it is known for ours when downloads are in it. One that cannot be made is the
/// trouble of who needs it.
pub(crate) fn make(ground: &Ground) -> Result<(), Error> {
    let cache = directory(ground)?;
    if !cache.starts_with(ground.root()) {
        drop(Directory::make_cache(cache));
    }
    Ok(())
}

/// Whether the cache is a directory that somebody had before: pyman keeps things there and removes none.
pub(crate) fn is_somebodys(ground: &Ground) -> Result<bool, Error> {
    let cache = directory(ground)?;
    if cache.starts_with(ground.root()) {
        return Ok(false);
    }
    Ok(Directory::at(cache)?.map(|cache| cache.is_our_cache()).transpose()? == Some(false))
}

/// The files in the cache but for locks, by name.
pub(crate) fn kept(cache: &Path) -> Result<Vec<Kept>, Error> {
    let mut files = Vec::new();
    for folder in folders(cache)? {
        files.extend(kept_in(&folder)?);
    }
    files.retain(|file| !file.is_lock());
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

/// Those of them that may go.
pub(crate) fn removable(ground: &Ground) -> Result<Vec<Kept>, Error> {
    let mut files = Vec::new();
    if is_somebodys(ground)? {
        return Ok(files);
    }
    for folder in folders(directory(ground)?)? {
        for file in kept_in(&folder)? {
            if !file.is_lock() && !stays(&folder.directory, &file)? {
                files.push(file);
            }
        }
    }
    Ok(files)
}

/// Removes what may go: how many files that were, and their bytes.
pub(crate) fn clear(ground: &Ground) -> Result<(u64, u64), Error> {
    // Looked at again for itself, not what was found before: a download may have begun since.
    let (mut removed, mut bytes) = (0, 0);
    if is_somebodys(ground)? {
        return Ok((removed, bytes));
    }
    for folder in folders(directory(ground)?)? {
        folder.directory.sweep_temporaries()?;
        for file in kept_in(&folder)? {
            let Some(name) = file.name.file_name() else { continue };
            if stays(&folder.directory, &file)? {
                continue;
            }
            folder.directory.unlink(name)?;
            if !file.is_lock() {
                removed += 1;
                bytes += file.bytes;
            }
        }
    }
    Ok((removed, bytes))
}

/// Whether it is another's, who shares this root, or is being fetched just now.
fn stays(folder: &Directory, file: &Kept) -> Result<bool, Error> {
    let Some(name) = file.name.file_name() else { return Ok(true) };
    let is_strangers = folder.look(name)?.is_some_and(|kept| kept.is_strangers());
    Ok(is_strangers || is_being_fetched(folder, Path::new(name))?)
}

/// The cache and its `builds/`, where they are there.
fn folders(cache: &Path) -> Result<Vec<Folder>, Error> {
    let Some(directory) = Directory::at(cache)? else { return Ok(Vec::new()) };
    let builds = directory.below(BUILDS)?.map(|directory| Folder { name: BUILDS, directory });
    Ok([Folder { name: "", directory }].into_iter().chain(builds).collect())
}

fn kept_in(folder: &Folder) -> Result<Vec<Kept>, Error> {
    let mut files = Vec::new();
    for entry in folder.directory.entries()? {
        if entry.name == disk::CACHE_TAG {
            continue;
        }
        let found = folder.directory.look(&entry.name)?.filter(|found| !found.is_directory());
        let name = Path::new(folder.name).join(&entry.name);
        files.extend(found.map(|found| Kept { name, bytes: found.size }));
    }
    Ok(files)
}

/// Whether a living process holds the lock beside the file, or is the lock's holder.
fn is_being_fetched(folder: &Directory, file: &Path) -> Result<bool, Error> {
    let whole = match file.extension().and_then(|extension| extension.to_str()) {
        Some("lock" | "partial") => file.with_extension(""),
        Some(_) | None => file.to_owned(),
    };
    let mut lock = whole.into_os_string();
    lock.push(".lock");
    Ok(Lock::is_taken(folder, &lock)?)
}
