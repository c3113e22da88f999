//! PyPy's list of versions. It has no digests, so what it adds is installed only with one given by hand.

use pyman_shim::Variant;
use serde::Deserialize;

use crate::catalogue::error::Error;
use crate::catalogue::family::Family;
use crate::catalogue::live::list::{Known, News, Refresh, Whole, malformed, whole};
use crate::catalogue::release::{Build, Kind, Label, Openssl, Release};
use crate::catalogue::row;
use crate::fetch;
use crate::platform::{Arch, Libc, Os, Platform};

const PYPY: &str = "pypy";

#[derive(Debug, Deserialize)]
struct Published {
    pypy_version: String,
    python_version: String,
    #[serde(default)]
    stable: bool,
    #[serde(default)]
    files: Vec<Listed>,
}

#[derive(Debug, Deserialize)]
struct Listed {
    filename: String,
    #[serde(default)]
    arch: String,
    #[serde(default)]
    platform: String,
    download_url: String,
}

/// The files of every stable release that are not known yet.
pub(super) fn read(
    refresh: &Refresh<'_>,
    known: &Known,
    validator: Option<&str>,
) -> Result<Option<News>, Error> {
    let family = Family::of(PYPY);
    let places = family.list("versions", refresh.base).map_err(fetch::Error::from)?;
    let Some(Whole { from, validator, body }) = whole(refresh, &places, validator)? else {
        return Ok(None);
    };
    let published: Vec<Published> =
        serde_json::from_slice(&body).map_err(|error| malformed(&from, &error))?;
    let mut builds = Vec::new();
    for release in published.into_iter().filter(|release| release.stable) {
        let Some(label) = label(&release) else { continue };
        for file in release.files {
            let Some(platform) = platform(&file) else { continue };
            let url = row::url(&file.download_url, &from).map_err(|reason| Error::Malformed {
                place: from.to_string(),
                line: 1,
                reason,
            })?;
            let build = Build {
                release: Release {
                    implementation: PYPY.to_owned(),
                    label: label.clone(),
                    variant: Variant::Default,
                },
                kind: Kind::Prebuilt,
                tag: None,
                platform: Some(platform),
                urls: family.beyond(Kind::Prebuilt, &file.filename, url),
                path: file.filename.clone(),
                file: file.filename,
                sha256: None,
                size: None,
                openssl: Openssl::default(),
            };
            // A list says it, and it is to be a name in the cache.
            if row::is_file_name(&build.file) {
                builds.extend(known.judge(build, &from)?);
            }
        }
    }
    Ok(Some(News { from, validator, builds }))
}

/// `pypy3.10-7.3.17`.
fn label(release: &Published) -> Option<Label> {
    let mut numbers = release.python_version.split('.');
    let (major, minor) = (numbers.next()?, numbers.next()?);
    Label::parse(PYPY, &format!("pypy{major}.{minor}-{}", release.pypy_version))
}

fn platform(file: &Listed) -> Option<Platform> {
    let arch = match file.arch.as_str() {
        "x64" | "x86_64" => Arch::X86_64,
        "i686" | "x86" => Arch::I686,
        "aarch64" | "arm64" => Arch::Aarch64,
        "s390x" => Arch::S390x,
        "ppc64le" => Arch::Ppc64le,
        _ => return None,
    };
    let (os, libc) = match file.platform.as_str() {
        "linux" => (Os::Linux, Libc::Gnu),
        "darwin" => (Os::MacOs, Libc::Native),
        "win32" | "win64" => (Os::Windows, Libc::Msvc),
        _ => return None,
    };
    Some(Platform { arch, level: 1, os, libc })
}
