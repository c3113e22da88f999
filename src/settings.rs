//! What may be set: defaults, then the machine's settings file, then the user's, then variables; each value knows where it is
//! from.

mod edit;

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::compatibility::Requirement;
use crate::disk;
use crate::fetch::{Address, holds_secrets};
use crate::world::Machine;

pub(crate) use edit::{list, set_list};

/// No settings are longer, in bytes.
const LONGEST: u64 = 1 << 20;

/// Where a setting's value came from, most binding first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// This variable.
    Variable(&'static str),
    /// This file.
    File(PathBuf),
    /// Nobody set it.
    Default,
}

/// A value and its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    /// The value in force.
    pub value: T,
    /// Why it is.
    pub origin: Origin,
}

/// Everything that may be set, decided.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Where archives come from before the canonical hosts: URLs, directories, preset names.
    pub mirrors: Setting<Vec<Address>>,
    /// Whether to stop before the canonical hosts.
    pub mirror_only: Setting<bool>,
    /// Whether the network is off limits.
    pub offline: Setting<bool>,
    /// A catalogue (path or URL) that replaces the embedded one.
    pub catalogue: Setting<Option<Address>>,
    /// A base that serves the live lists in place of those who publish them.
    pub lists: Setting<Option<Address>>,
    /// Where pyman itself is to be had, in place of where the build was told.
    pub dist: Setting<Option<Address>>,
    /// Where downloads are kept.
    pub cache: Setting<PathBuf>,
    /// Whether a command of an X.Y that nothing selects runs all the same; a rehash tells the shims.
    pub unselected: Setting<Unselected>,
    /// Where `versions/` may be a link to: a directory on another disk.
    pub versions: Setting<Option<PathBuf>>,
    /// The settings file of everybody on this machine, whether it exists or not.
    everybodys: Option<PathBuf>,
    /// The user's settings file, whether it exists or not.
    pub file: PathBuf,
}

/// What is done with `python3.9` where 3.9 is installed and not selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Unselected {
    /// It runs.
    #[default]
    Run,
    /// It does not, as in pyenv.
    Refuse,
}

/// The settings file, as written by people and by `pyman mirror set`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Document {
    #[expect(dead_code, reason = "looked at before the rest, see `Needs`")]
    requires: Option<String>,
    mirrors: Option<Vec<String>>,
    mirror_only: Option<bool>,
    offline: Option<bool>,
    catalogue: Option<String>,
    lists: Option<String>,
    dist: Option<String>,
    cache: Option<PathBuf>,
    unselected: Option<Unselected>,
    versions: Option<PathBuf>,
}

/// The settings cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is there but cannot be read.
    #[error(transparent)]
    Unreadable(io::Error),
    /// The file is no TOML, or has a key that is no setting.
    #[error("{}: {reason}", file.display())]
    Malformed {
        /// The settings file.
        file: PathBuf,
        /// What its reader says, with line and column.
        reason: String,
    },
    /// The file is for another version of pyman.
    #[error("{} {requirement}", file.display())]
    Misfit {
        /// The settings file.
        file: PathBuf,
        /// What it needs.
        requirement: Requirement,
    },
}

impl Settings {
    /// Reads them for the root `root`: variables, then the user's file, then everybody's, then defaults.
    pub(crate) fn read(machine: Machine, root: &Path) -> Result<Self, Error> {
        let file = place(machine, root);
        let everybodys = machine.everybodys_settings();
        let files: Vec<PathBuf> = [file.clone()].into_iter().chain(everybodys.clone()).collect();
        let layers = files.into_iter().map(|file| Ok((Document::read(&file)?, file)));
        let source = Source { machine, layers: layers.collect::<Result<_, Error>>()? };
        let listed_in = |document: &Document| document.mirrors.clone().map(addresses);
        let cache = source.pick(
            "PYTHON_BUILD_CACHE_PATH",
            PathBuf::from,
            |document| document.cache.clone(),
            || root.join("cache"),
        );
        let place = |name, of: fn(&Document) -> &Option<String>| {
            source.pick(name, address, |document| of(document).clone().map(address), || None)
        };
        Ok(Self {
            mirrors: source.pick("PYMAN_MIRROR", listed, listed_in, Vec::new),
            mirror_only: source.pick("PYMAN_MIRROR_ONLY", yes, |file| file.mirror_only, || false),
            offline: source.pick("PYMAN_OFFLINE", yes, |file| file.offline, || false),
            catalogue: place("PYMAN_CATALOGUE", |document| &document.catalogue),
            lists: place("PYMAN_LISTS", |document| &document.lists),
            dist: place("PYMAN_DIST", |document| &document.dist),
            cache: resolved(cache),
            unselected: source.filed(|file| file.unselected).unwrap_or_default(),
            versions: source.filed(|file| file.versions.clone().map(Some)).unwrap_or_default(),
            everybodys,
            file,
        })
    }

    /// The files they may be in, whether those exist or not: the user's, everybody's.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        [self.file.clone()].into_iter().chain(self.everybodys.clone()).collect()
    }

    /// The keys whose values are those of everybody on this machine, and their file.
    pub(crate) fn of_everybody(&self) -> Option<(&Path, Vec<&'static str>)> {
        let file = self.everybodys.as_deref()?;
        let keys = [
            ("mirrors", &self.mirrors.origin),
            ("mirror-only", &self.mirror_only.origin),
            ("offline", &self.offline.origin),
            ("catalogue", &self.catalogue.origin),
            ("lists", &self.lists.origin),
            ("dist", &self.dist.origin),
            ("cache", &self.cache.origin),
            ("unselected", &self.unselected.origin),
            ("versions", &self.versions.origin),
        ];
        let is_theirs = |origin: &Origin| matches!(origin, Origin::File(place) if place == file);
        let keys = keys.into_iter().filter(|(_, origin)| is_theirs(origin));
        Some((file, keys.map(|(key, _)| key).collect()))
    }
}

/// `settings.toml` in the system's place for settings; without a home, in the root.
fn place(machine: Machine, root: &Path) -> PathBuf {
    let directory = machine.home().and_then(|_| directories::ProjectDirs::from("", "", "pyman"));
    let directory =
        directory.map_or_else(|| root.to_path_buf(), |dirs| dirs.config_dir().to_path_buf());
    directory.join("settings.toml")
}

impl Document {
    fn read(file: &Path) -> Result<Self, Error> {
        Self::parse(file, &text(file)?)
    }

    fn parse(file: &Path, text: &str) -> Result<Self, Error> {
        let malformed = |reason: String| Error::Malformed { file: file.to_path_buf(), reason };
        let broken =
            |error: toml::de::Error| malformed(reason(&error.to_string(), text, error.span()));
        let Needs { requires } = toml::from_str(text).map_err(broken)?;
        if let Some(requires) = requires {
            let requirement = Requirement::parse(&requires).map_err(malformed)?;
            if !requirement.fits() {
                return Err(Error::Misfit { file: file.to_path_buf(), requirement });
            }
        }
        toml::from_str(text).map_err(broken)
    }
}

/// What the reader of TOML says, which shows the line: unless there may be a password in it.
fn reason(said: &str, text: &str, place: Option<Range<usize>>) -> String {
    if !holds_secrets(said) {
        return said.trim_end().to_owned();
    }
    let before = place.and_then(|place| text.get(..place.start)).unwrap_or_default();
    format!("line {} is not understood", before.matches('\n').count() + 1)
}

/// What settings may need, whatever else they say.
#[derive(Deserialize)]
struct Needs {
    requires: Option<String>,
}

/// The file's text; an empty one when there is no such file.
fn text(file: &Path) -> Result<String, Error> {
    let bytes = disk::read_at_most(file, LONGEST).map_err(Error::Unreadable)?.unwrap_or_default();
    String::from_utf8(bytes)
        .map_err(|error| Error::Malformed { file: file.to_path_buf(), reason: error.to_string() })
}

/// A cache of a person's own may be a link, or behind some: they are resolved here, once. In the root it is ours, and is
/// no link.
fn resolved(cache: Setting<PathBuf>) -> Setting<PathBuf> {
    if cache.origin == Origin::Default {
        return cache;
    }
    let value = match disk::canonical(&cache.value) {
        Ok(Some(value)) => value,
        // What is not there is made; what cannot be reached is said by whoever opens it.
        Ok(None) | Err(_) => cache.value,
    };
    Setting { value, origin: cache.origin }
}

struct Source {
    machine: Machine,
    /// The files, the most binding first.
    layers: Vec<(Document, PathBuf)>,
}

impl Source {
    /// The variable, else the value of the most binding file that has one, else the default.
    fn pick<T>(
        &self,
        variable: &'static str,
        parse: impl FnOnce(String) -> T,
        of: impl Fn(&Document) -> Option<T>,
        default: impl FnOnce() -> T,
    ) -> Setting<T> {
        if let Some(text) = self.machine.text(variable) {
            return Setting { value: parse(text), origin: Origin::Variable(variable) };
        }
        self.filed(of).unwrap_or_else(|| Setting { value: default(), origin: Origin::Default })
    }

    /// The value of the most binding file that has one.
    fn filed<T>(&self, of: impl Fn(&Document) -> Option<T>) -> Option<Setting<T>> {
        self.layers.iter().find_map(|(document, file)| {
            Some(Setting { value: of(document)?, origin: Origin::File(file.clone()) })
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape `pick` takes")]
fn listed(text: String) -> Vec<Address> {
    text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(Address::from).collect()
}

fn addresses(texts: Vec<String>) -> Vec<Address> {
    texts.into_iter().map(Address::from).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "the shape `pick` takes")]
fn address(text: String) -> Option<Address> {
    Some(Address::from(text))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape `pick` takes")]
fn yes(text: String) -> bool {
    !matches!(text.trim(), "0" | "no" | "false" | "off")
}

impl<T: Default> Default for Setting<T> {
    fn default() -> Self {
        Self { value: T::default(), origin: Origin::Default }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => formatter.write_str(name),
            Self::File(file) => file.display().fmt(formatter),
            Self::Default => formatter.write_str("default"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Document, Unselected, listed, yes};
    use crate::compatibility::OWN;
    use crate::fetch::Address;

    #[test]
    fn lists_are_split_at_commas_and_emptied_of_blanks() {
        let listed = listed(" npmmirror , ,https://a/b".to_owned());
        assert_eq!(listed, ["npmmirror", "https://a/b"].map(Address::from));
    }

    #[test]
    fn only_plain_refusals_mean_no() {
        assert!(yes("1".to_owned()) && yes("true".to_owned()));
        assert!(!yes("0".to_owned()) && !yes("false".to_owned()));
    }

    #[test]
    fn what_nothing_selects_runs_or_is_refused() {
        let read =
            |text: &str| toml::from_str::<Document>(text).unwrap().unselected.unwrap_or_default();
        assert_eq!(read(""), Unselected::Run);
        assert_eq!(read("unselected = \"run\""), Unselected::Run);
        assert_eq!(read("unselected = \"refuse\""), Unselected::Refuse);
        assert!(toml::from_str::<Document>("unselected = true").is_err());
    }

    #[test]
    fn a_misspelt_setting_is_an_error() {
        let error = toml::from_str::<Document>("miror = []").unwrap_err();
        assert!(error.to_string().contains("miror"), "{error}");
    }

    #[test]
    fn settings_for_another_pyman_are_refused_for_that_and_not_for_their_keys() {
        let read = |text: &str| Document::parse(Path::new("s.toml"), text);
        assert!(read("requires = \">=0.1\"\noffline = true\n").unwrap().offline.unwrap());
        let error = read("requires = \">=99.1\"\nlater = 1\n").unwrap_err().to_string();
        assert_eq!(error, format!("s.toml needs pyman >=99.1, this is {OWN}"));
        let error = read("requires = \"new\"\n").unwrap_err().to_string();
        assert!(error.starts_with("s.toml: `new' is no requirement: "), "{error}");
    }
}
