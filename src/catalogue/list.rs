//! Everything that could be installed here, as `pyman install --list` prints it.

use std::collections::BTreeSet;

use pyman_shim::Variant;

use crate::platform::Platform;

use super::Catalogue;
use super::build::Kind;
use super::release::{Label, Release};

impl Catalogue {
    /// The names of every release that can be installed on this platform: CPython from old to new, then
    /// the other families by name.
    pub fn names(&self, platform: Option<Platform>) -> Vec<String> {
        let mut found = BTreeSet::new();
        self.each(platform, |release| {
            if release.variant != Variant::Debug {
                found.insert((release.label, release.variant, release.implementation));
            }
        });
        let name =
            |(label, variant, implementation)| Release { implementation, label, variant }.name();
        found.into_iter().map(name).collect()
    }

    /// The labels of all of them, ordered.
    pub(super) fn labels(&self, platform: Option<Platform>) -> BTreeSet<Label> {
        let mut found = BTreeSet::new();
        self.each(platform, |release| {
            found.insert(release.label);
        });
        found
    }

    /// Every release with a source, or a build for this platform.
    fn each(&self, platform: Option<Platform>, mut each: impl FnMut(Release)) {
        let runs = |build: Option<Platform>| {
            build.zip(platform).is_some_and(|(build, machine)| machine.distance(build).is_some())
        };
        for build in &self.added {
            if build.kind == Kind::Source || runs(build.platform) {
                each(build.release.clone());
            }
        }
        let triple = platform.map(|platform| platform.to_string());
        for table in self.embedded() {
            let words = table.words_for(triple.as_deref());
            for group in table.groups() {
                if table.kind == Kind::Source || group.has(&words) {
                    table.release(group).into_iter().for_each(&mut each);
                }
            }
        }
    }
}
