//! Tells an environment's files where they stand now: script heads, paths of packages, `pyvenv.cfg`.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Environment, Error, activate, config, layout, unfinished};
use crate::disk::{self, Directory, Kind, Privacy};
use crate::quote::file_address;
use crate::relocate::{Header, in_strings, replaced};
use crate::world;

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

/// An error where a directory of an environment that we write in is a link: what it leads to is somebody else's. (`lib64`
/// is one by right, and nothing is written through it.)
pub(super) fn refuse_links(tree: &Path) -> Result<(), Error> {
    match link_within(tree)? {
        Some(link) => Err(Error::LinkWithin { link, environment: tree.to_owned() }),
        None => Ok(()),
    }
}

/// The first of the directories of an environment in which pyman writes that is a link.
pub fn link_within(tree: &Path) -> Result<Option<PathBuf>, Error> {
    let mut rooms =
        ["bin", "Scripts", "lib", "include", "share"].map(|name| tree.join(name)).to_vec();
    for entry in disk::entries(&tree.join("lib"))? {
        let library = tree.join("lib").join(&entry.name);
        rooms.extend([library.join("site-packages"), library]);
    }
    for room in rooms {
        // Among the libraries of other tools are links to files.
        let is_room = room.parent() == Some(tree) || disk::is_directory(&room);
        if is_room && disk::look(&room)?.is_some_and(|found| found.is_link()) {
            return Ok(Some(room));
        }
    }
    Ok(None)
}

/// Where the files of an environment may say that it stands: what most of its scripts name, and what a repair was at that
/// died.
pub(super) fn formers(environment: &Environment) -> Result<Vec<PathBuf>, Error> {
    let mut formers = unfinished::repaired_from(&environment.directory)?;
    formers.extend(former(&environment.layout().commands())?);
    formers.dedup();
    Ok(formers)
}

impl Relocation<'_> {
    /// Rewrites every file that names a former place; each is replaced by a new file at once.
    pub(super) fn apply(&self) -> Result<(), Error> {
        refuse_links(self.tree)?;
        let environment = Environment::open(self.tree)?;
        let tree = Directory::open(self.tree)?;
        tree.sweep_temporaries()?;
        let layout = environment.layout();
        if let Some(commands) = below(&tree, &layout.commands())? {
            self.scripts(&commands)?;
        }
        if let Some(packages) = below(&tree, &layout.site_packages())? {
            self.packages(&packages)?;
        }
        self.kernels(&tree)?;
        self.configure(&environment, &tree)
    }

    fn scripts(&self, commands: &Directory) -> Result<(), Error> {
        commands.sweep_temporaries()?;
        for name in files(commands)? {
            let Some(text) = read(commands, &name)? else { continue };
            let renamed = if text.starts_with(b"#!") || text.starts_with(b"MZ") {
                self.headed(&text)
            } else if is_activation(&name) {
                Some(self.renamed(&text))
            } else {
                None
            };
            replace(commands, &name, &text, renamed)?;
        }
        Ok(())
    }

    /// The same script for the interpreter of its name at the goal; none when no former interpreter runs it.
    fn headed(&self, text: &[u8]) -> Option<Vec<u8>> {
        let header = Header::of(text)?;
        let place = stands_in(&header)?;
        let ours = place == self.goal || self.former.iter().any(|former| former == place);
        ours.then(|| header.script_in(&self.goal.join(layout::COMMANDS)))
    }

    /// `.pth` and `.egg-link` files, finders of editable packages, `direct_url.json`.
    fn packages(&self, packages: &Directory) -> Result<(), Error> {
        packages.sweep_temporaries()?;
        for entry in packages.entries()? {
            let name = &entry.name;
            let extension = Path::new(name).extension().and_then(OsStr::to_str);
            let is_finder =
                name.as_encoded_bytes().starts_with(b"__editable__") && extension == Some("py");
            match entry.kind {
                Kind::File if is_finder || matches!(extension, Some("pth" | "egg-link")) => {
                    self.rename_in(packages, name)?;
                }
                Kind::Directory if extension == Some("dist-info") => {
                    if let Some(records) = packages.below(name)? {
                        records.sweep_temporaries()?;
                        self.rename_in_json(&records, OsStr::new("direct_url.json"))?;
                    }
                }
                Kind::File | Kind::Directory | Kind::Link | Kind::Other => {}
            }
        }
        Ok(())
    }

    /// Jupyter's kernels, which are started by the path of their interpreter: `share/jupyter/kernels/*/kernel.json`.
    fn kernels(&self, tree: &Directory) -> Result<(), Error> {
        let Some(kernels) = below(tree, &tree.join("share/jupyter/kernels"))? else {
            return Ok(());
        };
        for entry in kernels.entries()?.into_iter().filter(|one| one.kind == Kind::Directory) {
            if let Some(kernel) = kernels.below(&entry.name)? {
                kernel.sweep_temporaries()?;
                self.rename_in_json(&kernel, OsStr::new("kernel.json"))?;
            }
        }
        Ok(())
    }

    fn rename_in(&self, directory: &Directory, name: &OsStr) -> Result<(), Error> {
        let Some(text) = read(directory, name)? else { return Ok(()) };
        let renamed = self.renamed(&text);
        Ok(replace(directory, name, &text, Some(renamed))?)
    }

    /// The same in a document of JSON, where a path may be written in escapes.
    fn rename_in_json(&self, directory: &Directory, name: &OsStr) -> Result<(), Error> {
        let Some(text) = read(directory, name)? else { return Ok(()) };
        let renamed = in_strings(&text, &|string| self.renamed(string));
        Ok(replace(directory, name, &text, Some(renamed))?)
    }

    fn renamed(&self, text: &[u8]) -> Vec<u8> {
        self.former.iter().fold(text.to_vec(), |text, former| {
            let text = replaced(&text, &url(former), &url(self.goal));
            replaced(&text, world::bytes(former), world::bytes(self.goal))
        })
    }

    fn configure(&self, environment: &Environment, tree: &Directory) -> Result<(), Error> {
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
        let former = environment.config.text().into_bytes();
        replace(tree, OsStr::new(config::FILE), &former, Some(config.text().into_bytes()))?;
        let layout = environment.layout();
        activate::write(layout, self.goal, config.prompt().as_deref())
    }
}

/// `path` below `goal` when it is at or below `former`.
pub(super) fn path(path: &Path, former: &Path, goal: &Path) -> Option<PathBuf> {
    let rest = path.strip_prefix(former).ok()?;
    Some(if rest.as_os_str().is_empty() { goal.to_owned() } else { goal.join(rest) })
}

/// Where an environment stood when its scripts were written: what most of their headers name.
fn former(commands: &Path) -> Result<Option<PathBuf>, Error> {
    let mut named: BTreeMap<PathBuf, usize> = BTreeMap::new();
    if !disk::is_directory(commands) {
        return Ok(None);
    }
    let commands = Directory::open(commands)?;
    for name in files(&commands)? {
        let Some(text) = read(&commands, &name)? else { continue };
        if let Some(place) = Header::of(&text).as_ref().and_then(stands_in) {
            *named.entry(place.to_owned()).or_default() += 1;
        }
    }
    Ok(named.into_iter().max_by_key(|(_, count)| *count).map(|(place, _)| place))
}

/// `/e` of `/e/bin/python`.
fn stands_in<'h>(header: &'h Header<'_>) -> Option<&'h Path> {
    let commands = header.directory()?;
    commands.ends_with(layout::COMMANDS).then(|| commands.parent()).flatten()
}

/// The path as a `file:` URL has it.
fn url(path: &Path) -> Vec<u8> {
    file_address(world::bytes(path)).into_bytes()
}

/// The scripts of other tools that are sourced, not run.
pub(super) fn is_activation(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_lowercase();
    name.starts_with("activate") || name.starts_with("deactivate")
}

/// The directory at a path inside the tree, no link followed on the way.
fn below(tree: &Directory, path: &Path) -> io::Result<Option<Directory>> {
    let mut found = tree.try_clone()?;
    for part in path.strip_prefix(tree.path()).unwrap_or(path) {
        match found.below(part)? {
            Some(directory) => found = directory,
            None => return Ok(None),
        }
    }
    Ok(Some(found))
}

/// The text of a regular file that is not too large to be one of ours.
fn read(directory: &Directory, name: &OsStr) -> io::Result<Option<Vec<u8>>> {
    match directory.look(name)? {
        Some(found) if found.is_file() && found.size <= LARGEST => directory.read(name),
        Some(_) | None => Ok(None),
    }
}

/// Puts a new file in the place of the old one, with its permissions; other links to the old keep its text.
fn replace(
    directory: &Directory,
    name: &OsStr,
    old: &[u8],
    new: Option<Vec<u8>>,
) -> io::Result<()> {
    let Some(new) = new.filter(|new| new != old) else {
        return Ok(());
    };
    let former = directory.look(name)?.filter(disk::Found::is_file);
    let privacy = match former.map(|former| former.mode) {
        Some(mode) if mode & 0o111 != 0 => Privacy::Program,
        Some(mode) if mode.trailing_zeros() >= 6 => Privacy::Secret,
        Some(_) | None => Privacy::Shared,
    };
    directory.replace_by(name, privacy, |file| file.write_all(&new))
}

fn files(directory: &Directory) -> io::Result<Vec<OsString>> {
    let entries = directory.entries()?.into_iter();
    Ok(entries.filter(|entry| entry.kind == Kind::File).map(|entry| entry.name).collect())
}
