//! Patches: our own repairs of old releases on new systems, and what the user hands in.

use std::path::Path;

use pyman_shim::Version;

use crate::install::compile::runner::{Ended, Runner};
use crate::install::compile::{Error, Tools};
use crate::platform::distribution::Need;

/// A change to the sources of some releases, without which they do not build whole on today's systems.
struct Repair {
    name: &'static str,
    applies: fn(Version) -> bool,
    patch: &'static [u8],
}

/// Each is a file of `plugins/cpython/patches`, which says what it mends.
const REPAIRS: [Repair; 1] = [Repair {
    name: "2.7-openssl-3",
    applies: |version| version == Version::new(2, 7, 18),
    patch: include_bytes!("../../../plugins/cpython/patches/2.7-openssl-3.patch"),
}];

/// The names of the repairs that a version gets: part of what a build is known by.
pub(super) fn names(version: Version) -> Vec<&'static str> {
    repairs(version).map(|repair| repair.name).collect()
}

fn repairs(version: Version) -> impl Iterator<Item = &'static Repair> {
    REPAIRS.iter().filter(move |repair| (repair.applies)(version))
}

/// Applies our repairs, then the user's patch, in the runner's directory.
pub(super) fn apply(
    version: Version,
    patch: Option<&[u8]>,
    tools: &Tools,
    runner: &Runner<'_>,
) -> Result<Result<(), Ended>, Error> {
    let ours = repairs(version).map(|repair| repair.patch);
    for patch in ours.chain(patch) {
        let Some(program) = &tools.patch else {
            let needs = vec![Need::Patch];
            return Err(Error::Missing {
                name: version.to_string(),
                missing: vec!["patch".to_owned()],
                command: tools.command(&needs),
                needs,
            });
        };
        if let Err(ended) = one(program, patch, runner)? {
            return Ok(Err(ended));
        }
    }
    Ok(Ok(()))
}

fn one(program: &Path, patch: &[u8], runner: &Runner<'_>) -> Result<Result<(), Ended>, Error> {
    // Nobody is there to answer its questions, and no `.orig' is to be installed.
    let arguments = [strip(patch), "--force", "--no-backup-if-mismatch"];
    runner.run(program, arguments, Some(patch))
}

/// One component is stripped from the names of a patch made by git, none otherwise, as python-build does.
fn strip(patch: &[u8]) -> &'static str {
    let git = patch
        .split(|&byte| byte == b'\n')
        .any(|line| line.starts_with(b"diff --git a/") || line.starts_with(b"--- a/"));
    if git { "-p1" } else { "-p0" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_patch_are_stripped_as_its_maker_wrote_them() {
        assert_eq!(strip(b"--- setup.py\n+++ setup.py\n"), "-p0");
        assert_eq!(strip(b"diff --git a/setup.py b/setup.py\n"), "-p1");
        assert_eq!(strip(b"--- a/setup.py\n+++ b/setup.py\n"), "-p1");
    }

    #[test]
    fn only_the_release_that_needs_a_repair_gets_it() {
        assert_eq!(names(Version::new(2, 7, 18)), ["2.7-openssl-3"]);
        assert!(names(Version::new(3, 13, 5)).is_empty());
    }
}
