//! Answers a request: the newest final version, its newest build, the platform's best match.

use std::cmp::Ordering;

use pyman_shim::{Request, Variant};

use crate::platform::Platform;

use super::Catalogue;
use super::build::{Build, Kind};
use super::error::Error;
use super::near;
use super::question::Question;
use super::release::Release;
use super::table::{self, Group, Row, Table};

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

/// One build that would do, not yet written out.
#[derive(Debug)]
struct Candidate<'catalogue> {
    release: Release,
    tag: Option<&'catalogue str>,
    distance: u8,
    pinned: bool,
    place: Place<'catalogue>,
}

#[derive(Debug, Clone, Copy)]
enum Place<'catalogue> {
    Embedded(Table, Group, Row),
    Added(&'catalogue Build),
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
            return Err(near::unknown(self, question, platform));
        }
        Ok(builds)
    }

    fn prebuilt(&self, question: Question<'_>, platform: Option<Platform>) -> Option<Build> {
        let machine = platform?;
        let mut best: Option<Candidate<'_>> = None;
        self.candidates(question, |release, tag, build, pinned, place| {
            let Some(distance) = build.and_then(|build| machine.distance(build)) else {
                return;
            };
            let candidate = Candidate { release: release.clone(), tag, distance, pinned, place };
            if best.as_ref().is_none_or(|best| candidate.order(best) == Ordering::Greater) {
                best = Some(candidate);
            }
        });
        best.map(Candidate::build)
    }

    /// Every prebuilt and installer of what is asked for, added rows before embedded ones.
    fn candidates<'catalogue>(
        &'catalogue self,
        question: Question<'_>,
        mut each: impl FnMut(
            &Release,
            Option<&'catalogue str>,
            Option<Platform>,
            bool,
            Place<'catalogue>,
        ),
    ) {
        let tagged = |tag: Option<&str>| question.tag().is_none() || question.tag() == tag;
        for build in &self.added {
            let tag = build.tag.as_deref();
            if build.kind != Kind::Source && tagged(tag) && question.means(&build.release) {
                each(
                    &build.release,
                    tag,
                    build.platform,
                    build.sha256.is_some(),
                    Place::Added(build),
                );
            }
        }
        for table in self.tables(question).filter(|table| table.kind != Kind::Source) {
            for group in table.groups().filter(|group| tagged(group.tag())) {
                let Some(release) = table.release(group).filter(|release| question.means(release))
                else {
                    continue;
                };
                for row in table.rows(group) {
                    let place = Place::Embedded(table, group, row);
                    let pinned = row.sha256().is_some();
                    each(&release, group.tag(), row.platform.parse().ok(), pinned, place);
                }
            }
        }
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

    /// Every platform a prebuilt of what is wanted exists for, in no order.
    pub(super) fn platforms(&self, question: Question<'_>) -> Vec<Platform> {
        let mut platforms = Vec::new();
        self.candidates(question, |_, _, platform, _, _| platforms.extend(platform));
        platforms
    }
}

impl Candidate<'_> {
    /// Which is the better answer.
    fn order(&self, other: &Self) -> Ordering {
        self.release
            .label
            .cmp(&other.release.label)
            .then_with(|| self.tag.cmp(&other.tag))
            .then_with(|| other.distance.cmp(&self.distance))
            .then_with(|| self.pinned.cmp(&other.pinned))
            .then_with(|| self.place.rank().cmp(&other.place.rank()))
    }

    fn build(self) -> Build {
        match self.place {
            Place::Embedded(table, group, row) => table.build(self.release, group, row),
            Place::Added(build) => build.clone(),
        }
    }
}

impl Place<'_> {
    /// Of two files of one build, the stripped one is the smaller.
    fn rank(self) -> u8 {
        match self {
            Self::Added(build) if build.file.contains("install_only_stripped") => 2,
            Self::Added(build) if build.file.contains("install_only") => 1,
            Self::Added(_) | Self::Embedded(..) => 0,
        }
    }
}
