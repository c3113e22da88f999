//! Tells an environment's files where they stand now: script heads, paths of packages, `pyvenv.cfg`.

mod heads;
mod text;

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::{Environment, Error, activation, config, stage, system};
use crate::world;

pub(super) use heads::former;

/// An environment whose files are to name another place.
#[derive(Debug)]
pub(super) struct Relocation<'a> {
    /// Where the files are now.
    pub(super) tree: &'a Path,
    /// What they may name.
    pub(super) former: &'a [PathBuf],
    /// What they are to name.
    pub(super) goal: &'a Path,
}

/// Larger files hold no paths that anybody looks for. In bytes.
const LARGEST: u64 = 1 << 20;

impl Relocation<'_> {
    /// Rewrites every file that names a former place; each is replaced by a new file at once.
    pub(super) fn apply(&self) -> Result<(), Error> {
        let environment = Environment::open(self.tree)?;
        self.scripts(&environment.layout().commands())?;
        self.packages(&environment.layout().site_packages())?;
        self.configure(&environment)
    }

    fn scripts(&self, commands: &Path) -> Result<(), Error> {
        for path in files(commands)? {
            let Some(text) = read(&path)? else { continue };
            let renamed = if text.starts_with(b"#!") {
                heads::headed(&text, self.former, self.goal)
            } else if is_activation(&path) {
                Some(self.renamed(&text))
            } else {
                None
            };
            replace(&path, &text, renamed)?;
        }
        Ok(())
    }

    /// `.pth` and `.egg-link` files, finders of editable packages, `direct_url.json`.
    fn packages(&self, site_packages: &Path) -> Result<(), Error> {
        for path in files(site_packages)? {
            let name = path.file_name().unwrap_or_default().as_encoded_bytes();
            let extension = path.extension().and_then(OsStr::to_str);
            let is_finder = name.starts_with(b"__editable__") && extension == Some("py");
            if is_finder || matches!(extension, Some("pth" | "egg-link")) {
                self.rename_in(&path)?;
            }
        }
        for entry in entries(site_packages)? {
            if entry.extension().is_some_and(|extension| extension == "dist-info") {
                self.rename_in(&entry.join("direct_url.json"))?;
            }
        }
        Ok(())
    }

    fn rename_in(&self, path: &Path) -> Result<(), Error> {
        let Some(text) = read(path)? else { return Ok(()) };
        let renamed = self.renamed(&text);
        Ok(replace(path, &text, Some(renamed))?)
    }

    fn renamed(&self, text: &[u8]) -> Vec<u8> {
        self.former.iter().fold(text.to_vec(), |text, former| {
            let text = text::replaced(&text, &text::url(former), &text::url(self.goal));
            text::replaced(&text, world::bytes(former), world::bytes(self.goal))
        })
    }

    fn configure(&self, environment: &Environment) -> Result<(), Error> {
        let mut config = environment.config.clone();
        if let Some(command) = config.value("command").map(str::to_owned) {
            let renamed = self.renamed(command.as_bytes());
            config.set("command", String::from_utf8_lossy(&renamed));
        }
        let name = self.goal.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let was_name = |prompt: &str| {
            let names = self.former.iter().filter_map(|former| former.file_name());
            names.into_iter().any(|former| former == OsStr::new(prompt))
        };
        if config.prompt().is_some_and(|prompt| was_name(&prompt)) {
            config.set_prompt(&name);
        }
        let file = self.tree.join(config::FILE);
        replace(&file, environment.config.text().as_bytes(), Some(config.text().into_bytes()))?;
        let layout = environment.layout();
        activation::write(layout, self.goal, config.prompt().as_deref())
    }
}

/// `path` below `goal` when it is at or below `former`.
pub(super) fn path(path: &Path, former: &Path, goal: &Path) -> Option<PathBuf> {
    let rest = path.strip_prefix(former).ok()?;
    Some(if rest.as_os_str().is_empty() { goal.to_owned() } else { goal.join(rest) })
}

/// The scripts of other tools that are sourced, not run.
fn is_activation(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    name.starts_with("activate") || name.starts_with("deactivate")
}

/// The text of a regular file that is not too large to be one of ours.
fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs_err::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() && metadata.len() <= LARGEST => {
            fs_err::read(path).map(Some)
        }
        Ok(_) => Ok(None),
        Err(error) if world::absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts a new file in the place of the old one, with its permissions; other links to the old keep its text.
fn replace(path: &Path, old: &[u8], new: Option<Vec<u8>>) -> io::Result<()> {
    let Some(new) = new.filter(|new| new != old) else {
        return Ok(());
    };
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".pyman");
    let aside = path.with_file_name(name);
    stage::remove(&aside)?;
    system::write_new(&aside, 0o666, &new)?;
    match fs_err::metadata(path) {
        Ok(metadata) => fs_err::set_permissions(&aside, metadata.permissions())?,
        Err(error) if world::absent(&error) => {}
        Err(error) => return Err(error),
    }
    fs_err::rename(aside, path)
}

fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = entries(directory)?;
    found.retain(|path| path.is_file() && !path.is_symlink());
    Ok(found)
}

fn entries(directory: &Path) -> io::Result<Vec<PathBuf>> {
    match fs_err::read_dir(directory) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if world::absent(&error) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
