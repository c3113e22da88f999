//! The installations under `versions/`: ours, foreign trees, and links to either.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use pyman_shim::{Form as NameForm, Name, Series, Variant, Version};

use super::{Error, Places, Receipt};
use crate::disk::{self, Directory, Kind};
use crate::world::layout;

/// Everything under `versions/`, by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inventory {
    installations: Vec<Installation>,
}

/// One entry of `versions/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Installation {
    /// The entry's name, which is how people ask for it.
    pub name: OsString,
    /// Where the entry stands; for a link, the link itself.
    pub path: PathBuf,
    /// Directory or link.
    pub form: Form,
}

/// What an entry of `versions/` is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// A directory.
    Tree,
    /// A directory in which this user may not look.
    Shut,
    /// A link to a directory, its target as written.
    Link(PathBuf),
    /// A link whose target is no directory any more.
    Dangling(PathBuf),
}

impl Inventory {
    /// Reads `versions/`; a root without one has nothing installed.
    pub(crate) fn read(places: &Places) -> Result<Self, Error> {
        let versions = places.versions();
        let mut installations = Vec::new();
        for entry in disk::entries(&versions)? {
            if !disk::is_nobodys(&entry.name) {
                installations.extend(Installation::at(&versions.join(&entry.name))?);
            }
        }
        installations.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { installations })
    }

    /// The installations, dangling links among them, in order of their names' bytes.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Installation> {
        self.installations.iter()
    }

    /// The installation of exactly this name.
    pub(crate) fn named(&self, name: &OsStr) -> Option<&Installation> {
        self.installations.iter().find(|found| found.name == name)
    }
}

impl Installation {
    /// What stands at `path`; none when nothing does, or what does is neither directory nor link.
    pub(crate) fn at(path: &Path) -> Result<Option<Self>, Error> {
        let found = Form::of(path)?.zip(path.file_name());
        Ok(found.map(|(form, name)| Self { name: name.to_owned(), path: path.to_owned(), form }))
    }

    /// Whether something can run from here: a tree, or a link to one.
    pub(crate) const fn is_usable(&self) -> bool {
        match self.form {
            Form::Tree | Form::Link(_) => true,
            Form::Shut | Form::Dangling(_) => false,
        }
    }

    /// What was installed here by us; none for links, foreign trees, what `pyman link` made and what may not be read.
    pub(crate) fn receipt(&self) -> Result<Option<Receipt>, Error> {
        match self.form {
            Form::Tree => Receipt::read(&self.path),
            Form::Shut | Form::Link(_) | Form::Dangling(_) => Ok(None),
        }
    }

    /// Version and variant when the name says them: `3.12.7`, `3.13.0t`, `3.13.0-debug`.
    pub(crate) fn tag(&self) -> Option<(Version, Variant)> {
        tag(&self.name)
    }
}

impl Form {
    fn of(path: &Path) -> Result<Option<Self>, Error> {
        match disk::look(path)?.map(|found| found.kind) {
            Some(Kind::Directory) => {
                // Tried on what would be in it: its mode does not say what access lists take back.
                let open = disk::permitted(disk::look(&layout::python(path)))?;
                Ok(Some(if open.is_some() { Self::Tree } else { Self::Shut }))
            }
            Some(Kind::Link) => Ok(disk::link_target(path)?.map(|target| {
                if disk::is_directory(path) { Self::Link(target) } else { Self::Dangling(target) }
            })),
            Some(Kind::File | Kind::Other) | None => Ok(None),
        }
    }
}

/// The directory of a version's environments goes with `environment`, the last of them: in a linked version it is in
/// another's tree. A person's own directory of that name stays.
pub(crate) fn leave_no_envs(places: &Places, environment: &Path) -> Result<(), Error> {
    let envs = environment.parent().filter(|folder| folder.ends_with("envs"));
    let Some(version) = envs.and_then(Path::parent).filter(|one| disk::is_directory(one)) else {
        return Ok(());
    };
    let real = disk::canonical(version)?;
    let inventory = Inventory::read(places)?;
    let mut usable = inventory.iter().filter(|found| found.is_usable());
    if !usable.any(|found| disk::canonical(&found.path).is_ok_and(|path| path == real)) {
        return Ok(());
    }
    let version = Directory::open(version)?;
    if version.has_directory("envs")? {
        version.remove_empty("envs")?;
    }
    Ok(())
}

/// The version and variant that a directory's name states, nothing before or after them.
pub(crate) fn tag(name: &OsStr) -> Option<(Version, Variant)> {
    match Name::parse(name.as_encoded_bytes()).form() {
        NameForm::CPython { series: Series::Patch(version), variant, development: false } => {
            Some((version, variant))
        }
        NameForm::CPython { .. } | NameForm::Family { .. } | NameForm::Plain => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_versions_say_version_and_variant() {
        let cases = [
            ("3.12.7", Some(("3.12.7", Variant::Default))),
            ("3.13.0t", Some(("3.13.0", Variant::FreeThreaded))),
            ("3.13.0rc2t", Some(("3.13.0rc2", Variant::FreeThreaded))),
            ("3.13.0-debug", Some(("3.13.0", Variant::Debug))),
            ("pypy3.10-7.3.17", None),
            ("3.12", None),
            ("web", None),
        ];
        for (name, expected) in cases {
            let expected = expected.map(|(text, variant)| (text.parse().unwrap(), variant));
            assert_eq!(tag(OsStr::new(name)), expected, "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_and_foreign_trees_are_listed_and_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path());
        assert_eq!(Inventory::read(&places).unwrap().iter().count(), 0);

        fs_err::create_dir_all(places.version("3.9.1/bin")).unwrap();
        fs_err::write(places.version("note"), "x").unwrap();
        fs_err::os::unix::fs::symlink("3.9.1", places.version("three")).unwrap();
        fs_err::os::unix::fs::symlink("/nowhere/at/all", places.version("gone")).unwrap();
        let inventory = Inventory::read(&places).unwrap();
        let found: Vec<_> =
            inventory.iter().map(|one| (one.name.to_str().unwrap(), one.form.clone())).collect();
        let expected = [
            ("3.9.1", Form::Tree),
            ("gone", Form::Dangling("/nowhere/at/all".into())),
            ("three", Form::Link("3.9.1".into())),
        ];
        assert_eq!(found, expected);
        let tree = inventory.named(OsStr::new("3.9.1")).unwrap();
        assert_eq!(tree.receipt().unwrap(), None);
    }
}
