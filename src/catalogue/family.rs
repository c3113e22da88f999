//! What is known of a family besides its tables: who serves its files, which mirrors have names.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

use crate::catalogue::release::{Build, CPYTHON, Kind};
use crate::catalogue::table::FAMILIES;
use crate::fetch::mirror::candidates;
use crate::fetch::{Address, Malformed, Url};

/// Where a file may stand below a mirror's base.
const LAYOUTS: [&str; 3] = ["{path}", "{file}", "{sha256}"];

/// One folder of `plugins/`, as `[family]` in its `plugin.toml` describes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Family {
    hosts: HashMap<String, Vec<String>>,
    /// The live lists, by what they list.
    lists: HashMap<String, List>,
    #[serde(rename = "preset")]
    presets: Vec<Preset>,
}

/// The manifest of a folder, in so far as it is a family's.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Manifest {
    family: Family,
}

/// A live list.
#[derive(Debug, Clone, Default, Deserialize)]
struct List {
    below: String,
    urls: Vec<String>,
}

/// A mirror with a name.
#[derive(Debug, Clone, Deserialize)]
pub struct Preset {
    /// What people type.
    pub name: String,
    /// Its base, or template, for prebuilt archives.
    pub prebuilt: Option<String>,
    /// Its base, or template, for sources.
    pub source: Option<String>,
    /// The index it serves packages with.
    pub pip: Option<String>,
}

/// Where archives may come from, besides those who publish them.
#[derive(Debug, Clone, Default)]
pub struct Mirrors {
    /// Bases, templates and names of presets, first first.
    pub first: Vec<Address>,
    /// Whether nobody else may be asked.
    pub only: bool,
    /// The distribution's package mirrors, asked last and for sources alone.
    pub packages: Vec<Address>,
}

impl Family {
    /// The family of this name; one that is not known has no hosts.
    pub fn of(implementation: &str) -> &'static Self {
        // Read once: every release that is planned asks.
        static READ: [OnceLock<Family>; FAMILIES.len()] =
            [const { OnceLock::new() }; FAMILIES.len()];
        static NONE: LazyLock<Family> = LazyLock::new(Family::default);
        let found = FAMILIES.iter().zip(&READ).find(|((name, _), _)| *name == implementation);
        found.map_or_else(
            || &*NONE,
            |((_, text), read)| {
                read.get_or_init(|| toml::from_str::<Manifest>(text).unwrap_or_default().family)
            },
        )
    }

    /// The mirrors of CPython that have names.
    pub fn presets() -> &'static [Preset] {
        &Self::of(CPYTHON).presets
    }

    /// Every address a build's file may have, in the order to ask: mirrors, the hosts of whoever
    /// publishes it, the distribution's pool.
    pub fn candidates(&self, build: &Build, mirrors: &Mirrors) -> Result<Vec<Url>, Malformed> {
        let values = values(build);
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        let mut urls = Vec::new();
        for base in mirrors.first.iter().filter_map(|mirror| self.base(mirror.exact(), build.kind))
        {
            urls.extend(candidates(base, &values, &LAYOUTS)?);
        }
        if mirrors.only {
            return Ok(urls);
        }
        urls.extend(build.urls.iter().cloned());
        if build.urls.is_empty() {
            for host in self.hosts(build.kind) {
                urls.extend(candidates(host, &values, &["{path}"])?);
            }
        }
        if let Some(path) = pool(build) {
            for base in &mirrors.packages {
                urls.extend(candidates(base.exact(), &[("path", path.as_str())], &["{path}"])?);
            }
        }
        Ok(urls)
    }

    /// The addresses to write down for a file found at `url`: none when that is where a canonical host has
    /// it, so that all of them are asked.
    pub(super) fn beyond(&self, kind: Kind, path: &str, url: Url) -> Vec<Url> {
        let hosts = self.hosts(kind).iter();
        let canonical =
            hosts.filter_map(|host| candidates(host, &[("path", path)], &["{path}"]).ok());
        if canonical.flatten().any(|known| known == url) { Vec::new() } else { vec![url] }
    }

    /// The canonical hosts of one kind of file.
    pub fn hosts(&self, kind: Kind) -> &[String] {
        self.hosts.get(kind.word()).map_or(&[], Vec::as_slice)
    }

    /// The addresses of a live list: below `base` when there is one, else as published.
    pub(super) fn list(&self, name: &str, base: Option<&Address>) -> Result<Vec<Url>, Malformed> {
        let Some(list) = self.lists.get(name) else {
            return Ok(Vec::new());
        };
        match base {
            Some(base) => {
                Ok(vec![format!("{}/{}", base.exact().trim_end_matches('/'), list.below).parse()?])
            }
            None => list.urls.iter().map(|url| url.parse()).collect(),
        }
    }

    /// What a mirror's word stands for; none for a preset without files of this kind.
    fn base<'base>(&'base self, mirror: &'base str, kind: Kind) -> Option<&'base str> {
        let Some(preset) = self.presets.iter().find(|preset| preset.name == mirror) else {
            return Some(mirror).filter(|_| !Self::is_preset(mirror));
        };
        match kind {
            Kind::Prebuilt => preset.prebuilt.as_deref(),
            Kind::Source => preset.source.as_deref(),
            Kind::Installer => None,
        }
    }

    fn is_preset(mirror: &str) -> bool {
        !mirror.contains('/') && Self::presets().iter().any(|preset| preset.name == mirror)
    }
}

/// The path of a source in the distribution's pool.
fn pool(build: &Build) -> Option<String> {
    if build.kind != Kind::Source {
        return None;
    }
    crate::platform::apt::pool_path(build.release.version()?, &build.file)
}

/// What a mirror's template may name, and what that is of this build.
fn values(build: &Build) -> [(&'static str, String); 7] {
    let minor = build.release.version().map(|it| format!("{}.{}", it.major, it.minor));
    [
        ("version", build.release.label.to_string()),
        ("minor", minor.unwrap_or_default()),
        ("build", build.tag.clone().unwrap_or_default()),
        ("file", build.file.clone()),
        ("path", build.path.clone()),
        ("sha256", build.sha256.map(|digest| digest.to_string()).unwrap_or_default()),
        ("triple", build.platform.map(|platform| platform.to_string()).unwrap_or_default()),
    ]
}

#[cfg(test)]
mod tests {
    use super::{Family, Mirrors};
    use crate::catalogue::{Catalogue, Options, Route};
    use crate::fetch::Address;
    use pyman_shim::Request;

    fn urls(request: &str, route: Route, mirrors: &Mirrors) -> Vec<String> {
        let platform = Some("x86_64-unknown-linux-gnu".parse().unwrap());
        let options = Options { platform, route, variant: None };
        let build = Catalogue::embedded_only()
            .answer(&Request::parse(request.as_bytes()), &options)
            .unwrap()
            .remove(0);
        let family = Family::of(&build.release.implementation);
        family.candidates(&build, mirrors).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_family_says_who_serves_its_files() {
        for table in Catalogue::embedded_only().embedded() {
            assert!(!Family::of(table.family).hosts(table.kind).is_empty(), "{table:?}");
        }
    }

    #[test]
    fn a_prebuilt_comes_from_its_canonical_hosts() {
        let file = "20241016/cpython-3.12.7%2B20241016-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz";
        assert_eq!(
            urls("3.12.7+20241016", Route::OnlyPrebuilt, &Mirrors::default()),
            [
                format!(
                    "https://releases.astral.sh/github/python-build-standalone/releases/download/{file}"
                ),
                format!(
                    "https://github.com/astral-sh/python-build-standalone/releases/download/{file}"
                ),
            ]
        );
    }

    #[test]
    fn mirrors_come_first_and_the_distribution_last() {
        let mirrors = Mirrors {
            first: ["https://corp.example/py", "nju", "aliyun", "/srv/mirror"]
                .map(Address::from)
                .to_vec(),
            only: false,
            packages: vec!["http://deb.example/debian".into()],
        };
        let urls = urls("3.13.5", Route::OnlySource, &mirrors);
        let digest = urls[2].rsplit('/').next().unwrap().to_owned();
        assert_eq!(digest.len(), 64);
        assert_eq!(
            urls,
            [
                "https://corp.example/py/3.13.5/Python-3.13.5.tar.xz".to_owned(),
                "https://corp.example/py/Python-3.13.5.tar.xz".to_owned(),
                format!("https://corp.example/py/{digest}"),
                "https://mirrors.aliyun.com/python-release/source/Python-3.13.5.tar.xz".to_owned(),
                "/srv/mirror/3.13.5/Python-3.13.5.tar.xz".to_owned(),
                "/srv/mirror/Python-3.13.5.tar.xz".to_owned(),
                format!("/srv/mirror/{digest}"),
                "https://www.python.org/ftp/python/3.13.5/Python-3.13.5.tar.xz".to_owned(),
                "http://deb.example/debian/pool/main/p/python3.13/python3.13_3.13.5.orig.tar.xz"
                    .to_owned(),
            ]
        );
    }

    #[test]
    fn only_the_mirrors_when_only_they_may_be_asked() {
        let mirrors = Mirrors {
            first: vec!["https://m.example/{version}/{triple}/{file}".into()],
            only: true,
            packages: vec!["http://deb.example/debian".into()],
        };
        assert_eq!(
            urls("pypy3.10-7.3.17", Route::OnlyPrebuilt, &mirrors),
            [
                "https://m.example/pypy3.10-7.3.17/x86_64-unknown-linux-gnu/pypy3.10-v7.3.17-linux64.tar.bz2"
            ]
        );
    }

    #[test]
    fn presets_have_the_forms_their_operators_publish() {
        let ustc = Mirrors { first: vec!["ustc".into()], only: true, packages: Vec::new() };
        let found = urls("3.12.7+20241016", Route::OnlyPrebuilt, &ustc);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].contains("/python-build-standalone/LatestRelease/cpython-3.12.7%2B"),
            "{found:?}"
        );
        assert_eq!(urls("2.7.18", Route::OnlySource, &ustc), [""; 0]);
        assert_eq!(urls("pypy3.10", Route::OnlyPrebuilt, &ustc), [""; 0]);
    }
}
