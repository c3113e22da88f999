//! A wheel → its files in the cache, with the records that an installer adds.

use std::io;
use std::path::{Path, PathBuf};

use super::records;
use super::unpacked::{File, Manifest, TREE, Unpacked};
use super::wheel::WheelName;
use crate::archive::{self, Policy, Root};
use crate::disk::{Directory, Kind, Privacy};
use crate::environment::Error;
use crate::environment::probe_cache::nanoseconds;
use crate::environment::stage::Stage;
use crate::inventory::{Folder, Places};
use crate::progress::Progress;

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
