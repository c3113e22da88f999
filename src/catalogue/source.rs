//! Answers a request with sources: the newest release's tarballs, whatever variant is to be made of them.

use std::collections::BTreeSet;

use pyman_shim::{Request, Variant, Version};

use super::Catalogue;
use super::build::{Build, Kind, Openssl};
use super::question::Question;
use super::table;

/// The first version whose sources can be built without the global interpreter lock.
const FREE_THREADED_SINCE: (u32, u32) = (3, 13);

impl Catalogue {
    /// Every file of the newest source of what is asked for.
    pub(super) fn sources(&self, question: Question<'_>) -> Vec<Build> {
        if question.tag().is_some() {
            return Vec::new();
        }
        let mut builds = self.every_source(question);
        builds.retain(|build| can_be(question.variant, build.release.version()));
        let newest = builds.iter().map(|build| build.release.label.clone()).max();
        builds.retain(|build| Some(&build.release.label) == newest.as_ref());
        for build in &mut builds {
            build.release.variant = question.variant;
            let unsaid = build.openssl == Openssl::default();
            if let Some(version) = build.release.version().filter(|_| unsaid) {
                build.openssl = table::openssl_of(version);
            }
        }
        builds
    }

    /// The versions of CPython a request could mean that have sources, newest first.
    pub(super) fn source_versions(&self, request: &Request) -> Vec<Version> {
        let builds = self.every_source(Question::new(request, None));
        let versions: BTreeSet<_> =
            builds.into_iter().filter_map(|build| build.release.version()).collect();
        versions.into_iter().rev().collect()
    }

    /// Every file of every source of what is asked for. A source is of no variant yet.
    fn every_source(&self, question: Question<'_>) -> Vec<Build> {
        let plain = question.with_variant(Variant::Default);
        let added = self.added.iter();
        let mut builds: Vec<Build> = added
            .filter(|build| build.kind == Kind::Source && plain.means(&build.release))
            .cloned()
            .collect();
        for table in self.tables(question).filter(|table| table.kind == Kind::Source) {
            for group in table.groups() {
                if let Some(release) = table.release(group).filter(|release| plain.means(release)) {
                    let rows = table.rows(group);
                    builds.extend(rows.map(|row| table.build(release.clone(), group, row)));
                }
            }
        }
        builds
    }
}

fn can_be(variant: Variant, version: Option<Version>) -> bool {
    let Some(version) = version else { return variant == Variant::Default };
    match variant {
        Variant::Default | Variant::Debug => true,
        Variant::FreeThreaded => (version.major, version.minor) >= FREE_THREADED_SINCE,
    }
}
