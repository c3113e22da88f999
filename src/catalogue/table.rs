//! Reads the tables the program carries: steps over groups, reads a row only when asked for it, and what they hold once:
//! a version file may ask for thousands of releases.

use std::collections::HashMap;
use std::sync::OnceLock;

use pyman_shim::{Variant, Version};

use crate::catalogue::release::{Build, CPYTHON, Kind, Label, Openssl, Release};
use crate::fetch::{Sha256, Url};
use crate::platform::Platform;

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// The bytes of a row: a word's number and a digest.
const ROW: usize = 33;

/// One family's files of one kind, packed by `pack.rs`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    /// The family's folder in `plugins/`.
    pub(super) family: &'static str,
    /// What its files are.
    pub(super) kind: Kind,
    bytes: &'static [u8],
}

/// The files of one release in one shape of name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    /// The release as the table writes it: `3.13.0t`, `pypy3.10-7.3.17`.
    pub(super) name: &'static str,
    /// The build's tag, or a source's OpenSSL.
    note: &'static str,
    /// The path with `{}` where a row's word goes.
    pattern: &'static str,
    rows: &'static [u8],
}

/// One file of a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    word: &'static str,
    /// The triple it runs on; empty for sources.
    pub(super) platform: &'static str,
    digest: &'static [u8],
}

impl Table {
    /// Every group, in the table's order: newest first.
    pub(super) fn groups(self) -> impl Iterator<Item = Group> {
        let mut rest = self.body();
        std::iter::from_fn(move || {
            let (group, after) = Group::read(rest)?;
            rest = after;
            Some(group)
        })
    }

    /// The rows of one of this table's groups.
    pub(super) fn rows(self, group: Group) -> impl Iterator<Item = Row> {
        group.rows.chunks_exact(ROW).filter_map(move |row| self.row(row))
    }

    /// The release a group belongs to.
    pub(super) fn release(self, group: Group) -> Option<Release> {
        // Another family's name may end in any letter.
        let (name, variant) = match group.name.strip_suffix('t') {
            Some(name) if self.family == CPYTHON => (name, Variant::FreeThreaded),
            Some(_) | None => (group.name, Variant::Default),
        };
        Some(Release {
            implementation: self.family.to_owned(),
            label: Label::parse(self.family, name)?,
            variant,
        })
    }

    /// The OpenSSL that a group's sources were written for; of anything but sources, none is said.
    pub(super) fn openssl(self, group: Group) -> Openssl {
        match self.kind {
            Kind::Source => openssl(group.note),
            Kind::Prebuilt | Kind::Installer => Openssl::default(),
        }
    }

    /// The build a row describes.
    pub(super) fn build(self, release: Release, group: Group, row: Row) -> Build {
        let whole = group.pattern.replacen("{}", row.word, 1);
        let url = whole.contains("://").then(|| whole.parse::<Url>().ok()).flatten();
        let file = whole.rsplit('/').next().unwrap_or_default().to_owned();
        let path = if url.is_some() { file.clone() } else { whole };
        let tag = match (self.kind, group.note) {
            (Kind::Source, _) | (Kind::Prebuilt | Kind::Installer, "-") => None,
            (Kind::Prebuilt | Kind::Installer, tag) => Some(tag.to_owned()),
        };
        let path = match &tag {
            Some(tag) if self.family == CPYTHON => format!("{tag}/{path}"),
            Some(_) | None => path,
        };
        Build {
            release,
            kind: self.kind,
            tag,
            platform: row.platform.parse::<Platform>().ok(),
            path,
            file,
            urls: url.into_iter().collect(),
            sha256: row.sha256(),
            size: None,
            openssl: self.openssl(group),
        }
    }

    /// How far from this machine the platform of each word is, by the word's number.
    pub(super) fn distances(self, machine: Option<Platform>) -> Vec<Option<u8>> {
        let count = self.bytes.first().copied().unwrap_or_default();
        let distance = |index| {
            let (_, platform) = self.word(index)?;
            machine?.distance(platform.parse().ok()?)
        };
        (0..count).map(distance).collect()
    }

    /// The group's row nearest to the machine these distances are from, and how far it is.
    pub(super) fn nearest(self, group: Group, distances: &[Option<u8>]) -> Option<(u8, Row)> {
        let rows = group.rows.chunks_exact(ROW);
        let far = |row: &&[u8]| *distances.get(usize::from(*row.first()?))?;
        let (distance, row) =
            rows.filter_map(|row| Some((far(&row)?, row))).min_by_key(|row| row.0)?;
        Some((distance, self.row(row)?))
    }

    fn row(self, bytes: &'static [u8]) -> Option<Row> {
        let (index, digest) = bytes.split_first()?;
        let (word, platform) = self.word(*index)?;
        Some(Row { word, platform, digest })
    }

    fn body(self) -> &'static [u8] {
        let Some((&count, mut rest)) = self.bytes.split_first() else {
            return &[];
        };
        for _ in 0..2 * usize::from(count) {
            let Some((_, after)) = text(rest) else {
                return &[];
            };
            rest = after;
        }
        rest
    }

    /// The word of this number and the platform it stands for.
    fn word(self, index: u8) -> Option<(&'static str, &'static str)> {
        let (_, mut rest) = self.bytes.split_first()?;
        for _ in 0..2 * usize::from(index) {
            rest = text(rest)?.1;
        }
        let (word, rest) = text(rest)?;
        Some((word, text(rest)?.0))
    }
}

impl Group {
    fn read(bytes: &'static [u8]) -> Option<(Self, &'static [u8])> {
        let (head, rest) = text(bytes)?;
        let (&count, rest) = rest.split_first()?;
        let (rows, rest) = rest.split_at_checked(ROW * usize::from(count))?;
        let mut parts = head.split(' ');
        let group = Self { name: parts.next()?, note: parts.next()?, pattern: parts.next()?, rows };
        Some((group, rest))
    }

    /// The tag of a prebuilt group's build.
    pub(super) fn tag(self) -> Option<&'static str> {
        (self.note != "-").then_some(self.note)
    }
}

impl Row {
    /// The file's digest; none where none was published.
    pub(super) fn sha256(self) -> Option<Sha256> {
        let bytes = <[u8; 32]>::try_from(self.digest).ok()?;
        (bytes != [0; 32]).then(|| Sha256::from(bytes))
    }
}

/// The OpenSSL for a source that came with no word about it: that of the newest known release of its
/// minor, else of the newest of all.
pub(super) fn openssl_of(version: Version) -> Openssl {
    let groups = || {
        TABLES.iter().filter(|table| table.kind == Kind::Source).flat_map(|table| table.groups())
    };
    let minor = format!("{}.{}.", version.major, version.minor);
    let group = groups().find(|group| group.name.starts_with(&minor)).or_else(|| groups().next());
    group.map(|group| openssl(group.note)).unwrap_or_default()
}

/// `3/openssl-3.6.2`: the line and the library, `-` for none.
fn openssl(note: &str) -> Openssl {
    let some = |text: &str| (text != "-").then(|| text.to_owned());
    let (line, library) = note.split_once('/').unwrap_or(("-", "-"));
    Openssl { line: some(line), library: some(library) }
}

/// The text that begins here, and what follows it.
fn text(bytes: &'static [u8]) -> Option<(&'static str, &'static [u8])> {
    let (&length, rest) = bytes.split_first()?;
    let (text, rest) = rest.split_at_checked(usize::from(length))?;
    Some((std::str::from_utf8(text).ok()?, rest))
}

/// A group and the release it belongs to.
pub(super) type Entry = (Group, Release);

/// One table's groups, in its order.
#[derive(Debug)]
struct Contents {
    all: Vec<Entry>,
    /// Of each minor of CPython, the places of its groups.
    minors: HashMap<(u32, u32), Vec<usize>>,
}

static READ: [OnceLock<Contents>; TABLES.len()] = [const { OnceLock::new() }; TABLES.len()];

impl Table {
    /// Every group with its release, in the table's order: newest first. Of one minor only where it is given.
    pub(super) fn releases(
        self,
        minor: Option<(u32, u32)>,
    ) -> impl Iterator<Item = &'static Entry> + use<> {
        let contents = self.contents();
        let (all, some) = match (contents, minor) {
            (Some(contents), None) => (Some(contents.all.iter()), None),
            (Some(contents), Some(minor)) => {
                let places = contents.minors.get(&minor).map_or(&[][..], Vec::as_slice);
                (None, Some(places.iter().filter_map(|place| contents.all.get(*place))))
            }
            (None, _) => (None, None),
        };
        all.into_iter().flatten().chain(some.into_iter().flatten())
    }

    fn contents(self) -> Option<&'static Contents> {
        let is_it = |one: &Self| one.family == self.family && one.kind == self.kind;
        let cell = READ.get(TABLES.iter().position(is_it)?)?;
        Some(cell.get_or_init(|| Contents::of(self)))
    }
}

impl Contents {
    fn of(table: Table) -> Self {
        let entries = table.groups().filter_map(|group| Some((group, table.release(group)?)));
        let all: Vec<Entry> = entries.collect();
        let mut minors: HashMap<_, Vec<usize>> = HashMap::new();
        for (place, (_, release)) in all.iter().enumerate() {
            if let Some(version) = release.version() {
                minors.entry((version.major, version.minor)).or_default().push(place);
            }
        }
        Self { all, minors }
    }
}

#[cfg(test)]
mod tests {
    use super::TABLES;

    #[test]
    fn the_groups_of_a_minor_are_those_of_all_groups_in_their_order() {
        for table in TABLES {
            let all: Vec<_> = table.releases(None).map(|(_, release)| release).collect();
            assert_eq!(all.len(), table.groups().count(), "{table:?}");
            for minor in [(3, 13), (2, 7), (3, 99)] {
                let some: Vec<_> =
                    table.releases(Some(minor)).map(|(_, release)| release).collect();
                let is_of = |release: &&&crate::catalogue::Release| {
                    release.version().is_some_and(|found| (found.major, found.minor) == minor)
                };
                assert_eq!(some, all.iter().filter(is_of).copied().collect::<Vec<_>>());
            }
        }
    }
}
