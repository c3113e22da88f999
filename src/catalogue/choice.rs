//! What there is to choose from on a platform: each release, and the ways it can be had; and everything that could be
//! installed, as `pyman install --list` prints it.

use std::collections::BTreeSet;

use pyman_shim::Variant;

use crate::catalogue::release::{Kind, Label, Openssl, Release};
use crate::catalogue::{Catalogue, source};
use crate::platform::Platform;

/// A release that can be installed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What it is.
    pub release: Release,
    /// The ways it can be had.
    pub kinds: Vec<Kind>,
    /// The OpenSSL that its sources were written for, where they say one.
    pub openssl: Openssl,
}

impl Choice {
    /// Adds what another says of the same release.
    fn absorb(&mut self, other: &mut Self) {
        for kind in other.kinds.drain(..) {
            if !self.kinds.contains(&kind) {
                self.kinds.push(kind);
            }
        }
        if self.openssl == Openssl::default() {
            self.openssl = std::mem::take(&mut other.openssl);
        }
    }
}

impl Catalogue {
    /// Every release that can be installed on this platform, debug builds aside: CPython first, then the other
    /// families by name, each from old to new.
    pub fn choices(&self, platform: Option<Platform>) -> Vec<Choice> {
        let mut found = Vec::new();
        self.each(platform, |release, kind, openssl| {
            if release.variant != Variant::Debug {
                found.push(Choice { release, kinds: vec![kind], openssl: openssl() });
            }
        });
        found
            .sort_by_cached_key(|choice| (choice.release.label.sort_key(), choice.release.variant));
        found.dedup_by(|later, first| {
            let same = first.release == later.release;
            if same {
                first.absorb(later);
            }
            same
        });
        let built = |variant: Variant, choice: &Choice| {
            variant != Variant::Default && source::can_be(variant, choice.release.version())
        };
        // A variant has no sources of its own: it is made of those of its release, which stands just before it.
        let mut sources: Option<(Label, Openssl)> = None;
        for choice in &mut found {
            let variant = choice.release.variant;
            if choice.kinds.contains(&Kind::Source) {
                sources = Some((choice.release.label.clone(), choice.openssl.clone()));
            } else if let Some((label, openssl)) = &sources
                && *label == choice.release.label
                && built(variant, choice)
            {
                choice.kinds.push(Kind::Source);
                choice.openssl = openssl.clone();
            }
        }
        for choice in &mut found {
            choice.kinds.sort_unstable();
        }
        found
    }

    /// The names of every release that can be installed on this platform: CPython first, then the other
    /// families by name, each from old to new.
    pub fn names(&self, platform: Option<Platform>) -> Vec<String> {
        let mut found = Vec::new();
        self.each(platform, |release, _, _| {
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
        self.each(platform, |release, _, _| {
            found.insert(release.label);
        });
        found
    }

    /// Every release with a source, or a build for this platform, once for each; what OpenSSL it wants is said when asked.
    fn each(
        &self,
        platform: Option<Platform>,
        mut each: impl FnMut(Release, Kind, &dyn Fn() -> Openssl),
    ) {
        let runs = |build: Option<Platform>| {
            build.zip(platform).is_some_and(|(build, machine)| machine.distance(build).is_some())
        };
        for build in &self.added {
            if build.kind == Kind::Source || runs(build.platform) {
                each(build.release.clone(), build.kind, &|| build.openssl.clone());
            }
        }
        for table in self.embedded() {
            let distances = table.distances(platform);
            for group in table.groups() {
                let would_do =
                    table.kind == Kind::Source || table.nearest(group, &distances).is_some();
                if let Some(release) = table.release(group).filter(|_| would_do) {
                    each(release, table.kind, &|| table.openssl(group));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn each_release_is_there_once_with_every_way_to_have_it() {
        let platform = "x86_64-unknown-linux-gnu".parse().ok();
        let catalogue = Catalogue::embedded_only();
        let choices = catalogue.choices(platform);
        let names: Vec<String> = choices.iter().map(|choice| choice.release.name()).collect();
        assert_eq!(names, catalogue.names(platform));
        let table: [(&str, &[Kind], Option<&str>); 6] = [
            ("3.13.5", &[Kind::Prebuilt, Kind::Source], Some("3")),
            ("3.13.5t", &[Kind::Prebuilt, Kind::Source], Some("3")),
            ("3.12.16", &[Kind::Prebuilt], None),
            ("3.7.17", &[Kind::Source], Some("1.1")),
            ("2.7.18", &[Kind::Source], None),
            ("miniforge3-24.11.0-0", &[Kind::Installer], None),
        ];
        for (name, kinds, openssl) in table {
            let choice = choices.iter().find(|choice| choice.release.name() == name).unwrap();
            assert_eq!(choice.kinds, kinds, "{name}");
            assert_eq!(choice.openssl.line.as_deref(), openssl, "{name}");
        }
    }

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
