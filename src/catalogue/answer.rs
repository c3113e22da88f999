//! Answers a request: the newest final version, its newest build, the platform's best match.

use pyman_shim::Request;

use crate::catalogue::Catalogue;
use crate::catalogue::build::{Build, Kind};
use crate::catalogue::error::Error;
use crate::catalogue::question::{Options, Question, Route};
use crate::catalogue::suggestions;

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
            return Err(suggestions::unknown(self, question, platform, options.route));
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
}
