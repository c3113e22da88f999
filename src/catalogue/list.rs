//! Everything that could be installed here, as `pyman install --list` prints it.

use std::collections::BTreeSet;

use pyman_shim::Variant;

use crate::catalogue::Catalogue;
use crate::catalogue::build::Kind;
use crate::catalogue::release::{Label, Release};
use crate::platform::Platform;

impl Catalogue {
    /// The names of every release that can be installed on this platform: CPython first, then the other
    /// families by name, each from old to new.
    pub fn names(&self, platform: Option<Platform>) -> Vec<String> {
        let mut found = Vec::new();
        self.each(platform, |release| {
            if release.variant != Variant::Debug {
                let name = release.name();
                found.push((release.label.sort_key(), release.variant, name));
            }
        });
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|(_, _, name)| name).collect()
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
        for table in self.embedded() {
            let distances = table.distances(platform);
            for group in table.groups() {
                if table.kind == Kind::Source || table.nearest(group, &distances).is_some() {
                    table.release(group).into_iter().for_each(&mut each);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::catalogue::Catalogue;

    #[test]
    fn everything_is_listed_by_family_from_old_to_new() {
        let platform = "x86_64-unknown-linux-gnu".parse().ok();
        let names = Catalogue::embedded_only().names(platform);
        let place = |name: &str| names.iter().position(|listed| listed == name).unwrap();
        let order = [
            "2.1.3",
            "2.7.18",
            "3.9.25",
            "3.13.0rc2",
            "3.13.0",
            "3.13.0t",
            "3.13.18",
            "3.16.0a2t",
            "anaconda3-2025.12-2",
            "graalpy-25.0.2",
            "mambaforge-24.11.0-1",
            "miniconda3-3.13-26.1.1-1",
            "miniforge3-24.11.0-0",
            "miniforge3-26.1.1-3",
            "pypy2.7-7.3.17",
            "pypy3.10-7.3.17",
        ];
        for pair in order.windows(2) {
            assert!(place(pair[0]) < place(pair[1]), "{pair:?}");
        }
        assert_eq!(names.first().map(String::as_str), Some("2.1.3"));
        assert!(!names.contains(&"3.13.0-debug".to_owned()));
        assert!(Catalogue::embedded_only().names(None).contains(&"3.12.7".to_owned()));
    }
}
