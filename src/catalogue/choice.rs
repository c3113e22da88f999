//! What there is to choose from on a platform: each release, and the ways it can be had.

use pyman_shim::Variant;

use crate::catalogue::Catalogue;
use crate::catalogue::build::{Kind, Openssl};
use crate::catalogue::release::{Label, Release};
use crate::catalogue::source;
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
    fn of(release: Release, kind: Kind, openssl: Openssl) -> Self {
        Self { release, kinds: vec![kind], openssl }
    }

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
        let mut found = self.offered(platform);
        found.retain(|choice| choice.release.variant != Variant::Debug);
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

    /// One for each row that would do, in no order.
    fn offered(&self, platform: Option<Platform>) -> Vec<Choice> {
        let runs = |build: Option<Platform>| {
            build.zip(platform).is_some_and(|(build, machine)| machine.distance(build).is_some())
        };
        let added =
            self.added.iter().filter(|build| build.kind == Kind::Source || runs(build.platform));
        let mut found: Vec<Choice> = added
            .map(|build| Choice::of(build.release.clone(), build.kind, build.openssl.clone()))
            .collect();
        for table in self.embedded() {
            let distances = table.distances(platform);
            for group in table.groups() {
                if table.kind == Kind::Source || table.nearest(group, &distances).is_some() {
                    let release = table.release(group);
                    let choice = |release| Choice::of(release, table.kind, table.openssl(group));
                    found.extend(release.map(choice));
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
