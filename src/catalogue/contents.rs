//! What the program's tables hold, read once: a version file may ask for thousands of releases.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::catalogue::release::Release;
use crate::catalogue::table::{Group, TABLES, Table};

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
    use crate::catalogue::table::TABLES;

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
