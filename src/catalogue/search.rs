//! Answers a request: looks through added rows and embedded tables for the newest final version, its newest build, the
//! platform's best match.

use std::cmp::Ordering;

use pyman_shim::Request;

use crate::catalogue::error::Error;
use crate::catalogue::question::{Options, Question, Route};
use crate::catalogue::release::{Build, CPYTHON, Kind, Release};
use crate::catalogue::table::Entry;
use crate::catalogue::table::{self, Group, Row, Table};
use crate::catalogue::{Catalogue, suggestions};
use crate::platform::Platform;

/// One build that would do.
#[derive(Debug)]
pub(super) struct Candidate<'catalogue> {
    release: &'catalogue Release,
    tag: Option<&'catalogue str>,
    /// From the machine's platform to the build's.
    distance: u8,
    pinned: bool,
    place: Held<'catalogue>,
}

#[derive(Debug, Clone, Copy)]
enum Held<'catalogue> {
    Embedded(Table, Group, Row),
    Added(&'catalogue Build),
}

impl<'catalogue> Candidate<'catalogue> {
    /// An added row.
    pub(super) fn added(build: &'catalogue Build, distance: u8) -> Self {
        Self {
            release: &build.release,
            tag: build.tag.as_deref(),
            distance,
            pinned: build.sha256.is_some(),
            place: Held::Added(build),
        }
    }

    /// A row of a table.
    pub(super) fn embedded(
        release: &'catalogue Release,
        table: Table,
        group: Group,
        row: Row,
        distance: u8,
    ) -> Self {
        let pinned = row.sha256().is_some();
        Self {
            release,
            tag: group.tag(),
            distance,
            pinned,
            place: Held::Embedded(table, group, row),
        }
    }

    /// Takes the best's place when it is the better answer.
    pub(super) fn contend(self, best: &mut Option<Self>) {
        if best.as_ref().is_none_or(|best| self.order(best) == Ordering::Greater) {
            *best = Some(self);
        }
    }

    /// Which is the better answer: the newer release, the newer build, the nearer platform, the one with a
    /// digest, the smaller.
    fn order(&self, other: &Self) -> Ordering {
        self.release
            .label
            .cmp(&other.release.label)
            .then_with(|| self.tag.cmp(&other.tag))
            .then_with(|| other.distance.cmp(&self.distance))
            .then_with(|| self.pinned.cmp(&other.pinned))
            .then_with(|| self.place.rank().cmp(&other.place.rank()))
    }

    /// The build itself.
    pub(super) fn build(self) -> Build {
        match self.place {
            Held::Embedded(table, group, row) => table.build(self.release.clone(), group, row),
            Held::Added(build) => build.clone(),
        }
    }
}

impl Held<'_> {
    /// Of two files of one build, the stripped one is the smaller.
    fn rank(self) -> u8 {
        match self {
            Self::Added(build) if build.file.contains("install_only_stripped") => 2,
            Self::Added(build) if build.file.contains("install_only") => 1,
            Self::Added(_) | Self::Embedded(..) => 0,
        }
    }
}

impl Catalogue {
    /// The builds that answer a request, in the order to try them and all of one release: the best
    /// prebuilt, then its sources. When no host serves any of them and the request left the release
    /// open, ask again with [`Route::OnlySource`]: the newest sources may be of an older one.
    pub fn answer(&self, request: &Request, options: &Options) -> Result<Vec<Build>, Error> {
        let builds = self.find(request, options);
        if builds.is_empty() {
            let question = Question::new(request, options.variant);
            let platform = question.platform().or(options.platform);
            return Err(suggestions::unknown(self, question, platform, options.route));
        }
        Ok(builds)
    }

    /// The same, without looking for what else might have been meant where there is none.
    pub fn find(&self, request: &Request, options: &Options) -> Vec<Build> {
        let question = Question::new(request, options.variant);
        let platform = question.platform().or(options.platform);
        // A platform that the request names is another machine's: what is built here would not run there.
        let elsewhere = platform != options.platform;
        let prebuilt = match options.route {
            Route::PrebuiltFirst | Route::OnlyPrebuilt => self.prebuilt(question, platform),
            Route::OnlySource => None,
        };
        let sources = match options.route {
            Route::PrebuiltFirst | Route::OnlySource if !elsewhere => self.sources(question),
            Route::PrebuiltFirst | Route::OnlySource | Route::OnlyPrebuilt => Vec::new(),
        };
        let release = prebuilt.as_ref().map(|build| build.release.clone());
        let one = |build: &Build| release.as_ref().is_none_or(|release| *release == build.release);
        prebuilt.into_iter().chain(sources.into_iter().filter(one)).collect()
    }

    /// The installer script of this file name.
    pub fn installer(&self, file: &str) -> Option<Build> {
        let is_it = |build: &Build| build.kind == Kind::Installer && build.file == file;
        let embedded = self.embedded().filter(|table| table.kind == Kind::Installer);
        let mut builds = embedded.flat_map(|table| {
            table.releases(None).flat_map(move |(group, release)| {
                table.rows(*group).map(move |row| table.build(release.clone(), *group, row))
            })
        });
        self.added.iter().find(|build| is_it(build)).cloned().or_else(|| builds.find(is_it))
    }

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
                if let Some((distance, row)) = table.nearest(*group, &distances) {
                    Candidate::embedded(release, table, *group, row, distance).contend(&mut best);
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
                    table.rows(*group).filter_map(|row| row.platform.parse::<Platform>().ok()),
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
fn groups(table: Table, question: Question<'_>) -> impl Iterator<Item = &'static Entry> {
    let tagged = move |(group, _): &&Entry| question.wants_tag(group.tag());
    let entries = table.releases(question.only_minor()).filter(tagged);
    entries.filter(move |(_, release)| question.means(release))
}
