//! A wheel unpacked into the cache: its files, with the records that an installer adds, and its list, so that planting reads
//! one file and looks into no directory.

use std::io;
use std::path::{Component, Path, PathBuf};

use pyman_shim::{Specifiers, Version};

use crate::archive::{self, Policy, Root};
use crate::disk::{Directory, Kind, Privacy};
use crate::environment::Error;
use crate::environment::probe_cache::nanoseconds;
use crate::environment::seed::records;
use crate::environment::seed::wheel::WheelName;
use crate::environment::stage::Stage;
use crate::inventory::{Folder, Places};
use crate::progress::Progress;

/// The list's name, beside the tree.
const FILE: &str = "manifest";

/// Begins every list.
const FORMAT: &str = "pyman wheel 1";

/// An unpacked wheel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    /// `Requires-Python` as written; empty when there is none.
    pub(super) requires: String,
    /// The minors that its classifiers name.
    pub(super) minors: Vec<String>,
    /// Name and object of each console script.
    pub(super) scripts: Vec<(String, String)>,
    /// Directories, parents first.
    pub(super) directories: Vec<PathBuf>,
    /// Files but `RECORD`.
    pub(super) files: Vec<File>,
    /// The place of `RECORD`.
    pub(super) record: PathBuf,
}

/// A file as it was unpacked: one that has changed since was written to through a hard link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    pub(super) path: PathBuf,
    /// In bytes.
    pub(super) size: u64,
    /// Nanoseconds since 1970.
    pub(super) changed: i128,
}

impl Manifest {
    /// Reads the list of the wheel unpacked in `folder`; none when it is no list of ours.
    pub(super) fn read(folder: &Directory) -> io::Result<Option<Self>> {
        let text = folder.read(FILE)?.map(String::from_utf8);
        Ok(text.and_then(|text| Self::parse(&text.ok()?)))
    }

    /// Writes it.
    pub(super) fn write(&self, folder: &Directory) -> io::Result<()> {
        folder.write_new(FILE, self.text().as_bytes(), Privacy::Shared)
    }

    /// Whether a Python of this version can run it: `Requires-Python` allows it, and where the classifiers
    /// name minors, its own is among them (an old pip does not run on a new Python, whatever it requires).
    pub(super) fn supports(&self, version: Version) -> bool {
        let allowed = Specifiers::parse(self.requires.as_bytes())
            .is_none_or(|specifiers| specifiers.allow(Version { pre: None, ..version }));
        let minor = format!("{}.{}", version.major, version.minor);
        allowed && (self.minors.is_empty() || self.minors.contains(&minor))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        (lines.next()? == FORMAT).then_some(())?;
        let mut manifest = Self::default();
        let mut whole = false;
        for line in lines {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            match word {
                "requires" => rest.clone_into(&mut manifest.requires),
                "minor" => manifest.minors.push(rest.to_owned()),
                "script" => {
                    let (name, object) = rest.split_once(' ')?;
                    manifest.scripts.push((name.to_owned(), object.to_owned()));
                }
                "directory" => manifest.directories.push(inside(rest)?),
                "file" => {
                    let (size, rest) = rest.split_once(' ')?;
                    let (changed, path) = rest.split_once(' ')?;
                    let (size, changed) = (size.parse().ok()?, changed.parse().ok()?);
                    manifest.files.push(File { path: inside(path)?, size, changed });
                }
                "record" => manifest.record = inside(rest)?,
                "end" => whole = true,
                _ => return None,
            }
        }
        whole.then_some(manifest)
    }

    fn text(&self) -> String {
        let mut lines = vec![FORMAT.to_owned(), format!("requires {}", self.requires)];
        lines.extend(self.minors.iter().map(|minor| format!("minor {minor}")));
        lines.extend(self.scripts.iter().map(|(name, object)| format!("script {name} {object}")));
        lines.extend(self.directories.iter().map(|path| format!("directory {}", path.display())));
        lines.extend(self.files.iter().map(|File { path, size, changed }| {
            format!("file {size} {changed} {}", path.display())
        }));
        lines.push(format!("record {}\nend\n", self.record.display()));
        lines.join("\n")
    }
}

/// A path that stays where it is put.
fn inside(text: &str) -> Option<PathBuf> {
    let path = Path::new(text);
    let normal = |part| matches!(part, Component::Normal(_));
    (!text.is_empty() && path.components().all(normal)).then(|| path.to_owned())
}

/// Of an unpacked wheel: its files, beside its list.
pub(super) const TREE: &str = "tree";

/// An unpacked wheel: its list, and its files in `tree`.
#[derive(Debug)]
pub(in crate::environment) struct Unpacked {
    pub(super) folder: Directory,
    pub(super) manifest: Manifest,
}

impl Unpacked {
    /// The one in `folder`; none when it is torn, or was written to through a hard link.
    pub(super) fn open(folder: Directory) -> Result<Option<Self>, Error> {
        let Some(manifest) = Manifest::read(&folder)? else { return Ok(None) };
        let unpacked = Self { folder, manifest };
        Ok(if unpacked.is_whole()? { Some(unpacked) } else { None })
    }

    /// Its files.
    pub(super) fn tree(&self) -> Result<Directory, Error> {
        let torn = || Error::Wheel {
            path: self.folder.path().to_owned(),
            reason: "its files are gone".to_owned(),
        };
        self.folder.below(TREE)?.ok_or_else(torn)
    }

    /// Whether every file is as it was unpacked.
    fn is_whole(&self) -> Result<bool, Error> {
        let Some(tree) = self.folder.below(TREE)? else { return Ok(false) };
        for file in &self.manifest.files {
            let found = tree.look(&file.path)?;
            let as_unpacked = (file.size, file.changed);
            if found.is_none_or(|found| (found.size, nanoseconds(&found)) != as_unpacked) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Who installed it, as `INSTALLER` says; pip leaves alone what another says.
const INSTALLER: &[u8] = b"pip\n";

/// The directory of unpacked wheels in the cache.
pub(super) const WHEELS: &str = "wheels";

/// Where unpacked wheels are.
pub(super) fn wheels(places: &Places) -> io::Result<Directory> {
    places.make(Folder::Cache)?.make_below(WHEELS)
}

/// Unpacks a wheel into the cache, over what is torn there, unless another process did meanwhile.
pub(super) fn store(
    wheel: &Path,
    places: &Places,
    progress: &dyn Progress,
) -> Result<Unpacked, Error> {
    let name = wheel.file_name().and_then(|name| name.to_str()).and_then(WheelName::parse);
    let name = name.ok_or_else(|| refused(wheel, "its name is none of a wheel for any machine"))?;
    let wheels = wheels(places)?;
    let stage = Stage::begin_in(&wheels, name.stem.as_ref(), progress)?;
    if let Some(there) = wheels.below(&name.stem)?
        && let Some(unpacked) = Unpacked::open(there)?
    {
        return Ok(unpacked);
    }
    let Unpacked { manifest, .. } = unpack(wheel, stage.directory().try_clone()?, progress)?;
    match wheels.look(&name.stem)? {
        None => stage.publish()?,
        Some(_) => stage.replace()?, // something torn
    }
    match wheels.below(&name.stem)? {
        Some(folder) => Ok(Unpacked { folder, manifest }),
        None => Err(refused(&wheels.join(&name.stem), "it was removed meanwhile")),
    }
}

/// Unpacks a wheel into `folder`: its files, and their list.
pub(super) fn unpack(
    wheel: &Path,
    folder: Directory,
    progress: &dyn Progress,
) -> Result<Unpacked, Error> {
    archive::unpack_file(wheel, &folder.join(TREE), &Policy::limited(Root::Whole), progress)?;
    let tree = folder.below(TREE)?.ok_or_else(|| refused(wheel, "there is nothing in it"))?;
    let manifest = describe(&tree, wheel)?;
    manifest.write(&folder)?;
    Ok(Unpacked { folder, manifest })
}

fn describe(tree: &Directory, wheel: &Path) -> Result<Manifest, Error> {
    let mut manifest = Manifest::default();
    let name = information(tree)?.ok_or_else(|| refused(wheel, "it has no dist-info"))?;
    let records = tree.below(&name)?.ok_or_else(|| refused(wheel, "it has no dist-info"))?;
    let text = |name: &str| -> io::Result<String> {
        let bytes = records.read(name)?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let metadata = text("METADATA")?;
    let headers = metadata.lines().take_while(|line| !line.is_empty());
    for (key, value) in headers.filter_map(|line| line.split_once(':')) {
        match key {
            "Requires-Python" => value.trim().clone_into(&mut manifest.requires),
            "Classifier" => manifest.minors.extend(minor(value.trim())),
            _ => {}
        }
    }
    for (name, object) in records::console_scripts(&text("entry_points.txt")?) {
        if !records::is_command(&name) {
            let reason = format!("a script of it is called `{}'", name.escape_debug());
            return Err(refused(wheel, &reason));
        }
        manifest.scripts.push((name, object));
    }
    manifest.record = name.join("RECORD");
    records.replace("INSTALLER", INSTALLER, Privacy::Shared)?;
    let mut rows = text("RECORD")?;
    rows.push_str(if rows.ends_with('\n') || rows.is_empty() { "" } else { "\n" });
    rows.push_str(&records::record_row(&name.join("INSTALLER").to_string_lossy(), INSTALLER));
    records.replace("RECORD", rows.as_bytes(), Privacy::Shared)?;
    list(tree, Path::new(""), &mut manifest)?;
    Ok(manifest)
}

/// The `dist-info` directory.
fn information(tree: &Directory) -> io::Result<Option<PathBuf>> {
    let names = tree.entries()?.into_iter().map(|entry| PathBuf::from(entry.name));
    let is_information =
        |name: &PathBuf| name.extension().is_some_and(|extension| extension == "dist-info");
    Ok(names.into_iter().find(is_information))
}

/// `3.12` of `Programming Language :: Python :: 3.12`.
fn minor(classifier: &str) -> Option<String> {
    let version = classifier.strip_prefix("Programming Language :: Python :: ")?;
    let (major, minor) = version.split_once('.')?;
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (number(major) && number(minor)).then(|| version.to_owned())
}

/// Everything below `within`, in order.
fn list(tree: &Directory, within: &Path, manifest: &mut Manifest) -> Result<(), Error> {
    let directory =
        if within.as_os_str().is_empty() { Some(tree.try_clone()?) } else { tree.below(within)? };
    let Some(directory) = directory else { return Ok(()) };
    let mut entries = directory.entries()?;
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    for entry in entries {
        let path = within.join(&entry.name);
        if path.to_str().is_none_or(|text| text.contains(['\n', '\r'])) {
            return Err(refused(&tree.join(path), "no wheel has such an entry"));
        }
        match entry.kind {
            Kind::Directory => {
                manifest.directories.push(path.clone());
                list(tree, &path, manifest)?;
            }
            Kind::File if path == manifest.record => {}
            Kind::File => {
                let found = directory.look(&entry.name)?;
                manifest.files.extend(found.map(|found| File {
                    path,
                    size: found.size,
                    changed: nanoseconds(&found),
                }));
            }
            Kind::Link | Kind::Other => {
                return Err(refused(&tree.join(path), "no wheel has such an entry"));
            }
        }
    }
    Ok(())
}

fn refused(path: &Path, reason: &str) -> Error {
    Error::Wheel { path: path.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            requires: ">=3.7".into(),
            minors: vec!["3.7".into(), "3.12".into()],
            scripts: vec![("pip".into(), "pip.main:main".into())],
            directories: vec!["pip".into(), "pip/a b".into()],
            files: vec![File { path: "pip/a b/c.py".into(), size: 12, changed: 1_700_000_000_123 }],
            record: "pip-1.dist-info/RECORD".into(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let text = manifest().text();
        assert_eq!(Manifest::parse(&text), Some(manifest()));
    }

    #[test]
    fn half_a_list_and_a_path_that_leads_out_are_none() {
        let text = manifest().text();
        assert_eq!(Manifest::parse(text.trim_end_matches("end\n")), None);
        assert_eq!(Manifest::parse(&text.replace("pip/a b", "../x")), None);
        assert_eq!(Manifest::parse(""), None);
    }

    #[test]
    fn a_python_that_is_not_named_is_not_supported() {
        let supports =
            |manifest: &Manifest, version: &str| manifest.supports(version.parse().unwrap());
        let named = manifest();
        assert!(supports(&named, "3.12.1") && supports(&named, "3.12.0rc1"));
        assert!(!supports(&named, "3.13.0") && !supports(&named, "3.6.15"));
        let open = Manifest { minors: Vec::new(), ..manifest() };
        assert!(supports(&open, "3.13.0") && !supports(&open, "3.6.15"));
    }
}
