//! Which commands are installed: the executables of every version and of every environment in it.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use memchr::memmem;
use pyman_shim::{Home, Layout, Resolver};

use super::system;
use crate::disk::{self, Kind};
use crate::world::{self, Machine, layout};

/// So much of a file tells a program from a text.
const HEAD: u64 = 256;

/// What one look at `versions/` found.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The names of all shims there should be, the launcher's among them.
    pub(super) commands: BTreeSet<OsString>,
    /// When a directory that was looked at last changed.
    pub(super) newest: Option<SystemTime>,
}

impl Scan {
    /// Looks at `versions/*/bin` and `versions/*/envs/*/bin`. What was a command in an `earlier`
    /// look, a moment ago, is not asked again.
    pub(super) fn of(versions: &Path, earlier: &Self) -> io::Result<Self> {
        let mut scan = Self::default();
        scan.commands.extend(system::LAUNCHERS.iter().map(OsString::from));
        for directory in directories(versions)? {
            scan.newest = scan.newest.max(changed(&directory)?);
        }
        for directory in holders(versions)? {
            for commands in layout::commands(&directory) {
                scan.add(&commands, earlier)?;
            }
        }
        if !Layout::HERE.has_numbered_commands() {
            scan.number(versions);
        }
        Ok(scan)
    }

    /// Adds `python3` and `python3.12` where a version has `python` alone.
    fn number(&mut self, versions: &Path) {
        let Some(root) = versions.parent() else { return };
        let resolver = Resolver::new(&Machine, Home::new(world::bytes(root)));
        for installation in resolver.installations_and_environments() {
            let Some(identity) = resolver.identity(&installation) else { continue };
            for stem in [b"python".as_slice(), b"pip"] {
                if resolver.has(&installation, stem).is_some() {
                    let names = Layout::HERE.other_names(stem, &identity);
                    self.commands.extend(
                        names
                            .iter()
                            .map(|name| layout::program(Path::new(""), name).into_os_string()),
                    );
                }
            }
        }
    }

    fn add(&mut self, directory: &Path, earlier: &Self) -> io::Result<()> {
        for entry in entries(directory)? {
            let Some(name) = system::shim_name(&entry.name) else { continue };
            // Asking the file costs most: not again for the same command of the next version.
            let known = self.commands.contains(&name) || entry.kind == Kind::Directory;
            if known || is_never(&name) {
                continue;
            }
            let is_command =
                || earlier.commands.contains(&name) || is_run(&directory.join(&entry.name));
            if is_command() {
                self.commands.insert(name);
            }
        }
        Ok(())
    }
}

/// Every directory whose change may mean a new command, or one less.
pub(super) fn directories(versions: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all = vec![versions.to_owned()];
    for holder in holders(versions)? {
        all.push(holder.join("envs"));
        all.extend(layout::commands(&holder));
    }
    Ok(all)
}

/// When a directory last changed; never, if there is none, or none that may be looked at.
pub(super) fn changed(directory: &Path) -> io::Result<Option<SystemTime>> {
    let found = disk::permitted(disk::follow(directory))?.flatten();
    Ok(found.map(|found| found.modified))
}

/// Versions, links to versions, and environments inside versions.
fn holders(versions: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for version in children(versions)? {
        all.extend(children(&version.join("envs"))?);
        all.push(version);
    }
    Ok(all)
}

/// What stands in a directory, but for what is being made there.
fn children(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = entries(directory)?.into_iter();
    let finished = entries.filter(|entry| !disk::is_nobodys(&entry.name));
    Ok(finished.map(|entry| directory.join(entry.name)).collect())
}

/// What may not be read holds no command.
fn entries(directory: &Path) -> io::Result<Vec<disk::Entry>> {
    Ok(disk::permitted(disk::entries(directory))?.unwrap_or_default())
}

/// Whether a name is never a command's: what acts on the calling shell, the manager, and what is there to be sourced
/// or completed with. A shim that stood for `gettext.sh` would break `. gettext.sh` of every shell program.
fn is_never(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    let has = |part: &[u8]| memmem::find(name, part).is_some();
    system::NEVER.iter().any(|word| name == word.as_bytes())
        || has(b"activate")
        || name == b"gettext.sh"
        || name.starts_with(b"virtualenvwrapper") && name.ends_with(b".sh")
        || name.starts_with(b"aws_") && has(b"_completer")
}

/// Whether it is run, and not only sourced. What cannot be read is not known to be, and may be run.
fn is_run(file: &Path) -> bool {
    system::is_command(file)
        && disk::read_head(file, HEAD)
            .is_ok_and(|head| !head.is_some_and(|head| system::is_sourced(&head)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sourced_is_no_command() {
        let never = [
            "activate",
            "activate.csh",
            "deactivate",
            "pyman",
            "gettext.sh",
            "virtualenvwrapper.sh",
            "virtualenvwrapper_lazy.sh",
            "aws_completer",
            "aws_zsh_completer.sh",
            "register-python-argcomplete-activate",
        ];
        for name in never {
            assert!(is_never(OsStr::new(name)), "{name}");
        }
        for name in ["aws", "gettext", "virtualenv", "virtualenv-clone", "python3.12", "pip"] {
            assert!(!is_never(OsStr::new(name)), "{name}");
        }
    }
}
