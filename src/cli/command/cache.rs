//! `pyman cache list|clean`: the downloads and finished builds that are kept.

use std::path::{Path, PathBuf};

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::disk::{Directory, Lock};
use crate::error::Error;
use crate::install;
use crate::progress::Silent;

/// List or remove the downloads and builds that are kept
#[derive(clap::Parser)]
pub(crate) struct Cache {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List the files, with their sizes in bytes
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove them; what is being fetched just now stays
    Clean,
}

/// A file that is kept.
struct Kept {
    /// Where, in the cache.
    name: PathBuf,
    bytes: u64,
}

impl Run for Cache {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let cache = &context.settings()?.cache.value;
        match self.action {
            Action::List { json } => list(context, cache, json),
            Action::Clean => clean(context, cache),
        }
    }
}

fn list(context: &Context, cache: &Path, json: bool) -> Result<Status, Error> {
    let mut files = kept(cache)?;
    files.retain(|file| !is_lock(&file.name));
    if json {
        let row = |file: &Kept| serde_json::json!({ "path": cache.join(&file.name).to_string_lossy(), "bytes": file.bytes });
        let rows: Vec<serde_json::Value> = files.iter().map(row).collect();
        context.printer.json(&rows.into())?;
        return Ok(Status::SUCCESS);
    }
    for file in files {
        context.printer.line(format!("{:>12}  {}", file.bytes, file.name.display()))?;
    }
    Ok(Status::SUCCESS)
}

fn clean(context: &Context, cache: &Path) -> Result<Status, Error> {
    context.warn()?;
    let mut removed = 0_u64;
    let mut bytes = 0;
    install::tidy(&context.places(), &Silent)?;
    for folder in folders(cache)? {
        folder.directory.sweep_temporaries()?;
        for file in kept_in(&folder)? {
            let Some(name) = file.name.file_name() else { continue };
            // In a shared root what others fetched is theirs.
            let is_strangers = folder.directory.look(name)?.is_some_and(|kept| kept.is_strangers());
            if is_strangers || is_being_fetched(&folder.directory, Path::new(name))? {
                continue;
            }
            folder.directory.unlink(name)?;
            if !is_lock(&file.name) {
                removed += 1;
                bytes += file.bytes;
            }
        }
    }
    let files = if removed == 1 { "file" } else { "files" };
    context.printer.say(&format!("removed {removed} {files}, {} MB", bytes.div_ceil(1_000_000)));
    Ok(Status::SUCCESS)
}

/// A directory of the cache.
struct Folder {
    /// Its name, counted from the cache.
    name: &'static str,
    directory: Directory,
}

/// The cache and its `builds/`, where they are there.
fn folders(cache: &Path) -> Result<Vec<Folder>, Error> {
    let Some(directory) = Directory::at(cache)? else { return Ok(Vec::new()) };
    let builds = directory.below("builds")?.map(|directory| Folder { name: "builds", directory });
    Ok([Folder { name: "", directory }].into_iter().chain(builds).collect())
}

/// The files directly in the cache and in its `builds/`, by name.
fn kept(cache: &Path) -> Result<Vec<Kept>, Error> {
    let mut files = Vec::new();
    for folder in folders(cache)? {
        files.extend(kept_in(&folder)?);
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

fn kept_in(folder: &Folder) -> Result<Vec<Kept>, Error> {
    let mut files = Vec::new();
    for entry in folder.directory.entries()? {
        let found = folder.directory.look(&entry.name)?.filter(|found| !found.is_directory());
        let name = Path::new(folder.name).join(&entry.name);
        files.extend(found.map(|found| Kept { name, bytes: found.size }));
    }
    Ok(files)
}

fn is_lock(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "lock")
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
