//! What is installed by us and has something newer: for `outdated` and `upgrade`.

use pyman_shim::{Request, Series, Variant, Version};

use crate::catalogue::{self, Build, Catalogue, Options, Route};
use crate::error::Error;
use crate::inventory::{Inventory, Origin, Places, Receipt};
use crate::platform::Platform;

/// The newest installed patch of a minor and variant, and what would be newer.
#[derive(Debug)]
pub(crate) struct Line {
    /// `3.12`, `3.13t`.
    pub(crate) minor: String,
    /// Its name under `versions/`.
    pub(crate) name: String,
    pub(crate) variant: Variant,
    pub(crate) version: Version,
    /// The build's tag, when the publisher gave it one.
    pub(crate) tag: Option<String>,
    /// The builds of the newest release, in the order to try them; none when it is installed.
    pub(crate) newer: Vec<Build>,
}

impl Line {
    /// The name of what is newer, with its build's tag when only that differs.
    pub(crate) fn newest(&self) -> Option<String> {
        let build = self.newer.first()?;
        let name = build.release.name();
        Some(match &build.tag {
            Some(tag) if name == self.name => format!("{name}+{tag}"),
            Some(_) | None => name,
        })
    }

    /// What is installed, likewise.
    pub(crate) fn installed(&self) -> String {
        let rebuilt = self.newer.first().is_some_and(|build| build.release.name() == self.name);
        match &self.tag {
            Some(tag) if rebuilt => format!("{}+{tag}", self.name),
            Some(_) | None => self.name.clone(),
        }
    }
}

/// Every minor of CPython that pyman installed something of, in order. Links and foreign trees are somebody else's.
pub(crate) fn lines(
    places: &Places,
    catalogue: &Catalogue,
    platform: Option<Platform>,
) -> Result<Vec<Line>, Error> {
    let mut lines: Vec<Line> = Vec::new();
    for installation in Inventory::read(places)?.iter() {
        let (Some((version, variant)), Some(receipt)) =
            (installation.tag(), installation.receipt()?)
        else {
            continue;
        };
        let minor = format!("{}.{}{}", version.major, version.minor, variant.suffix());
        let known = lines.iter().position(|line| line.minor == minor);
        if known.and_then(|at| lines.get(at)).is_some_and(|line| line.version >= version) {
            continue;
        }
        let newer = newer(catalogue, platform, version, variant, &receipt)?;
        let name = installation.name.to_string_lossy().into_owned();
        let tag = receipt.build;
        lines.retain(|line| line.minor != minor);
        lines.push(Line { minor, name, variant, version, tag, newer });
    }
    lines.sort_by_key(|line| (line.version, line.variant));
    Ok(lines)
}

/// The builds of a newer patch, or of a newer build of the same; made the way the installed one was.
fn newer(
    catalogue: &Catalogue,
    platform: Option<Platform>,
    version: Version,
    variant: Variant,
    receipt: &Receipt,
) -> Result<Vec<Build>, Error> {
    let request = Request::of_series(Series::Minor(version.major, version.minor), variant);
    let route = match receipt.origin {
        Origin::Prebuilt { .. } | Origin::Installer { .. } => Route::PrebuiltFirst,
        Origin::Source { .. } => Route::OnlySource,
    };
    let options = Options { platform, route, variant: Some(variant) };
    let builds = match catalogue.answer(&request, &options) {
        Ok(builds) => builds,
        Err(catalogue::Error::Unknown { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let is_newer = builds.first().is_some_and(|build| {
        let theirs = build.release.version();
        let rebuilt = theirs == Some(version)
            && receipt.build.is_some()
            && build.tag.as_ref() > receipt.build.as_ref();
        theirs > Some(version) || rebuilt
    });
    Ok(if is_newer { builds } else { Vec::new() })
}
