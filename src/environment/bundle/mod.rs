//! An environment's packages and scripts as one file, for a machine without a network.
//!
//! In it: a manifest, which is what the bundle says of itself (version, platform, list, digests), and the tree without what
//! every environment has anyway (interpreter, activation, `pyvenv.cfg`).

mod unbundle;

use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::archive::{Format, Packing, Stamps, pack};
use crate::compatibility::Writer;
use crate::disk::{self, Directory, Kind, Privacy, Step, Way};
use crate::environment::stage::Stage;
use crate::environment::{Environment, Error, config, packages};
use crate::fetch::Sha256;
use crate::progress::{Heeding, Progress};

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
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else {
        return Err(Error::Occupied(file.to_owned()));
    };
    if disk::look(file)?.is_some_and(|found| !found.is_file() && !found.is_link()) {
        return Err(Error::Occupied(file.to_owned()));
    }
    let folder = Directory::make(folder)?;
    folder.sweep_temporaries()?;
    let stage = Stage::begin_in(&folder, name, progress)?;
    let tree = stage.directory().make_below(TREE)?;
    let contents = gather(&environment.directory, &tree, progress)
        .map_err(|error| if progress.interrupted() { Error::Interrupted } else { error })?;
    let manifest = describe(environment, platform, contents)?.text()?;
    stage.directory().write_new(MANIFEST, manifest.as_bytes(), Privacy::Shared)?;
    let format = match name.to_str().and_then(Format::of_name) {
        Some(format @ (Format::Tar | Format::TarGz)) => format,
        Some(Format::TarXz | Format::TarZst | Format::TarBz2 | Format::Zip) | None => {
            Format::TarZst
        }
    };
    let packing = Packing {
        tree: stage.tree(),
        top: Path::new(TOP),
        format,
        stamps: Stamps::Kept,
        keep: &|path| !path.file_name().is_some_and(disk::is_temporary),
        label: None,
    };
    let mut failure = None;
    let written = folder.replace_by(name, Privacy::Shared, |file| {
        match pack(&packing, BufWriter::new(file), progress) {
            Ok(_) => Ok(()),
            Err(error) => {
                failure = Some(error);
                Err(io::ErrorKind::Other.into())
            }
        }
    });
    match failure {
        Some(error) => Err(error.into()),
        None => Ok(written?),
    }
}

fn describe(
    environment: &Environment,
    platform: Option<String>,
    contents: Contents,
) -> Result<Manifest, Error> {
    let packages = packages::all(environment)?;
    let package = |one: &packages::Distribution| Package {
        name: one.name.clone(),
        version: one.version.clone(),
    };
    let files = contents.files.into_iter().filter_map(|(path, digest)| {
        path.to_str().map(|path| (path.to_owned(), digest.to_string()))
    });
    let links = contents.links.into_iter().filter_map(|(path, target)| {
        Some((path.to_str()?.to_owned(), target.to_str()?.to_owned()))
    });
    Ok(Manifest {
        format: FORMAT,
        pyman: Writer::this(),
        name: environment.name().to_string_lossy().into_owned(),
        prefix: environment.directory.to_string_lossy().into_owned(),
        version: environment.version().unwrap_or_default(),
        minor: environment.minor().unwrap_or_default(),
        platform,
        prompt: environment.config.prompt().map(std::borrow::Cow::into_owned),
        system_site_packages: environment.config.system_site_packages(),
        packages: packages.iter().map(package).collect(),
        files: files.collect(),
        links: links.collect(),
    })
}

/// What travels, by its path in the environment.
#[derive(Debug, Default)]
struct Contents {
    /// The digest of each file.
    files: Vec<(PathBuf, Sha256)>,
    /// What each link leads to.
    links: Vec<(PathBuf, PathBuf)>,
}

/// Hard links or copies of what travels.
fn gather(from: &Path, to: &Directory, progress: &dyn Progress) -> Result<Contents, Error> {
    let tree = Directory::open(from)?;
    let mut ways = &[Way::HardLink, Way::Copy][..];
    let mut contents = Contents::default();
    disk::walk(from, &mut |path, entry| -> Result<Step, Error> {
        if progress.interrupted() {
            return Err(Error::Interrupted);
        }
        if stays(path) {
            return Ok(Step::Over);
        }
        match entry.kind {
            Kind::Directory => {
                let mode = tree.look(path)?.map_or(0o700, |found| found.mode | 0o700);
                to.make_directory_as(path, mode)?;
            }
            Kind::File => {
                let stop = || progress.interrupted();
                ways = disk::copy_file_until(&tree, path, (to, path), ways, &stop)?;
                if let Some(file) = to.open_file(path)? {
                    let digest = Sha256::of_reader(Heeding::new(file, progress))?;
                    contents.files.push((path.to_owned(), digest));
                }
            }
            Kind::Link => {
                // One that stays inside the environment travels; one that leads to the base does not.
                let target = disk::link_target(&from.join(path))?.unwrap_or_default();
                if stays_inside(path, &target) {
                    to.link(path, &target)?;
                    contents.links.push((path.to_owned(), target));
                }
            }
            Kind::Other => {}
        }
        Ok(Step::Into)
    })?;
    contents.files.sort();
    contents.links.sort();
    Ok(contents)
}

/// Whether what the link at `path` leads to is in the environment, too.
fn stays_inside(path: &Path, target: &Path) -> bool {
    let folder = path.parent().unwrap_or(path);
    let joined = super::normal(&Path::new("/e").join(folder), target);
    target.is_relative() && !target.as_os_str().is_empty() && joined.starts_with("/e")
}

/// What every environment has of its own.
fn stays(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let top = path.components().count() == 1;
    let command = path.parent() == Some(Path::new(super::layout::COMMANDS));
    name == "__pycache__"
        || disk::is_temporary(path.file_name().unwrap_or_default())
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

/// The only form there has been.
pub(super) const FORMAT: u32 = 1;

/// The manifest of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the bundle.
    pub format: u32,
    /// The pyman that made it; before 0.2 none said.
    #[serde(default, skip_serializing_if = "Writer::is_unknown")]
    pub pyman: Writer,
    /// The environment's name.
    pub name: String,
    /// Where it stood.
    pub prefix: String,
    /// Its Python, `3.12.1`.
    pub version: String,
    /// `3.12`, `3.13t`: what its packages are for.
    pub minor: String,
    /// The machine it was made on, as a triple.
    pub platform: Option<String>,
    /// What shells showed, when it was no name.
    pub prompt: Option<String>,
    /// Whether it saw its base's packages.
    pub system_site_packages: bool,
    /// What is installed.
    pub packages: Vec<Package>,
    /// The SHA-256 digest of each file, by its path in the environment.
    pub files: Vec<(String, String)>,
    /// What each link leads to, by its path in the environment; before 0.2 none said.
    #[serde(default)]
    pub links: Vec<(String, String)>,
}

/// X.Y, or X.Yt.
fn is_minor(text: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let digits = text.strip_suffix('t').unwrap_or(text);
    digits.split_once('.').is_some_and(|(major, minor)| number(major) && number(minor))
}

/// An installed distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Manifest {
    /// As JSON.
    pub(super) fn text(&self) -> Result<String, Error> {
        serde_json::to_string_pretty(self).map_err(|error| Error::Bundle(error.to_string()))
    }

    /// Reads JSON; a form that is not ours is refused.
    pub(super) fn parse(text: &[u8]) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
            #[serde(default)]
            pyman: Writer,
        }
        let broken = |error: serde_json::Error| Error::Bundle(error.to_string());
        let head: Head = serde_json::from_slice(text).map_err(broken)?;
        if head.pyman.is_newer() {
            return Err(Error::Bundle(format!("it was {}", head.pyman)));
        }
        if head.format != FORMAT {
            return Err(Error::Bundle(format!("a newer pyman made it (form {})", head.format)));
        }
        let manifest: Self = serde_json::from_slice(text).map_err(broken)?;
        if !is_minor(&manifest.minor) {
            let minor = manifest.minor.escape_debug();
            return Err(Error::Bundle(format!("`{minor}' in its manifest is no version")));
        }
        if manifest.prompt.as_deref().is_some_and(|prompt| prompt.contains(['\n', '\r', '\0'])) {
            return Err(Error::Bundle("the prompt in its manifest is not one line".into()));
        }
        Ok(manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_manifest_says_is_judged() {
        let text = |minor: &str, prompt: &str| {
            serde_json::json!({
                "format": 1, "name": "web", "prefix": "/e", "version": "3.12.1", "minor": minor,
                "platform": null, "prompt": prompt, "system_site_packages": false,
                "packages": [], "files": [],
            })
            .to_string()
        };
        let parse = |minor: &str, prompt: &str| Manifest::parse(text(minor, prompt).as_bytes());
        for minor in ["3.12", "3.13t", "2.7"] {
            parse(minor, "it's `one` line").unwrap();
        }
        for minor in ["", "3", "3.", "/opt/x", "../x", "3.12/../..", "-c", "3.12\n", "3.x", "t"] {
            assert!(parse(minor, "p").is_err(), "{minor:?}");
        }
        for prompt in ["a\nb", "a\rb", "a\0b"] {
            assert!(parse("3.12", prompt).is_err(), "{prompt:?}");
        }
    }
}
