//! A build that would do, not yet written out, and which of two is the better answer.

use std::cmp::Ordering;

use crate::catalogue::build::Build;
use crate::catalogue::release::Release;
use crate::catalogue::table::{Group, Row, Table};

/// One build that would do.
#[derive(Debug)]
pub(super) struct Candidate<'catalogue> {
    release: Release,
    tag: Option<&'catalogue str>,
    /// From the machine's platform to the build's.
    distance: u8,
    pinned: bool,
    place: Held<'catalogue>,
}

#[derive(Debug, Clone, Copy)]
enum Held<'catalogue> {
    Embedded(Table, Group, Row),
    Added(&'catalogue Build),
}

impl<'catalogue> Candidate<'catalogue> {
    /// An added row.
    pub(super) fn added(build: &'catalogue Build, distance: u8) -> Self {
        Self {
            release: build.release.clone(),
            tag: build.tag.as_deref(),
            distance,
            pinned: build.sha256.is_some(),
            place: Held::Added(build),
        }
    }

    /// A row of a table.
    pub(super) fn embedded(
        release: Release,
        table: Table,
        group: Group,
        row: Row,
        distance: u8,
    ) -> Self {
        let pinned = row.sha256().is_some();
        Self {
            release,
            tag: group.tag(),
            distance,
            pinned,
            place: Held::Embedded(table, group, row),
        }
    }

    /// Takes the best's place when it is the better answer.
    pub(super) fn contend(self, best: &mut Option<Self>) {
        if best.as_ref().is_none_or(|best| self.order(best) == Ordering::Greater) {
            *best = Some(self);
        }
    }

    /// Which is the better answer: the newer release, the newer build, the nearer platform, the one with a
    /// digest, the smaller.
    fn order(&self, other: &Self) -> Ordering {
        self.release
            .label
            .cmp(&other.release.label)
            .then_with(|| self.tag.cmp(&other.tag))
            .then_with(|| other.distance.cmp(&self.distance))
            .then_with(|| self.pinned.cmp(&other.pinned))
            .then_with(|| self.place.rank().cmp(&other.place.rank()))
    }

    /// The build itself.
    pub(super) fn build(self) -> Build {
        match self.place {
            Held::Embedded(table, group, row) => table.build(self.release, group, row),
            Held::Added(build) => build.clone(),
        }
    }
}

impl Held<'_> {
    /// Of two files of one build, the stripped one is the smaller.
    fn rank(self) -> u8 {
        match self {
            Self::Added(build) if build.file.contains("install_only_stripped") => 2,
            Self::Added(build) if build.file.contains("install_only") => 1,
            Self::Added(_) | Self::Embedded(..) => 0,
        }
    }
}
