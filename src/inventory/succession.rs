//! What an upgrade is about to do, written into the old patch before the new one appears, so that the same command goes on
//! where one that was killed left off.

use std::ffi::OsStr;
use std::io;

use super::places::{Folder, Places};
use super::{Error, Inventory, Receipt};
use crate::disk::{Directory, Privacy};

/// Within a tree's `.pyman`: the name of the patch that takes its place.
const SUCCESSOR: &str = "successor";

/// A patch, and the one that takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Succession {
    /// The name of the old patch under `versions/`.
    pub former: String,
    /// The name of the new one.
    pub successor: String,
}

impl Succession {
    /// Writes it down, in the old patch.
    pub(crate) fn note(&self, places: &Places) -> Result<(), Error> {
        match own(places, &self.former)? {
            Some(own) => {
                own.sweep_temporaries()?;
                Ok(own.replace(SUCCESSOR, self.successor.as_bytes(), Privacy::Shared)?)
            }
            None => Ok(()),
        }
    }

    /// Takes the note back.
    pub(crate) fn forget(&self, places: &Places) -> Result<(), Error> {
        match own(places, &self.former)? {
            Some(own) => Ok(own.unlink(SUCCESSOR)?),
            None => Ok(()),
        }
    }

    /// Those that were begun and not finished: the new patch is installed, and the old one still is. A note names no more
    /// than what an upgrade may do anyway: both are patches of one minor, and pyman made the old one.
    pub(crate) fn unfinished(places: &Places) -> Result<Vec<Self>, Error> {
        let inventory = Inventory::read(places)?;
        let mut found = Vec::new();
        for installation in inventory.iter() {
            let Some((version, variant)) = installation.tag() else { continue };
            let former = installation.name.to_string_lossy().into_owned();
            let note = own(places, &former)?.map(|own| note(&own)).transpose()?;
            let Some(successor) = note.flatten().and_then(|note| String::from_utf8(note).ok())
            else {
                continue;
            };
            let is_patch = inventory.named(OsStr::new(&successor)).is_some_and(|successor| {
                successor.tag().is_some_and(|(newer, its)| {
                    let minor = (newer.major, newer.minor) == (version.major, version.minor);
                    minor && its == variant && newer > version
                })
            });
            if is_patch && Receipt::read(&installation.path)?.is_some() {
                found.push(Self { former, successor });
            }
        }
        Ok(found)
    }
}

/// What the note says, where our account wrote it. A tree brings none along: whatever it holds below `.pyman` is left out
/// before it is published.
fn note(own: &Directory) -> io::Result<Option<Vec<u8>>> {
    let ours = own.look(SUCCESSOR)?.is_some_and(|found| found.is_file() && found.is_own());
    if ours { own.read(SUCCESSOR) } else { Ok(None) }
}

/// Our own directory in a tree under `versions/`.
fn own(places: &Places, name: &str) -> io::Result<Option<Directory>> {
    let Some(versions) = places.open(Folder::Versions)? else { return Ok(None) };
    if !versions.has_directory(name)? {
        return Ok(None);
    }
    match versions.below(name)? {
        Some(tree) => tree.below(".pyman"),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_an_upgrade_may_do_is_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path());
        for name in ["3.12.1", "3.12.7", "3.13.0"] {
            fs_err::create_dir_all(places.version(name).join(".pyman")).unwrap();
        }
        let of = |successor: &str| Succession {
            former: "3.12.1".to_owned(),
            successor: successor.to_owned(),
        };
        for other in ["3.13.0", "3.12.9", "../x", "3.12.1"] {
            of(other).note(&places).unwrap();
            assert_eq!(Succession::unfinished(&places).unwrap(), [], "{other}");
        }
        of("3.12.7").note(&places).unwrap();
        assert_eq!(Succession::unfinished(&places).unwrap(), [], "pyman did not make it");
        of("3.12.7").forget(&places).unwrap();
        assert!(!places.version("3.12.1/.pyman/successor").try_exists().unwrap());
    }
}
