//! An environment's packages and scripts as one file, for a machine without a network.
//!
//! In it: a manifest (version, platform, list, digests) and the tree without what every environment has
//! anyway (interpreter, activation, `pyvenv.cfg`).

mod manifest;
mod unbundle;

use std::ffi::OsStr;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use super::{Environment, Error, config, distributions, stage};
use crate::archive::{Format, Packing, Stamps, pack};
use crate::fetch::Sha256;
use crate::progress::Progress;

pub use manifest::Manifest;
use manifest::Package;
pub use unbundle::Unbundled;

/// The one top directory of a bundle.
const TOP: &str = "bundle";

/// The manifest's name in it.
const MANIFEST: &str = "manifest.json";

/// Where the environment's files are in it.
const TREE: &str = "tree";

/// Writes the environment, of a machine of this platform, into `file`: zstd unless the name asks for another of the known ways.
pub fn bundle(
    environment: &Environment,
    platform: Option<String>,
    file: &Path,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let mut aside = file.file_name().unwrap_or_default().to_owned();
    aside.push(".part");
    let aside = file.with_file_name(aside);
    let folder = tempfile::Builder::new().prefix(".pyman-").tempdir_in(parent(file))?;
    let files = gather(&environment.directory, &folder.path().join(TREE), progress)?;
    let manifest = describe(environment, platform, files)?;
    fs_err::write(folder.path().join(MANIFEST), manifest.text()?)?;
    let format = file.file_name().and_then(OsStr::to_str).and_then(Format::of_name);
    let format = match format {
        Some(format @ (Format::Tar | Format::TarGz)) => format,
        Some(Format::TarXz | Format::TarZst | Format::TarBz2 | Format::Zip) | None => {
            Format::TarZst
        }
    };
    let packing = Packing {
        tree: folder.path(),
        top: Path::new(TOP),
        format,
        stamps: Stamps::Kept,
        keep: &|_| true,
    };
    let packed = fs_err::File::create(&aside)
        .map_err(Error::from)
        .and_then(|writer| Ok(pack(&packing, BufWriter::new(writer), progress)?));
    match packed {
        Ok(_) => Ok(fs_err::rename(&aside, file)?),
        Err(error) => {
            stage::remove(&aside)?;
            Err(error)
        }
    }
}

fn parent(file: &Path) -> &Path {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn describe(
    environment: &Environment,
    platform: Option<String>,
    files: Vec<(PathBuf, Sha256)>,
) -> Result<Manifest, Error> {
    let packages = distributions::all(environment)?;
    let package = |one: &distributions::Distribution| Package {
        name: one.name.clone(),
        version: one.version.clone(),
    };
    let files = files.into_iter().filter_map(|(path, digest)| {
        path.to_str().map(|path| (path.to_owned(), digest.to_string()))
    });
    Ok(Manifest {
        format: manifest::FORMAT,
        name: environment.name().to_string_lossy().into_owned(),
        prefix: environment.directory.to_string_lossy().into_owned(),
        version: environment.version().unwrap_or_default(),
        minor: environment.minor().unwrap_or_default(),
        platform,
        prompt: environment.config.prompt().map(std::borrow::Cow::into_owned),
        system_site_packages: environment.config.system_site_packages(),
        packages: packages.iter().map(package).collect(),
        files: files.collect(),
    })
}

/// Hard links or copies of what travels, and the digest of each file.
fn gather(
    from: &Path,
    to: &Path,
    progress: &dyn Progress,
) -> Result<Vec<(PathBuf, Sha256)>, Error> {
    fs_err::create_dir_all(to)?;
    let mut digests = Vec::new();
    let mut pending = vec![PathBuf::new()];
    while let Some(directory) = pending.pop() {
        for entry in fs_err::read_dir(from.join(&directory))? {
            if progress.interrupted() {
                return Err(Error::Interrupted);
            }
            let entry = entry?;
            let path = directory.join(entry.file_name());
            let kind = entry.file_type()?;
            if stays(&path) {
                continue;
            }
            if kind.is_dir() {
                fs_err::create_dir_all(to.join(&path))?;
                pending.push(path);
            } else if kind.is_file() {
                share(&entry.path(), &to.join(&path))?;
                let digest = Sha256::of_reader(fs_err::File::open(entry.path())?)?;
                digests.push((path, digest));
            } else if kind.is_symlink() {
                link(&entry.path(), &to.join(&path), &path)?;
            }
        }
    }
    digests.sort();
    Ok(digests)
}

/// A link that stays inside the environment travels; one that leads to the base does not.
fn link(from: &Path, to: &Path, relative: &Path) -> Result<(), Error> {
    let target = fs_err::read_link(from)?;
    let folder = relative.parent().unwrap_or(relative);
    let joined = super::normal(&Path::new("/e").join(folder), &target);
    if target.is_relative() && joined.starts_with("/e") {
        super::system::symlink(&target, to)?;
    }
    Ok(())
}

fn share(from: &Path, to: &Path) -> io::Result<()> {
    match fs_err::hard_link(from, to) {
        Ok(()) => Ok(()),
        Err(_) => fs_err::copy(from, to).map(drop),
    }
}

/// What every environment has of its own.
fn stays(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let top = path.components().count() == 1;
    let command = path.parent() == Some(Path::new(super::system::COMMANDS));
    name == "__pycache__"
        || top && (name == config::FILE || matches!(&*name, "lib64" | ".gitignore"))
        || command
            && (name.to_lowercase().starts_with("activate")
                || ["python", "pypy"].iter().any(|stem| is_interpreter(&name, stem)))
        || name.starts_with("sitecustomize.py") && path.components().count() == 3
}

fn is_interpreter(name: &str, stem: &str) -> bool {
    let rest = name.strip_prefix(stem);
    rest.is_some_and(|rest| {
        rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 't' | 'd'))
    })
}
