//! Answers a request: the newest final version, its newest build, the platform's best match.

use pyman_shim::{Request, Variant};

use crate::platform::Platform;

use super::Catalogue;
use super::build::{Build, Kind};
use super::candidate::Candidate;
use super::error::Error;
use super::near;
use super::question::Question;
use super::release::Release;
use super::table::{self, Group, Table};

/// What limits the answer besides the request itself.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Where the build has to run; none: a machine nothing prebuilt is made for.
    pub platform: Option<Platform>,
    /// Which kinds of build may be offered.
    pub route: Route,
    /// The variant the command line asks for, above the request's own.
    pub variant: Option<Variant>,
}

/// Prebuilt, from source, or whichever there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Route {
    /// A prebuilt when there is one, then the sources.
    #[default]
    PrebuiltFirst,
    /// `--prebuilt`: never from source.
    OnlyPrebuilt,
    /// `--build`: never a prebuilt.
    OnlySource,
}

impl Catalogue {
    /// The builds that answer a request, in the order to try them and all of one release: the best
    /// prebuilt, then its sources. When no host serves any of them and the request left the release
    /// open, ask again with [`Route::OnlySource`]: the newest sources may be of an older one.
    pub fn answer(&self, request: &Request, options: &Options) -> Result<Vec<Build>, Error> {
        let question = Question::new(request, options.variant);
        let platform = question.platform().or(options.platform);
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
        let builds: Vec<Build> =
            prebuilt.into_iter().chain(sources.into_iter().filter(one)).collect();
        if builds.is_empty() {
            return Err(near::unknown(self, question, platform, options.route));
        }
        Ok(builds)
    }

    /// The installer script of this file name.
    pub fn installer(&self, file: &str) -> Option<Build> {
        let is_it = |build: &Build| build.kind == Kind::Installer && build.file == file;
        let embedded = self.embedded().filter(|table| table.kind == Kind::Installer);
        let mut builds = embedded.flat_map(|table| {
            let releases =
                table.groups().filter_map(move |group| Some((group, table.release(group)?)));
            releases.flat_map(move |(group, release)| {
                table.rows(group).map(move |row| table.build(release.clone(), group, row))
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
        self.embedded().filter(move |table| (table.family == super::release::CPYTHON) == versions)
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
