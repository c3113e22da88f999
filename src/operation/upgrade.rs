//! What is installed by us and has something newer; and upgrading: the newest patch of each installed minor comes, the
//! environments go along, then the old patch goes.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;

use pyman_shim::{Request, Series, Variant, Version};

use crate::catalogue::{self, Build, Catalogue, Options, Route};
use crate::disk::{self, Existing};
use crate::error::Error;
use crate::install::{Making, Material, Plan, Removal, Target, succeed_environments};
use crate::inventory::{Inventory, Origin, Places, Receipt, Succession, minor, tag};
use crate::operation::site::{Outcome, Site};
use crate::operation::{Ground, dependents, rehash};
use crate::platform::Platform;
use crate::progress::Progress;

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

    /// Whether what is newer is the same patch, built anew.
    fn is_rebuilt(&self) -> bool {
        self.newer.first().is_some_and(|build| build.release.name() == self.name)
    }

    /// What is installed, likewise.
    pub(crate) fn installed(&self) -> String {
        match &self.tag {
            Some(tag) if self.is_rebuilt() => format!("{}+{tag}", self.name),
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

/// What is asked for.
#[derive(Debug)]
pub(crate) struct Upgrade<'a> {
    /// Only these minors; none: all.
    pub(crate) minors: &'a [String],
    /// Whether the old patches stay.
    pub(crate) keep: bool,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Upgraded {
    /// How each installation ended.
    pub(crate) outcomes: Vec<Outcome>,
    /// What went wrong while environments were carried and old patches removed; each stopped no other.
    pub(crate) failures: Vec<Error>,
}

impl Upgrade<'_> {
    /// Upgrades these lines, and goes on with what an upgrade that died had begun.
    pub(crate) fn carry_out(
        &self,
        ground: &Ground,
        site: &Site<'_>,
        lines: &[Line],
        progress: &dyn Progress,
    ) -> Result<Upgraded, Error> {
        let begun = Succession::unfinished(site.places())?;
        let begun =
            begun.into_iter().filter(|one| !lines.iter().any(|line| line.name == one.former));
        let begun: Vec<_> = begun.filter(|one| self.names_minor_of(&one.former)).collect();
        let mut failures = self.finish(ground, site, &begun, progress);
        let plans = lines.iter().map(|line| plan(site, line)).collect::<Result<Vec<_>, _>>()?;
        let successions: Vec<_> = lines.iter().filter_map(succession).collect();
        for succession in &successions {
            // All are looked at before any note is written: an error leaves nothing begun.
            refuse_strangers(&site.places().version(&succession.former))?;
        }
        for succession in &successions {
            // Before the new patch appears: who dies after that is gone on for by these notes.
            succession.note(site.places())?;
        }
        let outcomes = site.carry_out(&plans)?;
        let failed: BTreeSet<&str> = lines
            .iter()
            .zip(&outcomes)
            .filter_map(|(line, outcome)| outcome.is_err().then_some(line.name.as_str()))
            .collect();
        let (stays, came): (Vec<_>, Vec<_>) =
            successions.into_iter().partition(|one| failed.contains(one.former.as_str()));
        for succession in &stays {
            succession.forget(site.places())?;
        }
        failures.extend(self.finish(ground, site, &came, progress));
        // Once for all, and also when some failed: what came needs shims, and what went has some.
        let mended = rehash::leftovers(ground).and_then(|()| rehash::now(ground));
        failures.extend(mended.err());
        Ok(Upgraded { outcomes, failures })
    }

    fn names_minor_of(&self, name: &str) -> bool {
        let minor = tag(OsStr::new(name)).map(|(version, variant)| minor(version, variant));
        self.minors.is_empty() || minor.is_some_and(|minor| self.minors.contains(&minor))
    }

    /// Finishes each succession; what goes wrong with one stops no other.
    fn finish(
        &self,
        ground: &Ground,
        site: &Site<'_>,
        successions: &[Succession],
        progress: &dyn Progress,
    ) -> Vec<Error> {
        let follow_up = |one| self.follow_up(ground, site, one, progress);
        successions.iter().map(follow_up).filter_map(Result::err).collect()
    }

    /// The environments come along; then the old patch goes.
    fn follow_up(
        &self,
        ground: &Ground,
        site: &Site<'_>,
        succession: &Succession,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let Succession { former, successor } = succession;
        let prefix = site.places().version(former);
        succeed_environments(&prefix)?;
        let environments = dependents::on(ground, &prefix)?;
        let found = ground.resolver().exactly(successor.as_bytes());
        if let Some(installation) = found {
            dependents::carry(ground, &environments, &prefix, &installation, progress)?;
        }
        for environment in &environments {
            let place = environment.directory.display();
            progress.note(&format!("{place} stands on {successor} now"));
        }
        if self.keep {
            return Ok(succession.forget(site.places())?);
        }
        if has_anything_else(&prefix)? {
            progress.note(&format!("{former} stays: there is more than environments in its envs/"));
            return Ok(succession.forget(site.places())?);
        }
        let homes = dependents::homes(ground)?;
        if let Some(removal) = Removal::of(site.places(), OsStr::new(former), &homes)? {
            site.remove(&removal)?;
            progress.note(&format!("removed {former}"));
        }
        Ok(())
    }
}

/// Whether something is left in the `envs/` of a patch none of whose environments is there: a person put it there.
pub(super) fn has_anything_else(prefix: &Path) -> Result<bool, Error> {
    let left = disk::entries(&prefix.join("envs"))?;
    Ok(left.iter().any(|entry| !disk::is_nobodys(&entry.name)))
}

/// An error for a patch of another account's: neither it nor what stands on it is ours to carry along and remove.
fn refuse_strangers(prefix: &Path) -> Result<(), Error> {
    match disk::look(prefix)? {
        Some(found) if found.is_strangers() => Err(disk::anothers(prefix, found.owner).into()),
        Some(_) | None => Ok(()),
    }
}

/// What follows from a newer patch; nothing from a newer build, which is replaced where it stands.
fn succession(line: &Line) -> Option<Succession> {
    let successor = line.newer.first()?.release.name();
    let former = line.name.clone();
    (successor != former).then_some(Succession { former, successor })
}

fn plan(site: &Site<'_>, line: &Line) -> Result<Plan, Error> {
    Ok(Plan {
        material: Material::Release(site.offers(line.newer.clone())?),
        target: Target::Version,
        existing: if line.is_rebuilt() { Existing::Replace } else { Existing::Keep },
        making: Making::default(),
        trust: false,
        sync: false,
    })
}
