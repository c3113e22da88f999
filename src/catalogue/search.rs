//! Looks through added rows and embedded tables for what a question means.

use crate::catalogue::Catalogue;
use crate::catalogue::build::{Build, Kind};
use crate::catalogue::candidate::Candidate;
use crate::catalogue::question::Question;
use crate::catalogue::release::{CPYTHON, Release};
use crate::catalogue::table::{self, Group, Table};
use crate::platform::Platform;

impl Catalogue {
    /// The best prebuilt or installer; of equals an added row stands before an embedded one.
    pub(super) fn prebuilt(
        &self,
        question: Question<'_>,
        platform: Option<Platform>,
    ) -> Option<Build> {
        let machine = platform?;
        let mut best: Option<Candidate<'_>> = None;
        for build in self.added_for(question) {
            if let Some(distance) = build.platform.and_then(|build| machine.distance(build)) {
                Candidate::added(build, distance).contend(&mut best);
            }
        }
        for table in self.prebuilt_tables(question) {
            let distances = table.distances(platform);
            for (group, release) in groups(table, question) {
                if let Some((distance, row)) = table.nearest(group, &distances) {
                    Candidate::embedded(release, table, group, row, distance).contend(&mut best);
                }
            }
        }
        best.map(Candidate::build)
    }

    /// Every platform a prebuilt of what is asked for exists for, in no order.
    pub(super) fn platforms(&self, question: Question<'_>) -> Vec<Platform> {
        let mut platforms: Vec<_> =
            self.added_for(question).filter_map(|build| build.platform).collect();
        for table in self.prebuilt_tables(question) {
            for (group, _) in groups(table, question) {
                platforms.extend(
                    table.rows(group).filter_map(|row| row.platform.parse::<Platform>().ok()),
                );
            }
        }
        platforms
    }

    /// The added prebuilts and installers of what is asked for.
    fn added_for(&self, question: Question<'_>) -> impl Iterator<Item = &Build> {
        self.added.iter().filter(move |build| {
            build.kind != Kind::Source
                && question.wants_tag(build.tag.as_deref())
                && question.means(&build.release)
        })
    }

    fn prebuilt_tables(&self, question: Question<'_>) -> impl Iterator<Item = Table> {
        self.tables(question).filter(|table| table.kind != Kind::Source)
    }

    /// The embedded tables that could hold what is asked for.
    pub(super) fn tables(&self, question: Question<'_>) -> impl Iterator<Item = Table> {
        let versions = question.is_version();
        self.embedded().filter(move |table| (table.family == CPYTHON) == versions)
    }

    /// The embedded tables; none when another catalogue replaces them.
    pub(super) fn embedded(&self) -> impl Iterator<Item = Table> + use<> {
        let tables: &[Table] = if self.replaced { &[] } else { table::TABLES };
        tables.iter().copied()
    }
}

/// The table's groups of what is asked for.
fn groups(table: Table, question: Question<'_>) -> impl Iterator<Item = (Group, Release)> {
    let tagged = table.groups().filter(move |group| question.wants_tag(group.tag()));
    tagged.filter_map(move |group| {
        let release = table.release(group).filter(|release| question.means(release))?;
        Some((group, release))
    })
}
