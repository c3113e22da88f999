//! A file that python-build-standalone published, by whichever list names it, and which of many are worth a row.

use std::collections::BTreeMap;

use pyman_shim::{Variant, Version};

use crate::catalogue::build::{Build, Kind, Openssl};
use crate::catalogue::error::Error;
use crate::catalogue::family::Family;
use crate::catalogue::live::known::Known;
use crate::catalogue::release::{CPYTHON, Release};
use crate::catalogue::row;
use crate::fetch::{Sha256, Url};
use crate::platform::Platform;

/// A file that python-build-standalone published.
#[derive(Debug, Clone)]
pub(super) struct Archive {
    pub(super) version: Version,
    pub(super) tag: String,
    pub(super) platform: Platform,
    /// The words of its name that say how it was built: `freethreaded+pgo+lto-full`.
    pub(super) flavour: String,
    pub(super) url: Url,
    pub(super) file: String,
    pub(super) sha256: Option<Sha256>,
    pub(super) size: Option<u64>,
}

/// The builds among these archives that are new: of each version, tag, platform and variant the smallest.
/// Every archive is compared with what is known of it; those of builds older than the newest known, and
/// those without a digest, are not taken.
pub(super) fn news(
    archives: Vec<Archive>,
    known: &Known,
    place: &Url,
) -> Result<Vec<Build>, Error> {
    let hosts = Family::of(CPYTHON);
    let mut best: BTreeMap<_, (u8, Build)> = BTreeMap::new();
    for archive in archives {
        let Some((variant, rank)) = worth(&archive.flavour) else { continue };
        let key = (archive.version, archive.tag.clone(), archive.platform, variant);
        let build = archive.build(variant, &hosts);
        let fresh = build.tag.as_deref() >= Some(known.newest_tag()) && build.sha256.is_some();
        if known.judge(build.clone(), place)?.is_none() || !fresh {
            // A known one of this shape stands for the rest.
            if fresh {
                best.insert(key, (u8::MAX, build));
            }
        } else if best.get(&key).is_none_or(|(other, _)| *other < rank) {
            best.insert(key, (rank, build));
        }
    }
    Ok(best.into_values().filter(|(rank, _)| *rank < u8::MAX).map(|(_, build)| build).collect())
}

/// The variant a flavour is of, and how much it is preferred; none for those with debugging or without
/// optimisation.
fn worth(flavour: &str) -> Option<(Variant, u8)> {
    let mut variant = Variant::Default;
    let mut rank = 0;
    for word in flavour.split(['-', '+']) {
        match word {
            "freethreaded" => variant = Variant::FreeThreaded,
            "install_only_stripped" => rank = 5,
            "install_only" => rank = rank.max(4),
            "pgo" | "lto" => rank += 1,
            "debug" | "noopt" | "static" => return None,
            _ => {}
        }
    }
    (rank > 0).then_some((variant, rank))
}

impl Archive {
    fn build(self, variant: Variant, hosts: &Family) -> Build {
        let release = Release::cpython(self.version, variant);
        let path = row::path(&release, Kind::Prebuilt, Some(&self.tag), &self.file);
        let urls = hosts.beyond(Kind::Prebuilt, &path, self.url);
        Build {
            release,
            kind: Kind::Prebuilt,
            tag: Some(self.tag),
            platform: Some(self.platform),
            path,
            file: self.file,
            urls,
            sha256: self.sha256,
            size: self.size,
            openssl: Openssl::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::worth;
    use pyman_shim::Variant;

    #[test]
    fn the_smallest_of_the_usable_flavours_is_worth_most() {
        let order = ["pgo-full", "pgo+lto-full", "install_only", "install_only_stripped"];
        let ranks: Vec<u8> = order.iter().map(|flavour| worth(flavour).unwrap().1).collect();
        assert!(ranks.is_sorted_by(|one, other| one < other), "{ranks:?}");
        assert_eq!(worth("freethreaded+pgo+lto-full").unwrap().0, Variant::FreeThreaded);
        assert_eq!(
            worth("freethreaded-install_only_stripped").unwrap(),
            (Variant::FreeThreaded, 5)
        );
        for flavour in ["debug-full", "noopt-full", "freethreaded+debug-full", "", "wasm"] {
            assert_eq!(worth(flavour), None, "{flavour}");
        }
    }
}
