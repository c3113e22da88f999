//! A wheel → its files in the cache, with the records that an installer adds.

use std::io;
use std::path::{Path, PathBuf};

use super::manifest::{File, Manifest};
use super::plant::Seed;
use super::wheel::WheelName;
use super::{entry_points, record};
use crate::archive::{self, Policy, Root};
use crate::environment::stage::Stage;
use crate::environment::{Error, system};
use crate::progress::Progress;

/// Who installed it, as `INSTALLER` says; pip leaves alone what another says.
const INSTALLER: &[u8] = b"pip\n";

/// Unpacks a wheel into the cache, unless another process did meanwhile.
pub(super) fn store(wheel: &Path, cache: &Path, progress: &dyn Progress) -> Result<Seed, Error> {
    let name = wheel.file_name().and_then(|name| name.to_str()).and_then(WheelName::parse);
    let name = name.ok_or_else(|| refused(wheel, "its name is none of a wheel for any machine"))?;
    let goal = cache.join(&name.stem);
    let stage = Stage::begin(&goal, progress)?;
    if let Some(seed) = Seed::open(&goal)? {
        return Ok(seed);
    }
    let tree = stage.tree().join("tree");
    archive::unpack_file(wheel, &tree, &Policy::limited(Root::Whole), progress)?;
    let manifest = describe(&tree, wheel)?;
    manifest.write(stage.tree())?;
    if goal.is_dir() {
        stage.replace()?; // something torn
    } else {
        stage.publish()?;
    }
    Ok(Seed::new(goal, manifest))
}

fn describe(tree: &Path, wheel: &Path) -> Result<Manifest, Error> {
    let mut manifest = Manifest::default();
    let information = information(tree)?.ok_or_else(|| refused(wheel, "it has no dist-info"))?;
    let text = |name: &str| match fs_err::read(tree.join(&information).join(name)) {
        Ok(text) => Ok(String::from_utf8_lossy(&text).into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error),
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
    manifest.scripts = entry_points::console_scripts(&text("entry_points.txt")?);
    manifest.record = information.join("RECORD");
    let installer = information.join("INSTALLER");
    fs_err::write(tree.join(&installer), INSTALLER)?;
    let mut rows = text("RECORD")?;
    rows.push_str(if rows.ends_with('\n') || rows.is_empty() { "" } else { "\n" });
    rows.push_str(&record::row(&installer.to_string_lossy(), INSTALLER));
    fs_err::write(tree.join(&manifest.record), rows)?;
    list(tree, Path::new(""), &mut manifest)?;
    Ok(manifest)
}

/// The `dist-info` directory.
fn information(tree: &Path) -> io::Result<Option<PathBuf>> {
    for entry in fs_err::read_dir(tree)? {
        let name = PathBuf::from(entry?.file_name());
        if name.extension().is_some_and(|extension| extension == "dist-info") {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// `3.12` of `Programming Language :: Python :: 3.12`.
fn minor(classifier: &str) -> Option<String> {
    let version = classifier.strip_prefix("Programming Language :: Python :: ")?;
    let (major, minor) = version.split_once('.')?;
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (number(major) && number(minor)).then(|| version.to_owned())
}

/// Everything below `within`, in order.
fn list(tree: &Path, within: &Path, manifest: &mut Manifest) -> Result<(), Error> {
    let mut names = Vec::new();
    for entry in fs_err::read_dir(tree.join(within))? {
        names.push(entry?.file_name());
    }
    names.sort();
    for name in names {
        let path = within.join(name);
        let metadata = fs_err::symlink_metadata(tree.join(&path))?;
        if path.to_str().is_none_or(|text| text.contains(['\n', '\r'])) || metadata.is_symlink() {
            return Err(refused(&tree.join(path), "no wheel has such an entry"));
        }
        if metadata.is_dir() {
            manifest.directories.push(path.clone());
            list(tree, &path, manifest)?;
        } else if path != manifest.record {
            let changed = system::changed(&metadata);
            manifest.files.push(File { path, size: metadata.len(), changed });
        }
    }
    Ok(())
}

fn refused(path: &Path, reason: &str) -> Error {
    Error::Wheel { path: path.to_owned(), reason: reason.to_owned() }
}
