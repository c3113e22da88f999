//! `pyman cache list|clean`: the downloads and finished builds that are kept.

use std::io;
use std::path::{Path, PathBuf};

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::disk::try_lock;
use crate::error::Error;

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
    path: PathBuf,
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
    files.retain(|file| !is_lock(&file.path));
    if json {
        let row = |file: &Kept| serde_json::json!({ "path": file.path.to_string_lossy(), "bytes": file.bytes });
        let rows: Vec<serde_json::Value> = files.iter().map(row).collect();
        context.printer.json(&rows.into())?;
        return Ok(Status::SUCCESS);
    }
    for file in files {
        let name = file.path.strip_prefix(cache).unwrap_or(&file.path);
        context.printer.line(format!("{:>12}  {}", file.bytes, name.display()))?;
    }
    Ok(Status::SUCCESS)
}

fn clean(context: &Context, cache: &Path) -> Result<Status, Error> {
    let mut removed = 0_u64;
    let mut bytes = 0;
    for file in kept(cache)? {
        if is_being_fetched(&file.path)? {
            continue;
        }
        match fs_err::remove_file(&file.path) {
            Ok(()) if is_lock(&file.path) => {}
            Ok(()) => {
                removed += 1;
                bytes += file.bytes;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    let files = if removed == 1 { "file" } else { "files" };
    context.printer.say(&format!("removed {removed} {files}, {} MB", bytes.div_ceil(1_000_000)));
    Ok(Status::SUCCESS)
}

/// The files directly in the cache and in its `builds/`, by name.
fn kept(cache: &Path) -> Result<Vec<Kept>, Error> {
    let mut files = Vec::new();
    for directory in [cache.to_owned(), cache.join("builds")] {
        let entries = match fs_err::read_dir(directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error.into()),
        };
        for entry in entries {
            let entry = entry?;
            let metadata = fs_err::symlink_metadata(entry.path())?;
            if !metadata.is_dir() {
                files.push(Kept { path: entry.path(), bytes: metadata.len() });
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

fn is_lock(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "lock")
}

/// Whether a living process holds the lock beside the file, or is the lock's holder.
fn is_being_fetched(path: &Path) -> Result<bool, Error> {
    let whole = match path.extension().and_then(|extension| extension.to_str()) {
        Some("lock" | "partial") => path.with_extension(""),
        Some(_) | None => path.to_owned(),
    };
    let mut lock = whole.into_os_string();
    lock.push(".lock");
    match fs_err::File::open(Path::new(&lock)) {
        Ok(file) => Ok(!try_lock(&file)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}
